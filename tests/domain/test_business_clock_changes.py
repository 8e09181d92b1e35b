"""Opening hours where the wall clock skips an hour or repeats one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.business_time import BusinessHours, OpenInterval, Weekday
from tests.domain.business_calendars import HOUR, compiled, paris, spans, utc


def test_a_night_shift_loses_an_hour_in_march_and_gains_one_in_october() -> None:
    timeline = compiled(BusinessHours("Europe/Paris", dict.fromkeys(Weekday, spans("00:00-06:00"))))

    assert timeline.elapsed(paris("2026-03-28 00:00"), paris("2026-03-29 00:00")) == 6 * HOUR
    assert timeline.elapsed(paris("2026-03-29 00:00"), paris("2026-03-30 00:00")) == 5 * HOUR
    assert timeline.elapsed(paris("2026-10-25 00:00"), paris("2026-10-26 00:00")) == 7 * HOUR


@pytest.mark.parametrize(
    ("span", "opens", "closes"),
    [
        pytest.param("02:30-05:00", "01:30", "03:00", id="opening in the gap moves forward"),
        pytest.param("01:00-02:30", "00:00", "01:30", id="closing in the gap moves forward"),
    ],
)
def test_a_boundary_inside_the_spring_gap_moves_forward(span: str, opens: str, closes: str) -> None:
    timeline = compiled(BusinessHours("Europe/Paris", {Weekday.SUNDAY: spans(span)}))

    assert timeline.open_intervals(paris("2026-03-29 00:00"), paris("2026-03-30 00:00")) == (
        OpenInterval(utc(f"2026-03-29 {opens}"), utc(f"2026-03-29 {closes}")),
    )


def test_a_boundary_inside_the_autumn_overlap_is_its_first_occurrence() -> None:
    timeline = compiled(BusinessHours("Europe/Paris", {Weekday.SUNDAY: spans("02:30-05:00")}))

    assert timeline.next_open(paris("2026-10-25 00:00")) == utc("2026-10-25 00:30")
    assert timeline.elapsed(paris("2026-10-25 00:00"), paris("2026-10-26 00:00")) == 12_600


def test_spans_that_the_gap_pushes_over_each_other_count_once() -> None:
    week = {Weekday.SUNDAY: spans("02:15-02:45", "02:50-03:10", "03:10-03:20")}

    timeline = compiled(BusinessHours("Europe/Paris", week))

    assert timeline.open_intervals(paris("2026-03-29 00:00"), paris("2026-03-30 00:00")) == (
        OpenInterval(utc("2026-03-29 01:10"), utc("2026-03-29 01:45")),
    )


def test_a_zone_that_changes_at_midnight_keeps_its_days_whole() -> None:
    hours = BusinessHours("America/Santiago", dict.fromkeys(Weekday, spans("00:00-24:00")))
    santiago = ZoneInfo("America/Santiago")
    timeline = compiled(hours)

    lost = datetime(2026, 9, 6, tzinfo=santiago), datetime(2026, 9, 7, tzinfo=santiago)
    won = datetime(2026, 4, 4, tzinfo=santiago), datetime(2026, 4, 5, tzinfo=santiago)

    assert timeline.elapsed(*lost) == 23 * HOUR
    assert timeline.elapsed(*won) == 25 * HOUR
    assert len(list(timeline.intervals_after(lost[0]))) == 1
