"""The desk that every verb works at: the store, the clock on the wall and what makes things."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.priority import PriorityMatrix
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.usecases.alert_letters import AlertLetters
from helpdesk.usecases.contract_letters import ContractLetters
from helpdesk.usecases.letter_ports import Letters
from helpdesk.usecases.plan_catalogue import PlanCatalogue
from helpdesk.usecases.ports import Store
from helpdesk.usecases.public_holidays import PublicHolidays
from helpdesk.usecases.timelines import TimelineShelf


@dataclass(frozen=True)
class MailHabits:
    """What an operator says of his mail server.

    `authserv_id` is the name under which it notes who wrote a mail (RFC 8601), empty when it does
    not. `has_plus_addresses` when `mailbox+anything` reaches the mailbox.
    """

    authserv_id: str = ""
    has_plus_addresses: bool = True


@dataclass(frozen=True)
class Desk:
    """What use-cases need from outside, given once by the composition root.

    `now` reads UTC, `new_id` gives time-ordered ids, `new_secret` gives unguessable ones.
    `default_matrix` weighs the requests that fall under no contract; `webhook_addresses` says
    where webhooks may lead; `plans` is what contracts are made from;
    `evidence_secret` keys the hashes that stand for the addresses of who accepts a quote.
    """

    store: Store
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    parse_email: Callable[[bytes], InboundEmail]
    letters: Letters
    alerts: AlertLetters
    contract_letters: ContractLetters
    timelines: TimelineShelf
    default_matrix: PriorityMatrix
    plans: PlanCatalogue
    public_holidays: PublicHolidays
    webhook_addresses: WebhookAddressRules
    evidence_secret: bytes
    mail_habits: MailHabits = MailHabits()
