"""What a ticket allows, what it remembers of each change, and who was faster."""

from itertools import product

import pytest

from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.priority import (
    Impact,
    Priority,
    PriorityDecision,
    SecuritySign,
    Triage,
    Urgency,
)
from helpdesk.domain.ticket import (
    STEPS,
    TicketChangedMeanwhile,
    TicketEventKind,
    TicketStatus,
    TicketStep,
    TransitionRefused,
    changed,
    opened,
)
from helpdesk.domain.ticket_life import triaged
from tests.factories import ALICE, BRUNO, MONDAY, a_message_id, a_ticket, at

UNFINISHED = {"NEW", "OPEN", "IN_PROGRESS", "WAITING", "DELIVERED"}
WORKED = {"RESOLVED", "CLOSED"}
EVERYWHERE = UNFINISHED | WORKED | {"CANCELLED", "MERGED", "SPAM"}
# The table once more, written by hand: a slip in either of them shows.
ALLOWED = {
    "replyToTicket": UNFINISHED | WORKED,
    "addInternalNote": EVERYWHERE,
    "assignTicket": UNFINISHED,
    "setPriority": UNFINISHED,
    "waitForClient": UNFINISHED - {"WAITING"},
    "resumeTicket": {"WAITING"},
    "deliverTicket": UNFINISHED - {"DELIVERED"},
    "resolveTicket": UNFINISHED,
    "closeTicket": {"RESOLVED"},
    "reopenTicket": {"DELIVERED", "RESOLVED", "CLOSED", "CANCELLED", "SPAM"},
    "cancelTicket": UNFINISHED,
    "markSpam": UNFINISHED,
    "mergeTickets": UNFINISHED | WORKED,
    "linkTickets": EVERYWHERE,
    "logCall": UNFINISHED | WORKED,
    "addToBatch": UNFINISHED - {"DELIVERED"},
    "postponeTicket": UNFINISHED - {"DELIVERED"},
}


def test_every_step_has_its_statuses() -> None:
    assert {step.value for step in STEPS} == set(ALLOWED)
    assert {status.value for status in TicketStatus} == EVERYWHERE


@pytest.mark.parametrize(("status", "step"), [*product(TicketStatus, TicketStep)])
def test_a_status_allows_a_step_or_refuses_it(status: TicketStatus, step: TicketStep) -> None:
    ticket = a_ticket(status)
    possible = [name for name, statuses in ALLOWED.items() if status.value in statuses]

    assert [one.value for one in ticket.possible_steps()] == possible
    if step.value in possible:
        ticket.require(step)
        return
    with pytest.raises(TransitionRefused) as refusal:
        ticket.require(step)

    assert refusal.value.code is ErrorCode.TRANSITION_REFUSED
    assert refusal.value.message(Locale.EN) == (
        f"Ticket 1 is {status}: {step} is not possible. Possible now: {', '.join(possible)}."
    )


def test_who_read_the_present_version_may_change_it() -> None:
    a_ticket(version=3).require_version(3)
    a_ticket(version=3).require_version(None)


@pytest.mark.parametrize("expected", [2, 4, 0])
def test_who_read_another_version_reads_again(expected: int) -> None:
    with pytest.raises(TicketChangedMeanwhile) as refusal:
        a_ticket(version=3).require_version(expected)

    assert refusal.value.code is ErrorCode.VERSION_CONFLICT
    assert refusal.value.path == ("expectedVersion",)
    assert refusal.value.values == {"number": "1", "actual": 3, "expected": expected}


def test_the_opening_is_the_first_fact_and_says_the_weight() -> None:
    change = opened(a_ticket(), actor=BRUNO, message_id=a_message_id())

    (event,) = change.events
    assert change.ticket == a_ticket(version=1)
    assert (event.kind, event.sequence, event.at) == (TicketEventKind.OPENED, 1, MONDAY)
    assert event.actor == BRUNO
    assert event.message_id == a_message_id()
    assert event.before == {}
    assert event.after == {
        "status": "NEW",
        "impact": "MAJOR",
        "urgency": "NORMAL",
        "priority": "P2",
    }


def test_a_change_remembers_the_fields_before_and_after() -> None:
    change = changed(
        a_ticket(version=4),
        TicketEventKind.RESOLVED,
        at=at("07-06 10:00"),
        actor=ALICE,
        reason="the form answers again",
        status=TicketStatus.RESOLVED,
        resolved_at=at("07-06 10:00"),
    )

    (event,) = change.events
    assert change.ticket == a_ticket(
        TicketStatus.RESOLVED, resolved_at=at("07-06 10:00"), version=5
    )
    assert event.sequence == 5
    assert event.before == {"status": "NEW", "resolved_at": None}
    assert event.after == {"status": "RESOLVED", "resolved_at": "2026-07-06T08:00:00+00:00"}
    assert event.reason == "the form answers again"


def test_two_changes_are_told_as_one_in_order() -> None:
    first = opened(a_ticket(), actor=BRUNO)
    second = changed(first.ticket, TicketEventKind.LINKED, at=MONDAY, actor=ALICE)

    both = first.then(second)

    assert both.ticket == second.ticket
    assert both.events == (first.events[0], second.events[0])
    assert [event.sequence for event in both.events] == [1, 2]


@pytest.mark.parametrize("kind", TicketEventKind)
def test_the_client_sees_everything_but_what_is_said_inside(
    kind: TicketEventKind,
) -> None:
    (event,) = changed(a_ticket(), kind, at=MONDAY, actor=ALICE).events

    hidden = {
        TicketEventKind.NOTE_ADDED,
        TicketEventKind.ESCALATED,
        TicketEventKind.CLASSIFIED,
        TicketEventKind.MESSAGE_ACCEPTED,
        TicketEventKind.MESSAGE_REJECTED,
        TicketEventKind.REQUESTER_SET,
    }
    assert event.is_visible_to_client is (kind not in hidden)


def test_a_weighed_ticket_says_what_it_weighs_and_why() -> None:
    triage = Triage(Impact.CRITICAL, Urgency.HIGH, SecuritySign.FLAW_EXPLOITED)
    decision = PriorityDecision(Priority.P1, "contained already")

    change = triaged(a_ticket(), triage, decision, at=at("07-06 09:05"), actor=ALICE)

    (event,) = change.events
    assert change.ticket == a_ticket(
        impact=Impact.CRITICAL,
        urgency=Urgency.HIGH,
        security_sign=SecuritySign.FLAW_EXPLOITED,
        priority=Priority.P1,
        priority_reason="contained already",
        triaged_at=at("07-06 09:05"),
        version=1,
    )
    assert (event.kind, event.reason) == (TicketEventKind.PRIORITY_SET, "contained already")
    assert event.before["priority"] == "P2"
    assert event.after["priority"] == "P1"


def test_the_first_weighing_keeps_its_instant() -> None:
    ticket = a_ticket(triaged_at=MONDAY)

    again = triaged(
        ticket,
        Triage(Impact.NONE, Urgency.LOW),
        PriorityDecision(Priority.P3),
        at=at("07-07 09:00"),
        actor=ALICE,
    )

    assert again.ticket.triaged_at == MONDAY


def test_a_finished_ticket_is_not_weighed_again() -> None:
    with pytest.raises(TransitionRefused):
        triaged(
            a_ticket(TicketStatus.RESOLVED),
            Triage(Impact.NONE, Urgency.LOW),
            PriorityDecision(Priority.P3),
            at=MONDAY,
            actor=ALICE,
        )
