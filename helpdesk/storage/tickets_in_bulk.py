"""Many tickets at once in the database: whose clocks may move, and their clocks rewritten."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, exists, select, update

from helpdesk.domain.ids import CalendarId, ContractId, TicketId
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import UNFINISHED, Ticket, TicketEvent
from helpdesk.domain.ticket_image import earliest_breach, earliest_deadline
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.contract import CONTRACT_TERMS
from helpdesk.storage.tables.sla_clock import SLA_CLOCK, SLA_FIRING
from helpdesk.storage.tables.ticket import TICKET, TICKET_EVENT
from helpdesk.storage.ticket_records import EVENT_COLUMNS, TICKETS, clock_params, event_of
from helpdesk.usecases.ticket_ports import DerivedClock, TicketPast

_IS_OPEN = TICKET.c.status.in_(sorted(status.value for status in UNFINISHED))
_OF_CONTRACT = Query(
    select(TICKET.c.id)
    .where(TICKET.c.agency_id == MINE, TICKET.c.contract_id == bindparam("contract_id"), _IS_OPEN)
    .order_by(TICKET.c.id)
)
_OF_CALENDAR = Query(
    select(TICKET.c.id)
    .where(
        TICKET.c.agency_id == MINE,
        _IS_OPEN,
        exists().where(
            CONTRACT_TERMS.c.agency_id == TICKET.c.agency_id,
            CONTRACT_TERMS.c.contract_id == TICKET.c.contract_id,
            # An id is unlike any other text of the document.
            cast(CONTRACT_TERMS.c.document, Text).contains(bindparam("calendar_id")),
        ),
    )
    .order_by(TICKET.c.id)
)
_BY_IDS = (
    select(*TICKETS.columns)
    .where(TICKET.c.agency_id == MINE, in_list(TICKET.c.id, "ids"))
    .order_by(TICKET.c.id)
)
_READ, _LOCKED = Query(_BY_IDS), Query(_BY_IDS.with_for_update())
_HISTORIES = Query(
    select(*EVENT_COLUMNS)
    .where(TICKET_EVENT.c.agency_id == MINE, in_list(TICKET_EVENT.c.ticket_id, "ids"))
    .order_by(TICKET_EVENT.c.ticket_id, TICKET_EVENT.c.sequence)
)
_FIRINGS = Query(
    select(
        SLA_FIRING.c.ticket_id, SLA_FIRING.c.metric, SLA_FIRING.c.cycle, SLA_FIRING.c.step
    ).where(SLA_FIRING.c.agency_id == MINE, in_list(SLA_FIRING.c.ticket_id, "ids"))
)
_CLOCK_COLUMNS = [column for column in SLA_CLOCK.c if column.name != "agency_id"]
_KEPT = Query(
    select(*_CLOCK_COLUMNS).where(
        SLA_CLOCK.c.agency_id == MINE, in_list(SLA_CLOCK.c.ticket_id, "ids")
    )
)
_DROP = Query(
    delete(SLA_CLOCK).where(
        SLA_CLOCK.c.agency_id == MINE,
        SLA_CLOCK.c.ticket_id == bindparam("ticket_id"),
        SLA_CLOCK.c.metric == bindparam("metric"),
        SLA_CLOCK.c.cycle == bindparam("cycle"),
    )
)
_ADD = Query(insert(SLA_CLOCK))
_KEEP_BESIDE = Query(
    update(TICKET)
    .where(TICKET.c.agency_id == MINE, TICKET.c.id == bindparam("ticket_id"))
    .values(next_deadline_at=bindparam("deadline_at"), breached_at=bindparam("broken_at"))
)

_Columns = dict[str, Any]  # the columns of a clock, each of its own type
_Key = tuple[str, int]


class SqlTicketsInBulk:
    """TicketsInBulk on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._by_ids = _LOCKED if locks else _READ

    async def open_tickets_of_contract(self, contract_id: ContractId) -> tuple[TicketId, ...]:
        """Return the tickets under a contract that are not finished."""
        rows = await self._session.fetch_all(_OF_CONTRACT, contract_id=contract_id)
        return tuple(TicketId(row[0]) for row in rows)

    async def open_tickets_of_calendar(self, calendar_id: CalendarId) -> tuple[TicketId, ...]:
        """Return the unfinished tickets under contracts of which a version names a calendar."""
        rows = await self._session.fetch_all(_OF_CALENDAR, calendar_id=calendar_id)
        return tuple(TicketId(row[0]) for row in rows)

    async def tickets(self, ticket_ids: Collection[TicketId]) -> tuple[Ticket, ...]:
        """Return these tickets by id, locked in that order."""
        rows = await self._session.fetch_all(self._by_ids, ids=sorted(ticket_ids))
        return tuple(TICKETS.read(row) for row in rows)

    async def pasts(self, ticket_ids: Collection[TicketId]) -> Mapping[TicketId, TicketPast]:
        """Return what happened to each of these tickets."""
        params = {"ids": sorted(ticket_ids)}
        rows, firings = await self._session.fetch_batch((_HISTORIES, params), (_FIRINGS, params))
        told: dict[str, list[TicketEvent]] = {ticket_id: [] for ticket_id in ticket_ids}
        fired: dict[str, dict[tuple[SlaMetric, int], set[str]]] = {}
        for row in rows:
            told[row[0]].append(event_of(row))
        for ticket_id, metric, cycle, step in firings:
            steps = fired.setdefault(ticket_id, {})
            steps.setdefault((SlaMetric(metric), cycle), set()).add(step)
        return {
            TicketId(ticket_id): TicketPast(
                tuple(history),
                {clock: frozenset(steps) for clock, steps in fired.get(ticket_id, {}).items()},
            )
            for ticket_id, history in told.items()
        }

    async def rewrite_clocks(
        self, clocks: Mapping[TicketId, Sequence[DerivedClock]]
    ) -> tuple[TicketId, ...]:
        """Write the clocks that differ from the kept ones; return the tickets that have some."""
        kept = await self._kept(clocks)
        moved: list[TicketId] = []
        for ticket_id, derived in clocks.items():
            told = {_key(one): one for one in (clock_params(ticket_id, one) for one in derived)}
            if told == kept[ticket_id]:
                continue
            moved.append(ticket_id)
            await self._rewrite(ticket_id, kept[ticket_id], told)
            after = [one.clock for one in derived]
            await self._session.write(
                _KEEP_BESIDE,
                ticket_id=ticket_id,
                deadline_at=earliest_deadline(after),
                broken_at=earliest_breach(after),
            )
        return tuple(moved)

    async def _kept(self, ticket_ids: Collection[TicketId]) -> dict[str, dict[_Key, _Columns]]:
        kept: dict[str, dict[_Key, _Columns]] = {ticket_id: {} for ticket_id in ticket_ids}
        names = [column.name for column in _CLOCK_COLUMNS]
        for row in await self._session.fetch_all(_KEPT, ids=sorted(ticket_ids)):
            columns = dict(zip(names, row, strict=True))
            kept[columns["ticket_id"]][_key(columns)] = columns
        return kept

    async def _rewrite(
        self, ticket_id: TicketId, kept: Mapping[_Key, _Columns], told: Mapping[_Key, _Columns]
    ) -> None:
        for key, columns in kept.items():
            if told.get(key) != columns:
                metric, cycle = key
                await self._session.write(_DROP, ticket_id=ticket_id, metric=metric, cycle=cycle)
        for key, columns in told.items():
            if kept.get(key) != columns:
                await self._session.add(_ADD, columns)
                # A rewritten step may come before the worker would look by itself.
                self._session.has_step_soon |= columns["next_at"] is not None


def _key(columns: _Columns) -> _Key:
    return columns["metric"], columns["cycle"]
