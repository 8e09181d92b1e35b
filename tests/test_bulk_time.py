"""Business time on arrays: the same answers and refusals as one clock at a time."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk import bulk_time
from helpdesk.bulk_time import BulkTime, Integers
from helpdesk.domain.business_time import (
    BeyondHorizon,
    BusinessHours,
    Edge,
    HoursVersion,
    Timeline,
    compile_timeline,
    compile_versions,
)
from helpdesk.domain.errors import HelpdeskError
from tests.domain.business_calendars import AGENCY, ALWAYS, HOUR, compiled, daily, paris, weekly
from tests.domain.random_calendars import FIRST, LAST, calendars

NIGHTS = compiled(daily("22:00-06:00"))
DAY = timedelta(days=1)
CHANGED = compile_versions(
    (
        HoursVersion(datetime(2020, 1, 1, tzinfo=UTC), weekly("09:00-17:00")),
        HoursVersion(datetime(2026, 7, 1, 10, tzinfo=UTC), weekly("08:00-20:00")),
    ),
    date(2026, 6, 1),
    date(2026, 8, 31),
)
TIMELINES = (AGENCY, ALWAYS, NIGHTS, CHANGED)
BULK = BulkTime(TIMELINES)


def integers(*numbers: int) -> Integers:
    return np.array(numbers, np.int64)


def second(text: str) -> int:
    return int(paris(text).timestamp())


def answered(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except HelpdeskError as refusal:
        return type(refusal), str(refusal)


def due_one_by_one(
    timelines: Sequence[Timeline], calendar: int, start: int, amount: int, edge: Edge
) -> int:
    seconds = timelines[calendar].seconds
    due = seconds.due if edge is Edge.CLOSING else seconds.due_at_opening
    return due(start, amount)


def test_clocks_of_several_calendars_are_answered_together() -> None:
    friday = second("2026-07-10 17:00")

    due = BULK.due(integers(0, 1, 2), integers(friday), integers(4 * HOUR))

    assert due.tolist() == [
        second("2026-07-13 12:00"),
        second("2026-07-10 21:00"),
        second("2026-07-11 02:00"),
    ]
    assert due.dtype == np.int64


@pytest.mark.parametrize(
    ("edge", "due"), [(Edge.CLOSING, "2026-07-10 18:00"), (Edge.OPENING, "2026-07-13 09:00")]
)
def test_the_edge_chooses_between_a_closing_and_the_next_opening(edge: Edge, due: str) -> None:
    start = integers(second("2026-07-10 17:00"))

    assert BULK.due(integers(0), start, integers(HOUR), edge=edge).tolist() == [second(due)]


def test_open_seconds_are_counted_from_the_start_of_each_horizon() -> None:
    ends = integers(second("2026-07-10 17:00"), second("2026-06-02 10:00"))

    consumed = BULK.consumed(integers(0, 3), ends)

    assert consumed.tolist() == [
        timeline.seconds.consumed(end)
        for timeline, end in zip((AGENCY, CHANGED), ends.tolist(), strict=True)
    ]
    assert consumed[1] == 9 * HOUR


def test_no_clock_has_no_answer() -> None:
    assert BULK.due(integers(), integers(), integers()).tolist() == []
    assert BULK.consumed(integers(), integers()).tolist() == []


def test_more_clocks_than_are_answered_at_once_keep_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk_time, "_CLOCKS_AT_ONCE", 7)
    calendars_of = np.arange(100) % 3
    starts = second("2026-02-01 00:00") + np.arange(100) * 40_000

    due = BULK.due(calendars_of, starts, integers(5 * HOUR))

    assert due.tolist() == [
        due_one_by_one(TIMELINES, calendar, start, 5 * HOUR, Edge.CLOSING)
        for calendar, start in zip(calendars_of.tolist(), starts.tolist(), strict=True)
    ]


def test_a_horizon_beyond_32_bits_is_answered_too() -> None:
    centuries = compile_timeline(daily("09:00-10:00"), date(1900, 1, 1), date(2000, 12, 31))
    start = centuries.seconds.bounds[0]

    due = BulkTime([centuries]).due(integers(0), integers(start), integers(36_890 * HOUR))

    assert due.tolist() == [centuries.seconds.due(start, 36_890 * HOUR)]


@pytest.mark.parametrize("calendar", [-1, 4])
def test_an_absent_calendar_is_refused(calendar: int) -> None:
    start = integers(second("2026-07-10 17:00"))

    with pytest.raises(IndexError):
        BULK.due(integers(calendar), start, integers(HOUR))
    with pytest.raises(IndexError):
        BULK.consumed(integers(calendar), start)


def test_arrays_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        BULK.consumed(integers(0, 1), integers(0, 1, 2))


@pytest.mark.parametrize(
    ("start", "amount"),
    [
        ("2025-12-31 23:59", HOUR),
        ("2027-01-01 00:01", HOUR),
        ("2026-12-31 17:00", 2 * HOUR),
        ("2026-01-01 10:00", -2 * HOUR),
        ("2026-12-31 19:00", 0),
    ],
)
@pytest.mark.parametrize("edge", Edge)
def test_a_clock_beyond_its_horizon_is_refused_as_it_would_be_alone(
    start: str, amount: int, edge: Edge
) -> None:
    good, bad = second("2026-07-10 17:00"), second(start)

    with pytest.raises(BeyondHorizon) as refusal:
        BULK.due(integers(1, 0), integers(good, bad), integers(HOUR, amount), edge=edge)

    alone = answered(lambda: due_one_by_one(TIMELINES, 0, bad, amount, edge))
    assert (type(refusal.value), str(refusal.value)) == alone


START, END = datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 4, 12, tzinfo=UTC)
instants = st.integers(int(START.timestamp()), int(END.timestamp()))
amounts = st.one_of(st.integers(-400_000, 400_000), st.sampled_from([0, 1, -1]))
clocks = st.lists(st.tuples(st.integers(0, 2), instants, amounts), min_size=1, max_size=30)
# Round the clock there is no closing but the end of the horizon.
closing_clocks = st.lists(
    st.tuples(
        st.sampled_from([TIMELINES.index(AGENCY), TIMELINES.index(NIGHTS)]), instants, amounts
    ),
    min_size=1,
    max_size=30,
)


@given(st.lists(calendars(), min_size=3, max_size=3), clocks, st.sampled_from(Edge))
@settings(max_examples=40, deadline=None)
def test_every_answer_is_that_of_the_timeline(
    hours: list[BusinessHours], asked: list[tuple[int, int, int]], edge: Edge
) -> None:
    timelines = [compile_timeline(one, FIRST - 3 * DAY, LAST + 3 * DAY) for one in hours]
    bulk = BulkTime(timelines)

    for clock in asked:
        calendar, start, amount = (integers(value) for value in clock)
        together = answered(lambda: bulk.due(calendar, start, amount, edge=edge).tolist())  # noqa: B023 - called at once
        alone = answered(lambda: [due_one_by_one(timelines, *clock, edge)])  # noqa: B023
        assert together == alone

    positions, seconds, _ = (np.array(column) for column in zip(*asked, strict=True))
    assert bulk.consumed(positions, seconds).tolist() == [
        timelines[calendar].seconds.consumed(start) for calendar, start, _ in asked
    ]


@given(closing_clocks, st.sampled_from(Edge))
@settings(max_examples=40, deadline=None)
def test_answers_at_openings_and_closings_are_those_of_the_timeline(
    asked: list[tuple[int, int, int]], edge: Edge
) -> None:
    edges = [
        (calendar, boundary, amount // HOUR * HOUR)
        for calendar, start, amount in asked
        for boundary in next(TIMELINES[calendar].seconds.following(start))
    ]
    positions, starts, amounts_ = (np.array(column) for column in zip(*edges, strict=True))

    together = BULK.due(positions, starts, amounts_, edge=edge)

    assert together.tolist() == [due_one_by_one(TIMELINES, *clock, edge) for clock in edges]
