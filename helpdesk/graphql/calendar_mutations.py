"""What can be done to calendars."""

from datetime import datetime

import strawberry

from helpdesk.graphql.calendar import Calendar
from helpdesk.graphql.calendar_input import (
    HolidaysInput,
    OpeningHoursInput,
    holidays_given,
    hours_given,
)
from helpdesk.graphql.calendar_queries import calendar_of
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.usecases.add_calendar_version import AddCalendarVersion, add_calendar_version
from helpdesk.usecases.create_calendar import CreateCalendar, create_calendar


@strawberry.input(description="Hours that promises will be counted on.")
class CreateCalendarInput(MutationInput):
    """Hours that promises will be counted on."""

    code: str = attribute("The name by which contracts call the calendar; one of a kind.")
    name: str = attribute("The name for people.")
    hours: OpeningHoursInput = attribute("When it is open.")
    holidays: HolidaysInput | None = optional("The public holidays that close it, if any.")


@strawberry.input(description="Other hours of a calendar, from an instant to come.")
class AddCalendarVersionInput(MutationInput):
    """Other hours of a calendar."""

    code: str = attribute("The name of the calendar.")
    effective_from: datetime = attribute(
        "Since when these hours count; what was counted before it stays."
    )
    hours: OpeningHoursInput = attribute("When it is open from then on, all of it.")
    holidays: HolidaysInput | None = optional("The public holidays that close it, if any.")


CreateCalendarPayload = payload(
    "CreateCalendarPayload", "A calendar that was made.", calendar=(Calendar, "The calendar.")
)
AddCalendarVersionPayload = payload(
    "AddCalendarVersionPayload",
    "A calendar that has another version.",
    calendar=(Calendar, "The calendar as it stands now, with every version."),
)


async def calendar_created(request: Request, given: CreateCalendarInput) -> Outcome:
    """Make a calendar."""
    asked = CreateCalendar(
        given.code, given.name, hours_given(given.hours), holidays_given(given.holidays)
    )
    version = await create_calendar(request.desk, viewer=request.viewer, request=asked)
    return {"calendar": await calendar_of(request, version)}


async def calendar_version_added(request: Request, given: AddCalendarVersionInput) -> Outcome:
    """Add a version to a calendar."""
    asked = AddCalendarVersion(
        code=given.code,
        hours=hours_given(given.hours),
        effective_from=given.effective_from,
        holidays=holidays_given(given.holidays),
    )
    version = await add_calendar_version(request.desk, viewer=request.viewer, request=asked)
    return {"calendar": await calendar_of(request, version)}
