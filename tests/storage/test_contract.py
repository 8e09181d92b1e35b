"""What a database promises, whichever of the two it is."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from sqlalchemy import bindparam, func, select, text, union_all

from helpdesk.storage.database import Database
from helpdesk.storage.errors import (
    ForeignKeyViolation,
    NaiveDatetimeRefused,
    ParametersMismatched,
    ReadOnlyRefused,
    StorageError,
    TransactionAborted,
    TransactionClosed,
    UniqueViolation,
)
from helpdesk.storage.query import Query, in_list, insert
from tests.storage.shelf import (
    ADD_BOOK,
    ADD_LOAN,
    ALICE,
    BOOKS,
    BRUNO,
    BUY_COPY,
    COPIES,
    COUNTRIES,
    LOANS,
    THIS_AGENCY,
    TITLES,
    a_book,
)


class Colour(StrEnum):
    RED = "Red"


async def add(database: Database, *books: Mapping[str, object]) -> None:
    async with database.writing() as connection:
        await connection.execute_many(ADD_BOOK, books)


async def titles(database: Database, agency_id: str = ALICE) -> list[str]:
    async with database.reading() as connection:
        return [title for (title,) in await connection.fetch_all(TITLES, agency_id=agency_id)]


async def copies(database: Database, book: str = "dune") -> int:
    async with database.reading() as connection:
        row = await connection.fetch_one(COPIES, agency_id=ALICE, id=book)
    assert row is not None
    return int(row[0])


class TestValues:
    EVERYTHING = Query(select(BOOKS).where(THIS_AGENCY).order_by(BOOKS.c.id))

    async def test_come_back_as_they_went_in(self, shelf: Database) -> None:
        book = a_book(
            "L'Été — «à l'œuvre» 🎈",
            is_lent=True,
            facts={"é": ["œ", 1, 1.5, None, True], "nested": {"a": {}}},
            cover=b"\x00\xff\x01",
        )

        await add(shelf, book)

        async with shelf.reading() as connection:
            [row] = await connection.fetch_all(self.EVERYTHING, agency_id=ALICE)
        assert dict(zip(BOOKS.c.keys(), row, strict=True)) == book
        assert type(row) is tuple
        assert row[4] is True
        assert row[5].tzinfo is UTC

    async def test_may_be_absent(self, shelf: Database) -> None:
        await add(shelf, a_book(bought_at=None, facts=None, cover=None))

        async with shelf.reading() as connection:
            row = await connection.fetch_one(self.EVERYTHING, agency_id=ALICE)
        assert row is not None
        assert row[5:] == (None, None, None)

    async def test_instants_of_any_zone_come_back_in_utc(self, shelf: Database) -> None:
        paris = datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))

        await add(shelf, a_book(bought_at=paris))

        async with shelf.reading() as connection:
            row = await connection.fetch_one(self.EVERYTHING, agency_id=ALICE)
        assert row is not None
        assert row[5] == paris
        assert row[5].isoformat() == "2026-06-30T22:30:00+00:00"

    async def test_instants_sort_and_compare(self, shelf: Database) -> None:
        at = datetime(2026, 3, 29, 1, tzinfo=UTC)
        moments = [at, at + timedelta(microseconds=1), at + timedelta(seconds=1)]
        await add(shelf, *(a_book(f"b{i}", bought_at=m) for i, m in enumerate(moments)))
        after = Query(
            select(BOOKS.c.id)
            .where(THIS_AGENCY, BOOKS.c.bought_at > bindparam("moment"))
            .order_by(BOOKS.c.bought_at.desc())
        )

        async with shelf.reading() as connection:
            found = await connection.fetch_all(after, agency_id=ALICE, moment=at)

        assert found == [("b2",), ("b1",)]

    async def test_a_naive_datetime_is_refused(self, shelf: Database) -> None:
        naive = datetime(2026, 3, 29, 1)  # noqa: DTZ001 - the mistake

        with pytest.raises(NaiveDatetimeRefused, match="has no time zone"):
            await add(shelf, a_book(bought_at=naive))

        assert await titles(shelf) == []

    async def test_an_enum_is_its_text(self, shelf: Database) -> None:
        await add(shelf, a_book(title=Colour.RED, id="red"))

        assert await titles(shelf) == ["Red"]

    async def test_a_document_holds_only_what_comes_back(self, shelf: Database) -> None:
        with pytest.raises(TypeError):
            await add(shelf, a_book(facts={"at": datetime(2026, 1, 1, tzinfo=UTC)}))

    async def test_sums_are_integers(self, shelf: Database) -> None:
        await add(shelf, a_book("A"), a_book("B", copies=4))
        sums = Query(
            select(func.sum(BOOKS.c.copies), func.sum(func.sum(BOOKS.c.copies)).over()).where(
                THIS_AGENCY
            )
        )

        async with shelf.reading() as connection:
            row = await connection.fetch_one(sums, agency_id=ALICE)

        assert repr(row) == "(5, 5)"


class TestStatements:
    async def test_constants_are_part_of_the_statement(self, shelf: Database) -> None:
        await add(shelf, a_book("A", is_lent=True), a_book("B"), a_book("C"), a_book("D"))
        at = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
        chosen = Query(
            select(BOOKS.c.id, BOOKS.c.id)
            .where(THIS_AGENCY, BOOKS.c.id.in_(["a", "b", "d"]), BOOKS.c.is_lent.is_(False))
            .where(BOOKS.c.bought_at.in_([at]), BOOKS.c.is_lent == False)  # noqa: E712 - SQL
            .order_by(BOOKS.c.id.desc())
            .limit(bindparam("limit"))
            .offset(1)
        )

        async with shelf.reading() as connection:
            assert await connection.fetch_all(chosen, agency_id=ALICE, limit=5) == [("b", "b")]

    async def test_a_union_gives_values_of_its_first_query(self, shelf: Database) -> None:
        await add(shelf, a_book())
        one = select(BOOKS.c.facts, BOOKS.c.bought_at).where(THIS_AGENCY)

        async with shelf.reading() as connection:
            rows = await connection.fetch_all(Query(union_all(one, one)), agency_id=ALICE)

        assert rows == [({"pages": 412}, a_book()["bought_at"])] * 2

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [([], []), (["a"], ["a"]), (["a", "c", "no", "a"], ["a", "c"]), (("b",), ["b"])],
    )
    async def test_a_list_is_one_parameter(
        self, shelf: Database, wanted: list[str], found: list[str]
    ) -> None:
        await add(shelf, a_book("A"), a_book("B"), a_book("C"))
        listed = select(BOOKS.c.id).where(THIS_AGENCY, in_list(BOOKS.c.id, "ids"))
        query = Query(listed.order_by(BOOKS.c.id))

        async with shelf.reading() as connection:
            rows = await connection.fetch_all(query, agency_id=ALICE, ids=wanted)

        assert [identity for (identity,) in rows] == found

    async def test_a_list_may_hold_integers_and_be_excluded(self, shelf: Database) -> None:
        await add(shelf, a_book("A"), a_book("B", copies=2), a_book("C", copies=3))
        listed = select(BOOKS.c.id).where(THIS_AGENCY, ~in_list(BOOKS.c.copies, "numbers"))

        async with shelf.reading() as connection:
            rows = await connection.fetch_all(Query(listed), agency_id=ALICE, numbers=[1, 2])

        assert rows == [("c",)]

    async def test_writing_counts_and_returns_rows(self, shelf: Database) -> None:
        await add(shelf, a_book("A"), a_book("B"))
        buy = BOOKS.update().where(THIS_AGENCY).values(copies=BOOKS.c.copies + 1)

        async with shelf.writing() as connection:
            counted = await connection.execute(Query(buy), agency_id=ALICE)
            returned = Query(buy.returning(BOOKS.c.copies, BOOKS.c.facts))
            rows = await connection.fetch_all(returned, agency_id=ALICE)
            counted_too = await connection.execute(returned, agency_id=ALICE)
            none = await connection.execute(Query(buy), agency_id=BRUNO)

        assert (counted, counted_too, none) == (2, 2, 0)
        assert rows == [(3, {"pages": 412})] * 2

    async def test_an_update_sets_parameters_and_constants(self, shelf: Database) -> None:
        await add(shelf, a_book())
        lend = Query(
            BOOKS.update()
            .where(THIS_AGENCY, BOOKS.c.copies == bindparam("expected"))
            .values(is_lent=True, copies=bindparam("copies"), facts=bindparam("facts"))
        )

        async with shelf.writing() as connection:
            params = {"agency_id": ALICE, "copies": 7, "facts": ["œ"]}
            assert await connection.execute(lend, expected=2, **params) == 0
            assert await connection.execute(lend, expected=1, **params) == 1
            row = await connection.fetch_one(TestValues.EVERYTHING, agency_id=ALICE)

        assert row is not None
        assert (row[3], row[4], row[6]) == (7, True, ["œ"])

    async def test_an_insert_may_give_way(self, shelf: Database) -> None:
        await add(shelf, a_book())
        add_if_new = Query(insert(BOOKS).on_conflict_do_nothing())

        async with shelf.writing() as connection:
            again = await connection.execute(add_if_new, **a_book(copies=9))
            new = await connection.execute(add_if_new, **a_book("Emma"))

        assert (again, new) == (0, 1)
        assert await copies(shelf) == 1

    async def test_an_insert_may_replace(self, shelf: Database) -> None:
        await add(shelf, a_book())
        new = insert(BOOKS)
        put = Query(
            new.on_conflict_do_update(
                index_elements=["agency_id", "id"], set_={"copies": new.excluded.copies}
            )
        )

        async with shelf.writing() as connection:
            await connection.execute(put, **a_book(copies=9))

        assert await copies(shelf) == 9

    async def test_locks_are_for_postgresql(self, shelf: Database) -> None:
        await add(shelf, a_book())
        claim = select(BOOKS.c.id).where(THIS_AGENCY).with_for_update(skip_locked=True)

        async with shelf.writing() as connection:
            assert await connection.fetch_one(Query(claim), agency_id=ALICE) == ("dune",)

    async def test_parameters_are_checked_by_name(self, shelf: Database) -> None:
        async with shelf.reading() as connection:
            with pytest.raises(ParametersMismatched, match=r"missing \['id'\], unknown \['di'\]"):
                await connection.fetch_all(COPIES, agency_id=ALICE, di="x")
            with pytest.raises(ParametersMismatched, match=r"missing \[\], unknown \['more'\]"):
                await connection.fetch_all(COPIES, agency_id=ALICE, id="x", more=1)


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
