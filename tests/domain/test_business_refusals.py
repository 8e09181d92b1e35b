"""What business time refuses: no opening, no zone, no answer inside the horizon."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from helpdesk.domain.business_time import (
    BeyondHorizon,
    BusinessHours,
    CalendarNeverOpens,
    Edge,
    NaiveDatetime,
    Timeline,
    compile_timeline,
)
from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.horizon import HorizonImpossible
from helpdesk.domain.utc_seconds import utc_second
from tests.domain.business_calendars import (
    AGENCY,
    FIRST,
    HOUR,
    LAST,
    compiled,
    paris,
    spans,
    utc,
    weekly,
)

NINE_TO_FIVE = compiled(weekly("09:00-17:00"))


def test_a_calendar_that_never_opens_is_refused() -> None:
    hours = BusinessHours("Europe/Paris", {}, overrides={date(2027, 1, 1): spans("09:00-10:00")})

    with pytest.raises(CalendarNeverOpens) as refusal:
        compile_timeline(hours, FIRST, LAST)

    assert refusal.value.code is ErrorCode.CALENDAR_NEVER_OPEN
    assert "from 2026-01-01 to 2026-12-31" in str(refusal.value)
    assert "du 2026-01-01 au 2026-12-31" in refusal.value.message(Locale.FR)


@pytest.mark.parametrize(
    ("first", "last"), [(LAST, FIRST), (date(1, 1, 1), FIRST), (FIRST, date(9999, 12, 31))]
)
def test_an_impossible_horizon_is_refused(first: date, last: date) -> None:
    with pytest.raises(HorizonImpossible) as refusal:
        compile_timeline(BusinessHours.always_open("UTC"), first, last)

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    assert f"from {first} to {last}" in str(refusal.value)


@pytest.mark.parametrize(
    ("ask", "instant"),
    [
        pytest.param(lambda t: t.is_open(utc("2027-02-01")), "2027-02-01", id="is_open"),
        pytest.param(lambda t: t.after(utc("2025-02-01"), 60), "2025-02-01", id="after"),
        pytest.param(
            lambda t: t.elapsed(utc("2026-02-01"), utc("2027-02-01")), "2027-02-01", id="elapsed"
        ),
        pytest.param(lambda t: t.after(utc("2026-12-31"), 99_999), "99999 s", id="too much"),
        pytest.param(lambda t: t.before(utc("2026-01-02"), 99_999), "-99999 s", id="too far back"),
        pytest.param(
            lambda t: t.after(utc("2026-12-31"), 99_999, edge=Edge.OPENING), "99999 s", id="edge"
        ),
        pytest.param(lambda t: t.next_open(utc("2026-12-31T22:00")), "2026-12-31", id="next_open"),
        pytest.param(lambda t: t.last_open(utc("2026-01-01T05:00")), "2026-01-01", id="last_open"),
        pytest.param(lambda t: t.add_days_date(LAST, 1), "2026-12-31", id="day"),
        pytest.param(lambda t: t.add_days_date(FIRST, -1), "-1 ", id="day before"),
        pytest.param(lambda t: t.add_days_date(date(2027, 1, 1), 1), "2027-01-01", id="date"),
    ],
)
def test_a_question_beyond_the_horizon_is_refused(
    ask: Callable[[Timeline], object], instant: str
) -> None:

    with pytest.raises(BeyondHorizon) as refusal:
        ask(NINE_TO_FIVE)

    assert refusal.value.code is ErrorCode.CALENDAR_HORIZON
    for locale in Locale:
        sentence = refusal.value.message(locale)
        assert instant in sentence
        assert "2026-01-01" in sentence
        assert "2026-12-31" in sentence


def test_the_whole_horizon_answers_up_to_its_last_midnight() -> None:
    first, last = paris("2026-01-01 00:00"), paris("2027-01-01 00:00")

    year = NINE_TO_FIVE.elapsed(first, last)

    assert year == 261 * 8 * HOUR
    assert NINE_TO_FIVE.after(first, year) == paris("2026-12-31 17:00")
    assert not NINE_TO_FIVE.is_open(last)
    with pytest.raises(BeyondHorizon):
        NINE_TO_FIVE.is_open(last + timedelta(seconds=1))


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda t, naive: t.elapsed(naive, utc("2026-07-10")), id="elapsed"),
        pytest.param(lambda t, naive: t.elapsed(utc("2026-07-10"), naive), id="elapsed to"),
        pytest.param(lambda t, naive: t.after(naive, 60), id="after"),
        pytest.param(lambda t, naive: t.before(naive, 0), id="before"),
        pytest.param(lambda t, naive: t.is_open(naive), id="is_open"),
        pytest.param(lambda t, naive: t.next_open(naive), id="next_open"),
        pytest.param(lambda t, naive: t.open_intervals(naive, naive), id="open_intervals"),
        pytest.param(lambda t, naive: t.intervals_after(naive), id="intervals_after"),
        pytest.param(lambda t, naive: t.add_days(naive, 1), id="add_days"),
        pytest.param(lambda t, naive: t.end_of_day_days_later(naive, 1), id="end_of_day"),
    ],
)
def test_a_datetime_without_a_zone_is_refused(ask: Callable[[Timeline, datetime], object]) -> None:
    naive = paris("2026-07-10 10:00").replace(tzinfo=None)

    with pytest.raises(NaiveDatetime) as refusal:
        ask(AGENCY, naive)

    assert refusal.value.code is ErrorCode.NAIVE_DATETIME
    assert "2026-07-10T10:00:00+00:00" in str(refusal.value)
    assert "2026-07-10T10:00:00 n'a pas" in refusal.value.message(Locale.FR)


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [("2025-02-01", "2026-02-01", "2025-02-01"), ("2026-02-01", "2027-02-01", "2027-02-01")],
)
def test_an_elapsed_time_names_the_instant_that_is_outside(
    start: str, end: str, named: str
) -> None:
    with pytest.raises(BeyondHorizon) as of_instants:
        NINE_TO_FIVE.elapsed(utc(start), utc(end))
    with pytest.raises(BeyondHorizon) as of_seconds:
        NINE_TO_FIVE.seconds.elapsed(utc_second(utc(start)), utc_second(utc(end)))

    assert of_instants.value.values["instant"] == utc(named)
    assert of_seconds.value.values["instant"] == utc(named)
