"""The IMAP door: a mailbox on another server is emptied into the store, message after message."""

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any, Protocol, TypeVar

from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import MailboxPosition
from helpdesk.mail.envelope import envelope_sender
from helpdesk.mail.imap import (
    POLL_SECONDS,
    FetchedMail,
    ImapConnection,
    ImapSettings,
    ImapTrouble,
    connected,
    unreadable,
)

LOOK_SECONDS = 120.0
"""How often the mailbox is looked at even when the server says that nothing is new."""

FIRST_REST, LONGEST_REST = 2.0, 300.0
CLOSING_SECONDS = 10.0
TRIES = 3
"""How often a message that the server does not hand over is asked for before it is left there."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class MailShelf(Protocol):
    """Where the mails of one mailbox are kept, and how far it was read."""

    async def store(self, mail: ReceivedMail) -> None:
        """Keep a mail; when this returns it is safe, and the same one twice is one."""
        ...

    async def recipient(self) -> str:
        """Return the agency's address that the mailbox stands for."""
        ...

    async def position(self, account: str) -> MailboxPosition | None:
        """Return how far a mailbox was read, None of one that never was."""
        ...

    async def remember(self, position: MailboxPosition) -> None:
        """Keep how far a mailbox was read, and what stood in the way."""
        ...

    def now(self) -> datetime:
        """Return the time."""
        ...


@dataclass
class ImapDoor:
    """Reads one mailbox until it is closed; what comes is stored before it is put away.

    How far it was read is known by the numbers that the server gives, never by what is unread:
    people open mailboxes. When the server numbers anew, everything is read again, and what is
    known already changes nothing.
    """

    settings: ImapSettings
    shelf: MailShelf

    def __post_init__(self) -> None:
        """Prepare; nothing is read before `run`."""
        self._told_to_stop = Event()
        self._failures: Counter[int] = Counter()

    async def run(self) -> None:
        """Read until closed; a server that is away is tried again, after longer and longer."""
        loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._work, loop)
        finally:
            self.close()

    def close(self) -> None:
        """End after the message in hand."""
        self._told_to_stop.set()

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        rest = FIRST_REST
        while not self._told_to_stop.is_set():
            try:
                with closing(connected(self.settings)) as connection:
                    while not self._told_to_stop.is_set():
                        self._read(loop, connection)
                        rest = FIRST_REST
                        connection.wait(LOOK_SECONDS, self._told_to_stop)
            except Exception as trouble:
                self._report(loop, trouble)
                self._told_to_stop.wait(rest)
                rest = min(2 * rest, LONGEST_REST)

    def _read(self, loop: asyncio.AbstractEventLoop, connection: ImapConnection) -> None:
        """Store what came since the last time, oldest first."""
        kept = self._done(loop, self.shelf.position(self.settings.name))
        is_known = kept is not None and kept.uid_validity == connection.uid_validity
        last = kept.last_uid if kept is not None and is_known else 0
        for uid in connection.uids_after(last):
            if self._told_to_stop.is_set():
                return
            fetched = self._fetched(connection, uid)
            if fetched is not None:
                self._done(loop, self._stored(fetched))
                if fetched.is_whole:
                    connection.put_away(uid)
            self._remember(loop, connection.uid_validity, uid)
            last = uid
        self._remember(loop, connection.uid_validity, last)

    def _fetched(self, connection: ImapConnection, uid: int) -> FetchedMail | None:
        """Return a message; one that the server never hands over is a notice to look there."""
        try:
            return connection.fetch(uid)
        except ImapTrouble as trouble:
            self._failures[uid] += 1
            if self._failures[uid] < TRIES:
                raise
            _log.exception("imap_message_left uid=%s mailbox=%s", uid, self.settings.name)
            return unreadable(uid, self.settings.name, str(trouble))

    async def _stored(self, fetched: FetchedMail) -> None:
        now = self.shelf.now()
        received = ReceivedMail(
            transport=Transport.IMAP,
            envelope_from=envelope_sender(fetched.raw),
            recipients=(await self.shelf.recipient(),),
            raw=fetched.raw,
            received_at=now if fetched.arrived_at is None else min(fetched.arrived_at, now),
        )
        await self.shelf.store(received)

    def _remember(self, loop: asyncio.AbstractEventLoop, uid_validity: int, uid: int) -> None:
        position = MailboxPosition(self.settings.name, uid_validity, uid, self.shelf.now())
        self._done(loop, self.shelf.remember(position))

    def _report(self, loop: asyncio.AbstractEventLoop, trouble: Exception) -> None:
        """Say what is wrong in the log and, where that is possible, in the database."""
        _log.error("imap_trouble mailbox=%s %s", self.settings.name, trouble)
        try:
            self._done(loop, self._troubled(str(trouble)))
        except Exception:
            _log.exception("imap_trouble_not_recorded")

    async def _troubled(self, error: str) -> None:
        kept = await self.shelf.position(self.settings.name)
        uid_validity, last_uid = (0, 0) if kept is None else (kept.uid_validity, kept.last_uid)
        looked_at = None if kept is None else kept.looked_at
        await self.shelf.remember(
            MailboxPosition(self.settings.name, uid_validity, last_uid, looked_at, error)
        )

    def _done(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
        """Return what the event loop makes of the work; the thread waits for it.

        A loop that ends without doing it would be waited for for ever, so a door that is told to
        close has patience for a while only: what was not stored is read again.
        """
        future = asyncio.run_coroutine_threadsafe(work, loop)
        patience = CLOSING_SECONDS
        while True:
            try:
                return future.result(POLL_SECONDS)
            except TimeoutError:
                if future.done():
                    raise
                patience -= POLL_SECONDS if self._told_to_stop.is_set() else 0
                if patience <= 0:
                    future.cancel()
                    raise
