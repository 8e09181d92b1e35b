"""Targets in working days: the same time, closing time, and where they land."""

from datetime import date

import pytest

from helpdesk.domain.business_time import Anchor, BusinessHours, Overflow
from tests.domain.business_calendars import (
    AGENCY,
    ALWAYS,
    WORKING_WEEK,
    compiled,
    paris,
    spans,
    utc,
    weekly,
)

NIGHTS = compiled(weekly("22:00-06:00"))


@pytest.mark.parametrize(
    ("start", "days", "landing"),
    [
        ("2026-07-10", 1, "2026-07-13"),
        ("2026-07-11", 1, "2026-07-13"),
        ("2026-07-10", -1, "2026-07-09"),
        ("2026-07-12", -1, "2026-07-10"),
        ("2026-07-10", 10, "2026-07-24"),
        ("2026-07-12", 0, "2026-07-12"),
    ],
)
def test_working_days_are_counted_without_the_start(start: str, days: int, landing: str) -> None:
    assert AGENCY.add_days_date(date.fromisoformat(start), days) == date.fromisoformat(landing)


def test_a_day_cut_away_by_its_breaks_is_not_worked() -> None:
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(WORKING_WEEK, spans("09:00-17:00")),
        breaks={date(2026, 7, 7): spans("09:00-17:00")},
    )

    assert compiled(hours).add_days_date(date(2026, 7, 6), 1) == date(2026, 7, 8)


@pytest.mark.parametrize(
    ("opened", "days", "due"),
    [
        pytest.param("2026-07-16 15:00", 3, "2026-07-21 15:00", id="3 working days"),
        pytest.param("2026-07-11 15:00", 1, "2026-07-14 09:00", id="Saturday waits for Monday"),
        pytest.param("2026-07-10 13:00", 1, "2026-07-13 14:00", id="lunch waits for its end"),
        pytest.param("2026-10-23 15:00", 1, "2026-10-26 15:00", id="over the clock change"),
        pytest.param("2026-07-16 15:00", -2, "2026-07-14 15:00", id="earlier"),
        pytest.param("2026-07-16 15:00", 0, "2026-07-16 15:00", id="the same day"),
    ],
)
def test_a_target_of_days_at_the_same_time(opened: str, days: int, due: str) -> None:
    assert AGENCY.same_time_days_later(paris(opened), days) == paris(due)


@pytest.mark.parametrize(
    ("opened", "days", "due"),
    [
        pytest.param("2026-07-16 15:00", 3, "2026-07-21 18:00", id="the opening day not counted"),
        pytest.param("2026-07-16 20:00", 1, "2026-07-17 18:00", id="in the evening"),
        pytest.param("2026-07-11 15:00", 1, "2026-07-13 18:00", id="from Saturday"),
        pytest.param("2026-07-11 15:00", 0, "2026-07-13 18:00", id="0 days from Saturday"),
        pytest.param("2026-07-16 15:00", -1, "2026-07-15 18:00", id="earlier"),
    ],
)
def test_a_target_of_days_at_closing_time(opened: str, days: int, due: str) -> None:
    assert AGENCY.end_of_day_days_later(paris(opened), days) == paris(due)


def test_days_to_closing_time_may_be_counted_from_the_next_opening() -> None:
    saturday = paris("2026-07-11 15:00")

    due = AGENCY.end_of_day_days_later(saturday, 1, anchor=Anchor.NEXT_OPEN)

    assert due == paris("2026-07-14 18:00")


def test_the_closing_time_of_a_night_is_on_the_next_morning() -> None:
    due = NIGHTS.end_of_day_days_later(paris("2026-07-09 23:00"), 1)

    assert due == paris("2026-07-11 06:00")


@pytest.mark.parametrize(
    ("start", "overflow", "landing"),
    [
        ("2026-07-09 13:00", Overflow.CLAMP, "2026-07-10 14:00"),
        ("2026-07-09 08:00", Overflow.CLAMP, "2026-07-10 09:00"),
        ("2026-07-09 19:00", Overflow.CLAMP, "2026-07-10 18:00"),
        ("2026-07-09 19:00", Overflow.NEXT_OPEN, "2026-07-13 09:00"),
        ("2026-07-09 13:00", Overflow.LAST_OPEN, "2026-07-10 12:30"),
    ],
)
def test_a_day_target_outside_hours_goes_where_the_overflow_says(
    start: str, overflow: Overflow, landing: str
) -> None:
    assert AGENCY.add_days(paris(start), 1, overflow=overflow) == paris(landing)


def test_zero_days_from_a_day_that_is_not_worked_is_the_next_opening() -> None:
    assert AGENCY.add_days(paris("2026-07-11 15:00"), 0) == paris("2026-07-13 09:00")


def test_the_same_time_in_the_spring_gap_moves_forward() -> None:
    start = paris("2026-03-28 02:30")

    assert ALWAYS.add_days(start, 1) == utc("2026-03-29 01:30")


def test_the_same_time_in_the_autumn_overlap_is_its_first_occurrence() -> None:
    assert ALWAYS.add_days(paris("2026-10-24 02:30"), 1) == utc("2026-10-25 00:30")
    assert ALWAYS.add_days(paris("2026-10-25 02:30").replace(fold=1), 1) == utc("2026-10-26 01:30")
