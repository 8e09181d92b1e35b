"""Firings in the database: taken one by one, with what became of them."""

from datetime import datetime

from sqlalchemy import and_, bindparam, select, update

from helpdesk.storage.query import Query
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.sla_clock import SLA_FIRING
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.deadline_ports import FiringKey, RecordedFiring

_OF_TICKET = and_(
    TICKET.c.agency_id == SLA_FIRING.c.agency_id, TICKET.c.id == SLA_FIRING.c.ticket_id
)
_THIS = (
    SLA_FIRING.c.agency_id == MINE,
    SLA_FIRING.c.ticket_id == bindparam("of_ticket"),
    SLA_FIRING.c.metric == bindparam("of_metric"),
    SLA_FIRING.c.cycle == bindparam("of_cycle"),
    SLA_FIRING.c.step == bindparam("of_step"),
)
_TAKE = Query(
    select(SLA_FIRING.c.level, SLA_FIRING.c.due_at, SLA_FIRING.c.fired_at, SLA_FIRING.c.attempts)
    .select_from(SLA_FIRING.join(TICKET, _OF_TICKET))
    .where(*_THIS, SLA_FIRING.c.act_at <= bindparam("at"))
    # Whoever changes the ticket holds it: better the next firing than a wait.
    .with_for_update(skip_locked=True, of=[SLA_FIRING, TICKET])
)
_ACTED = Query(
    update(SLA_FIRING)
    .where(*_THIS)
    .values(
        act_at=None,
        acted_at=bindparam("new_acted_at"),
        outcome=bindparam("new_outcome"),
        last_error=None,
    )
)
_FAILED = Query(
    update(SLA_FIRING)
    # One that somebody else brought to its end meanwhile stays done.
    .where(*_THIS, SLA_FIRING.c.act_at.is_not(None))
    .values(
        act_at=bindparam("new_act_at"),
        attempts=SLA_FIRING.c.attempts + 1,
        last_error=bindparam("new_error"),
    )
)


class SqlFiringRecords:
    """FiringRecords on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def take(self, key: FiringKey, *, at: datetime) -> RecordedFiring | None:
        """Return a firing that has something to do at `at`, locked together with its ticket."""
        row = await self._session.fetch_one(_TAKE, at=at, **_named(key))
        return None if row is None else RecordedFiring(key, *row)

    async def mark_acted(self, key: FiringKey, outcome: list[str], *, at: datetime) -> None:
        """Record that its actions are done, and in words what became of each."""
        await self._session.write(_ACTED, new_acted_at=at, new_outcome=outcome, **_named(key))

    async def mark_failed(self, key: FiringKey, error: str, *, retry_at: datetime) -> None:
        """Record that its actions failed as a whole, and when they are tried again."""
        await self._session.write(_FAILED, new_act_at=retry_at, new_error=error, **_named(key))


def _named(key: FiringKey) -> dict[str, object]:
    return {
        "of_ticket": key.ticket_id,
        "of_metric": key.metric.value,
        "of_cycle": key.cycle,
        "of_step": key.step,
    }
