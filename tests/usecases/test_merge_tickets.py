"""Two tickets about the same thing become one."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import NotFound
from helpdesk.domain.ticket import (
    Ticket,
    TicketEvent,
    TicketEventKind,
    TicketStatus,
    TransitionRefused,
)
from helpdesk.domain.ticket_pair import TicketMergedIntoItself, TicketsOfTwoClients
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import ALICE, at
from tests.usecases.world import World


async def _chloes_ticket(world: World) -> Ticket:
    request = OpenTicket("A word to change", "On the home page.")
    return await open_ticket(world.desk, viewer=world.chloe, request=request)


async def test_of_two_merged_tickets_one_ends_and_one_goes_on(both_worlds: World) -> None:
    world = both_worlds
    survivor, duplicate = await world.ticket(), await world.ticket("Again: it is silent")
    clocks = await world.clocks(survivor.id)
    world.now.set(at("07-06 10:00"))

    merged = await merge_tickets(
        world.desk, viewer=world.alice, request=MergeTickets(duplicate.id, survivor.id)
    )

    assert merged == await world.kept(survivor.id) == replace(survivor, version=2)
    assert await world.kept(duplicate.id) == replace(
        duplicate, status=TicketStatus.MERGED, merged_into_id=survivor.id, version=2
    )
    ended = TicketEvent(
        ticket_id=duplicate.id,
        sequence=2,
        at=at("07-06 10:00"),
        kind=TicketEventKind.MERGED,
        actor=ALICE,
        before={"status": "NEW", "merged_into_id": None},
        after={"status": "MERGED", "merged_into_id": survivor.id},
        related_ticket_id=survivor.id,
    )
    assert (await world.history(duplicate.id))[1:] == (ended,)
    assert (await world.history(survivor.id))[1:] == (
        replace(
            ended,
            ticket_id=survivor.id,
            kind=TicketEventKind.ABSORBED,
            before={},
            after={},
            related_ticket_id=duplicate.id,
        ),
    )
    assert await world.clocks(survivor.id) == clocks
    cancelled = [clock["cancelled_at"] for clock in (await world.clocks(duplicate.id)).values()]
    assert cancelled == [at("07-06 10:00")] * 2
    assert len(await world.messages(duplicate.id)) == 1


async def test_a_ticket_is_not_merged_with_itself(world: World) -> None:
    ticket = await world.ticket()

    async with world.refused(TicketMergedIntoItself):
        await merge_tickets(
            world.desk, viewer=world.alice, request=MergeTickets(ticket.id, ticket.id)
        )


async def test_tickets_of_two_clients_stay_two(world: World) -> None:
    brunos, chloes = await world.ticket(), await _chloes_ticket(world)

    async with world.refused(TicketsOfTwoClients):
        await merge_tickets(
            world.desk, viewer=world.alice, request=MergeTickets(chloes.id, brunos.id)
        )


async def test_nothing_is_merged_into_spam(world: World) -> None:
    spam, ticket = await world.ticket(), await world.ticket()
    await mark_spam(world.desk, viewer=world.alice, request=TicketStepRequest(spam.id))

    async with world.refused(TransitionRefused):
        await merge_tickets(
            world.desk, viewer=world.alice, request=MergeTickets(ticket.id, spam.id)
        )


async def test_a_ticket_is_merged_once(world: World) -> None:
    first, second, third = [await world.ticket() for _ in range(3)]
    once = MergeTickets(third.id, first.id)
    await merge_tickets(world.desk, viewer=world.alice, request=once)

    async with world.refused(TransitionRefused):
        await merge_tickets(
            world.desk, viewer=world.alice, request=MergeTickets(third.id, second.id)
        )


@pytest.mark.parametrize("is_duplicate", [True, False])
async def test_a_client_cannot_name_a_ticket_of_another(
    world: World, *, is_duplicate: bool
) -> None:
    brunos, chloes = await world.ticket(), await _chloes_ticket(world)
    request = MergeTickets(chloes.id, brunos.id)
    if is_duplicate:
        request = MergeTickets(brunos.id, chloes.id)

    async with world.refused(NotFound) as refusal:
        await merge_tickets(world.desk, viewer=world.chloe, request=request)

    assert refusal.value.path == ("duplicateId" if is_duplicate else "survivorId",)
    assert refusal.value.values == {"what": "Ticket", "id": brunos.id}
