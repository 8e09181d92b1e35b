"""The versions of a calendar's opening hours, and which of them counts when."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.opening_seconds import (
    Opening,
    UtcInterval,
    resolve_opening,
    union,
    wall_second,
)
from helpdesk.domain.utc_seconds import EPOCH, SECONDS_A_DAY, utc_second

# A date begins up to 26 hours apart on two sides of the world: two days around any instant hold it.
_MARGIN_DAYS = 2
# Versions from the first or last days of Python's calendar are outside every horizon anyway.
_EARLIEST = utc_second(datetime(1, 1, 4, tzinfo=UTC))
_LATEST = utc_second(datetime(9999, 12, 28, tzinfo=UTC))


class VersionsMissing(HelpdeskError):
    """Without a version nothing says what is open."""

    code = ErrorCode.CALENDAR_INVALID
    english = "The calendar has no version: give at least one."
    french = "Le calendrier n'a pas de version : donnez-en au moins une."


class VersionsOutOfOrder(HelpdeskError):
    """Each version takes over from the one before it, so it takes effect later."""

    code = ErrorCode.CALENDAR_INVALID
    english = (
        "The version effective from {later} comes after one effective from {earlier}: give every "
        "version a later second than the one before it."
    )
    french = (
        "La version en vigueur le {later} suit une version en vigueur le {earlier} : donnez à "
        "chaque version une seconde plus tardive qu'à la précédente."
    )


@dataclass(frozen=True, slots=True)
class HoursVersion:
    """The opening hours of a calendar from an instant on, until the next version takes over.

    `effective_from` counts as the whole second it lies in; without a zone it is refused with
    `NaiveDatetime`. `number` is what the calendar calls the version, None where it has no name.
    """

    effective_from: datetime
    hours: BusinessHours
    number: int | None = None

    def __post_init__(self) -> None:
        utc_second(self.effective_from)  # refuses an instant without a zone


@dataclass(frozen=True, slots=True)
class _Era:
    """Where a version counts: UTC seconds and date ordinals, both half-open."""

    hours: BusinessHours
    start: int
    end: int
    first_day: int
    end_day: int


class HoursHistory:
    """The versions of a calendar in order; the first one counts before it takes effect, too.

    Raises `VersionsMissing` for none, and `VersionsOutOfOrder` when one is not later than the one
    before it.
    """

    __slots__ = ("_days", "_seconds", "versions")

    def __init__(self, versions: Sequence[HoursVersion]) -> None:
        if not versions:
            raise VersionsMissing(path=("versions",))
        for earlier, later in pairwise(versions):
            _check_later(earlier.effective_from, later.effective_from)
        self.versions = tuple(versions)
        # From when each version after the first counts, as a second and as the first whole day.
        self._seconds = [_effective_second(version) for version in self.versions[1:]]
        days = [_first_whole_day(version) for version in self.versions[1:]]
        # Where versions move to zones further east, a later one can be the first at a midnight.
        self._days = list(accumulate(reversed(days), min))[::-1]

    def at(self, second: int) -> HoursVersion:
        """Return the version in force at the UTC second."""
        return self.versions[bisect_right(self._seconds, second)]

    def on(self, day: date) -> HoursVersion:
        """Return the version in force at the midnight of the date, on the version's own clock."""
        return self.versions[bisect_right(self._days, day.toordinal())]

    def opening(self, first: date, last: date) -> Opening:
        """Return what is open on the dates from `first` to `last`, both included."""
        if len(self.versions) == 1:
            return resolve_opening(self.versions[0].hours, first, last)
        first_second = self._midnight(first, first.toordinal())
        last_second = self._midnight(last, last.toordinal() + 1)
        days: list[Sequence[UtcInterval]] = []
        intervals: list[UtcInterval] = []
        for era in self._eras(first, last, (first_second, last_second)):
            # The run of days and the run of seconds begin and end within the margin of each other.
            margin_start = min(era.first_day, era.end_day) - _MARGIN_DAYS
            margin_end = max(era.first_day, era.end_day) + _MARGIN_DAYS
            opening = resolve_opening(
                era.hours, date.fromordinal(margin_start), date.fromordinal(margin_end)
            )
            days += opening.days[era.first_day - margin_start : era.end_day - margin_start]
            intervals += union(opening.intervals, era.start, era.end)
        return Opening(first_second, last_second, days, union(intervals, first_second, last_second))

    def _eras(self, first: date, last: date, seconds: UtcInterval) -> Iterator[_Era]:
        """Yield where each version counts within the dates and the seconds, if it does."""
        starts, ends = (_EARLIEST, *self._seconds), (*self._seconds, _LATEST)
        first_days = (first.toordinal(), *self._days)
        end_days = (*self._days, last.toordinal() + 1)
        for version, *bounds in zip(self.versions, starts, ends, first_days, end_days, strict=True):
            start, end = max(bounds[0], seconds[0]), min(bounds[1], seconds[1])
            first_day = max(bounds[2], first.toordinal())
            end_day = min(bounds[3], last.toordinal() + 1)
            if start < end or first_day < end_day:
                yield _Era(version.hours, start, end, first_day, end_day)

    def _midnight(self, day: date, ordinal: int) -> int:
        return wall_second(ZoneInfo(self.on(day).hours.zone), ordinal, 0)


def _check_later(earlier: datetime, later: datetime) -> None:
    if utc_second(later) <= utc_second(earlier):
        raise VersionsOutOfOrder(
            earlier=earlier.isoformat(), later=later.isoformat(), path=("versions",)
        )


def _effective_second(version: HoursVersion) -> int:
    return min(max(utc_second(version.effective_from), _EARLIEST), _LATEST)


def _first_whole_day(version: HoursVersion) -> int:
    """Return the ordinal of the first date whose midnight the version is in force at."""
    zone = ZoneInfo(version.hours.zone)
    second = _effective_second(version)
    ordinal = EPOCH.toordinal() + second // SECONDS_A_DAY
    while wall_second(zone, ordinal, 0) < second:
        ordinal += 1
    return ordinal
