"""Which facts of a history move a clock, and in which order they are read."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import SYSTEM, Actor
from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import (
    TicketEvent,
    TicketEventKind,
    changed,
    opened,
)
from helpdesk.domain.ticket_facts import clock_facts
from helpdesk.domain.ticket_life import answered, client_wrote, waiting
from helpdesk.domain.waiting import WaitingOn
from tests.factories import ALICE, BRUNO, MONDAY, ROBOT, a_message_id, a_ticket, at, on

STANDSTILL = {
    TicketEventKind.AUTOMATIC_MESSAGE,
    TicketEventKind.NOTE_ADDED,
    TicketEventKind.ASSIGNED,
    TicketEventKind.CLOSED,
    TicketEventKind.ABSORBED,
    TicketEventKind.LINKED,
    TicketEventKind.UNLINKED,
    TicketEventKind.BATCHED,
    TicketEventKind.UNBATCHED,
    TicketEventKind.SLA_BREACHED,
    TicketEventKind.ESCALATED,
    TicketEventKind.TIME_CORRECTED,
    TicketEventKind.REPAIRED,
}
A_CORRECTION = {"sequence": "9", "at": MONDAY.isoformat()}


def an_event(kind: TicketEventKind) -> TicketEvent:
    (event,) = changed(a_ticket(), kind, at=MONDAY, actor=ALICE).events
    is_correction = kind is TicketEventKind.TIME_CORRECTED
    return replace(event, after=A_CORRECTION) if is_correction else event


@pytest.mark.parametrize("kind", TicketEventKind)
def test_every_kind_of_fact_moves_the_clocks_or_is_known_not_to(kind: TicketEventKind) -> None:
    assert len(clock_facts([an_event(kind)])) == (0 if kind in STANDSTILL else 1)


@pytest.mark.parametrize(
    "kind",
    [TicketEventKind.CANCELLED, TicketEventKind.MARKED_SPAM, TicketEventKind.MERGED],
)
def test_a_ticket_without_work_ends_its_clocks(kind: TicketEventKind) -> None:
    assert clock_facts([an_event(kind)]) == (ClockFact(MONDAY, ClockFactKind.CANCELLED),)


def test_an_opening_says_its_priority() -> None:
    history = opened(a_ticket(priority=Priority.P1), actor=BRUNO).events

    assert clock_facts(history) == (ClockFact(MONDAY, ClockFactKind.OPENED, Priority.P1),)


@pytest.mark.parametrize("waiting_on", WaitingOn)
def test_a_wait_says_whom_for(waiting_on: WaitingOn) -> None:
    history = waiting(a_ticket(), waiting_on, "asked", on=on("07-06 10:00")).events

    assert clock_facts(history) == (
        ClockFact(
            at("07-06 10:00"),
            ClockFactKind.PAUSED,
            pause_reason=waiting_on,
        ),
    )


@pytest.mark.parametrize("actor", [ROBOT, SYSTEM])
def test_a_programs_message_answers_nobody(actor: Actor) -> None:

    change = answered(a_ticket(), a_message_id(), on=on("07-06 10:00", actor), is_response=True)

    assert clock_facts(change.events) == ()


def test_facts_are_read_by_instant_then_by_number() -> None:
    change = opened(a_ticket(), actor=BRUNO)
    change = change.then(waiting(change.ticket, WaitingOn.CLIENT, "asked", on=on()))
    change = change.then(client_wrote(change.ticket, a_message_id(), on=on(actor=BRUNO)))
    first, *others = change.events

    facts = clock_facts([*reversed(others), replace(first, at=at("07-06 08:59"))])

    assert [fact.kind for fact in facts] == [
        ClockFactKind.OPENED,
        ClockFactKind.PAUSED,
        ClockFactKind.CLIENT_WROTE,
        ClockFactKind.RESUMED,
    ]
