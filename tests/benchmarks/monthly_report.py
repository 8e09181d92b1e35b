"""Monthly reports: one costs what its month holds, and a thousand are made over a coffee.

Contracts of twelve tickets a month with two clocks each and a forfait: a hundred with one year and
with ten years behind them, for one report; then a thousand, their data gathered by fifties, their
pages set by two threads. Data and PDF, on SQLite, without HTTP and GraphQL.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson

from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ContractId, ReportId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import Report
from helpdesk.domain.report_snapshot import snapshot_of
from helpdesk.storage.column_types import instant_to_text
from helpdesk.storage.database import open_database
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.usecases.gather_report import ReportMonth, gathered, report_head
from helpdesk.usecases.report_step import content_now, month_at, worded
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, at
from tests.usecases.retainers import RUN, opened
from tests.usecases.world import World, build_world

ROUNDS = 3
JUNE = Month(2026, 6)
A_MONTH = 12
AT_ONCE = 50
TARGET = orjson.dumps(
    {
        "metric": "FIRST_RESPONSE",
        "amount": 480,
        "unit": "BUSINESS_MINUTES",
        "calendar_id": "office",
        "is_strict": True,
        "starts_on": "OPENING",
    }
).decode()


@dataclass(frozen=True)
class Agency:
    """How many contracts an agency has, and for how many months."""

    contracts: int
    months: int


def run() -> Iterator[str]:
    """Return the lines of the report: milliseconds for one, seconds for a thousand."""
    yield "monthly reports on SQLite"
    for agency in (Agency(100, 12), Agency(100, 120)):
        data, page = asyncio.run(_with(agency, _one))
        name = f"one of {agency.contracts} contracts, {agency.months} months behind it"
        yield f"{name:55}{data:9.1f} ms data{page:9.1f} ms PDF"
    data, page = asyncio.run(_with(Agency(1000, 12), _all))
    name = "a thousand contracts, PDF on two threads"
    yield f"{name:55}{data:9.1f} s  data{page:9.1f} s  PDF"


async def _with(agency: Agency, measure: Any) -> tuple[float, float]:  # Any: a coroutine
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.db"
        upgrade(f"sqlite:///{path}")
        database = await open_database(f"sqlite:///{path}")
        try:
            world = await build_world(database)
            await opened(world, RUN, 120)
            world.now.set(at("07-06 12:00"))
            fill(path, agency)
            data, page = await measure(world)
            return data, page
        finally:
            await database.close()


async def _one(world: World) -> tuple[float, float]:
    """Return the milliseconds of one report's data and pages, the best of several rounds."""
    data = page = float("inf")
    for _ in range(ROUNDS):
        begin = perf_counter()
        async with world.desk.store.reading(AGENCY_ID) as records:
            contract = await records.contracts.contract(ContractId("contract-7"))
            assert contract is not None
            month = await month_at(records, JUNE, world.now())
            content = await content_now(
                world.desk, records, contract, month, _draft(contract, month)
            )
        data = min(data, perf_counter() - begin)
        assert len(content.lines.tickets) == A_MONTH
        begin = perf_counter()
        assert world.desk.reports.printer.pdf(snapshot_of(content), Locale.FR)
        page = min(page, perf_counter() - begin)
    return data * 1000, page * 1000


async def _all(world: World) -> tuple[float, float]:
    """Return the seconds of every report's data, then of their pages."""
    begin = perf_counter()
    snapshots = []
    async with world.desk.store.reading(AGENCY_ID) as records:
        month = await month_at(records, JUNE, world.now())
        ids = [ContractId(f"contract-{number}") for number in range(1000)]
        for first in range(0, len(ids), AT_ONCE):
            contracts = await records.contracts.contracts(ids[first : first + AT_ONCE])
            lines = await gathered(world.desk, records, contracts, month)
            for contract in contracts:
                head = await report_head(records, contract, month)
                content = worded(head, _draft(contract, month), lines[contract.id])
                snapshots.append(snapshot_of(content))
    data = perf_counter() - begin
    assert len(snapshots) == len(ids)
    begin = perf_counter()
    with ThreadPoolExecutor(2) as pool:
        printer = world.desk.reports.printer
        pages = list(pool.map(lambda one: len(printer.pdf(one, Locale.FR)), snapshots))
    assert min(pages) > 0
    return data, perf_counter() - begin


def _draft(contract: Contract, month: ReportMonth) -> Report:
    return Report(
        id=ReportId(""),
        agency_id=contract.agency_id,
        client_id=contract.client_id,
        contract_id=contract.id,
        month=month.month,
        version=1,
        locale=Locale.FR,
        created_at=month.at,
    )


def fill(path: Path, agency: Agency) -> None:
    """Copy Bruno's contract, its terms and its book, and write the tickets of each month."""
    connection = sqlite3.connect(path)
    numbers = range(agency.contracts)
    for table, column in (
        ("contract", "id"),
        ("contract_terms", "contract_id"),
        ("retainer_book", "contract_id"),
        ("retainer_entry", "contract_id"),
        ("retainer_lot", "contract_id"),
    ):
        _copy(connection, f"helpdesk_{table}", column, numbers)
    connection.executemany(_TICKET, _tickets(agency))
    connection.executemany(_EVENT, _events(agency))
    connection.executemany(_CLOCK, _clocks(agency))
    connection.executemany(_WORK, _work(agency))
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def _copy(connection: sqlite3.Connection, table: str, column: str, numbers: range) -> None:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    given = {column: "'contract-' || value"}
    if table == "helpdesk_contract":
        given["reference"] = "'C-' || value"
    chosen = ", ".join(given.get(name, f"one.{name}") for name in names)
    connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table} AS one,"  # noqa: S608 - names of ours
        f" (SELECT value FROM json_each(?)) WHERE one.{column} = 'contract-of-bruno'",
        (orjson.dumps(list(numbers)).decode(),),
    )


_TICKET = (
    "INSERT INTO helpdesk_ticket (agency_id, id, number, client_id, contract_id, subject,"
    " description, channel, kind, impact, urgency, priority, criticality, status, opened_at,"
    " resolved_at, version, updated_at) VALUES (?, ?, ?, ?, ?, 'The form at the end of the order"
    " is silent', 'It is', 'MAIL', 'CORRECTIVE', 'MINOR', 'NORMAL', ?, 'VITAL', 'RESOLVED', ?, ?,"
    " 4, ?)"
)
_EVENT = (
    "INSERT INTO helpdesk_ticket_event (agency_id, ticket_id, sequence, at, kind, actor_kind,"
    " actor_name, before, after) VALUES (?, ?, ?, ?, ?, 'AGENT', 'Alice', '{}', '{}')"
)
_CLOCK = (
    "INSERT INTO helpdesk_sla_clock (agency_id, ticket_id, metric, cycle, target, terms_version,"
    " allowance_seconds, counted_seconds, started_at, stopped_at, breached_at, earlier_results,"
    " steps) VALUES (?, ?, ?, 1, ?, 1, 28800, ?, ?, ?, ?, '[]', '[]')"
)
_WORK = (
    "INSERT INTO helpdesk_work_entry (agency_id, ticket_id, number, actor_kind, actor_name,"
    " started_at, minutes, written_at, note, reason) VALUES (?, ?, 1, 'AGENT', 'Alice', ?, 45, ?,"
    " '', '')"
)

Values = tuple[object, ...]


def _each(agency: Agency) -> Iterator[tuple[int, int, str, datetime]]:
    """Yield contract, number, identity and opening of each ticket, the last month being June."""
    end = at("07-01 00:00")
    for contract in range(agency.contracts):
        for back in range(agency.months):
            for place in range(A_MONTH):
                days = 30 * back + 2 + 2 * place
                number = (contract * agency.months + back) * A_MONTH + place
                yield contract, number, f"ticket-{number}", end - timedelta(days=days, hours=13)


def _tickets(agency: Agency) -> Iterator[Values]:
    for contract, number, name, opened_at in _each(agency):
        priority = "P1" if number % 6 == 0 else "P2"
        ended = instant_to_text(opened_at + timedelta(hours=20))
        yield (
            *(AGENCY_ID, name, str(10_000_000 + number)),
            *(BRUNOS_CLIENT, f"contract-{contract}", priority),
            *(instant_to_text(opened_at), ended, ended),
        )


def _events(agency: Agency) -> Iterator[Values]:
    for _, _, name, opened_at in _each(agency):
        for sequence, kind in enumerate(("OPENED", "AGENT_REPLIED", "RESOLVED", "CLOSED"), 1):
            moment = opened_at + timedelta(hours=5 * sequence - 5)
            yield AGENCY_ID, name, sequence, instant_to_text(moment), kind


def _clocks(agency: Agency) -> Iterator[Values]:
    for _, number, name, opened_at in _each(agency):
        is_late = number % 6 == 0
        counted = 30_000 if is_late else 3_600
        for metric, hours in (("FIRST_RESPONSE", 5), ("DELIVERY", 10)):
            broken = instant_to_text(opened_at + timedelta(hours=hours - 1)) if is_late else None
            stopped = instant_to_text(opened_at + timedelta(hours=hours))
            target = TARGET.replace("FIRST_RESPONSE", metric)
            yield (
                *(AGENCY_ID, name, metric, target, counted),
                *(instant_to_text(opened_at), stopped, broken),
            )


def _work(agency: Agency) -> Iterator[Values]:
    for _, _, name, opened_at in _each(agency):
        moment = instant_to_text(opened_at + timedelta(hours=6))
        yield AGENCY_ID, name, moment, moment
