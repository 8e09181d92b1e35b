"""What holds of business time for every calendar, and an oracle that counts minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.domain.business_time import (
    BusinessHours,
    Edge,
    HoursVersion,
    Span,
    Weekday,
    compile_timeline,
    compile_versions,
)
from tests.domain.random_calendars import EASTER_MONDAY, FIRST, LAST, calendars

MINUTE = timedelta(minutes=1)
START, END = datetime(2026, 3, 23, 12, tzinfo=UTC), datetime(2026, 4, 11, tzinfo=UTC)
YEAR = compile_timeline(
    BusinessHours(
        "Europe/Paris",
        dict.fromkeys(list(Weekday)[:5], (Span(540, 750), Span(840, 1080))),
        holidays=frozenset({EASTER_MONDAY}),
    ),
    date(2026, 1, 1),
    date(2028, 12, 31),
)

instants = st.datetimes(
    datetime(2026, 2, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2027, 6, 1),  # noqa: DTZ001
    timezones=st.sampled_from([ZoneInfo("Europe/Paris"), UTC]),
)
minutes = st.integers(0, int((END - START) / MINUTE)).map(lambda count: START + count * MINUTE)


def counted_minutes(hours: BusinessHours, start: datetime, end: datetime) -> int:
    """Return the open minutes between two instants, asking the wall clock of each minute."""
    zone = ZoneInfo(hours.zone)
    count = int((end - start) / MINUTE)
    return sum(is_counted(hours, (start + n * MINUTE).astimezone(zone)) for n in range(count))


def is_counted(hours: BusinessHours, local: datetime) -> bool:
    today = local.date()
    minute = local.hour * 60 + local.minute
    around = ((today, minute), (today - timedelta(days=1), minute + 1440))
    if any(is_cut(hours, day, minute_of_day) for day, minute_of_day in around):
        return False
    return any(
        span.start_minute <= minute_of_day < span.end_minute
        for day, minute_of_day in around
        for span in opening_of(hours, day)
    )


def is_cut(hours: BusinessHours, day: date, minute: int) -> bool:
    is_closed = hours.holiday_truncates and day == EASTER_MONDAY and day not in hours.overrides
    if is_closed and minute < 1440:
        return True
    return any(span.start_minute <= minute < span.end_minute for span in hours.breaks.get(day, ()))


def opening_of(hours: BusinessHours, day: date) -> tuple[Span, ...]:
    if day in hours.overrides:
        return hours.overrides[day]
    return () if day == EASTER_MONDAY else hours.week[Weekday(day.weekday())]


def test_twenty_days_of_an_agency_are_what_the_oracle_counts() -> None:
    oracle = counted_minutes(YEAR.hours, START, END)

    assert YEAR.elapsed(START, END) == oracle * 60
    assert oracle == 13 * 450 + 240


@given(calendars(), minutes, minutes)
@settings(max_examples=15, deadline=None)
def test_elapsed_is_what_the_oracle_counts(
    hours: BusinessHours, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    timeline = compile_timeline(hours, FIRST - timedelta(days=1), LAST + timedelta(days=1))

    assert timeline.elapsed(start, end) == counted_minutes(hours, start, end) * 60


@given(calendars(), calendars(), minutes, minutes, minutes)
@settings(max_examples=15, deadline=None)
def test_two_versions_are_what_the_oracle_counts_up_to_the_second_one_and_from_it(
    before: BusinessHours, since: BusinessHours, change: datetime, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    change_inside = min(max(change, start), end)
    versions = (HoursVersion(START - MINUTE, before), HoursVersion(change, since))
    timeline = compile_versions(versions, FIRST - timedelta(days=1), LAST + timedelta(days=1))

    oracle = counted_minutes(before, start, change_inside)
    oracle += counted_minutes(since, change_inside, end)

    assert timeline.elapsed(start, end) == oracle * 60


@given(instants, st.integers(-500_000, 3_000_000))
def test_what_after_reaches_elapsed_counts_again(start: datetime, seconds: int) -> None:
    closing = YEAR.after(start, seconds) if seconds else YEAR.next_open(start)
    opening = YEAR.after(start, seconds, edge=Edge.OPENING)

    assert YEAR.elapsed(start, closing) == seconds
    assert YEAR.elapsed(start, opening) == seconds
    assert closing <= opening


@given(instants, st.integers(1, 3_000_000))
def test_a_target_is_reached_at_its_due_instant_and_not_before(
    start: datetime, seconds: int
) -> None:
    due = YEAR.after(start, seconds)

    assert YEAR.elapsed(start, due) == seconds
    assert YEAR.elapsed(start, due - timedelta(microseconds=1)) == seconds - 1


@given(instants, instants, instants)
def test_elapsed_is_additive(one: datetime, two: datetime, three: datetime) -> None:
    assert YEAR.elapsed(one, two) + YEAR.elapsed(two, three) == YEAR.elapsed(one, three)


@given(instants, instants)
def test_open_intervals_add_up_to_elapsed(one: datetime, other: datetime) -> None:
    start, end = sorted((one.replace(microsecond=0), other.replace(microsecond=0)))

    intervals = YEAR.open_intervals(start, end)

    total = sum((interval.end - interval.start for interval in intervals), timedelta())
    assert total.total_seconds() == YEAR.elapsed(start, end)
    assert all(earlier.end < later.start for earlier, later in pairwise(intervals))


@given(instants, st.integers(1, 200))
def test_working_days_forth_and_back_return_to_the_day(start: datetime, days: int) -> None:
    worked = YEAR.add_days_date(start.date(), 1)

    assert YEAR.add_days_date(YEAR.add_days_date(worked, days), -days) == worked


@given(instants)
def test_the_next_opening_and_the_last_closing_are_open_time_s_nearest(instant: datetime) -> None:
    opening, closing = YEAR.next_open(instant), YEAR.last_open(instant)

    assert YEAR.is_open(opening)
    assert YEAR.elapsed(closing, opening) == 0
    assert closing <= instant <= opening
