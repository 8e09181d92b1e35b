"""The worker's day: it works until it is stopped, and no trouble ends it."""

import asyncio
from dataclasses import replace

import pytest
from typing_extensions import override

from helpdesk.storage.database import Database
from helpdesk.storage.errors import DatabaseUnavailable
from helpdesk.storage.store import SqlStore
from helpdesk.storage.tables.worker import WORKER
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import WorkQueue
from helpdesk.worker.deadlines import FiredSteps
from helpdesk.worker.heartbeat import Heartbeat
from helpdesk.worker.loop import Worker
from tests.factories import at
from tests.usecases.escalations import MANAGERS, agree, firings, ladder, step, work
from tests.usecases.mails import Door, a_mail
from tests.usecases.world import World
from tests.worker.senders import Sender, SlowSender, outbox

PATIENCE = 20.0


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
    trouble = {"worker_round_failed", "deadlines_not_watched"}
    assert len([said for said in caplog.messages if said in trouble]) == failures


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


async def test_a_worker_keeps_the_deadlines_and_sends_what_they_set_off(world: World) -> None:
    await agree(world)
    await world.ticket()
    world.now.set(at("07-06 11:00"))
    sender = Sender()

    await _until_sent(Worker(world.desk, sender, sleep_seconds=PATIENCE), sender)

    assert [mail.recipient.email for mail in sender.sent] == ["alice@alice.example"]
    assert set(await firings(world)) == {"50%"}


async def test_a_step_that_comes_soon_wakes_the_worker_of_its_own_process(world: World) -> None:
    await _a_late_ticket_wakes(world, world.desk)


@pytest.mark.postgres
async def test_a_step_that_comes_soon_wakes_the_worker_of_another_process(
    world: World, second_desk: Desk
) -> None:
    await _a_late_ticket_wakes(world, second_desk)


async def test_what_comes_later_than_a_sleeper_looks_rings_no_bell(world: World) -> None:
    await agree(world)
    rings: list[None] = []

    async with world.desk.store.queue().deadlines.watching(lambda: rings.append(None)):
        await asyncio.sleep(0.2)
        rings.clear()
        await world.ticket()
        await asyncio.sleep(0.2)

    assert rings == []


async def test_a_slow_relay_delays_no_deadline(door: Door) -> None:
    await door.open()
    await agree(door.world, ladder(step(1, MANAGERS, percent=0)))
    sender = SlowSender()
    worker = Worker(door.world.desk, sender, sleep_seconds=0.05)
    running = asyncio.create_task(worker.run())
    await sender.has_one.wait()

    await door.world.ticket()
    async with asyncio.timeout(PATIENCE):
        while not await firings(door.world):  # noqa: ASYNC110 - a lane tells no event
            await asyncio.sleep(0.05)

    sender.may_take.set()
    worker.stop()
    await running


async def test_a_worker_gives_signs_of_life_and_says_how_late_it_is(world: World) -> None:
    await agree(world)
    await world.ticket()
    world.now.set(at("07-06 11:00"))
    tally = FiredSteps(3)
    heartbeat = Heartbeat(world.desk, tally)
    world.now.advance(minutes=2)

    await heartbeat.beat()

    (sign,) = await world.desk.store.queue().workers.workers()
    assert (sign.lag_seconds, sign.fired, sign.stopped_at) == (120, 3, None)
    await work(world)
    world.now.advance(minutes=1)
    await heartbeat.stop()
    (sign,) = await world.desk.store.queue().workers.workers()
    assert (sign.lag_seconds, sign.started_at, sign.stopped_at) == (
        0,
        at("07-06 11:02"),
        at("07-06 11:03"),
    )


async def test_a_worker_that_never_started_does_not_say_goodbye(world: World) -> None:
    await Heartbeat(world.desk, FiredSteps()).stop()

    assert await world.rows(WORKER) == []


async def test_a_worker_that_was_silent_for_a_day_is_forgotten(world: World) -> None:
    await Heartbeat(world.desk, FiredSteps()).beat()
    world.now.advance(hours=25)
    await Heartbeat(world.desk, FiredSteps()).beat()

    assert [row["beat_at"] for row in await world.rows(WORKER)] == [world.now()]


async def _a_late_ticket_wakes(world: World, desk: Desk) -> None:
    """Open a ticket whose step comes at once, and wait for the worker on this desk to see it."""
    await agree(world, ladder(step(1, MANAGERS, percent=0)))
    worker = Worker(desk, Sender(), sleep_seconds=PATIENCE)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.5)

    await world.ticket()
    async with asyncio.timeout(PATIENCE / 2):
        while not await firings(world):  # noqa: ASYNC110 - a lane tells no event
            await asyncio.sleep(0.05)

    worker.stop()
    await running
