"""A timer that is started or stopped twice by a program that was not answered."""

from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.work_timer import (
    StartTimer,
    StopTimer,
    TimerNotRunning,
    start_timer,
    stop_timer,
)
from tests.factories import at
from tests.usecases.retainers import RUN, entries, opened
from tests.usecases.world import World


async def test_a_timer_that_is_started_again_with_its_key_runs_once(both_worlds: World) -> None:
    world = both_worlds
    request = StartTimer((await world.ticket()).id, "key-1")
    timer = await start_timer(world.desk, viewer=world.alice, request=request)
    before = await world.everything()
    world.now.instant = at("07-06 09:30")

    assert await start_timer(world.desk, viewer=world.alice, request=request) == timer
    assert await world.everything() == before


async def test_a_timer_that_is_stopped_again_with_its_key_logs_once(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    request = StartTimer((await world.ticket()).id, "key-1")
    timer = await start_timer(world.desk, viewer=world.alice, request=request)
    world.now.instant = at("07-06 09:30")
    stop = StopTimer("Cache", RUN, idempotency_key="key-2")
    work = await stop_timer(world.desk, viewer=world.alice, request=stop)
    before = await world.everything()
    world.now.instant = at("07-06 10:30")

    assert await stop_timer(world.desk, viewer=world.alice, request=stop) == work
    assert await start_timer(world.desk, viewer=world.alice, request=request) == timer
    assert await world.everything() == before
    assert [one.quantity for one in await entries(world, RUN)] == [120, 30]


async def test_a_key_stands_for_one_timer(world: World) -> None:
    first, second = await world.ticket(), await world.ticket()
    start = StartTimer(first.id, "key-1")
    await start_timer(world.desk, viewer=world.alice, request=start)

    async with world.refused(IdempotencyKeyReused):
        other = StartTimer(second.id, "key-1")
        await start_timer(world.desk, viewer=world.alice, request=other)
    async with world.refused(IdempotencyKeyReused):
        stop = StopTimer(idempotency_key="key-1")
        await stop_timer(world.desk, viewer=world.alice, request=stop)


async def test_a_refused_stop_leaves_its_key_free(world: World) -> None:
    ticket = await world.ticket()
    stop = StopTimer(idempotency_key="key-1")
    async with world.refused(TimerNotRunning):
        await stop_timer(world.desk, viewer=world.alice, request=stop)
    await start_timer(world.desk, viewer=world.alice, request=StartTimer(ticket.id))

    assert (await stop_timer(world.desk, viewer=world.alice, request=stop)).entry.minutes == 1
