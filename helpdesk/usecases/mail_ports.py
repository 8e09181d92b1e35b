"""The mail door as use-cases need it: messages in, known Message-IDs, keys, messages out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import AgencyId, InboundMailId, OutboxMailId, TicketId
from helpdesk.domain.inbox import InboundMail, MailboxPosition
from helpdesk.domain.mail_token import MailKey
from helpdesk.domain.outgoing_mail import OutgoingMail


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """A promised mail: what to send, when, and how often it was tried."""

    id: OutboxMailId
    agency_id: AgencyId
    ticket_id: TicketId | None
    idempotency_key: str
    mail: OutgoingMail
    created_at: datetime
    attempts: int = 0


class MailRecords(Protocol):
    """The mail door: messages in, known Message-IDs, messages out."""

    async def add_inbound(self, mail: InboundMail) -> bool:
        """Add a stored message; False when the same one is already there."""
        ...

    async def inbound(self, mail_id: InboundMailId) -> InboundMail | None:
        """Return a stored message, locked until the transaction ends."""
        ...

    async def is_known_message(self, mail: InboundMail) -> bool:
        """Return whether another message of this meaning was understood for the mailbox."""
        ...

    async def save_inbound(self, mail: InboundMail) -> None:
        """Write what became of a message."""
        ...

    async def ticket_of_reference(self, message_ids: Sequence[str]) -> TicketId | None:
        """Return the ticket of the first of these Message-IDs that belongs to one."""
        ...

    async def add_reference(self, message_id: str, ticket_id: TicketId, *, at: datetime) -> None:
        """Remember that a Message-ID belongs to a ticket; the first ticket keeps it."""
        ...

    async def references_of(self, ticket_id: TicketId) -> tuple[str, ...]:
        """Return the latest Message-IDs of a ticket, oldest first."""
        ...

    async def promised(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of these keys under which a mail was promised, sent or not."""
        ...

    async def mailbox_position(self, account: str) -> MailboxPosition | None:
        """Return how far a mailbox on another server was read; None of one that never was."""
        ...

    async def remember_mailbox(self, position: MailboxPosition) -> None:
        """Keep how far a mailbox was read."""
        ...

    async def mail_keys(self) -> tuple[MailKey, ...]:
        """Return the keys that the agency signs its mails with, the one in use first."""
        ...

    async def add_mail_key(self, key: MailKey, *, at: datetime) -> None:
        """Add a key; the first one with its number stays."""
        ...

    async def opened_since(self, from_addr: str, since: datetime) -> int:
        """Return how many mails of this author have opened tickets since an instant."""
        ...

    async def promise(self, mail: OutboxMail) -> None:
        """Put a mail in the outbox; the same idempotency key twice is one mail."""
        ...
