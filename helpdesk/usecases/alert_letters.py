"""The letters of a promise in danger, and of an incident that is handled as critical."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.mail_health import MailboxHealth
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.undelivered import UndeliverableAddress
from helpdesk.usecases.letter_ports import Letter


@dataclass(frozen=True, slots=True)
class Alert:
    """A promise in danger or broken, and the rule of the contract that tells of it.

    `broken_at` is None while the promise holds. Seconds are counted time: `seconds_left` until
    the deadline, `seconds_over` since. `reference` and `terms_version` name the contract.
    """

    ticket: Ticket
    client_name: str
    metric: SlaMetric
    deadline_at: datetime | None
    broken_at: datetime | None
    seconds_left: int
    seconds_over: int
    level: int
    step: str
    reference: str
    terms_version: int


@dataclass(frozen=True, slots=True)
class CriticalPromise:
    """When a client hears from the agency about a critical incident.

    `answer_by` is the end of the first response's time, None once there was one; `news_by` when
    the next news is due, and `news_every_seconds` how often it comes, None where the contract
    promises none. They count opening hours when `is_in_opening_hours`.
    """

    answer_by: datetime | None
    news_by: datetime | None
    news_every_seconds: int | None
    is_in_opening_hours: bool


class AlertLetters(Protocol):
    """The texts of these mails."""

    def to_agent(self, alert: Alert, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a person of the agency reads: which promise, what is left, by which rule."""
        ...

    def to_client(self, alert: Alert, *, agency: Agency, contact: Contact) -> Letter:
        """Return what a client reads: which promise, and nothing of what goes on inside."""
        ...

    def loop(self, ticket: Ticket, *, agency: Agency, agent: Agent) -> Letter:
        """Return what a manager reads when two machines answer each other on a ticket."""
        ...

    def orders_refused(self, refusals: Sequence[str], *, agent: Agent) -> Letter:
        """Return what an agent reads when what he orders by mail cannot be done, and why."""
        ...

    def undeliverable(self, marked: UndeliverableAddress) -> Letter:
        """Return what a person of the agency reads when mails do not reach an address."""
        ...

    def mailbox_unread(
        self, mailbox: MailboxHealth, *, since: datetime, agency: Agency, agent: Agent
    ) -> Letter:
        """Return what a manager reads when a mailbox is not read any more, and since when."""
        ...

    def mails_waiting(self, *, waiting: int, given_up: int) -> Letter:
        """Return what a manager reads when messages wait for a person, or mails did not leave."""
        ...

    def critical(
        self,
        ticket: Ticket,
        promise: CriticalPromise,
        *,
        agency: Agency,
        contact: Contact,
        is_new: bool,
    ) -> Letter:
        """Return what a client reads when his request is handled as critical.

        `is_new` when it is so from its opening on: the mail is the acknowledgement too.
        """
        ...
