"""The mail door as use-cases need it: messages in, known Message-IDs, keys, messages out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.access import Actor
from helpdesk.domain.agency import Agency
from helpdesk.domain.follow_up import FollowUp
from helpdesk.domain.ids import AgencyId, InboundMailId, OutboxMailId, TicketId
from helpdesk.domain.inbox import InboundMail, MailboxPosition
from helpdesk.domain.mail_health import MailHealth
from helpdesk.domain.mail_token import MailKey
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.domain.outgoing_state import OutgoingStanding
from helpdesk.domain.sender_rule import SenderRule


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


@dataclass(frozen=True, slots=True)
class SuspectMail:
    """A message whose reading ended without a word; `crashes` counts how often, this one too."""

    mail: InboundMail
    crashes: int


class InboundQueue(Protocol):
    """Messages that wait to be understood, of every agency.

    A message that was taken and never given back is suspected to have ended its reader. It is
    then taken alone, and counted before it is read, so that it cannot do so for ever.
    """

    async def claim(self, reader: str, *, at: datetime, limit: int) -> tuple[InboundMail, ...]:
        """Take messages to understand, oldest first, so that no other reader has them."""
        ...

    async def claim_suspect(
        self, reader: str, *, at: datetime, is_untried: bool = False
    ) -> SuspectMail | None:
        """Take the oldest message whose reader never came back, counted before it is read.

        With `is_untried`, one that was never taken alone yet.
        """
        ...

    async def postpone(self, mail: InboundMail, *, until: datetime) -> None:
        """Give a claimed message back, to be taken at an instant; it counts as no try."""
        ...

    async def readers(self) -> tuple[str, ...]:
        """Return who holds messages."""
        ...

    async def free(self, readers: Iterable[str]) -> None:
        """Say that these readers are dead: what they held is taken at once, with care."""
        ...


class SenderRules(Protocol):
    """Whose mails are set aside."""

    async def rule(self, sender: str) -> SenderRule | None:
        """Return the rule about a sender, a lifted one too; None when there never was one."""
        ...

    async def rules(self) -> tuple[SenderRule, ...]:
        """Return the rules that hold, the latest first, 1,000 at most."""
        ...

    async def is_blocked(self, address: str) -> bool:
        """Return whether a rule that holds is about an address."""
        ...

    async def block(self, rule: SenderRule) -> None:
        """Make a rule hold; one about the same sender that holds stays as it was."""
        ...

    async def lift(self, rule: SenderRule) -> None:
        """Write that a rule was lifted."""
        ...


@dataclass(frozen=True, slots=True)
class AgencyFollowUp:
    """What mails on finished tickets do at an agency, who said so, and when."""

    follow_up: FollowUp
    set_by: Actor
    set_at: datetime


class OutboxRecords(Protocol):
    """Where promised mails stand."""

    async def standing(self, mail_id: OutboxMailId) -> OutgoingStanding | None:
        """Return where a promised mail stands, locked until the transaction ends."""
        ...

    async def save(self, mail: OutgoingStanding) -> None:
        """Write where a mail stands."""
        ...


class MailRecords(Protocol):
    """The mail door: messages in, known Message-IDs, messages out."""

    @property
    def outbox(self) -> OutboxRecords:
        """Where promised mails stand."""
        ...

    @property
    def senders(self) -> SenderRules:
        """Whose mails are set aside."""
        ...

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

    async def quoted_texts(self, ticket_id: TicketId, *, reader: str) -> tuple[str, ...]:
        """Return what an answer of this address on a ticket may quote, the newest first."""
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

    async def retire_mail_key(self, number: int, *, at: datetime) -> None:
        """Believe the tokens of a key no more; one that was retired before stays as it was."""
        ...

    async def follow_up(self) -> AgencyFollowUp | None:
        """Return what mails on finished tickets do, None while the agency said nothing."""
        ...

    async def add_follow_up(self, said: AgencyFollowUp) -> None:
        """Add what they do from now on; what was said before is kept."""
        ...

    async def health(self, agency: Agency, *, at: datetime) -> MailHealth:
        """Return how the ways in and out of the agency do at an instant."""
        ...

    async def opened_since(self, from_addr: str, since: datetime) -> int:
        """Return how many mails of this author have opened tickets since an instant."""
        ...

    async def promise(self, mail: OutboxMail) -> None:
        """Put a mail in the outbox; the same idempotency key twice is one mail."""
        ...
