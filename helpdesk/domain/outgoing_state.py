"""What became of a mail that we promised, as people who look after the mails see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, OutboxMailId
from helpdesk.domain.sending import SUPPRESSED, SendingState

DISCARDED = "DISCARDED"
"""How a mail is kept that a person gave up."""


class OutgoingState(StrEnum):
    """What became of a mail of ours; FAILED ones are the dead letters."""

    WAITING = "WAITING"
    SENT = "SENT"
    FAILED = "FAILED"
    SUPPRESSED = "SUPPRESSED"
    DISCARDED = "DISCARDED"


KEPT_AS: Mapping[OutgoingState, tuple[str, ...]] = {
    OutgoingState.WAITING: (SendingState.PENDING.value, SendingState.SENDING.value),
    OutgoingState.SENT: (SendingState.SENT.value,),
    OutgoingState.FAILED: (SendingState.DEAD.value,),
    OutgoingState.SUPPRESSED: (SUPPRESSED,),
    OutgoingState.DISCARDED: (DISCARDED,),
}
_READ_AS = {kept: state for state, names in KEPT_AS.items() for kept in names}


def outgoing_state(kept: str) -> OutgoingState:
    """Return what became of a mail that is kept in this state.

    >>> outgoing_state("SENDING"), outgoing_state("DEAD")
    (<OutgoingState.WAITING: 'WAITING'>, <OutgoingState.FAILED: 'FAILED'>)
    """
    return _READ_AS[kept]


def kept_states(states: Iterable[str]) -> tuple[str, ...]:
    """Return the states in which mails are kept that any of these says."""
    return tuple(kept for state in states for kept in KEPT_AS[OutgoingState(state)])


class MailSentAlready(HelpdeskError):
    """What left cannot be taken back, and sending it again would be a second mail."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = "This mail to {recipient} was sent already: answer on the ticket."
    french: ClassVar[str] = (
        "Ce mail à {recipient} est déjà parti : répondez sur le ticket si besoin."
    )


@dataclass(frozen=True, slots=True)
class OutgoingStanding:
    """Where a promised mail stands; `discarded_by` is the name of who gave it up."""

    id: OutboxMailId
    agency_id: AgencyId
    state: str
    recipient: str | None
    attempts: int
    send_after: datetime
    last_error: str | None = None
    sent_at: datetime | None = None
    bounced_at: datetime | None = None
    discarded_at: datetime | None = None
    discarded_by: str | None = None

    @property
    def is_being_sent(self) -> bool:
        """Whether a worker has it in hand now."""
        return self.state == SendingState.SENDING.value

    def requeued(self, *, at: datetime) -> Self:
        """Return the mail due now with all its tries; one in a worker's hand stays as it is.

        Raises MailSentAlready, except of one that came back.
        """
        if self.is_being_sent:
            return self
        if self.state == SendingState.SENT.value and self.bounced_at is None:
            raise MailSentAlready(path=("outgoingMessageId",), recipient=self.recipient)
        return replace(
            self,
            state=SendingState.PENDING.value,
            attempts=0,
            send_after=at,
            last_error=None,
            sent_at=None,
            discarded_at=None,
            discarded_by=None,
        )

    def discarded(self, *, at: datetime, by: str) -> Self:
        """Return the mail that is never sent; one in a worker's hand stays as it is.

        Raises MailSentAlready.
        """
        if self.is_being_sent or self.state == DISCARDED:
            return self
        if self.state == SendingState.SENT.value:
            raise MailSentAlready(path=("outgoingMessageId",), recipient=self.recipient)
        return replace(self, state=DISCARDED, discarded_at=at, discarded_by=by)
