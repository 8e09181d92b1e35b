"""The worker's day: it works until it is stopped, and no trouble ends it."""

import asyncio
from dataclasses import replace

import pytest
from typing_extensions import override

from helpdesk.storage.database import Database
from helpdesk.storage.errors import DatabaseUnavailable
from helpdesk.storage.store import SqlStore
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import WorkQueue
from helpdesk.worker.loop import Worker
from tests.usecases.mails import Door, a_mail
from tests.usecases.world import World
from tests.worker.senders import Sender, SlowSender, outbox

PATIENCE = 60.0


class StumblingStore(SqlStore):
    """A database that is away the first times that work is looked for."""

    def __init__(self, database: Database, *, failures: int) -> None:
        super().__init__(database)
        self.failures = failures

    @override
    def queue(self) -> WorkQueue:
        """Fail as often as asked, then work."""
        if self.failures > 0:
            self.failures -= 1
            raise DatabaseUnavailable("gone for lunch")
        return super().queue()


async def test_a_worker_reads_and_answers_what_waits(door: Door) -> None:
    await door.store(a_mail())
    sender = Sender()
    worker = Worker(door.world.desk, sender, sleep_seconds=PATIENCE)

    await _until_sent(worker, sender)

    assert await door.inbox() == [("DONE", "OPENED_TICKET")]
    assert [row["state"] for row in await outbox(door.world)] == ["SENT"]


async def test_a_wake_cuts_the_sleep_short(door: Door) -> None:
    sender = Sender()
    worker = Worker(door.world.desk, sender, sleep_seconds=PATIENCE)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.2)

    await door.store(a_mail())
    worker.wake()

    await _until_sent(worker, sender, running)
    assert len(sender.sent) == 1


async def test_without_a_wake_it_looks_again_after_its_sleep(door: Door) -> None:
    sender = Sender()
    worker = Worker(door.world.desk, sender, sleep_seconds=0.01)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.1)

    await door.store(a_mail())

    await _until_sent(worker, sender, running)
    assert len(sender.sent) == 1


async def test_a_worker_that_is_told_to_stop_finishes_what_it_holds(door: Door) -> None:
    await door.open()
    sender = SlowSender()
    worker = Worker(door.world.desk, sender, sleep_seconds=PATIENCE)
    running = asyncio.create_task(worker.run())
    await sender.has_one.wait()

    worker.stop()
    sender.may_take.set()

    await asyncio.wait_for(running, PATIENCE / 2)
    assert [row["state"] for row in await outbox(door.world)] == ["SENT"]


async def test_a_worker_that_was_stopped_before_does_nothing(door: Door) -> None:
    await door.store(a_mail())
    worker = Worker(door.world.desk, Sender())
    worker.stop()

    await worker.run()

    assert await door.inbox() == [("STORED", None)]


@pytest.mark.parametrize("failures", [1, 2, 5])
async def test_a_database_that_is_away_for_a_while_does_not_end_the_worker(
    door: Door, caplog: pytest.LogCaptureFixture, failures: int
) -> None:
    await door.store(a_mail())
    sender = Sender()
    worker = Worker(_stumbling(door.world, failures), sender, sleep_seconds=0.01)

    await _until_sent(worker, sender)

    assert await door.inbox() == [("DONE", "OPENED_TICKET")]
    assert caplog.messages.count("worker_round_failed") == failures


async def test_trouble_with_the_inbox_does_not_hold_back_the_outbox(door: Door) -> None:
    await door.open()
    sender = Sender()
    worker = Worker(_stumbling(door.world, 1), sender, sleep_seconds=PATIENCE)

    await _until_sent(worker, sender)

    assert [row["state"] for row in await outbox(door.world)] == ["SENT"]


def _stumbling(world: World, failures: int) -> Desk:
    return replace(world.desk, store=StumblingStore(world.database, failures=failures))


async def _until_sent(
    worker: Worker, sender: Sender, running: asyncio.Task[None] | None = None
) -> None:
    """Let the worker run until a mail left, then stop it."""
    running = running or asyncio.create_task(worker.run())
    async with asyncio.timeout(PATIENCE / 2):
        await sender.took_one.wait()
        worker.stop()
        await running
