"""The worker understands what waits: each message once, whoever else is at it."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import RETRY_LIMIT, InboundMailReason, InboundMailState
from helpdesk.domain.message import TextRequired
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.requeue_inbound_message import (
    RequeueInboundMessage,
    requeue_inbound_message,
)
from helpdesk.worker.inbox import understand, understand_due
from tests.usecases.mails import ZOES_MAILBOX, Door, a_mail, an_answer, at_a_torn_desk

OPENED = ("DONE", "OPENED_TICKET")


async def test_a_second_tick_finds_nothing_to_do(door: Door) -> None:
    await door.store(a_mail())

    assert await understand_due(door.world.desk) == 1

    before = await door.world.everything()
    assert await understand_due(door.world.desk) == 0
    assert await door.world.everything() == before
    assert [row["number"] for row in await door.tickets()] == ["1"]


async def test_two_workers_at_once_make_one_ticket_of_a_mail(door: Door, second_desk: Desk) -> None:
    for number in range(3):
        await door.store(a_mail(subject=f"Number {number}", message_id=f"{number}@bruno.example"))

    await asyncio.gather(understand_due(door.world.desk), understand_due(second_desk))
    await understand_due(door.world.desk)

    assert await door.inbox() == [OPENED] * 3
    assert sorted(row["subject"] for row in await door.tickets()) == [
        "Number 0",
        "Number 1",
        "Number 2",
    ]
    assert len(await door.world.outbox()) == 3


async def test_messages_are_understood_in_the_order_in_which_they_came(door: Door) -> None:
    await door.store(a_mail())
    door.world.now.advance(minutes=1)
    await door.store(an_answer("first@bruno.example"))

    assert await understand_due(door.world.desk) == 2

    assert await door.inbox() == [OPENED, ("DONE", "ANSWERED_TICKET")]
    assert len(await door.tickets()) == 1


async def test_one_worker_reads_the_mail_of_every_agency(door: Door) -> None:
    await door.store_all(a_mail(), recipients=(ZOES_MAILBOX, "support@alice.example"))

    assert await understand_due(door.world.desk) == 2

    assert {row["agency_id"] for row in await door.tickets()} == {
        door.world.alice.agency_id,
        door.world.zoe.agency_id,
    }


async def test_no_more_are_taken_than_asked(door: Door) -> None:
    for number in range(3):
        await door.store(a_mail(message_id=f"{number}@bruno.example"))

    queue = door.world.desk.store.queue().inbox
    due = await queue.claim("reader", at=door.world.now(), limit=2)

    assert len(due) == 2


async def test_a_bad_message_does_not_stop_the_next(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    bad = await door.store(a_mail())
    await door.store(a_mail(subject="The shop is slow", message_id="next@bruno.example"))
    desk = at_a_torn_desk(door.world.desk, [RuntimeError("no \x00 ink")])

    assert await understand_due(desk) == 2

    kept = await door.kept(bad.id)
    assert (kept.state, kept.reason) == (InboundMailState.FAILED, InboundMailReason.TROUBLE)
    assert (kept.attempts, kept.last_error) == (1, "RuntimeError: no \ufffd ink")
    assert [row["subject"] for row in await door.tickets()] == ["The shop is slow"]
    assert f"mail_failed id={bad.id}" in caplog.messages


async def test_a_refusal_is_written_down_as_it_is_said(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    stored = await door.store(a_mail())
    desk = at_a_torn_desk(door.world.desk, [TextRequired(field="subject")])

    mail = await understand(desk, stored)

    assert mail == await door.kept(stored.id)
    assert mail.last_error == "`subject` is empty: write a few words."
    warning = ("helpdesk.worker.inbox", logging.WARNING, f"mail_refused id={mail.id} code=REQUIRED")
    assert warning in caplog.record_tuples


async def test_a_failed_message_is_tried_again_when_its_time_has_come(door: Door) -> None:
    await door.store(a_mail())
    desk = at_a_torn_desk(door.world.desk, [RuntimeError("no ink"), RuntimeError("no ink")])
    await understand_due(desk)

    door.world.now.advance(minutes=1, hours=-1 / 3600)
    assert await understand_due(desk) == 0
    door.world.now.advance(hours=1 / 3600)
    assert await understand_due(desk) == 1

    (row,) = await door.world.rows(INBOUND_MAIL)
    mail = await door.kept(row["id"])
    assert (mail.attempts, mail.retry_at) == (2, _in(door, minutes=2))
    door.world.now.advance(minutes=2)
    assert await understand_due(desk) == 1
    assert await door.inbox() == [OPENED]


async def test_after_the_last_try_a_message_waits_for_people(door: Door) -> None:
    stored = await door.store(a_mail())
    desk = at_a_torn_desk(door.world.desk, [RuntimeError("no ink")] * RETRY_LIMIT)

    tries = 0
    for _ in range(2 * RETRY_LIMIT):
        tries += await understand_due(desk)
        door.world.now.advance(hours=3)

    assert tries == RETRY_LIMIT
    assert await door.inbox() == [("QUARANTINED", "TROUBLE")]
    assert await door.tickets() == []
    request = RequeueInboundMessage(stored.id)
    await requeue_inbound_message(desk, viewer=door.world.alice, request=request)
    assert await understand_due(desk) == 1
    assert await door.inbox() == [OPENED]


async def test_a_message_that_is_gone_is_returned_as_it_was(door: Door) -> None:
    stored = await door.store(a_mail())
    gone = replace(stored, id=InboundMailId("gone"))

    assert await understand(door.world.desk, gone) == gone

    assert await door.inbox() == [("STORED", None)]


def _in(door: Door, *, minutes: int) -> datetime:
    return door.world.now() + timedelta(minutes=minutes)
