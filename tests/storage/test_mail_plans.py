"""What waits at the mail door is found by index among all that was understood long ago."""

import sqlite3
from collections.abc import Mapping
from datetime import timedelta

import asyncpg

from helpdesk.storage import inbound_queue, mail_records
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query
from tests.factories import MONDAY
from tests.filling import fill_mails
from tests.usecases.mails import Door
from tests.usecases.world import build_world

KEPT = 3_000
_INBOX = vars(inbound_queue)
_OUTBOX = vars(vars(mail_records)["_OUTBOX"])
_READER = {"at": MONDAY, "reader": "me", "limit": 50}
_SUSPECT = {**_READER, "most_crashes": 0, "expired_at": MONDAY - timedelta(minutes=5)}
_WAITING = "ix_helpdesk_inbound_mail_waiting"

Asked = tuple[Query, Mapping[str, object], str]

QUERIES: dict[str, Asked] = {
    "whether a mail is to be understood": (_INBOX["_ANY_DUE"], _READER, _WAITING),
    "mails to understand": (_INBOX["_DUE"], _READER, _WAITING),
    "whether a reader died over a mail": (_INBOX["_ANY_SUSPECT"], _SUSPECT, _WAITING),
    "a mail whose reader died": (_INBOX["_SUSPECT"], _SUSPECT, _WAITING),
    "whether a mail is to be sent": (
        _OUTBOX["_any_due"],
        {"at": MONDAY},
        "ix_helpdesk_outbox_mail_to_send",
    ),
    "mails to send": (
        _OUTBOX["_due"],
        {"at": MONDAY, "limit": 1},
        "ix_helpdesk_outbox_mail_to_send",
    ),
}


async def test_what_waits_is_found_by_index(database: Database, database_url: str) -> None:
    ticket = await Door(await build_world(database)).open()
    await fill_mails(database_url, ticket.id, 0, KEPT)

    plans = {name: await _plan(database_url, *asked[:2]) for name, asked in QUERIES.items()}

    for name, (_, _, index) in QUERIES.items():
        plan = plans[name]
        assert index in "\n".join(plan), (name, plan)
        assert [step for step in plan if "Sort" in step or "B-TREE" in step] == [], (name, plan)


async def _plan(url: str, query: Query, params: Mapping[str, object]) -> list[str]:
    if not url.startswith("postgresql"):
        compiled = query.compiled_for("sqlite")
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        asked = f"EXPLAIN QUERY PLAN {compiled.sql}"
        plan = [str(row[3]) for row in connection.execute(asked, compiled.arguments(params))]
        connection.close()
        return plan
    compiled = query.compiled_for("postgresql")
    server = await asyncpg.connect(url)
    try:
        rows = await server.fetch(f"EXPLAIN {compiled.sql}", *compiled.arguments(params))
    finally:
        await server.close()
    return [str(row[0]) for row in rows]
