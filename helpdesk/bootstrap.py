"""The composition root: the only place that reads the clock, draws lots and puts parts together."""

import secrets
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.message import Message
from helpdesk.domain.ticket import Ticket
from helpdesk.mail import texts
from helpdesk.mail.parse import parse_email
from helpdesk.presets.catalogue import priority_matrix
from helpdesk.storage.database import Database, open_database
from helpdesk.storage.store import SqlStore
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Letter
from helpdesk.usecases.timelines import TimelineShelf


def utc_now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


class TimeOrderedIds:
    """Gives UUIDs of version 7 (RFC 9562) as 32 hexadecimal characters, in increasing order."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        """Start from the present of `now`."""
        self._now = now
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        """Return the next id: milliseconds, a counter that starts at random, then chance."""
        with self._lock:
            milliseconds = int(self._now().timestamp() * 1000)
            self._last = max(self._last + 1, milliseconds << 18 | secrets.randbits(17))
            stamp, counter = divmod(self._last, 1 << 18)
        tail = (counter << 56) | secrets.randbits(56)
        rand_a, rand_b = tail >> 62, tail & ((1 << 62) - 1)
        return f"{stamp << 80 | 7 << 76 | rand_a << 64 | 2 << 62 | rand_b:032x}"


def new_secret() -> str:
    """Return a secret of 256 random bits, readable in a header."""
    return f"hd_{secrets.token_urlsafe(32)}"


class MailLetters:
    """The texts of our mails, in the reader's language and the agency's time zone."""

    def acknowledgement(
        self, ticket: Ticket, *, agency: Agency, contact: Contact, promised_at: datetime | None
    ) -> Letter:
        """Return what a client reads when his request has become a ticket."""
        local = None if promised_at is None else promised_at.astimezone(ZoneInfo(agency.zone))
        written = texts.acknowledgement(_head(ticket, agency, contact), promised_at=local)
        return Letter(written.subject, written.text)

    def agent_reply(
        self, ticket: Ticket, message: Message, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when the agency answered him."""
        written = texts.agent_reply(
            _head(ticket, agency, contact), agent_name=message.author.name, body=message.body
        )
        return Letter(written.subject, written.text)


def _head(ticket: Ticket, agency: Agency, contact: Contact) -> texts.Letterhead:
    return texts.Letterhead(
        locale=contact.locale,
        agency_name=agency.name,
        recipient_name="" if contact.name == contact.email else contact.name,
        ticket_number=int(ticket.number),
        ticket_subject=ticket.subject,
    )


@dataclass(frozen=True)
class Engine:
    """An open engine: the desk where verbs work, and the database underneath."""

    desk: Desk
    database: Database


def desk_on(database: Database, *, now: Callable[[], datetime] = utc_now) -> Desk:
    """Return a desk on an open database; `now` is the clock on its wall."""
    return Desk(
        store=SqlStore(database),
        now=now,
        new_id=TimeOrderedIds(now),
        new_secret=new_secret,
        parse_email=parse_email,
        letters=MailLetters(),
        timelines=TimelineShelf(),
        default_matrix=priority_matrix("guide"),
    )


@asynccontextmanager
async def open_engine(database_url: str) -> AsyncIterator[Engine]:
    """Open the engine on a database whose schema is up to date, and close it at the end."""
    database = await open_database(database_url)
    try:
        yield Engine(desk_on(database), database)
    finally:
        await database.close()
