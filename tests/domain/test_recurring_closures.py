"""Closures that come again and again, as RFC 5545 rules on local dates."""

from datetime import date, timedelta
from itertools import starmap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.domain.business_time import (
    BusinessHours,
    ClosedReason,
    Weekday,
    compile_timeline,
)
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.recurring_closures import (
    MOST_RULES,
    RecurringClosureNeverComes,
    RecurringClosureOutOfReach,
    RecurringClosuresTooMany,
    RecurringClosureUndated,
    RecurringClosureUnreadable,
    RecurringClosureWithinDay,
    is_recurring_closure,
)
from tests.domain.business_calendars import HOUR, compiled, paris, spans

LAST_FRIDAYS = "RRULE:FREQ=MONTHLY;BYDAY=-1FR"


def closing(*rules: str, **exceptions: object) -> BusinessHours:
    week = dict.fromkeys(Weekday, spans("09:00-17:00"))
    return BusinessHours(
        "Europe/Paris",
        week,
        recurring_closures=rules,
        **exceptions,  # type: ignore[arg-type] # the fields that a test chooses
    )


def closed_dates(rule: str, first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    hours = closing(rule)
    return [str(day) for day in days if hours.closed_reason(day)]


@pytest.mark.parametrize(
    ("rule", "closed"),
    [
        pytest.param(LAST_FRIDAYS, ["2026-07-31", "2026-08-28"], id="last Friday"),
        pytest.param("freq=monthly;bymonthday=-1", ["2026-07-31", "2026-08-31"], id="small"),
        pytest.param(
            "FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=14,15", ["2026-08-14", "2026-08-15"], id="dates"
        ),
        pytest.param(
            "DTSTART:20260703\nRRULE:FREQ=WEEKLY;INTERVAL=3",
            ["2026-07-03", "2026-07-24", "2026-08-14"],
            id="every third week",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260601 FREQ=DAILY;COUNT=31",
            ["2026-07-01"],
            id="a count from the start",
        ),
        pytest.param(
            "DTSTART:20260630T000000\nRRULE:FREQ=DAILY;UNTIL=20260702T000000",
            ["2026-07-01", "2026-07-02"],
            id="until, inclusive",
        ),
        pytest.param("FREQ=DAILY;UNTIL=20260701", ["2026-07-01"], id="until, without a start"),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            ["2026-07-31", "2026-08-31"],
            id="last weekday",
        ),
        pytest.param("DTSTART:20270101\nFREQ=DAILY", [], id="not begun yet"),
        pytest.param("DTSTART:20250101\nFREQ=DAILY;COUNT=9", [], id="over"),
        pytest.param("DTSTART:20260701\nFREQ=WEEKLY;BYDAY=MO;COUNT=1", ["2026-07-06"], id="start"),
    ],
)
def test_a_rule_closes_its_dates(rule: str, closed: list[str]) -> None:
    assert closed_dates(rule, "2026-07-01", "2026-08-31") == closed


def test_a_week_of_the_year_is_whole_over_new_year() -> None:
    rule = "FREQ=YEARLY;BYWEEKNO=1"

    assert closed_dates(rule, "2029-12-25", "2030-01-10") == [
        "2029-12-31",
        *(f"2030-01-0{day}" for day in range(1, 7)),
    ]


def test_a_rule_without_a_start_holds_in_every_year() -> None:
    rule = ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24",)

    for year in (1, 9, 1582, 1899, 2026, 9989, 9999):
        assert is_recurring_closure(rule, date(year, 12, 24))
        assert not is_recurring_closure(rule, date(year, 12, 23))


def test_a_recurring_closure_closes_as_a_holiday_does() -> None:
    timeline = compiled(closing(LAST_FRIDAYS))

    assert timeline.elapsed(paris("2026-07-30 00:00"), paris("2026-08-01 00:00")) == 8 * HOUR
    assert timeline.add_days_date(date(2026, 7, 30), 1) == date(2026, 8, 1)


@pytest.mark.parametrize(("truncates", "open_hours"), [(False, 8), (True, 2)])
def test_a_recurring_closure_cuts_the_night_before_where_a_holiday_would(
    *, truncates: bool, open_hours: int
) -> None:
    hours = BusinessHours(
        "Europe/Paris",
        dict.fromkeys(Weekday, spans("22:00-06:00")),
        recurring_closures=(LAST_FRIDAYS,),
        holiday_truncates=truncates,
    )

    thursday, saturday = paris("2026-07-30 12:00"), paris("2026-08-01 12:00")

    assert compiled(hours).elapsed(thursday, saturday) == open_hours * HOUR


def test_a_closed_date_says_why() -> None:
    hours = closing(
        "FREQ=DAILY;BYMONTH=8",
        holidays=frozenset({date(2026, 8, 15)}),
        yearly_holidays=frozenset({(5, 1)}),
        overrides={
            date(2026, 8, 3): spans("09:00-12:00"),
            date(2026, 7, 31): (),
        },
    )

    assert hours.closed_reason(date(2026, 8, 15)) is ClosedReason.HOLIDAY
    assert hours.closed_reason(date(2026, 5, 1)) is ClosedReason.HOLIDAY
    assert hours.closed_reason(date(2026, 8, 16)) is ClosedReason.RECURRING_CLOSURE
    assert hours.closed_reason(date(2026, 7, 31)) is ClosedReason.CLOSURE
    assert hours.closed_reason(date(2026, 8, 3)) is None
    assert hours.closed_reason(date(2026, 9, 1)) is None
    assert not hours.is_holiday(date(2026, 8, 16))


def test_an_override_opens_a_date_that_a_rule_closes() -> None:
    friday = date(2026, 7, 31)

    timeline = compiled(closing(LAST_FRIDAYS, overrides={friday: spans("09:00-12:00")}))

    assert timeline.elapsed(paris("2026-07-31 00:00"), paris("2026-08-01 00:00")) == 3 * HOUR


def test_a_closure_reaches_the_edges_of_the_horizon() -> None:
    hours = closing("FREQ=DAILY;BYMONTH=12,1;BYMONTHDAY=1,31")

    timeline = compile_timeline(hours, date(2029, 12, 31), date(2031, 1, 1))

    assert timeline.next_open(paris("2029-12-31 00:00")) == paris("2030-01-02 09:00")
    assert timeline.last_open(paris("2031-01-02 00:00")) == paris("2030-12-30 17:00")


def test_rules_and_yearly_holidays_reach_the_first_year_of_a_horizon() -> None:
    hours = closing("FREQ=YEARLY;BYYEARDAY=3", yearly_holidays=frozenset({(1, 1), (1, 2)}))

    timeline = compile_timeline(hours, date(2, 1, 1), date(2, 12, 31))

    assert timeline.add_days_date(date(2, 1, 1), 1) == date(2, 1, 4)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every Monday",
        "RRULE:",
        "BYDAY=MO",
        "FREQ=FORTNIGHTLY;BYDAY=MO",
        "FREQ=DAILY;",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;BYEASTER=1",
        "FREQ=WEEKLY;BYDAY=LU",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1",
        "FREQ=YEARLY;BYMONTHDAY=0",
        "DTSTART:20260101\nFREQ=DAILY;INTERVAL=0",
        "DTSTART:20260101\nFREQ=DAILY;COUNT=0",
        "DTSTART:20260101\nFREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;UNTIL=20260230",
        "FREQ=DAILY;UNTIL=tomorrow",
        "DTSTART:20261301\nFREQ=DAILY",
        "DTSTART:20260101T090000\nFREQ=DAILY",
        "DTSTART;TZID=Europe/Paris:20260101T000000\nFREQ=DAILY",
        "DTSTART:20260101",
        "DTSTART:20260101\nFREQ=DAILY\nRRULE:FREQ=WEEKLY",
        "DTSTART:20260101\nFREQ=DAILY\nEXDATE:20260102",
        "FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 300),
    ],
)
def test_a_rule_that_is_not_understood_is_refused(rule: str) -> None:
    with pytest.raises(RecurringClosureUnreadable) as refusal:
        closing(rule)

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    assert refusal.value.path == ("recurring_closures",)
    for locale in Locale:
        assert f"{rule[:500]}" in refusal.value.message(locale)
        assert "RRULE:FREQ=MONTHLY;BYDAY=-1FR" in refusal.value.message(locale)


@pytest.mark.parametrize(
    ("rule", "refused", "says"),
    [
        ("FREQ=HOURLY", RecurringClosureWithinDay, "BYHOUR"),
        ("FREQ=SECONDLY;BYDAY=MO", RecurringClosureWithinDay, "BYHOUR"),
        ("FREQ=DAILY;BYHOUR=9", RecurringClosureWithinDay, "BYHOUR"),
        ("FREQ=DAILY;INTERVAL=2", RecurringClosureUndated, "DTSTART:20260101"),
        ("FREQ=DAILY;COUNT=3", RecurringClosureUndated, "DTSTART:20260101"),
        ("FREQ=WEEKLY", RecurringClosureUndated, "BYDAY"),
        ("FREQ=YEARLY;BYMONTH=8", RecurringClosureUndated, "BYMONTHDAY"),
        ("DTSTART:18991231\nFREQ=DAILY", RecurringClosureOutOfReach, "1900"),
        ("DTSTART:00010101\nFREQ=DAILY", RecurringClosureOutOfReach, "1900"),
        ("DTSTART:20260101\nFREQ=DAILY;COUNT=10001", RecurringClosureOutOfReach, "10000"),
        ("DTSTART:20260101\nFREQ=DAILY;COUNT=999999999", RecurringClosureOutOfReach, "10000"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", RecurringClosureNeverComes, "BYMONTHDAY=30"),
        ("DTSTART:20260106\nFREQ=DAILY;INTERVAL=7;BYDAY=MO", RecurringClosureNeverComes, "BYDAY"),
        ("DTSTART:20260106\nFREQ=DAILY;UNTIL=20260105", RecurringClosureNeverComes, "UNTIL"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_with_what_to_do(
    rule: str, refused: type[HelpdeskError], says: str
) -> None:
    with pytest.raises(refused) as refusal:
        closing(rule)

    assert refusal.value.code is ErrorCode.CALENDAR_INVALID
    for locale in Locale:
        assert says in refusal.value.message(locale)
        assert rule in refusal.value.message(locale)


def test_too_many_rules_are_refused() -> None:
    with pytest.raises(RecurringClosuresTooMany) as refusal:
        closing(*[LAST_FRIDAYS] * (MOST_RULES + 1))

    assert "51 recurring closures" in str(refusal.value)
    assert len(closing(*[LAST_FRIDAYS] * MOST_RULES).recurring_closures) == MOST_RULES


numbers = st.lists(st.integers(-60, 60), min_size=1, max_size=2).map(
    lambda some: ",".join(map(str, some))
)
parts = st.dictionaries(
    st.sampled_from(
        ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYSETPOS", "INTERVAL", "COUNT")
    ),
    numbers,
    max_size=3,
)


@given(
    st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    parts,
    st.sampled_from(("", ";BYDAY=MO", ";BYDAY=-1SU,2TU", ";WKST=SU")),
    st.sampled_from(("", "DTSTART:20240229 ", "DTSTART:20260101 ")),
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_rule_it_is_followed_or_refused_as_expected(
    frequency: str, numbered: dict[str, str], named: str, start: str
) -> None:
    listed = "".join(starmap(";{}={}".format, numbered.items()))

    try:
        hours = closing(f"{start}FREQ={frequency}{listed}{named}")
    except HelpdeskError:
        return
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert all(hours.spans_on(day) == () for day in year if hours.closed_reason(day))
