"""Contracts live on by themselves while a worker runs."""

import asyncio
from datetime import timedelta

import pytest

from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import AgencyId, ContractId
from helpdesk.domain.quote import QuoteStatus
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.usecases import tend_contracts as tending
from helpdesk.usecases import turn_periods as turning
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.retainer_step import RetainerMissing
from helpdesk.worker import upkeep
from helpdesk.worker.loop import Worker
from helpdesk.worker.upkeep import ContractUpkeep
from tests.usecases.contracts import facts
from tests.usecases.quotes import kept as kept_quote
from tests.usecases.quotes import sent
from tests.usecases.retainers import CONTRACT, RUN, opened
from tests.usecases.upkeep import book_of, carried, day, proved, told, written
from tests.usecases.world import World
from tests.worker.senders import Sender


def never() -> bool:
    return False


def always() -> bool:
    return True


async def has_turned(world: World, contract_id: ContractId) -> bool:
    return (await book_of(world, contract_id)).book.open_from == day("2026-08-01", 0)


async def test_a_worker_turns_what_is_over_when_it_starts(world: World) -> None:
    contract = await carried(world)
    world.now.instant = day("2026-08-01")
    worker = Worker(world.desk, Sender())
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(30):
        while not await has_turned(world, contract.id):  # noqa: ASYNC110 - a lane tells no event
            await asyncio.sleep(0.05)

    worker.stop()
    await running


async def test_a_worker_looks_every_minute_and_when_a_period_ends(world: World) -> None:
    worker = ContractUpkeep(world.desk)
    assert await worker.pause() == 60
    await carried(world)
    assert await worker.pause() == 60
    world.now.instant = day("2026-08-01", 0) - timedelta(seconds=7)
    assert await worker.pause() == 7
    world.now.advance(minutes=1)
    assert await worker.pause() == 60  # what is late was tried, and is tried again then


async def test_two_workers_on_one_database_do_nothing_twice(
    world: World, second_desk: Desk
) -> None:
    contract = await carried(world)
    workers = ContractUpkeep(world.desk), ContractUpkeep(second_desk)
    for number in (2, 40, 130, 400):
        world.now.instant = day("2026-07-06") + timedelta(days=number)
        await asyncio.gather(*(worker.look(never) for worker in workers))

    await proved(world, contract.id)
    granted = [on for _, _, on in told(await written(world, contract.id), EntryKind.GRANT)]
    assert (len(granted), len(set(granted)), granted[-1]) == (14, 14, "2027-08-01")
    kinds = [one.kind for one in await facts(world, contract.id)]
    assert kinds == [ContractFactKind.ACTIVATED, ContractFactKind.RENEWED]


async def test_contracts_are_tended_once_a_local_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = await carried(world)
    tended: list[ContractId] = []

    async def noted(desk: Desk, agency_id: AgencyId, contract_id: ContractId) -> None:
        tended.append(contract_id)

    monkeypatch.setattr(upkeep, "tend_contract", noted)
    worker = ContractUpkeep(world.desk)
    counts = []
    for text, hour in (("2026-07-06", 9), ("2026-07-06", 23), ("2026-07-07", 0)):
        world.now.instant = day(text, hour)
        await worker.look(never)
        counts.append(tended.count(contract.id))

    assert counts == [1, 1, 2]


@pytest.mark.parametrize("trouble", [RetainerMissing(reference="r", unit="u"), ValueError("bug")])
async def test_trouble_with_one_contract_delays_no_other_and_is_tried_again(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: Exception,
) -> None:
    contract = await carried(world)
    await opened(world, RUN, granted=60)
    world.now.instant = day("2026-08-01")
    _break(monkeypatch, trouble, CONTRACT)
    worker = ContractUpkeep(world.desk)

    await worker.look(never)

    assert await has_turned(world, contract.id)
    assert not await has_turned(world, CONTRACT)
    said = "upkeep_refused" if isinstance(trouble, HelpdeskError) else "upkeep_failed"
    assert [text.split()[:2] for text in caplog.messages if text.startswith(said)] == [
        [said, f"id={CONTRACT}"]
    ] * 2
    monkeypatch.undo()
    world.now.advance(minutes=1)
    await worker.look(never)
    assert await has_turned(world, CONTRACT)


async def test_a_worker_that_is_told_to_stop_leaves_the_rest_for_later(world: World) -> None:
    contract = await carried(world)
    quote = await sent(world)
    world.now.instant = day("2026-10-01")
    before = await world.everything()
    worker = ContractUpkeep(world.desk)

    assert await worker.look(always) == 0

    assert await world.everything() == before
    assert await worker.look(never) == 1
    assert (await kept_quote(world, quote)).status is QuoteStatus.EXPIRED
    assert (await book_of(world, contract.id)).book.open_from == day("2026-10-01", 0)


def _break(monkeypatch: pytest.MonkeyPatch, trouble: Exception, broken: ContractId) -> None:
    """Have all upkeep of one contract fail."""
    tend, turn = tending.tend_contract, turning.turn_periods

    async def tended(desk: Desk, agency_id: AgencyId, contract_id: ContractId) -> None:
        if contract_id == broken:
            raise trouble
        await tend(desk, agency_id, contract_id)

    async def turned(desk: Desk, agency_id: AgencyId, contract_id: ContractId) -> None:
        if contract_id == broken:
            raise trouble
        await turn(desk, agency_id, contract_id)

    monkeypatch.setattr(upkeep, "tend_contract", tended)
    monkeypatch.setattr(upkeep, "turn_periods", turned)
