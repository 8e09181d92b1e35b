"""The versions of a calendar's opening hours, and which of them counts when."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, chain, pairwise
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
from helpdesk.domain.utc_seconds import utc_instant, utc_second

# A date begins up to 26 hours apart on two sides of the world: two days around any instant hold it.
_MARGIN_DAYS = 2


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
    `NaiveDatetime`.
    """

    effective_from: datetime
    hours: BusinessHours

    def __post_init__(self) -> None:
        utc_second(self.effective_from)  # refuses an instant without a zone


class HoursHistory:
    """The versions of a calendar in order; before the first takes effect, it counts already.

    Raises `VersionsMissing` for none, and `VersionsOutOfOrder` when one is not later than the one
    before it.
    """

    __slots__ = ("_days", "_seconds", "versions")

    def __init__(self, versions: Sequence[HoursVersion]) -> None:
        if not versions:
            raise VersionsMissing(path=("versions",))
        self.versions = tuple(versions)
        # From when each following version counts, as a second and as a date.
        self._seconds = [utc_second(version.effective_from) for version in versions[1:]]
        for earlier, later in pairwise(self.versions):
            _check_later(earlier.effective_from, later.effective_from)
        days = [_first_day(version) for version in versions[1:]]
        # Where the zone moves with a version, a later one can reach a midnight first.
        self._days = list(accumulate(reversed(days), min))[::-1]

    def at(self, second: int) -> HoursVersion:
        """Return the version in force at the UTC second."""
        return self.versions[bisect_right(self._seconds, second)]

    def on(self, day: date) -> HoursVersion:
        """Return the version in force at the midnight of the date, on the version's own clock."""
        return self.versions[bisect_right(self._days, day.toordinal())]
