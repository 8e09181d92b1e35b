"""The letters about credits and the documents that give them, in the reader's language."""

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.credit_note import CreditNote
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.month import month_named
from helpdesk.usecases.credit_letters import CreditsWaiting, OwedAtEnd
from helpdesk.usecases.letter_ports import Letter


class CreditMails:
    """CreditLetters as mails."""

    def document_issued(self, note: CreditNote, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads with a credit note or a penalty statement."""
        bears_vat = note.kind.bears_vat
        kind = LetterKind.CREDIT_NOTE_ISSUED if bears_vat else LetterKind.PENALTY_STATEMENT_ISSUED
        values = {
            "document": note.number,
            "reference": note.contract_reference,
            "amount": note.gross.shown(contact.locale),
        }
        return Letter(kind, values)

    def credits_waiting(self, waiting: CreditsWaiting, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when credits wait for approval."""
        values = {
            "reference": waiting.reference,
            "client": waiting.client_name,
            "month": month_named(waiting.month, agent.locale),
            "count": str(waiting.count),
            "amount": waiting.net.shown(agent.locale),
        }
        return Letter(LetterKind.CREDITS_WAITING, values)

    def owed_at_end(self, owed: OwedAtEnd, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when a contract ended and credit notes are left open."""
        values = {
            "reference": owed.reference,
            "client": owed.client_name,
            "documents": ", ".join(owed.numbers),
            "amount": owed.left.shown(agent.locale),
        }
        return Letter(LetterKind.OWED_AT_END, values)
