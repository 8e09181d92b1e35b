"""Putting right what was consumed, before and after its period is closed."""

from collections.abc import Sequence

import pytest

from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.money import Money
from helpdesk.domain.retainer import EntryInClosedPeriod, QuantityNotPositive
from helpdesk.domain.retainer_close import close_period, statement_of
from helpdesk.domain.retainer_correction import (
    NothingToReverse,
    correct,
    correction_title,
    remaining,
    reverse,
)
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotSource
from helpdesk.domain.retainer_terms import FreeCause
from helpdesk.domain.retainer_use import Work, consume, hold
from tests.domain.retainer_books import (
    AUGUST,
    BILLED,
    BLOG,
    JULY,
    PARIS,
    SHOP,
    Ledger,
    a_ledger,
    on,
    posting,
    terms,
    took,
)

NOON, LATER, IN_AUGUST = on("07-06 12:00"), on("07-20 09:00"), on("08-10 09:00")


def worked(ledger: Ledger, quantity: int) -> Sequence[Entry]:
    return ledger.add(consume(ledger.book, posting(NOON, "work"), Work(quantity)))


def close_july(ledger: Ledger) -> None:
    ledger.add(close_period(ledger.book, posting(JULY.end, "close"), JULY))
    ledger.book = ledger.book.closed_until(JULY.end)


def test_while_its_period_is_open_a_consumption_is_replaced_at_its_own_date() -> None:
    ledger = a_ledger(120)
    work = worked(ledger, 60)

    entries = ledger.add(correct(ledger.book, posting(LATER), work, 45))

    assert took(entries) == [("reverse", 1, 60), ("consume", 1, 45)]
    assert {entry.move.effective_at for entry in entries} == {NOON}
    assert entries[0].move.reverses == work[0].number
    assert ledger.left() == {1: (75, 0)}


def test_a_correction_to_nothing_takes_all_of_it_back() -> None:
    ledger = a_ledger(60, overage=BILLED)
    work = worked(ledger, 90)

    entries = ledger.add(correct(ledger.book, posting(LATER), work, 0))

    assert took(entries) == [("reverse", 1, 60), ("reverse", None, 30)]
    claim = entries[1].move.claim
    assert claim is not None
    assert claim.amount == Money(-45_00)
    assert statement_of(ledger.entries, JULY).overage == 0


def test_a_corrected_consumption_draws_from_the_lots_of_its_site() -> None:
    ledger = Ledger(terms(overage=BILLED))
    ledger.lot(60, scope=frozenset({SHOP}))
    work = worked(ledger, 10)

    entries = correct(ledger.book, posting(LATER), work, 10, site_id=SHOP)

    assert took(entries) == [("reverse", None, 10), ("consume", 1, 10)]
    assert took(correct(ledger.book, posting(LATER), work, 10, site_id=BLOG)) == [
        ("reverse", None, 10),
        ("overage", None, 10),
    ]


def test_the_report_of_a_closed_period_never_changes() -> None:
    ledger = a_ledger(120)
    work = worked(ledger, 60)
    close_july(ledger)
    reported = statement_of(ledger.entries, JULY)

    entries = ledger.add(correct(ledger.book, posting(IN_AUGUST), work, 45))

    assert took(entries) == [("reverse", entries[0].number, 15)]
    assert (entries[0].period, entries[0].posting.corrects) == (AUGUST, JULY)
    assert statement_of(ledger.entries, JULY) == reported
    assert statement_of(ledger.entries, AUGUST).is_balanced


def test_what_a_closed_period_took_too_much_of_can_be_used_until_the_open_one_ends() -> None:
    ledger = a_ledger(120)
    work = worked(ledger, 60)
    close_july(ledger)

    ledger.add(correct(ledger.book, posting(IN_AUGUST), work, 45))

    (lot,) = (lot for lot in ledger.book.lots.values() if lot.left)
    assert (lot.terms.source, lot.left) == (LotSource.ROLLOVER, 15)
    assert (lot.terms.effective_at, lot.terms.expires_at) == (IN_AUGUST, AUGUST.end)


def test_what_a_closed_period_took_too_much_of_goes_back_to_a_pack_that_lives() -> None:
    ledger = Ledger(terms(overage=BILLED))
    pack = ledger.lot(60, LotSource.PURCHASE, expires_at=None)
    work = worked(ledger, 90)
    close_july(ledger)

    entries = ledger.add(correct(ledger.book, posting(IN_AUGUST), work, 50))

    assert took(entries) == [("reverse", None, 30), ("reverse", pack, 10)]
    assert ledger.left() == {pack: (10, 0)}


def test_what_a_closed_period_took_too_little_of_is_consumed_in_the_open_one() -> None:
    ledger = Ledger(terms())
    pack = ledger.lot(90, LotSource.PURCHASE, expires_at=None)
    work = worked(ledger, 60)
    close_july(ledger)

    entries = ledger.add(correct(ledger.book, posting(IN_AUGUST), work, 75))

    assert took(entries) == [("consume", pack, 15)]
    assert (entries[0].period, entries[0].posting.corrects) == (AUGUST, JULY)


def test_a_closed_period_is_not_corrected_in_a_closed_period() -> None:
    ledger = a_ledger(120)
    work = worked(ledger, 60)
    close_july(ledger)

    with pytest.raises(EntryInClosedPeriod):
        correct(ledger.book, posting(IN_AUGUST, effective_at=LATER), work, 45)


def test_a_ticket_that_turns_out_to_be_free_gives_its_quota_back_with_the_cause() -> None:
    ledger = a_ledger(2)
    (work,) = worked(ledger, 1)
    free = posting(LATER, cause=FreeCause.AGENCY_REGRESSION)

    entries = ledger.add(reverse(ledger.book, free, work, 1))

    assert took(entries) == [("reverse", 1, 1)]
    assert entries[0].posting.cause is FreeCause.AGENCY_REGRESSION
    assert entries[0].move.effective_at == NOON
    assert ledger.left() == {1: (2, 0)}
    assert reverse(ledger.book, free, work, 1) == entries


def test_a_consumption_of_a_closed_period_is_reversed_in_the_open_one() -> None:
    ledger = a_ledger(120)
    (work,) = worked(ledger, 60)
    close_july(ledger)

    (entry,) = ledger.add(reverse(ledger.book, posting(IN_AUGUST), work, 20))

    assert (entry.period, entry.posting.corrects, entry.quantity) == (AUGUST, JULY, 20)
    assert ledger.book.balance(IN_AUGUST).available == 20


def test_no_more_is_taken_back_than_was_consumed() -> None:
    ledger = a_ledger(120)
    (work,) = worked(ledger, 60)
    ledger.add(reverse(ledger.book, posting(LATER, "first"), work, 45))

    with pytest.raises(NothingToReverse) as refusal:
        reverse(ledger.book, posting(LATER, "second"), work, 16)

    assert refusal.value.code is ErrorCode.ALREADY_REVERSED
    assert remaining(ledger.book, work) == 15


def test_parts_of_an_overage_taken_back_one_by_one_add_up_to_its_amount() -> None:
    ledger = Ledger(terms(overage=BILLED))
    (overage,) = worked(ledger, 7)

    taken_back = [
        ledger.add(reverse(ledger.book, posting(LATER, f"part {part}"), overage, 1))[0]
        for part in range(7)
    ]

    amounts = [entry.move.claim.amount for entry in taken_back if entry.move.claim is not None]
    assert sum((one for one in amounts if one is not None), Money(0)) == Money(-10_50)
    assert statement_of(ledger.entries, JULY).overage == 0


def test_an_overage_without_a_price_is_taken_back_without_one() -> None:
    ledger = Ledger(terms())
    (overage,) = worked(ledger, 30)

    (entry,) = reverse(ledger.book, posting(LATER), overage, 30)

    assert entry.move.claim == overage.move.claim


def test_use_of_an_unlimited_forfait_is_taken_back() -> None:
    ledger = Ledger(terms(is_unlimited=True))
    (work,) = worked(ledger, 3)

    ledger.add(reverse(ledger.book, posting(LATER), work, 2))

    assert statement_of(ledger.entries, JULY).uncounted == 1


@pytest.mark.parametrize("quantity", [0, -3])
def test_a_reversal_of_nothing_is_refused(quantity: int) -> None:
    ledger = a_ledger(120)
    (work,) = worked(ledger, 60)

    with pytest.raises(QuantityNotPositive):
        reverse(ledger.book, posting(LATER), work, quantity)


def test_only_a_consumption_is_taken_back() -> None:
    ledger = a_ledger(120)
    (held,) = ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(5)))

    with pytest.raises(NothingToReverse):
        reverse(ledger.book, posting(LATER, "one"), held, 5)
    with pytest.raises(NothingToReverse):
        correct(ledger.book, posting(LATER, "two"), [held], 5)


def test_a_consumption_is_not_corrected_below_nothing() -> None:
    ledger = a_ledger(120)

    with pytest.raises(QuantityNotPositive):
        correct(ledger.book, posting(LATER), worked(ledger, 60), -1)


def test_a_correction_that_comes_again_changes_nothing() -> None:
    ledger = a_ledger(120)
    work = worked(ledger, 60)
    asked = posting(LATER, "correction")
    entries = ledger.add(correct(ledger.book, asked, work, 45))

    assert correct(ledger.book, asked, work, 45) == entries


def test_a_consumption_that_was_taken_back_can_be_corrected_again() -> None:
    ledger = a_ledger(120)
    work = worked(ledger, 60)
    ledger.add(correct(ledger.book, posting(LATER, "first"), work, 0))

    entries = ledger.add(correct(ledger.book, posting(LATER, "second"), work, 30))

    assert took(entries) == [("consume", 1, 30)]
    assert {entry.kind for entry in entries} == {EntryKind.CONSUME}


def test_a_correction_is_shown_with_the_period_it_puts_right() -> None:
    assert correction_title(JULY, PARIS, Locale.FR) == "Régularisation juillet 2026"
    assert correction_title(JULY, PARIS, Locale.EN) == "Correction of July 2026"
