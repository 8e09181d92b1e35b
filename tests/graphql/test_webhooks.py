"""Webhooks through the API: the secret is shown once, and what was not told is told again."""

from typing import Any

from helpdesk.domain.sending import SendingState
from helpdesk.storage.tables.webhook import WEBHOOK
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

WEBHOOK_FIELDS = "webhook { id name url createdAt disabledAt }"
DELIVERY = (
    "delivery { id messageId kind state attempts lastError nextAttemptAt sentAt webhook { name } }"
)
LATEST = """query Q($state: [WebhookDeliveryState!]) {
  webhooks(orderBy: {field: CREATED_AT, direction: ASC}) { totalCount nodes { name disabledAt
    deliveries(first: 2, filter: {state: $state}) { totalCount
      nodes { kind state attempts lastError nextAttemptAt sentAt } } } } }"""
CRM = {"name": "CRM", "url": "https://crm.example/hooks"}

Json = Any  # what JSON gives


async def _nodes(api: Api, state: list[str] | None = None) -> dict[str, Json]:
    answer = await api.data(LATEST, state=state)
    return {node["name"]: node for node in answer["webhooks"]["nodes"]}


async def test_a_secret_is_shown_once(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))

    made = await done(alice, "createWebhook", f"secret {WEBHOOK_FIELDS}", **CRM)

    assert made["secret"].startswith("whsec_")
    assert made["webhook"] | {"id": ""} == {
        "id": "",
        **CRM,
        "createdAt": "2026-07-06T07:00:00Z",
        "disabledAt": None,
    }
    assert made["secret"] not in str(await _nodes(alice))
    assert made["secret"] in str((await everything_in(both_worlds.database))[WEBHOOK.name])


async def test_an_address_that_may_not_be_called_is_refused(world: World, alice: Api) -> None:
    before = await everything_in(world.database)

    for url, said in (
        ("http://crm.example/", "https"),
        ("https://alice:pass@crm.example/", "identifiant"),
        ("https://10.0.0.1/", "réseau privé"),
    ):
        payload = await do(alice, "createWebhook", WEBHOOK_FIELDS, name="CRM", url=url)
        [error] = payload["errors"]
        assert (error["code"], error["path"]) == ("BAD_INPUT", ["input", "url"])
        assert said in error["message"]
    assert await everything_in(world.database) == before


async def test_the_latest_deliveries_are_seen_with_what_became_of_them(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    queue = world.desk.store.queue().webhooks
    (first,) = await queue.due(at=world.now(), limit=1)
    await queue.mark_failed(first, "500 no room", retry_at=None)
    (second,) = await queue.due(at=world.now(), limit=1)

    by_name = await _nodes(alice)
    await queue.mark_sent(second, at=world.now())
    dead = await _nodes(alice, [SendingState.DEAD.value])

    [given_up] = by_name[first.webhook.name]["deliveries"]["nodes"]
    assert given_up == {
        "kind": "ticket.opened",
        "state": "DEAD",
        "attempts": 1,
        "lastError": "500 no room",
        "nextAttemptAt": None,
        "sentAt": None,
    }
    [being_sent] = by_name[second.webhook.name]["deliveries"]["nodes"]
    assert (being_sent["state"], being_sent["nextAttemptAt"]) == ("SENDING", None)
    assert dead[first.webhook.name]["deliveries"]["totalCount"] == 1
    assert dead[second.webhook.name]["deliveries"]["nodes"] == []


async def test_a_delivery_is_put_back_in_the_queue(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    queue = world.desk.store.queue().webhooks
    for call in await queue.due(at=world.now(), limit=9):
        await queue.mark_failed(call, "500 no room", retry_at=None)
    world.now.advance(hours=1)

    delivery_id = world.bruno.global_id(Noun.WEBHOOK_DELIVERY)
    payload = await done(alice, "requeueWebhookDelivery", DELIVERY, deliveryId=delivery_id)

    assert payload["delivery"] == {
        "id": delivery_id,
        "messageId": "delivery-bruno",
        "kind": "ticket.opened",
        "state": "PENDING",
        "attempts": 0,
        "lastError": None,
        "nextAttemptAt": "2026-07-06T08:00:00Z",
        "sentAt": None,
        "webhook": {"name": "Webhook for bruno"},
    }


async def test_a_webhook_is_tried_and_disabled(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    webhook = {"webhookId": world.bruno.global_id(Noun.WEBHOOK)}

    tried = await done(alice, "tryWebhook", DELIVERY, **webhook)
    disabled = await done(alice, "disableWebhook", WEBHOOK_FIELDS, **webhook)

    assert (tried["delivery"]["kind"], tried["delivery"]["state"]) == ("webhook.test", "PENDING")
    assert disabled["webhook"]["disabledAt"] == "2026-07-06T07:00:00Z"
    node = (await _nodes(alice))["Webhook for bruno"]
    assert node["deliveries"]["totalCount"] == 2
    assert {one["state"] for one in node["deliveries"]["nodes"]} == {"DEAD"}
    for name, given in (
        ("tryWebhook", webhook),
        ("requeueWebhookDelivery", {"deliveryId": tried["delivery"]["id"]}),
    ):
        [error] = (await do(alice, name, DELIVERY, **given))["errors"]
        assert error["code"] == "WEBHOOK_DISABLED"


async def test_webhooks_take_a_scope_of_the_agency(alice: Api) -> None:
    made = await done(alice, "createToken", "secret", name="n", scopes=["TICKETS_READ"])
    program = Api(alice.app, made["secret"])

    refusal = await program.refusal("{ webhooks { nodes { name } } }")
    payload = await do(program, "createWebhook", WEBHOOK_FIELDS, **CRM)

    assert refusal["extensions"]["code"] == "FORBIDDEN"
    assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]
