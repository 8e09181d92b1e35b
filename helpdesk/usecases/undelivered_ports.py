"""Mails that came back as use-cases need them, and the addresses that ours do not reach."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.ids import OutboxMailId, TicketId
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.domain.undelivered import UndeliverableAddress, Undelivered


@dataclass(frozen=True, slots=True)
class PromisedMail:
    """A mail that was promised, and when it came back; None while it did not."""

    id: OutboxMailId
    ticket_id: TicketId | None
    mail: OutgoingMail
    bounced_at: datetime | None


class UndeliveredRecords(Protocol):
    """Mails that came back, and addresses that ours do not reach; addresses in lower case."""

    async def promised(self, mail_id: OutboxMailId) -> PromisedMail | None:
        """Return a mail of the outbox, sent or not; None when there is none."""
        ...

    async def record_failure(
        self, mail_id: OutboxMailId, failure: Undelivered, *, at: datetime
    ) -> None:
        """Write on a mail that it did not arrive, and why."""
        ...

    async def failures(self, address: str, *, since: datetime) -> tuple[str, ...]:
        """Return the codes of the mails to an address that came back since an instant."""
        ...

    async def address(self, address: str) -> UndeliverableAddress | None:
        """Return what is known of an address, cleared or not; None when nothing ever was."""
        ...

    async def mark(self, address: UndeliverableAddress) -> None:
        """Keep what is known of an address in place of what was."""
        ...

    async def clear(self, address: str, *, at: datetime, by: str) -> None:
        """Say that an address is reached again; one that is not marked stays as it is."""
        ...
