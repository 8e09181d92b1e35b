"""Tickets and clocks put into a database as they are kept, for figures that count many of them."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from helpdesk.domain.access import Viewer
from helpdesk.domain.compliance import SlaDimension
from helpdesk.domain.month import Month, Months
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockResult, SlaMetric
from helpdesk.domain.ticket import TicketEventKind, TicketStatus
from helpdesk.storage.query import Query, insert
from helpdesk.storage.reads.sql_reads import SqlReads
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import TICKET, TICKET_EVENT
from helpdesk.usecases.sla_compliance import (
    ComplianceGroup,
    SlaComplianceAnswer,
    SlaComplianceQuestion,
    sla_compliance,
)
from tests.factories import MONDAY, at
from tests.usecases.world import World

Columns = Mapping[str, Any]  # values of every type

_ADD_TICKET = Query(insert(TICKET))
_ADD_CLOCK = Query(insert(SLA_CLOCK))
_ADD_EVENT = Query(insert(TICKET_EVENT))
_NUMBERS = count(1)

_TICKET: Columns = {
    **dict.fromkeys(TICKET.c.keys()),
    "subject": "The contact form is silent",
    "description": "Nobody answers what my customers write.",
    "channel": "MAIL",
    "kind": "CORRECTIVE",
    "impact": "MAJOR",
    "urgency": "NORMAL",
    "criticality": "STANDARD",
    "opened_at": MONDAY,
    "version": 1,
    "is_requester_unconfirmed": False,
}
_CLOCK: Columns = {
    **dict.fromkeys(SLA_CLOCK.c.keys()),
    "target": {},
    "terms_version": 1,
    "allowance_seconds": 7200,
    "started_at": MONDAY,
    "steps": [],
}


async def put_ticket(
    world: World,
    owner: Viewer,
    *,
    priority: Priority = Priority.P2,
    agent_id: str | None = None,
    status: TicketStatus = TicketStatus.OPEN,
    updated_at: datetime = MONDAY,
) -> str:
    """Put a ticket of the owner's client there and return its identity."""
    number = next(_NUMBERS)
    ticket_id = f"{number:032x}"
    values = {
        "agency_id": owner.agency_id,
        "id": ticket_id,
        "number": f"T{number}",
        "client_id": owner.client_id,
        "priority": priority.value,
        "assignee_id": agent_id,
        "status": status.value,
        "updated_at": updated_at,
    }
    await _put(world, _ADD_TICKET, {**_TICKET, **values})
    return ticket_id


async def put_clock(
    world: World,
    owner: Viewer,
    ticket_id: str,
    metric: SlaMetric = SlaMetric.FIRST_RESPONSE,
    *,
    seconds: int = 3600,
    earlier: tuple[ClockResult, ...] = (),
    **instants: datetime | int,
) -> None:
    """Put a clock of a ticket there: its instants, and `cycle` for one of several."""
    results = [[one.stopped_at.isoformat(), one.counted_seconds, one.is_met] for one in earlier]
    values = {
        "agency_id": owner.agency_id,
        "ticket_id": ticket_id,
        "metric": metric.value,
        "cycle": 1,
        "counted_seconds": seconds,
        "earlier_results": results,
    }
    await _put(world, _ADD_CLOCK, {**_CLOCK, **values, **instants})


async def put_change(
    world: World, owner: Viewer, ticket_id: str, at: datetime, **before: str | None
) -> None:
    """Put into the history of a ticket that something changed, with what it was before."""
    is_priority = "priority" in before
    kind = TicketEventKind.PRIORITY_SET if is_priority else TicketEventKind.ASSIGNED
    values = {
        "agency_id": owner.agency_id,
        "ticket_id": ticket_id,
        "sequence": next(_NUMBERS),
        "at": at,
        "kind": kind.value,
        "actor_kind": "AGENT",
        "actor_name": "Alice",
        "before": before,
        "after": {},
    }
    await _put(world, _ADD_EVENT, {**dict.fromkeys(TICKET_EVENT.c.keys()), **values})


async def _put(world: World, query: Query, values: Columns) -> None:
    async with world.database.writing() as connection:
        await connection.execute(query, **values)


YEAR = Months(Month(2026, 1), Month(2026, 12))


async def asked(
    world: World, viewer: Viewer, question: SlaComplianceQuestion
) -> SlaComplianceAnswer:
    """Return the answer that a viewer gets."""
    reads = SqlReads(world.database, world.desk.timelines)
    return await sla_compliance(world.desk, reads.compliance, viewer=viewer, question=question)


async def counted(
    world: World, *group_by: SlaDimension, months: Months = YEAR, viewer: Viewer | None = None
) -> Mapping[ComplianceGroup, tuple[int, int]]:
    """Return what was met and missed, by group; what Alice sees unless said."""
    answer = await asked(world, viewer or world.alice, SlaComplianceQuestion(months, group_by))
    return {row.group: (row.figures.met, row.figures.missed) for row in answer.rows}


async def put_stopped_clock(world: World, owner: Viewer, stopped: str) -> None:
    """Put a ticket there whose first response came in time."""
    ticket_id = await put_ticket(world, owner)
    await put_clock(world, owner, ticket_id, stopped_at=at(stopped))
