"""Whether a finished ticket goes on with what its client writes."""

import pytest

from helpdesk.domain.follow_up import (
    LONGEST_REOPENING,
    REOPENINGS_A_DAY,
    FollowUp,
    FollowUpRule,
    ReopenDaysOutOfRange,
    goes_to_and_fro,
)
from helpdesk.domain.ticket import Ticket, TicketEvent, TicketEventKind, TicketStatus, changed
from tests.factories import ALICE, BRUNO, MONDAY, a_ticket, at

DONE = at("07-01 09:00")
RESOLVED = a_ticket(TicketStatus.RESOLVED, resolved_at=DONE)
CLOSED = a_ticket(TicketStatus.CLOSED, resolved_at=at("06-01 09:00"), closed_at=DONE)
IN_TIME, TOO_LATE = at("07-15 08:59"), at("07-15 09:00")


@pytest.mark.parametrize("ticket", [RESOLVED, CLOSED])
def test_by_default_a_ticket_goes_on_for_fourteen_days_after_its_end(ticket: Ticket) -> None:
    assert FollowUp().reopens(ticket, at=IN_TIME)
    assert not FollowUp().reopens(ticket, at=TOO_LATE)


@pytest.mark.parametrize("ticket", [RESOLVED, CLOSED])
def test_an_agency_may_always_reopen(ticket: Ticket) -> None:
    assert FollowUp(FollowUpRule.ALWAYS_REOPEN).reopens(ticket, at=TOO_LATE)


def test_a_new_ticket_follows_a_closed_one_and_never_one_that_is_only_resolved() -> None:
    rule = FollowUp(FollowUpRule.NEW_TICKET)

    assert not rule.reopens(CLOSED, at=IN_TIME)
    assert rule.reopens(RESOLVED, at=TOO_LATE)


@pytest.mark.parametrize("status", [TicketStatus.SPAM, TicketStatus.CANCELLED, TicketStatus.NEW])
@pytest.mark.parametrize("rule", FollowUpRule)
def test_what_was_given_up_does_not_go_on(status: TicketStatus, rule: FollowUpRule) -> None:
    given_up = a_ticket(status, resolved_at=DONE)

    assert not FollowUp(rule).reopens(given_up, at=IN_TIME)
    assert not FollowUp(rule).reopens(a_ticket(status), at=IN_TIME)


@pytest.mark.parametrize("days", [0, -1, LONGEST_REOPENING + 1])
def test_a_grace_of_no_day_or_of_decades_is_refused(days: int) -> None:
    with pytest.raises(ReopenDaysOutOfRange):
        FollowUp(reopen_days=days)


def test_a_ticket_that_clients_reopen_too_often_within_a_day_goes_to_and_fro() -> None:
    often = [_event(TicketEventKind.REOPENED)] * REOPENINGS_A_DAY

    assert goes_to_and_fro(often, at=at("07-07 08:59"))
    assert not goes_to_and_fro(often, at=at("07-07 09:00"))
    assert not goes_to_and_fro(often[1:], at=MONDAY)
    others = [_event(TicketEventKind.REOPENED, by_client=False), _event(TicketEventKind.RESOLVED)]
    assert not goes_to_and_fro([*often[1:], *others], at=MONDAY)


def _event(kind: TicketEventKind, *, by_client: bool = True) -> TicketEvent:
    actor = BRUNO if by_client else ALICE
    return changed(a_ticket(), kind, at=MONDAY, actor=actor).events[0]
