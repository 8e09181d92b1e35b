"""The engine on a database server: PostgreSQL, for as many processes as are wanted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

import asyncpg
import orjson
from typing_extensions import override

from helpdesk.storage.compiled_query import DialectName, Row
from helpdesk.storage.errors import StorageError, TransactionAborted, TransactionClosed
from helpdesk.storage.postgres_errors import DRIVER_ERRORS, translated
from helpdesk.storage.postgres_listener import PostgresListener
from helpdesk.storage.query import Query, Step

POOL_SIZE = 5
"""Connections of one process that read, and as many that write; the server has a limit for all."""
TIME_LIMIT = 30.0
"""Seconds after which a query is given up."""

_DIALECT: Final = "postgresql"
_CACHED_STATEMENTS = 512
_ROLLBACK_LIMIT = 5.0


class PostgresDatabase:
    """A database on a server.

    Reading and writing have connections of their own: a use-case that reads inside its transaction
    waits for a reader to finish, never for a writer that waits for it.
    """

    def __init__(self, url: str, readers: asyncpg.Pool, writers: asyncpg.Pool) -> None:
        self._url = url
        self._readers = readers
        self._writers = writers
        self._reader = _Session(readers)

    @classmethod
    async def open(
        cls, url: str, *, pool_size: int = POOL_SIZE, time_limit: float = TIME_LIMIT
    ) -> Self:
        """Connect to the server."""
        pools = (
            _pool(url, size=pool_size, time_limit=time_limit, read_only=read_only)
            for read_only in (True, False)
        )
        try:
            readers, writers = [await pool for pool in pools]
        except DRIVER_ERRORS as error:
            raise translated(error) from error
        return cls(url, readers, writers)

    @property
    def dialect_name(self) -> DialectName:
        """Say that this is PostgreSQL."""
        return _DIALECT

    def reading(self) -> "_Session":
        """Give a connection that only reads; each fetch is a snapshot of its own."""
        return self._reader

    @asynccontextmanager
    async def writing(self) -> AsyncIterator["_Transaction"]:
        """Give the connection of one transaction, READ COMMITTED."""
        connection = await self._acquire()
        transaction = _Transaction(connection)
        try:
            await transaction.begin()
            yield transaction
            await transaction.commit()
        except BaseException:
            await _roll_back(connection)
            raise
        finally:
            transaction.end()
            await self._writers.release(connection)

    def listening(
        self, channel: str, heard: Callable[[], None]
    ) -> AbstractAsyncContextManager[Callable[[], bool]]:
        """Call `heard` at each notification, and give what says whether it can be heard now."""
        return PostgresListener(self._url, channel, heard).listening()

    async def now(self) -> datetime:
        """Return the time by the server's clock."""
        now: datetime = await self._readers.fetchval("SELECT clock_timestamp()")
        return now

    async def close(self) -> None:
        """Wait for what runs, then let go of every connection."""
        await self._writers.close()
        await self._readers.close()

    async def _acquire(self) -> "asyncpg.pool.PoolConnectionProxy":
        try:
            return await self._writers.acquire()
        except DRIVER_ERRORS as error:
            raise translated(error) from error


class _Session:
    """Runs each query on any connection of the pool, or all of them on one connection."""

    def __init__(self, target: "asyncpg.Pool | asyncpg.pool.PoolConnectionProxy") -> None:
        self._target = target

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
        arguments = compiled.arguments(params)
        return compiled.rows(await self._run(self._target.fetch, compiled.sql, *arguments))

    async def fetch_one(self, query: Query, /, **params: object) -> Row | None:
        compiled = query.compiled_for(_DIALECT)
        arguments = compiled.arguments(params)
        row = await self._run(self._target.fetchrow, compiled.sql, *arguments)
        return None if row is None else compiled.rows([row])[0]

    async def fetch_batch(self, steps: Sequence[Step], /) -> list[list[Row]]:
        return [await self.fetch_all(query, **params) for query, params in steps]

    async def execute(self, query: Query, /, **params: object) -> int:
        compiled = query.compiled_for(_DIALECT)
        arguments = compiled.arguments(params)
        status: str = await self._run(self._target.execute, compiled.sql, *arguments)
        # "INSERT 0 2", "UPDATE 2"
        return int(status.rpartition(" ")[2])

    async def execute_many(self, query: Query, rows: Iterable[Mapping[str, object]], /) -> None:
        compiled = query.compiled_for(_DIALECT)
        arguments = [compiled.arguments(row) for row in rows]
        await self._run(self._target.executemany, compiled.sql, arguments)

    async def execute_batch(self, steps: Sequence[Step], /) -> list[int]:
        return [await self.execute(query, **params) for query, params in steps]

    async def _run(self, work: Callable[..., Awaitable[Any]], sql: str, *arguments: object) -> Any:
        # Any: what the driver gives for this kind of work.
        try:
            return await work(sql, *arguments)
        except DRIVER_ERRORS as error:
            raise translated(error) from error


class _Transaction(_Session):
    """The connection of one transaction."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy") -> None:
        super().__init__(connection)
        # Tasks that share the transaction take turns, as they do on SQLite.
        self._turn = asyncio.Lock()
        self._has_failed = False
        self._has_ended = False

    async def begin(self) -> None:
        await self._run(self._target.execute, "BEGIN ISOLATION LEVEL READ COMMITTED")

    async def commit(self) -> None:
        await self._run(self._target.execute, "COMMIT")

    def end(self) -> None:
        self._has_ended = True

    @override
    async def _run(self, work: Callable[..., Awaitable[Any]], sql: str, *arguments: object) -> Any:
        async with self._turn:
            if self._has_ended:
                raise TransactionClosed(
                    "this connection lived until the end of its writing() block"
                )
            if self._has_failed:
                raise TransactionAborted("a statement failed before: leave the writing() block")
            try:
                return await super()._run(work, sql, *arguments)
            except StorageError:
                self._has_failed = True
                raise


def _pool(url: str, *, size: int, time_limit: float, read_only: bool) -> asyncpg.Pool:
    settings = {
        "application_name": "helpdesk",
        "default_transaction_read_only": "on" if read_only else "off",
        "statement_timeout": str(int(time_limit * 1000)),
        # Compiling a plan costs more than these queries do.
        "jit": "off",
    }
    return asyncpg.create_pool(
        url,
        # One connection tells at once whether the server is there.
        min_size=1 if read_only else 0,
        max_size=size,
        init=_prepare,
        reset=_leave_as_is,
        statement_cache_size=_CACHED_STATEMENTS,
        max_cached_statement_lifetime=0,
        server_settings=settings,
    )


async def _roll_back(connection: "asyncpg.pool.PoolConnectionProxy") -> None:
    try:
        rollback = asyncio.ensure_future(connection.execute("ROLLBACK", timeout=_ROLLBACK_LIMIT))
    except asyncpg.InterfaceError:
        # The connection was lost, and its transaction with it.
        return
    try:
        await asyncio.shield(rollback)
    except BaseException as error:
        # A connection whose state is unknown must not serve anybody else.
        rollback.cancel()
        with suppress(asyncpg.InterfaceError):
            connection.terminate()
        if not isinstance(error, DRIVER_ERRORS):
            raise


async def _prepare(connection: asyncpg.Connection) -> None:
    # The prefix is the version of the binary form of JSONB.
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda text: b"\x01" + text.encode(),
        decoder=lambda data: orjson.loads(data[1:]),
        format="binary",
    )


async def _leave_as_is(connection: asyncpg.Connection) -> None:
    # No session state is ever set, so nothing is worth a round trip to reset it.
    pass
