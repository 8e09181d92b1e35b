"""What starts and stops a clock, when it is due and broken, and what a new priority changes."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.business_time import BusinessHours, Weekday
from helpdesk.domain.clock_facts import ClockFactKind
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaState, TargetUnit
from tests.domain.business_calendars import compiled, spans
from tests.factories import (
    TIMELINES,
    a_day_target,
    a_policy,
    a_target,
    at,
    clocks_of,
    fact,
    only_clock,
)

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
WROTE, RESOLVED = ClockFactKind.CLIENT_WROTE, ClockFactKind.RESOLVED
DELIVERED, PRIORITY_SET = ClockFactKind.DELIVERED, ClockFactKind.PRIORITY_SET
RESOLUTION = SlaMetric.RESOLUTION


def test_a_first_response_is_due_when_its_hours_are_consumed() -> None:
    clock = only_clock(a_policy(a_target(hours=4)), fact("07-10 17:00", OPENED))

    assert clock.started_at == at("07-10 17:00")
    assert clock.deadline_at == at("07-13 12:00")
    assert clock.breached_at == at("07-13 12:00")
    assert clock.allowance_seconds == 4 * 3600
    assert clock.state(at("07-10 18:00")) is SlaState.RUNNING


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        pytest.param("07-06 12:45", "07-06 14:30", id="at lunch"),
        pytest.param("07-06 18:00", "07-07 09:30", id="at closing"),
        pytest.param("07-04 11:00", "07-06 09:30", id="on Saturday"),
        pytest.param("07-06 12:00", "07-06 12:30", id="due at the closing before lunch"),
        pytest.param("07-06 17:30", "07-06 18:00", id="due at the closing of the day"),
    ],
)
def test_half_an_hour_counts_only_while_the_office_is_open(opened: str, due: str) -> None:
    clock = only_clock(a_policy(a_target(hours=0.5)), fact(opened, OPENED))

    assert clock.deadline_at == at(due)


def test_an_answer_while_the_office_is_closed_has_consumed_nothing() -> None:
    clock = only_clock(
        a_policy(a_target()), fact("07-04 11:00", OPENED), fact("07-05 11:00", ANSWERED)
    )

    assert clock.counted_seconds == 0
    assert clock.state(at("07-05 11:00")) is SlaState.MET


@pytest.mark.parametrize("kind", [WROTE, DELIVERED, ClockFactKind.PAUSED, PRIORITY_SET])
def test_only_an_agents_answer_stops_the_first_response(kind: ClockFactKind) -> None:
    clock = only_clock(a_policy(a_target()), fact("07-06 09:00", OPENED), fact("07-06 10:00", kind))

    assert clock.stopped_at is None
    assert clock.deadline_at == at("07-06 11:00")
    assert clock.state(at("07-06 11:00")) is SlaState.BREACHED


def test_a_later_answer_moves_no_first_response() -> None:
    facts = (fact("07-06 09:00", OPENED), fact("07-06 10:00", ANSWERED))

    clock = only_clock(a_policy(a_target()), *facts, fact("07-06 17:00", ANSWERED))

    assert clock == only_clock(a_policy(a_target()), *facts)
    assert clock.stopped_at == at("07-06 10:00")


def test_a_ticket_resolved_without_an_answer_waits_for_none() -> None:
    clock = only_clock(
        a_policy(a_target()), fact("07-06 09:00", OPENED), fact("07-06 10:30", RESOLVED)
    )

    assert clock.stopped_at == at("07-06 10:30")
    assert clock.counted_seconds == 5400


# Resolution and delivery.


def test_a_resolution_is_pending_until_the_first_response() -> None:
    clock = only_clock(a_policy(a_target(RESOLUTION, hours=8)), fact("07-06 09:00", OPENED))

    assert clock.state(at("07-08 09:00")) is SlaState.PENDING
    assert clock.started_at is None
    assert clock.deadline_at is None
    assert clock.allowance_seconds is None
    assert clock.stretches == ()


def test_a_resolution_starts_at_the_first_response() -> None:
    policy = a_policy(a_target(RESOLUTION, hours=4))

    clock = only_clock(policy, fact("07-06 09:00", OPENED), fact("07-06 10:00", ANSWERED))

    assert clock.started_at == at("07-06 10:00")
    assert clock.deadline_at == at("07-06 15:30")


def test_a_resolution_starts_at_the_opening_where_the_contract_says_so() -> None:
    policy = a_policy(a_target(RESOLUTION, hours=4, starts_on=ClockStart.OPENING))

    clock = only_clock(policy, fact("07-06 09:00", OPENED), fact("07-06 10:00", ANSWERED))

    assert clock.started_at == at("07-06 09:00")
    assert clock.deadline_at == at("07-06 14:30")


def test_a_resolution_before_any_answer_consumed_nothing() -> None:
    policy = a_policy(a_target(RESOLUTION))

    clock = only_clock(policy, fact("07-06 09:00", OPENED), fact("07-06 10:00", RESOLVED))

    assert clock.started_at == clock.stopped_at == at("07-06 10:00")
    assert clock.counted_seconds == 0
    assert clock.state(at("07-06 10:00")) is SlaState.MET


def test_a_delivery_does_not_stop_the_resolution() -> None:
    policy = a_policy(a_target(SlaMetric.DELIVERY), a_target(RESOLUTION))

    resolution, delivery = clocks_of(
        policy,
        fact("07-06 09:00", OPENED),
        fact("07-06 09:30", ANSWERED),
        fact("07-06 10:00", DELIVERED),
    )

    assert delivery.stopped_at == at("07-06 10:00")
    assert resolution.stopped_at is None
    assert resolution.deadline_at == at("07-06 11:30")


def test_a_ticket_resolved_without_a_delivery_waits_for_none() -> None:
    policy = a_policy(a_target(SlaMetric.DELIVERY))

    clock = only_clock(policy, fact("07-06 09:00", OPENED), fact("07-06 10:00", RESOLVED))

    assert clock.stopped_at == at("07-06 10:00")


def test_a_ticket_has_a_clock_for_each_promise_in_order() -> None:
    policy = a_policy(*(a_target(metric) for metric in reversed(SlaMetric)))

    clocks = clocks_of(
        policy,
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", ANSWERED),
        fact("07-06 11:00", WROTE),
    )

    assert [clock.metric for clock in clocks] == [*SlaMetric, SlaMetric.UPDATE]


def test_what_was_not_promised_has_no_clock() -> None:
    assert (
        clocks_of(a_policy(by_priority={Priority.P0: (a_target(),)}), fact("07-06 09:00", OPENED))
        == ()
    )


def test_a_promise_in_calendar_minutes_never_sleeps() -> None:
    target = a_target(hours=24, unit=TargetUnit.CALENDAR_MINUTES, calendar_id=None)

    clock = only_clock(a_policy(target), fact("07-10 17:00", OPENED))

    assert clock.deadline_at == at("07-11 17:00")


def test_twenty_four_hours_around_the_clock_change_are_twenty_four_hours() -> None:
    target = a_target(hours=24, unit=TargetUnit.CALENDAR_MINUTES, calendar_id=None)

    spring = only_clock(a_policy(target), fact("03-28 12:00", OPENED))
    autumn = only_clock(a_policy(target), fact("10-24 12:00", OPENED))

    assert spring.deadline_at == at("03-29 13:00")
    assert autumn.deadline_at == at("10-25 11:00")


# Strict and inclusive promises.


@pytest.mark.parametrize(
    ("answered", "is_strict", "state"),
    [
        ("07-06 10:59:59", True, SlaState.MET),
        ("07-06 11:00:00", True, SlaState.MISSED),
        ("07-06 11:00:00", False, SlaState.MET),
        ("07-06 11:00:01", False, SlaState.MISSED),
    ],
)
def test_the_exact_second_is_late_for_a_strict_promise_alone(
    *, answered: str, is_strict: bool, state: SlaState
) -> None:
    policy = a_policy(a_target(is_strict=is_strict))

    clock = only_clock(policy, fact("07-06 09:00", OPENED), fact(answered, ANSWERED))

    assert clock.state(at(answered)) is state
    assert clock.deadline_at == at("07-06 11:00")


@pytest.mark.parametrize(
    ("answered", "is_strict", "state"),
    [
        pytest.param("07-06 20:00", True, SlaState.MISSED, id="strict, in the evening"),
        pytest.param("07-06 20:00", False, SlaState.MET, id="inclusive, in the evening"),
        pytest.param("07-07 09:00", False, SlaState.MET, id="inclusive, at the next opening"),
        pytest.param("07-07 09:00:01", False, SlaState.MISSED, id="inclusive, a second later"),
    ],
)
def test_a_promise_consumed_at_closing_time(
    *, answered: str, is_strict: bool, state: SlaState
) -> None:
    policy = a_policy(a_target(is_strict=is_strict))

    clock = only_clock(policy, fact("07-06 16:00", OPENED), fact(answered, ANSWERED))

    assert clock.counted_seconds >= 7200
    assert clock.deadline_at == at("07-06 18:00")
    assert clock.state(at(answered)) is state


@pytest.mark.parametrize(
    ("is_strict", "broken"), [(True, "07-06 18:00"), (False, "07-07 09:00:01")]
)
def test_a_promise_breaks_at_closing_when_strict_else_at_the_next_opening(
    *, is_strict: bool, broken: str
) -> None:
    clock = only_clock(a_policy(a_target(is_strict=is_strict)), fact("07-06 16:00", OPENED))

    assert clock.deadline_at == at("07-06 18:00")
    assert clock.breached_at == at(broken)


# Days.


@pytest.mark.parametrize(
    ("opened", "unit", "due"),
    [
        ("07-10 15:00", TargetUnit.BUSINESS_DAYS_SAME_TIME, "07-14 15:00"),
        ("07-11 15:00", TargetUnit.BUSINESS_DAYS_SAME_TIME, "07-15 09:00"),
        ("07-10 15:00", TargetUnit.BUSINESS_DAYS_END_OF_DAY, "07-14 18:00"),
        ("07-10 19:00", TargetUnit.BUSINESS_DAYS_END_OF_DAY, "07-14 18:00"),
    ],
)
def test_two_working_days(opened: str, unit: TargetUnit, due: str) -> None:
    clock = only_clock(a_policy(a_day_target(2, unit)), fact(opened, OPENED))

    assert clock.deadline_at == at(due)


@pytest.mark.parametrize(
    ("stopped", "state"),
    [
        pytest.param("07-14 20:00", SlaState.MET, id="the evening before"),
        pytest.param("07-15 08:59:59", SlaState.MET, id="a second before"),
        pytest.param("07-15 09:00", SlaState.MISSED, id="on the dot"),
    ],
)
def test_a_target_of_days_at_the_same_time_breaks_at_that_time(
    stopped: str, state: SlaState
) -> None:
    policy = a_policy(a_day_target(2, TargetUnit.BUSINESS_DAYS_SAME_TIME))

    clock = only_clock(policy, fact("07-13 09:00", OPENED), fact(stopped, DELIVERED))

    assert clock.deadline_at == at("07-15 09:00")
    assert clock.state(at(stopped)) is state


def test_a_target_of_days_that_meets_a_shorter_day_is_due_at_its_closing() -> None:
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(list(Weekday)[:5], spans("09:00-18:00")),
        overrides={date(2026, 12, 24): spans("09:00-12:00")},
    )
    christmas = CalendarId("christmas")
    target = a_day_target(1, TargetUnit.BUSINESS_DAYS_SAME_TIME)
    policy = a_policy(replace(target, calendar_id=christmas))
    timelines = replace(TIMELINES, by_calendar={christmas: compiled(hours)})

    (clock,) = reduced_clocks([fact("12-23 15:00", OPENED)], policy, timelines)

    assert clock.deadline_at == clock.breached_at == at("12-24 12:00")


def test_a_pause_extends_a_target_of_days_in_business_time() -> None:
    policy = a_policy(a_day_target(2, TargetUnit.BUSINESS_DAYS_SAME_TIME))

    clock = only_clock(
        policy,
        fact("07-10 15:00", OPENED),
        fact("07-10 17:00", ClockFactKind.PAUSED),
        fact("07-13 10:00", ClockFactKind.RESUMED),
    )

    assert clock.deadline_at == at("07-14 17:00")
