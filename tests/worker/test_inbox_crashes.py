"""A message that ends its reader is counted before it is read, and set aside; the rest goes on.

Readers die here as processes do: without a word.
"""

import asyncio
import os
import signal
import socket
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import CRASH_LIMIT, InboundMail
from helpdesk.storage.errors import DatabaseBusy
from helpdesk.storage.inbound_queue import LEASE
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_mail_trouble import CRASHED, set_crasher_aside
from helpdesk.usecases.mail_ports import InboundQueue, SuspectMail
from helpdesk.worker.inbox import BUSY_LIMIT, LONGEST_ROUND, InboxReader, understand_due
from tests.usecases.mails import Door, a_mail

OPENED, ASIDE = ("DONE", "OPENED_TICKET"), ("QUARANTINED", "TROUBLE")
DEAD_HERE = f"{socket.gethostname()} 4194305 1 dead"
"""A process of this machine with a number that none can have."""

ELSEWHERE = "another-machine 1 1 alive"


def queue_of(door: Door) -> InboundQueue:
    return door.world.desk.store.queue().inbox


async def three(door: Door) -> list[InboundMail]:
    return [
        await door.store(a_mail(subject=f"Number {n}", message_id=f"{n}@bruno.example"))
        for n in range(3)
    ]


async def test_a_message_that_kills_every_process_is_set_aside_and_the_others_are_read(
    door: Door, database_url: str
) -> None:
    for number, word in enumerate(("fine", "POISON", "fine")):
        await door.store(a_mail(word, message_id=f"{number}@bruno.example"))

    ends: list[int] = []
    while not ends or ends[-1] != 0:
        assert len(ends) < 2 * CRASH_LIMIT
        command = (sys.executable, "-m", "tests.worker.poisoned", database_url)
        process = await asyncio.create_subprocess_exec(*command)
        ends.append(await process.wait())

    assert ends == [*[-signal.SIGKILL] * (1 + CRASH_LIMIT), 0]
    assert await door.inbox() == [OPENED, ASIDE, OPENED]
    assert len(await door.tickets()) == 2
    [row] = [row for row in await door.world.rows(INBOUND_MAIL) if row["state"] == "QUARANTINED"]
    assert row["last_error"] == CRASHED.format(crashes=CRASH_LIMIT + 1)
    assert (row["claimed_by"], row["claimed_at"], row["crashes"]) == (None, None, 0)


async def test_what_a_dead_process_of_this_machine_held_is_read_at_once(door: Door) -> None:
    await three(door)
    await queue_of(door).claim(DEAD_HERE, at=door.world.now(), limit=2)

    reader = InboxReader(door.world.desk)
    rounds = [await reader.understand_due() for _ in range(3)]

    assert rounds == [3, 0, 0]
    assert await door.inbox() == [OPENED] * 3
    assert [ticket["subject"] for ticket in await door.tickets()] == [
        f"Number {n}" for n in range(3)
    ]


async def test_what_was_tried_alone_in_vain_waits_behind_what_came_later(door: Door) -> None:
    await three(door)
    await queue_of(door).claim(DEAD_HERE, at=door.world.now(), limit=1)
    await queue_of(door).free([DEAD_HERE])
    await queue_of(door).claim_suspect(DEAD_HERE, at=door.world.now())

    await understand_due(door.world.desk)

    assert [ticket["subject"] for ticket in await door.tickets()] == [
        f"Number {n}" for n in (1, 2, 0)
    ]


async def test_a_process_with_the_number_of_a_dead_one_is_not_taken_for_it(door: Door) -> None:
    await three(door)
    before = f"{socket.gethostname()} {os.getpid()} 1 before-the-restart"
    await queue_of(door).claim(before, at=door.world.now(), limit=3)

    assert await understand_due(door.world.desk) == 3

    assert await door.inbox() == [OPENED] * 3


async def test_what_a_living_process_holds_is_left_to_it(door: Door) -> None:
    await three(door)
    for name in (ELSEWHERE, "a name of another kind", InboxReader(door.world.desk).name):
        assert len(await queue_of(door).claim(name, at=door.world.now(), limit=1)) == 1

    assert await understand_due(door.world.desk) == 0

    assert await door.inbox() == [("STORED", None)] * 3


async def test_what_is_held_for_too_long_is_read_by_another(door: Door) -> None:
    await three(door)
    await queue_of(door).claim(ELSEWHERE, at=door.world.now(), limit=3)
    door.world.now.advance(minutes=LEASE / timedelta(minutes=1))

    reader = InboxReader(door.world.desk)
    rounds = [await reader.understand_due() for _ in range(4)]

    assert rounds == [3, 0, 0, 0]
    assert await door.inbox() == [OPENED] * 3


async def test_a_message_is_counted_before_it_is_read(door: Door) -> None:
    [mail, *_] = await three(door)
    await queue_of(door).claim(DEAD_HERE, at=door.world.now(), limit=1)
    await queue_of(door).free([DEAD_HERE])

    crashes: list[int] = []
    for _ in range(CRASH_LIMIT):
        suspect = await queue_of(door).claim_suspect(DEAD_HERE, at=door.world.now())
        assert suspect is not None
        assert suspect.mail.id == mail.id
        crashes.append(suspect.crashes)
        await queue_of(door).free([DEAD_HERE])

    assert crashes == [1, 2, 3]


async def test_a_message_that_was_counted_too_often_is_set_aside_unread(door: Door) -> None:
    await three(door)
    for _ in range(CRASH_LIMIT + 1):
        await queue_of(door).claim(DEAD_HERE, at=door.world.now(), limit=1)
        await queue_of(door).free([DEAD_HERE])
        await queue_of(door).claim_suspect(DEAD_HERE, at=door.world.now())

    assert await understand_due(door.world.desk) == 3

    assert await door.inbox() == [ASIDE, OPENED, OPENED]


async def test_a_suspect_that_was_read_meanwhile_is_not_set_aside(door: Door) -> None:
    outcome = await door.receive(a_mail())

    answer = await set_crasher_aside(door.world.desk, SuspectMail(outcome, CRASH_LIMIT + 1))

    assert answer == outcome == await door.kept(outcome.id)


async def test_two_readers_never_hold_the_same_message(door: Door, second_desk: Desk) -> None:
    await three(door)
    queues = (queue_of(door), second_desk.store.queue().inbox)

    claimed = await asyncio.gather(
        *(
            queue.claim(f"reader {number}", at=door.world.now(), limit=3)
            for number, queue in enumerate(queues)
        )
    )

    ids = [mail.id for mails in claimed for mail in mails]
    assert len(ids) == len(set(ids)) == 3


async def test_a_batch_that_takes_long_is_claimed_anew(door: Door) -> None:
    await three(door)
    parse = door.world.desk.parse_email

    def slowly(raw: bytes) -> InboundEmail:
        door.world.now.advance(minutes=LONGEST_ROUND / timedelta(minutes=1) + 1)
        return parse(raw)

    reader = InboxReader(replace(door.world.desk, parse_email=slowly))
    rounds = [await reader.understand_due() for _ in range(4)]

    assert rounds == [1, 1, 1, 0]
    assert await door.inbox() == [OPENED] * 3


def at_a_busy_desk(desk: Desk, times: int, word: bytes = b"") -> Desk:
    """Return the desk whose store is so often busy, at messages with a word."""
    left = [DatabaseBusy("the write lock is held")] * times

    def parse(raw: bytes) -> InboundEmail:
        if left and word in raw:
            raise left.pop()
        return desk.parse_email(raw)

    return replace(desk, parse_email=parse)


async def test_a_busy_database_is_no_try_and_delays_for_a_second(door: Door) -> None:
    stored = await door.store(a_mail())
    reader = InboxReader(at_a_busy_desk(door.world.desk, 1))

    await reader.understand_due()

    kept = await door.kept(stored.id)
    assert (kept.state, kept.attempts, kept.last_error) == ("STORED", 0, None)
    door.world.now.advance(minutes=1 / 60)
    await reader.understand_due()
    assert await door.inbox() == [OPENED]


async def test_a_message_that_keeps_the_database_busy_blocks_no_other_and_ends_as_a_try(
    door: Door,
) -> None:
    busy = await door.store(a_mail("ENDLESS", message_id="0@bruno.example"))
    await door.store(a_mail(message_id="1@bruno.example"))
    reader = InboxReader(at_a_busy_desk(door.world.desk, BUSY_LIMIT, b"ENDLESS"))

    for _ in range(BUSY_LIMIT):
        await reader.understand_due()
        door.world.now.advance(minutes=1)

    assert await door.inbox() == [("FAILED", "TROUBLE"), OPENED]
    assert (await door.kept(busy.id)).attempts == 1
    door.world.now.advance(minutes=1)
    await reader.understand_due()
    assert await door.inbox() == [OPENED, OPENED]


@pytest.mark.parametrize("bad", ["subject \x00", "lone \udc80"])
async def test_what_no_database_keeps_does_not_stop_the_next(door: Door, bad: str) -> None:
    await door.store(a_mail("BAD", message_id="0@bruno.example"))
    await door.store(a_mail(message_id="1@bruno.example"))
    desk = door.world.desk

    def parse(raw: bytes) -> InboundEmail:
        email = desk.parse_email(raw)
        return replace(email, text=bad, subject=bad) if b"BAD" in raw else email

    assert await understand_due(replace(desk, parse_email=parse)) == 2

    states = await door.inbox()
    assert states[1] == OPENED
    assert states[0] in {OPENED, ("FAILED", "TROUBLE")}
