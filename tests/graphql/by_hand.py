"""What a careful person would write by hand instead of the API: SQL, a loop, orjson."""

import sqlite3
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TICKETS = "list of 50 tickets"
MESSAGES = "one ticket with 20 messages"

_LIST = """
SELECT t.id, t.number, t.subject, t.status, t.priority, t.opened_at, c.id, c.name, c.email
FROM helpdesk_ticket t
LEFT JOIN helpdesk_contact c ON c.agency_id = t.agency_id AND c.id = t.requester_id
WHERE t.agency_id = ? ORDER BY t.opened_at DESC, t.id DESC LIMIT 51
"""
_CLOCKS = """
SELECT ticket_id, metric, deadline_at, breached_at, at_risk_at, started_at, stopped_at,
       cancelled_at, paused_since
FROM helpdesk_sla_clock
WHERE agency_id = ? AND ticket_id IN (SELECT value FROM json_each(?))
ORDER BY ticket_id, metric, cycle
"""
_ONE = """
SELECT id, number, subject, status, priority FROM helpdesk_ticket WHERE agency_id = ? AND id = ?
"""
_MESSAGES = """
SELECT id, body, sent_at, author_name FROM helpdesk_message
WHERE agency_id = ? AND ticket_id = ? ORDER BY sent_at, id LIMIT 20
"""
_TICKET = """
INSERT INTO helpdesk_ticket (agency_id, id, number, client_id, site_id, contract_id, subject,
  description, channel, kind, impact, urgency, priority, criticality, status, opened_at, version,
  updated_at, next_deadline_at)
VALUES (?, ?, ?, 'client-bruno', 'site-bruno', 'contract-bruno', ?, ?, 'API', 'CORRECTIVE',
  'MINOR', 'NORMAL', 'P3', 'VITAL', 'NEW', ?, 1, ?, ?)
"""
_EVENT = """
INSERT INTO helpdesk_ticket_event (agency_id, ticket_id, sequence, at, kind, actor_kind,
  actor_name, before, after, message_id)
VALUES (?, ?, 1, ?, 'OPENED', 'AGENT', 'Alice', '{}', '{"status":"NEW","priority":"P3"}', ?)
"""
_MESSAGE = """
INSERT INTO helpdesk_message (agency_id, id, ticket_id, sent_at, author_kind, author_name,
  channel, is_internal, is_automatic, body) VALUES (?, ?, ?, ?, 'AGENT', 'Alice', 'API', 0, 0, ?)
"""
_CLOCK = """
INSERT INTO helpdesk_sla_clock (agency_id, ticket_id, metric, cycle, target, calendar_id,
  calendar_version, terms_version, allowance_seconds, counted_seconds, started_at, running_since,
  deadline_at, breached_at, at_risk_at)
VALUES (?, ?, ?, 1, '{}', 'office', 1, 1, 7200, 0, ?, ?, ?, ?, ?)
"""
_NUMBER = """
UPDATE helpdesk_sequence SET last = last + 1 WHERE agency_id = ? AND name = 'ticket' RETURNING last
"""
_AGENCY = "agency-alice"


def by_hand(path: Path, now: Callable[[], datetime]) -> Starlette:
    """Return the hand-written app on a database file."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")

    async def tickets(_: Request) -> Response:
        return _json(_listed(connection, _text(now())))

    async def ticket(request: Request) -> Response:
        given = orjson.loads(await request.body())
        return _json(_shown(connection, given["id"]))

    async def opened(request: Request) -> Response:
        given = orjson.loads(await request.body())
        return _json(_opened(connection, given, _text(now())))

    methods = ["POST"]
    return Starlette(
        routes=[
            Route("/list", tickets, methods=methods),
            Route("/one", ticket, methods=methods),
            Route("/open", opened, methods=methods),
        ]
    )


def _listed(connection: sqlite3.Connection, now: str) -> object:
    rows = connection.execute(_LIST, (_AGENCY,)).fetchall()
    kept = rows[:50]
    clocks: dict[str, list[object]] = {row[0]: [] for row in kept}
    ids = orjson.dumps([row[0] for row in kept]).decode()
    for ticket_id, metric, deadline_at, *facts in connection.execute(_CLOCKS, (_AGENCY, ids)):
        clock = {"metric": metric, "state": _state(facts, now), "deadlineAt": _short(deadline_at)}
        clocks[ticket_id].append(clock)
    nodes = [
        {
            "id": _id("Ticket", id_),
            "number": number,
            "subject": subject,
            "status": status,
            "priority": priority,
            "openedAt": _short(opened_at),
            "requester": {"id": _id("Contact", contact_id), "name": name, "email": email}
            if contact_id
            else None,
            "clocks": clocks[id_],
        }
        for id_, number, subject, status, priority, opened_at, contact_id, name, email in kept
    ]
    last = kept[-1]
    end = urlsafe_b64encode(orjson.dumps(["-OPENED_AT", _short(last[5]), last[0]])).decode()
    info = {"hasNextPage": len(rows) > len(kept), "endCursor": end}
    return {"data": {"tickets": {"nodes": nodes, "pageInfo": info}}}


def _shown(connection: sqlite3.Connection, given: str) -> object:
    ticket_id = b64decode(given).decode().partition(":")[2]
    id_, number, subject, status, priority = connection.execute(
        _ONE, (_AGENCY, ticket_id)
    ).fetchone()
    nodes = [
        {"id": _id("Message", one), "body": body, "sentAt": _short(at), "author": {"name": name}}
        for one, body, at, name in connection.execute(_MESSAGES, (_AGENCY, ticket_id))
    ]
    ticket = {
        "id": _id("Ticket", id_),
        "number": number,
        "subject": subject,
        "status": status,
        "priority": priority,
        "messages": {"nodes": nodes},
    }
    return {"data": {"ticket": ticket}}


def _opened(connection: sqlite3.Connection, given: dict[str, str], now: str) -> object:
    ticket_id, message_id = uuid4().hex, uuid4().hex
    connection.execute("BEGIN IMMEDIATE")
    [[number]] = connection.execute(_NUMBER, (_AGENCY,)).fetchall()
    connection.execute(
        _TICKET,
        (_AGENCY, ticket_id, str(number), given["subject"], given["description"], now, now, now),
    )
    connection.execute(_EVENT, (_AGENCY, ticket_id, now, message_id))
    connection.execute(_MESSAGE, (_AGENCY, message_id, ticket_id, now, given["description"]))
    for metric in ("FIRST_RESPONSE", "RESOLUTION"):
        connection.execute(_CLOCK, (_AGENCY, ticket_id, metric, *[now] * 5))
    connection.execute("COMMIT")
    ticket = {"id": _id("Ticket", ticket_id), "number": str(number), "priority": "P3"}
    return {"data": {"openTicket": {"ticket": ticket, "errors": []}}}


def _state(facts: list[str | None], now: str) -> str:
    breached_at, at_risk_at, started_at, stopped_at, cancelled_at, paused_since = facts
    if cancelled_at:
        return "CANCELLED"
    if not started_at:
        return "PENDING"
    is_broken = breached_at is not None and breached_at <= now
    if stopped_at:
        return "MISSED" if is_broken else "MET"
    if is_broken:
        return "BREACHED"
    if paused_since:
        return "PAUSED"
    return "AT_RISK" if at_risk_at is not None and at_risk_at <= now else "RUNNING"


def _id(kind: str, id_: str) -> str:
    return b64encode(f"{kind}:{id_}".encode()).decode()


def _short(instant: str | None) -> str | None:
    return None if instant is None else instant.removesuffix(".000000Z") + "Z"


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _json(answer: object) -> Response:
    return Response(orjson.dumps(answer), media_type="application/json")
