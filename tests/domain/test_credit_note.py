"""What a credit note comes to, and what may be done with it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.credit_note import (
    CreditLineNotPositive,
    CreditNoteKind,
    CreditNoteState,
    CreditNoteStep,
    DocumentImmutable,
    StepNotPossible,
    require_step,
    state_after,
)
from helpdesk.domain.credit_note_content import canonical, read
from helpdesk.domain.credit_note_exchange import exchange_document, require_exchangeable
from helpdesk.domain.en16931 import ProfileRuleBroken
from helpdesk.domain.errors import Locale
from helpdesk.domain.fiscal_identity import USUAL_MENTIONS, FiscalIdentity
from helpdesk.domain.money import Money, VatRegime
from helpdesk.domain.vat import VatCategory, category_of
from tests.einvoice.documents import ALICE, a_draft, a_line, a_note, a_share

ISSUED = {CreditNoteStep.APPLY, CreditNoteStep.REFUND}


def test_vat_is_taken_once_on_the_sum_of_a_rate() -> None:
    note = a_draft(lines=(a_line(net=Money(33)),) * 3)

    assert (note.net, note.vat, note.gross) == (Money(99), Money(20), Money(1_19))


def test_each_rate_has_its_share_the_highest_first() -> None:
    note = a_draft(lines=(a_line(net=Money(10_00), vat_rate=10_00), a_line(net=Money(19_90))))

    assert [(one.rate, one.net.cents, one.vat.cents) for one in note.vat_shares] == [
        (20_00, 19_90, 3_98),
        (10_00, 10_00, 1_00),
    ]


@pytest.mark.parametrize(
    "regime", [VatRegime.FRANCHISE, VatRegime.REVERSE_CHARGE, VatRegime.NET_OF_TAX]
)
def test_a_regime_without_vat_gives_none_back(regime: VatRegime) -> None:
    note = a_draft(regime=regime)

    assert (note.vat, note.gross) == (Money(0), note.net)


def test_a_penalty_is_outside_vat_whatever_the_regime() -> None:
    statement = a_draft(kind=CreditNoteKind.PENALTY_STATEMENT, shares=())

    assert (statement.vat, statement.gross) == (Money(0), Money(29_85))
    assert not statement.kind.bears_vat


@pytest.mark.parametrize(
    ("regime", "rate", "category"),
    [
        (VatRegime.STANDARD, 20_00, VatCategory.STANDARD),
        (VatRegime.STANDARD, 0, VatCategory.EXEMPT),
        (VatRegime.FRANCHISE, 0, VatCategory.EXEMPT),
        (VatRegime.NET_OF_TAX, 0, VatCategory.EXEMPT),
        (VatRegime.REVERSE_CHARGE, 0, VatCategory.REVERSE_CHARGE),
    ],
)
def test_the_category_follows_from_regime_and_rate(
    regime: VatRegime, rate: int, category: VatCategory
) -> None:
    assert category_of(regime, rate) is category


@pytest.mark.parametrize("cents", [0, -1])
def test_a_line_gives_something_back(cents: int) -> None:
    with pytest.raises(CreditLineNotPositive):
        a_line(net=Money(cents))


@pytest.mark.parametrize("step", CreditNoteStep)
def test_a_draft_is_edited_discarded_or_issued(step: CreditNoteStep) -> None:
    if step in ISSUED:
        with pytest.raises(StepNotPossible):
            require_step(CreditNoteState.DRAFT, step)
    else:
        require_step(CreditNoteState.DRAFT, step)


@pytest.mark.parametrize("state", set(CreditNoteState) - {CreditNoteState.DRAFT})
@pytest.mark.parametrize("step", set(CreditNoteStep) - ISSUED)
def test_an_issued_document_is_never_touched(state: CreditNoteState, step: CreditNoteStep) -> None:
    with pytest.raises(DocumentImmutable):
        require_step(state, step, number="AV2026-000001")


@pytest.mark.parametrize("state", [CreditNoteState.APPLIED, CreditNoteState.REFUNDED])
@pytest.mark.parametrize("step", ISSUED)
def test_what_is_used_up_gives_nothing_more(state: CreditNoteState, step: CreditNoteStep) -> None:
    require_step(CreditNoteState.ISSUED, step)
    with pytest.raises(StepNotPossible):
        require_step(state, step)


@pytest.mark.parametrize(
    ("applied", "refunded", "state"),
    [
        (0, 0, CreditNoteState.ISSUED),
        (60_00, 1_19, CreditNoteState.ISSUED),
        (61_20, 0, CreditNoteState.APPLIED),
        (60_00, 1_20, CreditNoteState.REFUNDED),
    ],
)
def test_the_state_follows_from_what_was_used(
    applied: int, refunded: int, state: CreditNoteState
) -> None:
    found = state_after(Money(61_20), applied=Money(applied), refunded=Money(refunded))

    assert found is state


def test_the_content_reads_back_as_the_document() -> None:
    note = a_note(
        lines=(a_line(), a_line(credit_id=None, vat_rate=5_50)),
        shares=(a_share(), a_share(number="F2", vat_rate=5_50)),
    )

    assert read(canonical(note)) == note


@given(cents=st.integers(1, 10**9), label=st.text(min_size=1))
def test_another_document_has_another_content(cents: int, label: str) -> None:
    note = a_note(lines=(a_line(net=Money(cents), label=label),))

    other = replace(note, lines=(a_line(net=Money(cents + 1), label=label),))

    assert canonical(note) != canonical(other)
    assert canonical(read(canonical(note))) == canonical(note)


def test_the_notes_say_which_invoices_are_corrected_the_oldest_first() -> None:
    note = a_note(
        shares=(
            a_share(number="F2026-0801", issued_on=date(2026, 8, 1)),
            a_share(),
            a_share(vat_rate=10_00),
        )
    )
    english = replace(note, locale=Locale.EN)

    assert exchange_document(note).notes[0].text == (
        "Avoir sur facture n° F2026-0711 du 01/07/2026, n° F2026-0801 du 01/08/2026, contrat "
        "TMA-BRUNO."
    )
    assert exchange_document(english).notes[0].text == (
        "Credit note on invoice no. F2026-0711 of 2026-07-01, no. F2026-0801 of 2026-08-01, "
        "contract TMA-BRUNO."
    )


def test_only_what_goes_to_a_platform_obeys_its_rules() -> None:
    require_exchangeable(a_note(kind=CreditNoteKind.PENALTY_STATEMENT, shares=()))
    require_exchangeable(a_note())
    with pytest.raises(ProfileRuleBroken, match="BR-FR-CO-05"):
        require_exchangeable(a_note(shares=()))


def test_the_option_for_debits_is_said_on_every_document() -> None:
    identity = FiscalIdentity(ALICE, is_vat_on_debits=True)

    says = identity.mentions(Locale.EN)

    assert says == replace(USUAL_MENTIONS[Locale.EN], is_vat_on_debits=True)
    note = a_note(mentions=says)
    assert exchange_document(note).is_vat_on_debits
