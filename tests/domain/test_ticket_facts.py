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
from helpdesk.domain.ticket_life import answered, client_wrote, resumed, waiting
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
    TicketEventKind.CLASSIFIED,
    TicketEventKind.CLASSIFICATION_CONFIRMED,
    TicketEventKind.CLASSIFICATION_CONTESTED,
    TicketEventKind.EXCLUDED,
    TicketEventKind.EXCLUSION_LIFTED,
    TicketEventKind.CLIENT_THANKED,
    TicketEventKind.MESSAGE_ACCEPTED,
    TicketEventKind.MESSAGE_REJECTED,
    TicketEventKind.REQUESTER_SET,
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


# Clocks that were wrong, and corrections.


def a_wait(resumed_at: str) -> list[TicketEvent]:
    """Return a history in which the end of a wait was dated by another clock."""
    change = opened(a_ticket(), actor=BRUNO)
    change = change.then(waiting(change.ticket, WaitingOn.CLIENT, "asked", on=on("07-06 11:00")))
    return [*change.then(resumed(change.ticket, on=on(resumed_at))).events]


def a_correction(sequence: int, instant: str, number: int = 9) -> TicketEvent:
    correction = an_event(TicketEventKind.TIME_CORRECTED)
    after = {"sequence": str(sequence), "at": at(instant).isoformat()}
    return replace(correction, sequence=number, at=at("07-10 09:00"), after=after)


def told(*history: TicketEvent) -> list[tuple[ClockFactKind, object]]:
    return [(one.kind, one.at) for one in clock_facts(history)]


def test_the_end_of_a_wait_never_comes_before_its_beginning() -> None:
    assert told(*a_wait("07-06 10:59")) == [
        (ClockFactKind.OPENED, MONDAY),
        (ClockFactKind.PAUSED, at("07-06 11:00")),
        (ClockFactKind.RESUMED, at("07-06 11:00")),
    ]


def test_nothing_happened_before_the_opening() -> None:
    first, second, third = a_wait("07-06 12:00")
    early = replace(second, at=at("07-06 08:00"))

    assert told(first, early, third)[1] == (ClockFactKind.PAUSED, MONDAY)
    assert told(first, second, third, a_correction(2, "07-06 08:00"))[1][1] == MONDAY


def test_a_corrected_instant_counts_as_it_stands() -> None:
    history = told(*a_wait("07-06 12:00"), a_correction(2, "07-06 10:00"))

    assert history[1:] == [
        (ClockFactKind.PAUSED, at("07-06 10:00")),
        (ClockFactKind.RESUMED, at("07-06 12:00")),
    ]


def test_a_correction_holds_no_other_fact_back() -> None:
    skewed = a_wait("07-06 10:59")

    assert told(*skewed, a_correction(2, "07-06 10:00"))[2][1] == at("07-06 10:59")


def test_a_correction_may_change_the_order() -> None:
    history = told(*a_wait("07-06 12:00"), a_correction(2, "07-06 13:00"))

    assert [kind for kind, _ in history[1:]] == [ClockFactKind.RESUMED, ClockFactKind.PAUSED]


def test_the_last_of_two_corrections_counts_in_whatever_order_they_are_read() -> None:
    twice = a_correction(2, "07-06 10:00"), a_correction(2, "07-06 10:30", number=10)

    assert told(*a_wait("07-06 12:00"), *twice) == told(*reversed(twice), *a_wait("07-06 12:00"))
    assert told(*a_wait("07-06 12:00"), *twice)[1][1] == at("07-06 10:30")


def test_a_corrected_opening_moves_what_it_held_back() -> None:
    first, second, third = a_wait("07-06 12:00")
    early = replace(second, at=at("07-06 08:00"))

    history = told(first, early, third, a_correction(1, "07-06 07:00"))

    assert [instant for _, instant in history] == [
        at("07-06 07:00"),
        at("07-06 08:00"),
        at("07-06 12:00"),
    ]


def test_an_answer_says_whether_it_is_the_openers() -> None:
    by_alice = opened(a_ticket(), actor=ALICE)
    answer = answered(by_alice.ticket, a_message_id(), on=on("07-06 10:00"), is_response=False)

    assert [fact.is_by_opener for fact in clock_facts(by_alice.then(answer).events)] == [True, True]


def test_no_fact_of_no_history() -> None:
    assert clock_facts([]) == ()
