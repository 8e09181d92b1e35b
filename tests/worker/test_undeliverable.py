"""Addresses that our mails do not reach get no mail that nobody wrote."""

import pytest

from helpdesk.domain.ids import TicketId
from helpdesk.domain.outgoing_mail import RecipientRefused
from helpdesk.storage.tables.undeliverable import UNDELIVERABLE_ADDRESS
from helpdesk.usecases.reached_again import ClearUndeliverableAddress, clear_undeliverable_address
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.worker.outbox import send_due
from tests.usecases.mails import Door, a_mail
from tests.worker.senders import Sender, outbox

BRUNO = "bruno@bruno.example"
NO_SUCH_USER = "550 5.1.1 <bruno@bruno.example>: no such user"


async def test_a_recipient_whom_the_server_refuses_is_marked(door: Door) -> None:
    ticket = await door.open()

    await send_due(door.world.desk, Sender([RecipientRefused(NO_SUCH_USER)]))

    refused, told = await outbox(door.world)
    assert (refused["state"], refused["last_error"]) == ("DEAD", NO_SUCH_USER)
    assert (refused["bounce_status"], refused["bounced_at"]) == ("5.1.1", door.world.now())
    (row,) = await door.world.rows(UNDELIVERABLE_ADDRESS)
    assert (row["address"], row["reason"]) == (BRUNO, NO_SUCH_USER)
    assert told["recipient"] == "alice@alice.example"
    assert NO_SUCH_USER in (await door.messages(ticket.id))[-1]["body"]


@pytest.mark.parametrize("reply", ["550 5.7.1 relaying denied", "552 5.2.2 mailbox full"])
async def test_a_refusal_that_says_less_marks_nothing_at_once(door: Door, reply: str) -> None:
    await door.open()

    await send_due(door.world.desk, Sender([RecipientRefused(reply)]))

    assert await door.world.rows(UNDELIVERABLE_ADDRESS) == []


async def test_no_automatic_mail_leaves_for_a_marked_address(door: Door) -> None:
    await _mark(door)
    await door.open(a_mail(subject="Another", message_id="2@bruno.example"))
    sender = Sender()

    await send_due(door.world.desk, sender)

    assert BRUNO not in [mail.recipient.email for mail in sender.sent]
    (row,) = [row for row in await outbox(door.world) if row["state"] == "SUPPRESSED"]
    assert row["last_error"] == (
        f"{BRUNO} is not reached since {door.world.now().isoformat()}: {NO_SUCH_USER}"
    )
    assert row["sent_at"] is None
    assert await send_due(door.world.desk, sender) == 0


async def test_the_words_of_a_person_are_tried_all_the_same(door: Door) -> None:
    ticket = await _mark(door)
    request = ReplyToTicket(ticket, "Can you read this?")
    await reply_to_ticket(door.world.desk, viewer=door.world.alice, request=request)
    sender = Sender()

    await send_due(door.world.desk, sender)

    assert BRUNO in [mail.recipient.email for mail in sender.sent]


async def test_mails_leave_again_once_the_address_was_cleared(door: Door) -> None:
    await _mark(door)
    request = ClearUndeliverableAddress(BRUNO)
    await clear_undeliverable_address(door.world.desk, viewer=door.world.alice, request=request)
    await door.open(a_mail(subject="Another", message_id="2@bruno.example"))
    sender = Sender()

    await send_due(door.world.desk, sender)

    assert BRUNO in [mail.recipient.email for mail in sender.sent]


async def _mark(door: Door) -> TicketId:
    ticket = await door.open()
    await send_due(door.world.desk, Sender([RecipientRefused(NO_SUCH_USER)]))
    return ticket.id
