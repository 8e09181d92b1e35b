"""What a ticket takes of the forfait, and what a close makes of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from helpdesk.domain.ids import TicketId
from helpdesk.domain.priority import Priority
from helpdesk.domain.retainer_close import PeriodNotOver, PeriodOutOfOrder
from helpdesk.domain.retainer_entry import Entry, EntryKind
from helpdesk.domain.retainer_terms import FreeCause, RolloverMode, RolloverTerms
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.close_period import ClosePeriod, close_period
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_retainer import (
    TicketUse,
    consume_for_ticket,
    hold_for_ticket,
    release_for_ticket,
)
from tests.factories import AGENCY_ID, ALICE, at
from tests.usecases.retainers import (
    CONTRACT,
    TICKETS,
    balance,
    entries,
    grant,
    opened,
    proved,
    whole_book,
)
from tests.usecases.world import World

Act = Callable[[Desk, Records, TicketUse], Awaitable[tuple[Entry, ...]]]


async def done(world: World, act: Act, ticket: Ticket, **more: object) -> tuple[Entry, ...]:
    use = TicketUse(ticket, ALICE, **more)  # type: ignore[arg-type]  # its own fields
    async with world.desk.store.transaction(AGENCY_ID) as records:
        return await act(world.desk, records, use)


def kinds(written: tuple[Entry, ...]) -> list[EntryKind]:
    return [entry.kind for entry in written]


async def closed(world: World, text: str = "07-15 12:00") -> tuple[Entry, ...]:
    request = ClosePeriod(CONTRACT, at(text))
    return await close_period(world.desk, viewer=world.alice, request=request)


async def test_a_ticket_holds_once_and_is_consumed_once(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=2)
    ticket = await world.ticket()

    assert kinds(await done(world, hold_for_ticket, ticket)) == [EntryKind.HOLD]
    assert await done(world, hold_for_ticket, ticket) == ()
    shown = await balance(world)
    assert (shown.left, shown.held, shown.consumed) == (1, 1, 0)

    assert kinds(await done(world, consume_for_ticket, ticket)) == [EntryKind.CONSUME]
    assert await done(world, consume_for_ticket, ticket) == ()
    shown = await balance(world)
    assert (shown.left, shown.held, shown.consumed, shown.percent) == (1, 0, 1, 50)
    await proved(world)


async def test_a_ticket_that_was_never_held_is_counted_all_the_same(both_worlds: World) -> None:
    await opened(both_worlds, granted=1)
    first, second = await both_worlds.ticket(), await both_worlds.ticket()

    await done(both_worlds, consume_for_ticket, first)
    written = await done(both_worlds, consume_for_ticket, second)

    assert kinds(written) == [EntryKind.OVERAGE]
    shown = await balance(both_worlds)
    assert (shown.left, shown.over, shown.consumed, shown.percent) == (0, 1, 2, 200)
    await proved(both_worlds)


async def test_a_ticket_holds_again_after_a_release(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await world.ticket()
    await done(world, hold_for_ticket, ticket)

    written = await done(world, release_for_ticket, ticket, cause=FreeCause.QUESTION)
    again = await done(world, hold_for_ticket, ticket)

    assert [one.posting.cause for one in written] == [FreeCause.QUESTION]
    assert kinds(again) == [EntryKind.HOLD]
    await proved(world)


async def test_a_ticket_found_to_be_free_gives_back_what_it_consumed(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    tickets = [await world.ticket(), await world.ticket()]
    for ticket in tickets:
        await done(world, consume_for_ticket, ticket)

    for ticket in tickets:
        written = await done(world, release_for_ticket, ticket, cause=FreeCause.AGENCY_REGRESSION)
        assert kinds(written) == [EntryKind.REVERSE]
        assert await done(world, release_for_ticket, ticket) == ()

    shown = await balance(world)
    assert (shown.left, shown.over, shown.consumed) == (1, 0, 0)
    await proved(world)


async def test_what_was_offered_since_the_opening_serves_too(world: World) -> None:
    await opened(world, granted=0)
    ticket = await world.ticket()
    async with world.refused(InsufficientAllowance):
        await done(world, hold_for_ticket, ticket)
    world.now.advance(hours=1)
    request = GiveGesture(CONTRACT, TICKETS, 1, "Sorry")
    await give_gesture(world.desk, viewer=world.alice, request=request)

    assert kinds(await done(world, hold_for_ticket, ticket)) == [EntryKind.HOLD]


async def test_a_p0_is_never_held_up_by_a_quota(both_worlds: World) -> None:
    await opened(both_worlds)
    ticket = replace(await both_worlds.ticket(), priority=Priority.P0)

    written = await done(both_worlds, hold_for_ticket, ticket)

    assert [(one.kind, one.lot) for one in written] == [(EntryKind.HOLD, None)]
    assert (await balance(both_worlds)).held == 1
    await done(both_worlds, consume_for_ticket, ticket)
    assert (await balance(both_worlds)).over == 1
    await proved(both_worlds)


async def test_part_of_a_hold_may_be_consumed(both_worlds: World) -> None:
    await opened(both_worlds, granted=5)
    ticket = await both_worlds.ticket()
    await done(both_worlds, hold_for_ticket, ticket, quantity=3)

    await done(both_worlds, consume_for_ticket, ticket, quantity=2)

    shown = await balance(both_worlds)
    assert (shown.left, shown.held, shown.consumed) == (3, 0, 2)
    await proved(both_worlds)


async def test_an_unlimited_forfait_is_counted_and_never_limited(both_worlds: World) -> None:
    await opened(both_worlds, is_unlimited=True)
    ticket = await both_worlds.ticket()

    await done(both_worlds, hold_for_ticket, ticket)
    await done(both_worlds, consume_for_ticket, ticket)

    shown = await balance(both_worlds)
    assert (shown.is_unlimited, shown.consumed, shown.percent) == (True, 1, None)
    await proved(both_worlds)


@pytest.mark.parametrize("act", [hold_for_ticket, consume_for_ticket, release_for_ticket])
async def test_without_a_book_nothing_is_taken_and_nothing_refused(world: World, act: Act) -> None:
    ticket = await world.ticket()

    assert await done(world, act, ticket) == ()
    assert await done(world, act, replace(ticket, contract_id=None)) == ()


async def test_a_close_carries_over_expires_and_happens_once(both_worlds: World) -> None:
    world = both_worlds
    half = RolloverTerms(RolloverMode.CAPPED, cap_percent=50)
    await opened(world, granted=10, rollover=half)
    await done(world, consume_for_ticket, await world.ticket())
    async with world.refused(PeriodNotOver):
        await closed(world)
    world.now.set(at("08-03 09:00"))

    first = await closed(world)

    assert kinds(first) == [EntryKind.ROLLOVER_OUT, EntryKind.EXPIRE, EntryKind.ROLLOVER_IN]
    before = await world.everything()
    assert await closed(world) == ()
    assert await world.everything() == before
    assert (await whole_book(world)).book.open_from == at("08-01 00:00")
    assert (await balance(world)).left == 5
    await proved(world)


async def test_periods_are_closed_in_order_and_an_empty_one_too(world: World) -> None:
    await opened(world)
    world.now.set(at("09-03 09:00"))
    async with world.refused(PeriodOutOfOrder):
        await closed(world, "08-15 12:00")

    assert await closed(world) == ()
    assert await closed(world, "08-15 12:00") == ()

    assert (await whole_book(world)).book.open_from == at("09-01 00:00")


async def test_what_is_held_stays_with_its_lot_past_the_close(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await world.ticket()
    await done(world, hold_for_ticket, ticket)
    world.now.set(at("08-03 09:00"))

    assert await closed(world) == ()
    await grant(world, TICKETS, 1)
    await done(world, consume_for_ticket, ticket)

    assert (await balance(world)).left == 1
    assert (await entries(world))[-1].period.start == at("08-01 00:00")
    await proved(world)


async def test_what_a_closed_period_took_too_much_is_given_back_in_the_open_one(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, granted=1)
    ticket = await world.ticket()
    await done(world, consume_for_ticket, ticket)
    world.now.set(at("08-03 09:00"))
    await closed(world)

    [entry] = await done(world, release_for_ticket, ticket, cause=FreeCause.AGENCY_REGRESSION)

    assert entry.posting.corrects is not None
    assert entry.posting.corrects.start == at("07-01 00:00")
    assert (await entries(world))[-1] == entry
    assert (await balance(world)).left == 1
    await proved(world)


async def test_a_ticket_of_a_closed_period_holds_of_the_open_one(world: World) -> None:
    await opened(world)
    ticket = await world.ticket()
    world.now.set(at("08-03 09:00"))
    await closed(world)
    await grant(world, TICKETS, 1)

    [entry] = await done(world, hold_for_ticket, ticket)

    assert entry.move.effective_at == at("08-01 00:00")
    assert TicketId(entry.posting.source.removeprefix("ticket:")) == ticket.id
