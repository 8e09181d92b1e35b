"""The database itself keeps what was issued: nothing edits it, no credit stands on it twice."""

import pytest
from sqlalchemy import Table, bindparam, delete, update

from helpdesk.storage.database import Database
from helpdesk.storage.errors import ConstraintViolation, UniqueViolation
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import MINE
from helpdesk.storage.tables.credit_note import (
    CREDIT_NOTE,
    CREDIT_NOTE_FILE,
    CREDIT_NOTE_LINE,
    CREDIT_NOTE_SHARE,
    CREDIT_NOTE_USE,
    EXTERNAL_INVOICE,
    EXTERNAL_INVOICE_RATE,
)
from helpdesk.usecases.use_credit_note import ApplyCreditNotes, apply_credit_notes
from tests.factories import AGENCY_ID
from tests.usecases.credit_notes import an_invoice, issued, ready
from tests.usecases.world import World, build_world

FACTS = [
    (CREDIT_NOTE, "content"),
    (CREDIT_NOTE_LINE, "label"),
    (CREDIT_NOTE_SHARE, "invoice_id"),
    (CREDIT_NOTE_FILE, "sha256"),
    (CREDIT_NOTE_USE, "reason"),
    (EXTERNAL_INVOICE, "number"),
    (EXTERNAL_INVOICE_RATE, "invoice_id"),
]


@pytest.fixture
async def world(database: Database) -> World:
    """A credit note that paid a part of the invoice of July."""
    built = await build_world(database)
    await ready(built)
    await issued(built)
    asked = ApplyCreditNotes((await an_invoice(built)).id)
    await apply_credit_notes(built.desk, viewer=built.alice, request=asked)
    return built


@pytest.mark.parametrize(("table", "column"), FACTS)
async def test_what_was_issued_is_neither_changed_nor_removed(
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


async def test_a_number_a_place_and_a_credit_are_taken_once(world: World) -> None:
    [note] = await world.rows(CREDIT_NOTE)
    [line] = await world.rows(CREDIT_NOTE_LINE)
    clashes = [
        (CREDIT_NOTE, {**note, "id": "other", "sequence": 2}),
        (CREDIT_NOTE, {**note, "id": "other", "number": "AV2026-000002"}),
        (CREDIT_NOTE_LINE, {**line, "place": 1}),
    ]
    for table, clash in clashes:
        with pytest.raises(UniqueViolation):
            async with world.database.writing() as connection:
                await connection.execute(Query(insert(table)), **clash)
