"""The desk that every verb works at: the store, the clock on the wall and what makes things."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.priority import PriorityMatrix
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.usecases.alert_letters import AlertLetters
from helpdesk.usecases.contract_letters import ContractLetters
from helpdesk.usecases.credit_letters import CreditLetters
from helpdesk.usecases.credit_note_ports import CreditNotePapers
from helpdesk.usecases.diagnostics_ports import DiagnosticsCatalogue
from helpdesk.usecases.letter_ports import Letters
from helpdesk.usecases.monitoring_ports import ToolReaders
from helpdesk.usecases.plan_catalogue import PlanCatalogue
from helpdesk.usecases.ports import Store
from helpdesk.usecases.public_holidays import PublicHolidays
from helpdesk.usecases.report_ports import ReportMaking
from helpdesk.usecases.retainer_letters import RetainerLetters
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
    where webhooks may lead; `tools` understands monitoring tools; `papers` makes those of credit
    notes; `plans` is what contracts are made from.
    """

    store: Store
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    parse_email: Callable[[bytes], InboundEmail]
    letters: Letters
    alerts: AlertLetters
    contract_letters: ContractLetters
    credit_letters: CreditLetters
    reports: ReportMaking
    retainer_letters: RetainerLetters
    timelines: TimelineShelf
    default_matrix: PriorityMatrix
    plans: PlanCatalogue
    diagnostics: DiagnosticsCatalogue
    public_holidays: PublicHolidays
    webhook_addresses: WebhookAddressRules
    tools: ToolReaders
    papers: CreditNotePapers
    mail_habits: MailHabits = MailHabits()
