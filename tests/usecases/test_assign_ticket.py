"""A ticket is given to an agent, a team, both, or back to nobody."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import NotFound
from helpdesk.domain.ids import AgentId, TeamId
from helpdesk.domain.ticket import (
    TicketEvent,
    TicketEventKind,
    TicketStatus,
    TransitionRefused,
)
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import ALICE, at
from tests.usecases.world import TEAM, World


async def test_a_new_ticket_that_is_assigned_is_open(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    clocks = await world.clocks(ticket.id)
    world.now.set(at("07-06 10:00"))
    request = AssignTicket(ticket.id, ALICE.agent_id, TEAM, expected_version=1)

    given = await assign_ticket(world.desk, viewer=world.alice, request=request)

    assert given == replace(
        ticket, status=TicketStatus.OPEN, assignee_id=ALICE.agent_id, team_id=TEAM, version=2
    )
    assert await world.kept(ticket.id) == given
    assert (await world.history(ticket.id))[1:] == (
        TicketEvent(
            ticket_id=ticket.id,
            sequence=2,
            at=at("07-06 10:00"),
            kind=TicketEventKind.ASSIGNED,
            actor=ALICE,
            before={"status": "NEW", "assignee_id": None, "team_id": None},
            after={"status": "OPEN", "assignee_id": "alice", "team_id": TEAM},
        ),
    )
    assert await world.clocks(ticket.id) == clocks
    assert await world.outbox() == ()


async def test_a_ticket_goes_back_to_nobody(world: World) -> None:
    ticket = await world.ticket()
    hers = AssignTicket(ticket.id, ALICE.agent_id, TEAM)
    await assign_ticket(world.desk, viewer=world.alice, request=hers)

    given = await assign_ticket(world.desk, viewer=world.alice, request=AssignTicket(ticket.id))

    assert (given.assignee_id, given.team_id) == (None, None)
    assert given.status is TicketStatus.OPEN


@pytest.mark.parametrize(
    ("agent_id", "team_id", "path", "what"),
    [
        (AgentId("nobody"), None, "agentId", "Agent"),
        (AgentId("zoe"), TEAM, "agentId", "Agent"),
        (None, TeamId("nowhere"), "teamId", "Team"),
        (ALICE.agent_id, TeamId("team-of-zoe"), "teamId", "Team"),
    ],
)
async def test_a_ticket_is_given_to_no_stranger(
    world: World, agent_id: AgentId | None, team_id: TeamId | None, path: str, what: str
) -> None:
    ticket = await world.ticket()

    async with world.refused(NotFound) as refusal:
        await assign_ticket(
            world.desk, viewer=world.alice, request=AssignTicket(ticket.id, agent_id, team_id)
        )

    assert refusal.value.path == (path,)
    assert refusal.value.values["what"] == what


async def test_a_resolved_ticket_is_given_to_nobody(world: World) -> None:
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))

    async with world.refused(TransitionRefused):
        await assign_ticket(
            world.desk, viewer=world.alice, request=AssignTicket(ticket.id, ALICE.agent_id)
        )
