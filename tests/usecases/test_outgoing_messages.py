"""A person looks after the mails that did not leave: they are sent after all, or given up."""

import asyncio

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.ids import OutboxMailId
from helpdesk.domain.outgoing_mail import DeliveryRefused, OutgoingMail
from helpdesk.domain.outgoing_state import MailSentAlready, OutgoingState, outgoing_state
from helpdesk.storage.database import open_database
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from helpdesk.usecases.requeue_outgoing_message import (
    OutgoingMessages,
    discard_outgoing_messages,
    requeue_outgoing_messages,
)
from helpdesk.worker.outbox import send_due
from tests.factories import a_viewer
from tests.usecases.mails import Door, a_mail
from tests.usecases.world import RowOf, World


@pytest.fixture
def door(both_worlds: World) -> Door:
    return Door(both_worlds)


class Relay:
    """A mail server that refuses while it is told to."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.sent: list[str] = []

    async def send(self, mail: OutgoingMail) -> None:
        if self.refuses:
            raise DeliveryRefused("550 go away")
        self.sent.append(mail.message_id)


async def a_promised_mail(door: Door, message_id: str = "first@bruno.example") -> OutboxMailId:
    await door.receive(a_mail(message_id=message_id))
    return (await door.world.outbox())[-1].id


async def a_dead_letter(door: Door) -> OutboxMailId:
    mail_id = await a_promised_mail(door)
    await send_due(door.world.desk, Relay(refuses=True))
    assert await state(door) is OutgoingState.FAILED
    return mail_id


async def rows(door: Door) -> list[RowOf]:
    return await door.world.rows(OUTBOX_MAIL)


async def state(door: Door) -> OutgoingState:
    [row] = await rows(door)
    return outgoing_state(row["state"])


async def requeue(door: Door, *ids: OutboxMailId) -> None:
    request = OutgoingMessages(ids)
    await requeue_outgoing_messages(door.world.desk, viewer=door.world.alice, request=request)


async def discard(door: Door, *ids: OutboxMailId) -> None:
    request = OutgoingMessages(ids)
    await discard_outgoing_messages(door.world.desk, viewer=door.world.alice, request=request)


async def test_a_dead_letter_is_sent_after_all_as_the_same_mail(door: Door) -> None:
    mail_id = await a_dead_letter(door)
    [promised] = await door.world.outbox()

    await requeue(door, mail_id)

    [row] = await rows(door)
    assert (row["state"], row["attempts"], row["last_error"]) == ("PENDING", 0, None)
    relay = Relay()
    await send_due(door.world.desk, relay)
    assert relay.sent == [promised.mail.message_id]
    assert await state(door) is OutgoingState.SENT


async def test_a_mail_that_waits_for_its_next_try_is_tried_now(door: Door) -> None:
    mail_id = await a_promised_mail(door)
    queue = door.world.desk.store.queue()
    [mail] = await queue.due_outbox(at=door.world.now(), limit=1)
    later = door.world.now().replace(year=2027)
    await queue.mark_failed(mail, "try later", retry_at=later)

    await requeue(door, mail_id)

    relay = Relay()
    await send_due(door.world.desk, relay)
    assert len(relay.sent) == 1


async def test_a_mail_that_is_given_up_is_never_sent_and_says_by_whom(door: Door) -> None:
    mail_id = await a_promised_mail(door)

    await discard(door, mail_id)

    relay = Relay()
    await send_due(door.world.desk, relay)
    assert relay.sent == []
    [row] = await rows(door)
    assert outgoing_state(row["state"]) is OutgoingState.DISCARDED
    assert (row["discarded_by"], row["discarded_at"]) == ("Alice", door.world.now())


async def test_a_mail_that_was_given_up_may_be_sent_after_all(door: Door) -> None:
    mail_id = await a_dead_letter(door)
    await discard(door, mail_id)

    await requeue(door, mail_id)

    [row] = await rows(door)
    assert (row["state"], row["discarded_by"], row["discarded_at"]) == ("PENDING", None, None)


async def test_giving_up_twice_changes_nothing(door: Door) -> None:
    mail_id = await a_dead_letter(door)
    await discard(door, mail_id)
    before = await door.world.everything()
    door.world.now.advance(hours=1)

    await discard(door, mail_id, mail_id)

    assert await door.world.everything() == before


async def test_a_mail_in_the_hand_of_a_worker_is_left_to_it(door: Door) -> None:
    mail_id = await a_promised_mail(door)
    await door.world.desk.store.queue().due_outbox(at=door.world.now(), limit=1)
    before = await door.world.everything()

    await requeue(door, mail_id)
    await discard(door, mail_id)

    assert await door.world.everything() == before


async def test_a_mail_that_left_is_not_sent_again_nor_given_up(door: Door) -> None:
    mail_id = await a_promised_mail(door)
    await send_due(door.world.desk, Relay())

    async with door.world.refused(MailSentAlready) as refusal:
        await requeue(door, mail_id)
    async with door.world.refused(MailSentAlready):
        await discard(door, mail_id)
    assert "bruno@bruno.example" in str(refusal.value)


async def test_all_of_them_or_none(door: Door) -> None:
    mail_id = await a_dead_letter(door)

    async with door.world.refused(NotFound):
        await requeue(door, mail_id, OutboxMailId("nothing"))


async def test_two_people_at_once_and_a_worker_send_it_once(door: Door, database_url: str) -> None:
    mail_id = await a_dead_letter(door)
    second = await open_database(database_url)
    request = OutgoingMessages((mail_id,))
    await asyncio.gather(
        *(
            requeue_outgoing_messages(desk, viewer=door.world.alice, request=request)
            for desk in (door.world.desk, desk_on(second, now=door.world.now))
        )
    )
    await second.close()

    relay = Relay()
    await send_due(door.world.desk, relay)
    assert len(relay.sent) == 1


async def test_only_the_agency_may_and_of_its_own_mails(door: Door) -> None:
    mail_id = await a_dead_letter(door)
    request = OutgoingMessages((mail_id,))
    for viewer, error in (
        (door.world.bruno, AgencyOnly),
        (a_viewer(scopes=frozenset({Scope.MAIL_READ})), ScopeMissing),
        (door.world.zoe, NotFound),
    ):
        async with door.world.refused(error):
            await requeue_outgoing_messages(door.world.desk, viewer=viewer, request=request)
        async with door.world.refused(error):
            await discard_outgoing_messages(door.world.desk, viewer=viewer, request=request)
