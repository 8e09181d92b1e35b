"""Opening hours: what may be written down, and what is open on a date."""

from collections.abc import Mapping
from datetime import date

import pytest

from helpdesk.domain.business_hours import (
    BusinessHours,
    ClockTimeUnreadable,
    Span,
    SpanOutsideDay,
    SpansOverlap,
    Weekday,
    YearlyHolidayImpossible,
    ZoneUnknown,
)
from helpdesk.domain.errors import ErrorCode, Locale

MONDAY = date(2026, 7, 6)
NINE_TO_FIVE = Span.between("09:00", "17:00")


def a_week(**spans: tuple[Span, ...]) -> Mapping[Weekday, tuple[Span, ...]]:
    return {Weekday[name.upper()]: day_spans for name, day_spans in spans.items()}


def test_a_span_that_ends_at_or_before_its_start_runs_into_the_next_day() -> None:
    night, round_the_clock = Span.between("22:00", "06:00"), Span.between("08:00", "08:00")

    assert night == Span(1320, 1800)
    assert round_the_clock == Span(480, 1920)
    assert Span.between("00:00", "00:00") == Span.between("00:00", "24:00") == Span(0, 1440)


def test_a_span_is_said_as_times_of_day() -> None:
    assert str(Span.between("09:00", "24:00")) == "09:00-24:00"
    assert str(Span.between("22:00", "06:00")) == "22:00-06:00"


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 60), (1440, 1500), (1440, 0), (60, -1), (0, 1441), (600, 2041)]
)
def test_minutes_outside_the_day_are_refused(start: int, end: int) -> None:
    with pytest.raises(SpanOutsideDay) as refusal:
        Span(start, end)

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    assert f"from minute {start} to minute {end}" in str(refusal.value)
    assert f"de la minute {start} à la minute {end}" in refusal.value.message(Locale.FR)


@pytest.mark.parametrize("text", ["", "9", "9h00", "09:60", "09:0", "24:01", "-1:00", "09:00:00"])
def test_an_unreadable_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ClockTimeUnreadable) as refusal:
        Span.between("08:00", text)

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID


def test_nothing_opens_at_24_00() -> None:
    with pytest.raises(SpanOutsideDay):
        Span.between("24:00", "08:00")


@pytest.mark.parametrize("zone", ["Europe/Paname", "", "../etc/passwd", "Europe", "/etc/localtime"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ZoneUnknown) as refusal:
        BusinessHours(zone, {})

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    assert refusal.value.path == ("zone",)
    assert f"“{zone}”" in str(refusal.value)


def test_overlapping_spans_of_a_day_are_refused_in_any_order() -> None:
    week = a_week(monday=(Span.between("13:00", "18:00"), Span.between("09:00", "13:01")))

    with pytest.raises(SpansOverlap) as refusal:
        BusinessHours("Europe/Paris", week)

    assert str(refusal.value) == (
        "On monday, the hours 09:00-13:01 overlap 13:00-18:00: shorten or join them."
    )
    assert refusal.value.message(Locale.FR).startswith("Pour lundi, les horaires 09:00-13:01")


def test_a_night_that_overlaps_the_next_morning_is_refused_over_the_weekend_too() -> None:
    week = a_week(sunday=(Span.between("22:00", "06:00"),), monday=(Span.between("05:00", "9:00"),))

    with pytest.raises(SpansOverlap) as refusal:
        BusinessHours("Europe/Paris", week)

    assert refusal.value.path == ("week", "sunday")


def test_a_night_may_end_when_the_next_morning_opens() -> None:
    week = a_week(sunday=(Span.between("22:00", "06:00"),), monday=(Span.between("06:00", "9:00"),))

    hours = BusinessHours("Europe/Paris", week)

    assert hours.spans_on(MONDAY) == (Span.between("06:00", "09:00"),)


def test_overlapping_hours_of_one_date_are_refused() -> None:
    spans = (NINE_TO_FIVE, Span.between("16:00", "20:00"))

    with pytest.raises(SpansOverlap) as refusal:
        BusinessHours("Europe/Paris", {}, overrides={MONDAY: spans})

    assert "On 2026-07-06" in str(refusal.value)
    assert refusal.value.path == ("overrides", "2026-07-06")


def test_a_yearly_holiday_that_no_year_has_is_refused() -> None:
    with pytest.raises(YearlyHolidayImpossible) as refusal:
        BusinessHours("Europe/Paris", {}, yearly_holidays=frozenset({(2, 30)}))

    assert "day 30 in month 2" in str(refusal.value)


def test_the_twenty_ninth_of_february_is_a_possible_holiday() -> None:
    hours = BusinessHours("Europe/Paris", {}, yearly_holidays=frozenset({(2, 29)}))

    assert hours.is_holiday(date(2028, 2, 29))


def test_the_definition_does_not_follow_the_mapping_it_was_built_from() -> None:
    week = {Weekday.MONDAY: (NINE_TO_FIVE,)}
    hours = BusinessHours("Europe/Paris", week)

    week.clear()

    assert hours.spans_on(MONDAY) == (NINE_TO_FIVE,)


def test_a_holiday_closes_what_starts_on_it() -> None:
    hours = BusinessHours(
        "Europe/Paris", a_week(monday=(NINE_TO_FIVE,)), holidays=frozenset({MONDAY})
    )

    assert hours.is_holiday(MONDAY)
    assert hours.spans_on(MONDAY) == ()


def test_an_override_wins_over_a_holiday() -> None:
    morning = (Span.between("09:00", "12:00"),)
    hours = BusinessHours(
        "Europe/Paris",
        a_week(monday=(NINE_TO_FIVE,)),
        holidays=frozenset({MONDAY}),
        overrides={MONDAY: morning},
        holiday_truncates=True,
    )

    assert not hours.is_holiday(MONDAY)
    assert hours.spans_on(MONDAY) == morning
    assert hours.closures_on(MONDAY) == ()


def test_two_definitions_of_the_same_hours_are_equal() -> None:
    assert BusinessHours.always_open("UTC") == BusinessHours.always_open("UTC")
