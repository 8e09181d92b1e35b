"""Whatever is done to a forfait, in whatever order: its balance is what its entries come to."""

import random
from collections.abc import Awaitable, Callable, Mapping

import pytest

from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.priority import Priority
from helpdesk.domain.retainer_entry import LotNumber
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.work_log import WorkNumber
from helpdesk.usecases.adjust_allowance import AdjustAllowance, adjust_allowance
from helpdesk.usecases.close_period import ClosePeriod, close_period
from helpdesk.usecases.correct_work_log import CorrectWorkLog, correct_work_log
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.grant_allowance import GrantAllowance, grant_allowance
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.purchase_pack import PurchasePack, purchase_pack
from helpdesk.usecases.ticket_retainer import (
    TicketUse,
    consume_for_ticket,
    hold_for_ticket,
    release_for_ticket,
)
from tests.factories import AGENCY_ID, ALICE
from tests.usecases.retainers import CONTRACT, HALF, RUN, opened, proved, whole_book
from tests.usecases.world import World

STEPS = 60
Act = Callable[[], Awaitable[object]]


class Play:
    """A forfait of minutes, and somebody who does to it what chance says."""

    def __init__(self, world: World, tickets: list[Ticket], chance: random.Random) -> None:
        self.world = world
        self.tickets = tickets
        self.chance = chance

    def acts(self) -> Mapping[str, Act]:
        return {
            "grant": self.grant,
            "sell": self.sell,
            "offer": self.offer,
            "adjust": self.adjust,
            "hold": self.hold,
            "consume": self.consume,
            "release": self.release,
            "work": self.work,
            "correct": self.correct,
            "close": self.close,
            "wait": self.wait,
        }

    async def grant(self) -> object:
        request = GrantAllowance(CONTRACT, RUN, 120)
        return await grant_allowance(self.world.desk, viewer=self.world.alice, request=request)

    async def sell(self) -> object:
        request = PurchasePack(CONTRACT, self.some(90), unit=RUN, months=1)
        return await purchase_pack(self.world.desk, viewer=self.world.alice, request=request)

    async def offer(self) -> object:
        request = GiveGesture(CONTRACT, RUN, self.some(30), "Sorry")
        return await give_gesture(self.world.desk, viewer=self.world.alice, request=request)

    async def adjust(self) -> object:
        last = (await whole_book(self.world, RUN)).book.last_number
        lot = LotNumber(self.chance.randint(1, last + 1))
        request = AdjustAllowance(CONTRACT, RUN, lot, self.chance.randint(-60, 60), "Typo")
        return await adjust_allowance(self.world.desk, viewer=self.world.alice, request=request)

    async def hold(self) -> object:
        return await self.on_a_ticket(hold_for_ticket)

    async def consume(self) -> object:
        return await self.on_a_ticket(consume_for_ticket)

    async def release(self) -> object:
        return await self.on_a_ticket(release_for_ticket)

    async def on_a_ticket(self, verb: Callable[..., Awaitable[object]]) -> object:
        ticket = self.chance.choice(self.tickets)
        use = TicketUse(ticket, ALICE, RUN, self.some(60))
        async with self.world.desk.store.transaction(AGENCY_ID) as records:
            return await verb(self.world.desk, records, use)

    async def work(self) -> object:
        ticket = self.chance.choice(self.tickets)
        request = LogWork(ticket.id, self.some(50), unit=RUN)
        return await log_work(self.world.desk, viewer=self.world.alice, request=request)

    async def correct(self) -> object:
        ticket = self.chance.choice(self.tickets)
        number = WorkNumber(self.chance.randint(1, 3))
        request = CorrectWorkLog(ticket.id, number, self.chance.randint(0, 60), "Mistyped")
        return await correct_work_log(self.world.desk, viewer=self.world.alice, request=request)

    async def close(self) -> object:
        open_from = (await whole_book(self.world, RUN)).book.open_from
        request = ClosePeriod(CONTRACT, open_from)
        return await close_period(self.world.desk, viewer=self.world.alice, request=request)

    async def wait(self) -> None:
        self.world.now.advance(days=self.chance.randint(1, 12))

    def some(self, most: int) -> int:
        return self.chance.randint(1, most)


@pytest.mark.parametrize("seed", range(6))
async def test_a_balance_is_what_the_entries_come_to(both_worlds: World, seed: int) -> None:
    world = both_worlds
    await opened(world, RUN, 120, rollover=HALF)
    priorities = (Priority.P0, Priority.P2, Priority.P3)
    tickets = [await world.ticket(str(priority)) for priority in priorities]
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    play = Play(world, tickets, chance)
    done: set[str] = set()

    for _ in range(STEPS):
        name = chance.choice(list(play.acts()))
        before = await world.everything()
        try:
            await play.acts()[name]()
        except HelpdeskError:
            assert await world.everything() == before, name
        else:
            done.add(name)
        await proved(world, RUN)

    assert len(done) >= len(play.acts()) - 2
