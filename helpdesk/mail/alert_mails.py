"""The letters of promises in danger, in the reader's language and the agency's time zone."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.explanation_text import METRICS, duration
from helpdesk.domain.letter_kind import LetterKind, LetterValue
from helpdesk.domain.mail_command import possible_commands
from helpdesk.domain.mail_health import MailboxHealth
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.undelivered import UndeliverableAddress
from helpdesk.mail.ticket_mails import told_time
from helpdesk.usecases.alert_letters import Alert, CriticalPromise
from helpdesk.usecases.letter_ports import Letter

A_MINUTE = 60


class AlertMails:
    """AlertLetters as mails."""

    def to_agent(self, alert: Alert, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a person of the agency reads: which promise, what is left, by which rule."""
        values = {
            "promise": alert.metric.name,
            "metric": METRICS[agent.locale][alert.metric],
            "standing": _standing(alert),
            "due": told_time(alert.broken_at or alert.deadline_at, agency, agent.locale),
            "left": duration(alert.seconds_left),
            "over": duration(alert.seconds_over),
            "priority": alert.ticket.priority.value,
            "client": alert.client_name,
            "reference": alert.reference,
            "version": str(alert.terms_version),
            "level": str(alert.level),
            "step": alert.step,
        }
        return Letter(LetterKind.ALERT_TO_AGENT, values)

    def to_client(self, alert: Alert, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads: which promise, and nothing of what goes on inside."""
        values = {
            "promise": alert.metric.name,
            "standing": _standing(alert),
            "due": told_time(alert.broken_at or alert.deadline_at, agency, contact.locale),
        }
        return Letter(LetterKind.ALERT_TO_CLIENT, values)

    def loop(self, ticket: Ticket, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when two machines answer each other on a ticket."""
        return Letter(LetterKind.MAIL_LOOP, {})

    def orders_refused(self, refusals: Sequence[str], *, agent: Agent) -> Letter:
        """Return what an agent reads when what he orders by mail cannot be done, and why."""
        values = {
            "refusals": "\n".join(f"- {' '.join(refusal.split())}" for refusal in refusals),
            "possible": possible_commands(agent.locale),
        }
        return Letter(LetterKind.ORDERS_REFUSED, values)

    def undeliverable(self, marked: UndeliverableAddress) -> Letter:
        """Return what a person of the agency reads when mails do not reach an address."""
        values = {"address": marked.address, "failure": " ".join(marked.reason.split())}
        return Letter(LetterKind.ADDRESS_UNREACHED, values)

    def mailbox_unread(
        self, mailbox: MailboxHealth, *, since: datetime, agency: Agency, agent: Agent
    ) -> Letter:
        """Return what a manager reads when a mailbox is not read any more, and since when."""
        values = {
            "account": mailbox.address,
            "since": told_time(since, agency, agent.locale),
            "failure": " ".join((mailbox.last_error or "").split()),
        }
        return Letter(LetterKind.MAILBOX_UNREAD, values)

    def mails_waiting(self, *, waiting: int, given_up: int) -> Letter:
        """Return what a manager reads when messages wait for a person, or mails did not leave."""
        values = {"waiting": str(waiting or ""), "given_up": str(given_up or "")}
        return Letter(LetterKind.MAILS_WAITING, values)

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
        every = promise.news_every_seconds
        values: dict[str, LetterValue] = {
            "is_new": is_new,
            "answer_by": told_time(promise.answer_by, agency, contact.locale),
            "news_by": told_time(promise.news_by, agency, contact.locale),
            "news_every": "" if every is None else duration(every),
            "is_in_opening_hours": promise.is_in_opening_hours,
        }
        return Letter(LetterKind.CRITICAL_INCIDENT, values)


def _standing(alert: Alert) -> str:
    if alert.broken_at is not None:
        return "BROKEN" if alert.seconds_over >= A_MINUTE else "BROKEN_NOW"
    return "PAUSED" if alert.deadline_at is None else "HOLDS"
