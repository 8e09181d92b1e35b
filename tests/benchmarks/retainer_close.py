"""Forfaits: the close of a month costs what that month holds, and a balance never grows with age.

A hundred entries a contract and month. A month of 100 contracts is closed, then one of 1,000, as
the worker does it: each contract in a transaction of its own, with what is carried over and what
expires. Then the balance of a contract that is a month old, and of one that is ten years old. On
SQLite, on a file with its usual settings.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from helpdesk.domain.billed_time import RoundingTerms
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period
from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_entry import (
    Entry,
    EntryKind,
    EntryNumber,
    LotNumber,
    LotSource,
    LotTerms,
    Move,
    Posting,
)
from helpdesk.storage.column_types import Instant
from helpdesk.storage.database import open_database
from helpdesk.storage.retainer_documents import entry_values
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.storage.store import SqlStore
from helpdesk.storage.tables.retainer import RETAINER_ENTRY
from helpdesk.usecases.open_retainer import opened_retainer
from helpdesk.usecases.turn_periods import contracts_to_turn, turn_periods
from tests.factories import AGENCY_ID, ALICE
from tests.graphql.rows import CountingDatabase
from tests.usecases.retainers import CONTRACT, HALF, MONTHS, RUN, some_clauses
from tests.usecases.world import World, build_world

CONTRACTS = (100, 1_000)
ENTRIES_A_MONTH = 100
TEN_YEARS = 120
ROUNDS = 200
GRANTED = 600

JULY = MONTHS.period(Month(2026, 7))
AFTER_JULY = datetime(2026, 8, 3, 7, tzinfo=UTC)

_COLUMNS = [column.name for column in RETAINER_ENTRY.columns if column.name != "agency_id"]
_ADD_ENTRY = (
    f"INSERT INTO helpdesk_retainer_entry (agency_id, {', '.join(_COLUMNS)}) "  # noqa: S608 - ours
    f"VALUES ('{AGENCY_ID}', {', '.join('?' * len(_COLUMNS))})"
)
_ADD_LOT = (
    "INSERT INTO helpdesk_retainer_lot (agency_id, contract_id, unit, number, source, "
    "effective_at, expires_at, scope, priority, quantity, granted, remaining, held, version) "
    "VALUES (?, ?, ?, ?, 'plan', ?, ?, '[]', 0, ?, ?, ?, 0, ?)"
)
_SET_BOOK = (
    "UPDATE helpdesk_retainer_book SET last_number = ?, open_from = ?, turn_at = ? "
    "WHERE contract_id = ?"
)


def run() -> Iterator[str]:
    """Return the lines of the report: seconds for a close, its growth, milliseconds a balance."""
    yield "the close of a month on SQLite, s, and s of the processor"
    took = [asyncio.run(_closed(count)) for count in CONTRACTS]
    for count, (seconds, worked) in zip(CONTRACTS, took, strict=True):
        entries = count * ENTRIES_A_MONTH
        yield f"{count:>7,} contracts, {entries:>9,} entries {seconds:10.2f} {worked:10.2f}"
    times = CONTRACTS[1] // CONTRACTS[0]
    grown, worked = (after / before for before, after in zip(*took, strict=True))
    yield f"{times} times the contracts: {grown:.1f} times as long, {worked:.1f} of the processor"
    yield "a balance on SQLite, ms"
    for months in (1, TEN_YEARS):
        best, statements = asyncio.run(_balance(months))
        entries = months * ENTRIES_A_MONTH
        yield f"{months:>5} months, {entries:>7,} entries, {statements} query {best:12.3f}"


async def _closed(count: int) -> tuple[float, float]:
    """Return the seconds that the close took, and those of the processor."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.db"
        upgrade(f"sqlite:///{path}")
        database = await open_database(f"sqlite:///{path}")
        try:
            world = await build_world(database)
            await _fill(world, path, count, (JULY,))
            world.now.instant = AFTER_JULY
            begin, worked = perf_counter(), process_time()
            for agency_id, contract_id in await contracts_to_turn(world.desk):
                await turn_periods(world.desk, agency_id, contract_id)
            took = perf_counter() - begin, process_time() - worked
            assert await contracts_to_turn(world.desk) == ()
            assert _rolled_over(path) == count
            return took
        finally:
            await database.close()


async def _balance(months: int) -> tuple[float, int]:
    """Return the milliseconds of the fastest of several rounds, and the queries of one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.db"
        upgrade(f"sqlite:///{path}")
        database = await open_database(f"sqlite:///{path}")
        try:
            world = await build_world(database)
            first = MONTHS.periods_later(JULY, 1 - months)
            periods = tuple(MONTHS.periods_later(first, later) for later in range(months))
            await _fill(world, path, 1, periods)
            counting = CountingDatabase(database)
            store = SqlStore(counting)
            best = float("inf")
            for _ in range(ROUNDS):
                counting.texts.clear()
                begin = perf_counter()
                async with store.reading(AGENCY_ID) as records:
                    [found] = await records.retainer.balances([_id(0)], at=world.now())
                best = min(best, perf_counter() - begin)
                assert found.left == GRANTED - ENTRIES_A_MONTH + 1
            return best * 1000, counting.statements
        finally:
            await database.close()


async def _fill(world: World, path: Path, count: int, periods: tuple[Period, ...]) -> None:
    """Give contracts a book each, with the entries of periods of which the last one is open."""
    clauses = some_clauses(RUN, rollover=HALF)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        kept = await records.contracts.contract(CONTRACT)
        assert kept is not None
        for number in range(count):
            contract = _copy(kept, number)
            await records.contracts.add_contract(contract)
            await opened_retainer(records, contract, clauses, RoundingTerms(), at=periods[0].start)
    connection = sqlite3.connect(path)
    for number in range(count):
        _write(connection, _id(number), Book.opened(clauses, periods[0].start), periods)
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def _write(
    connection: sqlite3.Connection,
    contract_id: ContractId,
    book: Book,
    periods: tuple[Period, ...],
) -> None:
    first = 1
    for period in periods:
        is_open = period is periods[-1]
        entries = [*_month(book, period, first)]
        left = GRANTED - ENTRIES_A_MONTH + 1
        connection.executemany(_ADD_ENTRY, (_row(contract_id, entry) for entry in entries))
        start, end = _text(period.start), _text(period.end)
        lot = (AGENCY_ID, contract_id, RUN.value, first, start, end, GRANTED, GRANTED)
        connection.execute(_ADD_LOT, (*lot, left if is_open else 0, len(entries)))
        first += len(entries)
    last = periods[-1]
    values = (first - 1, _text(last.start), _text(last.end), contract_id)
    connection.execute(_SET_BOOK, values)


def _month(book: Book, period: Period, first: int) -> Iterator[Entry]:
    """Yield the allowance of a period, and work of a minute each on what is left of it."""
    lot = LotNumber(first)
    for number in range(first, first + ENTRIES_A_MONTH):
        if number == first:
            terms = LotTerms(LotSource.PLAN, period.start, period.end)
            move = Move(EntryKind.GRANT, GRANTED, period.start, opens=terms)
        else:
            move = Move(EntryKind.CONSUME, 1, period.start, lot=lot)
        key = f"plan:{period.start.isoformat()}" if number == first else f"work:{number}"
        posting = Posting(ALICE, period.start, period.start, "", key, key)
        yield Entry(EntryNumber(number), move, period, posting, posting.request("benchmark"))


def _row(contract_id: ContractId, entry: Entry) -> list[Any]:  # Any: columns of every type
    values = {**entry_values(entry), "contract_id": contract_id, "unit": RUN.value, "place": 0}
    return [_plain(name, values[name]) for name in _COLUMNS]


def _plain(name: str, value: Any) -> Any:  # Any: likewise
    kind = RETAINER_ENTRY.c[name].type
    if value is None or not isinstance(kind, Instant):
        return "{}" if isinstance(value, dict) else value
    return _text(value)


def _rolled_over(path: Path) -> int:
    connection = sqlite3.connect(path)
    [[found]] = connection.execute(
        "SELECT count(*) FROM helpdesk_retainer_entry WHERE kind = 'rollover_in'"
    )
    connection.close()
    return int(found)


def _copy(contract: Contract, number: int) -> Contract:
    terms = tuple(replace(one, reference=f"B-{number}") for one in contract.terms)
    return replace(contract, id=_id(number), reference=f"B-{number}", terms=terms)


def _id(number: int) -> ContractId:
    return ContractId(f"{number + 1:032x}")


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
