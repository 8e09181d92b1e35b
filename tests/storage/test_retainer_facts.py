"""The database itself keeps the facts of a forfait: nothing edits them or reopens a period."""

from datetime import timedelta

import pytest
from sqlalchemy import Table, bindparam, delete, update

from helpdesk.domain.retainer_entry import Posting
from helpdesk.domain.retainer_use import Work, consume, hold, release
from helpdesk.storage.database import Database
from helpdesk.storage.errors import ConstraintViolation, UniqueViolation
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import MINE
from helpdesk.storage.tables.retainer import RETAINER_ENTRY
from helpdesk.storage.tables.work_log import WORK_ENTRY
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.retainer_ports import BookAsk
from tests.factories import AGENCY_ID, ALICE, at
from tests.usecases.retainers import CONTRACT, PACK, TICKETS, opened, proved
from tests.usecases.test_ticket_retainer import closed
from tests.usecases.world import World, build_world

FACTS = [(RETAINER_ENTRY, "reason"), (WORK_ENTRY, "note")]


@pytest.fixture
async def world(database: Database) -> World:
    """Two agencies; a forfait of Bruno's with an entry, and work on his ticket."""
    built = await build_world(database)
    await opened(built, granted=2)
    ticket = await built.ticket()
    await log_work(built.desk, viewer=built.alice, request=LogWork(ticket.id, 15))
    return built


@pytest.mark.parametrize(("table", "column"), FACTS)
async def test_a_fact_is_neither_changed_nor_removed(
    world: World, table: Table, column: str
) -> None:
    before = await world.rows(table)
    assert before
    changes = (
        Query(update(table).where(table.c.agency_id == MINE).values({column: bindparam("other")})),
        Query(delete(table).where(table.c.agency_id == MINE)),
    )
    for change, params in zip(changes, ({"other": "nicer"}, {}), strict=True):
        with pytest.raises(ConstraintViolation):
            async with world.database.writing() as connection:
                await connection.execute(change, agency_id=AGENCY_ID, **params)

    assert await world.rows(table) == before


async def test_nothing_is_posted_in_a_closed_period(world: World) -> None:
    [row] = await world.rows(RETAINER_ENTRY)
    world.now.set(at("08-03 09:00"))
    await closed(world)
    before = await world.rows(RETAINER_ENTRY)
    late = {**row, "number": 100, "key": "late", "period_start": at("07-01 00:00")}

    with pytest.raises(ConstraintViolation):
        async with world.database.writing() as connection:
            await connection.execute(Query(insert(RETAINER_ENTRY)), **late)

    assert await world.rows(RETAINER_ENTRY) == before
    in_time = {**late, "period_start": at("08-01 00:00")}
    async with world.database.writing() as connection:
        await connection.execute(Query(insert(RETAINER_ENTRY)), **in_time)


async def test_a_key_and_a_number_are_taken_once_in_a_book(world: World) -> None:
    [row] = await world.rows(RETAINER_ENTRY)
    for clash in ({"number": row["number"], "key": "other"}, {"number": 100}):
        with pytest.raises(UniqueViolation):
            async with world.database.writing() as connection:
                await connection.execute(Query(insert(RETAINER_ENTRY)), **{**row, **clash})


async def test_an_entry_comes_back_as_it_was_written(world: World) -> None:
    posting = Posting(ALICE, world.now(), world.now() - timedelta(hours=1), "r", "ticket:1", "k")
    async with world.desk.store.transaction(AGENCY_ID) as records:
        kept = await records.retainer.book(BookAsk(CONTRACT, TICKETS))
        assert kept is not None
        written = consume(kept.book, posting, Work(3))
        after = await records.retainer.append(kept, written)
        assert await records.retainer.entries_of(CONTRACT, TICKETS, source="ticket:1") == written
        again = await records.retainer.book(BookAsk(CONTRACT, TICKETS, key="k"))
    assert again is not None
    assert again.book.answers == {"k": written}
    assert again.book.last_number == after.book.last_number == 3


async def test_a_part_of_a_hold_is_given_back(world: World) -> None:
    ask = BookAsk(CONTRACT, TICKETS, source="ticket:1")
    for verb, key in (("hold", "k1"), ("release", "k2")):
        async with world.desk.store.transaction(AGENCY_ID) as records:
            kept = await records.retainer.book(ask)
            assert kept is not None
            posting = Posting(ALICE, world.now(), world.now(), "", "ticket:1", key)
            entries = (
                hold(kept.book, posting, Work(2))
                if verb == "hold"
                else release(kept.book, posting, 1)
            )
            await records.retainer.append(kept, entries)

    [held] = (await proved(world)).holds.values()
    assert held.quantity == 1


async def test_a_contract_that_does_not_count_a_unit_has_no_book_of_it(world: World) -> None:
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.retainer.book(BookAsk(CONTRACT, PACK)) is None
        assert await records.retainer.whole_book(CONTRACT, PACK) is None
        assert await records.retainer.units_of(CONTRACT) == (TICKETS,)
