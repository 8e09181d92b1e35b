"""What is promised in a table and sent later: found when due, claimed for a while, recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Table,
    TextClause,
    bindparam,
    select,
    text,
    update,
)

from helpdesk.domain.ids import AgencyId
from helpdesk.domain.sending import SUPPRESSED, SendingState
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query
from helpdesk.storage.session import MINE
from helpdesk.storage.tables.base import IS_TO_SEND

LEASE = timedelta(minutes=5)
"""How long a claim holds: what a crash left is due again after it."""


class Promised(Protocol):
    """What was promised, with the number of tries before this one."""

    @property
    def id(self) -> str:
        """Which one it is."""
        ...

    @property
    def agency_id(self) -> AgencyId:
        """Who promised it."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was promised."""
        ...

    @property
    def attempts(self) -> int:
        """How often it was tried before."""
        ...


class SendingTable:
    """A table with the columns state, send_after, attempts, last_error and sent_at.

    `columns` are read of `source`, the table itself unless it is joined with others; `also` are
    further conditions under which a row is taken, with parameters of their own.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[Column[Any]],  # Any: columns of every type
        *,
        reason: str,
        source: FromClause | None = None,
        also: Sequence[ColumnElement[bool]] = (),
    ) -> None:
        # Literal: with parameters in it, the index that holds only these rows is not used.
        is_to_send = text(f"{table.name}.{IS_TO_SEND}")
        is_due: tuple[ColumnElement[bool] | TextClause, ...]
        is_due = (is_to_send, table.c.send_after <= bindparam("at"), *also)
        self._any_due = Query.across_agencies(
            select(table.c.id).where(*is_due).limit(1), reason=reason
        )
        self._due = Query.across_agencies(
            select(table.c.agency_id, table.c.id, table.c.attempts, *columns)
            .select_from(table if source is None else source)
            .where(*is_due)
            .order_by(table.c.send_after, table.c.id)
            .limit(bindparam("limit"))
            .with_for_update(skip_locked=True, of=table),
            reason=reason,
        )
        self._claim = _claim(table)
        self._record = _record(table)

    async def claim(
        self, database: Database, *, at: datetime, limit: int, **params: object
    ) -> list[Row]:
        """Return the columns of what is due, oldest first, leased for a while.

        `attempts` among them is the number of tries before this one.
        """
        async with database.reading() as connection:
            if not await connection.fetch_all(self._any_due, at=at, **params):
                return []
        async with database.writing() as connection:
            rows = await connection.fetch_all(self._due, at=at, limit=limit, **params)
            for agency_id, id_, attempts, *_ in rows:
                await connection.execute(
                    self._claim,
                    agency_id=agency_id,
                    id_=id_,
                    claimed_attempts=attempts + 1,
                    new_send_after=at + LEASE,
                )
        return [row[3:] for row in rows]

    async def mark_sent(self, database: Database, promised: Promised, *, at: datetime) -> None:
        """Record that it was sent."""
        await self._mark(database, promised, SendingState.SENT, send_after=at, sent_at=at)

    async def mark_failed(
        self, database: Database, promised: Promised, error: str, *, retry_at: datetime | None
    ) -> None:
        """Record a failed try; None gives it up, visibly."""
        state = SendingState.DEAD if retry_at is None else SendingState.PENDING
        send_after = retry_at or promised.created_at
        await self._mark(database, promised, state, send_after=send_after, error=error)

    async def mark_suppressed(self, database: Database, promised: Promised, reason: str) -> None:
        """Record that it is not sent, and why; it is no failure of anybody's."""
        await self._mark(
            database, promised, SUPPRESSED, send_after=promised.created_at, error=reason
        )

    async def _mark(
        self,
        database: Database,
        promised: Promised,
        state: str,
        *,
        send_after: datetime,
        sent_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        async with database.writing() as connection:
            await connection.execute(
                self._record,
                agency_id=promised.agency_id,
                id_=promised.id,
                claimed_attempts=promised.attempts + 1,
                new_state=str(state),
                new_send_after=send_after,
                new_error=error,
                new_sent_at=sent_at,
            )


def _claim(table: Table) -> Query:
    """Take a row for the try that follows its `attempts`: a crash in it counts as one."""
    return Query(
        update(table)
        .where(table.c.agency_id == MINE, table.c.id == bindparam("id_"))
        .values(
            state=SendingState.SENDING.value,
            attempts=bindparam("claimed_attempts"),
            send_after=bindparam("new_send_after"),
        )
    )


def _record(table: Table) -> Query:
    return Query(
        update(table)
        .where(
            table.c.agency_id == MINE,
            table.c.id == bindparam("id_"),
            # What was claimed by somebody else since is his to record.
            table.c.state == SendingState.SENDING.value,
            table.c.attempts == bindparam("claimed_attempts"),
        )
        .values(
            state=bindparam("new_state"),
            send_after=bindparam("new_send_after"),
            last_error=bindparam("new_error"),
            sent_at=bindparam("new_sent_at"),
        )
    )
