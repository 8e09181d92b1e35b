"""A promise that can be measured, and what a clock shows at an instant."""

from dataclasses import replace

import pytest

from helpdesk.domain.business_time import Edge
from helpdesk.domain.clock_facts import ClockFactKind
from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import (
    ClockReading,
    ClockStart,
    SlaMetric,
    SlaState,
    TargetInvalid,
    TargetUnit,
    allowance_seconds,
    due_edge,
)
from helpdesk.domain.waiting import WaitingOn
from tests.factories import (
    OFFICE,
    TIMELINES,
    a_day_target,
    a_policy,
    a_target,
    at,
    fact,
    only_clock,
)

OFFICE_HOURS = TIMELINES.by_calendar[OFFICE]
OPENED = fact("07-06 09:00", ClockFactKind.OPENED)


@pytest.mark.parametrize("amount", [0, -5])
def test_a_promise_of_no_time_is_refused(amount: int) -> None:
    with pytest.raises(TargetInvalid) as refusal:
        a_target(amount=amount)

    assert refusal.value.code is ErrorCode.TARGET_INVALID
    assert refusal.value.message(Locale.EN) == (
        f"The FIRST_RESPONSE target is not measurable: amount {amount} is below 1."
    )


@pytest.mark.parametrize("unit", sorted(set(TargetUnit) - {TargetUnit.CALENDAR_MINUTES}))
def test_a_promise_in_business_time_names_its_calendar(unit: TargetUnit) -> None:
    with pytest.raises(TargetInvalid) as refusal:
        a_target(unit=unit, calendar_id=None)

    assert refusal.value.values["why"] == f"{unit} needs a calendar"
    assert a_target(unit=TargetUnit.CALENDAR_MINUTES, calendar_id=None).calendar_id is None


@pytest.mark.parametrize(
    ("metric", "starts"),
    [
        (SlaMetric.FIRST_RESPONSE, {ClockStart.OPENING}),
        (SlaMetric.NEXT_RESPONSE, {ClockStart.CLIENT_MESSAGE}),
        (SlaMetric.RESOLUTION, {ClockStart.OPENING, ClockStart.FIRST_RESPONSE}),
        (SlaMetric.DELIVERY, {ClockStart.OPENING, ClockStart.BATCH_OPENING}),
        (SlaMetric.UPDATE, {ClockStart.OPENING}),
    ],
)
def test_each_metric_knows_on_what_it_starts(metric: SlaMetric, starts: set[ClockStart]) -> None:
    for start in set(ClockStart) - starts:
        with pytest.raises(TargetInvalid) as refusal:
            a_target(metric, starts_on=start)
        assert refusal.value.values["why"] == f"it cannot start on {start}"
    assert {a_target(metric, starts_on=start).starts_on for start in starts} == starts


def test_a_policy_says_what_it_promises_for_a_priority() -> None:
    answer, work = a_target(), a_target(SlaMetric.RESOLUTION)
    policy = a_policy(by_priority={Priority.P0: (answer, work)})

    assert policy.target(SlaMetric.RESOLUTION, Priority.P0) is work
    assert policy.target(SlaMetric.DELIVERY, Priority.P0) is None
    assert policy.target(SlaMetric.RESOLUTION, Priority.P1) is None


def test_a_promise_in_calendar_minutes_counts_always_even_beside_a_calendar() -> None:
    around_the_clock = a_target(unit=TargetUnit.CALENDAR_MINUTES)

    assert TIMELINES.of(around_the_clock) is TIMELINES.always
    assert TIMELINES.of(a_target()) is OFFICE_HOURS


@pytest.mark.parametrize(
    ("start", "unit", "hours", "edge"),
    [
        ("07-06 11:00", TargetUnit.BUSINESS_DAYS_SAME_TIME, 7.5, Edge.OPENING),
        ("07-04 11:00", TargetUnit.BUSINESS_DAYS_SAME_TIME, 7.5, Edge.OPENING),
        ("07-06 11:00", TargetUnit.BUSINESS_DAYS_END_OF_DAY, 13, Edge.CLOSING),
        ("07-06 11:00", TargetUnit.BUSINESS_MINUTES, 1 / 60, Edge.CLOSING),
    ],
)
def test_a_promise_of_one_is_worth_the_open_time_until_it_is_due(
    start: str, unit: TargetUnit, hours: float, edge: Edge
) -> None:
    target = a_day_target(1, unit)

    assert allowance_seconds(target, at(start), OFFICE_HOURS) == round(hours * 3600)
    assert due_edge(target, at(start), OFFICE_HOURS) is edge


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("07-06 09:00", ClockReading(SlaState.RUNNING, 0, 7200, 0)),
        ("07-06 10:35", ClockReading(SlaState.RUNNING, 5700, 1500, 0)),
        ("07-06 10:36", ClockReading(SlaState.AT_RISK, 5760, 1440, 0)),
        ("07-06 10:59:59", ClockReading(SlaState.AT_RISK, 7199, 1, 0)),
        ("07-06 11:00", ClockReading(SlaState.BREACHED, 7200, 0, 0)),
        ("07-06 14:00", ClockReading(SlaState.BREACHED, 12600, 0, 5400)),
    ],
)
def test_a_clock_shows_what_is_left_then_what_is_overdue(text: str, reading: ClockReading) -> None:
    clock = only_clock(a_policy(a_target()), OPENED)

    assert clock.reading(at(text), OFFICE_HOURS) == reading


def test_the_warning_comes_at_the_share_that_the_contract_names() -> None:
    at_half = only_clock(a_policy(a_target(), at_risk_percent=50), OPENED)
    at_a_third = only_clock(a_policy(a_target(amount=1), at_risk_percent=33), OPENED)

    assert at_half.at_risk_at == at("07-06 10:00")
    assert at_a_third.at_risk_at == at("07-06 09:00:20")


def test_a_clock_that_stopped_never_was_at_risk() -> None:
    clock = only_clock(
        a_policy(a_target()), OPENED, fact("07-06 10:50", ClockFactKind.AGENT_ANSWERED)
    )

    assert clock.at_risk_at is None
    assert clock.reading(at("07-06 10:50"), OFFICE_HOURS) == ClockReading(
        SlaState.MET, 6600, None, 0
    )


def test_a_pending_clock_has_nothing_to_show() -> None:
    clock = only_clock(a_policy(a_target(SlaMetric.RESOLUTION)), OPENED)

    assert clock.reading(at("07-08 09:00"), OFFICE_HOURS) == ClockReading(
        SlaState.PENDING, 0, None, 0
    )


def test_a_running_clock_without_a_warning_just_runs() -> None:
    clock = replace(only_clock(a_policy(a_target()), OPENED), at_risk_at=None, breached_at=None)

    assert clock.state(at("12-30 09:00")) is SlaState.RUNNING


@pytest.mark.parametrize("paused", [frozenset(), frozenset({SlaMetric.RESOLUTION})])
def test_a_policy_says_whether_a_third_party_pauses_anything(
    paused: frozenset[SlaMetric],
) -> None:
    policy = a_policy(a_target(), pauses={WaitingOn.THIRD_PARTY: paused})

    assert policy.third_party_pauses is bool(paused)
    assert policy.is_paused_by(SlaMetric.RESOLUTION, WaitingOn.THIRD_PARTY) is bool(paused)
    assert not policy.is_paused_by(SlaMetric.RESOLUTION, WaitingOn.CLIENT)
    assert not policy.is_paused_by(SlaMetric.RESOLUTION, None)
