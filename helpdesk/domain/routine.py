"""Routines: the recurring work of a contract, one for each service that is sold."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from helpdesk.domain.month import MONTHS_A_YEAR, Month
from helpdesk.domain.plan import Every, PlanServices, ReportLevel, SecurityUpdates

MONTHS_A_QUARTER = 3
_DAYS_A_WEEK = 7

IsWorked = Callable[[date], bool]
"""Says whether a local day is worked."""


class RoutineKind(StrEnum):
    """What is done over and over (000 processus §2, 001 routines; REQ-H13, REQ-H14)."""

    UPDATES = "UPDATES"
    SECURITY_UPDATES = "SECURITY_UPDATES"
    BACKUPS = "BACKUPS"
    PERFORMANCE_AUDIT = "PERFORMANCE_AUDIT"
    REPORT = "REPORT"


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks of a month in which a routine is done, both included.

    Week n is the n-th run of seven days, the 1st to the 7th first.
    """

    first: int
    last: int

    def days(self, month: Month) -> tuple[date, date]:
        """Return the first and the last day.

        >>> [str(day) for day in Weeks(1, 2).days(Month(2026, 7))]
        ['2026-07-01', '2026-07-14']
        """
        return (
            date(month.year, month.number, (self.first - 1) * _DAYS_A_WEEK + 1),
            date(month.year, month.number, self.last * _DAYS_A_WEEK),
        )


@dataclass(frozen=True, slots=True)
class Routine:
    """A routine of a contract: in which weeks, and every how many months."""

    kind: RoutineKind
    weeks: Weeks
    every_months: int = 1

    def is_of(self, month: Month, *, since: Month) -> bool:
        """Return whether it is done in a month, counted from the first month of the contract."""
        years = month.year - since.year
        months = years * MONTHS_A_YEAR + month.number - since.number
        return months >= 0 and months % self.every_months == 0


@dataclass(frozen=True, slots=True)
class PlannedRoutine:
    """A routine of one month: its ticket opens on a working day, and it is done by another."""

    kind: RoutineKind
    month: Month
    opens_on: date
    due_on: date


def routines_of(services: PlanServices, weeks: Mapping[RoutineKind, Weeks]) -> tuple[Routine, ...]:
    """Return one routine for each service that is sold, in the order of the month (REQ-H14).

    Something that is done several times a month is one routine of the month: tools do it, and
    people look after it. What is done only when it is urgent is no routine.
    """
    every = {kind: _every_months(kind, services) for kind in RoutineKind}
    return tuple(
        Routine(kind, weeks[kind], months) for kind, months in every.items() if months is not None
    )


def planned(
    routine: Routine, month: Month, *, since: Month, is_worked: IsWorked
) -> PlannedRoutine | None:
    """Return when a routine is done in a month, None when it is not.

    It opens on the first worked day of its weeks, and is due on the last one. Weeks without one, in
    August or before a contract began, give way to the next worked day of the month.
    """
    if not routine.is_of(month, since=since):
        return None
    first, last = routine.weeks.days(month)
    worked = [day for day in _days(first, month) if is_worked(day)]
    if not worked:
        return None
    in_time = [day for day in worked if day <= last]
    return PlannedRoutine(routine.kind, month, worked[0], in_time[-1] if in_time else worked[0])


def next_planned(
    routine: Routine, *, after: date, since: Month, is_worked: IsWorked
) -> PlannedRoutine | None:
    """Return the routine that is due on a day or next; None when there is none within a year."""
    month = Month(after.year, after.month)
    for _ in range(MONTHS_A_YEAR + 1):
        found = planned(routine, month, since=since, is_worked=is_worked)
        if found is not None and found.due_on >= after:
            return found
        month = month.following
    return None


def _days(first: date, month: Month) -> Iterator[date]:
    """Give the days of a month from a day on."""
    length = monthrange(month.year, month.number)[1]
    for number in range(first.day, length + 1):
        yield first.replace(day=number)


def _every_months(kind: RoutineKind, services: PlanServices) -> int | None:
    """Return every how many months a routine is done; None where its service is not sold."""
    if kind is RoutineKind.UPDATES:
        rhythm = services.preventive_updates
        return _months_of(rhythm.value.every) if rhythm and rhythm.value else None
    if kind is RoutineKind.BACKUPS:
        backup = services.verified_backup or services.backup
        return _months_of(backup.value.every) if backup and backup.value else None
    return 1 if _is_monthly(kind, services) else None


def _is_monthly(kind: RoutineKind, services: PlanServices) -> bool:
    """Return whether a service is sold that is done every month, or not at all."""
    if kind is RoutineKind.SECURITY_UPDATES:
        updates = services.security_updates
        return updates is not None and updates.value != {SecurityUpdates.URGENT}
    if kind is RoutineKind.PERFORMANCE_AUDIT:
        return services.performance is not None and services.performance.value
    return services.report is not None and services.report.value is not ReportLevel.NONE


def _months_of(every: Every) -> int:
    return MONTHS_A_QUARTER if every is Every.QUARTER else 1
