"""Many tickets with running clocks, copied from one in the database itself."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg
import orjson
from sqlalchemy import Table

from helpdesk.storage.column_types import instant_to_text
from helpdesk.storage.tables.mail import INBOUND_MAIL, MAIL_REFERENCE, OUTBOX_MAIL
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import MESSAGE, TICKET, TICKET_EVENT

Step = tuple[str, int, datetime]


async def fill_tickets(url: str, model: str, count: int) -> None:
    """Copy a ticket so often, with its history and its clocks as they are kept."""
    ids = {"ticket_id": "'copy-' || i"}
    await _copy(url, TICKET, {"id": "'copy-' || i", "number": _number(1_000_000)}, model, count)
    await _copy(url, TICKET_EVENT, ids, model, count)
    await _copy(url, SLA_CLOCK, ids, model, count)
    await _run(url, "ANALYZE")


async def fill_mails(url: str, model: str, first: int, count: int) -> None:
    """Copy a ticket that a mail opened so often, with all that the mail left; `first` is new."""
    copy = f"'copy-' || ({first} + i)"
    raw = f"printf('%064d', {first} + i)"
    if url.startswith("postgresql"):
        raw = f"lpad(({first} + i)::text, 64, '0')"
    mail = {"id": copy, "content_hash": raw, "raw_sha256": raw, "meaning_hash": raw}
    ids = {"id": copy, "ticket_id": copy}
    await _copy(url, TICKET, {"id": copy, "number": _number(1_000_000 + first)}, model, count)
    await _copy(url, TICKET_EVENT, {"ticket_id": copy}, model, count)
    await _copy(url, SLA_CLOCK, {"ticket_id": copy}, model, count)
    await _copy(url, MESSAGE, ids, model, count)
    await _copy(url, INBOUND_MAIL, ids | mail | {"from_addr": copy}, model, count)
    reference = {"message_id": f"message_id || {copy}", "ticket_id": copy}
    await _copy(url, MAIL_REFERENCE, reference, model, count)
    sent = {"state": "'SENT'", "idempotency_key": copy}
    await _copy(url, OUTBOX_MAIL, ids | sent, model, count)
    await _run(url, "ANALYZE")


async def fill_clocks(url: str, model: str, count: int, steps: Sequence[Step], name: str) -> None:
    """Copy a ticket and its first-response clock so often, with these steps to come."""
    kept = [[step, level, instant_to_text(at)] for step, level, at in steps]
    is_postgres = url.startswith("postgresql")
    clocks = {
        "ticket_id": f"'{name}-' || i",
        "steps": f"'{orjson.dumps(kept).decode()}'" + ("::jsonb" if is_postgres else ""),
        "next_at": f"'{kept[0][2]}'" + ("::timestamptz" if is_postgres else ""),
    }
    tickets = {"id": f"'{name}-' || i", "number": f"'{name}-' || i"}
    await _copy(url, TICKET, tickets, model, count)
    await _copy(url, SLA_CLOCK, clocks, model, count, also="AND metric = 'FIRST_RESPONSE'")
    await _run(url, "ANALYZE")


def _number(offset: int) -> str:
    return f"CAST({offset} + i AS TEXT)"


async def _copy(
    url: str, table: Table, given: Mapping[str, str], model: str, count: int, *, also: str = ""
) -> None:
    series = f"generate_series(1, {count})"
    if not url.startswith("postgresql"):
        series = f"1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count}"  # noqa: S608 - a number
    numbers = f"RECURSIVE numbers(i) AS (SELECT {series})"
    columns = [column.name for column in table.c]
    values = ", ".join(given.get(column, column) for column in columns)
    key = "id" if table is TICKET else "ticket_id"
    into = f"INSERT INTO {table.name} ({', '.join(columns)})"
    source = f"FROM {table.name}, numbers WHERE {key} = '{model}' {also}"
    await _run(url, f"{into} WITH {numbers} SELECT {values} {source}")


async def _run(url: str, sql: str) -> None:
    if url.startswith("postgresql"):
        connection = await asyncpg.connect(url)
        await connection.execute(sql, timeout=3600)
        await connection.close()
        return
    file = sqlite3.connect(url.removeprefix("sqlite:///"))
    with file:
        file.execute(sql)
    file.close()
