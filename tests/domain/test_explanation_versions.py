"""A story names what closed the calendar, and the versions of hours and terms it was read from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from helpdesk.domain.business_time import (
    BusinessHours,
    HoursVersion,
    Span,
    Weekday,
    compile_versions,
)
from helpdesk.domain.clock_facts import ClockFactKind as Fact
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.explanation import ClockSegment, SegmentKind, explained
from helpdesk.domain.sla import ClockStart, SlaClock, SlaMetric, Timelines
from tests.domain.business_calendars import ALWAYS, FIRST, LAST, PARIS, WORKING_WEEK, spans
from tests.factories import OFFICE, a_policy, a_target, at, fact

OPENED = fact("07-06 09:00", Fact.OPENED)
COUNTED, CLOSED = SegmentKind.COUNTED, SegmentKind.CLOSED_HOURS
HOLIDAY = SegmentKind.HOLIDAY
EIGHT_HOURS = a_policy(a_target(SlaMetric.RESOLUTION, hours=8, starts_on=ClockStart.OPENING))


def hours(
    *texts: str,
    zone: str = "Europe/Paris",
    holidays: frozenset[date] = frozenset(),
    overrides: Mapping[date, tuple[Span, ...]] | None = None,
    closures: tuple[str, ...] = (),
    days: list[Weekday] = WORKING_WEEK,
) -> BusinessHours:
    week = dict.fromkeys(days, spans(*(texts or ("09:00-17:00",))))
    return BusinessHours(
        zone, week, holidays=holidays, overrides=overrides or {}, recurring_closures=closures
    )


def versions(*dated: tuple[str, BusinessHours]) -> Timelines:
    spliced = [
        HoursVersion(at(since), said, number) for number, (since, said) in enumerate(dated, 1)
    ]
    return Timelines({OFFICE: compile_versions(spliced, FIRST, LAST)}, ALWAYS)


def clock_on(timelines: Timelines) -> SlaClock:
    (clock,) = reduced_clocks((OPENED,), EIGHT_HOURS, timelines)
    return clock


def story(timelines: Timelines, start: str, end: str) -> list[tuple[object, ...]]:
    """Return what is told of the time between two instants of a clock that runs all year."""
    running = replace(clock_on(timelines), started_at=at(start))
    [stretch] = running.stretches
    running = replace(running, stretches=(replace(stretch, start=at(start)),))
    told = explained(running, opened_at=at(start), at=at(end), timelines=timelines)
    assert sum(one.seconds for one in told) == timelines.by_calendar[OFFICE].elapsed(
        at(start), at(end)
    )
    return [(wall(one.start), wall(one.end), *what(one)) for one in told]


def wall(instant: datetime) -> str:
    assert instant.tzinfo is UTC
    return instant.astimezone(PARIS).strftime("%m-%d %H:%M")


def what(segment: ClockSegment) -> tuple[object, ...]:
    return segment.kind, segment.reason, segment.calendar_version


def test_a_closed_day_is_a_closure_and_not_a_night() -> None:
    timelines = versions(("01-01 00:00", hours(overrides={date(2026, 8, 14): ()})))

    assert story(timelines, "08-13 16:00", "08-17 10:00") == [
        ("08-13 16:00", "08-13 17:00", COUNTED, None, 1),
        ("08-13 17:00", "08-14 00:00", CLOSED, None, 1),
        ("08-14 00:00", "08-15 00:00", CLOSED, "CLOSURE", 1),
        ("08-15 00:00", "08-17 09:00", CLOSED, None, 1),
        ("08-17 09:00", "08-17 10:00", COUNTED, None, 1),
    ]


def test_a_closure_that_comes_again_says_so() -> None:
    every_tuesday = "DTSTART:20260101T000000\nRRULE:FREQ=WEEKLY;BYDAY=TU"
    timelines = versions(("01-01 00:00", hours(closures=(every_tuesday,))))

    assert story(timelines, "07-06 17:00", "07-08 09:00") == [
        ("07-06 17:00", "07-07 00:00", CLOSED, None, 1),
        ("07-07 00:00", "07-08 00:00", CLOSED, "RECURRING_CLOSURE", 1),
        ("07-08 00:00", "07-08 09:00", CLOSED, None, 1),
    ]


def test_a_closure_next_to_a_holiday_is_told_apart() -> None:
    timelines = versions(
        (
            "01-01 00:00",
            hours(holidays=frozenset({date(2026, 7, 14)}), overrides={date(2026, 7, 13): ()}),
        )
    )

    assert story(timelines, "07-13 00:00", "07-15 00:00") == [
        ("07-13 00:00", "07-14 00:00", CLOSED, "CLOSURE", 1),
        ("07-14 00:00", "07-15 00:00", HOLIDAY, None, 1),
    ]


def test_a_story_is_cut_where_another_version_takes_over_in_open_time() -> None:
    timelines = versions(("01-01 00:00", hours()), ("07-07 12:00", hours("09:00-20:00")))

    assert story(timelines, "07-07 09:00", "07-07 20:00") == [
        ("07-07 09:00", "07-07 12:00", COUNTED, None, 1),
        ("07-07 12:00", "07-07 20:00", COUNTED, None, 2),
    ]


def test_a_story_is_cut_where_another_version_takes_over_in_closed_time() -> None:
    summer = hours(holidays=frozenset({date(2026, 7, 8)}))
    timelines = versions(("01-01 00:00", hours()), ("07-07 22:00", summer))

    assert story(timelines, "07-07 17:00", "07-09 09:00") == [
        ("07-07 17:00", "07-07 22:00", CLOSED, None, 1),
        ("07-07 22:00", "07-08 00:00", CLOSED, None, 2),
        ("07-08 00:00", "07-09 00:00", HOLIDAY, None, 2),
        ("07-09 00:00", "07-09 09:00", CLOSED, None, 2),
    ]


def test_a_holiday_of_an_earlier_version_is_told_by_that_version() -> None:
    with_holiday = hours(holidays=frozenset({date(2026, 7, 7)}))
    timelines = versions(("01-01 00:00", with_holiday), ("09-01 00:00", hours()))

    assert story(timelines, "07-07 00:00", "07-08 00:00") == [
        ("07-07 00:00", "07-08 00:00", HOLIDAY, None, 1),
    ]


def test_midnights_are_those_of_the_version_in_force() -> None:
    new_york = hours(zone="America/New_York", holidays=frozenset({date(2026, 7, 8)}))
    timelines = versions(("01-01 00:00", hours()), ("07-07 00:00", new_york))

    # Midnight in New York is six in the morning in Paris.
    assert story(timelines, "07-08 00:00", "07-09 06:30") == [
        ("07-08 00:00", "07-08 06:00", CLOSED, None, 2),
        ("07-08 06:00", "07-09 06:00", HOLIDAY, None, 2),
        ("07-09 06:00", "07-09 06:30", CLOSED, None, 2),
    ]


def test_a_takeover_between_two_seconds_counts_as_the_second_it_lies_in() -> None:
    since = at("07-07 12:00").replace(microsecond=700_000)
    spliced = [HoursVersion(at("01-01 00:00"), hours(), 1), HoursVersion(since, hours(), 2)]
    timelines = Timelines({OFFICE: compile_versions(spliced, FIRST, LAST)}, ALWAYS)

    assert story(timelines, "07-07 11:00", "07-07 13:00") == [
        ("07-07 11:00", "07-07 12:00", COUNTED, None, 1),
        ("07-07 12:00", "07-07 13:00", COUNTED, None, 2),
    ]


def test_a_pause_was_read_from_no_calendar() -> None:
    timelines = versions(("01-01 00:00", hours()))
    facts = (OPENED, fact("07-06 10:00", Fact.PAUSED))
    (clock,) = reduced_clocks(facts, EIGHT_HOURS, timelines)

    told = explained(clock, opened_at=OPENED.at, at=at("07-06 11:00"), timelines=timelines)

    assert [what(one) for one in told] == [
        (COUNTED, None, 1),
        (SegmentKind.PAUSED, "CLIENT", None),
    ]


def test_each_part_names_the_terms_that_it_falls_under() -> None:
    timelines = versions(("01-01 00:00", hours()))
    clock = clock_on(timelines)
    [stretch] = clock.stretches
    parts = (
        replace(stretch, end=at("07-06 10:00"), terms_version=1),
        replace(stretch, start=at("07-06 10:00"), terms_version=2),
    )

    told = explained(
        replace(clock, stretches=parts),
        opened_at=at("07-06 08:00"),
        at=at("07-06 11:00"),
        timelines=timelines,
    )

    assert [one.terms_version for one in told] == [None, 1, 2]
