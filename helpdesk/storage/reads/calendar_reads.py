"""Calendars as they are read: compiled for counting, and spelled out for people."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from helpdesk.domain.business_hours import MINUTES_A_DAY, MINUTES_AN_HOUR, Span
from helpdesk.domain.business_time import Timeline
from helpdesk.domain.calendar import CalendarVersion, version_in_force
from helpdesk.domain.ids import AgencyId
from helpdesk.domain.sla import Target, TargetUnit
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.contract_records import calendar_version_of
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect
from helpdesk.storage.tables.contract import CALENDAR, CALENDAR_VERSION
from helpdesk.usecases.read_models import Thing
from helpdesk.usecases.timelines import TimelineShelf

SHELF_SIZE = 512

VersionKey = tuple[str, int]
"""A calendar and the number of one of its versions."""


class CalendarShelf:
    """The versions of calendars, which never change once written, and their timelines."""

    def __init__(self, timelines: TimelineShelf) -> None:
        self._timelines = timelines
        self._versions: OrderedDict[tuple[str, str, int], CalendarVersion] = OrderedDict()

    async def versions(
        self, loader: Loader, calendar_ids: Iterable[str]
    ) -> Mapping[str, tuple[CalendarVersion, ...]]:
        """Return every version of these calendars; only those never seen are read whole."""
        agency_id = loader.viewer.agency_id
        ids = sorted(set(calendar_ids))
        rows = await loader.agency_rows("calendar_numbers", lambda: _NUMBERS, ids=ids)
        unseen = {row[0] for row in rows if (agency_id, *row) not in self._versions}
        for version in await _versions_of(loader, unseen) if unseen else ():
            self._versions[agency_id, version.calendar_id, version.version] = version
        found: dict[str, list[CalendarVersion]] = {calendar_id: [] for calendar_id in ids}
        for row in rows:
            found[row[0]].append(self._versions[agency_id, *row])
        while len(self._versions) > SHELF_SIZE:
            self._versions.popitem(last=False)
        return {calendar_id: tuple(versions) for calendar_id, versions in found.items()}

    def compiled(self, versions: Iterable[CalendarVersion], at: datetime) -> Timeline:
        """Return the hours of one calendar, around `at`."""
        return self._timelines.timeline(versions, at)

    @property
    def timelines(self) -> TimelineShelf:
        """The compiled calendars."""
        return self._timelines

    def timeline(
        self, target: Target, versions: Iterable[CalendarVersion], since: datetime
    ) -> Timeline:
        """Return the hours that a promise is counted on, around `since`."""
        if target.calendar_id is None or target.unit is TargetUnit.CALENDAR_MINUTES:
            return self._timelines.counted_on((), since).timelines.always
        return self._timelines.timeline(versions, since)


async def calendars_at(
    loader: Loader, calendar_ids: Iterable[str], at: datetime
) -> dict[str, Thing]:
    """Return calendars by identity, each as its version in force at `at` says."""
    read = _calendars_in(await _rows(loader, calendar_ids), loader.viewer.agency_id)
    return {
        calendar_id: calendar.shown(version_in_force(calendar.versions, at))
        for calendar_id, calendar in read.items()
    }


async def calendars_of(loader: Loader, keys: Iterable[VersionKey]) -> dict[VersionKey, Thing]:
    """Return calendars by identity and version."""
    wanted = set(keys)
    rows = await _rows(loader, {calendar_id for calendar_id, _ in wanted})
    return {
        (calendar_id, version.version): calendar.shown(version)
        for calendar_id, calendar in _calendars_in(rows, loader.viewer.agency_id).items()
        for version in calendar.versions
        if (calendar_id, version.version) in wanted
    }


async def all_calendars(loader: Loader, at: datetime) -> list[Thing]:
    """Return every calendar by its code, each as its version in force at `at` says."""
    rows = await loader.agency_rows("all_calendars", lambda: _EVERY)
    calendars = _calendars_in(rows, loader.viewer.agency_id).values()
    return [
        calendar.shown(version_in_force(calendar.versions, at))
        for calendar in sorted(calendars, key=lambda calendar: calendar.code)
    ]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """A calendar by its names, with all its versions."""

    code: str
    name: str
    versions: list[CalendarVersion]

    def shown(self, version: CalendarVersion) -> Thing:
        """Return the calendar as one of its versions says, with the history of them all."""
        replaced = {one.corrects: one.version for one in self.versions}
        history = [_version_values(one, replaced.get(one.version)) for one in self.versions]
        says = next(one for one in history if one["version"] == version.version)
        versions = [Thing(**one) for one in history]
        names = {"id": version.calendar_id, "code": self.code, "name": self.name}
        return Thing(**names, versions=versions, **says)


async def _versions_of(loader: Loader, calendar_ids: set[str]) -> list[CalendarVersion]:
    read = _calendars_in(await _rows(loader, calendar_ids), loader.viewer.agency_id)
    return [version for calendar in read.values() for version in calendar.versions]


async def _rows(loader: Loader, calendar_ids: Iterable[str]) -> list[Row]:
    return await loader.agency_rows("calendars", lambda: _CALENDARS, ids=sorted(set(calendar_ids)))


def _calendars_in(rows: Iterable[Row], agency_id: AgencyId) -> dict[str, _Calendar]:
    found: dict[str, _Calendar] = {}
    for code, name, *columns in rows:
        version = calendar_version_of(agency_id, tuple(columns))
        calendar = found.setdefault(version.calendar_id, _Calendar(code, name, []))
        calendar.versions.append(version)
    return found


_EVERY: AnySelect = (
    select(
        CALENDAR.c.code,
        CALENDAR.c.name,
        CALENDAR.c.id,
        CALENDAR_VERSION.c.version,
        CALENDAR_VERSION.c.effective_from,
        CALENDAR_VERSION.c.corrects,
        CALENDAR_VERSION.c.published_at,
        CALENDAR_VERSION.c.hours,
    )
    .where(
        CALENDAR.c.agency_id == bindparam("agency_id"),
        CALENDAR_VERSION.c.agency_id == CALENDAR.c.agency_id,
        CALENDAR_VERSION.c.calendar_id == CALENDAR.c.id,
    )
    .order_by(CALENDAR.c.id, CALENDAR_VERSION.c.version)
)
_CALENDARS: AnySelect = _EVERY.where(in_list(CALENDAR.c.id, "ids"))
_NUMBERS: AnySelect = (
    select(CALENDAR_VERSION.c.calendar_id, CALENDAR_VERSION.c.version)
    .where(
        CALENDAR_VERSION.c.agency_id == bindparam("agency_id"),
        in_list(CALENDAR_VERSION.c.calendar_id, "ids"),
    )
    .order_by(CALENDAR_VERSION.c.calendar_id, CALENDAR_VERSION.c.version)
)


def _version_values(version: CalendarVersion, replaced_by: int | None) -> dict[str, object]:
    hours = version.hours
    return {
        "version": version.version,
        "effective_from": version.effective_from,
        "published_at": version.published_at,
        "corrects": version.corrects,
        "replaced_by": replaced_by,
        "zone": hours.zone,
        "opening_hours": [
            Thing(weekday=weekday, **_clock_times(span))
            for weekday, spans in hours.week.items()
            for span in spans
        ],
        "holidays": sorted(hours.holidays),
        "holiday_truncates": hours.holiday_truncates,
        "yearly_holidays": [f"{month:02}-{day:02}" for month, day in sorted(hours.yearly_holidays)],
        "recurring_closures": list(hours.recurring_closures),
        "exceptions": _days(hours.overrides),
        "breaks": _days(hours.breaks),
    }


def _days(spans_by_day: Mapping[Any, tuple[Span, ...]]) -> list[Thing]:  # Any: a date
    return [
        Thing(day=day, hours=[Thing(**_clock_times(span)) for span in spans])
        for day, spans in sorted(spans_by_day.items())
    ]


def _clock_times(span: Span) -> dict[str, str]:
    return {"opens_at": _clock_time(span.start_minute), "closes_at": _clock_time(span.end_minute)}


def _clock_time(minute: int) -> str:
    hours, minutes = divmod(
        minute - MINUTES_A_DAY if minute > MINUTES_A_DAY else minute, MINUTES_AN_HOUR
    )
    return f"{hours:02}:{minutes:02}"
