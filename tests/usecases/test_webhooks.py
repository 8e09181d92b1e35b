"""An agency says where it wants to hear of what happens; nothing that was promised is lost."""

import base64
from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.ids import WebhookDeliveryId, WebhookId
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.domain.sending import SendingState
from helpdesk.domain.webhook import GIVEN_UP_DISABLED, Webhook, WebhookDisabled
from helpdesk.domain.webhook_address import WebhookAddressRules, WebhookUrlInsecure
from helpdesk.storage.tables.webhook import WEBHOOK
from helpdesk.usecases.create_webhook import NAME_LIMIT, CreateWebhook, create_webhook
from helpdesk.usecases.disable_webhook import DisableWebhook, disable_webhook
from helpdesk.usecases.promise_webhook import promise_webhook
from helpdesk.usecases.requeue_webhook_delivery import (
    RequeueWebhookDelivery,
    requeue_webhook_delivery,
)
from helpdesk.usecases.try_webhook import TEST_EVENT, TryWebhook, try_webhook
from tests.factories import AGENCY_ID
from tests.usecases.webhooks import URL, a_webhook, deliveries, promised
from tests.usecases.world import ZOES_AGENCY, World


async def test_a_webhook_is_made_with_a_secret_of_its_own(both_worlds: World) -> None:
    world = both_worlds

    webhook = await a_webhook(world, " CRM ")
    other = await a_webhook(world)

    assert (webhook.name, webhook.url, webhook.is_disabled) == ("CRM", URL, False)
    assert len(base64.b64decode(webhook.secret.removeprefix("whsec_"))) == 32
    assert webhook.secret != other.secret
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.webhooks.webhook(webhook.id) == webhook
    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert await records.webhooks.webhook(webhook.id) is None


async def test_a_webhook_has_a_name_and_an_address_that_can_be_called(world: World) -> None:
    for request, refusal in (
        (CreateWebhook(" ", URL), TextRequired),
        (CreateWebhook("x" * (NAME_LIMIT + 1), URL), TextTooLong),
        (CreateWebhook("CRM", "http://crm.example/"), WebhookUrlInsecure),
    ):
        async with world.refused(refusal):
            await create_webhook(world.desk, viewer=world.alice, request=request)


async def test_an_installation_says_whether_its_own_network_is_called(world: World) -> None:
    rules = WebhookAddressRules(allows_private=True)
    desk = replace(world.desk, webhook_addresses=rules)
    request = CreateWebhook("CRM", "http://localhost:9000/hooks")

    webhook = await create_webhook(desk, viewer=world.alice, request=request)

    assert webhook.url == "http://localhost:9000/hooks"
    async with world.refused(WebhookUrlInsecure):
        await create_webhook(world.desk, viewer=world.alice, request=request)


async def test_webhooks_are_the_business_of_who_may_change_the_agency(world: World) -> None:
    webhook = await a_webhook(world)
    await promised(world, webhook)
    (delivery,) = await deliveries(world)
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.AGENCY_WRITE})
    for viewer, refusal in ((world.bruno, AgencyOnly), (reader, ScopeMissing)):
        async with world.refused(refusal):
            await create_webhook(world.desk, viewer=viewer, request=CreateWebhook("CRM", URL))
        async with world.refused(refusal):
            await disable_webhook(world.desk, viewer=viewer, request=DisableWebhook(webhook.id))
        async with world.refused(refusal):
            await try_webhook(world.desk, viewer=viewer, request=TryWebhook(webhook.id))
        async with world.refused(refusal):
            await requeue_webhook_delivery(
                world.desk, viewer=viewer, request=RequeueWebhookDelivery(delivery["id"])
            )


async def test_a_webhook_of_another_agency_is_not_there(world: World) -> None:
    webhook = await a_webhook(world)
    await promised(world, webhook)
    (delivery,) = await deliveries(world)
    for webhook_id in (webhook.id, WebhookId("made-up")):
        async with world.refused(NotFound):
            await disable_webhook(world.desk, viewer=world.zoe, request=DisableWebhook(webhook_id))
        async with world.refused(NotFound):
            await try_webhook(world.desk, viewer=world.zoe, request=TryWebhook(webhook_id))
    for delivery_id in (delivery["id"], "made-up"):
        request = RequeueWebhookDelivery(WebhookDeliveryId(delivery_id))
        async with world.refused(NotFound):
            await requeue_webhook_delivery(world.desk, viewer=world.zoe, request=request)


async def test_a_promise_is_kept_with_the_transaction_or_not_at_all(both_worlds: World) -> None:
    world = both_worlds
    webhook = await a_webhook(world)

    with pytest.raises(RuntimeError, match="power cut"):
        await _promised_before_a_power_cut(world, webhook)
    assert await deliveries(world) == []

    await promised(world, webhook, number="12")
    (row,) = await deliveries(world)
    assert row["body"] == {
        "type": "ticket.opened",
        "timestamp": "2026-07-06T07:00:00Z",
        "data": {"number": "12"},
    }
    assert (row["kind"], row["state"], row["attempts"]) == ("ticket.opened", "PENDING", 0)
    assert row["created_at"] == row["send_after"] == world.now()


async def test_the_same_key_is_one_call_of_each_webhook(both_worlds: World) -> None:
    world = both_worlds
    crm, chat = await a_webhook(world), await a_webhook(world, "Chat")

    for number in (1, 2):
        await promised(world, crm, key="breach of 12", number=number)
        await promised(world, chat, key="breach of 12", number=number)

    rows = await deliveries(world)
    assert {row["webhook_id"] for row in rows} == {crm.id, chat.id}
    assert [row["body"]["data"] for row in rows] == [{"number": 1}] * 2


async def test_a_disabled_webhook_is_told_nothing_and_says_so(both_worlds: World) -> None:
    world = both_worlds
    webhook = await a_webhook(world)
    await promised(world, webhook, key="before")
    at = world.now()

    disabled = await disable_webhook(
        world.desk, viewer=world.alice, request=DisableWebhook(webhook.id)
    )
    await promised(world, disabled, key="after")

    assert disabled == replace(webhook, disabled_at=at)
    rows = await deliveries(world)
    assert [(row["state"], row["last_error"]) for row in rows] == [("DEAD", GIVEN_UP_DISABLED)] * 2
    assert await world.desk.store.queue().webhooks.due(at=world.now(), limit=9) == ()


async def test_a_webhook_is_disabled_once(both_worlds: World) -> None:
    world = both_worlds
    webhook = await a_webhook(world)
    request = DisableWebhook(webhook.id)
    first = await disable_webhook(world.desk, viewer=world.alice, request=request)
    world.now.advance(hours=1)
    before = await world.everything()

    again = await disable_webhook(world.desk, viewer=world.alice, request=request)

    assert again == first
    assert await world.everything() == before


async def test_what_another_webhook_waits_for_stays(world: World) -> None:
    webhook, other = await a_webhook(world), await a_webhook(world, "Chat")
    await promised(world, other)

    await disable_webhook(world.desk, viewer=world.alice, request=DisableWebhook(webhook.id))

    (row,) = await deliveries(world)
    assert row["state"] == "PENDING"
    assert [one["disabled_at"] for one in await world.rows(WEBHOOK) if one["id"] == other.id] == [
        None
    ]


async def test_a_manager_tries_a_webhook(both_worlds: World) -> None:
    world = both_worlds
    webhook = await a_webhook(world)

    first = await try_webhook(world.desk, viewer=world.alice, request=TryWebhook(webhook.id))
    second = await try_webhook(world.desk, viewer=world.alice, request=TryWebhook(webhook.id))

    rows = await deliveries(world)
    assert [row["id"] for row in rows] == [first.id, second.id]
    assert rows[0]["body"]["type"] == TEST_EVENT
    assert rows[0]["body"]["data"] == {"webhookName": "CRM", "askedBy": "Alice"}


async def test_a_disabled_webhook_is_neither_tried_nor_told_again(world: World) -> None:
    webhook = await a_webhook(world)
    await promised(world, webhook)
    await disable_webhook(world.desk, viewer=world.alice, request=DisableWebhook(webhook.id))
    (row,) = await deliveries(world)

    async with world.refused(WebhookDisabled) as refusal:
        await try_webhook(world.desk, viewer=world.alice, request=TryWebhook(webhook.id))
    assert refusal.value.path == ("webhookId",)
    async with world.refused(WebhookDisabled) as refusal:
        await requeue_webhook_delivery(
            world.desk, viewer=world.alice, request=RequeueWebhookDelivery(row["id"])
        )
    assert refusal.value.path == ("deliveryId",)


@pytest.mark.parametrize("state", ["PENDING", "DEAD", "SENT"])
async def test_a_delivery_is_made_again_under_the_same_id(both_worlds: World, state: str) -> None:
    world = both_worlds
    await promised(world, await a_webhook(world))
    queue = world.desk.store.queue().webhooks
    (call,) = await queue.due(at=world.now(), limit=1)
    if state == "SENT":
        await queue.mark_sent(call, at=world.now())
    else:
        retry_at = None if state == "DEAD" else world.now().replace(hour=23)
        await queue.mark_failed(call, "500", retry_at=retry_at)
    world.now.advance(hours=1)
    assert await queue.due(at=world.now(), limit=1) == ()

    queued = await requeue_webhook_delivery(
        world.desk, viewer=world.alice, request=RequeueWebhookDelivery(call.delivery.id)
    )

    assert queued == replace(call.delivery, send_after=world.now(), state=SendingState.PENDING)
    (again,) = await queue.due(at=world.now(), limit=1)
    assert again.delivery == queued


async def test_a_delivery_that_is_being_sent_stays_as_it_is(both_worlds: World) -> None:
    world = both_worlds
    await promised(world, await a_webhook(world))
    (call,) = await world.desk.store.queue().webhooks.due(at=world.now(), limit=1)
    before = await world.everything()

    delivery = await requeue_webhook_delivery(
        world.desk, viewer=world.alice, request=RequeueWebhookDelivery(call.delivery.id)
    )

    assert delivery.state is SendingState.SENDING
    assert await world.everything() == before


async def _promised_before_a_power_cut(world: World, webhook: Webhook) -> None:
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await promise_webhook(world.desk, records, webhook, "ticket.opened", {}, key="1")
        raise RuntimeError("power cut")
