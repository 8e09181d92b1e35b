"""The compiled calendars, kept on a shelf: a version never changes, so it is compiled once."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.business_time import HoursVersion, Timeline, compile_versions
from helpdesk.domain.calendar import CalendarVersion, version_in_force, versions_that_count
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.sla import Timelines
from helpdesk.domain.utc_seconds import EPOCH

HORIZON_YEARS = 9
SHELF_SIZE = 128

_ALWAYS = (HoursVersion(EPOCH, BusinessHours.always_open("UTC")),)
_Key = tuple[str, str, tuple[int, ...], int]
"""An agency, a calendar, the numbers of the versions that count, the first year."""


@dataclass(frozen=True, slots=True)
class CountedOn:
    """The compiled calendars for a ticket, and which version of each is in force when asked."""

    timelines: Timelines
    versions: Mapping[CalendarId, int]


class TimelineShelf:
    """Compiled timelines by agency, calendar, versions and horizon; the least used leaves first."""

    def __init__(self) -> None:
        """Start with an empty shelf."""
        self._shelf: OrderedDict[_Key, Timeline] = OrderedDict()

    def counted_on(self, versions: Iterable[CalendarVersion], at: datetime) -> CountedOn:
        """Return the timeline of each calendar over the years around `at`, all versions spliced.

        A version counts from its `effective_from` on; what was counted before it is frozen. The
        first one counts before it takes effect, too. `versions` of the answer are in force at `at`.
        """
        by_calendar: dict[CalendarId, list[CalendarVersion]] = {}
        for version in versions:
            by_calendar.setdefault(version.calendar_id, []).append(version)
        return CountedOn(
            timelines=Timelines(
                {key: self.timeline(group, at) for key, group in by_calendar.items()},
                self._compiled(("", "always", (), _first_year(at)), _ALWAYS),
            ),
            versions={
                key: version_in_force(group, at).version for key, group in by_calendar.items()
            },
        )

    def timeline(self, versions: Iterable[CalendarVersion], at: datetime) -> Timeline:
        """Return the versions of one calendar, spliced over the years around `at`."""
        counting = versions_that_count(versions)
        numbers = tuple(version.version for version in counting)
        key = (counting[0].agency_id, counting[0].calendar_id, numbers, _first_year(at))
        return self._compiled(key, [_hours_version(version) for version in counting])

    def _compiled(self, key: _Key, versions: Sequence[HoursVersion]) -> Timeline:
        timeline = self._shelf.get(key)
        if timeline is None:
            first_year = key[3]
            timeline = compile_versions(
                versions, date(first_year, 1, 1), date(first_year + HORIZON_YEARS, 12, 31)
            )
            self._shelf[key] = timeline
            if len(self._shelf) > SHELF_SIZE:
                self._shelf.popitem(last=False)
        self._shelf.move_to_end(key)
        return timeline


def _hours_version(version: CalendarVersion) -> HoursVersion:
    return HoursVersion(version.effective_from, version.hours, version.version)


def _first_year(at: datetime) -> int:
    """Return the year before `at`, in steps of two, so that neighbours share a timeline."""
    year = at.astimezone(UTC).year - 1
    return year - year % 2
