"""What a transaction promises, whichever database it is of."""

import asyncio

import pytest

from helpdesk.storage.database import Database
from helpdesk.storage.errors import (
    ForeignKeyViolation,
    ReadOnlyRefused,
    StorageError,
    TransactionAborted,
    TransactionClosed,
    UniqueViolation,
)
from helpdesk.storage.query import Query
from tests.storage.shelf import (
    ADD_BOOK,
    ADD_LOAN,
    ALICE,
    BOOKS,
    BRUNO,
    BUY_COPY,
    THIS_AGENCY,
    TITLES,
    a_book,
    add,
    copies,
    titles,
)


class TestBatches:
    async def test_several_statements_are_one_hop(self, shelf: Database) -> None:
        async with shelf.writing() as connection:
            counts = await connection.execute_batch(
                [
                    (ADD_BOOK, a_book()),
                    (BUY_COPY, {"agency_id": ALICE, "id": "dune"}),
                    (BUY_COPY, {"agency_id": ALICE, "id": "none"}),
                ]
            )
            inside = await connection.fetch_batch([(TITLES, {"agency_id": ALICE})])

        assert counts == [1, 1, 0]
        assert inside == [[("Dune",)]]
        async with shelf.reading() as reader:
            rows = await reader.fetch_batch(
                [(TITLES, {"agency_id": ALICE}), (TITLES, {"agency_id": BRUNO})]
            )
        assert rows == [[("Dune",)], []]

    async def test_nothing_is_nothing(self, shelf: Database) -> None:
        async with shelf.writing() as connection:
            await connection.execute_many(ADD_BOOK, [])
            assert await connection.execute_batch([]) == []
            assert await connection.fetch_batch([]) == []
        async with shelf.reading() as connection:
            assert await connection.fetch_batch([]) == []
            assert await connection.fetch_one(TITLES, agency_id=ALICE) is None


class TestTransactions:
    async def test_an_exception_leaves_nothing(self, shelf: Database) -> None:
        async def write_and_fail() -> None:
            async with shelf.writing() as connection:
                await connection.execute(ADD_BOOK, **a_book())
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await write_and_fail()

        assert await titles(shelf) == []
        await add(shelf, a_book("Emma"))
        assert await titles(shelf) == ["Emma"]

    async def test_others_see_nothing_before_the_end(self, shelf: Database) -> None:
        async with shelf.writing() as connection:
            await connection.execute(ADD_BOOK, **a_book())
            assert await connection.fetch_all(TITLES, agency_id=ALICE) == [("Dune",)]
            assert await titles(shelf) == []

        assert await titles(shelf) == ["Dune"]

    async def test_each_fetch_is_a_snapshot_of_its_own(self, shelf: Database) -> None:
        async with shelf.reading() as connection:
            assert await connection.fetch_all(TITLES, agency_id=ALICE) == []
            await add(shelf, a_book())
            assert await connection.fetch_all(TITLES, agency_id=ALICE) == [("Dune",)]

    async def test_a_cancelled_writer_leaves_nothing_and_frees_its_place(
        self, shelf: Database
    ) -> None:
        written = asyncio.Event()

        async def write_and_wait() -> None:
            async with shelf.writing() as connection:
                await connection.execute(ADD_BOOK, **a_book())
                written.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(write_and_wait())
        await written.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        await asyncio.wait_for(add(shelf, a_book("Emma")), timeout=5)
        assert await titles(shelf) == ["Emma"]

    async def test_a_writer_may_be_cancelled_at_any_moment(self, shelf: Database) -> None:
        for turns in range(12):
            task = asyncio.create_task(add(shelf, a_book(f"Cancelled {turns}")))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])

        await asyncio.wait_for(add(shelf, a_book("Emma")), timeout=5)
        assert "Emma" in await titles(shelf)

    async def test_a_writer_may_be_cancelled_twice(self, shelf: Database) -> None:
        for turns in range(12):
            task = asyncio.create_task(add(shelf, a_book(f"Cancelled {turns}")))
            await asyncio.sleep(0.001 * turns)
            task.cancel()
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])

        await asyncio.wait_for(add(shelf, a_book("Emma")), timeout=5)
        assert "Emma" in await titles(shelf)

    async def test_twenty_writers_all_succeed(self, shelf: Database) -> None:
        await add(shelf, a_book(copies=0))

        async def buy() -> None:
            for _ in range(5):
                async with shelf.writing() as connection:
                    await connection.execute(BUY_COPY, agency_id=ALICE, id="dune")

        await asyncio.gather(*(buy() for _ in range(20)))

        assert await copies(shelf) == 100

    async def test_tasks_may_share_a_connection(self, shelf: Database) -> None:
        async with shelf.writing() as connection:
            await asyncio.gather(
                *(connection.execute(ADD_BOOK, **a_book(f"b{i}")) for i in range(5))
            )

        async with shelf.reading() as reader:
            found = await asyncio.gather(
                *(reader.fetch_all(TITLES, agency_id=ALICE) for _ in range(5))
            )
        assert {len(rows) for rows in found} == {5}

    async def test_a_connection_ends_with_its_block(self, shelf: Database) -> None:
        async with shelf.writing() as connection:
            pass

        with pytest.raises(TransactionClosed):
            await connection.execute(ADD_BOOK, **a_book())
        assert await titles(shelf) == []

    async def test_reading_cannot_write(self, shelf: Database) -> None:
        await add(shelf, a_book())

        async with shelf.reading() as connection:
            with pytest.raises(ReadOnlyRefused):
                await connection.execute(BUY_COPY, agency_id=ALICE, id="dune")
            with pytest.raises(ReadOnlyRefused):
                await connection.execute_many(ADD_BOOK, [a_book("Emma")])
            with pytest.raises(ReadOnlyRefused):
                await connection.execute_batch([(ADD_BOOK, a_book("Emma"))])

        assert await titles(shelf) == ["Dune"]
        assert await copies(shelf) == 1


class TestViolations:
    async def test_a_key_exists_once(self, shelf: Database) -> None:
        await add(shelf, a_book())

        with pytest.raises(UniqueViolation) as by_id:
            await add(shelf, a_book("Emma"), a_book("Other", id="dune"))
        with pytest.raises(UniqueViolation) as by_title:
            await add(shelf, a_book("Dune", id="other"))

        assert by_id.value.table == by_title.value.table == "helpdesk_test_book"
        assert by_id.value.columns == ("agency_id", "id")
        assert by_title.value.columns == ("agency_id", "title")
        assert "Dune" not in str(by_title.value)
        assert await titles(shelf) == ["Dune"]

    async def test_a_reference_points_at_something(self, shelf: Database) -> None:
        await add(shelf, a_book())
        loan = {"agency_id": ALICE, "id": "loan", "book_id": "dune"}
        delete = Query(BOOKS.delete().where(THIS_AGENCY))

        async with shelf.writing() as connection:
            await connection.execute(ADD_LOAN, **loan)

        with pytest.raises(ForeignKeyViolation):
            async with shelf.writing() as connection:
                await connection.execute(ADD_LOAN, **{**loan, "id": "2", "book_id": "none"})
        with pytest.raises(ForeignKeyViolation):
            async with shelf.writing() as connection:
                await connection.execute(delete, agency_id=ALICE)
        assert await titles(shelf) == ["Dune"]

    async def test_other_rules_are_violations_too(self, shelf: Database) -> None:
        with pytest.raises(StorageError, match=r"refused: helpdesk_test_book \(title\)"):
            await add(shelf, a_book(None))

    async def test_a_failed_transaction_keeps_nothing(self, shelf: Database) -> None:
        await add(shelf, a_book())

        async def write_on() -> None:
            async with shelf.writing() as connection:
                await connection.execute(ADD_BOOK, **a_book("Emma"))
                with pytest.raises(UniqueViolation):
                    await connection.execute(ADD_BOOK, **a_book())
                with pytest.raises(TransactionAborted):
                    await connection.fetch_all(TITLES, agency_id=ALICE)

        with pytest.raises(TransactionAborted):
            await write_on()

        assert await titles(shelf) == ["Dune"]

    async def test_an_unknown_table_is_an_error_of_storage(self, database: Database) -> None:
        async with database.reading() as connection:
            for fetch in (connection.fetch_all, connection.fetch_one, connection.execute):
                with pytest.raises(StorageError):
                    await fetch(TITLES, agency_id=ALICE)
            with pytest.raises(StorageError):
                await connection.fetch_batch([(TITLES, {"agency_id": ALICE})] * 2)
