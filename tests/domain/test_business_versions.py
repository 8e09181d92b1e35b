"""Several versions of a calendar on one timeline: what was counted before a change stays."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from helpdesk.domain.business_time import (
    BusinessHours,
    CalendarNeverOpens,
    ClosedReason,
    HoursVersion,
    NaiveDatetime,
    OpenInterval,
    Timeline,
    Weekday,
    compile_versions,
)
from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.hours_history import VersionsMissing, VersionsOutOfOrder
from tests.domain.business_calendars import (
    FIRST,
    HOUR,
    LAST,
    compiled,
    daily,
    paris,
    spans,
    utc,
    weekly,
)

SINCE_EVER = datetime(2020, 1, 1, tzinfo=UTC)
JULY = paris("2026-07-01 00:00")  # a Wednesday
DAYS, EVENINGS = weekly("09:00-17:00"), weekly("16:00-20:00")


def versions(*pairs: tuple[datetime, BusinessHours]) -> Timeline:
    return compile_versions([HoursVersion(since, hours) for since, hours in pairs], FIRST, LAST)


def in_zone(zone: str, *texts: str) -> BusinessHours:
    return BusinessHours(zone, dict.fromkeys(Weekday, spans(*texts)))


def test_what_was_counted_before_a_version_stays_and_the_next_one_counts_from_then_on() -> None:
    timeline = versions((SINCE_EVER, DAYS), (JULY, EVENINGS))

    assert timeline.elapsed(paris("2026-06-30 00:00"), JULY) == 8 * HOUR
    assert timeline.elapsed(JULY, paris("2026-07-02 00:00")) == 4 * HOUR
    assert timeline.after(paris("2026-06-30 16:00"), 2 * HOUR) == paris("2026-07-01 17:00")


def test_an_interval_that_runs_across_the_change_is_cut_there() -> None:
    noon = paris("2026-07-01 12:00")

    timeline = versions((SINCE_EVER, DAYS), (noon, EVENINGS))

    assert timeline.open_intervals(JULY, paris("2026-07-02 00:00")) == (
        OpenInterval(paris("2026-07-01 09:00"), noon),
        OpenInterval(paris("2026-07-01 16:00"), paris("2026-07-01 20:00")),
    )


def test_a_night_goes_on_after_the_change_only_if_the_next_version_knows_it() -> None:
    nights, days = daily("22:00-06:00"), daily("09:00-17:00")

    ended = versions((SINCE_EVER, nights), (JULY, days))
    begun = versions((SINCE_EVER, days), (JULY, nights))

    assert ended.next_open(JULY) == paris("2026-07-01 09:00")
    assert begun.next_open(JULY) == JULY
    assert begun.elapsed(JULY, paris("2026-07-01 12:00")) == 6 * HOUR


def test_open_time_that_both_versions_have_is_one_interval() -> None:
    timeline = versions((SINCE_EVER, DAYS), (paris("2026-07-01 12:00"), weekly("10:00-18:00")))

    assert timeline.open_intervals(JULY, paris("2026-07-02 00:00")) == (
        OpenInterval(paris("2026-07-01 09:00"), paris("2026-07-01 18:00")),
    )


def test_a_day_follows_the_version_in_force_at_its_midnight() -> None:
    no_thursdays = BusinessHours(
        "Europe/Paris",
        dict.fromkeys([Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.FRIDAY], spans("09:00-18:00")),
    )
    wednesday = date(2026, 7, 1)

    on_time = versions((SINCE_EVER, DAYS), (paris("2026-07-02 00:00"), no_thursdays))
    late = versions((SINCE_EVER, DAYS), (paris("2026-07-02 00:01"), no_thursdays))

    assert on_time.add_days_date(wednesday, 1) == date(2026, 7, 3)
    assert late.add_days_date(wednesday, 1) == date(2026, 7, 2)
    assert on_time.same_time_days_later(paris("2026-07-01 10:00"), 1) == paris("2026-07-03 10:00")
    assert late.end_of_day_days_later(JULY, 1) == paris("2026-07-02 17:00")
    assert late.end_of_day_days_later(JULY, 2) == paris("2026-07-03 18:00")


def test_versions_may_be_in_different_zones() -> None:
    timeline = versions(
        (SINCE_EVER, in_zone("Europe/Paris", "09:00-17:00")),
        (utc("2026-07-01 12:00"), in_zone("America/New_York", "09:00-17:00")),
    )

    assert timeline.open_intervals(utc("2026-07-01 00:00"), utc("2026-07-02 00:00")) == (
        OpenInterval(utc("2026-07-01 07:00"), utc("2026-07-01 12:00")),
        OpenInterval(utc("2026-07-01 13:00"), utc("2026-07-01 21:00")),
    )
    # 10:00 in Paris on Tuesday, two days on: 10:00 in New York, whose Thursday it then is.
    assert timeline.add_days(utc("2026-06-30 08:00"), 2) == utc("2026-07-02 14:00")
    assert timeline.end_of_day_days_later(utc("2026-06-30 08:00"), 1) == utc("2026-07-01 15:00")
    assert timeline.end_of_day_days_later(utc("2026-06-30 08:00"), 2) == utc("2026-07-02 21:00")


def test_a_later_version_further_east_can_be_the_first_to_reach_a_midnight() -> None:
    timeline = versions(
        (SINCE_EVER, in_zone("UTC", "09:00-10:00")),
        (utc("2026-07-02 10:30"), in_zone("Pacific/Kiritimati", "09:00-11:00")),
        (utc("2026-07-02 10:40"), in_zone("Pacific/Honolulu", "09:00-12:00")),
    )

    # Honolulu's 3 July begins before Kiritimati's 4 July: the version between has no day at all.
    closings = [timeline.end_of_day_days_later(utc("2026-07-02 00:00"), days) for days in range(3)]

    assert closings == [
        utc("2026-07-02 10:00"),
        utc("2026-07-03 22:00"),
        utc("2026-07-04 22:00"),
    ]
    assert timeline.elapsed(utc("2026-07-02 10:00"), utc("2026-07-03 22:00")) == 6 * HOUR


def test_the_first_version_counts_before_it_takes_effect() -> None:
    timeline = versions((JULY, DAYS), (paris("2026-08-01 00:00"), EVENINGS))

    assert timeline.is_open(paris("2026-06-30 10:00"))
    assert timeline.hours_at(paris("2026-06-30 10:00")) is DAYS


@pytest.mark.parametrize(
    ("instant", "hours"),
    [
        (JULY - timedelta(seconds=1), DAYS),
        (JULY - timedelta(microseconds=1), DAYS),
        (JULY, EVENINGS),
        (utc("2126-01-01"), EVENINGS),
        (utc("1926-01-01"), DAYS),
    ],
)
def test_the_definition_in_force_is_known_at_every_instant(
    instant: datetime, hours: BusinessHours
) -> None:
    timeline = versions((SINCE_EVER, DAYS), (JULY, EVENINGS))

    assert timeline.hours_at(instant) is hours
    assert timeline.hours is EVENINGS
    assert [version.hours for version in timeline.versions] == [DAYS, EVENINGS]


def test_a_holiday_of_one_version_is_none_of_the_other() -> None:
    holiday = date(2026, 7, 14)
    closed = BusinessHours("Europe/Paris", DAYS.week, holidays=frozenset({holiday}))

    timeline = versions((SINCE_EVER, closed), (paris("2026-07-14 12:00"), DAYS))

    morning, afternoon = paris("2026-07-14 10:00"), paris("2026-07-14 15:00")
    assert timeline.hours_at(morning).closed_reason(holiday) is ClosedReason.HOLIDAY
    assert timeline.hours_at(afternoon).closed_reason(holiday) is None
    assert not timeline.is_open(morning)
    assert timeline.is_open(afternoon)


def test_versions_outside_the_horizon_change_nothing_in_it() -> None:
    alone = compiled(DAYS)
    timeline = versions(
        (datetime.min.replace(tzinfo=UTC), EVENINGS),
        (datetime(1, 1, 2, tzinfo=UTC), daily("00:00-24:00")),
        (SINCE_EVER, DAYS),
        (utc("2030-01-01"), EVENINGS),
        (datetime.max.replace(tzinfo=UTC), daily("00:00-24:00")),
    )

    start, end = paris("2026-01-01 00:00"), paris("2027-01-01 00:00")
    assert timeline.open_intervals(start, end) == alone.open_intervals(start, end)
    assert timeline.add_days_date(FIRST, 200) == alone.add_days_date(FIRST, 200)
    assert timeline.seconds.bounds == alone.seconds.bounds


def test_the_instant_of_a_change_counts_as_its_whole_second() -> None:
    change = JULY + timedelta(hours=12, microseconds=900_000)

    timeline = versions((SINCE_EVER, DAYS), (change, EVENINGS))

    assert timeline.last_open(paris("2026-07-01 13:00")) == paris("2026-07-01 12:00")


def test_no_version_is_refused() -> None:
    with pytest.raises(VersionsMissing) as refusal:
        versions()

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    assert refusal.value.path == ("versions",)
    assert "au moins une" in refusal.value.message(Locale.FR)


@pytest.mark.parametrize(
    "later", [JULY, JULY - timedelta(days=1), JULY + timedelta(microseconds=1)]
)
def test_a_version_that_is_not_later_than_the_one_before_it_is_refused(later: datetime) -> None:
    with pytest.raises(VersionsOutOfOrder) as refusal:
        versions((JULY, DAYS), (later, EVENINGS))

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    for locale in Locale:
        assert later.isoformat() in refusal.value.message(locale)
        assert JULY.isoformat() in refusal.value.message(locale)


def test_versions_that_never_open_in_their_time_are_refused() -> None:
    spring = BusinessHours("Europe/Paris", {}, overrides={date(2026, 3, 3): spans("09:00-10:00")})

    with pytest.raises(CalendarNeverOpens):
        versions((SINCE_EVER, BusinessHours("Europe/Paris", {})), (JULY, spring))


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda naive: HoursVersion(naive, DAYS), id="effective_from"),
        pytest.param(lambda naive: compiled(DAYS).hours_at(naive), id="hours_at"),
    ],
)
def test_a_version_without_a_zone_is_refused(ask: Callable[[datetime], object]) -> None:
    with pytest.raises(NaiveDatetime):
        ask(JULY.replace(tzinfo=None))
