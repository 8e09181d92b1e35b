"""Batches in the database."""

from collections.abc import Collection

from sqlalchemy import bindparam, select, update

from helpdesk.domain.batch import Batch, BatchStatus
from helpdesk.domain.ids import BatchId, TicketId
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.batch import BATCH
from helpdesk.storage.tables.ticket import TICKET

_BATCHES = RowMapper(Batch, BATCH, {"status": BatchStatus})
_BY_ID = select(*_BATCHES.columns).where(BATCH.c.agency_id == MINE, BATCH.c.id == bindparam("id"))
_READ, _LOCKED = Query(_BY_ID), Query(_BY_ID.with_for_update())
_CLOSED = Query(
    select(BATCH.c.id).where(
        BATCH.c.agency_id == MINE,
        in_list(BATCH.c.id, "ids"),
        BATCH.c.status == BatchStatus.CLOSED.value,
    )
)
_TICKETS = Query(
    select(TICKET.c.id)
    .where(TICKET.c.agency_id == MINE, TICKET.c.batch_id == bindparam("batch_id"))
    .order_by(TICKET.c.id)
)
_ADD = Query(insert(BATCH))
_SAVE = Query(
    update(BATCH)
    .where(BATCH.c.agency_id == MINE, BATCH.c.id == bindparam("batch_id"))
    .values(
        status=bindparam("new_status"),
        opened_at=bindparam("new_opened_at"),
        closed_at=bindparam("new_closed_at"),
    )
)


class SqlBatchRecords:
    """BatchRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._by_id = _LOCKED if locks else _READ

    async def batch(self, batch_id: BatchId) -> Batch | None:
        """Return a batch."""
        row = await self._session.fetch_one(self._by_id, id=batch_id)
        return None if row is None else _BATCHES.read(row)

    async def closed_among(self, batch_ids: Collection[BatchId]) -> frozenset[BatchId]:
        """Return those of these batches that are closed."""
        if not batch_ids:
            return frozenset()
        rows = await self._session.fetch_all(_CLOSED, ids=sorted(batch_ids))
        return frozenset(BatchId(row[0]) for row in rows)

    async def tickets_of(self, batch_id: BatchId) -> tuple[TicketId, ...]:
        """Return the tickets that are in a batch."""
        rows = await self._session.fetch_all(_TICKETS, batch_id=batch_id)
        return tuple(TicketId(row[0]) for row in rows)

    async def add_batch(self, batch: Batch) -> None:
        """Add a batch."""
        await self._session.add(_ADD, _BATCHES.params(batch))

    async def save_batch(self, batch: Batch) -> None:
        """Write where a batch stands."""
        await self._session.write(
            _SAVE,
            batch_id=batch.id,
            new_status=batch.status.value,
            new_opened_at=batch.opened_at,
            new_closed_at=batch.closed_at,
        )
