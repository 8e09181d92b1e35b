"""Promised mails leave once; what fails is tried again, then given up where people see it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.ids import OutboxMailId
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.outgoing_mail import DeliveryPostponed, DeliveryRefused
from helpdesk.storage.sending import LEASE
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.worker.outbox import BATCH, RETRY_LIMIT, send_due
from tests.factories import AGENCY_ID
from tests.usecases.mails import Door, a_mail
from tests.worker.senders import Sender, SlowSender, outbox


@pytest.fixture
def sender() -> Sender:
    return Sender()


async def test_an_acknowledgement_leaves_once(door: Door, sender: Sender) -> None:
    await door.open()

    assert await send_due(door.world.desk, sender) == 1
    assert await send_due(door.world.desk, sender) == 0

    (mail,) = sender.sent
    assert mail.recipient == Address("Bruno", "bruno@bruno.example")
    (row,) = await outbox(door.world)
    assert (row["state"], row["attempts"]) == ("SENT", 1)
    assert (row["sent_at"], row["last_error"]) == (door.world.now(), None)


async def test_nothing_to_send_writes_nothing(door: Door, sender: Sender) -> None:
    before = await door.world.everything()

    assert await send_due(door.world.desk, sender) == 0

    assert await door.world.everything() == before


async def test_two_workers_at_once_send_each_mail_once(door: Door, second_desk: Desk) -> None:
    await _open_three(door)
    senders = Sender(), Sender()

    tried = await asyncio.gather(
        send_due(door.world.desk, senders[0]), send_due(second_desk, senders[1])
    )

    sent = [mail.message_id for sender in senders for mail in sender.sent]
    assert len(sent) == len(set(sent)) == sum(tried) == 3
    assert {row["state"] for row in await outbox(door.world)} == {"SENT"}


async def test_a_postponed_mail_is_tried_again_with_longer_pauses(door: Door) -> None:
    await door.open()
    sender = Sender([DeliveryPostponed("451 later"), OSError("no route to host")])
    at = door.world.now()

    assert await send_due(door.world.desk, sender) == 1

    (row,) = await outbox(door.world)
    assert (row["state"], row["attempts"], row["last_error"]) == ("PENDING", 1, "451 later")
    assert row["send_after"] == at + timedelta(minutes=1)
    assert await send_due(door.world.desk, sender) == 0
    door.world.now.advance(minutes=1)
    assert await send_due(door.world.desk, sender) == 1
    (row,) = await outbox(door.world)
    assert (row["attempts"], row["last_error"]) == (2, "no route to host")
    assert row["send_after"] == at + timedelta(minutes=1 + 2)
    door.world.now.advance(minutes=2)
    assert await send_due(door.world.desk, sender) == 1
    (row,) = await outbox(door.world)
    assert (row["state"], row["attempts"], row["last_error"]) == ("SENT", 3, None)
    assert len(sender.sent) == 1


async def test_a_refused_mail_is_given_up_and_says_why(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    await door.open()
    sender = Sender([DeliveryRefused("550 no such user")])

    await send_due(door.world.desk, sender)

    (row,) = await outbox(door.world)
    assert (row["state"], row["attempts"]) == ("DEAD", 1)
    assert (row["last_error"], row["sent_at"]) == ("550 no such user", None)
    assert f"mail_not_sent id={row['id']} retry_at=None" in caplog.messages
    door.world.now.advance(days=30)
    assert await send_due(door.world.desk, sender) == 0
    assert sender.sent == []


async def test_a_mail_that_never_leaves_is_given_up(door: Door) -> None:
    await door.open()
    sender = Sender([DeliveryPostponed("451 later")] * 2 * RETRY_LIMIT)

    tried = 0
    for _ in range(2 * RETRY_LIMIT):
        tried += await send_due(door.world.desk, sender)
        door.world.now.advance(hours=9)

    assert tried == RETRY_LIMIT
    (row,) = await outbox(door.world)
    assert (row["state"], row["attempts"]) == ("DEAD", RETRY_LIMIT)


async def test_a_mail_that_cannot_be_written_does_not_stop_the_next(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    await _open_three(door)
    sender = Sender([None, ValueError("bad \x00 header")])

    assert await send_due(door.world.desk, sender) == 3

    rows = await outbox(door.world)
    assert [row["state"] for row in rows] == ["SENT", "PENDING", "SENT"]
    assert rows[1]["last_error"] == "ValueError: bad \ufffd header"
    assert len(sender.sent) == 2
    (record,) = [each for each in caplog.records if "mail_not_sent" in each.message]
    assert record.exc_info is not None


async def test_a_crash_while_sending_makes_the_mail_due_again_after_a_while(
    door: Door, sender: Sender
) -> None:
    await door.open()
    with pytest.raises(KeyboardInterrupt):
        await send_due(door.world.desk, Sender([KeyboardInterrupt()]))
    (row,) = await outbox(door.world)
    assert (row["state"], row["attempts"]) == ("SENDING", 1)

    door.world.now.advance(minutes=LEASE.total_seconds() / 60 - 0.001)
    assert await send_due(door.world.desk, sender) == 0
    door.world.now.advance(minutes=0.001)
    assert await send_due(door.world.desk, sender) == 1

    (row,) = await outbox(door.world)
    assert (row["state"], row["attempts"]) == ("SENT", 2)


async def test_a_mail_is_claimed_only_when_its_turn_comes(door: Door, second_desk: Desk) -> None:
    await _open_three(door)
    slow, quick = SlowSender(), Sender()

    held = asyncio.create_task(send_due(door.world.desk, slow))
    await slow.has_one.wait()
    door.world.now.advance(minutes=4)
    assert await send_due(second_desk, quick) == 2
    slow.may_take.set()

    assert await held == 1
    assert (len(slow.sent), len(quick.sent)) == (1, 2)


@pytest.mark.parametrize("outcome", ["sent", "failed", "refused"])
async def test_a_worker_that_was_too_slow_changes_nothing_any_more(
    door: Door, sender: Sender, outcome: str
) -> None:
    await door.open()
    queue = door.world.desk.store.queue()
    (late,) = await queue.due_outbox(at=door.world.now(), limit=1)
    door.world.now.advance(minutes=5)
    await send_due(door.world.desk, sender)
    before = await door.world.everything()

    if outcome == "sent":
        await queue.mark_sent(late, at=door.world.now())
    else:
        retry_at = None if outcome == "refused" else door.world.now()
        await queue.mark_failed(late, "too late", retry_at=retry_at)

    assert await door.world.everything() == before


async def test_no_more_than_a_batch_leaves_in_a_round(door: Door, sender: Sender) -> None:
    await door.open()
    (acknowledgement,) = await door.world.outbox()
    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        for number in range(BATCH):
            await records.mail.promise(_another(acknowledgement, number))

    assert await send_due(door.world.desk, sender) == BATCH
    assert await send_due(door.world.desk, sender) == 1
    assert len({mail.message_id for mail in sender.sent}) == BATCH + 1


def _another(mail: OutboxMail, number: int) -> OutboxMail:
    return replace(
        mail,
        id=OutboxMailId(f"mail-{number}"),
        idempotency_key=f"key-{number}",
        mail=replace(mail.mail, message_id=f"{number}@alice.example"),
    )


async def _open_three(door: Door) -> None:
    for number in range(3):
        await door.open(a_mail(subject=f"Number {number}", message_id=f"{number}@bruno.example"))
