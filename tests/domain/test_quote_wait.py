"""What a quote does to the request that it is about."""

import pytest

from helpdesk.domain.priority import Priority
from helpdesk.domain.quote import AfterRefusal, Quote, Refusal
from helpdesk.domain.quote_life import sent
from helpdesk.domain.quote_wait import after_refusal, going_on, waiting_for_answer
from helpdesk.domain.ticket import UNFINISHED, Ticket, TicketStatus
from helpdesk.domain.ticket_life import TicketAlreadyWaiting
from helpdesk.domain.waiting import WaitingOn
from tests.domain.commercial import a_line, a_quote
from tests.factories import MONDAY, a_ticket, on

CLOSE, RETURN = AfterRefusal


def _refusal(then: AfterRefusal) -> Refusal:
    return Refusal("Bruno", MONDAY, "Too dear", then)


def _sent() -> Quote:
    return sent(a_quote(a_line()), at=MONDAY)


def _waiting(waiting_on: WaitingOn, **changes: Priority) -> Ticket:
    return a_ticket(TicketStatus.WAITING, waiting_on=waiting_on, **changes)


def test_a_request_waits_for_the_answer_to_a_sent_quote() -> None:
    quote = _sent()

    change = waiting_for_answer(a_ticket(), quote, on=on())

    assert change is not None
    assert change.ticket.waiting_on is WaitingOn.QUOTE_ANSWER
    assert change.events[0].reason == quote.number


@pytest.mark.parametrize(
    "ticket",
    [
        a_ticket(priority=Priority.P0),
        _waiting(WaitingOn.QUOTE_ANSWER),
        *(a_ticket(status) for status in sorted(set(TicketStatus) - UNFINISHED)),
    ],
)
def test_a_p0_what_is_finished_and_what_waits_already_stay_as_they_are(ticket: Ticket) -> None:
    assert waiting_for_answer(ticket, _sent(), on=on()) is None


def test_one_wait_ends_before_another_begins() -> None:
    with pytest.raises(TicketAlreadyWaiting):
        waiting_for_answer(_waiting(WaitingOn.THIRD_PARTY), _sent(), on=on())


def test_only_the_wait_for_a_quote_ends_with_the_answer() -> None:
    change = going_on(_waiting(WaitingOn.QUOTE_ANSWER), on=on())

    assert change is not None
    assert (change.ticket.status, change.ticket.waiting_on) == (TicketStatus.IN_PROGRESS, None)
    assert going_on(_waiting(WaitingOn.CLIENT), on=on()) is None


@pytest.mark.parametrize("ticket", [a_ticket(), _waiting(WaitingOn.QUOTE_ANSWER)])
def test_a_refusal_closes_the_request_or_gives_it_back(ticket: Ticket) -> None:
    closed, given_back = (
        after_refusal(ticket, _refusal(then), on=on()) for then in (CLOSE, RETURN)
    )

    assert closed is not None
    assert given_back is not None
    assert closed.ticket.status is TicketStatus.CANCELLED
    assert given_back.ticket.waiting_on is WaitingOn.CLIENT
    assert [one.events[-1].reason for one in (closed, given_back)] == ["Too dear"] * 2


def test_a_refusal_leaves_what_is_finished_and_what_waits_for_others() -> None:
    for then in AfterRefusal:
        assert after_refusal(a_ticket(TicketStatus.RESOLVED), _refusal(then), on=on()) is None
    held_up = _waiting(WaitingOn.THIRD_PARTY)
    assert after_refusal(held_up, _refusal(RETURN), on=on()) is None


@pytest.mark.parametrize("then", AfterRefusal)
def test_a_p0_is_handled_whoever_pays(then: AfterRefusal) -> None:
    raised = _waiting(WaitingOn.QUOTE_ANSWER, priority=Priority.P0)

    change = after_refusal(raised, _refusal(then), on=on())

    assert change is not None
    assert change.ticket.status is TicketStatus.IN_PROGRESS
    assert after_refusal(a_ticket(priority=Priority.P0), _refusal(then), on=on()) is None
