"""What a clock counts and what it does not: pauses, and the ends of a clock."""

from dataclasses import replace

import pytest

from helpdesk.domain.clock_facts import ClockFactKind
from helpdesk.domain.sla import (
    ClockStart,
    SlaMetric,
    SlaState,
    Stretch,
    StretchKind,
    Target,
)
from helpdesk.domain.sla_policy import PAUSABLE, USUAL_PAUSES
from helpdesk.domain.waiting import WaitingOn
from tests.factories import (
    NINE_TO_FIVE,
    TIMELINES,
    a_policy,
    a_target,
    at,
    clocks_of,
    fact,
    only_clock,
)

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
WROTE, RESOLVED = ClockFactKind.CLIENT_WROTE, ClockFactKind.RESOLVED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
DELIVERED, CANCELLED = ClockFactKind.DELIVERED, ClockFactKind.CANCELLED
RESOLUTION = SlaMetric.RESOLUTION
PAUSED_BY_ALL = dict.fromkeys(WaitingOn, PAUSABLE)

MONDAY_OPENED = fact("07-06 09:00", OPENED)
EIGHT_HOURS = a_target(RESOLUTION, hours=8, starts_on=ClockStart.OPENING)
POLICY = a_policy(EIGHT_HOURS)


def stretch(start: str, end: str | None, kind: StretchKind, reason: str | None = None) -> Stretch:
    """Return a stretch under the promise of eight hours."""
    return Stretch(at(start), None if end is None else at(end), kind, reason, EIGHT_HOURS, 1)


def on_nine_to_five(metric: SlaMetric = RESOLUTION) -> Target:
    return a_target(metric, hours=8, starts_on=ClockStart.OPENING, calendar_id=NINE_TO_FIVE)


def test_a_pause_over_a_weekend_is_worth_its_business_time_alone() -> None:
    clock = only_clock(
        a_policy(on_nine_to_five()),
        fact("07-10 10:00", OPENED),
        fact("07-10 16:00", PAUSED),
        fact("07-13 09:00", RESUMED),
    )

    assert clock.deadline_at == at("07-13 11:00")
    assert clock.counted_seconds == 6 * 3600


def test_a_paused_clock_has_no_deadline_and_no_breach() -> None:
    clock = only_clock(POLICY, MONDAY_OPENED, fact("07-06 11:00", PAUSED))

    assert clock.state(at("07-31 09:00")) is SlaState.PAUSED
    assert clock.paused_since == at("07-06 11:00")
    assert clock.deadline_at is None
    assert clock.breached_at is None
    assert clock.at_risk_at is None
    assert clock.reading(at("07-31 09:00"), TIMELINES.of(EIGHT_HOURS)).remaining_seconds == 6 * 3600


def test_a_breached_clock_that_is_paused_stays_breached() -> None:
    clock = only_clock(POLICY, MONDAY_OPENED, fact("07-08 09:00", PAUSED))

    assert clock.state(at("07-08 10:00")) is SlaState.BREACHED
    assert clock.breached_at == clock.deadline_at == at("07-07 09:30")


def test_a_promise_consumed_to_the_second_before_a_pause_breaks_when_strict() -> None:
    facts = (MONDAY_OPENED, fact("07-06 11:00", PAUSED))
    target = a_target(RESOLUTION, hours=2, starts_on=ClockStart.OPENING)

    strict = only_clock(a_policy(target), *facts)
    inclusive = only_clock(a_policy(replace(target, is_strict=False)), *facts)

    assert strict.breached_at == at("07-06 11:00")
    assert inclusive.breached_at is None
    assert inclusive.deadline_at == at("07-06 11:00")


def test_an_inclusive_promise_consumed_before_a_pause_breaks_when_the_work_goes_on() -> None:
    target = a_target(RESOLUTION, starts_on=ClockStart.OPENING, is_strict=False)

    clock = only_clock(
        a_policy(target),
        MONDAY_OPENED,
        fact("07-06 11:00", PAUSED),
        fact("07-06 20:00", RESUMED),
    )

    assert clock.breached_at == at("07-07 09:00:01")
    assert clock.state(at("07-07 09:00")) is SlaState.AT_RISK


@pytest.mark.parametrize("is_pausing", [True, False])
def test_a_third_party_pauses_only_where_the_contract_says_so(*, is_pausing: bool) -> None:
    policy = a_policy(EIGHT_HOURS, pauses=PAUSED_BY_ALL if is_pausing else USUAL_PAUSES)

    clock = only_clock(
        policy, MONDAY_OPENED, fact("07-06 11:00", PAUSED, waiting_on=WaitingOn.THIRD_PARTY)
    )

    assert (clock.paused_since is not None) is is_pausing
    assert (clock.deadline_at is None) is is_pausing


@pytest.mark.parametrize("metric", [SlaMetric.FIRST_RESPONSE, SlaMetric.NEXT_RESPONSE])
def test_a_missing_answer_is_never_excused_by_a_wait(metric: SlaMetric) -> None:
    policy = a_policy(a_target(metric), pauses=PAUSED_BY_ALL)
    answered = [fact("07-06 09:00", ANSWERED)] if metric is SlaMetric.NEXT_RESPONSE else []

    clock = only_clock(
        policy,
        MONDAY_OPENED,
        *answered,
        fact("07-06 09:00", WROTE),
        fact("07-06 09:30", PAUSED),
    )

    assert clock.paused_since is None
    assert clock.deadline_at == at("07-06 11:00")
    assert clock.breached_at == at("07-06 11:00")


def test_a_delivery_waits_too() -> None:
    policy = a_policy(a_target(SlaMetric.DELIVERY))

    clock = only_clock(policy, MONDAY_OPENED, fact("07-06 10:00", PAUSED))

    assert clock.state(at("07-06 18:00")) is SlaState.PAUSED


def test_a_ticket_created_waiting_has_consumed_nothing() -> None:
    clock = only_clock(POLICY, MONDAY_OPENED, fact("07-06 09:00", PAUSED))

    assert clock.state(at("07-08 09:00")) is SlaState.PAUSED
    assert clock.reading(at("07-08 09:00"), TIMELINES.of(EIGHT_HOURS)).elapsed_seconds == 0
    assert clock.stretches == (stretch("07-06 09:00", None, StretchKind.PAUSED, "CLIENT"),)


def test_a_ticket_created_waiting_starts_to_count_when_it_resumes() -> None:
    clock = only_clock(
        POLICY, MONDAY_OPENED, fact("07-06 09:00", PAUSED), fact("07-07 09:00", RESUMED)
    )

    assert clock.deadline_at == at("07-08 09:30")


def test_an_answer_during_a_wait_starts_a_resolution_that_waits() -> None:
    clock = only_clock(
        a_policy(a_target(RESOLUTION)),
        MONDAY_OPENED,
        fact("07-06 10:00", PAUSED),
        fact("07-06 11:00", ANSWERED),
    )

    assert clock.started_at == at("07-06 11:00")
    assert clock.paused_since == at("07-06 11:00")


def test_a_pause_of_no_length_changes_nothing() -> None:
    paused, resumed = fact("07-06 10:00", PAUSED), fact("07-06 10:00", RESUMED)

    clock = only_clock(POLICY, MONDAY_OPENED, paused, resumed)

    assert clock.deadline_at == only_clock(POLICY, MONDAY_OPENED).deadline_at
    assert clock.stretches == (
        stretch("07-06 09:00", "07-06 10:00", StretchKind.COUNTED),
        stretch("07-06 10:00", None, StretchKind.COUNTED),
    )


def test_a_wait_that_turns_into_another_is_told_with_both_reasons() -> None:
    clock = only_clock(
        a_policy(EIGHT_HOURS, pauses=PAUSED_BY_ALL),
        MONDAY_OPENED,
        fact("07-06 10:00", PAUSED),
        fact("07-06 11:00", PAUSED, waiting_on=WaitingOn.THIRD_PARTY),
        fact("07-06 12:00", RESUMED),
    )

    assert clock.stretches == (
        stretch("07-06 09:00", "07-06 10:00", StretchKind.COUNTED),
        stretch("07-06 10:00", "07-06 11:00", StretchKind.PAUSED, "CLIENT"),
        stretch("07-06 11:00", "07-06 12:00", StretchKind.PAUSED, "THIRD_PARTY"),
        stretch("07-06 12:00", None, StretchKind.COUNTED),
    )


@pytest.mark.parametrize("kind", [WROTE, ANSWERED])
def test_a_message_ends_no_pause_by_itself(kind: ClockFactKind) -> None:
    clock = only_clock(
        POLICY, MONDAY_OPENED, fact("07-06 10:00", PAUSED), fact("07-06 11:00", kind)
    )

    assert clock.paused_since == at("07-06 10:00")


# Ends.


def test_a_ticket_resolved_while_it_waits_did_not_consume_the_wait() -> None:
    clock = only_clock(
        a_policy(on_nine_to_five()),
        fact("07-10 10:00", OPENED),
        fact("07-10 16:00", PAUSED),
        fact("07-13 09:00", RESOLVED),
    )

    assert clock.state(at("07-13 09:00")) is SlaState.MET
    assert clock.counted_seconds == 6 * 3600
    assert clock.deadline_at == at("07-13 11:00")


def test_a_delivery_during_a_wait_ends_the_wait() -> None:
    resolution, delivery = clocks_of(
        a_policy(EIGHT_HOURS, a_target(SlaMetric.DELIVERY, hours=8)),
        MONDAY_OPENED,
        fact("07-06 10:00", PAUSED),
        fact("07-06 11:00", DELIVERED),
    )

    assert delivery.stopped_at == at("07-06 11:00")
    assert delivery.counted_seconds == 3600
    assert resolution.running_since == at("07-06 11:00")
    assert resolution.deadline_at == at("07-07 10:30")


def test_what_is_overdue_freezes_when_the_clock_stops() -> None:
    clock = only_clock(POLICY, MONDAY_OPENED, fact("07-07 11:30", RESOLVED))

    readings = {
        clock.reading(at(text), TIMELINES.of(EIGHT_HOURS))
        for text in ("07-07 11:30", "07-08 09:00", "12-30 09:00")
    }

    (reading,) = readings
    assert reading.state is SlaState.MISSED
    assert reading.overdue_seconds == 2 * 3600
    assert reading.elapsed_seconds == 10 * 3600
    assert reading.remaining_seconds is None


@pytest.mark.parametrize("metric", list(SlaMetric))
def test_a_cancelled_ticket_cancels_every_clock(metric: SlaMetric) -> None:
    facts = [MONDAY_OPENED]
    if metric is SlaMetric.NEXT_RESPONSE:
        facts += [fact("07-06 09:00", ANSWERED), fact("07-06 09:00", WROTE)]

    clock = only_clock(a_policy(a_target(metric)), *facts, fact("07-06 10:00", CANCELLED))

    assert clock.cancelled_at == at("07-06 10:00")
    assert clock.state(at("12-30 09:00")) is SlaState.CANCELLED
    assert clock.deadline_at is None
    assert clock.breached_at is None
    assert clock.at_risk_at is None


def test_a_clock_that_was_stopped_is_not_cancelled_afterwards() -> None:
    facts = (MONDAY_OPENED, fact("07-06 10:00", ANSWERED))

    cancelled = only_clock(a_policy(a_target()), *facts, fact("07-06 11:00", CANCELLED))

    assert cancelled == only_clock(a_policy(a_target()), *facts)
