"""Ways out for mails that remember what left, and fail when they are told to."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from tests.usecases.world import RowOf, World


@dataclass
class Sender:
    """A relay; each of the `failures` is raised once, None lets a mail pass."""

    failures: Sequence[BaseException | None] = ()
    sent: list[OutgoingMail] = field(default_factory=list)
    took_one: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._to_come = list(self.failures)

    async def send(self, mail: OutgoingMail) -> None:
        """Take the mail or fail; others run meanwhile."""
        await asyncio.sleep(0)
        failure = self._to_come.pop(0) if self._to_come else None
        if failure is not None:
            raise failure
        self.sent.append(mail)
        self.took_one.set()


@dataclass
class SlowSender(Sender):
    """A relay that says when it has a mail, and takes it when it may."""

    has_one: asyncio.Event = field(default_factory=asyncio.Event)
    may_take: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def send(self, mail: OutgoingMail) -> None:
        """Hold the mail for a while."""
        self.has_one.set()
        await self.may_take.wait()
        await super().send(mail)


async def outbox(world: World) -> list[RowOf]:
    """Return the rows of the outbox, the oldest first."""
    return await world.rows(OUTBOX_MAIL)
