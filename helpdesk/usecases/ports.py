"""What use-cases need from outside, as protocols: the store, noun by noun, and the letters."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Agency, Agent, Client, Contact, Site, Team
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    CalendarId,
    ClientId,
    ContactId,
    ContractId,
    InboundMailId,
    OutboxMailId,
    SiteId,
    TeamId,
    TicketId,
    TokenId,
)
from helpdesk.domain.inbox import InboundMail
from helpdesk.domain.message import Attachment, Message
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.domain.sla import SlaClock
from helpdesk.domain.ticket import LinkKind, Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class DerivedClock:
    """A clock with the versions of the contract and of the calendar that it was counted on."""

    clock: SlaClock
    terms_version: int
    calendar_version: int | None


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


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """A promised mail: what to send, when, and how often it was tried."""

    id: OutboxMailId
    agency_id: AgencyId
    ticket_id: TicketId | None
    idempotency_key: str
    mail: OutgoingMail
    created_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """The subject and text of a mail in one language."""

    subject: str
    text: str


class Letters(Protocol):
    """The texts of our mails."""

    def acknowledgement(
        self, ticket: Ticket, *, agency: Agency, contact: Contact, promised_at: datetime | None
    ) -> Letter:
        """Return what a client reads when his request has become a ticket."""
        ...

    def agent_reply(
        self, ticket: Ticket, message: Message, *, agency: Agency, contact: Contact
    ) -> Letter:
        """Return what a client reads when the agency answered him."""
        ...


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

    async def add_agent(self, agent: Agent) -> None:
        """Add an agent."""
        ...

    async def add_team(self, team: Team) -> None:
        """Add a team."""
        ...

    async def add_token(self, token: Token) -> None:
        """Add a token."""
        ...

    async def revoke_token(self, token_id: TokenId, *, at: datetime) -> bool:
        """Revoke a token; False when there is no such living token."""
        ...


class ClientRecords(Protocol):
    """The client's side: organisations, sites, contacts."""

    async def client(self, client_id: ClientId) -> Client | None:
        """Return a client, None when there is none."""
        ...

    async def client_of_domains(self, domains: Sequence[str]) -> Client | None:
        """Return the client that owns the first of these domains that anybody owns."""
        ...

    async def unknown_sender_pool(self) -> Client | None:
        """Return the client that stands for senders who belong to nobody yet."""
        ...

    async def site(self, site_id: SiteId) -> Site | None:
        """Return a site, None when there is none."""
        ...

    async def contact(self, contact_id: ContactId) -> Contact | None:
        """Return a contact, None when there is none."""
        ...

    async def contact_by_email(self, email: str) -> Contact | None:
        """Return the contact with this address, None when there is none."""
        ...

    async def add_client(self, client: Client) -> None:
        """Add a client with its domains."""
        ...

    async def add_site(self, site: Site) -> None:
        """Add a site."""
        ...

    async def add_contact(self, contact: Contact) -> None:
        """Add a contact."""
        ...


class ContractRecords(Protocol):
    """Contracts, their terms, and the calendars that they count on."""

    async def contract(self, contract_id: ContractId) -> Contract | None:
        """Return a contract with all versions of its terms, None when there is none."""
        ...

    async def contracts_of(self, client_id: ClientId) -> tuple[Contract, ...]:
        """Return every contract of a client."""
        ...

    async def calendar_versions(
        self, calendar_ids: Iterable[CalendarId]
    ) -> tuple[CalendarVersion, ...]:
        """Return every version of these calendars."""
        ...

    async def add_contract(self, contract: Contract) -> None:
        """Add a contract with its terms and sites."""
        ...

    async def add_terms(self, contract_id: ContractId, terms: ContractTerms) -> None:
        """Add a version of a contract's terms."""
        ...

    async def add_calendar(self, code: str, name: str, version: CalendarVersion) -> None:
        """Add a calendar with its first version."""
        ...


class TicketRecords(Protocol):
    """Tickets: their present state, their history, what was said, their clocks."""

    async def ticket(self, ticket_id: TicketId) -> Ticket | None:
        """Return a ticket, locked until the transaction ends; None when there is none."""
        ...

    async def ticket_by_number(self, number: str) -> Ticket | None:
        """Return the ticket with this number, locked likewise."""
        ...

    async def history(self, ticket_id: TicketId) -> tuple[TicketEvent, ...]:
        """Return every fact of a ticket in order."""
        ...

    async def save(
        self, ticket: Ticket, events: Sequence[TicketEvent], clocks: Sequence[DerivedClock]
    ) -> None:
        """Append the facts and rewrite what is kept of them: the ticket and its clocks."""
        ...

    async def add_message(self, message: Message, attachments: Sequence[Attachment] = ()) -> None:
        """Add a message with the description of its files."""
        ...

    async def message(self, message_id: str) -> Message | None:
        """Return a message, None when there is none."""
        ...

    async def add_blob(self, sha256: str, content: bytes) -> None:
        """Keep bytes under their hash; the same bytes twice are kept once."""
        ...

    async def blob(self, sha256: str) -> bytes | None:
        """Return kept bytes."""
        ...

    async def link(self, ticket: Ticket, other: Ticket, kind: LinkKind, *, at: datetime) -> bool:
        """Link two tickets; False when they already were."""
        ...

    async def unlink(self, ticket: Ticket, other: Ticket) -> bool:
        """Remove the link between two tickets; False when there was none."""
        ...


class MailRecords(Protocol):
    """The mail door: messages in, known Message-IDs, messages out."""

    async def add_inbound(self, mail: InboundMail) -> bool:
        """Add a stored message; False when the same one is already there."""
        ...

    async def inbound(self, mail_id: InboundMailId) -> InboundMail | None:
        """Return a stored message, locked until the transaction ends."""
        ...

    async def is_known_message(self, mail: InboundMail) -> bool:
        """Return whether another message of this meaning was understood for the mailbox."""
        ...

    async def save_inbound(self, mail: InboundMail) -> None:
        """Write what became of a message."""
        ...

    async def ticket_of_reference(self, message_ids: Sequence[str]) -> TicketId | None:
        """Return the ticket of the first of these Message-IDs that belongs to one."""
        ...

    async def add_reference(self, message_id: str, ticket_id: TicketId, *, at: datetime) -> None:
        """Remember that a Message-ID belongs to a ticket; the first ticket keeps it."""
        ...

    async def references_of(self, ticket_id: TicketId) -> tuple[str, ...]:
        """Return the latest Message-IDs of a ticket, oldest first."""
        ...

    async def promise(self, mail: OutboxMail) -> None:
        """Put a mail in the outbox; the same idempotency key twice is one mail."""
        ...


class Records(Protocol):
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
    def mail(self) -> MailRecords:
        """The mail door."""
        ...


class WorkQueue(Protocol):
    """What the worker finds to do, across agencies; the database's clock decides what is due."""

    async def due_inbound(self, *, at: datetime, limit: int) -> tuple[InboundMail, ...]:
        """Return stored messages to understand, oldest first."""
        ...

    async def due_outbox(self, *, at: datetime, limit: int) -> tuple[OutboxMail, ...]:
        """Return promised mails to send, oldest first, claimed so that no other worker has them."""
        ...

    async def mark_sent(self, mail: OutboxMail, *, at: datetime) -> None:
        """Record that a mail left."""
        ...

    async def mark_failed(self, mail: OutboxMail, error: str, *, retry_at: datetime | None) -> None:
        """Record a failed attempt; None gives the mail up, visibly."""
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

    async def agency_of_mailbox(self, address: str) -> Agency | None:
        """Return the agency that is written to at this address (case does not matter)."""
        ...

    async def only_agency(self) -> Agency | None:
        """Return the agency when there is exactly one, for the command line."""
        ...
