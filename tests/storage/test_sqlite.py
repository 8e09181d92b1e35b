"""What only SQLite has: a file, a lock, and an event loop that must not wait."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Integer, bindparam, func, literal, select

from helpdesk.storage.database import Database, open_database
from helpdesk.storage.errors import (
    DatabaseBusy,
    DatabaseUnavailable,
    QueryTooSlow,
    StorageError,
)
from helpdesk.storage.query import Query
from helpdesk.storage.schema_upgrade import on_database
from helpdesk.storage.sqlite import SqliteDatabase
from tests.storage.shelf import ADD_BOOK, ALICE, BUY_COPY, COPIES, METADATA, TITLES, a_book

_NUMBERS = select(literal(1).label("n")).cte("numbers", recursive=True)
_NUMBERS = _NUMBERS.union_all(
    select(_NUMBERS.c.n + 1).where(_NUMBERS.c.n < bindparam("last", type_=Integer()))
)
COUNT = Query(select(func.count(), func.max(_NUMBERS.c.n)))

BUY_FROM_ANOTHER_PROCESS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
print("ready", flush=True)
for _ in range(200):
    connection.execute("UPDATE helpdesk_test_book SET copies = copies + 1")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with an empty shelf."""
    file = tmp_path / "shelf.db"
    on_database(f"sqlite:///{file}", METADATA.create_all)
    return file


@pytest.fixture
async def shelf(path: Path) -> AsyncIterator[SqliteDatabase]:
    """A database that does not wait for long, and whose event loop waits even less."""
    opened = await SqliteDatabase.open(path, busy_timeout=0.2, loop_budget=0.005)
    yield opened
    await opened.close()


async def test_a_slow_query_is_finished_by_a_thread(shelf: SqliteDatabase) -> None:
    turns = 0

    async def go_on() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.001)

    other = asyncio.create_task(go_on())
    async with shelf.reading() as connection:
        rows = await connection.fetch_all(COUNT, last=100_000)
        row = await connection.fetch_one(COUNT, last=100_000)
        batch = await connection.fetch_batch([(COUNT, {"last": 100_000}), (COUNT, {"last": 1})])
    other.cancel()

    assert rows == [row] == batch[0] == [(100_000, 100_000)]
    assert batch[1] == [(1, 1)]
    assert turns > 10


async def test_a_runaway_query_is_given_up(path: Path) -> None:
    shelf = await SqliteDatabase.open(path, loop_budget=0.005, time_limit=0.2)

    async with shelf.reading() as connection:
        with pytest.raises(QueryTooSlow):
            await connection.fetch_all(COUNT, last=10**12)

        assert await connection.fetch_all(COUNT, last=3) == [(3, 3)]
    await shelf.close()


async def test_a_cancelled_query_stops(path: Path) -> None:
    shelf = await SqliteDatabase.open(path, loop_budget=0.005)
    async with shelf.reading() as connection:
        task = asyncio.create_task(connection.fetch_all(COUNT, last=10**12))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    # It would otherwise wait for the thirty seconds that a query may take.
    await asyncio.wait_for(shelf.close(), timeout=5)


async def test_closing_stops_queries_and_threads(path: Path) -> None:
    shelf = await SqliteDatabase.open(path, loop_budget=0.005)
    task = asyncio.create_task(shelf.reading().fetch_all(COUNT, last=10**12))
    await asyncio.sleep(0.1)

    await asyncio.wait_for(shelf.close(), timeout=5)

    with pytest.raises(QueryTooSlow):
        await task
    assert not [each.name for each in threading.enumerate() if each.name.startswith("helpdesk-")]
    assert not path.with_name("shelf.db-wal").exists()


async def test_a_lock_that_lasts_is_a_typed_error(shelf: SqliteDatabase, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseBusy):
        await add_book(shelf)
    other.execute("ROLLBACK")
    other.close()

    await add_book(shelf)
    async with shelf.reading() as connection:
        assert await connection.fetch_all(TITLES, agency_id=ALICE) == [("Dune",)]


async def test_a_reader_never_waits_in_the_loop(shelf: SqliteDatabase, path: Path) -> None:
    await add_book(shelf)
    await shelf.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    opening = asyncio.create_task(SqliteDatabase.open(path, busy_timeout=0.1))

    with pytest.raises(DatabaseBusy):
        await opening
    other.close()


async def test_another_process_may_write_meanwhile(path: Path) -> None:
    shelf = await SqliteDatabase.open(path)
    await add_book(shelf)
    command = [sys.executable, "-c", BUY_FROM_ANOTHER_PROCESS, str(path)]
    other = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert other.stdout is not None
    await other.stdout.readline()
    for _ in range(200):
        async with shelf.writing() as connection:
            await connection.execute(BUY_COPY, agency_id=ALICE, id="dune")
    assert await other.wait() == 0

    async with shelf.reading() as connection:
        assert await connection.fetch_one(COPIES, agency_id=ALICE, id="dune") == (401,)
    await shelf.close()


async def test_the_file_is_set_up_once_and_for_all(shelf: SqliteDatabase, path: Path) -> None:
    connection = sqlite3.connect(path)

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_a_database_needs_a_file_that_can_be(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        await open_database(f"sqlite:///{tmp_path / 'no' / 'folder.db'}")
    with pytest.raises(StorageError, match="path of a file"):
        await open_database("sqlite://")
    with pytest.raises(StorageError, match="'mysql' is no database that we know"):
        await open_database("mysql://localhost/helpdesk")
    (tmp_path / "text").write_text("this is no database, whatever its name says" * 100)
    with pytest.raises(StorageError, match="not a database"):
        await open_database(f"sqlite:///{tmp_path / 'text'}")


async def test_each_says_what_it_is(database: Database, database_url: str) -> None:
    assert database_url.startswith(database.dialect_name)


async def add_book(shelf: SqliteDatabase) -> None:
    async with shelf.writing() as connection:
        await connection.execute(ADD_BOOK, **a_book())
