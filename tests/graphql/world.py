"""Two agencies, their clients, and everything that each of them has: who may see what of it.

Alice's agency has two clients: Bruno's bakery and Chloé's office. Zoé's agency has one, Yves.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from helpdesk.asgi import AppSettings, build_app
from helpdesk.bootstrap import desk_on
from helpdesk.domain.access import ActorKind, Scope, Viewer
from helpdesk.domain.agency import (
    Agency,
    Agent,
    AgentRole,
    Client,
    Contact,
    Site,
    Team,
)
from helpdesk.domain.batch import Batch
from helpdesk.domain.business_hours import BusinessHours, Span, Weekday
from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract, ContractStatus, ContractTerms
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    AttachmentId,
    BatchId,
    CalendarId,
    ClientId,
    ContactId,
    ContractId,
    InboundMailId,
    MessageId,
    OutboxMailId,
    SiteId,
    TeamId,
    TicketId,
    TokenId,
    WebhookDeliveryId,
    WebhookId,
)
from helpdesk.domain.inbound_email import Address, Transport
from helpdesk.domain.inbox import InboundMail, InboundMailState
from helpdesk.domain.message import Attachment
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.domain.priority import Criticality, Priority
from helpdesk.domain.sla import (
    ClockStart,
    SlaMetric,
    Target,
    TargetUnit,
)
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.domain.ticket import LinkKind
from helpdesk.domain.webhook import Webhook, WebhookDelivery
from helpdesk.graphql.global_ids import global_id
from helpdesk.graphql.schema import build_schema
from helpdesk.storage.database import Database
from helpdesk.testing import FrozenNow
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.authenticate import secret_hash
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.link_tickets import LinkTickets, link_tickets
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.ports import Token
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from tests.factories import a_matrix
from tests.graphql.api import Api
from tests.graphql.coverage import add_coverage
from tests.graphql.credits import add_credit
from tests.graphql.diagnostics import add_diagnostics
from tests.graphql.reports import add_report
from tests.graphql.site_care import add_site_care

SCHEMA = build_schema()
MONDAY = datetime(2026, 7, 6, 7, 0, tzinfo=UTC)
HOURS = BusinessHours(
    "Europe/Paris",
    dict.fromkeys(
        list(Weekday)[:5], (Span.between("09:00", "12:30"), Span.between("14:00", "18:00"))
    ),
    holidays=frozenset({date(2026, 7, 14)}),
    overrides={date(2026, 12, 24): (Span.between("09:00", "12:00"),)},
)


@dataclass
class Things:
    """What one client has, and what of it he may not see."""

    ids: dict[Noun, str] = field(default_factory=dict)
    note_id: str = ""
    second_ticket_id: str = ""
    secret: str = ""

    def global_id(self, noun: Noun) -> str:
        """Return an identity as the API shows it."""
        return global_id(noun, self.ids[noun])


@dataclass
class World:
    """Both agencies, with an app in front of them."""

    desk: Desk
    now: FrozenNow
    database: Database
    bruno: Things
    chloe: Things
    yves: Things
    alice: Viewer

    def api(self, secret: str, **settings: Any) -> Api:  # Any: settings of the app
        """Return the API as the holder of a token sees it."""
        return Api(
            build_app(self.desk, self.database, AppSettings(**settings), schema=SCHEMA), secret
        )


async def build_world(database: Database) -> World:
    """Fill an empty database."""
    now = FrozenNow(MONDAY)
    desk = desk_on(database, now=now)
    alice = await _agency(desk, "alice", Locale.FR)
    bruno = await _client(desk, alice, "bruno", Locale.FR)
    chloe = await _client(desk, alice, "chloe", Locale.EN)
    zoe = await _agency(desk, "zoe", Locale.EN)
    yves = await _client(desk, zoe, "yves", Locale.FR)
    return World(desk, now, database, bruno, chloe, yves, alice)


def same_world(world: World, database: Database) -> World:
    """Return the world in a copy of its database, with a clock of its own."""
    now = FrozenNow(MONDAY)
    return replace(world, desk=desk_on(database, now=now), now=now, database=database)


def secret_of(name: str) -> str:
    """Return the token of a person."""
    return f"secret-of-{name}"


async def _agency(desk: Desk, name: str, locale: Locale) -> Viewer:
    agency_id = AgencyId(f"agency-{name}")
    viewer = Viewer(
        kind=ActorKind.AGENT,
        agency_id=agency_id,
        name=name.capitalize(),
        locale=locale,
        scopes=frozenset(Scope),
        agent_id=AgentId(f"agent-{name}"),
    )
    hours = CalendarVersion(CalendarId("office"), agency_id, 1, MONDAY.replace(year=2025), HOURS)
    async with desk.store.transaction(agency_id) as records:
        mailbox = f"help@{name}.example"
        await records.agencies.add_agency(
            Agency(agency_id, f"Agency of {name}", locale, "Europe/Paris", mailbox)
        )
        email = f"{name}@{name}.example"
        await records.agencies.add_agent(
            Agent(
                AgentId(f"agent-{name}"),
                agency_id,
                name.capitalize(),
                email,
                AgentRole.MANAGER,
                locale,
            )
        )
        await records.agencies.add_team(Team(TeamId(f"team-{name}"), agency_id, "Care"))
        await records.agencies.add_team_member(TeamId(f"team-{name}"), AgentId(f"agent-{name}"))
        await records.contracts.add_calendar("office", "Office hours", hours)
        await records.agencies.add_token(a_token(name, viewer))
    return viewer


async def _client(desk: Desk, agent: Viewer, name: str, locale: Locale) -> Things:
    client_id = ClientId(f"client-{name}")
    contact_id = ContactId(f"contact-{name}")
    viewer = Viewer(
        kind=ActorKind.CONTACT,
        agency_id=agent.agency_id,
        name=name.capitalize(),
        locale=locale,
        scopes=frozenset(Scope),
        client_id=client_id,
        contact_id=contact_id,
    )
    site = Site(
        SiteId(f"site-{name}"),
        agent.agency_id,
        client_id,
        name,
        f"https://{name}.example",
        Criticality.VITAL,
    )
    async with desk.store.transaction(agent.agency_id) as records:
        domains = frozenset({f"{name}.example"}) if name != "zoe" else frozenset()
        await records.clients.add_client(
            Client(client_id, agent.agency_id, f"Client {name}", domains)
        )
        await records.clients.add_site(site)
        await records.clients.add_contact(
            Contact(
                contact_id,
                agent.agency_id,
                client_id,
                name.capitalize(),
                f"me@{name}.example",
                locale,
            )
        )
        await records.contracts.add_contract(_contract(agent.agency_id, client_id, site.id, name))
        await records.agencies.add_token(a_token(name, viewer))
    return await _tickets(desk, agent, viewer, name)


async def _tickets(desk: Desk, agent: Viewer, client: Viewer, name: str) -> Things:
    asked = OpenTicket(f"Subject of {name}", "Broken", site_id=SiteId(f"site-{name}"))
    ticket = await open_ticket(desk, viewer=client, request=asked)
    second = await open_ticket(
        desk, viewer=client, request=OpenTicket(f"Second of {name}", "Again")
    )
    step = AssignTicket(ticket.id, agent.agent_id, TeamId(f"team-{agent.name.lower()}"))
    await assign_ticket(desk, viewer=agent, request=step)
    reply = await reply_to_ticket(
        desk, viewer=agent, request=ReplyToTicket(ticket.id, f"Answer for {name}")
    )
    note = await add_internal_note(
        desk, viewer=agent, request=AddInternalNote(ticket.id, f"Note about {name}")
    )
    link = LinkTickets(ticket.id, second.id, LinkKind.RELATED)
    await link_tickets(desk, viewer=agent, request=link)
    content = f"File of {name}".encode()
    message_id = MessageId(f"message-{name}")
    attachment = Attachment(
        AttachmentId(f"file-{name}"),
        agent.agency_id,
        message_id,
        f"{name}.html",
        "text/html",
        len(content),
        sha256(content).hexdigest(),
    )
    async with desk.store.transaction(agent.agency_id) as records:
        await records.tickets.add_blob(attachment.sha256, content)
        await records.tickets.add_message(replace(reply.message, id=message_id), [attachment])
        await records.mail.add_inbound(_inbound(agent, name, ticket.id))
        await records.mail.promise(_outgoing(agent, name, ticket.id))
        await records.webhooks.add_webhook(_webhook(agent, name))
        await records.batches.add_batch(_batch(agent, client, name))
        await records.webhooks.promise(_delivery(agent, name))
    return Things(
        ids={
            Noun.AGENCY: agent.agency_id,
            Noun.TEAM: f"team-{agent.name.lower()}",
            Noun.AGENT: f"agent-{agent.name.lower()}",
            Noun.TOKEN: f"token-{name}",
            Noun.CLIENT: f"client-{name}",
            Noun.SITE: f"site-{name}",
            Noun.CONTACT: f"contact-{name}",
            Noun.CONTRACT: f"contract-{name}",
            Noun.BATCH: f"batch-{name}",
            Noun.TICKET: ticket.id,
            Noun.MESSAGE: f"message-{name}",
            Noun.ATTACHMENT: attachment.id,
            Noun.INBOUND_MESSAGE: f"mail-{name}",
            Noun.OUTGOING_MESSAGE: f"outgoing-{name}",
            Noun.WEBHOOK: f"webhook-{name}",
            Noun.WEBHOOK_DELIVERY: f"delivery-{name}",
            **await add_coverage(desk, agent, client, ticket),
            **await add_credit(desk, agent, client, ticket),
            **await add_report(desk, agent, client, name),
            **await add_site_care(desk, agent, name, ticket),
            **await add_diagnostics(desk, agent, name, ticket),
        },
        note_id=note.message.id,
        second_ticket_id=second.id,
        secret=secret_of(name),
    )


def a_token(name: str, viewer: Viewer) -> Token:
    """Return the token of a person."""
    return Token(
        id=TokenId(f"token-{name}"),
        agency_id=viewer.agency_id,
        name=f"Token of {name}",
        secret_hash=secret_hash(secret_of(name)),
        viewer=viewer,
        created_at=MONDAY,
    )


def _contract(agency_id: AgencyId, client_id: ClientId, site_id: SiteId, name: str) -> Contract:
    promises = (
        Target(
            SlaMetric.FIRST_RESPONSE,
            120,
            TargetUnit.BUSINESS_MINUTES,
            CalendarId("office"),
            is_strict=True,
            starts_on=ClockStart.OPENING,
        ),
        Target(
            SlaMetric.RESOLUTION,
            480,
            TargetUnit.BUSINESS_MINUTES,
            CalendarId("office"),
            is_strict=True,
            starts_on=ClockStart.OPENING,
        ),
    )
    terms = ContractTerms(
        reference=f"TMA-{name}",
        version=1,
        effective_from=MONDAY.replace(year=2025),
        plan_code="business",
        calendar_ids=frozenset({CalendarId("office")}),
        matrix=a_matrix(),
        sla=SlaPolicy(dict.fromkeys(Priority, promises)),
    )
    return Contract(
        id=ContractId(f"contract-{name}"),
        agency_id=agency_id,
        client_id=client_id,
        reference=f"TMA-{name}",
        name=f"Maintenance of {name}.example",
        status=ContractStatus.ACTIVE,
        starts_on=date(2025, 1, 1),
        ends_on=None,
        site_ids=frozenset({site_id}),
        terms=(terms,),
    )


def _batch(agent: Viewer, client: Viewer, name: str) -> Batch:
    assert client.client_id is not None
    return Batch(
        id=BatchId(f"batch-{name}"),
        agency_id=agent.agency_id,
        number=name,
        client_id=client.client_id,
        name=f"Batch of {name}",
        created_at=MONDAY,
    )


def _webhook(agent: Viewer, name: str) -> Webhook:
    return Webhook(
        WebhookId(f"webhook-{name}"),
        agent.agency_id,
        f"Webhook for {name}",
        f"https://{name}.example/hooks",
        secret_of(name),
        MONDAY,
    )


def _delivery(agent: Viewer, name: str) -> WebhookDelivery:
    return WebhookDelivery(
        id=WebhookDeliveryId(f"delivery-{name}"),
        agency_id=agent.agency_id,
        webhook_id=WebhookId(f"webhook-{name}"),
        idempotency_key=name,
        kind="ticket.opened",
        body={"type": "ticket.opened"},
        created_at=MONDAY,
        send_after=MONDAY,
        last_error=f"503 {name} is away",
    )


def _inbound(agent: Viewer, name: str, ticket_id: TicketId) -> InboundMail:
    mailbox = f"help@{agent.name.lower()}.example"
    return InboundMail(
        id=InboundMailId(f"mail-{name}"),
        agency_id=agent.agency_id,
        mailbox=mailbox,
        transport=Transport.SMTP,
        envelope_from=f"me@{name}.example",
        envelope_to=(mailbox,),
        received_at=MONDAY,
        raw_sha256="0" * 64,
        content_hash=name,
        size=10,
        state=InboundMailState.QUARANTINED,
        ticket_id=ticket_id,
    )


def _outgoing(agent: Viewer, name: str, ticket_id: TicketId) -> OutboxMail:
    mailbox = Address(agent.name, f"help@{agent.name.lower()}.example")
    mail = OutgoingMail(
        sender=mailbox,
        recipient=Address(name, f"me@{name}.example"),
        subject=f"To {name}",
        text=f"Dear {name}",
        message_id=f"{name}@outgoing.example",
        sent_at=MONDAY,
    )
    mail_id = OutboxMailId(f"outgoing-{name}")
    return OutboxMail(mail_id, agent.agency_id, ticket_id, f"outgoing:{name}", mail, MONDAY)
