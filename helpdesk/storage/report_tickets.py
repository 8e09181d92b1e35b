"""The tickets of a month for its reports, as they stood at the end of it.

Three statements find them: by the last fact, by a promise that broke, by time that was worked.
Each begins at an index that leads to the month and to the contracts asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from helpdesk.domain.compliance import FieldChange, value_at
from helpdesk.domain.ids import ContractId
from helpdesk.domain.priority import Priority
from helpdesk.domain.report_lines import ExclusionLine, TicketLine
from helpdesk.domain.ticket import TicketEventKind, TicketKind, TicketStatus
from helpdesk.domain.work_log import counting_work
from helpdesk.storage.column_types import Instant
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, in_list
from helpdesk.storage.report_promises import CLOCKS_OF_TICKETS, promises_of
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.classification import EXCLUSION
from helpdesk.storage.tables.client import SITE
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import TICKET, TICKET_EVENT
from helpdesk.storage.tables.work_log import WORK_ENTRY
from helpdesk.storage.work_log_records import logged_work_of
from helpdesk.usecases.report_ports import ReportSpan

_HANDLING = frozenset(
    {
        TicketEventKind.OPENED,
        TicketEventKind.AGENT_REPLIED,
        TicketEventKind.DELIVERED,
        TicketEventKind.RESOLVED,
        TicketEventKind.REOPENED,
        TicketEventKind.POSTPONED,
        TicketEventKind.CANCELLED,
    }
)
_NO_REQUEST = frozenset({TicketStatus.SPAM, TicketStatus.MERGED})
_ENDED = frozenset({TicketStatus.RESOLVED, TicketStatus.CLOSED})

_START, _END = bindparam("start", type_=Instant), bindparam("end", type_=Instant)
_COLUMNS = (
    TICKET.c.id,
    TICKET.c.contract_id,
    TICKET.c.number,
    TICKET.c.subject,
    TICKET.c.kind,
    TICKET.c.priority,
    TICKET.c.status,
    TICKET.c.opened_at,
    TICKET.c.resolved_at,
    TICKET.c.site_id,
)
_OF_CONTRACTS = (TICKET.c.agency_id == MINE, in_list(TICKET.c.contract_id, "contracts"))
_TOUCHED = Query(
    select(*_COLUMNS).where(
        *_OF_CONTRACTS, TICKET.c.updated_at >= _START, TICKET.c.opened_at < _END
    )
)
_BROKEN = Query(
    select(*_COLUMNS).where(
        *_OF_CONTRACTS,
        SLA_CLOCK.c.agency_id == MINE,
        SLA_CLOCK.c.ticket_id == TICKET.c.id,
        SLA_CLOCK.c.breached_at >= _START,
        SLA_CLOCK.c.breached_at < _END,
    )
)
_WORKED = Query(
    select(*_COLUMNS).where(
        *_OF_CONTRACTS,
        WORK_ENTRY.c.agency_id == MINE,
        WORK_ENTRY.c.ticket_id == TICKET.c.id,
        WORK_ENTRY.c.started_at >= _START,
        WORK_ENTRY.c.started_at < _END,
    )
)
_EVENTS = Query(
    select(
        TICKET_EVENT.c.ticket_id,
        TICKET_EVENT.c.at,
        TICKET_EVENT.c.kind,
        TICKET_EVENT.c.before,
    )
    .where(
        TICKET_EVENT.c.agency_id == MINE,
        in_list(TICKET_EVENT.c.ticket_id, "tickets"),
        TICKET_EVENT.c.at >= _START,
    )
    .order_by(TICKET_EVENT.c.ticket_id, TICKET_EVENT.c.at, TICKET_EVENT.c.sequence)
)
_WORK = Query(
    select(WORK_ENTRY)
    .where(WORK_ENTRY.c.agency_id == MINE, in_list(WORK_ENTRY.c.ticket_id, "tickets"))
    .order_by(WORK_ENTRY.c.ticket_id, WORK_ENTRY.c.number)
)
_EXCLUSIONS = Query(
    select(EXCLUSION.c.ticket_id, EXCLUSION.c.cause, EXCLUSION.c.explanation)
    .where(
        EXCLUSION.c.agency_id == MINE,
        in_list(EXCLUSION.c.ticket_id, "tickets"),
        EXCLUSION.c.lifted_at.is_(None),
        EXCLUSION.c.recorded_at < _END,
    )
    .order_by(EXCLUSION.c.ticket_id, EXCLUSION.c.recorded_at, EXCLUSION.c.id)
)
_SITES = Query(
    select(SITE.c.id, SITE.c.name)
    .where(SITE.c.agency_id == MINE, in_list(SITE.c.id, "sites"))
    .order_by(SITE.c.id)
)


@dataclass(slots=True)
class _Found:
    """A ticket with all that was read about it."""

    row: Mapping[str, Any]  # a row by the names of its columns
    has_been_worked: bool = False
    has_broken: bool = False
    events: list[tuple[datetime, TicketEventKind]] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    work: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    exclusions: list[ExclusionLine] = field(default_factory=list)


async def tickets_of(
    session: Session, span: ReportSpan
) -> Mapping[ContractId, tuple[TicketLine, ...]]:
    """Return the tickets that were handled in a span, by contract and number."""
    found = await _found(session, span)
    ids = sorted(found)
    of_tickets = {"tickets": ids}
    events, work, clocks, exclusions, sites = await session.fetch_batch(
        (_EVENTS, {**of_tickets, "start": span.start}),
        (_WORK, of_tickets),
        (CLOCKS_OF_TICKETS, of_tickets),
        (_EXCLUSIONS, {**of_tickets, "end": span.end}),
        (_SITES, {"sites": sorted({one.row["site_id"] for one in found.values()} - {None})}),
    )
    for ticket_id, at, kind, before in events:
        found[ticket_id].events.append((at, TicketEventKind(kind)))
        found[ticket_id].changes.append(FieldChange(at, before))
    _hand_out(found, work, clocks, exclusions)
    names = {row[0]: row[1] for row in sites}
    lines: dict[ContractId, list[TicketLine]] = {}
    for one in found.values():
        line = _line(one, span, names)
        if _is_told(one, line, span):
            lines.setdefault(ContractId(one.row["contract_id"]), []).append(line)
    return {
        contract_id: tuple(sorted(told, key=lambda line: line.number))
        for contract_id, told in lines.items()
    }


async def _found(session: Session, span: ReportSpan) -> dict[str, _Found]:
    asked = {"contracts": sorted(span.contract_ids), "start": span.start, "end": span.end}
    touched, broken, worked = await session.fetch_batch(
        (_TOUCHED, asked), (_BROKEN, asked), (_WORKED, asked)
    )
    found: dict[str, _Found] = {}
    for row in (*touched, *broken, *worked):
        found.setdefault(row[0], _Found(_named(row)))
    for row in broken:
        found[row[0]].has_broken = True
    for row in worked:
        found[row[0]].has_been_worked = True
    return found


def _named(row: Row) -> Mapping[str, Any]:  # Any: as rows are typed
    return dict(zip((column.name for column in _COLUMNS), row, strict=True))


def _hand_out(
    found: Mapping[str, _Found],
    work: Iterable[Row],
    clocks: Iterable[Row],
    exclusions: Iterable[Row],
) -> None:
    place = WORK_ENTRY.c.keys().index("ticket_id")
    for row in work:
        found[row[place]].work.append(row)
    for row in clocks:
        found[row[0]].clocks.append(row)
    for ticket_id, cause, explanation in exclusions:
        found[ticket_id].exclusions.append(ExclusionLine(cause, explanation))


def _line(found: _Found, span: ReportSpan, sites: Mapping[str, str]) -> TicketLine:
    row, changes = found.row, found.changes
    last_moment = [change for change in changes if change.at >= span.end]
    status = TicketStatus(_value_before("status", row["status"], last_moment))
    priority = Priority(_value_before("priority", row["priority"], last_moment))
    return TicketLine(
        number=int(row["number"]),
        title=row["subject"],
        kind=TicketKind(row["kind"]),
        priority=priority,
        status=status,
        site=sites.get(row["site_id"]),
        opened_at=row["opened_at"],
        resolved_at=_resolved_at(found, status, span),
        minutes=_minutes(found.work, span),
        promises=promises_of(
            found.clocks, span, lambda at: _priority_at(row["priority"], changes, at)
        ),
        exclusions=tuple(found.exclusions),
    )


def _value_before(name: str, present: str, later: Sequence[FieldChange]) -> str:
    for change in later:
        before = change.before.get(name)
        if before is not None:
            return before
    return present


def _priority_at(present: str, changes: Sequence[FieldChange], at: datetime) -> Priority:
    return Priority(value_at("priority", present, changes, at) or present)


def _resolved_at(found: _Found, status: TicketStatus, span: ReportSpan) -> datetime | None:
    if status not in _ENDED:
        return None
    ends = [at for at, kind in found.events if kind is TicketEventKind.RESOLVED and at < span.end]
    known: datetime | None = found.row["resolved_at"]
    return ends[-1] if ends else known


def _minutes(work: Sequence[Row], span: ReportSpan) -> int:
    counting = counting_work(logged_work_of(row).entry for row in work)
    return sum(entry.minutes for entry in counting if span.start <= entry.started_at < span.end)


def _is_told(found: _Found, line: TicketLine, span: ReportSpan) -> bool:
    if line.status in _NO_REQUEST or (line.status is TicketStatus.CANCELLED and not line.minutes):
        return False
    is_handled = any(kind in _HANDLING and at < span.end for at, kind in found.events)
    return is_handled or found.has_been_worked or found.has_broken
