"""Which routines a contract has, and on which working days of a month they are done."""

from datetime import date, timedelta
from typing import Any

import pytest

from helpdesk.domain.month import Month
from helpdesk.domain.plan import (
    Every,
    Origin,
    PlanServices,
    ReportLevel,
    Rhythm,
    SecurityUpdates,
    Sourced,
)
from helpdesk.domain.routine import (
    PlannedRoutine,
    Routine,
    RoutineKind,
    Weeks,
    next_planned,
    planned,
    routines_of,
)

WEEKS = {
    RoutineKind.UPDATES: Weeks(1, 2),
    RoutineKind.SECURITY_UPDATES: Weeks(1, 2),
    RoutineKind.BACKUPS: Weeks(1, 2),
    RoutineKind.PERFORMANCE_AUDIT: Weeks(3, 3),
    RoutineKind.REPORT: Weeks(4, 4),
}
JANUARY, JULY = Month(2026, 1), Month(2026, 7)
UPDATES = Routine(RoutineKind.UPDATES, Weeks(1, 2))
REPORT = Routine(RoutineKind.REPORT, Weeks(4, 4))


def services(**given: object) -> PlanServices:
    sold: dict[str, Any] = {
        name: Sourced(value, Origin.SOURCE, "002 §4.2") for name, value in given.items()
    }
    return PlanServices(**sold)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def never(_: date) -> bool:
    return False


@pytest.mark.parametrize(
    ("sold", "expected"),
    [
        (services(), {}),
        (
            services(
                preventive_updates=Rhythm(1, Every.MONTH),
                security_updates=frozenset({SecurityUpdates.CONTINUOUS}),
                verified_backup=Rhythm(1, Every.DAY),
                performance=True,
                report=ReportLevel.DETAILED,
            ),
            dict.fromkeys(RoutineKind, 1),
        ),
        (services(preventive_updates=Rhythm(1, Every.QUARTER)), {RoutineKind.UPDATES: 3}),
        (services(preventive_updates=None, verified_backup=None), {}),
        (services(security_updates=frozenset({SecurityUpdates.URGENT})), {}),
        (
            services(security_updates=frozenset({SecurityUpdates.URGENT, SecurityUpdates.MONTHLY})),
            {RoutineKind.SECURITY_UPDATES: 1},
        ),
        (services(backup=Rhythm(4, Every.DAY)), {RoutineKind.BACKUPS: 1}),
        (services(performance=False, report=ReportLevel.NONE), {}),
    ],
)
def test_there_is_one_routine_for_each_service_that_is_sold(
    sold: PlanServices, expected: dict[RoutineKind, int]
) -> None:
    routines = routines_of(sold, WEEKS)

    assert {one.kind: one.every_months for one in routines} == expected
    assert all(one.weeks == WEEKS[one.kind] for one in routines)


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (Month(2025, 10), False),
        (JANUARY, True),
        (Month(2026, 2), False),
        (Month(2026, 4), True),
        (Month(2027, 1), True),
    ],
)
def test_a_quarter_is_counted_from_the_first_month_of_the_contract(
    *, month: Month, expected: bool
) -> None:
    routine = Routine(RoutineKind.UPDATES, Weeks(1, 2), every_months=3)

    assert routine.is_of(month, since=JANUARY) is expected


def test_it_opens_on_the_first_worked_day_of_its_weeks_and_is_due_on_the_last() -> None:
    july = planned(UPDATES, JULY, since=JANUARY, is_worked=is_weekday)
    august = planned(UPDATES, JULY.following, since=JANUARY, is_worked=is_weekday)

    assert july == PlannedRoutine(RoutineKind.UPDATES, JULY, date(2026, 7, 1), date(2026, 7, 14))
    assert august is not None
    assert (august.opens_on, august.due_on) == (date(2026, 8, 3), date(2026, 8, 14))


def test_the_fourth_week_ends_on_the_28th() -> None:
    assert Weeks(4, 4).days(Month(2026, 2)) == (date(2026, 2, 22), date(2026, 2, 28))


def test_weeks_without_a_worked_day_give_way_to_the_next_one_of_the_month() -> None:
    def after_the_holidays(day: date) -> bool:
        return is_weekday(day) and day >= date(2026, 7, 15)

    found = planned(UPDATES, JULY, since=JANUARY, is_worked=after_the_holidays)

    assert found is not None
    assert (found.opens_on, found.due_on) == (date(2026, 7, 15), date(2026, 7, 15))


def test_a_month_without_a_worked_day_has_no_routine() -> None:
    assert planned(REPORT, JULY, since=JANUARY, is_worked=never) is None
    assert planned(REPORT, JANUARY, since=JULY, is_worked=is_weekday) is None


@pytest.mark.parametrize(
    ("after", "due_on"),
    [
        (date(2026, 7, 1), date(2026, 7, 28)),
        (date(2026, 7, 28), date(2026, 7, 28)),
        (date(2026, 7, 29), date(2026, 8, 28)),
        (date(2026, 12, 31), date(2027, 1, 28)),
    ],
)
def test_the_next_one_is_found(after: date, due_on: date) -> None:
    found = next_planned(REPORT, after=after, since=JANUARY, is_worked=is_weekday)

    assert found is not None
    assert found.due_on == due_on


def test_there_is_no_next_one_after_the_end_of_the_contract() -> None:
    end = date(2026, 7, 1) + timedelta(days=10)

    def is_under_contract(day: date) -> bool:
        return day < end

    assert (
        next_planned(REPORT, after=date(2026, 7, 1), since=JANUARY, is_worked=is_under_contract)
        is None
    )
