"""Notifications of PostgreSQL, heard on a line of their own that is laid again when it breaks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg

from helpdesk.storage.postgres_errors import DRIVER_ERRORS

RECONNECT_SECONDS = 5.0

_log = logging.getLogger(__name__)


class PostgresListener:
    """Calls `heard` at each notification of a channel, and after a break, which may hide some."""

    def __init__(self, url: str, channel: str, heard: Callable[[], None]) -> None:
        self._url = url
        self._channel = channel
        self._heard = heard
        self._is_connected = False

    def hears(self) -> bool:
        """Return whether the line stands."""
        return self._is_connected

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Callable[[], bool]]:
        """Listen until the end of the block; give what says whether the line stands."""
        task = asyncio.create_task(self._run())
        try:
            yield self.hears
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except DRIVER_ERRORS as error:
                _log.warning("deadlines_not_heard error=%s", type(error).__name__)
            self._is_connected = False
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        """Return when the line is cut."""
        cut = asyncio.Event()
        connection = await asyncpg.connect(
            self._url, server_settings={"application_name": "helpdesk listener"}
        )
        try:
            connection.add_termination_listener(lambda _: cut.set())
            await connection.add_listener(self._channel, lambda *_: self._heard())
            self._is_connected = True
            # What was said before the line stood was not heard.
            self._heard()
            await cut.wait()
        finally:
            self._is_connected = False
            connection.terminate()
