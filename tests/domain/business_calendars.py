"""The calendars that the tests of business time share, and short ways to write instants."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.business_time import (
    BusinessHours,
    Span,
    Timeline,
    Weekday,
    compile_timeline,
)

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MINUTE, HOUR = 60, 3600
WORKING_WEEK = list(Weekday)[:5]


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spans(*texts: str) -> tuple[Span, ...]:
    return tuple(Span.between(*text.split("-")) for text in texts)


def weekly(*texts: str) -> BusinessHours:
    return BusinessHours("Europe/Paris", dict.fromkeys(WORKING_WEEK, spans(*texts)))


def daily(*texts: str) -> BusinessHours:
    return BusinessHours("Europe/Paris", dict.fromkeys(Weekday, spans(*texts)))


def compiled(hours: BusinessHours) -> Timeline:
    return compile_timeline(hours, FIRST, LAST)


AGENCY = compiled(weekly("09:00-12:30", "14:00-18:00"))
ALWAYS = compiled(BusinessHours.always_open("Europe/Paris"))
