"""The calendars of billing cases, as opening hours laid out around the instants of a case."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.business_time import (
    BusinessHours,
    HoursVersion,
    Span,
    Timeline,
    Weekday,
    compile_versions,
)
from helpdesk.domain.utc_seconds import EPOCH
from helpdesk.public_holidays import ALSACE, public_holidays
from tests.conformance.billing_values import PARIS, Given, instant

REACH = 3
WEEKDAYS = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), Weekday, strict=True))
SUBDIVISIONS = {"alsace-moselle": ALSACE, "alsace": ALSACE}
Spans = tuple[Span, ...]


def calendar_of(given: Given) -> Given:
    """Return the calendar of a case, by its name or in full; round the clock where it has none."""
    calendar = given.get("calendar", "24x7")
    if isinstance(calendar, str):
        calendars: Mapping[str, Given] = given.get("calendars", {})
        calendar = {"24x7": {"tz": given.get("tz", PARIS), "always": True}, **calendars}[calendar]
    closures = [*calendar.get("closures", ())]
    for name in ("closures", "closures_added", "closure_added"):
        later = given.get(name) or []
        closures += later if isinstance(later, list) else [later]
    changes = {name: given[name] for name in ("holidays", "openings") if name in given}
    return {**calendar, **changes, "closures": closures}


def zone_of(calendar: Given) -> ZoneInfo:
    """Return the time zone of a calendar."""
    return ZoneInfo(calendar.get("tz", PARIS))


def timeline_of(given: Given, opened: datetime) -> Timeline:
    """Return the opening hours of a case for the years around an instant.

    A closure or an opening with the day on which it was published counts from then on only.
    """
    calendar = calendar_of(given)
    years = range(opened.year - 1, opened.year + REACH)
    published = sorted({at for at, _, _ in _exceptions(calendar) if at is not None})
    versions = [HoursVersion(EPOCH, _hours(calendar, years, None))]
    # What is published after a ticket was opened moves nothing of it (rules R-CAL 1).
    versions += [HoursVersion(at, _hours(calendar, years, at)) for at in published if at <= opened]
    return compile_versions(versions, date(years[0], 1, 1), date(years[-1], 12, 31))


def _hours(calendar: Given, years: range, known_at: datetime | None) -> BusinessHours:
    zone = calendar.get("tz", PARIS)
    overrides = {
        day: spans
        for at, day, spans in _exceptions(calendar)
        if at is None or (known_at is not None and at <= known_at)
    }
    if calendar.get("always"):
        always = BusinessHours.always_open(zone)
        return BusinessHours(zone, always.week, overrides=overrides)
    return BusinessHours(
        zone,
        {WEEKDAYS[day[:3].lower()]: _spans(spans) for day, spans in calendar["week"].items()},
        holidays=_holidays(calendar.get("holidays"), years),
        overrides=overrides,
    )


def _exceptions(calendar: Given) -> Iterator[tuple[datetime | None, date, Spans]]:
    """Yield each closure and opening: since when it is known (None: always), its day, its hours."""
    for closure in calendar.get("closures", ()):
        yield _exception(calendar, closure, ())
    openings: Any = calendar.get("openings", ())
    if isinstance(openings, Mapping):
        openings = [{"date": day, "hours": hours} for day, hours in openings.items()]
    for opening in openings:
        yield _exception(calendar, opening, _usual(calendar))


def _exception(
    calendar: Given, written: str | Given, usual: Spans
) -> tuple[datetime | None, date, Spans]:
    if isinstance(written, str):
        return None, date.fromisoformat(written), usual
    published = next((written[name] for name in written if "publish" in name), None)
    at = None if published is None else instant(published, zone_of(calendar))
    spans = _spans(written["hours"]) if "hours" in written else usual
    return at, date.fromisoformat(written["date"]), spans


def _usual(calendar: Given) -> Spans:
    """Return the hours of the first day that is worked: those of an opening that names none."""
    days = (calendar.get("week", {}).get(day) for day in WEEKDAYS)
    return _spans(next((spans for spans in days if spans), [["00:00", "24:00"]]))


def _spans(spans: list[list[str]]) -> Spans:
    return tuple(Span.between(opens, closes) for opens, closes in spans)


def _holidays(written: str | list[str] | None, years: range) -> frozenset[date]:
    if written is None or isinstance(written, list):
        return frozenset(map(date.fromisoformat, written or ()))
    return _public_holidays(written, tuple(years))


@cache
def _public_holidays(written: str, years: tuple[int, ...]) -> frozenset[date]:
    country, _, part = written.partition("-")
    subdivision = SUBDIVISIONS.get(part.lower(), part) if part else None
    return frozenset(chain(public_holidays(country, subdivision, years)))
