"""Deadlines on both databases: steps recorded, actions done, and the cost of finding nothing.

PostgreSQL is the one of the tests, in memory and without fsync, with 512 MB of shared buffers: the
figures tell what the statements cost, not the disk. Give `rows` on the command line for the
largest number of open clocks: `python -m tests.benchmarks.deadlines 5000000`.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter

from helpdesk.domain.sla import TargetUnit
from helpdesk.storage.database import open_database
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.worker.deadlines import FiredSteps, act_due, fire_due
from tests import databases
from tests.factories import a_policy, a_target
from tests.filling import Step, fill_clocks, fill_tickets
from tests.usecases.escalations import FIRST, MANAGERS, agree_policy, ladder, step
from tests.usecases.world import World, build_world

DUE = 40_000
ACTED = 500
POLLS = 500
OPEN = (1_000, 100_000, 1_000_000)


def run(largest: int = OPEN[-1]) -> Iterator[str]:
    """Return the lines of the report."""
    sizes = [size for size in OPEN if size < largest] + [largest]
    for name, place in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with place() as url:
            yield from asyncio.run(_measured(name, url, sizes))


async def _measured(name: str, url: str, sizes: list[int]) -> list[str]:
    database = await open_database(url)
    try:
        world = await build_world(database)
        return [line async for line in _lines(name, url, world, sizes)]
    finally:
        await database.close()


async def _lines(name: str, url: str, world: World, sizes: list[int]) -> AsyncIterator[str]:
    model = await world.ticket()
    deadlines = world.desk.store.queue().deadlines
    later: list[Step] = [("100%", 2, world.now() + timedelta(days=30))]
    filled = 0
    for size in sizes:
        await fill_clocks(url, model.id, size - filled, later, f"open{size}")
        filled = size
        await deadlines.next_instant()
        started = perf_counter()
        for _ in range(POLLS):
            await deadlines.next_instant()
            await deadlines.next_act()
        microseconds = (perf_counter() - started) / POLLS * 1e6
        yield f"{name}: {size:>9,} open clocks, nothing due: {microseconds:8.0f} us a look"

    due: list[Step] = [("80%", 1, world.now() - timedelta(hours=1)), *later]
    await fill_clocks(url, model.id, DUE, due, "due")
    started = perf_counter()
    looked_at = await fire_due(world.desk, FiredSteps(), lambda: False)
    rate = looked_at / (perf_counter() - started)
    yield f"{name}: {looked_at:,} due among {filled:,} open: {rate:,.0f} clocks/s recorded"
    yield await _acts(name, url)


async def _acts(name: str, url: str) -> str:
    """Return how fast actions are done: one mail and one fact each."""
    with _fresh(url) as other:
        database = await open_database(other)
        world = await build_world(database)
        target = a_target(FIRST, amount=60, unit=TargetUnit.CALENDAR_MINUTES, calendar_id=None)
        steps = ladder(step(1, MANAGERS, percent=50))
        await agree_policy(world, a_policy(target, ladders=(steps,)))
        await fill_tickets(other, (await world.ticket()).id, ACTED - 1)
        world.now.advance(minutes=40)
        await fire_due(world.desk, FiredSteps(), lambda: False)
        started, done = perf_counter(), 0
        while acted := await act_due(world.desk):
            done += acted
        rate = done / (perf_counter() - started)
        await database.close()
    return f"{name}: {done:,} firings carried out: {rate:,.0f}/s, one after the other"


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/benchmark.db"
        upgrade(url)
        yield url


@contextmanager
def _postgres() -> Iterator[str]:
    usual = databases._SETTINGS  # noqa: SLF001 - the settings of the tests, but for one
    kept = tuple(one for one in usual if not one.startswith("shared_buffers"))
    databases._SETTINGS = (*kept, "shared_buffers=512MB")  # noqa: SLF001 - likewise
    reaper = databases.ServerReaper()
    try:
        with databases.PostgresServer().database() as url:
            yield url
    finally:
        reaper.reap()
        databases._SETTINGS = usual  # noqa: SLF001 - likewise


@contextmanager
def _fresh(url: str) -> Iterator[str]:
    """Give another empty database of the same kind."""
    if url.startswith("sqlite"):
        with _sqlite() as other:
            yield other
        return
    with databases.PostgresServer().database() as other:
        yield other


if __name__ == "__main__":
    for line in run(*(int(argument) for argument in sys.argv[1:2])):
        print(line, flush=True)
