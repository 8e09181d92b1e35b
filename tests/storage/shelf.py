"""Two tables of our own, to test the engine without the program's tables."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    select,
)

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query, insert

METADATA = MetaData()

BOOKS = Table(
    "helpdesk_test_book",
    METADATA,
    Column("agency_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("title", Text, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("is_lent", Boolean, nullable=False),
    Column("bought_at", Instant),
    Column("facts", Json),
    Column("cover", LargeBinary),
    UniqueConstraint("agency_id", "title", name="one_title"),
)

LOANS = Table(
    "helpdesk_test_loan",
    METADATA,
    Column("agency_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("book_id", Id, nullable=False),
    ForeignKeyConstraint(
        ["agency_id", "book_id"], ["helpdesk_test_book.agency_id", "helpdesk_test_book.id"]
    ),
)

COUNTRIES = Table("helpdesk_test_country", METADATA, Column("code", Text, primary_key=True))

ALICE = "a" * 32
BRUNO = "b" * 32
THIS_AGENCY = BOOKS.c.agency_id == bindparam("agency_id")

ADD_BOOK = Query(insert(BOOKS))
ADD_LOAN = Query(insert(LOANS))
TITLES = Query(select(BOOKS.c.title).where(THIS_AGENCY).order_by(BOOKS.c.title))
EVERYTHING = Query(select(BOOKS).where(THIS_AGENCY).order_by(BOOKS.c.id))
COPIES = Query(select(BOOKS.c.copies).where(THIS_AGENCY, BOOKS.c.id == bindparam("id")))
BUY_COPY = Query(
    BOOKS.update()
    .where(THIS_AGENCY, BOOKS.c.id == bindparam("id"))
    .values(copies=BOOKS.c.copies + 1)
)


def a_book(title: str | None = "Dune", **changes: object) -> Mapping[str, object]:
    """Return the row of a book of Alice's agency."""
    return {
        "agency_id": ALICE,
        "id": (title or "untitled").lower()[:32],
        "title": title,
        "copies": 1,
        "is_lent": False,
        "bought_at": datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
        "facts": {"pages": 412},
        "cover": None,
        **changes,
    }


async def add(database: Database, *books: Mapping[str, object]) -> None:
    """Put books on the shelf, in one transaction."""
    async with database.writing() as connection:
        await connection.execute_many(ADD_BOOK, books)


async def titles(database: Database, agency_id: str = ALICE) -> list[str]:
    """Return the titles that an agency sees."""
    async with database.reading() as connection:
        return [title for (title,) in await connection.fetch_all(TITLES, agency_id=agency_id)]


async def copies(database: Database, book: str = "dune") -> int:
    """Return how many copies Alice has."""
    async with database.reading() as connection:
        row = await connection.fetch_one(COPIES, agency_id=ALICE, id=book)
    assert row is not None
    return int(row[0])
