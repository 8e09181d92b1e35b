"""Workers in the database: their signs of life, and what waits for them."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, select

from helpdesk.domain.inbox import InboundMailState
from helpdesk.domain.sending import SendingState
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.tables.mail import INBOUND_MAIL, OUTBOX_MAIL
from helpdesk.storage.tables.sla_clock import SLA_CLOCK, SLA_FIRING
from helpdesk.storage.tables.webhook import WEBHOOK_DELIVERY
from helpdesk.storage.tables.worker import WORKER
from helpdesk.usecases.deadline_ports import Backlog, WorkerSign

FORGOTTEN_AFTER = timedelta(days=1)
SHOWN = 50

_REASON = "workers work for every agency"
_SIGNS = RowMapper(WorkerSign, WORKER, {})
_ADDED = insert(WORKER)
_BEAT = Query(
    _ADDED.on_conflict_do_update(
        index_elements=[WORKER.c.id],
        set_={
            name: _ADDED.excluded[name]
            for name in ("beat_at", "lag_seconds", "fired", "stopped_at")
        },
    )
)
_FORGET = Query(delete(WORKER).where(WORKER.c.beat_at < bindparam("before")))
_WORKERS = Query(
    select(*_SIGNS.columns).order_by(WORKER.c.started_at.desc(), WORKER.c.id).limit(SHOWN)
)
_TO_SEND = (SendingState.PENDING.value, SendingState.SENDING.value)
_COUNTS = [
    Query.across_agencies(statement, reason=_REASON)
    for statement in (
        select(func.count(), func.min(SLA_CLOCK.c.next_at)).where(
            SLA_CLOCK.c.next_at <= bindparam("at")
        ),
        select(func.count()).where(SLA_FIRING.c.act_at.is_not(None)),
        select(func.count()).where(SLA_FIRING.c.act_at.is_not(None), SLA_FIRING.c.attempts > 0),
        select(func.count()).where(
            or_(
                INBOUND_MAIL.c.state == InboundMailState.STORED.value,
                INBOUND_MAIL.c.state == InboundMailState.FAILED.value,
            )
        ),
        select(func.count()).where(OUTBOX_MAIL.c.state.in_(_TO_SEND)),
        select(func.count()).where(WEBHOOK_DELIVERY.c.state.in_(_TO_SEND)),
    )
]


class SqlWorkerRegister:
    """WorkerRegister on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, sign: WorkerSign) -> None:
        """Write a sign of life; workers that were silent for a day are forgotten."""
        async with self._database.writing() as connection:
            await connection.execute(_BEAT, **_SIGNS.params(sign))
            await connection.execute(_FORGET, before=sign.beat_at - FORGOTTEN_AFTER)

    async def workers(self) -> tuple[WorkerSign, ...]:
        """Return the workers that are known, those that started last first."""
        async with self._database.reading() as connection:
            rows = await connection.fetch_all(_WORKERS)
        return tuple(_SIGNS.read(row) for row in rows)

    async def backlog(self, *, at: datetime) -> Backlog:
        """Return what waits at `at`."""
        steps: list[tuple[Query, dict[str, object]]] = [(query, {}) for query in _COUNTS]
        steps[0] = (_COUNTS[0], {"at": at})
        async with self._database.reading() as connection:
            [[clocks], *others] = await connection.fetch_batch(steps)
        due, oldest = clocks
        return Backlog(due, oldest, *(rows[0][0] for rows in others))
