"""A calendar gets other hours from an instant to come; what was counted before it is frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.calendar import CalendarVersion, versions_that_count
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.utc_seconds import utc_second
from helpdesk.usecases.create_calendar import opening_hours
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.public_holidays import HolidayChoice
from helpdesk.usecases.rederive import rederive_tickets
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.timelines import HORIZON_YEARS
from helpdesk.usecases.version_to_come import require_to_come


class VersionTooFar(HelpdeskError):
    """Nobody knows the holidays of a distant year, and calendars are laid out for a few."""

    code: ClassVar[ErrorCode] = ErrorCode.CALENDAR_INVALID
    english: ClassVar[str] = (
        "{effective_from} is too far: choose an instant in {last_year} at the latest."
    )
    french: ClassVar[str] = (
        "Le {effective_from} est trop loin : choisissez un instant en {last_year} au plus tard."
    )


class VersionNotLater(HelpdeskError):
    """A version takes over from the one before it, so it takes effect later."""

    code: ClassVar[ErrorCode] = ErrorCode.CALENDAR_INVALID
    english: ClassVar[str] = (
        "Version {version} takes effect on {since}: choose a later instant, or correct it."
    )
    french: ClassVar[str] = (
        "La version {version} prend effet le {since} : choisissez un instant plus tardif, ou "
        "corrigez-la."
    )


@dataclass(frozen=True, slots=True)
class AddCalendarVersion:
    """Which calendar, its hours from `effective_from` on, and the holidays that close it."""

    code: str
    hours: BusinessHours
    effective_from: datetime
    holidays: HolidayChoice | None = None


async def add_calendar_version(
    desk: Desk, *, viewer: Viewer, request: AddCalendarVersion
) -> CalendarVersion:
    """Add the version and return it; the deadlines that it moves follow at once.

    Raises ManagersOnly, NotFound, VersionInPast, VersionTooFar, VersionNotLater,
    CalendarNeverOpens, NaiveDatetime, and what the lists of holidays refuse.
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    now, since = desk.now(), request.effective_from
    _require_to_come(since, now=now)
    hours = opening_hours(desk, viewer, request.hours, request.holidays, since=since)
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        calendar_id = await records.contracts.calendar_of_code(request.code)
        if calendar_id is None:
            raise NotFound(path=("code",), what="Calendar", id=request.code)
        versions = await records.contracts.calendar_versions([calendar_id])
        last = versions_that_count(versions)[-1]
        if utc_second(since) <= utc_second(last.effective_from):
            raise VersionNotLater(
                path=("effective_from",),
                version=last.version,
                since=last.effective_from.isoformat(),
            )
        version = CalendarVersion(
            calendar_id=calendar_id,
            agency_id=viewer.agency_id,
            version=max(one.version for one in versions) + 1,
            effective_from=since,
            hours=hours,
            published_at=now,
        )
        await records.contracts.add_calendar_version(version)
        concerned = await records.tickets_in_bulk.open_tickets_of_calendar(calendar_id)
        await rederive_tickets(desk, records, concerned)
    return version


def _require_to_come(since: datetime, *, now: datetime) -> None:
    require_to_come(since, now=now)
    last_year = now.year + HORIZON_YEARS
    if since.year > last_year:
        raise VersionTooFar(
            path=("effective_from",), effective_from=since.isoformat(), last_year=last_year
        )
