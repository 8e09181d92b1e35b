"""The texts of our mails, as use-cases need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.batch import Batch
from helpdesk.domain.letter_kind import LetterKind, LetterValue
from helpdesk.domain.message import Message
from helpdesk.domain.postponement import Postponement
from helpdesk.domain.quote import Quote
from helpdesk.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says before it is put into words: its kind, and what the variables stand for.

    The values are in the reader's language and time already. `why` tells why the reader gets it,
    below the closing: the variables of the partial `why.txt`, nothing for a letter without it.
    """

    kind: LetterKind
    values: Mapping[str, LetterValue]
    why: Mapping[str, str] = field(default_factory=dict)


class Letters(Protocol):
    """The texts of our mails."""

    def acknowledgement(
        self, ticket: Ticket, *, agency: Agency, contact: Contact, promised_at: datetime | None
    ) -> Letter:
        """Return what a client reads when his request has become a ticket."""
        ...

    def agent_reply(
        self, ticket: Ticket, message: Message, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when the agency answered him."""
        ...

    def batch_opened(
        self, batch: Batch, tickets: Sequence[Ticket], *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when his batch opens: which requests are in it."""
        ...

    def delivery_postponed(
        self, ticket: Ticket, postponement: Postponement, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when a delivery is put off."""
        ...

    def quote_sent(
        self, quote: Quote, ticket: Ticket | None, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when he is sent a quote."""
        ...
