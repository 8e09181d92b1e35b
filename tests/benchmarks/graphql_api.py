"""The API beside hand-written endpoints that give the same JSON, in one process, over ASGI.

Both sides are called in process (no socket, no server), one request after the other, so that only
their own work is compared: the hand-written side is Starlette with SQL on sqlite3 and orjson. It
authenticates nobody and checks no scope; the API does both for each request.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.types import Message

from helpdesk.asgi import AppSettings, build_app
from helpdesk.bootstrap import desk_on
from helpdesk.graphql.global_ids import global_id
from helpdesk.storage.database import open_database
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.testing import FrozenNow
from helpdesk.usecases.read_models import Noun
from tests.graphql.by_hand import MESSAGES, TICKETS, by_hand
from tests.graphql.world import build_world, secret_of

TICKET_COUNT = 100_000
MESSAGE_COUNT = 20
SECONDS = 1.5
ROUNDS = 3

LIST = """
query List { tickets(first: 50) {
  nodes { id number subject status priority openedAt
    requester { id name email }
    clocks { metric state deadlineAt } }
  pageInfo { hasNextPage endCursor } } }
"""
ONE = """
query One($id: ID!) { ticket(id: $id) {
  id number subject status priority
  messages(first: 20) { nodes { id body sentAt author { name } } } } }
"""
OPEN = """
mutation Open($input: OpenTicketInput!) {
  openTicket(input: $input) { ticket { id number priority } errors { code } } }
"""

Call = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True)
class Side:
    """One of the two: an app, and the header that lets the benchmark in."""

    app: Starlette
    secret: str = ""

    async def post(self, path: str, body: bytes) -> bytes:
        """Send a POST and return the body of the answer."""
        headers = [
            (b"content-type", b"application/json"),
            (b"accept", b"application/json"),
            (b"authorization", f"Bearer {self.secret}".encode()),
            (b"host", b"localhost"),
        ]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "server": ("localhost", 80),
            "client": ("localhost", 1),
        }
        parts: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            parts.append(message.get("body", b""))

        await self.app(scope, receive, send)
        return b"".join(parts)

    def graphql(self, query: str, **variables: Any) -> Call:  # Any: JSON
        """Return the call of an operation."""
        body = orjson.dumps({"query": query, "variables": variables})
        return lambda: self.post("/graphql", body)


def run() -> Iterator[str]:
    """Return the lines of the report: requests a second on both sides, and their ratio."""
    yield from asyncio.run(_run())


async def _run() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.db"
        upgrade(f"sqlite:///{path}")
        database = await open_database(f"sqlite:///{path}")
        try:
            world = await build_world(database)
            fill(path)
            world.now.advance(minutes=5)
            app = build_app(desk_on(database, now=world.now), database, AppSettings())
            return await _compared(Side(app, secret_of("alice")), path, world.now)
        finally:
            await database.close()


async def _compared(api: Side, path: Path, now: FrozenNow) -> list[str]:
    hand = Side(by_hand(path, now))
    talked = global_id(Noun.TICKET, _ticket_id(0))
    site = global_id(Noun.SITE, "site-bruno")
    numbers = count()

    def opening() -> dict[str, str]:
        return {"subject": f"New {next(numbers)}", "description": "It broke", "siteId": site}

    def open_by_graphql() -> Awaitable[bytes]:
        return api.graphql(OPEN, input=opening())()

    def open_by_hand() -> Awaitable[bytes]:
        return hand.post("/open", orjson.dumps(opening()))

    lines = [
        f"GraphQL beside by hand, {TICKET_COUNT:,} tickets on SQLite, in-process ASGI, req/s",
        f"{'':34}{'GraphQL':>10}{'by hand':>10}{'ratio':>8}",
    ]
    rows: list[tuple[str, Call, Call]] = [
        (TICKETS, api.graphql(LIST), lambda: hand.post("/list", b"{}")),
        (
            MESSAGES,
            api.graphql(ONE, id=talked),
            lambda: hand.post("/one", orjson.dumps({"id": talked})),
        ),
        ("openTicket", open_by_graphql, open_by_hand),
    ]
    for label, ours, theirs in rows:
        await _check(label, ours, theirs)
        ours_rate, theirs_rate = await _rates(ours, theirs)
        ratio = ours_rate / theirs_rate
        lines.append(f"{label:34}{ours_rate:10,.0f}{theirs_rate:10,.0f}{ratio:8.0%}")
    return lines


async def _check(label: str, ours: Call, theirs: Call) -> None:
    """Refuse to compare what does not give the same JSON."""
    got, wanted = orjson.loads(await ours()), orjson.loads(await theirs())
    if label == "openTicket":
        for answer in (got, wanted):
            ticket = answer["data"]["openTicket"]["ticket"]
            ticket["id"] = ticket["number"] = None
    if got != wanted:
        raise AssertionError(f"{label}: {str(got)[:600]}\n{str(wanted)[:600]}")


async def _rates(ours: Call, theirs: Call) -> tuple[float, float]:
    """Return the best rates of several rounds, the sides taking turns."""
    best = [0.0, 0.0]
    for _ in range(ROUNDS):
        for side, call in enumerate((ours, theirs)):
            best[side] = max(best[side], await _rate(call))
    return best[0], best[1]


async def _rate(call: Call) -> float:
    calls, begin = 0, perf_counter()
    while perf_counter() - begin < SECONDS:
        await call()
        calls += 1
    return calls / (perf_counter() - begin)


def fill(path: Path) -> None:
    """Write the tickets, each with two clocks, and the messages of the first of them."""
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO helpdesk_ticket (agency_id, id, number, client_id, requester_id, site_id, "
        "contract_id, subject, description, channel, kind, impact, urgency, priority, criticality, "
        "status, opened_at, version, updated_at) VALUES ('agency-alice', ?, ?, 'client-bruno', "
        "'contact-bruno', 'site-bruno', 'contract-bruno', ?, 'It is broken', 'MAIL', 'CORRECTIVE', "
        "'MINOR', 'NORMAL', 'P3', 'VITAL', 'NEW', ?, 1, ?)",
        (
            (_ticket_id(n), str(100_000 + n), f"Ticket {n}", _instant(n), _instant(n))
            for n in range(TICKET_COUNT)
        ),
    )
    connection.executemany(
        "INSERT INTO helpdesk_sla_clock (agency_id, ticket_id, metric, cycle, target, calendar_id, "
        "calendar_version, terms_version, allowance_seconds, counted_seconds, started_at, "
        "running_since, deadline_at, breached_at, at_risk_at) VALUES "
        "('agency-alice', ?, ?, 1, ?, 'office', 1, 1, 28800, 0, ?, ?, ?, ?, ?)",
        (
            (_ticket_id(n), metric, _target(metric), *[_instant(n)] * 2, *[_instant(-n, 9)] * 3)
            for n in range(TICKET_COUNT)
            for metric in ("FIRST_RESPONSE", "RESOLUTION")
        ),
    )
    connection.executemany(
        "INSERT INTO helpdesk_message (agency_id, id, ticket_id, sent_at, author_kind, "
        "author_name, channel, is_internal, is_automatic, body) VALUES "
        "('agency-alice', ?, ?, ?, 'CONTACT', 'Bruno', 'MAIL', 0, 0, ?)",
        (
            (f"{n:032x}", _ticket_id(0), _instant(n), f"Message {n}, " + "and so on " * 20)
            for n in range(MESSAGE_COUNT)
        ),
    )
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def _ticket_id(number: int) -> str:
    return f"{number + 1:032x}"


def _instant(number: int, hours: int = 0) -> str:
    instant = datetime(2026, 7, 6, 7, 0, tzinfo=UTC) - timedelta(minutes=number, hours=-hours)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def _target(metric: str) -> str:
    return orjson.dumps(
        {
            "metric": metric,
            "amount": 480,
            "unit": "BUSINESS_MINUTES",
            "calendar_id": "office",
            "is_strict": True,
            "starts_on": "OPENING",
        }
    ).decode()
