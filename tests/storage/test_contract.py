"""What a database promises, whichever of the two it is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from helpdesk.storage.database import Database
from helpdesk.storage.errors import (
    StorageError,
)
from helpdesk.storage.query import Query, insert
from tests.storage.shelf import (
    ALICE,
    BOOKS,
    BRUNO,
    COUNTRIES,
    LOANS,
    THIS_AGENCY,
    a_book,
    add,
    titles,
)


async def test_a_table_of_nobody_needs_no_agency(shelf: Database) -> None:
    add_country = Query(insert(COUNTRIES))

    async with shelf.writing() as connection:
        await connection.execute(add_country, code="FR")
        assert await connection.fetch_all(Query(select(COUNTRIES.c.code))) == [("FR",)]


async def test_a_text_may_cross_agencies_with_a_reason(shelf: Database) -> None:
    await add(shelf, a_book(), a_book(agency_id=BRUNO))
    count = Query.across_agencies(
        text("SELECT count(*) FROM helpdesk_test_book WHERE copies = :copies"),
        reason="the doctor counts every row",
    )

    async with shelf.reading() as connection:
        assert await connection.fetch_one(count, copies=1) == (2,)
        assert await connection.fetch_all(count, copies=2) == [(0,)]


async def test_a_closed_database_says_so(shelf: Database) -> None:
    await shelf.close()
    await shelf.close()

    with pytest.raises(StorageError, match="closed"):
        await add(shelf, a_book())
    with pytest.raises(StorageError, match="closed"):
        await titles(shelf)


async def test_joins_follow_the_agency(shelf: Database) -> None:
    await add(shelf, a_book(), a_book(agency_id=BRUNO))
    lent = Query(
        select(BOOKS.c.title, LOANS.c.id)
        .join_from(
            BOOKS,
            LOANS,
            (LOANS.c.agency_id == BOOKS.c.agency_id) & (LOANS.c.book_id == BOOKS.c.id),
            isouter=True,
        )
        .where(THIS_AGENCY)
    )

    async with shelf.reading() as connection:
        assert await connection.fetch_all(lent, agency_id=ALICE) == [("Dune", None)]


async def test_the_clock_is_aware_and_right(database: Database) -> None:
    before = await database.now()
    after = await database.now()

    assert before.tzinfo is UTC
    assert before <= after < before + timedelta(minutes=1)
    assert abs(after - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251 - to compare
