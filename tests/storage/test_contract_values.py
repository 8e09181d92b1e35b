"""What goes into a database comes out, whichever of the two it is."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from sqlalchemy import bindparam, func, select, union_all

from helpdesk.storage.database import Database
from helpdesk.storage.errors import (
    NaiveDatetimeRefused,
    ParametersMismatched,
)
from helpdesk.storage.query import Query, in_list, insert
from tests.storage.shelf import (
    ALICE,
    BOOKS,
    BRUNO,
    COPIES,
    EVERYTHING,
    THIS_AGENCY,
    a_book,
    add,
    copies,
    titles,
)


class Colour(StrEnum):
    RED = "Red"


class TestValues:
    async def test_come_back_as_they_went_in(self, shelf: Database) -> None:
        book = a_book(
            "L'Été — «à l'œuvre» 🎈",
            is_lent=True,
            facts={"é": ["œ", 1, 1.5, None, True], "nested": {"a": {}}},
            cover=b"\x00\xff\x01",
        )

        await add(shelf, book)

        async with shelf.reading() as connection:
            [row] = await connection.fetch_all(EVERYTHING, agency_id=ALICE)
        assert dict(zip(BOOKS.c.keys(), row, strict=True)) == book
        assert type(row) is tuple
        assert row[4] is True
        assert row[5].tzinfo is UTC

    async def test_may_be_absent(self, shelf: Database) -> None:
        await add(shelf, a_book(bought_at=None, facts=None, cover=None))

        async with shelf.reading() as connection:
            row = await connection.fetch_one(EVERYTHING, agency_id=ALICE)
        assert row is not None
        assert row[5:] == (None, None, None)

    async def test_instants_of_any_zone_come_back_in_utc(self, shelf: Database) -> None:
        paris = datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))

        await add(shelf, a_book(bought_at=paris))

        async with shelf.reading() as connection:
            row = await connection.fetch_one(EVERYTHING, agency_id=ALICE)
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
            row = await connection.fetch_one(EVERYTHING, agency_id=ALICE)

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
