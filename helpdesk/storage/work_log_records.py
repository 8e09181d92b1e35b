"""Worked time in the database, and the timers that run."""

from sqlalchemy import bindparam, delete, select

from helpdesk.domain.ids import AgentId, TicketId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.work_log import Timer, WorkEntry, WorkNumber
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, insert
from helpdesk.storage.retainer_documents import actor_of, actor_values
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.work_log import TIMER, WORK_ENTRY
from helpdesk.usecases.work_log_ports import LoggedWork

_TIMERS = RowMapper(Timer, TIMER, {})
_WORK = Query(
    select(WORK_ENTRY)
    .where(WORK_ENTRY.c.agency_id == MINE, WORK_ENTRY.c.ticket_id == bindparam("of_ticket"))
    .order_by(WORK_ENTRY.c.number)
)
_ADD_WORK = Query(insert(WORK_ENTRY))
_TIMER_OF = select(*_TIMERS.columns).where(
    TIMER.c.agency_id == MINE, TIMER.c.agent_id == bindparam("of_agent")
)
_READ_TIMER, _LOCKED_TIMER = Query(_TIMER_OF), Query(_TIMER_OF.with_for_update())
_ADD_TIMER = Query(insert(TIMER).on_conflict_do_nothing())
_REMOVE_TIMER = Query(
    delete(TIMER).where(TIMER.c.agency_id == MINE, TIMER.c.agent_id == bindparam("of_agent"))
)


class SqlWorkLogRecords:
    """WorkLogRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._timer = _LOCKED_TIMER if locks else _READ_TIMER

    async def work_of(self, ticket_id: TicketId) -> tuple[LoggedWork, ...]:
        """Return the work on a ticket, corrections too, by number."""
        return tuple(map(logged_work_of, await self._session.fetch_all(_WORK, of_ticket=ticket_id)))

    async def add_work(self, work: LoggedWork) -> None:
        """Add an entry."""
        entry = work.entry
        await self._session.write(
            _ADD_WORK,
            ticket_id=entry.ticket_id,
            number=entry.number,
            **actor_values(entry.actor),
            started_at=entry.started_at,
            minutes=entry.minutes,
            written_at=entry.written_at,
            note=entry.note,
            corrects=entry.corrects,
            reason=entry.reason,
            charged_to=None if work.charged_to is None else work.charged_to.value,
            follows_funding=work.follows_funding,
        )

    async def timer(self, agent_id: AgentId) -> Timer | None:
        """Return the running timer of an agent, locked until the transaction ends."""
        row = await self._session.fetch_one(self._timer, of_agent=agent_id)
        return None if row is None else _TIMERS.read(row)

    async def add_timer(self, timer: Timer) -> bool:
        """Keep a timer that starts; False when the agent has another one by now."""
        return await self._session.execute(_ADD_TIMER, **_TIMERS.params(timer)) == 1

    async def remove_timer(self, agent_id: AgentId) -> None:
        """Take away the timer of an agent."""
        await self._session.write(_REMOVE_TIMER, of_agent=agent_id)


def logged_work_of(row: Row) -> LoggedWork:
    """Return the work that a row of the table stands for."""
    values = dict(zip(WORK_ENTRY.c.keys(), row, strict=True))
    corrects, charged_to = values["corrects"], values["charged_to"]
    entry = WorkEntry(
        number=WorkNumber(values["number"]),
        ticket_id=TicketId(values["ticket_id"]),
        actor=actor_of(values),
        started_at=values["started_at"],
        minutes=values["minutes"],
        written_at=values["written_at"],
        note=values["note"],
        corrects=None if corrects is None else WorkNumber(corrects),
        reason=values["reason"],
    )
    unit = None if charged_to is None else RetainerUnit(charged_to)
    return LoggedWork(entry, unit, values["follows_funding"])
