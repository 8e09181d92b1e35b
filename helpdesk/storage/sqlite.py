"""The engine on one file: SQLite, read in the event loop and written by one thread."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from helpdesk.storage.compiled_query import DialectName, Row
from helpdesk.storage.errors import StorageError, TransactionAborted, TransactionClosed
from helpdesk.storage.query import Query, Step
from helpdesk.storage.sqlite_errors import is_worth_a_thread, translated
from helpdesk.storage.sqlite_threads import (
    RawRows,
    ReadConnection,
    ReadingThreads,
    Statement,
    WritingThread,
    first_row,
)

T = TypeVar("T")

BUSY_TIMEOUT = 5.0
"""Seconds that we wait for a writer of another process."""
LOOP_BUDGET = 0.05
"""Seconds that a query may hold the event loop before a thread takes it over."""
TIME_LIMIT = 30.0
"""Seconds after which a query is given up."""

_DIALECT: Final = "sqlite"
# The clock of SQLite knows milliseconds.
_NOW: Statement = ("SELECT strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')", ())


class SqliteDatabase:
    """A database in one file, for one process that writes much and others that write little."""

    def __init__(
        self,
        reader: "_Reader",
        writer: WritingThread,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._turn = asyncio.Lock()

    @classmethod
    async def open(
        cls,
        path: str | Path,
        *,
        busy_timeout: float = BUSY_TIMEOUT,
        loop_budget: float = LOOP_BUDGET,
        time_limit: float = TIME_LIMIT,
    ) -> Self:
        """Open the file, creating it if it is not there."""
        if not str(path):
            raise StorageError("sqlite:///path/to/file needs the path of a file")
        try:
            writer = WritingThread()
            await writer.open(str(path), busy_timeout=busy_timeout)
            # The event loop never waits for a lock: it lets a thread do that.
            in_loop = ReadConnection(str(path), busy_timeout=0)
        except sqlite3.Error as error:
            raise translated(error) from error
        threads = ReadingThreads(str(path), busy_timeout=busy_timeout, time_limit=time_limit)
        return cls(_Reader(in_loop, threads, loop_budget), writer)

    @property
    def dialect_name(self) -> DialectName:
        """Say that this is SQLite."""
        return _DIALECT

    def reading(self) -> "_Reader":
        """Give the connection that only reads; each fetch is a snapshot of its own."""
        return self._reader

    @asynccontextmanager
    async def writing(self) -> AsyncIterator["_Writer"]:
        """Give the connection of one transaction, after those who asked before."""
        async with self._turn:
            connection = _Writer(self._writer)
            try:
                yield connection
                await connection.commit()
            except BaseException:
                await self._writer.roll_back()
                raise
            finally:
                connection.end()

    @asynccontextmanager
    async def listening(
        self, channel: str, heard: Callable[[], None]
    ) -> AsyncIterator[Callable[[], bool]]:
        """Give what says that nothing is heard: SQLite tells no process what another wrote."""
        yield lambda: False

    async def now(self) -> datetime:
        """Return the time by SQLite's clock, which is the machine's, to the millisecond."""
        [[text]] = await self._reader.raw_rows(_NOW)
        return datetime.fromisoformat(text)

    async def close(self) -> None:
        """Wait for the transaction that runs, then let go of every connection and thread."""
        async with self._turn:
            self._reader.close()
            await self._writer.close()


class _Reader:
    """Reads in the event loop, and hands over to a thread what takes too long for that."""

    def __init__(
        self, in_loop: ReadConnection, threads: ReadingThreads, loop_budget: float
    ) -> None:
        self._in_loop = in_loop
        self._threads = threads
        self._loop_budget = loop_budget

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    async def fetch_all(self, query: Query, /, **params: object) -> list[Row]:
        compiled = query.compiled_for(_DIALECT)
        return compiled.rows(await self.raw_rows((compiled.sql, compiled.arguments(params))))

    async def fetch_one(self, query: Query, /, **params: object) -> Row | None:
        compiled = query.compiled_for(_DIALECT)
        statement = (compiled.sql, compiled.arguments(params))
        try:
            raw = self._in_loop.fetch_first(statement, within=self._loop_budget)
        except sqlite3.Error as error:
            raw = (await self._fetch_in_thread([statement], error))[0]
        rows = compiled.rows(raw[:1])
        return rows[0] if rows else None

    async def fetch_batch(self, steps: Sequence[Step], /) -> list[list[Row]]:
        compiled = [query.compiled_for(_DIALECT) for query, _ in steps]
        statements = _statements(steps)
        try:
            raw = self._in_loop.fetch_snapshot(statements, within=self._loop_budget)
        except sqlite3.Error as error:
            raw = await self._fetch_in_thread(statements, error)
        return [query.rows(rows) for query, rows in zip(compiled, raw, strict=True)]

    async def execute(self, query: Query, /, **params: object) -> int:
        # It is a write, so SQLite refuses it: this only lets it say so.
        return len(await self.fetch_all(query, **params))

    async def execute_many(self, query: Query, rows: Iterable[Mapping[str, object]], /) -> None:
        for row in rows:
            await self.execute(query, **row)

    async def execute_batch(self, steps: Sequence[Step], /) -> list[int]:
        return [await self.execute(query, **params) for query, params in steps]

    async def raw_rows(self, statement: Statement) -> RawRows:
        try:
            return self._in_loop.fetch_all(statement, within=self._loop_budget)
        except sqlite3.Error as error:
            return (await self._fetch_in_thread([statement], error))[0]

    def close(self) -> None:
        self._threads.close()
        self._in_loop.close()

    async def _fetch_in_thread(
        self, statements: Sequence[Statement], error: sqlite3.Error
    ) -> list[RawRows]:
        if not is_worth_a_thread(error):
            raise translated(error) from error
        try:
            return await self._threads.fetch(statements)
        except sqlite3.Error as failure:
            raise translated(failure) from failure


class _Writer:
    """The connection of one transaction: each call is one hop to the thread that writes."""

    def __init__(self, thread: WritingThread) -> None:
        self._thread = thread
        self._has_begun = False
        self._has_failed = False
        self._has_ended = False

    async def commit(self) -> None:
        if self._has_begun:
            await self._run(lambda connection: connection.execute("COMMIT"))

    def end(self) -> None:
        self._has_ended = True

    async def fetch_all(self, query: Query, /, **params: object) -> list[Row]:
        [rows] = await self.fetch_batch([(query, params)])
        return rows

    async def fetch_one(self, query: Query, /, **params: object) -> Row | None:
        compiled = query.compiled_for(_DIALECT)
        statement = (compiled.sql, compiled.arguments(params))
        rows = compiled.rows(await self._run(lambda connection: first_row(connection, statement)))
        return rows[0] if rows else None

    async def fetch_batch(self, steps: Sequence[Step], /) -> list[list[Row]]:
        statements = _statements(steps)
        raw = await self._run(
            lambda connection: [connection.execute(*each).fetchall() for each in statements]
        )
        compiled = (query.compiled_for(_DIALECT) for query, _ in steps)
        return [query.rows(rows) for query, rows in zip(compiled, raw, strict=True)]

    async def execute(self, query: Query, /, **params: object) -> int:
        [count] = await self.execute_batch([(query, params)])
        return count

    async def execute_many(self, query: Query, rows: Iterable[Mapping[str, object]], /) -> None:
        compiled = query.compiled_for(_DIALECT)
        arguments = [compiled.arguments(row) for row in rows]
        await self._run(lambda connection: connection.executemany(compiled.sql, arguments))

    async def execute_batch(self, steps: Sequence[Step], /) -> list[int]:
        statements = _statements(steps)
        return await self._run(
            lambda connection: [_rows_written(connection, statement) for statement in statements]
        )

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._has_ended:
            raise TransactionClosed("this connection ended with its writing() block")
        if self._has_failed:
            raise TransactionAborted("a statement failed before: leave the writing() block")
        first, self._has_begun = not self._has_begun, True
        try:
            return await self._thread.run(_begun(work) if first else work)
        except sqlite3.Error as error:
            self._has_failed = True
            raise translated(error) from error


def _begun(work: Callable[[sqlite3.Connection], T]) -> Callable[[sqlite3.Connection], T]:
    def begin_and_work(connection: sqlite3.Connection) -> T:
        # IMMEDIATE takes the lock now: taken later, it could fail after work was done.
        connection.execute("BEGIN IMMEDIATE")
        return work(connection)

    # In the same hop as the first statement, since a hop costs more than most statements.
    return begin_and_work


def _statements(steps: Sequence[Step]) -> list[Statement]:
    compiled = ((query.compiled_for(_DIALECT), params) for query, params in steps)
    return [(query.sql, query.arguments(params)) for query, params in compiled]


def _rows_written(connection: sqlite3.Connection, statement: Statement) -> int:
    cursor = connection.execute(*statement)
    # With RETURNING, the count is that of the rows that it gives.
    return cursor.rowcount if cursor.description is None else len(cursor.fetchall())
