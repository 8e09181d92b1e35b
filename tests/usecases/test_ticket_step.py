"""What every verb on a ticket refuses: strangers, readers, clients, and those who came late."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import TicketChangedMeanwhile, TicketStatus
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from tests.usecases.ticket_verbs import EVERY, FOR_THE_AGENCY, VERSIONED
from tests.usecases.world import World


@pytest.mark.parametrize("name", EVERY)
async def test_a_ticket_of_others_does_not_exist(world: World, name: str) -> None:
    ticket = await world.ticket()

    for stranger in (world.chloe, world.zoe):
        async with world.refused(NotFound) as refusal:
            await EVERY[name](world.desk, stranger, ticket.id, None)
        assert refusal.value.values == {"what": "Ticket", "id": ticket.id}


@pytest.mark.parametrize("name", EVERY)
async def test_a_ticket_that_was_never_opened_does_not_exist(world: World, name: str) -> None:
    async with world.refused(NotFound):
        await EVERY[name](world.desk, world.alice, TicketId("never-opened"), None)


@pytest.mark.parametrize("name", FOR_THE_AGENCY)
async def test_what_belongs_to_the_agency_is_refused_to_the_client(world: World, name: str) -> None:
    ticket = await world.ticket()

    for principal in (world.bruno, world.brunos_robot):
        async with world.refused(AgencyOnly):
            await FOR_THE_AGENCY[name](world.desk, principal, ticket.id, None)


@pytest.mark.parametrize("name", EVERY)
async def test_a_reader_writes_nothing(world: World, name: str) -> None:
    ticket = await world.ticket()
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.TICKETS_WRITE})

    async with world.refused(ScopeMissing):
        await EVERY[name](world.desk, reader, ticket.id, None)


@pytest.mark.parametrize("name", VERSIONED)
async def test_who_decided_on_an_older_version_decides_again(world: World, name: str) -> None:
    ticket = await world.ticket()

    async with world.refused(TicketChangedMeanwhile) as refusal:
        await VERSIONED[name](world.desk, world.alice, ticket.id, ticket.version - 1)

    assert refusal.value.path == ("expectedVersion",)
    assert refusal.value.values == {"number": "1", "actual": 1, "expected": 0}


async def test_of_two_who_decide_on_the_same_version_one_decides_again(
    both_worlds: World,
) -> None:
    ticket = await both_worlds.ticket()
    request = AssignTicket(ticket.id, both_worlds.alice.agent_id, expected_version=ticket.version)

    outcomes = await asyncio.gather(
        *(
            assign_ticket(both_worlds.desk, viewer=viewer, request=request)
            for viewer in (both_worlds.alice, both_worlds.robot)
        ),
        return_exceptions=True,
    )

    kept = await both_worlds.kept(ticket.id)
    assert [kept] == [one for one in outcomes if not isinstance(one, BaseException)]
    assert [TicketChangedMeanwhile] == [
        type(one) for one in outcomes if isinstance(one, BaseException)
    ]
    assert (kept.status, kept.version) == (TicketStatus.OPEN, 2)
    assert len(await both_worlds.history(ticket.id)) == 2
