"""The engine on a database server: PostgreSQL, for as many processes as are wanted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

import asyncpg
import orjson
from typing_extensions import override

from helpdesk.storage.compiled_query import DialectName, Row
from helpdesk.storage.errors import StorageError, TransactionAborted, TransactionClosed
from helpdesk.storage.postgres_errors import DRIVER_ERRORS, translated
from helpdesk.storage.query import Query, Step

POOL_SIZE = 10
"""Connections of one process; the server's own limit is shared by all."""
TIME_LIMIT = 30.0
"""Seconds after which a query is given up."""

_DIALECT: Final = "postgresql"
_CACHED_STATEMENTS = 512
_ROLLBACK_LIMIT = 5.0


class PostgresDatabase:
    """A database on a server."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._reader = _Session(pool)

    @classmethod
    async def open(
        cls, url: str, *, pool_size: int = POOL_SIZE, time_limit: float = TIME_LIMIT
    ) -> Self:
        """Connect to the server."""
        settings = {
            "application_name": "helpdesk",
            # What is not in writing() cannot write.
            "default_transaction_read_only": "on",
            "statement_timeout": str(int(time_limit * 1000)),
            # Compiling a plan costs more than these queries do.
            "jit": "off",
        }
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=pool_size,
                init=_prepare,
                reset=_leave_as_is,
                statement_cache_size=_CACHED_STATEMENTS,
                max_cached_statement_lifetime=0,
                server_settings=settings,
            )
        except DRIVER_ERRORS as error:
            raise translated(error) from error
        return cls(pool)

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
            await self._pool.release(connection)

    async def now(self) -> datetime:
        """Return the time by the server's clock."""
        now: datetime = await self._pool.fetchval("SELECT clock_timestamp()")
        return now

    async def close(self) -> None:
        """Wait for what runs, then let go of every connection."""
        await self._pool.close()

    async def _acquire(self) -> "asyncpg.pool.PoolConnectionProxy":
        try:
            return await self._pool.acquire()
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
        await self._run(self._target.execute, "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE")

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


async def _roll_back(connection: "asyncpg.pool.PoolConnectionProxy") -> None:
    if connection.is_closed():
        return
    rollback = asyncio.ensure_future(connection.execute("ROLLBACK", timeout=_ROLLBACK_LIMIT))
    try:
        await asyncio.shield(rollback)
    except BaseException as error:
        # A connection whose state is unknown must not serve anybody else.
        rollback.cancel()
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
