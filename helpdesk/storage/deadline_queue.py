"""Steps of clocks are found when they come, by an index of instants, and recorded once for ever."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import (
    Boolean,
    Integer,
    String,
    and_,
    bindparam,
    literal,
    literal_column,
    select,
    true,
    update,
)

from helpdesk.domain.escalation import fired
from helpdesk.domain.ids import AgencyId, TicketId
from helpdesk.domain.sla import SlaMetric, StepDue
from helpdesk.storage.column_types import Id, Instant, Json, instant_to_text
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.database import Connection
from helpdesk.storage.deadline_bell import DeadlineBell
from helpdesk.storage.json_rows import json_field, json_rows
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import Session
from helpdesk.storage.tables.sla_clock import SLA_CLOCK, SLA_FIRING
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.deadline_ports import Fired, FiringKey

FIRED_AT_ONCE = 500
"""Clocks in one transaction: a few milliseconds, in which their tickets cannot be changed."""

_REASON = "one worker keeps the deadlines of every agency"
_OF_TICKET = and_(TICKET.c.agency_id == SLA_CLOCK.c.agency_id, TICKET.c.id == SLA_CLOCK.c.ticket_id)
_DUE = Query.across_agencies(
    select(
        SLA_CLOCK.c.agency_id,
        SLA_CLOCK.c.ticket_id,
        SLA_CLOCK.c.metric,
        SLA_CLOCK.c.cycle,
        SLA_CLOCK.c.steps,
    )
    .select_from(SLA_CLOCK.join(TICKET, _OF_TICKET))
    .where(SLA_CLOCK.c.next_at <= bindparam("at"))
    .order_by(SLA_CLOCK.c.next_at)
    # In the text: the plan of a prepared statement takes any other limit for a tenth of the rows.
    .limit(literal_column(str(FIRED_AT_ONCE)))
    # A change of the ticket holds its row: what it is about to write decides, next round.
    .with_for_update(skip_locked=True, of=[SLA_CLOCK, TICKET]),
    reason=_REASON,
)
_NEXT = Query.across_agencies(
    select(SLA_CLOCK.c.next_at)
    .where(SLA_CLOCK.c.next_at.is_not(None))
    .order_by(SLA_CLOCK.c.next_at)
    .limit(1),
    reason=_REASON,
)
_NEXT_ACT = Query.across_agencies(
    select(SLA_FIRING.c.act_at)
    .where(SLA_FIRING.c.act_at.is_not(None))
    .order_by(SLA_FIRING.c.act_at)
    .limit(1),
    reason=_REASON,
)
_TO_ACT = Query.across_agencies(
    select(
        SLA_FIRING.c.agency_id,
        SLA_FIRING.c.ticket_id,
        SLA_FIRING.c.metric,
        SLA_FIRING.c.cycle,
        SLA_FIRING.c.step,
    )
    .where(SLA_FIRING.c.act_at <= bindparam("at"))
    .order_by(SLA_FIRING.c.act_at)
    .limit(bindparam("limit")),
    reason=_REASON,
)


def _add_firings() -> Query:
    given = json_rows("firings")
    fields = {
        "agency_id": json_field(given, 0, Id()),
        "ticket_id": json_field(given, 1, Id()),
        "metric": json_field(given, 2, String()),
        "cycle": json_field(given, 3, Integer()),
        "step": json_field(given, 4, String()),
        "level": json_field(given, 5, Integer()),
        "due_at": json_field(given, 6, Instant()),
        "is_superseded": json_field(given, 7, Boolean()),
        "act_at": json_field(given, 8, Instant()),
        "fired_at": bindparam("at", type_=Instant()),
        "attempts": literal(0),
        "outcome": literal([], Json()),
    }
    # SQLite takes ON CONFLICT after a SELECT for a join condition unless a WHERE stands between.
    rows = select(*fields.values()).select_from(given).where(true())
    return Query.across_agencies(
        insert(SLA_FIRING).from_select(list(fields), rows).on_conflict_do_nothing(),
        reason=_REASON,
    )


def _save_clocks() -> Query:
    given = json_rows("clocks")
    return Query.across_agencies(
        update(SLA_CLOCK)
        .where(
            SLA_CLOCK.c.agency_id == json_field(given, 0, Id()),
            SLA_CLOCK.c.ticket_id == json_field(given, 1, Id()),
            SLA_CLOCK.c.metric == json_field(given, 2, String()),
            SLA_CLOCK.c.cycle == json_field(given, 3, Integer()),
        )
        .values(steps=json_field(given, 4, Json()), next_at=json_field(given, 5, Instant())),
        reason=_REASON,
    )


_ADD_FIRINGS, _SAVE_CLOCKS = _add_firings(), _save_clocks()


class Transactions(Protocol):
    """Where a queue reads and writes: a database, or one transaction that is open."""

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Give a connection that reads."""
        ...

    def writing(self) -> AbstractAsyncContextManager[Connection]:
        """Give the connection of a transaction."""
        ...


class OpenTransaction:
    """One transaction that is open and stays so: what waits in its session is written first."""

    def __init__(self, connection: Connection, session: Session) -> None:
        self._connection = connection
        self._session = session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Give its connection."""
        await self._session.flush()
        yield self._connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Give its connection."""
        await self._session.flush()
        yield self._connection


class SqlSteps:
    """ComingSteps on a database, or within one transaction.

    A clock's row is the exact image of the facts: whoever adds a fact rewrites it in the same
    transaction, under the lock of the ticket. So nothing is recomputed while steps are claimed
    under that lock; their actions, which come after, look at the facts again.
    """

    def __init__(self, database: Transactions) -> None:
        self._database = database

    async def next_instant(self) -> datetime | None:
        """Return when the next step of any clock comes or came, None when none is left."""
        return await self._earliest(_NEXT)

    async def next_act(self) -> datetime | None:
        """Return when the next firing has something to do, None when none has."""
        return await self._earliest(_NEXT_ACT)

    async def fire(self, *, at: datetime) -> Fired:
        """Record the steps that came by `at`, of a batch of clocks, the oldest first."""
        async with self._database.writing() as connection:
            rows = await connection.fetch_all(_DUE, at=at)
            if not rows:
                return Fired(0, 0)
            firings, clocks = _decided(rows, at)
            recorded = await connection.execute(_ADD_FIRINGS, firings=firings, at=at)
            await connection.execute(_SAVE_CLOCKS, clocks=clocks)
        return Fired(len(rows), recorded)

    async def to_act(self, *, at: datetime, limit: int) -> tuple[FiringKey, ...]:
        """Return firings whose actions are to be carried out, the oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.fetch_all(_TO_ACT, at=at, limit=limit)
        return tuple(
            FiringKey(AgencyId(agency_id), TicketId(ticket_id), SlaMetric(metric), cycle, step)
            for agency_id, ticket_id, metric, cycle, step in rows
        )

    async def _earliest(self, query: Query) -> datetime | None:
        async with self._database.reading() as connection:
            row = await connection.fetch_one(query)
        return None if row is None else row[0]


class SqlDeadlineQueue(SqlSteps):
    """DeadlineQueue on a database."""

    def __init__(
        self, database: Transactions, bell: DeadlineBell, now: Callable[[], Awaitable[datetime]]
    ) -> None:
        super().__init__(database)
        self._bell = bell
        self._now = now

    async def now(self) -> datetime:
        """Return the time by the clock that all workers share, in UTC."""
        return await self._now()

    def watching(
        self, ring: Callable[[], None]
    ) -> AbstractAsyncContextManager[Callable[[], float]]:
        """Call `ring` whenever a step appears that comes soon; give how long one may sleep."""
        return self._bell.heard_by(ring)


_JsonRow = list[Any]  # the fields of a row as JSON knows them


def _decided(rows: Iterable[Row], at: datetime) -> tuple[list[_JsonRow], list[_JsonRow]]:
    """Return the firings of these clocks, and what is left of each clock."""
    firings: list[_JsonRow] = []
    clocks: list[_JsonRow] = []
    now = instant_to_text(at)
    for agency_id, ticket_id, metric, cycle, steps in rows:
        # The texts have one width, so their order is the order of time.
        came = [step for step in steps if step[2] <= now]
        left = [step for step in steps if step[2] > now]
        for due_at, firing in zip(came, fired(map(_step_due, came)), strict=True):
            acts = None if firing.is_superseded else now
            key = [agency_id, ticket_id, metric, cycle, firing.due.step, firing.due.level]
            firings.append([*key, due_at[2], firing.is_superseded, acts])
        clocks.append([agency_id, ticket_id, metric, cycle, left, left[0][2] if left else None])
    return firings, clocks


def _step_due(kept: _JsonRow) -> StepDue:
    step, level, at = kept
    return StepDue(step, level, datetime.fromisoformat(at))
