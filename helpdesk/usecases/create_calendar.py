"""A calendar is made: its names, its hours and the holidays that are frozen into it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.business_time import CalendarNeverOpens, compile_timeline
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.message import required_text
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.public_holidays import HolidayChoice
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.timelines import HORIZON_YEARS

CODE_LIMIT = 50
NAME_LIMIT = 200


class CalendarCodeTaken(HelpdeskError):
    """Contracts call a calendar by its code, so it stands for one."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = "There is a calendar {calendar} already: add a version to it."
    french: ClassVar[str] = "Il y a déjà un calendrier {calendar} : ajoutez-lui une version."


@dataclass(frozen=True, slots=True)
class CreateCalendar:
    """The calendar's code and name, its hours, and the holidays that close it besides theirs."""

    code: str
    name: str
    hours: BusinessHours
    holidays: HolidayChoice | None = None


async def create_calendar(
    desk: Desk, *, viewer: Viewer, request: CreateCalendar
) -> CalendarVersion:
    """Add the calendar and return its first version, which counts before now, too.

    Raises ManagersOnly, CalendarCodeTaken, CalendarNeverOpens, TextRequired, TextTooLong, and what
    the lists of holidays refuse.
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    now = desk.now()
    code = required_text(request.code, field="code", limit=CODE_LIMIT)
    name = required_text(request.name, field="name", limit=NAME_LIMIT)
    version = CalendarVersion(
        calendar_id=CalendarId(desk.new_id()),
        agency_id=viewer.agency_id,
        version=1,
        effective_from=now,
        hours=opening_hours(desk, viewer, request.hours, request.holidays, since=now),
        published_at=now,
    )
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        if await records.contracts.calendar_of_code(code) is not None:
            raise CalendarCodeTaken(path=("code",), calendar=code)
        await records.contracts.add_calendar(code, name, version)
    return version


def opening_hours(
    desk: Desk,
    viewer: Viewer,
    hours: BusinessHours,
    choice: HolidayChoice | None,
    *,
    since: datetime,
) -> BusinessHours:
    """Return the hours closed on the chosen holidays, too. Raises CalendarNeverOpens.

    The years are those around `since` unless the choice names them.
    """
    if choice is not None:
        try:
            frozen = desk.public_holidays.frozen(
                choice, at=since, zone=hours.zone, locale=viewer.locale
            )
        except HelpdeskError as error:
            raise error.below("holidays") from None
        hours = replace(hours, holidays=hours.holidays | frozen)
    try:
        compile_timeline(hours, date(since.year, 1, 1), date(since.year + HORIZON_YEARS, 12, 31))
    except CalendarNeverOpens as error:
        raise error.below("hours") from None
    return hours
