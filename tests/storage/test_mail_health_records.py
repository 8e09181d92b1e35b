"""What is kept of the mails' health: filled for what was there before, and read by index."""

import sqlite3

from helpdesk.storage import mail_health_records, schema_upgrade
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from tests.filling import fill_mails
from tests.usecases.mails import Door, a_mail
from tests.usecases.world import build_world

_NAMES = vars(mail_health_records)
QUERIES: dict[str, Query] = {
    "waiting": _NAMES["_WAITING"],
    "quarantined": _NAMES["_QUARANTINED"],
    "outgoing": _NAMES["_OUTGOING"],
    **{f"door {number}": query for number, query in enumerate(_NAMES["_LAST_BY_DOOR"])},
}


async def test_mails_that_were_promised_before_are_found_by_their_recipient(
    database: Database, database_url: str
) -> None:
    door = Door(await build_world(database))
    await door.receive(a_mail(sender="Bruno <Bruno@bruno.example>"))
    before = await door.world.rows(OUTBOX_MAIL)

    schema_upgrade.downgrade(database_url, "0017")
    schema_upgrade.upgrade(database_url)

    after = await door.world.rows(OUTBOX_MAIL)
    assert after == before
    assert {row["recipient"] for row in after} >= {"bruno@bruno.example"}
    assert all(row["subject"].startswith("[#1] ") for row in after)


async def test_how_the_mails_do_is_read_by_index(
    sqlite_database: Database, sqlite_url: str
) -> None:
    ticket = await Door(await build_world(sqlite_database)).open()
    await fill_mails(sqlite_url, ticket.id, 0, 3_000)

    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    for name, query in QUERIES.items():
        compiled = query.compiled_for("sqlite")
        arguments = compiled.arguments({"agency_id": "agency"})
        plan = connection.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", arguments)
        steps = [step for *_, step in plan]
        assert [step for step in steps if "INDEX" in step], (name, steps)
        assert [step for step in steps if step.startswith("SCAN")] == [], (name, steps)
    connection.close()
