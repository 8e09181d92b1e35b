"""What the rest of storage asks of a database, whichever of the two it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from helpdesk.storage.compiled_query import DialectName, Row
from helpdesk.storage.errors import StorageError
from helpdesk.storage.postgres import PostgresDatabase
from helpdesk.storage.query import Query, Step
from helpdesk.storage.sqlite import SqliteDatabase


class Connection(Protocol):
    """Runs queries; values go in and come out as Python values.

    Parameters are given by the names of the statement's bind parameters. A constraint of the
    schema that refuses a row is a `ConstraintViolation`.
    """

    async def fetch_all(self, query: Query, /, **params: object) -> list[Row]:
        """Return every row."""
        ...

    async def fetch_one(self, query: Query, /, **params: object) -> Row | None:
        """Return the first row, None when there is none."""
        ...

    async def fetch_batch(self, steps: Sequence[Step], /) -> list[list[Row]]:
        """Return the rows of several queries, fetched in one hop to the database."""
        ...

    async def execute(self, query: Query, /, **params: object) -> int:
        """Run a statement and return how many rows it wrote."""
        ...

    async def execute_many(self, query: Query, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run one statement for many rows."""
        ...

    async def execute_batch(self, steps: Sequence[Step], /) -> list[int]:
        """Run several statements in one hop and return how many rows each wrote."""
        ...


class Database(Protocol):
    """One database, open.

    `reading()` gives a connection that refuses writes. Each fetch through it is a snapshot of
    its own: two fetches may see two states, and none sees a transaction half done. Facts that
    must agree with each other are read in one statement, or in `writing()` behind a row that is
    locked. It may be shared by tasks that run at the same time.

    `writing()` is one transaction. It commits at the end of the block and rolls back on any
    exception, cancellation included; once the commit is on its way, cancelling does not call it
    back. What it wrote is seen through its own connection only, so read through that. After a
    statement failed, the transaction is lost: every further statement, and the end of the block,
    raise `TransactionAborted`. On SQLite writers wait for each other, so nothing slow belongs
    inside; on PostgreSQL it is READ COMMITTED, and rows are locked by `with_for_update()`, which
    SQLite neither needs nor sees.
    """

    @property
    def dialect_name(self) -> DialectName:
        """Say which of the two it is, for the rare statement that differs."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Give a connection that only reads."""
        ...

    def writing(self) -> AbstractAsyncContextManager[Connection]:
        """Give the connection of one transaction."""
        ...

    def listening(
        self, channel: str, heard: Callable[[], None]
    ) -> AbstractAsyncContextManager[Callable[[], bool]]:
        """Call `heard` when another process notifies the channel.

        Gives what says whether that can be heard now.
        """
        ...

    async def now(self) -> datetime:
        """Return the time by the database's clock, which all processes share."""
        ...

    async def close(self) -> None:
        """Finish what runs and let go of every connection and thread."""
        ...


async def open_database(url: str) -> Database:
    """Open `sqlite:///path/to/file` (created if absent) or `postgresql://user@host/name`."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return await SqliteDatabase.open(rest.removeprefix("/"))
    if scheme in {"postgresql", "postgres"}:
        return await PostgresDatabase.open(url)
    raise StorageError(f"{scheme!r} is no database that we know: sqlite:///file or postgresql://")
