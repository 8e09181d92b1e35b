"""Stored messages are understood one by one; a bad one never stops the next."""

import logging
import os
import socket
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import CRASH_LIMIT, InboundMail
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_mail_trouble import record_inbound_trouble, set_crasher_aside
from helpdesk.usecases.ports import StoreBusy
from helpdesk.usecases.receive_email import receive_email

BATCH = 50
LONGEST_ROUND = timedelta(minutes=2)
"""A claim holds for longer; what is left of a batch by then is claimed anew."""

BUSY_LIMIT = 20
"""How often the store may be busy at one message, and answer otherwise, before that is a try."""

_log = logging.getLogger(__name__)


@dataclass
class InboxReader:
    """Understands the messages that wait, under a name of its own.

    It takes a batch at once. When it dies, what it held is taken up again one by one, before what
    came later, and each is counted before it is read: one that ends a process again waits behind
    the others, and is set aside when it ends every process.
    """

    desk: Desk
    name: str = ""
    _busy: Counter[InboundMailId] = field(default_factory=Counter, init=False)
    _is_new: bool = field(default=True, init=False)

    def __post_init__(self) -> None:
        self.name = self.name or f"{_this_process()} {self.desk.new_id()}"

    async def understand_due(self) -> int:
        """Understand what waits, oldest first, and return how many messages were tried."""
        if self._is_new:
            await self._free_the_dead()
            self._is_new = False
        queue, began_at = self.desk.store.queue().inbox, self.desk.now()
        tried = 0
        while tried < BATCH and await self._read_a_suspect(is_untried=True):
            tried += 1
        for mail in await queue.claim(self.name, at=began_at, limit=BATCH):
            if self.desk.now() - began_at > LONGEST_ROUND:
                return tried
            await self._understand(mail)
            tried += 1
        return tried + await self._read_a_suspect(is_untried=False)

    async def _read_a_suspect(self, *, is_untried: bool) -> bool:
        """Read a message that may have ended a process; return whether there was one."""
        queue = self.desk.store.queue().inbox
        suspect = await queue.claim_suspect(self.name, at=self.desk.now(), is_untried=is_untried)
        if suspect is None:
            return False
        if suspect.crashes > CRASH_LIMIT:
            _log.error("mail_crashes id=%s", suspect.mail.id)
            await set_crasher_aside(self.desk, suspect)
        else:
            await self._understand(suspect.mail)
        return True

    async def _understand(self, mail: InboundMail) -> None:
        try:
            await understand(self.desk, mail)
        except StoreBusy:
            await self._put_off(mail)
        else:
            del self._busy[mail.id]

    async def _put_off(self, mail: InboundMail) -> None:
        """Try again soon: a store that is busy says nothing about the message.

        When it is away altogether, so that not even this can be written, the round ends. A message
        that it is busy at again and again is in trouble of its own.
        """
        self._busy[mail.id] += 1
        times = self._busy[mail.id]
        _log.warning("mail_put_off id=%s times=%s", mail.id, times)
        if times < BUSY_LIMIT:
            until = self.desk.now() + timedelta(seconds=times)
            await self.desk.store.queue().inbox.postpone(mail, until=until)
            return
        await record_inbound_trouble(self.desk, mail.agency_id, mail.id, "the store stays busy")
        del self._busy[mail.id]

    async def _free_the_dead(self) -> None:
        """Take up at once what processes of this machine held that live no more."""
        queue = self.desk.store.queue().inbox
        dead = [reader for reader in await queue.readers() if self._is_dead(reader)]
        if dead:
            _log.warning("mail_readers_died names=%s", ",".join(dead))
            await queue.free(dead)

    def _is_dead(self, reader: str) -> bool:
        host, _, rest = reader.partition(" ")
        pid, _, rest = rest.partition(" ")
        if host != socket.gethostname() or not pid.isdecimal():
            return False
        return _start_of(int(pid)) != rest.partition(" ")[0]


async def understand_due(desk: Desk) -> int:
    """Understand the messages that wait, oldest first, and return how many were tried."""
    return await InboxReader(desk).understand_due()


async def understand(desk: Desk, mail: InboundMail) -> InboundMail:
    """Understand one message and return its row; trouble is written down and tried again.

    Raises StoreBusy when the store was, and nothing was written down.
    """
    try:
        return await receive_email(desk, mail.agency_id, mail.id)
    except StoreBusy:
        raise
    except HelpdeskError as refusal:
        error = refusal.message(Locale.EN)
        _log.warning("mail_refused id=%s code=%s", mail.id, refusal.code)
    except Exception as bug:  # one bad message never blocks the next
        error = f"{type(bug).__name__}: {bug}"
        _log.exception("mail_failed id=%s", mail.id)
    return await record_inbound_trouble(desk, mail.agency_id, mail.id, error) or mail


def _this_process() -> str:
    return f"{socket.gethostname()} {os.getpid()} {_start_of(os.getpid())}"


def _start_of(pid: int) -> str:
    """Return when a process of this machine began: its number alone is given again.

    `?` of one that runs where nobody says when it began; nothing of one that does not run.
    """
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except OSError:
        return "?"
    return "?"
