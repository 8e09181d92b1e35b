"""A bell that wakes whoever sleeps until the next deadline when an earlier one appears."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import func, select

from helpdesk.storage.database import Connection, Database
from helpdesk.storage.query import Query

LONGEST_SLEEP = 30.0
"""Seconds after which a worker looks again, whatever it heard."""
DEAF_SLEEP = 1.0
"""The same where other processes cannot be heard: SQLite, and a line to PostgreSQL that is cut."""

CHANNEL = "helpdesk_deadlines"
_SOON = timedelta(seconds=2 * LONGEST_SLEEP)
_NOTIFY = Query(select(func.pg_notify(CHANNEL, "")))


def is_soon(next_at: datetime, *, at: datetime) -> bool:
    """Return whether a step comes before a sleeper would look by himself.

    Those that come later need no bell, so nearly no transaction rings: a notification makes the
    commits of PostgreSQL wait for each other. `at` is the process's own clock, hence the margin.
    """
    return next_at - at < _SOON


class DeadlineBell:
    """Rings in this process, and on PostgreSQL in every process that listens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Callable[[], None]] = []

    async def announce(self, connection: Connection) -> None:
        """Let other processes hear once the transaction of this connection is committed."""
        if self._database.dialect_name == "postgresql":
            await connection.fetch_one(_NOTIFY)

    def ring(self) -> None:
        """Wake who listens in this process."""
        for listener in self._listeners:
            listener()

    @asynccontextmanager
    async def heard_by(self, listener: Callable[[], None]) -> AsyncIterator[Callable[[], float]]:
        """Call `listener` at each ring; give what says how long one may sleep now."""
        self._listeners.append(listener)
        try:
            async with self._database.listening(CHANNEL, listener) as hears:
                yield lambda: LONGEST_SLEEP if hears() else DEAF_SLEEP
        finally:
            self._listeners.remove(listener)
