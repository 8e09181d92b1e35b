"""Managers hear once that a mailbox is not read, and once a day that mails wait for a decision."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.domain.inbox import InboundMailReason, InboundMailState, MailboxPosition
from helpdesk.storage.database import open_database
from helpdesk.usecases.read_mailbox import MailboxShelf
from helpdesk.usecases.tell_of_mail_trouble import tell_of_mail_trouble
from helpdesk.worker.mail_watch import LOOK_SECONDS, look_pause, watch_mails
from tests.factories import AGENCY_ID
from tests.usecases.mails import Door, a_mail
from tests.usecases.set_aside import a_looping_message
from tests.usecases.world import MAILBOX, World

ACCOUNT = "support@imap.example/INBOX"


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def looked(door: Door, error: str | None = None) -> None:
    shelf = MailboxShelf(door.world.desk, MAILBOX)
    kept = await shelf.position(ACCOUNT)
    before = None if kept is None else kept.looked_at
    looked_at = door.world.now() if error is None else before
    await shelf.remember(MailboxPosition(ACCOUNT, 1, 7, looked_at, error))


async def subjects(door: Door) -> list[str]:
    """Return what the managers are told after a look."""
    await tell_of_mail_trouble(door.world.desk, AGENCY_ID)
    mails = await door.world.outbox()
    assert {mail.mail.recipient.email for mail in mails} <= {"alice@alice.example"}
    return [mail.mail.subject for mail in mails]


UNREAD = f"La boîte {ACCOUNT} n'est plus relevée"
WAITING = "Des mails attendent une décision"


async def test_a_mailbox_that_fails_is_told_after_half_an_hour_and_once(door: Door) -> None:
    await looked(door)
    await looked(door, "login refused")
    door.world.now.advance(minutes=29)
    assert await subjects(door) == []

    door.world.now.advance(minutes=1)
    assert await subjects(door) == [UNREAD]

    await looked(door, "server away")
    door.world.now.advance(hours=2)
    assert await subjects(door) == [UNREAD]
    [mail] = await door.world.outbox()
    assert "login refused" in mail.mail.text
    assert "lundi 6 juillet à 9 h" in mail.mail.text


async def test_a_mailbox_that_nobody_reads_is_told_too(door: Door) -> None:
    await looked(door)
    door.world.now.advance(minutes=30)

    assert await subjects(door) == [UNREAD]


async def test_a_mailbox_that_never_could_be_read_is_told(door: Door) -> None:
    await looked(door, "login refused")
    door.world.now.advance(hours=3)

    assert await subjects(door) == [UNREAD]


async def test_the_next_time_that_it_fails_is_told_again(door: Door) -> None:
    for _ in range(2):
        await looked(door)
        await looked(door, "login refused")
        door.world.now.advance(hours=1)
        await subjects(door)

    assert await subjects(door) == [UNREAD, UNREAD]


async def test_a_mailbox_that_is_read_again_in_time_is_not_told(door: Door) -> None:
    await looked(door, "login refused")
    door.world.now.advance(minutes=25)
    await looked(door)
    door.world.now.advance(minutes=25)

    assert await subjects(door) == []


async def test_nobody_is_told_at_night_and_everybody_in_the_morning(door: Door) -> None:
    door.world.now.advance(hours=12)
    await looked(door, "login refused")
    door.world.now.advance(hours=2)
    assert await subjects(door) == []

    door.world.now.advance(hours=9)
    assert await subjects(door) == [UNREAD]


async def test_what_waits_is_told_once_a_day_while_it_does(door: Door) -> None:
    mail = await a_looping_message(door)
    assert await subjects(door) == [WAITING]
    door.world.now.advance(hours=3)
    assert await subjects(door) == [WAITING]

    door.world.now.advance(days=1)
    assert await subjects(door) == [WAITING, WAITING]

    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        await records.mail.save_inbound(replace(mail, state=InboundMailState.IGNORED))
    door.world.now.advance(days=1)
    assert await subjects(door) == [WAITING, WAITING]


async def test_the_mails_of_blocked_senders_wait_for_nobody(door: Door) -> None:
    stored = await door.store(a_mail())
    aside = replace(
        stored, state=InboundMailState.QUARANTINED, reason=InboundMailReason.BLOCKED_SENDER
    )
    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        await records.mail.save_inbound(aside)

    assert await subjects(door) == []


async def test_mails_that_could_not_leave_are_told_with_their_number(door: Door) -> None:
    await door.receive(a_mail())
    queue = door.world.desk.store.queue()
    [mail] = await queue.due_outbox(at=door.world.now(), limit=1)
    await queue.mark_failed(mail, "no such user", retry_at=None)

    await tell_of_mail_trouble(door.world.desk, AGENCY_ID)

    _, told = await door.world.outbox()
    assert told.mail.subject == WAITING
    assert "n'ont pas pu partir\u00a0: 1." in told.mail.text
    assert "mis de côté" not in told.mail.text


async def test_two_workers_tell_it_once(both_worlds: World, database_url: str) -> None:
    door = Door(both_worlds)
    await a_looping_message(door)
    await looked(door, "login refused")
    both_worlds.now.advance(hours=1)
    second = await open_database(database_url)

    await asyncio.gather(
        *(
            tell_of_mail_trouble(desk, AGENCY_ID)
            for desk in (both_worlds.desk, desk_on(second, now=both_worlds.now))
        )
    )
    await second.close()

    mails = await both_worlds.outbox()
    assert sorted(mail.mail.subject for mail in mails) == [WAITING, UNREAD]


async def test_every_agency_is_watched_until_the_worker_stops(door: Door) -> None:
    await a_looping_message(door)

    assert await watch_mails(door.world.desk, lambda: True) == 0
    assert await door.world.outbox() == ()

    assert await watch_mails(door.world.desk, lambda: False) == 0
    assert len(await door.world.outbox()) == 1
    assert await look_pause() == LOOK_SECONDS
