"""Business time: the golden scenarios, both edges of an answer, openings and intervals."""

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.business_time import Edge, OpenInterval, whole_minutes
from helpdesk.domain.utc_seconds import utc_second
from tests.domain.business_calendars import AGENCY, ALWAYS, HOUR, MINUTE, PARIS, paris


@pytest.mark.parametrize(
    ("opened", "minutes", "due"),
    [
        pytest.param("2026-07-10 17:00", 240, "2026-07-13 12:00", id="Friday evening"),
        pytest.param("2026-07-10 12:45", 30, "2026-07-10 14:30", id="lunch"),
        pytest.param("2026-07-09 18:00", 30, "2026-07-10 09:30", id="closing on the dot"),
        pytest.param("2026-07-11 10:00", 60, "2026-07-13 10:00", id="Saturday"),
        pytest.param("2026-07-10 09:00", 210, "2026-07-10 12:30", id="ends at lunch"),
        pytest.param("2026-07-10 14:00", 240, "2026-07-10 18:00", id="ends at closing"),
        pytest.param("2026-07-10 14:00", 241, "2026-07-13 09:01", id="a minute past closing"),
        pytest.param("2026-03-27 17:30", 60, "2026-03-30 09:30", id="over the March change"),
        pytest.param("2026-10-23 17:30", 60, "2026-10-26 09:30", id="over the October change"),
    ],
)
def test_a_target_is_due_on_the_wall_clock_of_the_agency(
    opened: str, minutes: int, due: str
) -> None:
    assert AGENCY.after(paris(opened), minutes * MINUTE) == paris(due)
    assert AGENCY.elapsed(paris(opened), paris(due)) == minutes * MINUTE


def test_a_weekend_counts_for_nothing() -> None:
    saturday, sunday = paris("2026-07-11 10:00"), paris("2026-07-12 16:00")

    assert AGENCY.elapsed(saturday, sunday) == 0


@pytest.mark.parametrize(
    ("opened", "due"),
    [("2026-03-28 12:00", "2026-03-29 13:00"), ("2026-10-24 12:00", "2026-10-25 11:00")],
)
def test_round_the_clock_24_hours_are_24_real_hours(opened: str, due: str) -> None:
    assert ALWAYS.after(paris(opened), 24 * HOUR) == paris(due)
    assert ALWAYS.elapsed(paris(opened), paris(due)) == 24 * HOUR


def test_an_opening_is_open_and_a_closing_is_closed() -> None:
    assert AGENCY.is_open(paris("2026-07-10 09:00"))
    assert AGENCY.is_open(paris("2026-07-10 12:29:59.999999"))
    assert not AGENCY.is_open(paris("2026-07-10 12:30"))
    assert AGENCY.is_open(paris("2026-07-10 14:00"))


@pytest.mark.parametrize(
    ("start", "seconds", "closing", "opening"),
    [
        ("2026-07-10 14:00", 4 * HOUR, "2026-07-10 18:00", "2026-07-13 09:00"),
        ("2026-07-10 10:00", HOUR, "2026-07-10 11:00", "2026-07-10 11:00"),
        ("2026-07-13 10:00", -HOUR, "2026-07-10 18:00", "2026-07-13 09:00"),
        ("2026-07-13 10:00", -2 * HOUR, "2026-07-10 17:00", "2026-07-10 17:00"),
        ("2026-07-11 12:00", -HOUR, "2026-07-10 17:00", "2026-07-10 17:00"),
        ("2026-07-10 10:00", 0, "2026-07-10 10:00", "2026-07-10 10:00"),
        ("2026-07-11 10:00", 0, "2026-07-13 09:00", "2026-07-13 09:00"),
    ],
)
def test_where_two_instants_answer_the_edge_chooses(
    start: str, seconds: int, closing: str, opening: str
) -> None:
    assert AGENCY.after(paris(start), seconds) == paris(closing)
    assert AGENCY.after(paris(start), seconds, edge=Edge.OPENING) == paris(opening)


def test_before_zero_seconds_is_the_last_closing_or_the_open_instant_itself() -> None:
    assert AGENCY.before(paris("2026-07-11 10:00"), 0) == paris("2026-07-10 18:00")
    assert AGENCY.before(paris("2026-07-10 18:00"), 0) == paris("2026-07-10 18:00")
    assert AGENCY.before(paris("2026-07-10 10:00"), 0) == paris("2026-07-10 10:00")


def test_before_walks_back_what_after_walks_forward() -> None:
    assert AGENCY.before(paris("2026-07-13 12:00"), 4 * HOUR) == paris("2026-07-10 17:00")


def test_the_integer_core_gives_both_edges_too() -> None:
    friday, monday = paris("2026-07-10 14:00"), paris("2026-07-13 09:00")
    start = int(friday.timestamp())

    assert AGENCY.seconds.due(start, 4 * HOUR) == start + 4 * HOUR
    assert AGENCY.seconds.due_at_opening(start, 4 * HOUR) == int(monday.timestamp())
    assert AGENCY.seconds.due(start + 4 * HOUR, 0) == int(monday.timestamp())


def test_elapsed_is_negative_when_reversed_unless_zero_is_asked_for() -> None:
    early, late = paris("2026-07-10 17:00"), paris("2026-07-13 10:00")

    assert AGENCY.elapsed(late, early) == -2 * HOUR
    assert AGENCY.elapsed_or_zero(late, early) == 0
    assert AGENCY.elapsed_or_zero(early, late) == 2 * HOUR


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (59, 0), (60, 60), (-61, -60), (-59, 0)])
def test_whole_minutes_are_cut_towards_zero(seconds: int, minutes: int) -> None:
    assert whole_minutes(seconds) == minutes


def test_answers_come_back_in_utc() -> None:
    start = paris("2026-07-10 10:00")
    answers = [
        AGENCY.after(start, 60),
        AGENCY.after(start, 60, edge=Edge.OPENING),
        AGENCY.after(start, 0),
        AGENCY.last_open(start),
        AGENCY.add_days(start, 0),
        AGENCY.add_days(start, 1),
    ]

    assert [answer.tzinfo for answer in answers] == [UTC] * len(answers)


@pytest.mark.parametrize(
    "zone", [UTC, PARIS, ZoneInfo("Asia/Tokyo"), timezone(timedelta(hours=-3))]
)
def test_an_instant_is_the_same_in_every_zone(zone: timezone | ZoneInfo) -> None:
    start = paris("2026-10-23 17:00").astimezone(zone)

    assert AGENCY.after(start, 4 * HOUR) == paris("2026-10-26 12:00")


def test_the_second_occurrence_of_an_hour_is_an_hour_later() -> None:
    first = paris("2026-10-25 02:30")

    assert ALWAYS.elapsed(first, first.replace(fold=1)) == HOUR


def test_microseconds_neither_add_to_business_time_nor_take_from_it() -> None:
    start = paris("2026-07-10 17:59:59.500000")

    due = AGENCY.after(start, 1)

    assert due == paris("2026-07-10 18:00")
    assert AGENCY.elapsed(start, due) == 1
    assert AGENCY.elapsed(start, due - timedelta(microseconds=1)) == 0
    assert AGENCY.next_open(start) == start


def test_the_next_opening_and_the_last_closing_of_a_closed_instant() -> None:
    lunch = paris("2026-07-10 13:00")

    assert AGENCY.next_open(lunch) == paris("2026-07-10 14:00")
    assert AGENCY.last_open(lunch) == paris("2026-07-10 12:30")


def test_open_intervals_are_clipped_at_both_instants() -> None:
    intervals = AGENCY.open_intervals(paris("2026-07-10 10:00"), paris("2026-07-13 09:30"))

    assert intervals == (
        OpenInterval(paris("2026-07-10 10:00"), paris("2026-07-10 12:30")),
        OpenInterval(paris("2026-07-10 14:00"), paris("2026-07-10 18:00")),
        OpenInterval(paris("2026-07-13 09:00"), paris("2026-07-13 09:30")),
    )


def test_there_is_no_open_interval_from_a_closing_to_an_opening_or_backwards() -> None:
    closing, opening = paris("2026-07-10 12:30"), paris("2026-07-10 14:00")

    assert AGENCY.open_intervals(closing, opening) == ()
    assert AGENCY.open_intervals(opening, paris("2026-07-10 10:00")) == ()


def test_intervals_after_are_lazy_and_clipped() -> None:
    following = AGENCY.intervals_after(paris("2026-07-10 17:00"))

    assert next(following) == OpenInterval(paris("2026-07-10 17:00"), paris("2026-07-10 18:00"))
    assert next(following) == OpenInterval(paris("2026-07-13 09:00"), paris("2026-07-13 12:30"))


def test_intervals_before_come_nearest_first_and_clipped() -> None:
    preceding = AGENCY.intervals_before(paris("2026-07-10 14:00"))

    assert next(preceding) == OpenInterval(paris("2026-07-10 09:00"), paris("2026-07-10 12:30"))
    assert next(preceding) == OpenInterval(paris("2026-07-09 14:00"), paris("2026-07-09 18:00"))
    assert next(AGENCY.intervals_before(paris("2026-07-10 14:01"))) == OpenInterval(
        paris("2026-07-10 14:00"), paris("2026-07-10 14:01")
    )


def test_intervals_before_end_at_the_start_of_the_horizon() -> None:
    intervals = list(AGENCY.intervals_before(paris("2026-01-02 00:00")))

    assert intervals == [
        OpenInterval(paris("2026-01-01 14:00"), paris("2026-01-01 18:00")),
        OpenInterval(paris("2026-01-01 09:00"), paris("2026-01-01 12:30")),
    ]


def test_round_the_clock_is_one_interval_up_to_the_horizon() -> None:
    intervals = list(ALWAYS.intervals_after(paris("2026-07-10 17:00")))

    assert intervals == [OpenInterval(paris("2026-07-10 17:00"), paris("2027-01-01 00:00"))]


def test_seconds_elapse_as_they_are_consumed() -> None:
    seconds = AGENCY.seconds
    times = ("03 08:20", "03 11:20", "03 13:00", "04 10:20", "06 09:00", "06 18:00", "31 17:20")
    instants = [utc_second(paris(f"2026-07-{time}")) for time in times]

    for start in instants:
        for end in instants:
            assert seconds.elapsed(start, end) == seconds.consumed(end) - seconds.consumed(start)
