"""Two tickets of a client are said to relate, or no longer to."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.domain.access import NotFound
from helpdesk.domain.ticket import (
    LinkKind,
    TicketEvent,
    TicketEventKind,
)
from helpdesk.domain.ticket_pair import TicketMergedIntoItself, TicketsOfTwoClients
from helpdesk.storage.tables.ticket import TICKET_LINK
from helpdesk.usecases.link_tickets import (
    LinkTickets,
    UnlinkTickets,
    link_tickets,
    unlink_tickets,
)
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from tests.factories import AGENCY_ID, ALICE, at
from tests.usecases.world import World


async def test_two_people_who_link_crosswise_do_not_wait_for_each_other(
    both_worlds: World,
) -> None:
    world = both_worlds
    one, other = await world.ticket(), await world.ticket()
    pairs = [LinkTickets(one.id, other.id), LinkTickets(other.id, one.id)] * 4

    await asyncio.gather(
        *(link_tickets(world.desk, viewer=world.alice, request=pair) for pair in pairs)
    )

    assert len(await world.rows(TICKET_LINK)) == 2


async def test_a_link_is_a_fact_of_the_ticket_that_says_it(both_worlds: World) -> None:
    world = both_worlds
    ticket, other = await world.ticket(), await world.ticket()
    clocks = await world.clocks(ticket.id)
    world.now.set(at("07-06 10:00"))
    request = LinkTickets(ticket.id, other.id, LinkKind.CAUSED_BY)

    linked = await link_tickets(world.desk, viewer=world.alice, request=request)

    assert linked == await world.kept(ticket.id) == replace(ticket, version=2)
    assert await world.kept(other.id) == other
    assert await world.clocks(ticket.id) == clocks
    assert (await world.history(ticket.id))[1:] == (
        TicketEvent(
            ticket_id=ticket.id,
            sequence=2,
            at=at("07-06 10:00"),
            kind=TicketEventKind.LINKED,
            actor=ALICE,
            before={},
            after={},
            related_ticket_id=other.id,
        ),
    )
    assert await world.rows(TICKET_LINK) == [
        {
            "agency_id": AGENCY_ID,
            "ticket_id": ticket.id,
            "other_id": other.id,
            "kind": "CAUSED_BY",
            "linked_at": at("07-06 10:00"),
        }
    ]


async def test_the_same_link_twice_is_one(both_worlds: World) -> None:
    world = both_worlds
    ticket, other = await world.ticket(), await world.ticket()
    request = LinkTickets(ticket.id, other.id)
    first = await link_tickets(world.desk, viewer=world.alice, request=request)
    before = await world.everything()

    again = await link_tickets(world.desk, viewer=world.alice, request=request)

    assert again == first
    assert await world.everything() == before


@pytest.mark.parametrize("is_backwards", [False, True])
async def test_a_link_is_removed_from_either_side(world: World, *, is_backwards: bool) -> None:
    ticket, other = await world.ticket(), await world.ticket()
    link = LinkTickets(ticket.id, other.id)
    await link_tickets(world.desk, viewer=world.alice, request=link)
    one, two = (other, ticket) if is_backwards else (ticket, other)

    unlinked = await unlink_tickets(
        world.desk, viewer=world.alice, request=UnlinkTickets(one.id, two.id)
    )

    assert unlinked == await world.kept(one.id)
    assert await world.rows(TICKET_LINK) == []
    event = (await world.history(one.id))[-1]
    assert (event.kind, event.actor) == (TicketEventKind.UNLINKED, ALICE)
    assert event.related_ticket_id == two.id


async def test_a_link_that_is_not_there_is_not_removed(world: World) -> None:
    ticket, other = await world.ticket(), await world.ticket()

    async with world.refused(NotFound) as refusal:
        await unlink_tickets(
            world.desk, viewer=world.alice, request=UnlinkTickets(ticket.id, other.id)
        )

    assert refusal.value.path == ("otherId",)
    assert refusal.value.values == {"what": "Link", "id": other.id}


async def test_a_ticket_does_not_relate_to_itself(world: World) -> None:
    ticket = await world.ticket()

    async with world.refused(TicketMergedIntoItself):
        await link_tickets(
            world.desk, viewer=world.alice, request=LinkTickets(ticket.id, ticket.id)
        )


async def test_tickets_of_two_clients_do_not_relate(world: World) -> None:
    brunos = await world.ticket()
    asked = OpenTicket("A word to change", "On the home page.")
    chloes = await open_ticket(world.desk, viewer=world.chloe, request=asked)

    async with world.refused(TicketsOfTwoClients):
        await link_tickets(
            world.desk, viewer=world.alice, request=LinkTickets(brunos.id, chloes.id)
        )


async def test_a_client_cannot_name_a_ticket_of_another(world: World) -> None:
    brunos = await world.ticket()
    asked = OpenTicket("A word to change", "On the home page.")
    chloes = await open_ticket(world.desk, viewer=world.chloe, request=asked)

    async with world.refused(NotFound) as of_link:
        await link_tickets(
            world.desk, viewer=world.chloe, request=LinkTickets(chloes.id, brunos.id)
        )
    async with world.refused(NotFound) as of_unlink:
        await unlink_tickets(
            world.desk, viewer=world.chloe, request=UnlinkTickets(chloes.id, brunos.id)
        )

    assert of_link.value.path == of_unlink.value.path == ("otherId",)
    assert of_link.value.values == {"what": "Ticket", "id": brunos.id}
