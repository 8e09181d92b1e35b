"""The life of a quote: sent, answered in time, revised, converted once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.domain.ids import QuoteId
from helpdesk.domain.priority import Priority
from helpdesk.domain.quote import (
    Acceptance,
    AfterRefusal,
    Conversion,
    ConversionKind,
    Quote,
    QuoteStatus,
    QuoteStepRefused,
    QuoteWithoutLines,
    Refusal,
)
from helpdesk.domain.quote_life import (
    AcceptanceNameless,
    AnswerWait,
    OtherDocumentAccepted,
    QuoteExpired,
    QuoteStillHolds,
    RefusalReasonRequired,
    accepted,
    answer_wait,
    cancelled,
    converted,
    edited,
    expired,
    ip_hash,
    is_expired,
    refused,
    revised,
    sent,
)
from tests.domain.commercial import SENT_AT, a_line, a_quote

EXPIRES_AT = datetime(2026, 7, 31, 22, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
ANSWERED_AT = datetime(2026, 7, 8, 10, tzinfo=UTC)
HASH = a_quote(a_line()).document_hash


def a_sent_quote() -> Quote:
    return sent(a_quote(a_line()), at=SENT_AT)


def an_acceptance(
    at: datetime = ANSWERED_AT,
    *,
    name: str = "Bruno Keller",
    email: str = "bruno@bruno.example",
    document_hash: str = HASH,
) -> Acceptance:
    return Acceptance(name, email, at, ip_hash("192.0.2.7", secret=b"secret"), document_hash)


def a_refusal(at: datetime = ANSWERED_AT, reason: str = "Too dear.") -> Refusal:
    return Refusal("Bruno Keller", at, reason, AfterRefusal.RETURN_TO_CLIENT)


def an_accepted_quote() -> Quote:
    return accepted(a_sent_quote(), an_acceptance())


def test_a_draft_is_edited_and_a_sent_quote_is_not() -> None:
    other = edited(a_quote(a_line()), [a_line("Formulaire")], title="Formulaire")

    assert (other.status, other.title) == (QuoteStatus.DRAFT, "Formulaire")
    assert other.lines == (a_line("Formulaire"),)
    with pytest.raises(QuoteStepRefused):
        edited(a_sent_quote(), [], title="Formulaire")


def test_a_quote_is_sent_with_a_line_at_least() -> None:
    assert (a_sent_quote().status, a_sent_quote().sent_at) == (QuoteStatus.SENT, SENT_AT)
    with pytest.raises(QuoteWithoutLines):
        sent(a_quote(), at=SENT_AT)


def test_an_acceptance_keeps_who_when_from_where_and_which_document() -> None:
    acceptance = an_acceptance()

    quote = accepted(a_sent_quote(), acceptance)

    assert (quote.status, quote.acceptance) == (QuoteStatus.ACCEPTED, acceptance)


def test_a_quote_is_accepted_on_its_last_local_day_and_not_after_it() -> None:
    in_time = accepted(a_sent_quote(), an_acceptance(EXPIRES_AT - A_SECOND))

    assert in_time.status is QuoteStatus.ACCEPTED
    with pytest.raises(QuoteExpired) as refusal:
        accepted(a_sent_quote(), an_acceptance(EXPIRES_AT))
    assert refusal.value.values["expires_at"] == "2026-08-01T00:00:00+02:00"


def test_another_document_than_the_one_that_was_sent_is_not_accepted() -> None:
    other = a_quote(a_line(cents=1)).document_hash

    with pytest.raises(OtherDocumentAccepted):
        accepted(a_sent_quote(), an_acceptance(document_hash=other))


@pytest.mark.parametrize("missing", [{"name": " "}, {"email": ""}])
def test_an_acceptance_names_a_person_and_an_address(missing: dict[str, str]) -> None:
    with pytest.raises(AcceptanceNameless):
        accepted(a_sent_quote(), an_acceptance(**missing))  # type: ignore[arg-type] # both are texts


def test_a_refusal_says_why_and_what_becomes_of_the_request() -> None:
    quote = refused(a_sent_quote(), a_refusal())

    assert (quote.status, quote.refusal) == (QuoteStatus.REFUSED, a_refusal())
    with pytest.raises(RefusalReasonRequired):
        refused(a_sent_quote(), a_refusal(reason=" "))
    with pytest.raises(QuoteExpired):
        refused(a_sent_quote(), a_refusal(EXPIRES_AT))


def test_a_quote_expires_at_the_end_of_its_last_day_however_late_it_is_noticed() -> None:
    quote = expired(a_sent_quote(), at=EXPIRES_AT + timedelta(days=9))

    assert (quote.status, quote.ended_at) == (QuoteStatus.EXPIRED, EXPIRES_AT)
    assert not is_expired(quote, at=EXPIRES_AT)


def test_a_quote_that_holds_does_not_expire() -> None:
    assert not is_expired(a_sent_quote(), at=EXPIRES_AT - A_SECOND)
    assert is_expired(a_sent_quote(), at=EXPIRES_AT)
    with pytest.raises(QuoteStillHolds) as refusal:
        expired(a_sent_quote(), at=EXPIRES_AT - A_SECOND)
    assert refusal.value.values["expires_at"] == "2026-08-01T00:00:00+02:00"


def test_a_quote_whose_sending_nobody_dated_still_holds() -> None:
    undated = replace(a_quote(a_line()), status=QuoteStatus.SENT)

    with pytest.raises(QuoteStillHolds) as refusal:
        expired(undated, at=EXPIRES_AT)
    assert refusal.value.values["expires_at"] == "—"


def test_a_revision_replaces_what_was_sent_and_leaves_it_readable() -> None:
    at = datetime(2026, 7, 3, 9, tzinfo=UTC)

    revision = revised(a_sent_quote(), [a_line(cents=400_00)], new_id=QuoteId("quote-2"), at=at)

    assert revision.superseded == replace(
        a_sent_quote(), status=QuoteStatus.SUPERSEDED, ended_at=at
    )
    assert revision.draft == replace(
        a_quote(a_line(cents=400_00)), id=QuoteId("quote-2"), version=2, created_at=at
    )


def test_a_draft_or_a_sent_quote_can_be_withdrawn_and_an_accepted_one_cannot() -> None:
    assert cancelled(a_quote(), at=SENT_AT).status is QuoteStatus.CANCELLED
    assert cancelled(a_sent_quote(), at=ANSWERED_AT).ended_at == ANSWERED_AT
    with pytest.raises(QuoteStepRefused):
        cancelled(an_accepted_quote(), at=ANSWERED_AT)


def test_an_accepted_quote_is_converted_once() -> None:
    at = datetime(2026, 7, 9, 9, tzinfo=UTC)

    quote = converted(an_accepted_quote(), "key-1", ConversionKind.RUN_HOLD, at=at)

    assert quote.status is QuoteStatus.CONVERTED
    assert quote.conversion == Conversion("key-1", ConversionKind.RUN_HOLD, at)
    assert converted(quote, "key-1", ConversionKind.RUN_HOLD, at=at + A_SECOND) is quote
    with pytest.raises(QuoteStepRefused):
        converted(quote, "key-2", ConversionKind.RUN_HOLD, at=at)


@pytest.mark.parametrize(
    ("answered", "ended_at"),
    [
        (an_accepted_quote(), ANSWERED_AT),
        (refused(a_sent_quote(), a_refusal()), ANSWERED_AT),
        (expired(a_sent_quote(), at=EXPIRES_AT), EXPIRES_AT),
        (cancelled(a_sent_quote(), at=ANSWERED_AT), ANSWERED_AT),
        (revised(a_sent_quote(), [], new_id=QuoteId("2"), at=ANSWERED_AT).superseded, ANSWERED_AT),
        (a_sent_quote(), None),
    ],
)
def test_a_ticket_waits_from_the_sending_of_its_quote_to_the_answer(
    answered: Quote, ended_at: datetime | None
) -> None:
    assert answer_wait(answered, Priority.P2) == AnswerWait(SENT_AT, ended_at)


def test_nothing_waits_for_a_draft_and_a_p0_waits_for_no_quote() -> None:
    assert answer_wait(a_quote(a_line()), Priority.P2) is None
    assert answer_wait(a_sent_quote(), Priority.P0) is None


def test_an_address_is_hashed_with_a_secret_and_compared_without_its_spelling() -> None:
    known = ip_hash("2001:DB8::7", secret=b"secret")

    assert known == ip_hash(" 2001:db8::7 ", secret=b"secret")
    assert known != ip_hash("2001:db8::7", secret=b"other")
    assert len(known) == 64
