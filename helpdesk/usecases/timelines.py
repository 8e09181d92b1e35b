"""The compiled calendars, kept on a shelf: a version never changes, so it is compiled once."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from helpdesk.domain.agency import CalendarVersion, version_in_force
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.business_time import Timeline, compile_timeline
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.sla import Timelines

HORIZON_YEARS = 9
SHELF_SIZE = 128

_ALWAYS = BusinessHours.always_open("UTC")
_Key = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class CountedOn:
    """The compiled calendars for a ticket, and which version of each was taken."""

    timelines: Timelines
    versions: Mapping[CalendarId, int]


class TimelineShelf:
    """Compiled timelines by agency, calendar, version and horizon; the least used leaves first."""

    def __init__(self) -> None:
        """Start with an empty shelf."""
        self._shelf: OrderedDict[_Key, Timeline] = OrderedDict()

    def counted_on(self, versions: Iterable[CalendarVersion], at: datetime) -> CountedOn:
        """Return the timelines of the versions in force at `at`, each calendar's own."""
        by_calendar: dict[CalendarId, list[CalendarVersion]] = {}
        for version in versions:
            by_calendar.setdefault(version.calendar_id, []).append(version)
        chosen = {key: version_in_force(group, at) for key, group in by_calendar.items()}
        return CountedOn(
            timelines=Timelines(
                {key: self.timeline(version, at) for key, version in chosen.items()},
                self._compiled(("", "always", 0, _first_year(at)), _ALWAYS),
            ),
            versions={key: version.version for key, version in chosen.items()},
        )

    def timeline(self, version: CalendarVersion, at: datetime) -> Timeline:
        """Return the compiled hours of a version, over the years around `at`."""
        key = (version.agency_id, version.calendar_id, version.version, _first_year(at))
        return self._compiled(key, version.hours)

    def _compiled(self, key: _Key, hours: BusinessHours) -> Timeline:
        timeline = self._shelf.get(key)
        if timeline is None:
            first_year = key[3]
            timeline = compile_timeline(
                hours, date(first_year, 1, 1), date(first_year + HORIZON_YEARS, 12, 31)
            )
            self._shelf[key] = timeline
            if len(self._shelf) > SHELF_SIZE:
                self._shelf.popitem(last=False)
        self._shelf.move_to_end(key)
        return timeline


def _first_year(at: datetime) -> int:
    """Return the year before `at`, in steps of two, so that neighbours share a timeline."""
    year = at.astimezone(UTC).year - 1
    return year - year % 2
