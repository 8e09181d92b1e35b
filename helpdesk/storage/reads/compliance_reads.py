"""The clocks that compliance figures are counted from.

Each statement begins at an index that leads to the month asked for, so that its cost follows the
clocks of that month and not the history.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from helpdesk.domain.access import Viewer
from helpdesk.domain.compliance import ClockLife, FieldChange, OpenClocks
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockResult, SlaMetric
from helpdesk.domain.ticket import TicketEventKind, TicketStatus
from helpdesk.storage.column_types import Instant
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query, in_list
from helpdesk.storage.reads.noun_table import AnySelect, Predicate, of_the_client
from helpdesk.storage.reads.statements import StatementShelf
from helpdesk.storage.tables.classification import EXCLUSION
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import TICKET, TICKET_EVENT
from helpdesk.usecases.compliance_reads import ClockConditions, CountedClock, CountedClocks, Place

_VOID = frozenset({TicketStatus.MERGED, TicketStatus.SPAM, TicketStatus.CANCELLED})

_PLACE = (TICKET.c.client_id, SLA_CLOCK.c.metric, TICKET.c.priority, TICKET.c.assignee_id)
_CLOCK = (
    *_PLACE,
    SLA_CLOCK.c.counted_seconds,
    SLA_CLOCK.c.breached_at,
    SLA_CLOCK.c.earlier_results,
    SLA_CLOCK.c.stopped_at,
    SLA_CLOCK.c.cancelled_at,
    SLA_CLOCK.c.ticket_id,
    TICKET.c.status,
)
_CHANGED = (TicketEventKind.PRIORITY_SET.value, TicketEventKind.ASSIGNED.value)


class SqlComplianceReads:
    """Reads of compliance figures on a database."""

    def __init__(self, database: Database, shelf: StatementShelf) -> None:
        self._database = database
        self._shelf = shelf

    async def counted_clocks(
        self,
        viewer: Viewer,
        conditions: ClockConditions,
        *,
        start: datetime,
        end: datetime,
        is_past_needed: bool,
    ) -> CountedClocks:
        """Return each clock that may have stopped or broken in `[start, end)`, once."""
        query = self._shelf.get(
            ("counted_clocks", _shape(viewer, conditions), is_past_needed),
            lambda: counted_statement(viewer, conditions, is_past_needed=is_past_needed),
        )
        rows = await self._fetch(query, **_held(viewer, conditions), start=start, end=end)
        kept: dict[Row, list[int]] = {}
        others: list[CountedClock] = []
        for row in rows:
            seconds, breached_at, earlier = row[4:7]
            if breached_at is None and not earlier and not row[-1]:
                kept.setdefault(row[:4], []).append(seconds)
            else:
                others.append(_counted_clock(row))
        return CountedClocks({_place(place): shown for place, shown in kept.items()}, others)

    async def open_clocks(
        self, viewer: Viewer, conditions: ClockConditions, *, at: datetime
    ) -> Mapping[Place, OpenClocks]:
        """Return how many clocks have not ended and how they stand at `at`, by their place."""
        held = _held(viewer, conditions)
        shape = ("open_clocks", _shape(viewer, conditions))
        query = self._shelf.get(shape, lambda: _open(_conditions(viewer, conditions)))
        rows = await self._fetch(query, **held, at=at)
        return {_place(row[:4]): OpenClocks(*row[4:]) for row in rows}

    async def changes(
        self, viewer: Viewer, ticket_ids: Sequence[str], *, after: datetime
    ) -> Mapping[str, Sequence[FieldChange]]:
        """Return what changed of the priority and of the agent after an instant, by ticket."""
        found: dict[str, list[FieldChange]] = {}
        rows = await self._fetch(
            _CHANGES, agency_id=viewer.agency_id, tickets=ticket_ids, after=after
        )
        for ticket_id, at, before in rows:
            found.setdefault(ticket_id, []).append(FieldChange(at, before))
        return found

    async def excluded(self, viewer: Viewer, ticket_ids: Sequence[str]) -> Set[str]:
        """Return those of these tickets that stand excluded from maintenance now."""
        rows = await self._fetch(_EXCLUDED, agency_id=viewer.agency_id, tickets=ticket_ids)
        return {row[0] for row in rows}

    async def _fetch(self, query: Query, **params: object) -> list[Row]:
        async with self._database.reading() as connection:
            return await connection.fetch_all(query, **params)


def _shape(viewer: Viewer, conditions: ClockConditions) -> Hashable:
    return viewer.is_of_agency, conditions.client_ids is None, conditions.metrics is None


def _held(viewer: Viewer, conditions: ClockConditions) -> dict[str, object]:
    held: dict[str, object] = {"agency_id": viewer.agency_id}
    if not viewer.is_of_agency:
        held["client_id"] = viewer.client_id
    if conditions.client_ids is not None:
        held["client_ids"] = conditions.client_ids
    if conditions.metrics is not None:
        held["metrics"] = conditions.metrics
    return held


def _conditions(viewer: Viewer, conditions: ClockConditions) -> list[Predicate]:
    """Return what every statement asks of a clock and its ticket."""
    found: list[Predicate] = [
        SLA_CLOCK.c.agency_id == bindparam("agency_id"),
        TICKET.c.agency_id == SLA_CLOCK.c.agency_id,
        TICKET.c.id == SLA_CLOCK.c.ticket_id,
    ]
    if not viewer.is_of_agency:
        found.append(of_the_client(TICKET.c.client_id))
    if conditions.client_ids is not None:
        found.append(in_list(TICKET.c.client_id, "client_ids"))
    if conditions.metrics is not None:
        found.append(in_list(SLA_CLOCK.c.metric, "metrics"))
    return found


def counted_statement(
    viewer: Viewer, conditions: ClockConditions, *, is_past_needed: bool
) -> AnySelect:
    """Return the statement for the clocks that stopped, broke, or had stopped in a time, once each.

    The last column says whether the ticket has changed hands or priority since the clock stopped.
    A ticket that was reopened has been touched since its earlier stop.
    """
    start, end = bindparam("start", type_=Instant), bindparam("end", type_=Instant)
    stopped, breached = SLA_CLOCK.c.stopped_at, SLA_CLOCK.c.breached_at
    is_stop_elsewhere = or_(stopped.is_(None), stopped < start, stopped >= end)
    is_breach_elsewhere = or_(breached.is_(None), breached < start, breached >= end)
    is_changed = _is_changed_after_stop() if is_past_needed else literal(0)
    clocks = select(*_CLOCK, is_changed).where(*_conditions(viewer, conditions))
    return union_all(  # type: ignore[return-value]  # a compound select is run like one
        clocks.where(stopped >= start, stopped < end),
        clocks.where(breached >= start, breached < end, is_stop_elsewhere),
        clocks.where(
            TICKET.c.updated_at >= start,
            SLA_CLOCK.c.earlier_results != [],
            is_stop_elsewhere,
            is_breach_elsewhere,
        ),
    )


def _is_changed_after_stop() -> Predicate:
    return exists().where(
        TICKET_EVENT.c.agency_id == SLA_CLOCK.c.agency_id,
        TICKET_EVENT.c.ticket_id == SLA_CLOCK.c.ticket_id,
        TICKET_EVENT.c.kind.in_(_CHANGED),
        TICKET_EVENT.c.at > SLA_CLOCK.c.stopped_at,
    )


def _open(held: list[Predicate]) -> AnySelect:
    """Return the statement for how many clocks run, grouped by place; the states as in the rule."""
    at, clock = bindparam("at", type_=Instant), SLA_CLOCK.c
    is_broken = and_(clock.breached_at.is_not(None), clock.breached_at <= at)
    is_at_risk = and_(
        or_(clock.breached_at.is_(None), clock.breached_at > at),
        clock.paused_since.is_(None),
        clock.at_risk_at.is_not(None),
        clock.at_risk_at <= at,
    )
    return (
        select(
            *_PLACE,
            func.count(clock.metric),
            func.sum(case((is_at_risk, 1), else_=0)),
            func.sum(case((is_broken, 1), else_=0)),
        )
        .where(
            *held,
            clock.stopped_at.is_(None),
            clock.cancelled_at.is_(None),
            clock.started_at.is_not(None),
        )
        .group_by(*_PLACE)
    )


_EXCLUDED = Query(
    select(EXCLUSION.c.ticket_id).where(
        EXCLUSION.c.agency_id == bindparam("agency_id"),
        in_list(EXCLUSION.c.ticket_id, "tickets"),
        EXCLUSION.c.lifted_at.is_(None),
    )
)
_CHANGES = Query(
    select(TICKET_EVENT.c.ticket_id, TICKET_EVENT.c.at, TICKET_EVENT.c.before)
    .where(
        TICKET_EVENT.c.agency_id == bindparam("agency_id"),
        in_list(TICKET_EVENT.c.ticket_id, "tickets"),
        TICKET_EVENT.c.kind.in_(_CHANGED),
        TICKET_EVENT.c.at > bindparam("after", type_=Instant),
    )
    .order_by(TICKET_EVENT.c.ticket_id, TICKET_EVENT.c.sequence)
)


def _counted_clock(row: Row) -> CountedClock:
    seconds, breached_at, earlier, stopped_at, cancelled_at, ticket_id, status, _ = row[4:]
    stops = tuple(_earlier(document) for document in earlier)
    if stopped_at is not None:
        stops = (*stops, ClockResult(stopped_at, seconds, is_met=breached_at is None))
    life = ClockLife(stops, breached_at, cancelled_at, is_void=TicketStatus(status) in _VOID)
    return CountedClock(ticket_id, _place(row[:4]), life)


def _place(values: Sequence[Any]) -> Place:  # Any: as rows are typed
    client_id, metric, priority, agent_id = values
    return Place(client_id, SlaMetric(metric), Priority(priority), agent_id)


def _earlier(document: Sequence[Any]) -> ClockResult:  # Any: JSON
    stopped_at, counted_seconds, is_met = document
    return ClockResult(datetime.fromisoformat(stopped_at), counted_seconds, is_met=is_met)
