"""News and digests are told once, whatever ends a worker and however many there are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from typing_extensions import override

from helpdesk.domain.ids import AgencyId
from helpdesk.domain.notification import Delivery, NotificationTopic
from helpdesk.mail.notification_mails import NotificationMails
from helpdesk.storage.database import Database
from helpdesk.storage.store import SqlStore
from helpdesk.storage.tables.notification import NEWS
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.ports import Records
from helpdesk.worker.loop import Worker
from helpdesk.worker.news import tell_due
from tests.factories import at
from tests.usecases.notifications import choose, mails_to, waiting
from tests.usecases.world import World
from tests.worker.senders import Sender

ALICE = "alice@alice.example"
PATIENCE = 20.0


class PowerCut(BaseException):
    """What ends a process without a word."""


class CutStore(SqlStore):
    """A database whose process ends at the end of its first transaction, before the commit."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.is_cut = False

    @override
    @asynccontextmanager
    async def transaction(self, agency_id: AgencyId) -> AsyncIterator[Records]:
        """Open a transaction that is never committed."""
        async with super().transaction(agency_id) as records:
            yield records
            self.is_cut = True
            raise PowerCut


class WordlessMails(NotificationMails):
    """Letters that cannot be written."""

    @override
    def told(self, *_: object, **__: object) -> Letter:
        """Fail."""
        raise ValueError("no words")

    @override
    def digest(self, *_: object, **__: object) -> Letter:
        """Fail."""
        raise ValueError("no words")


async def _something_waits(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    for number in range(3):
        await world.ticket(f"Ticket {number}")
    await tell_due(world.desk)
    world.now.set(at("07-07 08:00"))


async def test_a_worker_tells_news_and_sends_their_mails(world: World) -> None:
    await world.ticket()
    sender = Sender()
    worker = Worker(world.desk, sender, sleep_seconds=0.01)
    running = asyncio.create_task(worker.run())

    await asyncio.wait_for(sender.took_one.wait(), PATIENCE)
    worker.stop()
    await asyncio.wait_for(running, PATIENCE)

    assert [mail.recipient.email for mail in sender.sent] == [ALICE]


async def test_two_workers_tell_the_same_news_once(world: World, second_desk: Desk) -> None:
    for number in range(5):
        await world.ticket(f"Ticket {number}")

    await asyncio.gather(tell_due(world.desk), tell_due(second_desk))

    subjects = [mail.mail.subject for mail in await mails_to(world, ALICE)]
    assert sorted(subjects) == [f"[#{number + 1}] Ticket {number}" for number in range(5)]
    assert await world.rows(NEWS) == []


async def test_two_workers_promise_the_same_digest_once(world: World, second_desk: Desk) -> None:
    await _something_waits(world)

    promised = await asyncio.gather(
        *(tell_due(desk) for desk in (world.desk, second_desk, world.desk, second_desk))
    )

    assert sum(promised) == 1
    (mail,) = await mails_to(world, ALICE)
    assert all(f"Ticket {number}" in mail.mail.text for number in range(3))
    assert await waiting(world) == []


async def test_a_power_cut_while_news_are_told_leaves_them_to_be_told(world: World) -> None:
    await world.ticket()
    store = CutStore(world.database)
    with pytest.raises(PowerCut):
        await tell_due(replace(world.desk, store=store))
    assert store.is_cut
    assert await mails_to(world, ALICE) == []

    await tell_due(world.desk)
    await tell_due(world.desk)

    assert len(await mails_to(world, ALICE)) == 1


async def test_a_power_cut_in_a_digest_leaves_it_to_be_sent(world: World) -> None:
    await _something_waits(world)
    store = CutStore(world.database)
    with pytest.raises(PowerCut):
        await tell_due(replace(world.desk, store=store))
    assert len(await waiting(world)) == 3

    await tell_due(world.desk)
    await tell_due(world.desk)

    assert len(await mails_to(world, ALICE)) == 1


async def test_news_that_cannot_be_told_wait_and_hold_up_no_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.ticket("One")
    wordless = replace(world.desk, notification_letters=WordlessMails())
    await tell_due(wordless)
    await world.ticket("Other")

    await tell_due(world.desk)

    assert "news_not_told" in caplog.text
    (mail,) = await mails_to(world, ALICE)
    assert "Other" in mail.mail.subject
    (left,) = await world.rows(NEWS)
    assert left["last_error"] == "ValueError: no words"
    world.now.advance(minutes=1)
    await tell_due(world.desk)
    assert len(await mails_to(world, ALICE)) == 2


async def test_a_digest_that_cannot_be_written_comes_later(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await _something_waits(world)
    wordless = replace(world.desk, notification_letters=WordlessMails())
    await tell_due(wordless)
    await tell_due(world.desk)
    assert "digest_not_promised" in caplog.text
    assert await mails_to(world, ALICE) == []

    world.now.advance(minutes=5)
    await tell_due(world.desk)

    assert len(await mails_to(world, ALICE)) == 1
