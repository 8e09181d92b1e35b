"""Two requests at once never spend the same unit, on either database."""

import asyncio

import pytest

from helpdesk.domain.ids import TicketId
from helpdesk.domain.retainer_entry import EntryKind, Posting
from helpdesk.domain.retainer_use import InsufficientAllowance, Work, consume
from helpdesk.storage.errors import TransactionConflict
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.open_retainer import OpenRetainer, RetainerOpenAlready, open_retainer
from helpdesk.usecases.retainer_ports import BookAsk
from helpdesk.usecases.ticket_retainer import TicketUse, consume_for_ticket, hold_for_ticket
from tests.factories import AGENCY_ID, ALICE
from tests.usecases.retainers import (
    CONTRACT,
    TICKETS,
    balance,
    entries,
    grant,
    opened,
    proved,
    some_clauses,
)
from tests.usecases.world import World

RACERS = 16


async def held(world: World, ticket_id: TicketId) -> int:
    async with world.desk.store.transaction(AGENCY_ID) as records:
        ticket = await records.tickets.ticket(ticket_id)
        assert ticket is not None
        return len(await hold_for_ticket(world.desk, records, TicketUse(ticket, ALICE)))


async def test_of_sixteen_tickets_one_gets_the_last_of_the_quota(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    tickets = [await world.ticket() for _ in range(RACERS)]

    outcomes = await asyncio.gather(
        *(held(world, ticket.id) for ticket in tickets), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in outcomes) == [
        *["InsufficientAllowance"] * (RACERS - 1),
        "int",
    ]
    assert [one.kind for one in await entries(world)] == [EntryKind.GRANT, EntryKind.HOLD]
    assert (await balance(world)).left == 0
    await proved(world)


async def test_sixteen_consumptions_at_once_are_all_counted(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=RACERS - 4)
    tickets = [await world.ticket() for _ in range(RACERS)]

    async def consumed(ticket_id: TicketId) -> None:
        async with world.desk.store.transaction(AGENCY_ID) as records:
            ticket = await records.tickets.ticket(ticket_id)
            assert ticket is not None
            await consume_for_ticket(world.desk, records, TicketUse(ticket, ALICE))

    await asyncio.gather(*(consumed(ticket.id) for ticket in tickets))

    kinds = [one.kind for one in await entries(world)]
    assert kinds.count(EntryKind.CONSUME) == RACERS - 4
    assert kinds.count(EntryKind.OVERAGE) == 4
    await proved(world)


async def test_the_same_key_at_once_is_one_gesture(both_worlds: World) -> None:
    world = both_worlds
    await opened(world)
    request = GiveGesture(CONTRACT, TICKETS, 2, "Sorry for July", idempotency_key="once")

    answers = await asyncio.gather(
        *(give_gesture(world.desk, viewer=world.alice, request=request) for _ in range(4))
    )

    assert len(set(answers)) == 1
    assert (await balance(world)).left == 2


async def test_the_same_period_is_granted_once(both_worlds: World) -> None:
    await opened(both_worlds)

    await asyncio.gather(*(grant(both_worlds, TICKETS, 5) for _ in range(4)))

    assert (await balance(both_worlds)).granted == 5


async def test_of_two_books_of_a_unit_one_is_refused(both_worlds: World) -> None:
    request = OpenRetainer(CONTRACT, some_clauses())

    outcomes = await asyncio.gather(
        *(
            open_retainer(both_worlds.desk, viewer=both_worlds.alice, request=request)
            for _ in range(2)
        ),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["KeptBook", "RetainerOpenAlready"]
    async with both_worlds.refused(RetainerOpenAlready):
        await open_retainer(both_worlds.desk, viewer=both_worlds.alice, request=request)


@pytest.mark.parametrize("is_same_lot", [True, False])
async def test_whoever_decided_on_an_old_book_writes_nothing(
    both_worlds: World,
    is_same_lot: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    world = both_worlds
    await opened(world, granted=2)
    ask = BookAsk(CONTRACT, TICKETS)
    async with world.desk.store.reading(AGENCY_ID) as records:
        old = await records.retainer.book(ask)
    assert old is not None
    if is_same_lot:
        await held(world, (await world.ticket()).id)
    else:
        request = GiveGesture(CONTRACT, TICKETS, 1, "Sorry")
        await give_gesture(world.desk, viewer=world.alice, request=request)
    before = await world.everything()
    posting = Posting(ALICE, world.now(), world.now(), "", "work", "late")

    with pytest.raises(TransactionConflict):
        async with world.desk.store.transaction(AGENCY_ID) as records:
            await records.retainer.append(old, consume(old.book, posting, Work(1)))

    assert await world.everything() == before


async def test_too_little_refuses_and_changes_nothing(both_worlds: World) -> None:
    await opened(both_worlds, granted=1)
    await held(both_worlds, (await both_worlds.ticket()).id)
    ticket = await both_worlds.ticket()

    async with both_worlds.refused(InsufficientAllowance):
        await held(both_worlds, ticket.id)
