"""A message that was set aside is read again, when the agency says so."""

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import RETRY_LIMIT, InboundMail, InboundMailReason, InboundMailState
from helpdesk.usecases.inbound_mail_trouble import record_inbound_trouble
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.requeue_inbound_message import (
    RequeueInboundMessage,
    requeue_inbound_message,
)
from tests.factories import AGENCY_ID, a_viewer
from tests.usecases.mails import Door, a_mail
from tests.usecases.world import World


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


@pytest.fixture
async def quarantined(door: Door) -> InboundMail:
    """A message that nobody could understand, however often it was tried."""
    stored = await door.store(a_mail())
    for _ in range(RETRY_LIMIT):
        await record_inbound_trouble(door.world.desk, AGENCY_ID, stored.id, "no ink")
    mail = await door.kept(stored.id)
    assert mail.state is InboundMailState.QUARANTINED
    return mail


async def test_a_quarantined_message_starts_again(door: Door, quarantined: InboundMail) -> None:
    queued = await requeue_inbound_message(
        door.world.desk, viewer=door.world.alice, request=RequeueInboundMessage(quarantined.id)
    )

    assert queued == await door.kept(quarantined.id)
    assert (queued.state, queued.reason) == (InboundMailState.STORED, None)
    assert (queued.attempts, queued.retry_at, queued.last_error) == (0, None, None)
    queue = door.world.desk.store.queue().inbox
    due = await queue.claim("reader", at=door.world.now(), limit=10)
    assert [mail.id for mail in due] == [quarantined.id]
    outcome = await receive_email(door.world.desk, AGENCY_ID, quarantined.id)
    assert (outcome.state, outcome.attempts) == (InboundMailState.DONE, 1)


async def test_an_ignored_message_may_be_read_again(door: Door) -> None:
    ignored = await door.receive(a_mail(Auto_Submitted="auto-replied"))
    request = RequeueInboundMessage(ignored.id)

    queued = await requeue_inbound_message(
        door.world.desk, viewer=door.world.alice, request=request
    )

    assert (queued.state, queued.reason, queued.processed_at) == (
        InboundMailState.STORED,
        None,
        None,
    )
    again = await receive_email(door.world.desk, AGENCY_ID, ignored.id)
    assert (again.state, again.reason) == (InboundMailState.IGNORED, InboundMailReason.AUTOMATIC)


async def test_a_message_that_became_a_ticket_stays_as_it_is(door: Door) -> None:
    outcome = await door.receive(a_mail())
    before = await door.world.everything()
    request = RequeueInboundMessage(outcome.id)

    answer = await requeue_inbound_message(
        door.world.desk, viewer=door.world.alice, request=request
    )

    assert answer == outcome
    assert await door.world.everything() == before


async def test_a_message_of_nobody_is_not_found(door: Door, quarantined: InboundMail) -> None:
    assert quarantined.id != "nothing"

    async with door.world.refused(NotFound) as refusal:
        await requeue_inbound_message(
            door.world.desk,
            viewer=door.world.alice,
            request=RequeueInboundMessage(InboundMailId("nothing")),
        )

    assert refusal.value.path == ("inboundMessageId",)


async def test_a_message_of_another_agency_does_not_exist(
    door: Door, quarantined: InboundMail
) -> None:
    async with door.world.refused(NotFound):
        await requeue_inbound_message(
            door.world.desk,
            viewer=door.world.zoe,
            request=RequeueInboundMessage(quarantined.id),
        )


async def test_a_client_may_not_touch_the_inbox(door: Door, quarantined: InboundMail) -> None:
    async with door.world.refused(AgencyOnly):
        await requeue_inbound_message(
            door.world.desk,
            viewer=door.world.bruno,
            request=RequeueInboundMessage(quarantined.id),
        )


async def test_a_token_without_the_scope_may_not_either(
    door: Door, quarantined: InboundMail
) -> None:
    reader = a_viewer(scopes=frozenset(Scope) - {Scope.MAIL_WRITE})

    async with door.world.refused(ScopeMissing):
        await requeue_inbound_message(
            door.world.desk, viewer=reader, request=RequeueInboundMessage(quarantined.id)
        )
