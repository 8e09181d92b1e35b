"""What use-cases need from outside, as protocols: the store, noun by noun."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Agency, Agent, Team
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    ContractId,
    MonitoringHookId,
    TeamId,
    TokenId,
)
from helpdesk.domain.monitoring import MonitoringHook
from helpdesk.usecases.batch_ports import BatchRecords
from helpdesk.usecases.classification_ports import ClassificationRecords
from helpdesk.usecases.client_ports import ClientRecords
from helpdesk.usecases.compensation_ports import CreditRecords
from helpdesk.usecases.contract_ports import ContractRecords
from helpdesk.usecases.credit_note_ports import CreditNoteRecords
from helpdesk.usecases.deadline_ports import (
    ComingSteps,
    DeadlineQueue,
    FiringRecords,
    WorkerRegister,
)
from helpdesk.usecases.diagnostics_ports import CareRecords, DiagnosticRecords
from helpdesk.usecases.mail_ports import InboundQueue, MailRecords, OutboxMail
from helpdesk.usecases.mail_wording_ports import WordingRecords
from helpdesk.usecases.notification_ports import NotificationQueue, NotificationRecords
from helpdesk.usecases.quote_ports import QuoteRecords
from helpdesk.usecases.report_ports import ReportFacts, ReportRecords
from helpdesk.usecases.retainer_ports import RetainerRecords
from helpdesk.usecases.site_ports import RecordsOfSites
from helpdesk.usecases.ticket_ports import TicketRecords, TicketsInBulk
from helpdesk.usecases.undelivered_ports import UndeliveredRecords
from helpdesk.usecases.upkeep_ports import UpkeepRecords
from helpdesk.usecases.webhook_ports import WebhookQueue, WebhookRecords
from helpdesk.usecases.work_log_ports import WorkLogRecords


class StoreBusy(Exception):
    """The store was held by others or away: nothing was changed, and another try may succeed."""


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as it is kept: the secret itself is nowhere."""

    id: TokenId
    agency_id: AgencyId
    name: str
    secret_hash: str
    viewer: Viewer
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """What was answered to an idempotency key, and to which input."""

    verb: str
    input_hash: str
    answer: dict[str, Any]  # a JSON document, whatever the verb answers


class AgencyRecords(Protocol):
    """The agency's side: tenant, people, teams, tokens, series, remembered answers."""

    async def agency(self) -> Agency:
        """Return the tenant."""
        ...

    async def agent(self, agent_id: AgentId) -> Agent | None:
        """Return an agent, None when there is none."""
        ...

    async def agent_by_email(self, email: str) -> Agent | None:
        """Return the agent with this address, None when there is none."""
        ...

    async def team(self, team_id: TeamId) -> Team | None:
        """Return a team, None when there is none."""
        ...

    async def team_members(self, team_id: TeamId) -> tuple[Agent, ...]:
        """Return the agents of a team, by name."""
        ...

    async def agents(self) -> tuple[Agent, ...]:
        """Return every agent, by name."""
        ...

    async def teams(self) -> tuple[Team, ...]:
        """Return every team, by name."""
        ...

    async def managers(self) -> tuple[Agent, ...]:
        """Return the agents who answer for the agency's promises as a whole, by name."""
        ...

    async def next_number(self, series: str) -> int:
        """Return the next number of a series; two transactions never get the same one."""
        ...

    async def take_key(
        self, principal: str, key: str, blank: RememberedAnswer, *, at: datetime
    ) -> RememberedAnswer | None:
        """Take a key of this principal for a request; return what was answered if it is taken.

        It waits for another transaction that has just taken the same key.
        """
        ...

    async def remember(
        self,
        principal: str,
        key: str,
        answer: dict[str, Any],  # a JSON document
    ) -> None:
        """Keep the answer under a key that was taken."""
        ...

    async def add_agency(self, agency: Agency) -> None:
        """Add the tenant itself."""
        ...

    async def add_agent(self, agent: Agent) -> bool:
        """Add an agent; False when another one has his address."""
        ...

    async def add_team(self, team: Team) -> None:
        """Add a team."""
        ...

    async def add_team_member(self, team_id: TeamId, agent_id: AgentId) -> None:
        """Take an agent into a team; one who is of it stays so."""
        ...

    async def remove_team_member(self, team_id: TeamId, agent_id: AgentId) -> None:
        """Take an agent out of a team; one who is not of it is no error."""
        ...

    async def add_token(self, token: Token) -> None:
        """Add a token."""
        ...

    async def revoke_token(self, token_id: TokenId, *, at: datetime) -> bool:
        """Revoke a token; False when there is no such living token."""
        ...


class Records(RecordsOfSites, Protocol):
    """One transaction of one agency; nothing outside the agency can be named through it."""

    @property
    def agency_id(self) -> AgencyId:
        """The agency of this transaction."""
        ...

    @property
    def agencies(self) -> AgencyRecords:
        """The agency's side."""
        ...

    @property
    def clients(self) -> ClientRecords:
        """The client's side."""
        ...

    @property
    def contracts(self) -> ContractRecords:
        """Contracts and calendars."""
        ...

    @property
    def tickets(self) -> TicketRecords:
        """Tickets."""
        ...

    @property
    def batches(self) -> BatchRecords:
        """Batches."""
        ...

    @property
    def tickets_in_bulk(self) -> TicketsInBulk:
        """Many tickets at once."""
        ...

    @property
    def mail(self) -> MailRecords:
        """The mail door."""
        ...

    @property
    def undelivered(self) -> UndeliveredRecords:
        """Mails that came back, and addresses that ours do not reach."""
        ...

    @property
    def notifications(self) -> NotificationRecords:
        """News to tell, what each reader was told, and what he chose."""
        ...

    @property
    def wording(self) -> WordingRecords:
        """The words and the look of the agency's mails."""
        ...

    @property
    def webhooks(self) -> WebhookRecords:
        """Webhooks and the calls that were promised to them."""
        ...

    @property
    def quotes(self) -> QuoteRecords:
        """Quotes."""
        ...

    @property
    def classifications(self) -> ClassificationRecords:
        """What requests were taken for, exclusions and interventions."""
        ...

    @property
    def firings(self) -> FiringRecords:
        """Steps of clocks that came, with what is to be done about each."""
        ...

    @property
    def steps(self) -> ComingSteps:
        """The steps that come as this transaction sees them, for who plays time inside of one."""
        ...

    @property
    def upkeep(self) -> UpkeepRecords:
        """Tickets in bulk, and corrections."""
        ...

    @property
    def retainer(self) -> RetainerRecords:
        """Books of forfaits."""
        ...

    @property
    def work_logs(self) -> WorkLogRecords:
        """Time that was worked, and timers that run."""
        ...

    @property
    def credit_notes(self) -> CreditNoteRecords:
        """Credit notes, their series and the invoices that they refer to."""
        ...

    @property
    def credits(self) -> CreditRecords:
        """Credits for broken promises."""
        ...

    @property
    def reports(self) -> ReportRecords:
        """Monthly reports."""
        ...

    @property
    def report_facts(self) -> ReportFacts:
        """What monthly reports tell."""
        ...

    @property
    def diagnostics(self) -> DiagnosticRecords:
        """Sheets, audits and signals of sites."""
        ...

    @property
    def care(self) -> CareRecords:
        """Emergency procedures, reviews and routines of contracts."""
        ...


class WorkQueue(Protocol):
    """What the worker finds to do, across agencies; the database's clock decides what is due."""

    async def due_outbox(self, *, at: datetime, limit: int) -> tuple[OutboxMail, ...]:
        """Return promised mails to send, oldest first, claimed so that no other worker has them."""
        ...

    async def mark_sent(self, mail: OutboxMail, *, at: datetime) -> None:
        """Record that a mail left."""
        ...

    async def mark_failed(self, mail: OutboxMail, error: str, *, retry_at: datetime | None) -> None:
        """Record a failed attempt; None gives the mail up, visibly."""
        ...

    async def mark_suppressed(self, mail: OutboxMail, reason: str) -> None:
        """Record that a mail is not sent, and why."""
        ...

    async def terms_taken_over(
        self, *, after: datetime | None, until: datetime
    ) -> tuple[tuple[AgencyId, ContractId], ...]:
        """Return the contracts of which a version but the first took over in `(after, until]`."""
        ...

    async def books_to_turn(self, *, at: datetime) -> tuple[tuple[AgencyId, ContractId], ...]:
        """Return the contracts with a book of which something has ended by an instant."""
        ...

    async def next_turn(self, *, after: datetime) -> datetime | None:
        """Return when something of any book ends next, None when nothing will."""
        ...

    @property
    def inbox(self) -> InboundQueue:
        """The messages that are to be understood."""
        ...

    @property
    def notifications(self) -> NotificationQueue:
        """The news that are to be told."""
        ...

    @property
    def webhooks(self) -> WebhookQueue:
        """The calls of webhooks that are to be made."""
        ...

    @property
    def deadlines(self) -> DeadlineQueue:
        """The steps of clocks that come."""
        ...

    @property
    def workers(self) -> WorkerRegister:
        """Who works, and what waits."""
        ...


class Store(Protocol):
    """The memory of the engine."""

    def transaction(self, agency_id: AgencyId) -> AbstractAsyncContextManager[Records]:
        """Open one transaction of one agency: all of it is kept, or nothing."""
        ...

    def reading(self, agency_id: AgencyId) -> AbstractAsyncContextManager[Records]:
        """Read what an agency has, without locks; writing through it is an error."""
        ...

    def queue(self) -> WorkQueue:
        """Return what the worker has to do."""
        ...

    async def token_by_hash(self, secret_hash: str) -> Token | None:
        """Return the token whose secret has this hash, revoked and expired ones included."""
        ...

    async def monitoring_hook(self, hook_id: MonitoringHookId) -> MonitoringHook | None:
        """Return a hook of any agency, a revoked one too; None when there is none."""
        ...

    async def agency_of_mailbox(self, address: str) -> Agency | None:
        """Return the agency that is written to at this address or at a plus-address of it.

        Case does not matter.
        """
        ...

    async def agencies(self) -> tuple[Agency, ...]:
        """Return every agency of this installation."""
        ...

    async def only_agency(self) -> Agency | None:
        """Return the agency when there is exactly one, for the command line."""
        ...
