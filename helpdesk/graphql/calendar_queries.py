"""Answers to the questions about calendars and the holidays that close them."""

from helpdesk.domain.access import NotFound, Scope
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.graphql.request import Request
from helpdesk.usecases.list_public_holidays import list_public_holidays
from helpdesk.usecases.read_models import Thing


async def read_calendars(request: Request) -> list[Thing]:
    """Return every calendar by its code; none for a client, for whom they do not exist."""
    request.viewer.require(Scope.CONTRACTS_READ)
    return await request.reader().all_calendars()


async def read_calendar(request: Request, code: str) -> Thing:
    """Return a calendar by its code. Raises NotFound."""
    for calendar in await read_calendars(request):
        if calendar.code == code:
            return calendar
    raise NotFound(path=("code",), what="Calendar", id=code)


async def calendar_of(request: Request, version: CalendarVersion) -> Thing:
    """Return the calendar that has just been given a version."""
    calendars = {calendar.id: calendar for calendar in await request.reader().all_calendars()}
    return calendars[version.calendar_id]


def read_public_holidays(
    request: Request, country: str, subdivision: str | None, year: int
) -> list[Thing]:
    """Return the holidays of a year. Raises what the list refuses with CALENDAR_INVALID."""
    holidays = list_public_holidays(
        request.desk, viewer=request.viewer, country=country, subdivision=subdivision, year=year
    )
    return [Thing(day=day, name=name) for day, name in holidays.items()]
