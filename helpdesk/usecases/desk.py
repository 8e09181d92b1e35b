"""The desk that every verb works at: the store, the clock on the wall and what makes things."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.mail_trust import AuthFinding
from helpdesk.domain.priority import PriorityMatrix
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.usecases.alert_letters import AlertLetters
from helpdesk.usecases.contract_letters import ContractLetters
from helpdesk.usecases.credit_letters import CreditLetters
from helpdesk.usecases.credit_note_ports import CreditNotePapers
from helpdesk.usecases.diagnostics_ports import DiagnosticsCatalogue
from helpdesk.usecases.letter_ports import Letters
from helpdesk.usecases.monitoring_ports import ToolReaders
from helpdesk.usecases.notification_letters import NotificationLetters
from helpdesk.usecases.plan_catalogue import PlanCatalogue
from helpdesk.usecases.ports import Store
from helpdesk.usecases.public_holidays import PublicHolidays
from helpdesk.usecases.report_ports import ReportMaking
from helpdesk.usecases.retainer_letters import RetainerLetters
from helpdesk.usecases.timelines import TimelineShelf
from helpdesk.usecases.wording_ports import LetterWriter

AuthorCheck = Callable[[bytes, str], Awaitable[tuple[AuthFinding, ...]]]
"""What finds out, of the bytes of a mail and its author's address, who vouches for him."""


@dataclass(frozen=True)
class MailHabits:
    """What an operator says of his mail server.

    `authserv_id` is the name under which it notes who wrote a mail (RFC 8601), empty when it does
    not. `has_plus_addresses` when `mailbox+anything` reaches the mailbox. `relays` are the mail
    servers of his on other machines that hand mails to the listener, by address or network.
    `public_url` is where readers reach the engine by HTTP, without a slash at its end; empty when
    they do not.
    """

    authserv_id: str = ""
    has_plus_addresses: bool = True
    relays: tuple[str, ...] = ()
    public_url: str = ""


@dataclass(frozen=True)
class Desk:
    """What use-cases need from outside, given once by the composition root.

    `now` reads UTC, `new_id` gives time-ordered ids, `new_secret` gives unguessable ones.
    `default_matrix` weighs the requests that fall under no contract; `webhook_addresses` says
    where webhooks may lead; `writer` puts letters into words; `tools` understands monitoring
    tools; `papers` makes those of credit notes; `plans` is what contracts are made from.
    `author_check` finds out who vouches for the author of a mail when our mail server does not say
    it, None where nobody asked for that. `cut_reply` takes out of an answer what it repeats of the
    texts that it answers.
    """

    store: Store
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    parse_email: Callable[[bytes], InboundEmail]
    cut_reply: Callable[[str, Sequence[str]], str]
    letters: Letters
    writer: LetterWriter
    alerts: AlertLetters
    contract_letters: ContractLetters
    credit_letters: CreditLetters
    reports: ReportMaking
    retainer_letters: RetainerLetters
    notification_letters: NotificationLetters
    timelines: TimelineShelf
    default_matrix: PriorityMatrix
    plans: PlanCatalogue
    diagnostics: DiagnosticsCatalogue
    public_holidays: PublicHolidays
    webhook_addresses: WebhookAddressRules
    tools: ToolReaders
    papers: CreditNotePapers
    mail_habits: MailHabits = MailHabits()
    author_check: AuthorCheck | None = None

    @property
    def knows_authors(self) -> bool:
        """Whether anybody says who wrote a mail: our mail server, or a check of our own."""
        return bool(self.mail_habits.authserv_id) or self.author_check is not None
