"""Compliance figures: one month costs what that month holds, however long the history is.

Two agencies with as many tickets a month, one with a year behind it and one with ten; then ten
times as many tickets in a year. Each ticket has two clocks. The figures are counted by the verb
itself on SQLite, without HTTP and GraphQL.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import orjson

from helpdesk.domain.compliance import SlaDimension
from helpdesk.domain.month import Month, Months
from helpdesk.storage.database import open_database
from helpdesk.storage.reads.sql_reads import SqlReads
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.usecases.sla_compliance import SlaComplianceQuestion, sla_compliance
from tests.graphql.world import MONDAY, World, build_world

ROUNDS = 3
JUNE = Month(2026, 6)

MONTH = SlaComplianceQuestion(Months(JUNE, JUNE))
MONTH_BY_AGENT = SlaComplianceQuestion(
    Months(JUNE, JUNE), (SlaDimension.CLIENT, SlaDimension.PRIORITY, SlaDimension.AGENT)
)
NOW = SlaComplianceQuestion(Months(JUNE.following, JUNE.following))
YEAR = SlaComplianceQuestion(
    Months(Month(2025, 7), JUNE), (SlaDimension.MONTH, SlaDimension.CLIENT, SlaDimension.METRIC)
)
QUESTIONS = {
    "last month, by metric": MONTH,
    "last month, by client, priority, agent": MONTH_BY_AGENT,
    "this month, with what is open": NOW,
    "a year, by month, client, metric": YEAR,
}


@dataclass(frozen=True)
class History:
    """How many tickets an agency has had, over how many days."""

    tickets: int
    days: int


HISTORIES = (History(10_000, 365), History(100_000, 3650), History(100_000, 365))


def run() -> Iterator[str]:
    """Return the lines of the report: milliseconds for each question on each history."""
    yield "sla compliance on SQLite, ms"
    names = [f"{one.tickets:,} in {one.days // 365} y" for one in HISTORIES]
    yield f"{'':40}" + "".join(f"{name:>18}" for name in names)
    columns = [asyncio.run(_measured(history)) for history in HISTORIES]
    for name in QUESTIONS:
        yield f"{name:40}" + "".join(f"{column[name]:18.1f}" for column in columns)


async def _measured(history: History) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.db"
        upgrade(f"sqlite:///{path}")
        database = await open_database(f"sqlite:///{path}")
        try:
            world = await build_world(database)
            fill(path, history)
            return {name: await _best(world, question) for name, question in QUESTIONS.items()}
        finally:
            await database.close()


async def _best(world: World, question: SlaComplianceQuestion) -> float:
    """Return the milliseconds of the fastest of several rounds."""
    reads = SqlReads(world.database, world.desk.timelines).compliance
    best = float("inf")
    for _ in range(ROUNDS):
        begin = perf_counter()
        answer = await sla_compliance(world.desk, reads, viewer=world.alice, question=question)
        best = min(best, perf_counter() - begin)
        assert answer.total.figures.measured > 0
    return best * 1000


def fill(path: Path, history: History) -> None:
    """Write closed tickets with two clocks each: late, cancelled, reopened and open ones too."""
    connection = sqlite3.connect(path)
    step = timedelta(days=history.days) / history.tickets
    instants = [MONDAY - step * (number + 1) for number in range(history.tickets)]
    connection.executemany(
        "INSERT INTO helpdesk_ticket (agency_id, id, number, client_id, subject, description, "
        "channel, kind, impact, urgency, priority, criticality, status, assignee_id, opened_at, "
        "version, updated_at) VALUES ('agency-alice', ?, ?, ?, 'It is broken', 'It is broken', "
        "'MAIL', 'CORRECTIVE', 'MINOR', 'NORMAL', ?, 'VITAL', ?, 'agent-alice', ?, 1, ?)",
        (_ticket(number, instant) for number, instant in enumerate(instants)),
    )
    connection.executemany(
        "INSERT INTO helpdesk_ticket_event (agency_id, ticket_id, sequence, at, kind, actor_kind, "
        "actor_name, before, after) VALUES ('agency-alice', ?, ?, ?, ?, 'AGENT', 'Alice', "
        "'{\"assignee_id\":null}', '{}')",
        (
            (_id(number), sequence, _text(instant), kind)
            for number, instant in enumerate(instants)
            for sequence, kind in enumerate(("OPENED", "ASSIGNED", "AGENT_REPLIED", "RESOLVED"), 1)
        ),
    )
    connection.executemany(
        "INSERT INTO helpdesk_sla_clock (agency_id, ticket_id, metric, cycle, target, "
        "terms_version, allowance_seconds, counted_seconds, started_at, stopped_at, cancelled_at, "
        "breached_at, earlier_results, steps) VALUES "
        "('agency-alice', ?, ?, 1, ?, 1, 28800, ?, ?, ?, ?, ?, ?, '[]')",
        (
            _clock(number, metric, instant)
            for number, instant in enumerate(instants)
            for metric in ("FIRST_RESPONSE", "RESOLUTION")
        ),
    )
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def _ticket(number: int, instant: datetime) -> tuple[object, ...]:
    status = "CANCELLED" if number % 20 == 7 else "OPEN" if number < 50 else "CLOSED"
    client = "client-bruno" if number % 3 else "client-chloe"
    ended = _text(instant + timedelta(hours=30))
    return _id(number), f"B{number}", client, f"P{number % 4}", status, _text(instant), ended


def _clock(number: int, metric: str, instant: datetime) -> tuple[object, ...]:
    is_cancelled, is_open = number % 20 == 7, number < 50
    stopped = _text(instant + timedelta(hours=number % 30))
    earlier = [[instant.isoformat(), 600, True]] if number % 25 == 3 else []
    return (
        _id(number),
        metric,
        _TARGET,
        number % 30_000,
        _text(instant),
        None if is_cancelled or is_open else stopped,
        stopped if is_cancelled else None,
        _text(instant + timedelta(hours=8)) if number % 12 == 5 else None,
        orjson.dumps(earlier).decode(),
    )


_TARGET = orjson.dumps(
    {
        "metric": "FIRST_RESPONSE",
        "amount": 480,
        "unit": "BUSINESS_MINUTES",
        "calendar_id": "office",
        "is_strict": True,
        "starts_on": "OPENING",
    }
).decode()


def _id(number: int) -> str:
    return f"{number + 1:032x}"


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
