"""The worker's day: do what is due, sleep until there may be more, stop when told."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress

from helpdesk.usecases.desk import Desk
from helpdesk.worker.inbox import understand_due
from helpdesk.worker.outbox import MailSender, send_due

SLEEP_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Worker:
    """Reads the inbox and sends the outbox until it is stopped.

    `wake` cuts its sleep short when somebody knows that there is work.
    """

    def __init__(
        self, desk: Desk, sender: MailSender, *, sleep_seconds: float = SLEEP_SECONDS
    ) -> None:
        """Prepare; nothing runs before `run`."""
        self._desk = desk
        self._sender = sender
        self._sleep_seconds = sleep_seconds
        self._bell = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """Tell the worker that there is work."""
        self._bell.set()

    def stop(self) -> None:
        """Tell the worker to finish what it holds and end."""
        self._is_stopping = True
        self._bell.set()

    async def run(self) -> None:
        """Work until stopped; a database that is away for a while is waited for."""
        while not self._is_stopping:
            self._bell.clear()
            if await self._work() == 0 and not self._is_stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._bell.wait(), self._sleep_seconds)

    async def _work(self) -> int:
        understood = await _tried(understand_due(self._desk))
        return understood + await _tried(send_due(self._desk, self._sender))


async def _tried(half_round: Awaitable[int]) -> int:
    """Return how much was done, nothing after trouble: the other half and the next round go on."""
    try:
        return await half_round
    except Exception:
        _log.exception("worker_round_failed")
        return 0
