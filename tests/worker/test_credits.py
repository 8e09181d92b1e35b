"""The worker settles what nobody asked it to, as often as it likes."""

from helpdesk.worker.credits import CreditWatch, look_pause
from tests.usecases.compensations import compensating, credits_of, late_p0
from tests.usecases.world import World


async def test_the_worker_settles_every_agency_and_twice_is_once(world: World) -> None:
    contract = await compensating(world)
    await late_p0(world)
    watch = CreditWatch(world.desk)

    assert await watch.settle() == 0
    assert await watch.settle() == 0

    assert len(await credits_of(world, contract.id)) == 1
    assert await look_pause() > 0
