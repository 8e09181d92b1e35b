"""The story of a deadline: each segment, why it counted or not, and what it adds up to."""

from dataclasses import replace
from datetime import date, datetime

from helpdesk.domain.business_time import BusinessHours, Weekday
from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.explanation import ClockSegment, SegmentKind, explained
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import (
    ClockStart,
    SlaMetric,
    Timelines,
)
from helpdesk.domain.sla_policy import SlaPolicy
from tests.domain.business_calendars import ALWAYS, compiled, spans
from tests.factories import OFFICE, TIMELINES, a_policy, a_target, at, fact

OPENED, ANSWERED = ClockFactKind.OPENED, ClockFactKind.AGENT_ANSWERED
PAUSED, RESUMED = ClockFactKind.PAUSED, ClockFactKind.RESUMED
FROM_OPENING = a_policy(a_target(SlaMetric.RESOLUTION, hours=8, starts_on=ClockStart.OPENING))
COUNTED, CLOSED = SegmentKind.COUNTED, SegmentKind.CLOSED_HOURS
HOLIDAY = SegmentKind.HOLIDAY


def with_holidays(*days: date) -> Timelines:
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(list(Weekday)[:5], spans("09:00-12:30", "14:00-18:00")),
        holidays=frozenset(days),
    )
    return Timelines({OFFICE: compiled(hours)}, ALWAYS)


def story(
    *facts: ClockFact,
    until: str | datetime,
    policy: SlaPolicy = FROM_OPENING,
    timelines: Timelines = TIMELINES,
) -> tuple[ClockSegment, ...]:
    (clock,) = reduced_clocks(facts, policy, timelines)
    end = at(until) if isinstance(until, str) else until
    return explained(clock, opened_at=facts[0].at, at=end, timelines=timelines)


def segment(
    start: str, end: str, kind: SegmentKind, hours: float, total: float, reason: str | None = None
) -> ClockSegment:
    return ClockSegment(
        start=at(start),
        end=at(end),
        kind=kind,
        reason=reason,
        seconds=round(hours * 3600),
        running_total=round(total * 3600),
        terms_version=None if kind is SegmentKind.BEFORE_START else 1,
    )


def test_lunch_and_night_are_closed_hours() -> None:
    assert story(fact("07-06 12:00", OPENED), until="07-07 09:30") == (
        segment("07-06 12:00", "07-06 12:30", COUNTED, 0.5, 0.5),
        segment("07-06 12:30", "07-06 14:00", CLOSED, 0, 0.5),
        segment("07-06 14:00", "07-06 18:00", COUNTED, 4, 4.5),
        segment("07-06 18:00", "07-07 09:00", CLOSED, 0, 4.5),
        segment("07-07 09:00", "07-07 09:30", COUNTED, 0.5, 5),
    )


def test_a_holiday_is_named_from_midnight_to_midnight() -> None:
    timelines = with_holidays(date(2026, 7, 14))

    assert story(fact("07-13 17:00", OPENED), until="07-15 10:00", timelines=timelines) == (
        segment("07-13 17:00", "07-13 18:00", COUNTED, 1, 1),
        segment("07-13 18:00", "07-14 00:00", CLOSED, 0, 1),
        segment("07-14 00:00", "07-15 00:00", HOLIDAY, 0, 1),
        segment("07-15 00:00", "07-15 09:00", CLOSED, 0, 1),
        segment("07-15 09:00", "07-15 10:00", COUNTED, 1, 2),
    )


def test_two_holidays_in_a_row_are_one_segment() -> None:
    timelines = with_holidays(date(2026, 12, 24), date(2026, 12, 25))

    told = story(fact("12-24 10:00", OPENED), until="12-25 20:00", timelines=timelines)

    assert told == (segment("12-24 10:00", "12-25 20:00", HOLIDAY, 0, 0),)


def test_a_weekend_over_the_clock_change_is_one_segment() -> None:
    assert story(fact("03-27 18:00", OPENED), until="03-30 09:00") == (
        segment("03-27 18:00", "03-30 09:00", CLOSED, 0, 0),
    )


def test_a_pause_is_told_with_its_reason_also_in_closed_hours() -> None:
    told = story(
        fact("07-06 11:00", OPENED),
        fact("07-06 12:00", PAUSED),
        fact("07-07 10:00", RESUMED),
        until="07-07 11:00",
    )

    assert told == (
        segment("07-06 11:00", "07-06 12:00", COUNTED, 1, 1),
        segment("07-06 12:00", "07-07 10:00", SegmentKind.PAUSED, 0, 1, "CLIENT"),
        segment("07-07 10:00", "07-07 11:00", COUNTED, 1, 2),
    )


def test_the_time_a_ticket_was_resolved_is_closed_not_paused() -> None:
    told = story(
        fact("07-06 11:00", OPENED),
        fact("07-06 12:00", ClockFactKind.RESOLVED),
        fact("07-07 10:00", ClockFactKind.REOPENED),
        until="07-07 11:00",
    )

    assert [part.kind for part in told] == [COUNTED, SegmentKind.TICKET_CLOSED, COUNTED]


def test_what_came_before_the_start_is_told() -> None:
    policy = a_policy(a_target(SlaMetric.RESOLUTION, hours=8))

    told = story(
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", ANSWERED),
        until="07-06 11:00",
        policy=policy,
    )

    assert told == (
        segment("07-06 09:00", "07-06 10:00", SegmentKind.BEFORE_START, 0, 0),
        segment("07-06 10:00", "07-06 11:00", COUNTED, 1, 1),
    )


def test_a_pending_clock_has_only_what_comes_before_its_start() -> None:
    policy = a_policy(a_target(SlaMetric.RESOLUTION, hours=8))

    assert story(fact("07-06 09:00", OPENED), until="07-08 11:00", policy=policy) == (
        segment("07-06 09:00", "07-08 11:00", SegmentKind.BEFORE_START, 0, 0),
    )


def test_a_story_ends_with_its_clock() -> None:
    told = story(
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", ClockFactKind.RESOLVED),
        until="12-30 09:00",
    )

    assert told == (segment("07-06 09:00", "07-06 10:00", COUNTED, 1, 1),)


def test_a_story_told_until_earlier_stops_there() -> None:
    facts = (fact("07-06 09:00", OPENED), fact("07-06 11:00", PAUSED))

    assert story(*facts, until="07-06 10:00") == (
        segment("07-06 09:00", "07-06 10:00", COUNTED, 1, 1),
    )
    assert story(*facts, until="07-06 09:00") == ()


def test_a_promise_that_changed_cuts_the_story() -> None:
    told = story(
        fact("07-06 09:00", OPENED),
        fact("07-06 10:00", ClockFactKind.PRIORITY_SET, Priority.P1),
        until="07-06 11:00",
    )

    assert told == (
        segment("07-06 09:00", "07-06 10:00", COUNTED, 1, 1),
        segment("07-06 10:00", "07-06 11:00", COUNTED, 1, 2),
    )


def test_parts_of_a_second_leave_no_gap() -> None:
    opened = fact("07-06 09:00", OPENED)
    resumed = replace(fact("07-06 11:00", RESUMED), at=at("07-06 11:00").replace(microsecond=4))
    facts = (
        replace(opened, at=opened.at.replace(microsecond=700_000)),
        replace(fact("07-06 10:00", PAUSED), at=at("07-06 10:00").replace(microsecond=300_000)),
        resumed,
    )

    told = story(*facts, until=at("07-06 12:00").replace(microsecond=900_000))

    assert told == (
        segment("07-06 09:00", "07-06 10:00", COUNTED, 1, 1),
        segment("07-06 10:00", "07-06 11:00", SegmentKind.PAUSED, 0, 1, "CLIENT"),
        segment("07-06 11:00", "07-06 12:00", COUNTED, 1, 2),
    )
