"""A worker that is killed at any moment leaves nothing undone and does nothing twice."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from helpdesk.bootstrap import utc_now
from helpdesk.domain.escalation import BREACH
from helpdesk.domain.notification import Delivery, NotificationTopic
from helpdesk.domain.sla import TargetUnit
from helpdesk.domain.ticket import TicketEventKind
from helpdesk.storage.tables.sla_clock import SLA_FIRING
from helpdesk.storage.tables.ticket import TICKET_EVENT
from helpdesk.storage.tables.worker import WORKER
from tests.factories import a_policy, a_target
from tests.filling import fill_tickets
from tests.usecases.escalations import CLIENT, FIRST, MANAGERS, agree_policy, ladder, step, work
from tests.usecases.notifications import choose
from tests.usecases.world import RowOf, World

COPIES = 299
KILLS = 4
PATIENCE = 60.0
STEPS = {"50%", "100%", BREACH}


@pytest.fixture
async def late(world: World, database_url: str) -> World:
    """A promise of an hour that three hundred tickets, opened two hours ago, have broken."""
    target = a_target(FIRST, amount=60, unit=TargetUnit.CALENDAR_MINUTES, calendar_id=None)
    steps = ladder(step(1, MANAGERS, percent=50), step(2, MANAGERS, CLIENT, percent=100))
    await agree_policy(world, a_policy(target, ladders=(steps,)))
    world.now.set(utc_now() - timedelta(hours=2))
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.OFF)
    model = await world.ticket()
    await fill_tickets(database_url, model.id, COPIES)
    return world


async def test_a_worker_that_is_killed_again_and_again_leaves_each_step_done_once(
    late: World, database_url: str, tmp_path: Path
) -> None:
    chance = Random(2026)  # noqa: S311 - when to kill
    for kill in range(KILLS):
        acted_before = _acted(await late.rows(SLA_FIRING))
        async with _worker(database_url, tmp_path) as process:
            # The first dies about when it records the steps, the others while they carry out.
            if kill == 0:
                await _until_started(late)
            else:
                await _until_acted(late, acted_before + chance.randint(1, 60))
            await asyncio.sleep(chance.random() / 50)
            process.kill()
    late.now.set(utc_now())
    await work(late)

    rows = await late.rows(SLA_FIRING)
    by_ticket = Counter(row["ticket_id"] for row in rows)
    assert len(by_ticket) == COPIES + 1
    assert set(by_ticket.values()) == {len(STEPS)}
    assert {row["act_at"] for row in rows} == {None}
    assert {row["step"] for row in rows if row["is_superseded"]} == {"50%"}
    assert {row["last_error"] for row in rows} == {None}
    await _each_told_once(late)


async def _each_told_once(world: World) -> None:
    """Check that every ticket has one breach and one escalation, and each reader one mail."""
    told = Counter(
        (row["ticket_id"], row["kind"])
        for row in await world.rows(TICKET_EVENT)
        if row["kind"] in {TicketEventKind.SLA_BREACHED, TicketEventKind.ESCALATED}
    )
    assert len(told) == 2 * (COPIES + 1)
    assert set(told.values()) == {1}
    promised = Counter((mail.ticket_id, mail.mail.recipient.email) for mail in await world.outbox())
    assert len(promised) == 2 * (COPIES + 1)
    assert set(promised.values()) == {1}


@pytest.mark.parametrize("command", [["worker"], ["serve", "--port", "0", "--mail-port", "0"]])
async def test_a_worker_that_is_told_to_stop_says_goodbye(
    world: World, database_url: str, tmp_path: Path, command: list[str]
) -> None:
    async with _worker(database_url, tmp_path, *command) as process:
        await _until_started(world)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0

    (sign,) = await world.rows(WORKER)
    assert sign["stopped_at"] == sign["beat_at"]
    assert sign["name"].endswith(f":{process.pid}")


@asynccontextmanager
async def _worker(
    database_url: str, folder: Path, *command: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start `helpdesk worker`, or another command, on the database; it is gone at the end."""
    settings = {
        "HELPDESK_DATABASE_URL": database_url,
        "HELPDESK_CAUGHT_MAIL_FOLDER": str(folder / "caught"),
        "HELPDESK_LOG_LEVEL": "ERROR",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "helpdesk", *(command or ("worker",)), env=os.environ | settings
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _until_started(world: World) -> None:
    """Wait for the first sign of life of a worker."""
    async with asyncio.timeout(PATIENCE):
        while not await world.rows(WORKER):  # noqa: ASYNC110 - another process tells no event
            await asyncio.sleep(0.01)


async def _until_acted(world: World, acted: int) -> None:
    """Wait until so many firings were carried out."""
    async with asyncio.timeout(PATIENCE):
        while _acted(await world.rows(SLA_FIRING)) < acted:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.02)


def _acted(rows: Iterable[RowOf]) -> int:
    return sum(row["acted_at"] is not None for row in rows)
