"""The letters of promises in danger, in the reader's language and the agency's time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.ticket import Ticket
from helpdesk.mail import alert_texts
from helpdesk.mail.texts import Letterhead, MailText
from helpdesk.usecases.alert_letters import Alert, CriticalPromise
from helpdesk.usecases.letter_ports import Letter


class AlertMails:
    """AlertLetters as mails."""

    def to_agent(self, alert: Alert, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a person of the agency reads: which promise, what is left, by which rule."""
        rule = alert_texts.Rule(
            reference=alert.reference,
            version=alert.terms_version,
            level=alert.level,
            step=alert.step,
            priority=alert.ticket.priority.value,
            client=alert.client_name,
        )
        head = _head(alert.ticket, agency, agent)
        return _letter(alert_texts.to_agent(head, _danger(alert, agency), rule))

    def to_client(self, alert: Alert, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads: which promise, and nothing of what goes on inside."""
        head = _head(alert.ticket, agency, contact)
        return _letter(alert_texts.to_client(head, _danger(alert, agency)))

    def loop(self, ticket: Ticket, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when two machines answer each other on a ticket."""
        return _letter(alert_texts.loop(_head(ticket, agency, agent)))

    def answerable(self, letter: Letter, *, agent: Agent) -> Letter:
        """Return the letter with the words that an answer to it goes to the client."""
        return Letter(letter.subject, alert_texts.answerable(letter.text, locale=agent.locale))

    def critical(
        self,
        ticket: Ticket,
        promise: CriticalPromise,
        *,
        agency: Agency,
        contact: Contact,
        is_new: bool,
    ) -> Letter:
        """Return what a client reads when his request is handled as critical."""
        return _letter(
            alert_texts.critical(
                _head(ticket, agency, contact),
                is_new=is_new,
                answer_by=_local(promise.answer_by, agency),
                news_by=_local(promise.news_by, agency),
                news_every_seconds=promise.news_every_seconds,
                is_in_opening_hours=promise.is_in_opening_hours,
            )
        )


def _danger(alert: Alert, agency: Agency) -> alert_texts.Danger:
    return alert_texts.Danger(
        metric=alert.metric,
        deadline_at=_local(alert.deadline_at, agency),
        broken_at=_local(alert.broken_at, agency),
        seconds_left=alert.seconds_left,
        seconds_over=alert.seconds_over,
    )


def _head(ticket: Ticket, agency: Agency, reader: Contact | Agent) -> Letterhead:
    return Letterhead(
        locale=reader.locale,
        agency_name=agency.name,
        recipient_name="" if reader.name == reader.email else reader.name,
        ticket_number=int(ticket.number),
        ticket_subject=ticket.subject,
    )


def _local(instant: datetime | None, agency: Agency) -> datetime | None:
    return None if instant is None else instant.astimezone(ZoneInfo(agency.zone))


def _letter(written: MailText) -> Letter:
    return Letter(written.subject, written.text)
