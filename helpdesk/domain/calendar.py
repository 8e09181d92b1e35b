"""The versions of a calendar: which of them count, from when, and which replaces which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.business_hours import BusinessHours
from helpdesk.domain.ids import AgencyId, CalendarId
from helpdesk.domain.versions import latest_corrections, latest_in_force


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """The opening hours of a calendar from `effective_from` (UTC) until the next version.

    One that `corrects` an earlier version replaces it as a whole, from the same instant on.
    `published_at` is when it was written down; None where nobody noted it. Holidays stand in it as
    dates: no later release of a library can move a deadline.
    """

    calendar_id: CalendarId
    agency_id: AgencyId
    version: int
    effective_from: datetime
    hours: BusinessHours
    corrects: int | None = None
    published_at: datetime | None = None


def versions_that_count(versions: Iterable[CalendarVersion]) -> tuple[CalendarVersion, ...]:
    """Return the versions without those that were corrected, in the order they take over in."""
    return latest_corrections(versions)


def version_in_force(versions: Iterable[CalendarVersion], at: datetime) -> CalendarVersion:
    """Return the version that counts at `at`; before the first one, the first one."""
    return latest_in_force(versions, at)
