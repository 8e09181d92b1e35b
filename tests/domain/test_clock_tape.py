"""What a clock counts and what it does not: pauses, answer cycles, reopening, cancelling."""

from dataclasses import replace

import pytest

from helpdesk.domain.clock_tape import ClockFact, ClockFactKind
from helpdesk.domain.sla import (
    ClockStart,
    SlaMetric,
    SlaPolicy,
    SlaState,
    Stretch,
    StretchKind,
    Target,
)
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
REOPENED = ClockFactKind.REOPENED
RESOLUTION = SlaMetric.RESOLUTION

MONDAY_OPENED = fact("07-06 09:00", OPENED)
EIGHT_HOURS = a_target(RESOLUTION, hours=8, starts_on=ClockStart.OPENING)
POLICY = a_policy(EIGHT_HOURS)


def stretch(start: str, end: str | None, kind: StretchKind, reason: str | None = None) -> Stretch:
    """Return a stretch under the promise of eight hours."""
    return Stretch(at(start), None if end is None else at(end), kind, reason, EIGHT_HOURS)


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

    assert clock.breached_at == at("07-07 09:00")


@pytest.mark.parametrize("is_pausing", [True, False])
def test_a_third_party_pauses_only_where_the_contract_says_so(*, is_pausing: bool) -> None:
    policy = a_policy(EIGHT_HOURS, third_party_pauses=is_pausing)

    clock = only_clock(policy, MONDAY_OPENED, fact("07-06 11:00", PAUSED, is_third_party=True))

    assert (clock.paused_since is not None) is is_pausing
    assert (clock.deadline_at is None) is is_pausing


@pytest.mark.parametrize("metric", [SlaMetric.FIRST_RESPONSE, SlaMetric.NEXT_RESPONSE])
def test_a_missing_answer_is_never_excused_by_a_wait(metric: SlaMetric) -> None:
    policy = a_policy(a_target(metric), third_party_pauses=True)
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


def test_a_wait_that_turns_into_another_is_one_pause() -> None:
    clock = only_clock(
        a_policy(EIGHT_HOURS, third_party_pauses=True),
        MONDAY_OPENED,
        fact("07-06 10:00", PAUSED),
        fact("07-06 11:00", PAUSED, is_third_party=True),
        fact("07-06 12:00", RESUMED),
    )

    assert clock.stretches == (
        stretch("07-06 09:00", "07-06 10:00", StretchKind.COUNTED),
        stretch("07-06 10:00", "07-06 12:00", StretchKind.PAUSED, "CLIENT"),
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


@pytest.mark.parametrize("metric", [SlaMetric.FIRST_RESPONSE, SlaMetric.DELIVERY])
def test_what_was_given_once_is_not_taken_back_by_reopening(metric: SlaMetric) -> None:
    facts = (MONDAY_OPENED, fact("07-06 10:00", RESOLVED))

    reopened = only_clock(a_policy(a_target(metric)), *facts, fact("07-07 10:00", REOPENED))

    assert reopened == only_clock(a_policy(a_target(metric)), *facts)


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
