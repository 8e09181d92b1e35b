"""Warning signals and routines come by themselves while a worker runs."""

import asyncio

import pytest

from helpdesk.domain.ids import AgencyId, ContractId, SiteId
from helpdesk.storage.tables.diagnostics import ROUTINE_RUN, WARNING_SIGNAL
from helpdesk.usecases import derive_signals as deriving
from helpdesk.usecases import plan_routines as planning
from helpdesk.usecases.desk import Desk
from helpdesk.worker import care
from helpdesk.worker.care import SiteCare, look_pause
from helpdesk.worker.loop import Worker
from tests.usecases.contracts import SITE, active
from tests.usecases.world import World
from tests.worker.senders import Sender


def never() -> bool:
    return False


def always() -> bool:
    return True


async def test_a_worker_raises_signals_and_opens_routines_when_it_starts(world: World) -> None:
    await active(world)
    worker = Worker(world.desk, Sender())
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(30):
        while len(await world.rows(ROUTINE_RUN)) < 3:  # noqa: ASYNC110 - a lane tells no event
            await asyncio.sleep(0.05)

    worker.stop()
    await running
    assert await world.rows(WARNING_SIGNAL)


async def test_two_workers_at_once_do_nothing_twice(world: World, second_desk: Desk) -> None:
    await active(world)
    workers = SiteCare(world.desk), SiteCare(second_desk)
    await asyncio.gather(*(worker.look(never) for worker in workers))

    assert len(await world.rows(ROUTINE_RUN)) == 3
    signals = [(row["site_id"], row["signal"]) for row in await world.rows(WARNING_SIGNAL)]
    assert len(signals) == len(set(signals)) > 0
    before = await world.everything()
    await workers[0].look(never)
    assert await world.everything() == before
    assert await look_pause() == 3600


async def test_trouble_with_one_site_or_contract_delays_no_other_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    contract = await active(world)

    async def derived(desk: Desk, agency_id: AgencyId, site_id: SiteId) -> int:
        if site_id == SITE:
            raise ValueError("bug")
        return await deriving.derive_site_signals(desk, agency_id, site_id)

    async def planned(desk: Desk, agency_id: AgencyId, contract_id: ContractId) -> int:
        if contract_id != contract.id:
            raise ValueError("bug")
        return await planning.plan_contract_routines(desk, agency_id, contract_id)

    monkeypatch.setattr(care, "derive_site_signals", derived)
    monkeypatch.setattr(care, "plan_contract_routines", planned)
    worker = SiteCare(world.desk)
    await worker.look(never)

    assert f"upkeep_failed id={SITE}" in caplog.messages
    assert len(await world.rows(ROUTINE_RUN)) == 3
    assert SITE not in {row["site_id"] for row in await world.rows(WARNING_SIGNAL)}
    monkeypatch.undo()
    await worker.look(never)
    assert SITE in {row["site_id"] for row in await world.rows(WARNING_SIGNAL)}


async def test_a_worker_that_is_told_to_stop_leaves_the_rest_for_later(world: World) -> None:
    await active(world)
    before = await world.everything()

    assert await SiteCare(world.desk).look(always) == 0

    assert await world.everything() == before
