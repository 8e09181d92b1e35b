"""Which clock counts in which month, and the figures of a group."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.compliance import (
    ClockLife,
    DimensionUnknown,
    FieldChange,
    OpenClocks,
    SlaDimension,
    SlaResult,
    Tally,
    dimensions_of,
    nearest_rank,
    results_of,
    value_at,
)
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month
from helpdesk.domain.sla import ClockResult
from tests.factories import at

PARIS = ZoneInfo("Europe/Paris")
LATER = at("12-31 12:00")


def a_stop(text: str, *, is_met: bool = True, seconds: int = 3600) -> ClockResult:
    return ClockResult(at(text), seconds, is_met)


def a_life(
    *stops: ClockResult,
    breached: str | None = None,
    cancelled: str | None = None,
    is_void: bool = False,
) -> ClockLife:
    return ClockLife(
        stops,
        None if breached is None else at(breached),
        None if cancelled is None else at(cancelled),
        is_void,
    )


def counted(life: ClockLife, now: datetime = LATER) -> list[tuple[str, str]]:
    """Return each result with the month that it counts in."""
    return [
        ("met" if result.is_met else "missed", str(Month.of(result.at, PARIS)))
        for result in results_of(life, at=now, zone=PARIS)
    ]


def test_a_promise_that_was_kept_counts_where_the_clock_stopped() -> None:
    assert counted(a_life(a_stop("07-06 11:00"))) == [("met", "2026-07")]


def test_a_clock_that_runs_in_time_counts_nowhere() -> None:
    assert counted(a_life(), at("07-06 10:00")) == []


def test_a_breach_that_is_to_come_counts_nowhere_yet() -> None:
    life = a_life(breached="07-06 11:00")

    assert counted(life, at("07-06 10:59")) == []
    assert counted(life, at("07-06 11:00")) == [("missed", "2026-07")]


def test_a_broken_clock_that_still_runs_counts_at_its_breach() -> None:
    assert counted(a_life(breached="03-31 23:59")) == [("missed", "2026-03")]


def test_a_late_stop_moves_no_breach_to_another_month() -> None:
    life = a_life(a_stop("04-02 10:00", is_met=False), breached="03-31 17:00")

    [result] = results_of(life, at=LATER, zone=PARIS)

    assert counted(life) == [("missed", "2026-03")]
    assert result.stop is not None
    assert result.stop.stopped_at == at("04-02 10:00")


@pytest.mark.parametrize(
    ("instant", "month"),
    [
        ("2026-03-31T21:59:59+00:00", "2026-03"),  # summer time: midnight is at 22:00 UTC
        ("2026-03-31T22:00:00+00:00", "2026-04"),
        ("2026-02-28T22:59:59+00:00", "2026-02"),  # winter time: at 23:00
        ("2026-02-28T23:00:00+00:00", "2026-03"),
        ("2026-10-31T22:59:59+00:00", "2026-10"),
        ("2026-10-31T23:00:00+00:00", "2026-11"),
        ("2025-12-31T22:59:59+00:00", "2025-12"),
        ("2025-12-31T23:00:00+00:00", "2026-01"),
    ],
)
def test_the_month_is_that_of_the_agencys_wall_calendar(instant: str, month: str) -> None:
    stopped_at = datetime.fromisoformat(instant)
    kept = ClockLife((ClockResult(stopped_at, 1, is_met=True),), None, None, is_void=False)
    broken = ClockLife((), stopped_at, None, is_void=False)

    assert counted(kept) == [("met", month)]
    assert counted(broken) == [("missed", month)]


@pytest.mark.parametrize("changes", ["03-29 01:30", "03-29 03:30", "10-25 01:30", "10-25 03:30"])
def test_a_clock_change_moves_no_result(changes: str) -> None:
    assert counted(a_life(a_stop(changes))) == [("met", f"2026-{changes[:2]}")]


def test_a_cancelled_clock_never_counts() -> None:
    assert counted(a_life(cancelled="07-06 11:00", is_void=True)) == []
    assert counted(a_life(cancelled="07-06 11:00")) == []


def test_a_breach_is_forgiven_when_the_ticket_turns_out_to_be_none_in_that_month() -> None:
    life = a_life(breached="07-06 11:00", cancelled="07-31 23:59", is_void=True)

    assert counted(life) == []


def test_a_month_that_is_over_keeps_the_breach_of_a_ticket_cancelled_later() -> None:
    life = a_life(breached="07-31 23:00", cancelled="08-01 00:00", is_void=True)

    assert counted(life) == [("missed", "2026-07")]


def test_a_breach_does_not_vanish_when_another_priority_promises_nothing() -> None:
    life = a_life(breached="07-06 11:00", cancelled="07-06 14:00", is_void=False)

    assert counted(life) == [("missed", "2026-07")]


def test_an_answer_given_before_a_merge_stays_an_answer() -> None:
    assert counted(a_life(a_stop("07-06 11:00"), is_void=True)) == [("met", "2026-07")]


def test_a_reopening_takes_nothing_back_from_the_month_of_the_first_stop() -> None:
    running_again = a_life(a_stop("03-30 10:00"))
    met_again = a_life(a_stop("03-30 10:00"), a_stop("04-10 10:00", seconds=7200))

    assert counted(running_again) == [("met", "2026-03")]
    assert counted(met_again) == [("met", "2026-03")]
    [result] = results_of(met_again, at=LATER, zone=PARIS)
    assert result.stop == a_stop("03-30 10:00")


def test_a_breach_after_a_reopening_counts_in_its_own_month_as_well() -> None:
    life = a_life(
        a_stop("03-30 10:00"), a_stop("05-02 10:00", is_met=False), breached="04-10 10:00"
    )

    assert counted(life) == [("met", "2026-03"), ("missed", "2026-04")]
    assert results_of(life, at=LATER, zone=PARIS)[1] == SlaResult(
        is_met=False, at=at("04-10 10:00"), stop=a_stop("05-02 10:00", is_met=False)
    )


def test_in_one_month_a_breach_after_a_reopening_counts_alone() -> None:
    life = a_life(a_stop("04-01 10:00"), breached="04-10 10:00")

    assert counted(life) == [("missed", "2026-04")]


def test_a_clock_that_was_late_and_is_reopened_counts_once() -> None:
    life = a_life(
        a_stop("04-10 10:00", is_met=False),
        a_stop("05-02 10:00", is_met=False),
        breached="03-30 10:00",
    )

    [result] = results_of(life, at=LATER, zone=PARIS)

    assert counted(life) == [("missed", "2026-03")]
    assert result.stop == a_stop("04-10 10:00", is_met=False)


_YEAR_START = at("01-01 00:00")
_HOURS = st.integers(0, 24 * 300).map(lambda hours: _YEAR_START + timedelta(hours=hours))


@st.composite
def lives(draw: st.DrawFn) -> ClockLife:
    """Give the life of a clock: stops in order, met before the breach, late from it on."""
    breached_at = draw(st.none() | _HOURS)
    stops = tuple(
        ClockResult(stopped_at, 60, breached_at is None or stopped_at < breached_at)
        for stopped_at in sorted(draw(st.lists(_HOURS, max_size=3, unique=True)))
    )
    return ClockLife(stops, breached_at, draw(st.none() | _HOURS), draw(st.booleans()))


@given(life=lives())
def test_no_clock_counts_twice_in_a_month_nor_twice_as_kept_or_as_broken(life: ClockLife) -> None:
    found = counted(life)

    assert len({month for _, month in found}) == len(found)
    assert len({verdict for verdict, _ in found}) == len(found)


@given(life=lives(), now=_HOURS, later=_HOURS)
def test_a_month_that_is_over_never_changes_whatever_happens_later(
    life: ClockLife, now: datetime, later: datetime
) -> None:
    now, later = min(now, later), max(now, later)
    over = Month.of(now, PARIS)

    def seen(moment: datetime) -> list[tuple[str, str]]:
        """Return what was counted of the months that were over, from what was known then."""
        is_known = life.cancelled_at is not None and life.cancelled_at <= moment
        known = ClockLife(
            tuple(stop for stop in life.stops if stop.stopped_at <= moment),
            life.breached_at,
            life.cancelled_at if is_known else None,
            life.is_void and is_known,
        )
        return [one for one in counted(known, moment) if one[1] < str(over)]

    assert seen(now) == seen(later)


def test_dimensions_are_named_with_commas_each_once() -> None:
    metric_and_month = (SlaDimension.METRIC, SlaDimension.MONTH)

    assert dimensions_of("metric,MONTH, metric") == metric_and_month
    assert dimensions_of("") == ()


def test_a_dimension_that_is_unknown_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(DimensionUnknown) as refusal:
        dimensions_of("client,site")

    assert "“site”" in refusal.value.message(Locale.EN)
    assert "MONTH, CLIENT, PRIORITY, METRIC, AGENT" in refusal.value.message(Locale.FR)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert nearest_rank([], 50) is None
    assert nearest_rank([7], 50) == nearest_rank([7], 90) == 7
    assert nearest_rank([1, 2], 50) == 1
    assert nearest_rank([1, 2, 3], 50) == 2
    assert nearest_rank(list(range(1, 11)), 90) == 9
    assert nearest_rank(list(range(1, 12)), 90) == 10
    assert nearest_rank(list(range(1, 101)), 90) == 90


@given(values=st.lists(st.integers(0, 10**9), min_size=1), percent=st.integers(1, 100))
def test_enough_values_do_not_exceed_a_percentile_and_no_smaller_one_would_do(
    values: list[int], percent: int
) -> None:
    ordered = sorted(values)

    found = nearest_rank(ordered, percent)

    assert found is not None
    assert 100 * sum(value <= found for value in ordered) >= percent * len(ordered)
    assert 100 * sum(value < found for value in ordered) < percent * len(ordered)


def test_figures_of_nothing_say_nothing() -> None:
    figures = Tally().figures(is_present=False)

    assert (figures.met, figures.missed, figures.measured) == (0, 0, 0)
    assert figures.hundredths_of_percent is None
    assert (figures.median_seconds, figures.ninetieth_seconds) == (None, None)
    assert figures.open_clocks is None


def test_a_share_is_cut_off_and_never_rounded_up_to_all() -> None:
    tally = Tally(met=99_999, missed=1)

    assert tally.figures(is_present=False).hundredths_of_percent == 99_99
    assert Tally(met=2, missed=1).figures(is_present=False).hundredths_of_percent == 66_66
    assert Tally(met=3).figures(is_present=False).hundredths_of_percent == 100_00
    assert Tally(missed=3).figures(is_present=False).hundredths_of_percent == 0


def test_what_is_open_adds_up() -> None:
    tally = Tally()
    tally.count_open(OpenClocks(3, 1, 1))
    tally.count_open(OpenClocks(2, 0, 1))

    assert tally.figures(is_present=True).open_clocks == OpenClocks(5, 1, 2)
    assert Tally().figures(is_present=True).open_clocks == OpenClocks(0, 0, 0)


def test_results_and_seconds_are_counted() -> None:
    tally = Tally(seconds=[30, 10, 20])
    tally.count(is_met=True)
    tally.count(is_met=True)
    tally.count(is_met=False)

    figures = tally.figures(is_present=False)

    assert (figures.met, figures.missed, figures.measured) == (2, 1, 3)
    assert (figures.median_seconds, figures.ninetieth_seconds) == (20, 30)


def test_a_field_is_what_it_was_before_the_changes_that_came_later() -> None:
    changes = [
        FieldChange(at("07-06 10:00"), {"priority": "P3", "impact": "MINOR"}),
        FieldChange(at("07-06 12:00"), {"assignee_id": None}),
        FieldChange(at("07-06 14:00"), {"priority": "P1"}),
    ]

    assert value_at("priority", "P2", changes, at("07-06 09:00")) == "P3"
    assert value_at("priority", "P2", changes, at("07-06 11:00")) == "P1"
    assert value_at("priority", "P2", changes, at("07-06 15:00")) == "P2"
    assert value_at("assignee_id", "alice", changes, at("07-06 11:00")) is None
    assert value_at("assignee_id", "alice", changes, at("07-06 13:00")) == "alice"


def test_a_breach_at_the_instant_of_a_change_belongs_to_what_was_changed_to() -> None:
    changes = [FieldChange(at("07-06 10:00"), {"priority": "P2"})]

    assert value_at("priority", "P0", changes, at("07-06 10:00")) == "P0"


def test_a_breach_of_an_excluded_ticket_is_missed_and_counted_apart() -> None:
    tally = Tally()
    for is_met, is_excluded in ((True, True), (False, True), (False, False)):
        tally.count(is_met=is_met, is_excluded=is_excluded)
    figures = tally.figures(is_present=False)
    assert (figures.met, figures.missed, figures.missed_excluded) == (1, 2, 1)
