"""The letters about credits and the documents that give them, as use-cases need them."""

from dataclasses import dataclass
from typing import Protocol

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.credit_note import CreditNote
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.usecases.letter_ports import Letter


@dataclass(frozen=True, slots=True)
class CreditsWaiting:
    """That so many credits of a month wait for somebody to decide, and what they come to."""

    reference: str
    client_name: str
    month: Month
    count: int
    net: Money


@dataclass(frozen=True, slots=True)
class OwedAtEnd:
    """The documents of a contract that is over, of which something is left to be paid back."""

    reference: str
    client_name: str
    numbers: tuple[str, ...]
    left: Money


class CreditLetters(Protocol):
    """The texts of these mails."""

    def document_issued(self, note: CreditNote, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads with a credit note or a penalty statement."""
        ...

    def credits_waiting(self, waiting: CreditsWaiting, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when credits wait for approval."""
        ...

    def owed_at_end(self, owed: OwedAtEnd, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when a contract ended and credit notes are left open."""
        ...
