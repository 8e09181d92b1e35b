"""Calendars as they are read: compiled for counting, and spelled out for people."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.business_hours import MINUTES_A_DAY, MINUTES_AN_HOUR, BusinessHours, Span
from helpdesk.domain.business_time import Timeline
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.sla import Target, TargetUnit
from helpdesk.storage.documents import hours_of
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
        self, loader: Loader, keys: Iterable[VersionKey]
    ) -> Mapping[VersionKey, CalendarVersion]:
        """Return these versions; a query is made only for calendars that were never asked for."""
        agency_id = loader.viewer.agency_id
        wanted = set(keys)
        missing = {key for key in wanted if (agency_id, *key) not in self._versions}
        if missing:
            for version in await _versions_of(loader, {calendar_id for calendar_id, _ in missing}):
                self._versions[agency_id, version.calendar_id, version.version] = version
        found = {key: self._versions[agency_id, *key] for key in wanted}
        while len(self._versions) > SHELF_SIZE:
            self._versions.popitem(last=False)
        return found

    def timeline(
        self, target: Target, version: CalendarVersion | None, since: datetime
    ) -> Timeline:
        """Return the hours that a promise is counted on, around `since`."""
        if version is None or target.unit is TargetUnit.CALENDAR_MINUTES:
            return self._timelines.counted_on((), since).timelines.always
        return self._timelines.timeline(version, since)


async def calendars_at(
    loader: Loader, calendar_ids: Iterable[str], at: datetime
) -> dict[str, Thing]:
    """Return calendars by identity, each as its version in force at `at` says."""
    rows = await loader.agency_rows("calendars", lambda: _CALENDARS, ids=sorted(set(calendar_ids)))
    chosen: dict[str, Thing] = {}
    for calendar_id, code, name, version, effective_from, document in rows:
        if calendar_id not in chosen or effective_from <= at:
            chosen[calendar_id] = _calendar(code, name, version, effective_from, hours_of(document))
    return chosen


async def calendars_of(loader: Loader, keys: Iterable[VersionKey]) -> dict[VersionKey, Thing]:
    """Return calendars by identity and version."""
    wanted = set(keys)
    ids = sorted({calendar_id for calendar_id, _ in wanted})
    rows = await loader.agency_rows("calendars", lambda: _CALENDARS, ids=ids)
    return {
        (calendar_id, version): _calendar(code, name, version, since, hours_of(document))
        for calendar_id, code, name, version, since, document in rows
        if (calendar_id, version) in wanted
    }


async def _versions_of(loader: Loader, calendar_ids: set[str]) -> list[CalendarVersion]:
    rows = await loader.agency_rows("calendars", lambda: _CALENDARS, ids=sorted(calendar_ids))
    return [
        CalendarVersion(
            CalendarId(calendar_id), loader.viewer.agency_id, version, since, hours_of(document)
        )
        for calendar_id, _, _, version, since, document in rows
    ]


_CALENDARS: AnySelect = (
    select(
        CALENDAR.c.id,
        CALENDAR.c.code,
        CALENDAR.c.name,
        CALENDAR_VERSION.c.version,
        CALENDAR_VERSION.c.effective_from,
        CALENDAR_VERSION.c.hours,
    )
    .where(
        CALENDAR.c.agency_id == bindparam("agency_id"),
        CALENDAR_VERSION.c.agency_id == CALENDAR.c.agency_id,
        CALENDAR_VERSION.c.calendar_id == CALENDAR.c.id,
        in_list(CALENDAR.c.id, "ids"),
    )
    .order_by(CALENDAR.c.id, CALENDAR_VERSION.c.version)
)


def _calendar(
    code: str, name: str, version: int, effective_from: datetime, hours: BusinessHours
) -> Thing:
    return Thing(
        code=code,
        name=name,
        version=version,
        effective_from=effective_from,
        zone=hours.zone,
        opening_hours=[
            Thing(weekday=weekday, **_clock_times(span))
            for weekday, spans in hours.week.items()
            for span in spans
        ],
        holidays=sorted(hours.holidays),
        yearly_holidays=[f"{month:02}-{day:02}" for month, day in sorted(hours.yearly_holidays)],
        exceptions=_days(hours.overrides),
        breaks=_days(hours.breaks),
    )


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
