"""The letters about contracts, in the reader's language."""

from helpdesk.domain.agency import Agency, Agent
from helpdesk.domain.errors import Locale
from helpdesk.mail.texts import Heading, body_text
from helpdesk.usecases.contract_letters import NoticeDay
from helpdesk.usecases.letter_ports import Letter

_SUBJECT = {
    Locale.FR: "Contrat {reference} : préavis jusqu'au {last_day}",
    Locale.EN: "Contract {reference}: notice until {last_day}",
}
_LAST_DAY = {
    Locale.FR: (
        "Le contrat {reference} de {client} peut être dénoncé jusqu'au {last_day} inclus. Ensuite"
        " il est reconduit le {renewed_on}."
    ),
    Locale.EN: (
        "Notice of contract {reference} of {client} can be given until {last_day}, that day"
        " included. After that it is renewed on {renewed_on}."
    ),
}


class ContractMails:
    """ContractLetters as mails."""

    def notice_reminder(self, notice: NoticeDay, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads before the last notice day of a contract."""
        heading = Heading(locale=agent.locale, agency_name=agency.name, recipient_name=agent.name)
        values = {
            "reference": notice.reference,
            "client": notice.client_name,
            "last_day": notice.last_day.isoformat(),
            "renewed_on": notice.renewed_on.isoformat(),
        }
        return Letter(
            _SUBJECT[agent.locale].format(**values),
            body_text(heading, _LAST_DAY[agent.locale], **values),
        )
