"""A mailbox on another server is read: what is in it is stored, and how far it was read is kept."""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.agency import Agency
from helpdesk.domain.inbound_email import ReceivedMail
from helpdesk.domain.inbox import MailboxPosition
from helpdesk.domain.message import storable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.store_inbound_mail import MailboxUnknown, store_inbound_mail


@dataclass(frozen=True, slots=True)
class MailboxShelf:
    """Where the mails of one mailbox are kept: at the agency whose `address` it stands for.

    Without an address it is the only agency of the installation. Everything raises MailboxUnknown
    while no agency is called so.
    """

    desk: Desk
    address: str = ""

    async def store(self, mail: ReceivedMail) -> None:
        """Keep a mail; when this returns it is safe, and the same one twice is one."""
        await store_inbound_mail(self.desk, mail)

    async def recipient(self) -> str:
        """Return the agency's address that the mailbox stands for."""
        return (await self._agency()).mailbox

    async def position(self, account: str) -> MailboxPosition | None:
        """Return how far a mailbox was read, None of one that never was."""
        agency = await self._agency()
        async with self.desk.store.reading(agency.id) as records:
            return await records.mail.mailbox_position(account)

    async def remember(self, position: MailboxPosition) -> None:
        """Keep how far a mailbox was read, and what stands in the way and since when."""
        agency = await self._agency()
        async with self.desk.store.transaction(agency.id) as records:
            if position.last_error is not None:
                kept = await records.mail.mailbox_position(position.account)
                began_at = None if kept is None else kept.failing_since
                position = replace(position, failing_since=began_at or self.desk.now())
            await records.mail.remember_mailbox(_storable(position))

    def now(self) -> datetime:
        """Return the time."""
        return self.desk.now()

    async def _agency(self) -> Agency:
        store = self.desk.store
        agency = (
            await store.agency_of_mailbox(self.address)
            if self.address
            else await store.only_agency()
        )
        if agency is None:
            raise MailboxUnknown(addresses=self.address or "the mailbox")
        return agency


def _storable(position: MailboxPosition) -> MailboxPosition:
    error = position.last_error
    return replace(
        position,
        account=storable(position.account),
        last_error=None if error is None else storable(error),
    )
