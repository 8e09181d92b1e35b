"""What a clock makes of a ticket that comes back, and of a client who waits again and again."""

import pytest

from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.sla import (
    ClockResult,
    ClockStart,
    SlaMetric,
    SlaState,
    Stretch,
    StretchKind,
)
from helpdesk.domain.sla_policy import SlaPolicy
from tests.factories import (
    a_policy,
    a_target,
    at,
    clocks_of,
    fact,
    only_clock,
)

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
WROTE, RESOLVED = ClockFactKind.CLIENT_WROTE, ClockFactKind.RESOLVED
PAUSED = ClockFactKind.PAUSED
DELIVERED, CANCELLED = ClockFactKind.DELIVERED, ClockFactKind.CANCELLED
REOPENED = ClockFactKind.REOPENED
RESOLUTION = SlaMetric.RESOLUTION

MONDAY_OPENED = fact("07-06 09:00", OPENED)
EIGHT_HOURS = a_target(RESOLUTION, hours=8, starts_on=ClockStart.OPENING)
POLICY = a_policy(EIGHT_HOURS)


def stretch(start: str, end: str | None, kind: StretchKind, reason: str | None = None) -> Stretch:
    """Return a stretch under the promise of eight hours."""
    return Stretch(at(start), None if end is None else at(end), kind, reason, EIGHT_HOURS, 1)


# Reopening.


def test_the_time_a_ticket_was_resolved_is_never_counted() -> None:
    clock = only_clock(
        POLICY, MONDAY_OPENED, fact("07-06 11:00", RESOLVED), fact("07-09 11:00", REOPENED)
    )

    assert clock.state(at("07-09 11:00")) is SlaState.RUNNING
    assert clock.deadline_at == at("07-10 09:30")
    assert clock.stretches == (
        stretch("07-06 09:00", "07-06 11:00", StretchKind.COUNTED),
        stretch("07-06 11:00", "07-09 11:00", StretchKind.TICKET_CLOSED),
        stretch("07-09 11:00", None, StretchKind.COUNTED),
    )


def test_a_ticket_resolved_twice_stops_at_the_second_time() -> None:
    clock = only_clock(
        POLICY,
        MONDAY_OPENED,
        fact("07-06 11:00", RESOLVED),
        fact("07-09 11:00", REOPENED),
        fact("07-09 12:00", RESOLVED),
    )

    assert clock.stopped_at == at("07-09 12:00")
    assert clock.counted_seconds == 3 * 3600
    assert clock.state(at("07-09 12:00")) is SlaState.MET


def test_a_breach_before_the_resolution_stays_when_the_ticket_is_reopened() -> None:
    clock = only_clock(
        POLICY, MONDAY_OPENED, fact("07-08 11:00", RESOLVED), fact("07-09 11:00", REOPENED)
    )

    assert clock.state(at("07-09 11:00")) is SlaState.BREACHED
    assert clock.breached_at == at("07-07 09:30")


def test_a_first_response_is_not_taken_back_by_reopening() -> None:
    policy, facts = a_policy(a_target()), (MONDAY_OPENED, fact("07-06 10:00", RESOLVED))

    reopened = only_clock(policy, *facts, fact("07-07 10:00", REOPENED))

    assert reopened == only_clock(policy, *facts)


@pytest.mark.parametrize("end", [DELIVERED, RESOLVED])
def test_a_delivery_that_is_sent_back_is_owed_again(end: ClockFactKind) -> None:
    clock = only_clock(
        a_policy(a_target(SlaMetric.DELIVERY, hours=8)),
        MONDAY_OPENED,
        fact("07-06 10:00", end),
        fact("07-07 10:00", REOPENED),
    )

    assert clock.state(at("07-07 10:00")) is SlaState.RUNNING
    assert clock.deadline_at == at("07-08 09:30")
    assert clock.earlier_results == (ClockResult(at("07-06 10:00"), 3600, is_met=True),)


@pytest.mark.parametrize("metric", [SlaMetric.FIRST_RESPONSE, RESOLUTION, SlaMetric.DELIVERY])
def test_a_cancelled_ticket_that_is_reopened_goes_on_with_every_clock(metric: SlaMetric) -> None:
    target = a_target(metric, starts_on=ClockStart.OPENING)

    clock = only_clock(
        a_policy(target),
        MONDAY_OPENED,
        fact("07-06 10:00", CANCELLED),
        fact("07-07 10:00", REOPENED),
    )

    assert clock.cancelled_at is None
    assert clock.deadline_at == at("07-07 11:00")


def test_a_cancelled_ticket_that_is_reopened_still_owes_the_answer() -> None:
    clock = only_clock(
        a_policy(a_target(SlaMetric.NEXT_RESPONSE)),
        MONDAY_OPENED,
        fact("07-06 09:00", ANSWERED),
        fact("07-06 09:30", WROTE),
        fact("07-06 10:00", CANCELLED),
        fact("07-07 10:00", REOPENED),
    )

    assert clock.cycle == 1
    assert clock.deadline_at == at("07-07 11:30")


def test_a_clock_cancelled_before_its_start_is_pending_again_when_reopened() -> None:
    clock = only_clock(
        a_policy(a_target(RESOLUTION)),
        MONDAY_OPENED,
        fact("07-06 10:00", CANCELLED),
        fact("07-07 10:00", REOPENED),
    )

    assert clock.state(at("07-07 10:00")) is SlaState.PENDING
    assert clock.stretches == ()


@pytest.mark.parametrize("later", [WROTE, ANSWERED, ClockFactKind.PRIORITY_SET])
def test_a_wait_ends_with_the_ticket_and_does_not_come_back_with_it(later: ClockFactKind) -> None:
    clock = only_clock(
        POLICY,
        MONDAY_OPENED,
        fact("07-06 10:00", PAUSED),
        fact("07-06 11:00", CANCELLED),
        fact("07-07 10:00", REOPENED),
        fact("07-07 11:00", later),
    )

    assert clock.paused_since is None
    assert clock.running_since == at("07-07 10:00")
    assert clock.deadline_at == at("07-08 09:30")


def test_a_ticket_reopened_from_staging_never_stopped() -> None:
    facts = (MONDAY_OPENED, fact("07-06 11:00", DELIVERED))

    assert only_clock(POLICY, *facts, fact("07-07 10:00", REOPENED)) == only_clock(POLICY, *facts)


# Answer cycles.


NEXT = a_policy(a_target(SlaMetric.NEXT_RESPONSE))


def cycles(policy: SlaPolicy, *facts: ClockFact) -> list[tuple[int, SlaState]]:
    clocks = clocks_of(policy, MONDAY_OPENED, *facts)
    return [(clock.cycle, clock.state(facts[-1].at)) for clock in clocks]


def test_each_wait_for_an_answer_is_a_numbered_clock() -> None:
    assert cycles(
        NEXT,
        fact("07-06 10:00", ANSWERED),
        fact("07-06 11:00", WROTE),
        fact("07-06 14:00", ANSWERED),
        fact("07-07 09:00", WROTE),
        fact("07-07 12:00", ANSWERED),
        fact("07-07 14:00", WROTE),
    ) == [(1, SlaState.MET), (2, SlaState.MISSED), (3, SlaState.RUNNING)]


def test_the_oldest_unanswered_message_is_the_one_that_counts() -> None:
    clock = only_clock(
        NEXT,
        MONDAY_OPENED,
        fact("07-06 10:00", ANSWERED),
        fact("07-06 11:00", WROTE),
        fact("07-06 12:00", WROTE),
    )

    assert clock.started_at == at("07-06 11:00")
    assert clock.deadline_at == at("07-06 14:30")


def test_before_the_first_response_the_client_waits_for_that_one() -> None:
    assert cycles(NEXT, fact("07-06 10:00", WROTE), fact("07-06 11:00", ANSWERED)) == []


def test_a_resolution_answers_the_client() -> None:
    assert cycles(
        NEXT,
        fact("07-06 10:00", ANSWERED),
        fact("07-06 11:00", WROTE),
        fact("07-06 12:00", RESOLVED),
    ) == [(1, SlaState.MET)]


def test_a_client_who_writes_on_a_resolved_ticket_waits_for_an_answer() -> None:
    assert cycles(
        NEXT,
        fact("07-06 10:00", RESOLVED),
        fact("07-06 11:00", WROTE),
        fact("07-06 11:00", REOPENED),
    ) == [(1, SlaState.RUNNING)]
