"""Promised calls are made at least once; what fails is tried again, then given up visibly."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from typing_extensions import override

from helpdesk.domain.webhook import GIVEN_UP_DISABLED, PAUSES, CallFailed, Webhook
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.storage.sending import LEASE
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.disable_webhook import DisableWebhook, disable_webhook
from helpdesk.usecases.webhook_ports import WebhookCall
from helpdesk.webhooks.sender import WebhookSender
from helpdesk.worker.webhooks import BATCH, LANES, ROUND, send_due_webhooks
from tests.usecases.webhooks import a_webhook, deliveries, promised
from tests.usecases.world import RowOf, World
from tests.webhooks.receiver import Heard, Receiver, answer, hang

ANYWHERE = WebhookAddressRules(allows_private=True)
PATIENCE = 30.0


@dataclass
class Caller:
    """A way out; each of the `failures` is raised once, None lets a call pass."""

    failures: Sequence[BaseException | None] = ()
    made: list[WebhookCall] = field(default_factory=list)
    in_flight: set[str] = field(default_factory=set)
    most_in_flight: int = 0

    def __post_init__(self) -> None:
        self._to_come = list(self.failures)

    async def send(self, call: WebhookCall, *, at: datetime) -> None:
        """Take the call or fail; others run meanwhile."""
        assert call.webhook.id not in self.in_flight
        self.in_flight.add(call.webhook.id)
        self.most_in_flight = max(self.most_in_flight, len(self.in_flight))
        await asyncio.sleep(0.01)
        self.in_flight.discard(call.webhook.id)
        failure = self._to_come.pop(0) if self._to_come else None
        if failure is not None:
            raise failure
        self.made.append(call)


@dataclass
class SlowCaller(Caller):
    """A way out that says when it has a call, and makes it when it may."""

    has_one: asyncio.Event = field(default_factory=asyncio.Event)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def send(self, call: WebhookCall, *, at: datetime) -> None:
        """Hold the call for a while."""
        self.has_one.set()
        await self.may_go.wait()
        await super().send(call, at=at)


@pytest.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    async with WebhookSender(ANYWHERE, timeout_seconds=0.5) as opened:
        yield opened


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver().open() as opened:
        yield opened


async def _told(world: World, receiver: Receiver, count: int = 1, name: str = "CRM") -> Webhook:
    """Return a webhook that leads to the receiver, with some calls promised to it."""
    webhook = await _local(world, receiver, name)
    for number in range(count):
        await promised(world, webhook, key=f"{name} {number}", number=number)
    return webhook


async def _local(world: World, receiver: Receiver, name: str) -> Webhook:
    open_world = replace(world, desk=replace(world.desk, webhook_addresses=ANYWHERE))
    return await a_webhook(open_world, name, receiver.url(f"/{name}", host="localhost"))


async def _only(world: World) -> RowOf:
    (row,) = await deliveries(world)
    return row


async def test_a_call_is_made_once(world: World, sender: WebhookSender, receiver: Receiver) -> None:
    await _told(world, receiver)

    assert await send_due_webhooks(world.desk, sender) == 1
    assert await send_due_webhooks(world.desk, sender) == 0

    row = await _only(world)
    assert [heard.headers["webhook-id"] for heard in receiver.heard] == [row["id"]]
    assert (row["state"], row["attempts"], row["last_error"]) == ("SENT", 1, None)
    assert row["sent_at"] == world.now()


async def test_nothing_to_tell_writes_nothing(world: World) -> None:
    await a_webhook(world)
    before = await world.everything()

    assert await send_due_webhooks(world.desk, Caller()) == 0

    assert await world.everything() == before


async def test_a_failed_call_is_made_again_after_growing_pauses(
    world: World, sender: WebhookSender, receiver: Receiver
) -> None:
    await _told(world, receiver)
    receiver.answers = [answer(500, "no room"), hang, answer(302, location="/other")]
    errors = ["500 no room", "No whole answer within 0.5 s.", "302: redirects are not followed"]

    for tries, (error, pause) in enumerate(zip(errors, PAUSES, strict=False), start=1):
        assert await send_due_webhooks(world.desk, sender) == 1
        row = await _only(world)
        assert (row["state"], row["attempts"]) == ("PENDING", tries)
        assert row["last_error"].startswith(error)
        assert row["send_after"] == world.now() + pause
        assert await send_due_webhooks(world.desk, sender) == 0
        world.now.advance(hours=pause / timedelta(hours=1))

    assert await send_due_webhooks(world.desk, sender) == 1
    row = await _only(world)
    assert (row["state"], row["attempts"], row["last_error"]) == ("SENT", 4, None)
    assert len({heard.headers["webhook-id"] for heard in receiver.heard}) == 1
    assert len({heard.body for heard in receiver.heard}) == 1
    assert len({heard.headers["webhook-signature"] for heard in receiver.heard}) == 4


async def test_a_receiver_that_asks_for_a_rest_gets_it(
    world: World, sender: WebhookSender, receiver: Receiver
) -> None:
    await _told(world, receiver)
    receiver.always = answer(429, "slow down", retry_after="600")

    await send_due_webhooks(world.desk, sender)

    assert (await _only(world))["send_after"] == world.now() + timedelta(minutes=10)


async def test_after_the_last_try_a_delivery_is_dead_and_says_why(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await promised(world, await a_webhook(world))
    caller = Caller([CallFailed("503 later")] * 99)

    tried = 0
    for _ in range(2 * len(PAUSES)):
        tried += await send_due_webhooks(world.desk, caller)
        world.now.advance(hours=21)

    row = await _only(world)
    assert tried == row["attempts"] == len(PAUSES) + 1
    assert (row["state"], row["last_error"], row["sent_at"]) == ("DEAD", "503 later", None)
    assert f"webhook_not_told id={row['id']} retry_at=None" in caplog.messages


async def test_a_receiver_that_is_gone_is_given_up_at_once(
    world: World, sender: WebhookSender, receiver: Receiver
) -> None:
    await _told(world, receiver)
    receiver.always = answer(410)

    await send_due_webhooks(world.desk, sender)

    row = await _only(world)
    assert (row["state"], row["attempts"], row["last_error"]) == ("DEAD", 1, "410")


async def test_an_address_of_our_own_network_is_not_called_unless_allowed(
    world: World, receiver: Receiver
) -> None:
    await _told(world, receiver)

    async with WebhookSender(WebhookAddressRules()) as sender:
        assert await send_due_webhooks(world.desk, sender) == 1

    assert receiver.connections == 0
    row = await _only(world)
    assert row["state"] == "PENDING"
    assert "private network: it is not called" in row["last_error"]


async def test_what_nobody_expected_is_written_down_and_stops_no_other_call(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("CRM", "Chat"):
        await promised(world, await a_webhook(world, name))
    caller = Caller([RuntimeError("bad \x00 ink")])

    assert await send_due_webhooks(world.desk, caller) == 2

    rows = {row["state"]: row for row in await deliveries(world)}
    assert rows.keys() == {"PENDING", "SENT"}
    assert rows["PENDING"]["last_error"] == "RuntimeError: bad \ufffd ink"
    (record,) = [one for one in caplog.records if "webhook_not_told" in one.message]
    assert record.levelno == logging.WARNING
    assert record.exc_info is not None


async def test_two_workers_at_once_make_each_call_once(
    world: World, second_desk: Desk, receiver: Receiver
) -> None:
    for name in ("CRM", "Chat", "Log"):
        await _told(world, receiver, 5, name)

    async with WebhookSender(ANYWHERE) as one, WebhookSender(ANYWHERE) as other:
        tried = await asyncio.gather(
            send_due_webhooks(world.desk, one), send_due_webhooks(second_desk, other)
        )

    ids = [heard.headers["webhook-id"] for heard in receiver.heard]
    assert len(ids) == len(set(ids)) == sum(tried) == 15
    assert {row["state"] for row in await deliveries(world)} == {"SENT"}


async def test_several_webhooks_are_called_at_once_each_by_one_call(world: World) -> None:
    for name in ("CRM", "Chat", "Log"):
        webhook = await a_webhook(world, name)
        for number in range(3):
            await promised(world, webhook, key=str(number), number=number)
    caller = Caller()

    assert await send_due_webhooks(world.desk, caller) == 9

    assert 1 < caller.most_in_flight <= min(3, LANES)
    for name in ("CRM", "Chat", "Log"):
        told = [
            call.delivery.body["data"]["number"]
            for call in caller.made
            if call.webhook.name == name
        ]
        assert told == [0, 1, 2]


async def test_a_receiver_that_hangs_holds_up_nobody_else(
    world: World, sender: WebhookSender, receiver: Receiver
) -> None:
    async with Receiver(always=hang).open() as dead:
        await _told(world, dead, 20, "Dead")
        await _told(world, receiver, 10, "CRM")

        assert await send_due_webhooks(world.desk, sender) == 11

        assert (len(dead.heard), len(receiver.heard)) == (1, 10)


async def test_no_more_than_a_batch_is_called_in_a_round(world: World) -> None:
    webhook = await a_webhook(world)
    for number in range(BATCH + 1):
        await promised(world, webhook, key=str(number))
    caller = Caller()

    assert await send_due_webhooks(world.desk, caller) == BATCH
    assert await send_due_webhooks(world.desk, caller) == 1
    assert len({call.delivery.id for call in caller.made}) == BATCH + 1


async def test_no_call_starts_after_the_round_has_lasted_a_while(world: World) -> None:
    webhook = await a_webhook(world)
    for number in range(3):
        await promised(world, webhook, key=str(number))
    slow = SlowCaller()

    held = asyncio.create_task(send_due_webhooks(world.desk, slow))
    await slow.has_one.wait()
    world.now.advance(hours=ROUND / timedelta(hours=1))
    slow.may_go.set()

    assert await held == 1


async def test_a_webhook_that_is_disabled_while_it_is_called_is_not_called_again(
    world: World,
) -> None:
    webhook = await a_webhook(world)
    await promised(world, webhook)
    slow = SlowCaller([CallFailed("500")])
    held = asyncio.create_task(send_due_webhooks(world.desk, slow))
    await slow.has_one.wait()
    await disable_webhook(world.desk, viewer=world.alice, request=DisableWebhook(webhook.id))
    slow.may_go.set()
    await held
    world.now.advance(hours=1)
    caller = Caller()

    assert await send_due_webhooks(world.desk, caller) == 1

    row = await _only(world)
    assert caller.made == []
    assert (row["state"], row["last_error"]) == ("DEAD", GIVEN_UP_DISABLED)


@pytest.mark.parametrize("outcome", ["sent", "failed", "refused"])
async def test_a_worker_that_was_too_slow_changes_nothing_any_more(
    world: World, outcome: str
) -> None:
    await promised(world, await a_webhook(world))
    queue = world.desk.store.queue().webhooks
    (late,) = await queue.due(at=world.now(), limit=1)
    world.now.advance(minutes=5)
    await send_due_webhooks(world.desk, Caller())
    before = await world.everything()

    if outcome == "sent":
        await queue.mark_sent(late, at=world.now())
    else:
        retry_at = None if outcome == "refused" else world.now()
        await queue.mark_failed(late, "too late", retry_at=retry_at)

    assert await world.everything() == before


KILLED = """
import asyncio, sys
from helpdesk.bootstrap import open_engine
from helpdesk.domain.webhook_address import WebhookAddressRules
from helpdesk.webhooks.sender import WebhookSender
from helpdesk.worker.webhooks import send_due_webhooks

async def main():
    rules = WebhookAddressRules(allows_private=True)
    async with open_engine(sys.argv[1]) as engine, WebhookSender(rules) as sender:
        await send_due_webhooks(engine.desk, sender)

asyncio.run(main())
"""


async def test_a_worker_that_is_killed_after_its_call_is_repeated_under_the_same_id(
    world: World, database_url: str, sender: WebhookSender, receiver: Receiver
) -> None:
    await _told(world, receiver)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, database_url)

    async def kill(_: Heard, __: asyncio.StreamWriter) -> None:
        os.kill(process.pid, signal.SIGKILL)

    receiver.answers = [kill]
    async with asyncio.timeout(PATIENCE):
        assert await process.wait() == -signal.SIGKILL
    row = await _only(world)
    assert (row["state"], row["attempts"]) == ("SENDING", 1)
    killed_at = row["send_after"] - LEASE

    world.now.instant = killed_at + LEASE - timedelta(milliseconds=1)
    assert await send_due_webhooks(world.desk, sender) == 0
    world.now.instant = killed_at + LEASE
    assert await send_due_webhooks(world.desk, sender) == 1

    row = await _only(world)
    assert (row["state"], row["attempts"]) == ("SENT", 2)
    assert [heard.headers["webhook-id"] for heard in receiver.heard] == [row["id"]] * 2
    assert receiver.heard[0].body == receiver.heard[1].body
    assert killed_at > datetime(2026, 7, 6, tzinfo=UTC)
