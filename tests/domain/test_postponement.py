"""A delivery is put off: from which state, to which date, and how that reads in a report."""

from datetime import datetime

import pytest

from helpdesk.domain.clock_facts import ClockFact
from helpdesk.domain.clock_facts import ClockFactKind as Fact
from helpdesk.domain.errors import Locale
from helpdesk.domain.postponement import (
    NothingToPostpone,
    PostponedIntoThePast,
    PostponedToEarlier,
    Postponement,
    PromiseOutcome,
    new_due,
    postponable,
    postponed,
    promise_outcome,
)
from helpdesk.domain.sla import ClockStart, SlaClock, SlaMetric
from helpdesk.domain.ticket import TicketEventKind, TicketStatus, TransitionRefused
from tests.factories import (
    OFFICE,
    TIMELINES,
    a_policy,
    a_target,
    a_ticket,
    at,
    fact,
    on,
    only_clock,
)

OPENED = fact("07-06 09:00", Fact.OPENED)
BATCHED = a_policy(a_target(SlaMetric.DELIVERY, hours=8, starts_on=ClockStart.BATCH_OPENING))
DUE = at("07-07 09:30")
TIMELINE = TIMELINES.by_calendar[OFFICE]


def delivery(*facts: ClockFact) -> SlaClock:
    """Return the clock of a delivery within eight office hours, due on Tuesday at 09:30."""
    return only_clock(a_policy(a_target(SlaMetric.DELIVERY, hours=8)), OPENED, *facts)


def put_off(text: str, to: str) -> ClockFact:
    """Return the fact of a postponement."""
    return fact(text, Fact.POSTPONED, postponed_to=at(to))


# What may be put off.


@pytest.mark.parametrize(
    ("clock", "now"),
    [
        (delivery(), "07-06 10:00"),
        (delivery(), "07-06 18:00"),
        (delivery(), "07-08 10:00"),
        (delivery(fact("07-06 10:00", Fact.PAUSED)), "07-06 11:00"),
    ],
    ids=["running", "at risk", "broken", "paused"],
)
def test_a_delivery_that_is_owed_can_be_put_off(clock: SlaClock, now: str) -> None:
    assert postponable(a_ticket(), clock, at=at(now)) is clock


@pytest.mark.parametrize(
    ("clock", "state"),
    [
        (None, "—"),
        (only_clock(BATCHED, OPENED), "PENDING"),
        (delivery(fact("07-06 10:00", Fact.DELIVERED)), "MET"),
        (delivery(fact("07-08 10:00", Fact.DELIVERED)), "MISSED"),
        (delivery(fact("07-06 10:00", Fact.CANCELLED)), "CANCELLED"),
    ],
)
def test_a_refusal_says_how_the_delivery_stands(clock: SlaClock | None, state: str) -> None:
    with pytest.raises(NothingToPostpone) as refusal:
        postponable(a_ticket(), clock, at=at("07-09 10:00"))

    assert refusal.value.message(Locale.EN) == (
        f"Ticket 1 has no delivery to put off: its delivery clock is {state}."
    )


def test_what_is_delivered_is_not_put_off() -> None:
    with pytest.raises(TransitionRefused):
        postponable(a_ticket(TicketStatus.DELIVERED), delivery(), at=at("07-06 10:00"))


# To when.


def put_to(wanted: datetime, clock: SlaClock, now: str = "07-06 10:00") -> datetime:
    return new_due(wanted, clock, TIMELINE, at=at(now))


def test_a_date_in_opening_hours_is_kept() -> None:
    assert put_to(at("07-09 10:00"), delivery()) == at("07-09 10:00")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("07-11 10:00", "07-13 09:00"),
        ("07-09 13:00", "07-09 14:00"),
        ("07-09 20:00", "07-10 09:00"),
    ],
)
def test_a_date_outside_opening_hours_becomes_the_next_opening(wanted: str, expected: str) -> None:
    assert put_to(at(wanted), delivery()) == at(expected)


def test_a_closing_time_is_kept() -> None:
    assert put_to(at("07-09 18:00"), delivery()) == at("07-09 18:00")


def test_a_date_is_kept_in_whole_seconds() -> None:
    assert put_to(at("07-09 10:00").replace(microsecond=1), delivery()) == at("07-09 10:00")


@pytest.mark.parametrize("wanted", ["07-06 09:59", "07-06 10:00"])
def test_a_date_is_to_come(wanted: str) -> None:
    with pytest.raises(PostponedIntoThePast) as refusal:
        put_to(at(wanted), delivery())

    assert refusal.value.path == ("newDue",)


@pytest.mark.parametrize("wanted", ["07-06 17:00", "07-07 09:30"])
def test_a_date_is_later_than_what_is_promised(wanted: str) -> None:
    with pytest.raises(PostponedToEarlier) as refusal:
        put_to(at(wanted), delivery())

    assert refusal.value.values["deadline"] == DUE.isoformat()


def test_a_broken_delivery_is_put_off_to_any_date_to_come() -> None:
    assert put_to(at("07-08 11:00"), delivery(), now="07-08 10:00") == at("07-08 11:00")


def test_during_a_wait_the_promise_is_what_it_would_be_if_it_ended_now() -> None:
    waiting = delivery(fact("07-06 10:00", Fact.PAUSED))

    assert put_to(at("07-08 11:00"), waiting, now="07-07 10:00") == at("07-08 11:00")
    with pytest.raises(PostponedToEarlier) as refusal:
        put_to(at("07-07 18:00"), waiting, now="07-07 10:00")
    assert refusal.value.values["deadline"] == at("07-08 09:30").isoformat()


@pytest.mark.parametrize("to", ["07-09 10:00", "07-09 18:00", "07-13 09:00"])
def test_the_clock_is_due_on_the_new_date_exactly(to: str) -> None:
    clock = delivery(put_off("07-06 11:00", to))

    assert clock.deadline_at == at(to)


# What is written down.


def test_a_postponement_says_from_when_to_when_why_and_how_the_client_was_told() -> None:
    put = Postponement(DUE, at("07-09 10:00"), "The host is late", "mail")

    change = postponed(a_ticket(), put, on=on("07-06 10:00"))

    assert change.ticket == a_ticket(postponed_to=at("07-09 10:00"), version=1)
    (event,) = change.events
    assert (event.kind, event.reason) == (TicketEventKind.POSTPONED, "The host is late")
    assert event.before == {"postponed_to": None, "delivery_due": DUE.isoformat()}
    assert event.after == {
        "postponed_to": at("07-09 10:00").isoformat(),
        "delivery_due": at("07-09 10:00").isoformat(),
        "client_notified_at": at("07-06 10:00").isoformat(),
        "client_told_by": "mail",
    }


def test_during_a_wait_there_is_no_date_before() -> None:
    put = Postponement(None, at("07-09 10:00"), "The host is late", "mail")

    change = postponed(a_ticket(), put, on=on("07-06 10:00"))

    assert change.events[0].before == {"postponed_to": None, "delivery_due": None}


# How it reads in a report.


@pytest.mark.parametrize(
    ("clock", "now", "expected"),
    [
        (only_clock(BATCHED, OPENED), "07-06 10:00", PromiseOutcome.PENDING),
        (delivery(), "07-06 10:00", PromiseOutcome.RUNNING),
        (delivery(), "07-08 10:00", PromiseOutcome.BREACHED),
        (delivery(fact("07-06 10:00", Fact.DELIVERED)), "07-08 10:00", PromiseOutcome.MET),
        (delivery(fact("07-08 10:00", Fact.DELIVERED)), "07-08 11:00", PromiseOutcome.BREACHED),
        (delivery(fact("07-06 10:00", Fact.CANCELLED)), "07-08 10:00", PromiseOutcome.CANCELLED),
    ],
)
def test_without_a_postponement_a_promise_is_kept_or_not(
    clock: SlaClock, now: str, expected: PromiseOutcome
) -> None:
    assert promise_outcome(clock, at=at(now)) is expected


IN_TIME = put_off("07-06 11:00", "07-09 10:00")
LATE = put_off("07-08 10:00", "07-09 10:00")
NEVER = fact("07-09 09:00", Fact.CANCELLED)
WAITING = fact("07-08 11:00", Fact.PAUSED)
DELIVERED = fact("07-09 09:30", Fact.DELIVERED)
DELIVERED_LATE = fact("07-10 09:30", Fact.DELIVERED)


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        ((IN_TIME,), "07-08 10:00", PromiseOutcome.POSTPONED),
        ((IN_TIME,), "07-09 10:00", PromiseOutcome.BREACHED),
        ((IN_TIME, DELIVERED), "07-20 09:00", PromiseOutcome.POSTPONED),
        ((IN_TIME, DELIVERED_LATE), "07-20 09:00", PromiseOutcome.BREACHED),
        ((IN_TIME, NEVER), "07-20 09:00", PromiseOutcome.CANCELLED),
        ((LATE,), "07-09 09:00", PromiseOutcome.BREACHED_DOCUMENTED),
        ((LATE,), "07-09 10:30", PromiseOutcome.BREACHED),
        ((LATE, DELIVERED), "07-20 09:00", PromiseOutcome.BREACHED_DOCUMENTED),
        ((LATE, DELIVERED_LATE), "07-20 09:00", PromiseOutcome.BREACHED),
        (
            (LATE, fact("07-08 11:00", Fact.PAUSED)),
            "07-20 09:00",
            PromiseOutcome.BREACHED_DOCUMENTED,
        ),
    ],
)
def test_put_off_in_time_late_or_never(
    facts: tuple[ClockFact, ...], now: str, expected: PromiseOutcome
) -> None:
    assert promise_outcome(delivery(*facts), at=at(now)) is expected
