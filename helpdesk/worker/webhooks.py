"""Promised calls are made, at least once; a failure is tried again, then given up visibly."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from helpdesk.domain.ids import WebhookId
from helpdesk.domain.webhook import GIVEN_UP_DISABLED, CallFailed, next_try
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.webhook_ports import WebhookCall
from helpdesk.worker.sending import tried

BATCH = 50
LANES = 8
ROUND = timedelta(seconds=5)

_log = logging.getLogger(__name__)


class CallSender(Protocol):
    """The way out for calls."""

    async def send(self, call: WebhookCall, *, at: datetime) -> None:
        """Return once the call was answered; CallFailed otherwise."""
        ...


async def send_due_webhooks(desk: Desk, sender: CallSender) -> int:
    """Make the calls that are due, a batch at most, and return how many were tried.

    Several webhooks are called at once, each of them by one call at a time. One that failed is
    left alone for the rest of the round: a receiver that hangs holds up nobody but itself. No call
    starts after the round has lasted a while.
    """
    calls = _Round(desk, sender, ends_at=desk.now() + ROUND)
    async with asyncio.TaskGroup() as lanes:
        for _ in range(LANES):
            lanes.create_task(calls.work())
    return calls.tried


@dataclass
class _Round:
    desk: Desk
    sender: CallSender
    ends_at: datetime
    tried: int = 0
    _avoided: set[WebhookId] = field(default_factory=set)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def work(self) -> None:
        """Make one call after the other until nothing is due."""
        while (call := await self._claimed()) is not None:
            if await _send(self.desk, self.sender, call):
                self._avoided.discard(call.webhook.id)

    async def _claimed(self) -> WebhookCall | None:
        """Claim the next call: just before it is made, so that the claim does not run out."""
        async with self._turn:
            at = self.desk.now()
            if self.tried >= BATCH or at >= self.ends_at:
                return None
            queue = self.desk.store.queue().webhooks
            calls = await queue.due(at=at, limit=1, avoiding=self._avoided)
            if not calls:
                return None
            self.tried += 1
            self._avoided.add(calls[0].webhook.id)
            return calls[0]


async def _send(desk: Desk, sender: CallSender, call: WebhookCall) -> bool:
    """Make one call, record how it went, and return whether it was answered."""
    queue, delivery = desk.store.queue().webhooks, call.delivery
    if call.webhook.is_disabled:
        await queue.mark_failed(call, GIVEN_UP_DISABLED, retry_at=None)
        return False
    failure = await tried(sender.send(call, at=desk.now()), expected=(CallFailed,))
    if failure is None:
        await queue.mark_sent(call, at=desk.now())
        return True
    retry_at = next_try(delivery.attempts + 1, failure.error, at=desk.now())
    await queue.mark_failed(call, failure.text, retry_at=retry_at)
    _log.warning("webhook_not_told id=%s retry_at=%s", delivery.id, retry_at, exc_info=failure.bug)
    return False
