"""The dates that differ from the week: nights, holidays, overrides and breaks."""

from datetime import date

import pytest

from helpdesk.domain.business_time import BusinessHours, OpenInterval, Weekday, compile_timeline
from tests.domain.business_calendars import HOUR, WORKING_WEEK, compiled, paris, spans, utc, weekly

NIGHTS = compiled(weekly("22:00-06:00"))
MONDAY_NIGHT = {Weekday.MONDAY: spans("22:00-06:00")}


def test_a_night_belongs_to_the_day_it_starts_on() -> None:
    assert NIGHTS.is_open(paris("2026-07-11 05:59"))
    assert not NIGHTS.is_open(paris("2026-07-13 05:59"))


def test_a_night_reaches_into_the_first_date_of_the_horizon_and_out_of_the_last() -> None:
    tuesday = date(2026, 7, 7)
    timeline = compile_timeline(BusinessHours("Europe/Paris", MONDAY_NIGHT), tuesday, tuesday)
    monday = compile_timeline(
        BusinessHours("Europe/Paris", MONDAY_NIGHT), date(2026, 7, 6), date(2026, 7, 6)
    )

    assert timeline.elapsed(paris("2026-07-07 00:00"), paris("2026-07-08 00:00")) == 6 * HOUR
    assert monday.elapsed(paris("2026-07-06 00:00"), paris("2026-07-07 00:00")) == 2 * HOUR


@pytest.mark.parametrize(
    ("truncates", "sunday_night", "holiday_night"), [(False, 8 * HOUR, 0), (True, 2 * HOUR, 0)]
)
def test_a_truncating_holiday_stops_the_night_before_at_midnight(
    *, truncates: bool, sunday_night: int, holiday_night: int
) -> None:
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(Weekday, spans("22:00-06:00")),
        holidays=frozenset({date(2026, 7, 6)}),
        holiday_truncates=truncates,
    )

    timeline = compiled(hours)

    sunday, monday = paris("2026-07-05 12:00"), paris("2026-07-06 12:00")
    assert timeline.elapsed(sunday, monday) == sunday_night
    assert timeline.elapsed(monday, paris("2026-07-07 12:00")) == holiday_night


def test_holidays_of_every_year_close_that_day_even_on_29_february() -> None:
    hours = BusinessHours(
        "UTC",
        dict.fromkeys(Weekday, spans("09:00-10:00")),
        yearly_holidays=frozenset({(5, 1), (2, 29)}),
    )

    timeline = compile_timeline(hours, date(2027, 1, 1), date(2028, 12, 31))

    assert not timeline.is_open(utc("2027-05-01 09:30"))
    assert not timeline.is_open(utc("2028-02-29 09:30"))
    assert timeline.is_open(utc("2028-03-01 09:30"))
    assert timeline.elapsed(utc("2027-01-01"), utc("2028-01-01")) == 364 * HOUR


def test_an_override_replaces_the_hours_of_its_date_and_empty_closes_it() -> None:
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(WORKING_WEEK, spans("09:00-17:00")),
        holidays=frozenset({date(2026, 7, 14)}),
        overrides={date(2026, 7, 14): spans("10:00-12:00"), date(2026, 7, 15): ()},
    )

    timeline = compiled(hours)

    assert timeline.elapsed(paris("2026-07-14 00:00"), paris("2026-07-15 00:00")) == 2 * HOUR
    assert timeline.elapsed(paris("2026-07-15 00:00"), paris("2026-07-16 00:00")) == 0


def test_breaks_are_cut_out_of_their_date_and_of_the_night_that_reaches_it() -> None:
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(WORKING_WEEK, spans("09:00-17:00", "22:00-06:00")),
        breaks={
            date(2026, 7, 7): spans("08:00-09:30", "12:00-13:00", "16:30-18:00", "23:00-01:00"),
            date(2026, 7, 8): spans("02:00-03:00"),
        },
    )

    timeline = compiled(hours)

    assert timeline.open_intervals(paris("2026-07-07 07:00"), paris("2026-07-08 07:00")) == (
        OpenInterval(paris("2026-07-07 09:30"), paris("2026-07-07 12:00")),
        OpenInterval(paris("2026-07-07 13:00"), paris("2026-07-07 16:30")),
        OpenInterval(paris("2026-07-07 22:00"), paris("2026-07-07 23:00")),
        OpenInterval(paris("2026-07-08 01:00"), paris("2026-07-08 02:00")),
        OpenInterval(paris("2026-07-08 03:00"), paris("2026-07-08 06:00")),
    )


def test_a_night_break_of_a_truncating_holiday_reaches_the_morning_after() -> None:
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(Weekday, spans("00:00-08:00")),
        holidays=frozenset({date(2026, 7, 6)}),
        holiday_truncates=True,
        breaks={date(2026, 7, 6): spans("23:00-01:00")},
    )

    timeline = compiled(hours)

    assert timeline.next_open(paris("2026-07-06 00:00")) == paris("2026-07-07 01:00")
