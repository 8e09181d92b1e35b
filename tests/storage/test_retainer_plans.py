"""Balances, packs, periods and what the worker looks for are found by index, on both databases."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime

import asyncpg
import pytest

from helpdesk.storage.query import Query
from helpdesk.storage.reads.retainer_tables import period_select, sums_before_select
from helpdesk.storage.retainer_balance import balances_select, expiring_packs_select
from helpdesk.storage.retainer_records import OPEN_LOTS, TO_TURN

NOW = datetime(2026, 7, 6, 7, tzinfo=UTC)
AGENCY = {"agency_id": "agency-1"}
CONTRACTS = {"ids": ["contract-1", "contract-2"]}
BOOK = {"of_contract": "contract-1", "of_unit": "minutes.run"}

BALANCES = Query(balances_select())
PACKS = Query(expiring_packs_select())
SUMS = Query(sums_before_select(is_client=False))
PERIOD = Query(period_select(is_client=False))

Asked = tuple[Query, Mapping[str, object], tuple[str, ...]]

QUERIES: dict[str, Asked] = {
    "balances": (
        BALANCES,
        {**AGENCY, **CONTRACTS, "at": NOW},
        (
            "helpdesk_retainer_book",
            "helpdesk_retainer_lot",
            "helpdesk_retainer_hold",
            "ix_helpdesk_retainer_entry_over",
        ),
    ),
    "packs that expire": (
        PACKS,
        {**AGENCY, "after": NOW, "until": NOW},
        ("ix_helpdesk_retainer_lot_expiring",),
    ),
    "lots that are not empty": (
        OPEN_LOTS,
        {**AGENCY, "book_contract": "contract-1", "book_unit": "minutes.run"},
        ("ix_helpdesk_retainer_lot_open",),
    ),
    "the sums before a period": (
        SUMS,
        {**AGENCY, **BOOK, "start": NOW},
        ("helpdesk_retainer_entry",),  # nearly all entries of a book: its key is as good
    ),
    "the entries of a period": (
        PERIOD,
        {**AGENCY, **BOOK, "start": NOW},
        ("ix_helpdesk_retainer_entry_period",),
    ),
    "books that the worker turns": (TO_TURN, {"at": NOW}, ("ix_helpdesk_retainer_book_turn",)),
}


@pytest.mark.parametrize("name", QUERIES)
def test_sqlite_finds_it_by_index(sqlite_url: str, name: str) -> None:
    query, params, indexes = QUERIES[name]
    compiled = query.compiled_for("sqlite")
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    values = compiled.arguments(params)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", values)]
    connection.close()

    tables = [step for step in plan if "helpdesk_" in step]
    assert [step for step in tables if not step.startswith("SEARCH")] == [], plan
    assert all("USING" in step for step in tables), plan
    for index in indexes:
        assert any(index in step for step in plan), (index, plan)


FILLED = """
SET session_replication_role = replica;
INSERT INTO helpdesk_retainer_book (agency_id, contract_id, unit, terms, open_from, last_number,
  turn_at)
SELECT 'agency-' || a, 'contract-' || c, 'minutes.run', '{}', now(), 0,
  '2026-07-06T07:00Z'::timestamptz + c * interval '1 hour'
FROM generate_series(1, 2) a, generate_series(1, 400) c;
INSERT INTO helpdesk_retainer_lot (agency_id, contract_id, unit, number, source, effective_at,
  expires_at, scope, priority, quantity, granted, remaining, held, version)
SELECT b.agency_id, b.contract_id, b.unit, n, CASE n % 10 WHEN 0 THEN 'purchase' ELSE 'plan' END,
  '2016-07-01T00:00Z'::timestamptz + n * interval '1 month',
  '2016-08-01T00:00Z'::timestamptz + n * interval '1 month', '[]', 0, 120, 120,
  CASE WHEN n > 118 THEN 60 ELSE 0 END, 0, 1
FROM helpdesk_retainer_book b, generate_series(1, 120) n;
INSERT INTO helpdesk_retainer_hold (agency_id, contract_id, unit, number, source, quantity,
  effective_at)
SELECT agency_id, contract_id, unit, n, 'ticket:' || n, 1, now()
FROM helpdesk_retainer_book, generate_series(1, 5) n;
INSERT INTO helpdesk_retainer_entry (agency_id, contract_id, unit, number, key, place, request,
  kind, quantity, effective_at, asked_for, lot, period_start, period_end, at, actor_kind,
  actor_name, reason, source)
SELECT agency_id, contract_id, unit, n, 'key-' || n, 0, '', 'consume', 1, now(), now(),
  CASE n % 7 WHEN 0 THEN NULL ELSE n END,
  '2016-07-01T00:00Z'::timestamptz + n * interval '1 month',
  '2016-08-01T00:00Z'::timestamptz + n * interval '1 month', now(), 'SYSTEM', '', '', 'work:1'
FROM helpdesk_retainer_book, generate_series(1, 120) n;
ANALYZE;
"""


async def test_postgresql_finds_it_by_index(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(FILLED)
        for query, params, indexes in QUERIES.values():
            compiled = query.compiled_for("postgresql")
            values = compiled.arguments(params)
            rows = await connection.fetch(f"EXPLAIN {compiled.sql}", *values)
            plan = [row[0].strip() for row in rows]
            assert [step for step in plan if "Seq Scan" in step] == [], plan
            for index in indexes:
                assert any("Index" in step and index in step for step in plan), (index, plan)
    finally:
        await connection.close()
