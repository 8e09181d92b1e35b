"""The worker settles what nobody asked it to, as often as it likes."""

import asyncio
from datetime import timedelta

import pytest

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.usecases import settle_agency
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.settle_agency import SettledAgency
from helpdesk.worker import credits as settling
from helpdesk.worker.credits import CreditWatch, look_pause
from tests.usecases.compensations import compensating, credits_of, late_p0
from tests.usecases.retainers import CONTRACT
from tests.usecases.world import World


def never() -> bool:
    return False


def always() -> bool:
    return True


async def test_the_worker_settles_every_agency_and_twice_is_once(world: World) -> None:
    contract = await compensating(world)
    await late_p0(world)
    watch = CreditWatch(world.desk)

    assert await watch.settle(never) == 0
    assert await watch.settle(never) == 0

    assert len(await credits_of(world, contract.id)) == 1
    assert await look_pause() == timedelta(hours=6).total_seconds()


async def test_two_workers_at_once_propose_a_credit_once(world: World, second_desk: Desk) -> None:
    contract = await compensating(world)
    await late_p0(world)

    watches = CreditWatch(world.desk), CreditWatch(second_desk)
    await asyncio.gather(*(watch.settle(never) for watch in watches))

    assert len(await credits_of(world, contract.id)) == 1


async def test_trouble_with_the_credits_of_one_contract_delays_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    contract = await compensating(world)
    await late_p0(world)

    async def settled(
        desk: Desk, months: tuple[Month, ...], *, viewer: Viewer, contract_id: ContractId
    ) -> SettledAgency:
        if contract_id == CONTRACT:
            raise ValueError("bug")
        return await settle_agency.settle_contract(
            desk, months, viewer=viewer, contract_id=contract_id
        )

    monkeypatch.setattr(settling, "settle_contract", settled)
    await CreditWatch(world.desk).settle(never)

    assert [text for text in caplog.messages if text.startswith("upkeep_failed")] == [
        f"upkeep_failed id={CONTRACT}"
    ]
    assert len(await credits_of(world, contract.id)) == 1


async def test_a_worker_that_is_told_to_stop_settles_nothing_more(world: World) -> None:
    contract = await compensating(world)
    await late_p0(world)

    await CreditWatch(world.desk).settle(always)

    assert await credits_of(world, contract.id) == ()
