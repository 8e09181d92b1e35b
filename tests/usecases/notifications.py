"""Readers and what they are told: mails of news by who reads them, preferences, more people."""

from collections.abc import Sequence

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Agent, AgentRole, Contact
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgentId, ContactId, TeamId, TicketId
from helpdesk.domain.notification import Delivery, NotificationTopic
from helpdesk.storage.tables.notification import NEWS, NOTIFICATION
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.notification_preferences import (
    Choice,
    SetPreferences,
    set_notification_preferences,
)
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest
from helpdesk.worker.news import tell_due
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, a_viewer, bruno_as_viewer
from tests.usecases.world import TEAM, RowOf, World

DORA = a_viewer(name="Dora", agent_id=AgentId("dora"))
EMILE = a_viewer(name="Émile", agent_id=AgentId("emile"))
BEA = bruno_as_viewer(name="Béa", contact_id=ContactId("bea"))


async def add_agent(world: World, viewer: Viewer, *, team: TeamId | None = None) -> None:
    """Let somebody work at Alice's agency, in a team or in none."""
    assert viewer.agent_id is not None
    name = str(viewer.agent_id)
    address = f"{name}@alice.example"
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.agencies.add_agent(
            Agent(viewer.agent_id, AGENCY_ID, viewer.name, address, AgentRole.AGENT, viewer.locale)
        )
        if team is not None:
            await records.agencies.add_team_member(team, viewer.agent_id)


async def add_bea(world: World) -> None:
    """Let Béa work beside Bruno."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.clients.add_contact(
            Contact(
                ContactId("bea"), AGENCY_ID, BRUNOS_CLIENT, "Béa", "bea@bruno.example", Locale.FR
            )
        )


async def choose(
    world: World, viewer: Viewer, topic: NotificationTopic, delivery: Delivery
) -> None:
    """Let somebody choose when he is told about a topic."""
    request = SetPreferences((Choice(topic, delivery),))
    await set_notification_preferences(world.desk, viewer=viewer, request=request)


async def give(world: World, ticket_id: TicketId, viewer: Viewer | None) -> None:
    """Let Alice give a ticket to somebody, or to the team."""
    agent_id = None if viewer is None else viewer.agent_id
    request = AssignTicket(ticket_id, agent_id, TEAM)
    await assign_ticket(world.desk, viewer=world.alice, request=request)


async def told(world: World) -> list[tuple[str, str]]:
    """Tell what is due, and return to whom as what since the last time, by reader."""
    before = {row["id"] for row in await world.rows(NOTIFICATION)}
    await tell_due(world.desk)
    assert await world.rows(NEWS) == []
    rows = [row for row in await world.rows(NOTIFICATION) if row["id"] not in before]
    return sorted((row["reader_id"], row["kind"]) for row in rows)


async def mails_to(world: World, email: str) -> Sequence[OutboxMail]:
    """Return the mails of news and digests that somebody was promised, the oldest first."""
    keys = ("notification:", "digest:")
    return [
        mail
        for mail in await world.outbox()
        if mail.mail.recipient.email == email and mail.idempotency_key.startswith(keys)
    ]


async def waiting(world: World) -> list[RowOf]:
    """Return what waits for a digest."""
    return [row for row in await world.rows(NOTIFICATION) if row["due_at"] is not None]


def step(ticket_id: TicketId) -> TicketStepRequest:
    return TicketStepRequest(ticket_id)


def because(ticket_id: TicketId, reason: str) -> ReasonedStepRequest:
    return ReasonedStepRequest(ticket_id, reason)
