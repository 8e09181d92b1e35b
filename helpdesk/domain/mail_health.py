"""How the ways in and out of the mails do: what waits, since when, and what stands in the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from helpdesk.domain.ids import AgencyId
from helpdesk.domain.inbound_email import Transport

LATE_AFTER = timedelta(minutes=15)
"""A mailbox is looked at every two minutes, and a message understood within seconds."""

TOLD_AFTER = timedelta(minutes=30)
"""How long a mailbox may be late or fail before managers are told: many a server is away for less.
"""

_OPENS, _ENDS, _SATURDAY = 8, 19, 5


class MailboxState(StrEnum):
    """How a way in does."""

    OK = "OK"
    LATE = "LATE"
    FAILING = "FAILING"


@dataclass(frozen=True, slots=True)
class MailboxHealth:
    """A way in of an agency: a mailbox on another server, or what is handed to one of our doors.

    `last_success_at` is when the mailbox was last read, or when a message last came by the door;
    None when never. `waiting` messages are not understood yet; of those that no try failed at, the
    first came at `oldest_at`. `quarantined` ones wait for a person.
    """

    agency_id: AgencyId
    transport: Transport
    address: str
    last_success_at: datetime | None
    failing_since: datetime | None = None
    last_error: str | None = None
    waiting: int = 0
    oldest_at: datetime | None = None
    quarantined: int = 0

    @property
    def is_read_by_us(self) -> bool:
        """Whether we go and look; by a door, nothing for days is no sign of trouble."""
        return self.transport is Transport.IMAP

    def state(self, *, at: datetime) -> MailboxState:
        """Return how it does: it fails, or it was not read or understood for a while, or is well.

        A mailbox that is to be read and never was is late only once messages wait.
        """
        if self.failing_since is not None:
            return MailboxState.FAILING
        looked_at = self.last_success_at if self.is_read_by_us else None
        since = [instant for instant in (looked_at, self.oldest_at) if instant is not None]
        is_late = any(at - instant > LATE_AFTER for instant in since)
        return MailboxState.LATE if is_late else MailboxState.OK

    def trouble_since(self, *, at: datetime) -> datetime | None:
        """Return since when it could not be read, None while it is."""
        if self.failing_since is not None:
            return self.failing_since
        is_late = self.is_read_by_us and self.state(at=at) is not MailboxState.OK
        return self.last_success_at if is_late else None

    def is_to_be_told(self, *, at: datetime) -> bool:
        """Return whether managers should hear that it cannot be read."""
        since = self.trouble_since(at=at)
        return since is not None and at - since >= TOLD_AFTER


@dataclass(frozen=True, slots=True)
class OutgoingHealth:
    """The mails of an agency that did not leave: `failed` ones were given up after all tries.

    The first of the `waiting` ones was promised at `oldest_at`.
    """

    agency_id: AgencyId
    waiting: int = 0
    oldest_at: datetime | None = None
    failed: int = 0


@dataclass(frozen=True, slots=True)
class MailHealth:
    """Every way in and out, of one agency or of all, at an instant."""

    at: datetime
    mailboxes: tuple[MailboxHealth, ...]
    outgoing: tuple[OutgoingHealth, ...]

    @property
    def state(self) -> MailboxState:
        """How the worst of the ways in does."""
        states = [mailbox.state(at=self.at) for mailbox in self.mailboxes]
        order = (MailboxState.FAILING, MailboxState.LATE)
        return next((state for state in order if state in states), MailboxState.OK)

    @property
    def quarantined(self) -> int:
        """How many messages wait for a person."""
        return sum(mailbox.quarantined for mailbox in self.mailboxes)

    @property
    def failed(self) -> int:
        """How many mails were given up."""
        return sum(outgoing.failed for outgoing in self.outgoing)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is not as it should be, in words that name nobody."""
        states = [mailbox.state(at=self.at) for mailbox in self.mailboxes]
        counted = (
            (states.count(MailboxState.FAILING), "mailboxes cannot be read"),
            (states.count(MailboxState.LATE), "mailboxes are late"),
            (self.quarantined, "messages wait in quarantine"),
            (self.failed, "outgoing mails were given up"),
        )
        return tuple(f"{count} {what}" for count, what in counted if count)


def age_in_seconds(since: datetime | None, *, at: datetime) -> int:
    """Return how long ago something was, 0 of what never was or is to come."""
    return 0 if since is None else max(0, int((at - since).total_seconds()))


def oldest(instants: Iterable[datetime | None]) -> datetime | None:
    """Return the first of some instants, None when there is none."""
    return min((instant for instant in instants if instant is not None), default=None)


def is_office_time(at: datetime, *, zone: str) -> bool:
    """Return whether people of an agency read their mails: Monday to Friday, 8:00 to 19:00.

    >>> is_office_time(datetime.fromisoformat("2026-07-06T06:30+00:00"), zone="Europe/Paris")
    True
    >>> is_office_time(datetime.fromisoformat("2026-07-05T06:30+00:00"), zone="Europe/Paris")
    False
    """
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() < _SATURDAY and _OPENS <= local.hour < _ENDS
