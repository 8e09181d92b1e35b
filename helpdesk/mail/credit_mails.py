"""The letters about credits and the documents that give them, in the reader's language."""

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.credit_note import CreditNote
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import MONTH_NAMES, Month
from helpdesk.mail.texts import Heading, body_text
from helpdesk.usecases.credit_letters import CreditsWaiting, OwedAtEnd
from helpdesk.usecases.letter_ports import Letter

_NOTE_SUBJECT = {
    Locale.FR: "Avoir {number} : contrat {reference}",
    Locale.EN: "Credit note {number}: contract {reference}",
}
_STATEMENT_SUBJECT = {
    Locale.FR: "Décompte de pénalités {number} : contrat {reference}",
    Locale.EN: "Penalty statement {number}: contract {reference}",
}
_NOTE = {
    Locale.FR: (
        "Un engagement de votre contrat {reference} n'a pas été tenu. Vous trouverez ci-joint"
        " l'avoir {number}, d'un montant de {amount} TTC."
    ),
    Locale.EN: (
        "A promise of your contract {reference} was not kept. Enclosed is the credit note {number},"
        " which comes to {amount} with VAT."
    ),
}
_STATEMENT = {
    Locale.FR: (
        "Un engagement de votre contrat {reference} n'a pas été tenu. Vous trouverez ci-joint le"
        " décompte de pénalités {number}, d'un montant de {amount}."
    ),
    Locale.EN: (
        "A promise of your contract {reference} was not kept. Enclosed is the penalty statement"
        " {number}, which comes to {amount}."
    ),
}
_USE = {
    Locale.FR: (
        "Ce montant vient en déduction de vos prochaines factures. Une question ? Répondez"
        " simplement à ce message."
    ),
    Locale.EN: "It is taken off your next invoices. A question? Just answer this message.",
}
_WAITING_SUBJECT = {
    Locale.FR: "Contrat {reference} : des crédits de {month} attendent votre décision",
    Locale.EN: "Contract {reference}: credits of {month} wait for your decision",
}
_WAITING = {
    Locale.FR: (
        "Crédits proposés pour {month} au titre du contrat {reference} de {client} : {count}, soit"
        " {amount} HT. Le client voit le montant à partir de leur approbation."
    ),
    Locale.EN: (
        "Credits proposed for {month} under contract {reference} of {client}: {count}, {amount}"
        " before VAT. The client sees the amount once they are approved."
    ),
}
_OWED_SUBJECT = {
    Locale.FR: "Contrat {reference} terminé : {amount} restent dus",
    Locale.EN: "Contract {reference} is over: {amount} are still owed",
}
_OWED = {
    Locale.FR: (
        "Le contrat {reference} de {client} est terminé. Ses avoirs {numbers} ne sont pas épuisés :"
        " il reste {amount} à rembourser, ou à déduire d'une facture."
    ),
    Locale.EN: (
        "Contract {reference} of {client} is over. Something is left of its credit notes {numbers}:"
        " {amount} to be paid back, or taken off an invoice."
    ),
}


class CreditMails:
    """CreditLetters as mails."""

    def document_issued(self, note: CreditNote, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads with a credit note or a penalty statement."""
        locale = contact.locale
        name = "" if contact.name == contact.email else contact.name
        heading = Heading(locale=locale, agency_name=agency.name, recipient_name=name)
        values = {
            "number": note.number,
            "reference": note.contract_reference,
            "amount": note.gross.shown(locale),
        }
        bears_vat = note.kind.bears_vat
        subject = _NOTE_SUBJECT if bears_vat else _STATEMENT_SUBJECT
        paragraphs = ((_NOTE if bears_vat else _STATEMENT)[locale], _USE[locale])
        return Letter(subject[locale].format(**values), body_text(heading, *paragraphs, **values))

    def credits_waiting(self, waiting: CreditsWaiting, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when credits wait for approval."""
        values = {
            "reference": waiting.reference,
            "client": waiting.client_name,
            "month": _named(waiting.month, agent.locale),
            "count": str(waiting.count),
            "amount": waiting.net.shown(agent.locale),
        }
        return _to_agent(agency, agent, _WAITING_SUBJECT, _WAITING, values)

    def owed_at_end(self, owed: OwedAtEnd, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when a contract ended and credit notes are left open."""
        values = {
            "reference": owed.reference,
            "client": owed.client_name,
            "numbers": ", ".join(owed.numbers),
            "amount": owed.left.shown(agent.locale),
        }
        return _to_agent(agency, agent, _OWED_SUBJECT, _OWED, values)


def _to_agent(
    agency: Agency,
    agent: Agent,
    subject: dict[Locale, str],
    text: dict[Locale, str],
    values: dict[str, str],
) -> Letter:
    heading = Heading(locale=agent.locale, agency_name=agency.name, recipient_name=agent.name)
    said = body_text(heading, text[agent.locale], **values)
    return Letter(subject[agent.locale].format(**values), said)


def _named(month: Month, locale: Locale) -> str:
    return f"{MONTH_NAMES[locale][month.number - 1]} {month.year}"
