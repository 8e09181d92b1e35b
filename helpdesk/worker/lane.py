"""One kind of work that is done over and over, whatever becomes of the others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

_log = logging.getLogger(__name__)


class Lane:
    """Does its work until it is stopped; sleeps when there is none.

    `work` returns how much was done. `sleep_seconds` says how long to sleep after a round without
    work, and is asked each time. Trouble is logged and waited for.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[int]],
        sleep_seconds: Callable[[], Awaitable[float]],
        *,
        trouble_seconds: float,
    ) -> None:
        self._work = work
        self._sleep_seconds = sleep_seconds
        self._trouble_seconds = trouble_seconds
        self._bell = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """Cut the sleep short."""
        self._bell.set()

    def stop(self) -> None:
        """End after the work in hand."""
        self._is_stopping = True
        self._bell.set()

    def is_stopping(self) -> bool:
        """Return whether it was told to end."""
        return self._is_stopping

    async def run(self) -> None:
        """Work until stopped; a database that is away for a while is waited for."""
        while not self._is_stopping:
            self._bell.clear()
            try:
                rest = 0.0 if await self._work() else await self._sleep_seconds()
            except Exception:
                _log.exception("worker_round_failed")
                rest = self._trouble_seconds
            if rest > 0:
                await self.rest(rest)

    async def rest(self, seconds: float) -> None:
        """Sleep until woken, for so long at most; not at all when told to end."""
        if not self._is_stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), seconds)
