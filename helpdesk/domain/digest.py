"""When a digest is due, and when mails would become a flood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.business_hours import BusinessHours, Weekday
from helpdesk.domain.notification import Delivery
from helpdesk.domain.notification_catalogue import NotificationKind

DIGEST_AT = time(8)
"""When the digest of a working day is due, on the clock of the agency."""

EVENING = time(19)
"""When the working day of a reader ends who wants to be told in working hours only."""

FLOOD_LIMIT = 10
FLOOD_WINDOW = timedelta(minutes=10)
"""More mails than this within the window, and the rest of them is told in one."""

_FARTHEST = 60
"""Days without a single working day after which the calendar is no longer asked."""


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """The working days of an agency: those of its calendar, else Monday to Friday."""

    zone: ZoneInfo
    hours: BusinessHours | None = None

    def is_worked(self, day: date) -> bool:
        """Return whether the office opens on a day."""
        return bool(self.hours.spans_on(day)) if self.hours else day.weekday() < Weekday.SATURDAY

    def is_in_working_hours(self, at: datetime) -> bool:
        """Return whether somebody is at work: on a working day, from the digest to the evening."""
        local = at.astimezone(self.zone)
        return DIGEST_AT <= local.time() < EVENING and self.is_worked(local.date())

    def next_digest(self, after: datetime) -> datetime:
        """Return when the next digest is due, later than `after`, in UTC."""
        today = after.astimezone(self.zone).date()
        days = [today + timedelta(days=ahead) for ahead in range(_FARTHEST)]
        due = [self._digest_on(day) for day in days if self.is_worked(day)]
        later = (at for at in (*due, self._digest_on(today + timedelta(days=1))) if at > after)
        return next(later)

    def _digest_on(self, day: date) -> datetime:
        return datetime.combine(day, DIGEST_AT, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class RecentMails:
    """How many mails of their own news a reader got within the window.

    `folded_until` is when the one mail is due that the rest goes into; None while there is none.
    """

    told: int = 0
    folded_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a reader is told: at once when `due_at` is None, else in the digest of that instant."""

    due_at: datetime | None
    is_folded: bool = False


def planned(
    delivery: Delivery, recent: RecentMails, office: OfficeDays, *, at: datetime, is_urgent: bool
) -> Plan | None:
    """Return how a reader is told of something at `at`; None when he does not want to be.

    What is urgent is never held back by a flood.
    """
    if delivery is Delivery.OFF:
        return None
    is_late = delivery is Delivery.WORKING_HOURS and not office.is_in_working_hours(at)
    if delivery is Delivery.DIGEST or is_late:
        return Plan(office.next_digest(at))
    if is_urgent:
        return Plan(None)
    if recent.folded_until is not None:
        return Plan(recent.folded_until, is_folded=True)
    if recent.told >= FLOOD_LIMIT:
        return Plan(at + FLOOD_WINDOW, is_folded=True)
    return Plan(None)


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One thing that happened: when, who did it, and what is told."""

    at: datetime
    actor_name: str
    kind: NotificationKind
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """What happened to one ticket, the oldest first; without a number it is about none."""

    lines: tuple[DigestLine, ...]
    ticket_number: str | None = None
    subject: str = ""
    priority: str = ""
    status: str = ""


def in_order(groups: Sequence[DigestGroup]) -> tuple[DigestGroup, ...]:
    """Return what a digest tells, the most urgent first, then the latest; the rest at the end."""
    latest_first = sorted(groups, key=lambda group: group.lines[-1].at, reverse=True)
    return tuple(
        sorted(latest_first, key=lambda group: (group.ticket_number is None, group.priority))
    )
