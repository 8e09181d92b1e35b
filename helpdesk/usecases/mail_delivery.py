"""A message while it is being understood, and what becomes of it."""

from dataclasses import dataclass, replace

from helpdesk.domain.agency import Agency
from helpdesk.domain.ids import TicketId
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import (
    InboundMail,
    InboundMailReason,
    InboundMailState,
    opens_nothing,
)
from helpdesk.domain.mail_trust import AuthOutcome, AuthVerdict, SenderDoubt
from helpdesk.usecases.mail_commands import OrdersRefused


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message being understood: the stored row, what it says, who it was written to.

    `verdict` is what our mail server says of its author; `refused` is why what he orders was tried
    in vain before. `is_clients` when its author is a person of a client, and is not found forged.
    """

    mail: InboundMail
    email: InboundEmail
    agency: Agency
    verdict: AuthVerdict | None
    refused: OrdersRefused | None = None
    is_clients: bool = False

    @property
    def is_machines(self) -> bool:
        """Whether a machine wrote it."""
        return opens_nothing(
            self.email, envelope_from=self.mail.envelope_from, is_clients=self.is_clients
        )

    @property
    def doubt(self) -> SenderDoubt | None:
        """Why a ticket that it opens may not be its author's, None when nothing speaks against it.

        That nobody vouches for him is no reason: there are many honest servers that sign nothing.
        """
        if self.verdict is not None and self.verdict.outcome is AuthOutcome.FAIL:
            return SenderDoubt.AUTHENTICATION_FAILED
        return SenderDoubt.NOT_AUTHENTICATED if self.email.has_doubtful_sender else None

    def outcome(
        self,
        state: InboundMailState,
        reason: InboundMailReason,
        ticket_id: TicketId | None = None,
    ) -> InboundMail:
        """Return the row with what became of the message."""
        return replace(self.mail, state=state, reason=reason, ticket_id=ticket_id)
