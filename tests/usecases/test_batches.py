"""A batch is planned, filled, opened, closed; its client is told, its deliveries count."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing, Viewer
from helpdesk.domain.batch import (
    Batch,
    BatchOfOtherClient,
    BatchStatus,
    BatchStepRefused,
    BatchUnfinished,
    TicketInBatch,
    TicketNotInBatch,
)
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import BatchId, ClientId, TicketId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.ticket import Ticket, TicketEventKind, TransitionRefused
from helpdesk.storage.tables.batch import BATCH
from helpdesk.usecases.add_to_batch import AddToBatch, add_to_batch
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.close_batch import close_batch
from helpdesk.usecases.create_batch import CreateBatch, create_batch
from helpdesk.usecases.create_contact import CreateContact, create_contact
from helpdesk.usecases.deliver_ticket import deliver_ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.open_batch import BatchStepRequest, open_batch
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.remove_from_batch import RemoveFromBatch, remove_from_batch
from helpdesk.usecases.reopen_ticket import reopen_ticket
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest
from tests.factories import ALICE, BRUNOS_CLIENT, CHLOES_CLIENT, a_viewer, at
from tests.usecases.world import World

READER = a_viewer(scopes=frozenset())


async def planned(world: World, client_id: ClientId = BRUNOS_CLIENT) -> Batch:
    """Return a batch that Alice plans."""
    request = CreateBatch(client_id, "July", date(2026, 7, 13))
    return await create_batch(world.desk, viewer=world.alice, request=request)


async def low(world: World, subject: str = "A word to change") -> Ticket:
    """Return a P3 of Bruno's: its delivery is promised from the opening of its batch on."""
    ticket = await world.ticket(subject, impact=Impact.NONE, urgency=Urgency.LOW)
    assert ticket.priority is Priority.P3
    return ticket


async def add(world: World, batch: Batch, *tickets: Ticket) -> Batch:
    request = AddToBatch(batch.id, tuple(ticket.id for ticket in tickets))
    return await add_to_batch(world.desk, viewer=world.alice, request=request)


async def opened(world: World, batch: Batch) -> Batch:
    return await open_batch(world.desk, viewer=world.alice, request=BatchStepRequest(batch.id))


async def kinds(world: World, ticket: Ticket) -> list[TicketEventKind]:
    return [event.kind for event in await world.history(ticket.id)]


async def test_a_batch_is_planned_and_numbered(both_worlds: World) -> None:
    world = both_worlds

    first, second = await planned(world), await planned(world, CHLOES_CLIENT)

    assert (first.number, second.number) == ("1", "2")
    assert (first.status, first.planned_on) == (BatchStatus.PLANNED, date(2026, 7, 13))
    kept = {row["id"]: row for row in await world.rows(BATCH)}
    assert kept[first.id]["client_id"] == BRUNOS_CLIENT
    assert kept[second.id]["name"] == "July"
    assert await world.outbox() == ()


async def test_a_delivery_counts_from_the_opening_of_its_batch(both_worlds: World) -> None:
    world = both_worlds
    batch, ticket = await planned(world), await low(world)
    await add(world, batch, ticket)
    assert (await world.clocks(ticket.id))["DELIVERY", 1]["started_at"] is None
    world.now.set(at("07-08 10:00"))

    batch = await opened(world, batch)

    assert (batch.status, batch.opened_at) == (BatchStatus.OPEN, at("07-08 10:00"))
    clock = (await world.clocks(ticket.id))["DELIVERY", 1]
    assert clock["started_at"] == at("07-08 10:00")
    # Five working days; 14 July is a holiday of the office.
    assert clock["deadline_at"] == at("07-16 10:00")
    kept = await world.kept(ticket.id)
    assert (kept.batch_id, kept.version) == (batch.id, 3)
    assert (await kinds(world, ticket))[1:] == [
        TicketEventKind.BATCHED,
        TicketEventKind.BATCH_OPENED,
    ]
    assert {event.actor for event in (await world.history(ticket.id))[1:]} == {ALICE}


async def test_into_an_open_batch_a_ticket_brings_its_own_start(world: World) -> None:
    batch, ticket = await opened(world, await planned(world)), await low(world)
    world.now.set(at("07-08 10:00"))

    await add(world, batch, ticket)

    assert (await world.clocks(ticket.id))["DELIVERY", 1]["started_at"] == at("07-08 10:00")


async def test_everybody_who_asked_is_told_once_in_his_language(both_worlds: World) -> None:
    world = both_worlds
    batch = await planned(world)
    contact = await create_contact(
        world.desk,
        viewer=world.alice,
        request=CreateContact(BRUNOS_CLIENT, "Bea", "bea@bruno.example", Locale.EN),
    )
    beas = await open_ticket(
        world.desk,
        viewer=world.alice,
        request=OpenTicket("A photo", "A new one.", requester_id=contact.id),
    )
    one, two, ended = await low(world), await low(world, "Another word"), await low(world, "No")
    nobodys = await open_ticket(
        world.desk,
        viewer=world.alice,
        request=OpenTicket("A footer", "A new one.", client_id=BRUNOS_CLIENT),
    )
    await add(world, batch, one, two, beas, ended, nobodys)
    await cancel_ticket(
        world.desk, viewer=world.alice, request=ReasonedStepRequest(ended.id, "No need")
    )

    await opened(world, batch)

    to_bea, to_bruno = sorted(
        (one.mail for one in await world.outbox()), key=lambda mail: mail.recipient.email
    )
    assert (to_bea.recipient.email, to_bruno.recipient.email) == (
        "bea@bruno.example",
        "bruno@bruno.example",
    )
    assert to_bea.subject == "Batch 1 is open: July"
    assert to_bruno.subject == "Lot 1 ouvert : July"
    listed = [line for line in to_bea.text.splitlines() if line.startswith("- request")]
    assert listed == [
        f"- request {beas.number}: A photo",
        f"- request {one.number}: A word to change",
        f"- request {two.number}: Another word",
        f"- request {nobodys.number}: A footer",
    ]
    assert to_bea.ticket_number is None
    assert {one.ticket_id for one in await world.outbox()} == {None}


async def test_an_empty_batch_opens_and_tells_nobody(world: World) -> None:
    assert (await opened(world, await planned(world))).status is BatchStatus.OPEN
    assert await world.outbox() == ()


async def test_a_batch_opens_once(world: World) -> None:
    batch, ticket = await planned(world), await low(world)
    await add(world, batch, ticket)
    await opened(world, batch)

    async with world.refused(BatchStepRefused):
        await opened(world, batch)


async def test_of_two_who_open_a_batch_at_once_one_does(both_worlds: World) -> None:
    world = both_worlds
    batch, ticket = await planned(world), await low(world)
    await add(world, batch, ticket)

    outcomes = await asyncio.gather(
        opened(world, batch), opened(world, batch), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Batch", "BatchStepRefused"]
    assert (await kinds(world, ticket)).count(TicketEventKind.BATCH_OPENED) == 1
    assert len(await world.outbox()) == 1


async def test_who_fills_a_batch_while_it_opens_misses_no_start(both_worlds: World) -> None:
    world = both_worlds
    batch, ticket = await planned(world), await low(world)

    await asyncio.gather(opened(world, batch), add(world, batch, ticket))

    assert (await kinds(world, ticket))[1:] == [
        TicketEventKind.BATCHED,
        TicketEventKind.BATCH_OPENED,
    ]


async def test_what_one_ticket_forbids_no_ticket_does(world: World) -> None:
    batch, other = await planned(world), await planned(world)
    free, held = await low(world), await low(world)
    await add(world, other, held)

    async with world.refused(TicketInBatch):
        await add(world, batch, free, held)


async def test_a_batch_takes_no_ticket_of_another_client(world: World) -> None:
    batch = await planned(world)
    request = OpenTicket("A word to change", "On the home page.")
    chloes = await open_ticket(world.desk, viewer=world.chloe, request=request)

    async with world.refused(BatchOfOtherClient):
        await add(world, batch, chloes)


async def test_what_is_delivered_goes_into_no_batch(world: World) -> None:
    batch, ticket = await planned(world), await low(world)
    await deliver_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))

    async with world.refused(TransitionRefused):
        await add(world, batch, ticket)


async def test_a_planned_batch_gives_a_ticket_back(both_worlds: World) -> None:
    world = both_worlds
    batch, ticket = await planned(world), await low(world)
    await add(world, batch, ticket)
    request = RemoveFromBatch(batch.id, (ticket.id,))

    await remove_from_batch(world.desk, viewer=world.alice, request=request)

    assert (await world.kept(ticket.id)).batch_id is None
    assert (await kinds(world, ticket))[-1] is TicketEventKind.UNBATCHED
    async with world.refused(TicketNotInBatch):
        await remove_from_batch(world.desk, viewer=world.alice, request=request)


async def test_an_open_batch_keeps_what_it_holds(world: World) -> None:
    batch, ticket = await planned(world), await low(world)
    await add(world, batch, ticket)
    await opened(world, batch)

    async with world.refused(BatchStepRefused):
        await remove_from_batch(
            world.desk, viewer=world.alice, request=RemoveFromBatch(batch.id, (ticket.id,))
        )


async def test_a_batch_closes_once_all_is_delivered(both_worlds: World) -> None:
    world = both_worlds
    batch, ticket = await planned(world), await low(world)
    await add(world, batch, ticket)
    await opened(world, batch)
    request = BatchStepRequest(batch.id)
    async with world.refused(BatchUnfinished) as refusal:
        await close_batch(world.desk, viewer=world.alice, request=request)
    assert refusal.value.values["tickets"] == ticket.number
    await deliver_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))
    world.now.set(at("07-20 09:00"))

    closed = await close_batch(world.desk, viewer=world.alice, request=request)

    assert (closed.status, closed.closed_at) == (BatchStatus.CLOSED, at("07-20 09:00"))
    (row,) = await world.rows(BATCH)
    assert (row["status"], row["closed_at"]) == ("CLOSED", at("07-20 09:00"))


async def test_a_ticket_reopened_after_its_batch_closed_goes_into_the_next(
    both_worlds: World,
) -> None:
    world = both_worlds
    first, second, ticket = await planned(world), await planned(world), await low(world)
    await add(world, first, ticket)
    await opened(world, first)
    await deliver_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))
    await close_batch(world.desk, viewer=world.alice, request=BatchStepRequest(first.id))
    await reopen_ticket(
        world.desk, viewer=world.bruno, request=ReasonedStepRequest(ticket.id, "Still wrong")
    )

    await add(world, second, ticket)

    assert (await world.kept(ticket.id)).batch_id == second.id


async def test_the_same_key_plans_one_batch(both_worlds: World) -> None:
    world = both_worlds
    request = CreateBatch(BRUNOS_CLIENT, "July", idempotency_key="key")

    first = await create_batch(world.desk, viewer=world.alice, request=request)
    again = await create_batch(world.desk, viewer=world.alice, request=request)

    assert again == first
    assert len(await world.rows(BATCH)) == 1
    other = CreateBatch(BRUNOS_CLIENT, "August", idempotency_key="key")
    async with world.refused(IdempotencyKeyReused):
        await create_batch(world.desk, viewer=world.alice, request=other)


async def test_a_batch_has_a_name_and_a_client_of_the_agency(world: World) -> None:
    async with world.refused(TextRequired):
        await create_batch(world.desk, viewer=world.alice, request=CreateBatch(BRUNOS_CLIENT, " "))
    async with world.refused(NotFound):
        await create_batch(
            world.desk, viewer=world.alice, request=CreateBatch(ClientId("yves-sa"), "July")
        )


Verb = Callable[[Desk, Viewer, BatchId, TicketId], Awaitable[object]]
VERBS: dict[str, Verb] = {
    "addToBatch": lambda desk, viewer, batch_id, ticket_id: add_to_batch(
        desk, viewer=viewer, request=AddToBatch(batch_id, (ticket_id,))
    ),
    "removeFromBatch": lambda desk, viewer, batch_id, ticket_id: remove_from_batch(
        desk, viewer=viewer, request=RemoveFromBatch(batch_id, (ticket_id,))
    ),
    "openBatch": lambda desk, viewer, batch_id, _: open_batch(
        desk, viewer=viewer, request=BatchStepRequest(batch_id)
    ),
    "closeBatch": lambda desk, viewer, batch_id, _: close_batch(
        desk, viewer=viewer, request=BatchStepRequest(batch_id)
    ),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_a_batch_is_the_agencys_to_change(world: World, verb: str) -> None:
    batch, ticket = await planned(world), await low(world)
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
        (READER, ScopeMissing),
    ):
        async with world.refused(refusal):
            await VERBS[verb](world.desk, viewer, batch.id, ticket.id)


@pytest.mark.parametrize("verb", VERBS)
async def test_a_batch_that_is_none_is_not_found(world: World, verb: str) -> None:
    ticket = await low(world)

    async with world.refused(NotFound):
        await VERBS[verb](world.desk, world.alice, BatchId("no-batch"), ticket.id)


@pytest.mark.parametrize("verb", ["addToBatch", "removeFromBatch"])
async def test_a_ticket_that_is_none_is_not_found(world: World, verb: str) -> None:
    batch = await planned(world)

    async with world.refused(NotFound) as refusal:
        await VERBS[verb](world.desk, world.alice, batch.id, TicketId("no-ticket"))

    assert refusal.value.path == ("ticketIds",)


async def test_a_client_plans_no_batch(world: World) -> None:
    async with world.refused(AgencyOnly):
        await create_batch(
            world.desk, viewer=world.bruno, request=CreateBatch(BRUNOS_CLIENT, "July")
        )
