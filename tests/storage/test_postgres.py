"""What only PostgreSQL has: a server that may go away, and locks on rows."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Text, cast, func, literal, select

from helpdesk.storage.errors import (
    DatabaseUnavailable,
    QueryTooSlow,
    Retryable,
    StorageError,
    TransactionConflict,
    UniqueViolation,
)
from helpdesk.storage.postgres import PostgresDatabase
from helpdesk.storage.query import Query
from helpdesk.storage.schema_upgrade import on_database
from tests.databases import PostgresServer
from tests.storage.shelf import (
    ADD_BOOK,
    ALICE,
    BOOKS,
    BUY_COPY,
    METADATA,
    THIS_AGENCY,
    TITLES,
    a_book,
)

pytestmark = pytest.mark.postgres

SLEEP = Query(select(cast(func.pg_sleep(literal(30)), Text)))


@pytest.fixture
async def shelf(postgres_server: PostgresServer) -> AsyncIterator[PostgresDatabase]:
    """A database with two books, that gives up a query after two seconds."""
    with postgres_server.database("template1") as url:
        on_database(url, METADATA.create_all)
        opened = await PostgresDatabase.open(url, pool_size=2, time_limit=2.0)
        async with opened.writing() as connection:
            await connection.execute_many(ADD_BOOK, [a_book("A"), a_book("B")])
        yield opened
        await opened.close()


async def test_a_deadlock_may_be_tried_again(shelf: PostgresDatabase) -> None:
    both_hold_one = asyncio.Barrier(2)

    async def buy(*books: str) -> None:
        async with shelf.writing() as connection:
            await connection.execute(BUY_COPY, agency_id=ALICE, id=books[0])
            await both_hold_one.wait()
            await connection.execute(BUY_COPY, agency_id=ALICE, id=books[1])

    done = await asyncio.gather(buy("a", "b"), buy("b", "a"), return_exceptions=True)

    failures = [each for each in done if each is not None]
    assert [type(each) for each in failures] == [TransactionConflict]


async def test_a_claimed_row_is_skipped(shelf: PostgresDatabase) -> None:
    claim = Query(
        select(BOOKS.c.id)
        .where(THIS_AGENCY)
        .order_by(BOOKS.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )

    async with shelf.writing() as first, shelf.writing() as second:
        assert await first.fetch_one(claim, agency_id=ALICE) == ("a",)
        assert await second.fetch_one(claim, agency_id=ALICE) == ("b",)


async def test_a_slow_query_is_given_up(shelf: PostgresDatabase) -> None:
    async with shelf.reading() as connection:
        with pytest.raises(QueryTooSlow):
            await connection.fetch_all(SLEEP)


async def test_a_cancelled_query_frees_its_connection(shelf: PostgresDatabase) -> None:
    async def write() -> None:
        async with shelf.writing() as connection:
            await connection.execute(BUY_COPY, agency_id=ALICE, id="a")
            await connection.fetch_all(SLEEP)

    for _ in range(5):
        task = asyncio.create_task(write())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async with shelf.writing() as connection:
        row = await connection.fetch_one(
            Query(select(BOOKS.c.copies).where(THIS_AGENCY).order_by(BOOKS.c.id)), agency_id=ALICE
        )
    assert row == (1,)


async def test_writers_that_read_do_not_block_each_other(shelf: PostgresDatabase) -> None:
    async def read_while_writing() -> None:
        async with shelf.writing() as connection:
            await connection.execute(BUY_COPY, agency_id=ALICE, id="a")
            async with shelf.reading() as reader:
                await reader.fetch_all(TITLES, agency_id=ALICE)

    await asyncio.wait_for(asyncio.gather(*(read_while_writing() for _ in range(8))), timeout=10)


async def test_a_lost_connection_may_be_tried_again(shelf: PostgresDatabase) -> None:
    killed = Query(select(func.pg_terminate_backend(func.pg_backend_pid())))

    with pytest.raises(Retryable):
        async with shelf.writing() as connection:
            await connection.fetch_all(killed)

    async with shelf.reading() as connection:
        with pytest.raises(DatabaseUnavailable):
            await connection.fetch_all(killed)
        assert len(await connection.fetch_all(TITLES, agency_id=ALICE)) == 2


async def test_a_violation_names_its_constraint(shelf: PostgresDatabase) -> None:
    with pytest.raises(UniqueViolation) as caught:
        async with shelf.writing() as connection:
            await connection.execute(ADD_BOOK, **a_book("A", id="other"))

    assert caught.value.constraint == "one_title"


async def test_a_value_of_another_type_is_refused(shelf: PostgresDatabase) -> None:
    with pytest.raises(StorageError, match="expected str"):
        async with shelf.writing() as connection:
            await connection.execute(ADD_BOOK, **a_book("C", id=3))


async def test_a_database_that_is_not_there_is_said_so(postgres_server: PostgresServer) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        await PostgresDatabase.open(postgres_server.url_of("nothing_here"))
    with pytest.raises(DatabaseUnavailable):
        await PostgresDatabase.open("postgresql://localhost:1/helpdesk")
