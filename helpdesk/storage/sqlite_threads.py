"""The connections to a SQLite file, and the threads that wait for it in place of the event loop."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeAlias, TypeVar

from helpdesk.storage.errors import StorageError

T = TypeVar("T")
Statement: TypeAlias = tuple[str, Sequence[object]]
# Any: whatever the columns of the statement hold.
RawRows: TypeAlias = list[tuple[Any, ...]]
# Any: whatever the work returns.
_Job: TypeAlias = tuple[Callable[[], Any], "asyncio.Future[Any]"]

_READING_THREADS = 2
_CACHED_STATEMENTS = 512
_STEPS_BETWEEN_CHECKS = 1000
"""Steps of SQLite's machine, of which it makes millions in a second."""


class ReadConnection:
    """A connection that refuses to write, and that gives up a query after a time."""

    def __init__(self, path: str, *, busy_timeout: float) -> None:
        self._connection = _connect(path, busy_timeout=busy_timeout)
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.set_progress_handler(self._must_stop, _STEPS_BETWEEN_CHECKS)
        self._deadline = 0.0
        self._stop: Event | None = None

    def fetch_all(self, statement: Statement, *, within: float) -> RawRows:
        """Return every row of one statement, within so many seconds."""
        self._deadline = monotonic() + within
        return self._connection.execute(*statement).fetchall()

    def fetch_first(self, statement: Statement, *, within: float) -> RawRows:
        """Return the first row of one statement, if there is one."""
        self._deadline = monotonic() + within
        return first_row(self._connection, statement)

    def fetch_snapshot(
        self, statements: Sequence[Statement], *, within: float, stop: Event | None = None
    ) -> list[RawRows]:
        """Return the rows of several statements that all see the same state."""
        self._deadline = monotonic() + within
        self._stop = stop
        self._connection.execute("BEGIN")
        try:
            return [self._connection.execute(*statement).fetchall() for statement in statements]
        finally:
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _must_stop(self) -> bool:
        stopped = self._stop is not None and self._stop.is_set()
        return stopped or monotonic() > self._deadline


class ReadingThreads:
    """Threads for the queries that the event loop cannot wait for."""

    def __init__(self, path: str, *, busy_timeout: float, time_limit: float) -> None:
        self._path = path
        self._busy_timeout = busy_timeout
        self._time_limit = time_limit
        self._executor = ThreadPoolExecutor(_READING_THREADS, "helpdesk-read")
        self._idle: SimpleQueue[ReadConnection] = SimpleQueue()
        self._running: set[Event] = set()

    async def fetch(self, statements: Sequence[Statement]) -> list[RawRows]:
        """Return the rows of each statement; a task that is cancelled stops its query."""
        stop = Event()
        self._running.add(stop)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, self._fetch, statements, stop)
        finally:
            stop.set()
            self._running.discard(stop)

    def close(self) -> None:
        """Stop what runs, and let go of the threads and of their connections."""
        for stop in self._running:
            stop.set()
        self._executor.shutdown()
        while (connection := self._idle_connection()) is not None:
            connection.close()

    def _fetch(self, statements: Sequence[Statement], stop: Event) -> list[RawRows]:
        connection = self._idle_connection()
        if connection is None:
            connection = ReadConnection(self._path, busy_timeout=self._busy_timeout)
        try:
            return connection.fetch_snapshot(statements, within=self._time_limit, stop=stop)
        finally:
            self._idle.put(connection)

    def _idle_connection(self) -> ReadConnection | None:
        try:
            return self._idle.get_nowait()
        except Empty:
            return None


class WritingThread:
    """The one connection that writes, in a thread of its own.

    The thread works in the order in which it was asked. So a rollback that was asked for is done
    before anything that the next writer asks, even when nobody waits for it any more.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        # An executor would do, but its futures double the cost of a hop. A daemon, because a
        # program that forgot to close would otherwise never end; SQLite survives that.
        self._thread = Thread(target=_serve, args=[self._jobs], name="helpdesk-write", daemon=True)
        self._thread.start()
        self._connection: sqlite3.Connection | None = None

    async def open(self, path: str, *, busy_timeout: float) -> None:
        """Open the file, creating it if it is not there."""
        try:
            self._connection = await self._do(
                lambda: _connect_to_write(path, busy_timeout=busy_timeout)
            )
        except BaseException:
            self._jobs.put(None)
            raise

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what the work returns, done with the connection in the thread."""
        connection = self._connection
        if connection is None:
            raise StorageError("the database is closed")
        return await self._do(lambda: work(connection))

    async def roll_back(self) -> None:
        """Undo the transaction, whether or not this task is cancelled meanwhile."""
        await asyncio.shield(asyncio.ensure_future(self.run(_roll_back)))

    async def close(self) -> None:
        """Let go of the file and of the thread."""
        if self._connection is not None:
            await self.run(sqlite3.Connection.close)
            self._connection = None
            self._jobs.put(None)
            self._thread.join()

    async def _do(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._jobs.put((work, done))
        return await done


def first_row(connection: sqlite3.Connection, statement: Statement) -> RawRows:
    """Return the first row that a statement gives, if there is one."""
    cursor = connection.execute(*statement)
    row = cursor.fetchone()
    # What is left unread would keep the snapshot open.
    cursor.close()
    return [] if row is None else [row]


def _connect(path: str, *, busy_timeout: float) -> sqlite3.Connection:
    # Transactions are ours to begin; the module would begin them by the look of the statement.
    return sqlite3.connect(
        path,
        timeout=busy_timeout,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_CACHED_STATEMENTS,
    )


def _connect_to_write(path: str, *, busy_timeout: float) -> sqlite3.Connection:
    connection = _connect(path, busy_timeout=busy_timeout)
    try:
        # Readers and the writer do not wait for each other, whatever opened the file before.
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        # What is committed is on the disk: who is told that a mail is kept deletes his own copy.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _roll_back(connection: sqlite3.Connection) -> None:
    # Some errors, such as a full disk, have already rolled back.
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _serve(jobs: "SimpleQueue[_Job | None]") -> None:
    while (job := jobs.get()) is not None:
        work, done = job
        result, error = None, None
        try:
            result = work()
        except BaseException as caught:
            # Whatever it is, it belongs to who asked.
            error = caught
        # Nobody can be told any more once the loop is closed.
        with suppress(RuntimeError):
            done.get_loop().call_soon_threadsafe(_tell, done, result, error)


def _tell(done: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if done.done():
        # Who asked was cancelled.
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)
