"""An agent has the time he works on a ticket measured: he starts a timer and stops it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgentId, TicketId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.work_log import Timer, started_timer
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.log_work import LogWork, logged_work
from helpdesk.usecases.ticket_step import visible_ticket
from helpdesk.usecases.work_log_ports import LoggedWork


class TimerNotRunning(HelpdeskError):
    """Only a timer that runs can be stopped."""

    code: ClassVar[ErrorCode] = ErrorCode.TIMER_STATE
    english: ClassVar[str] = "No timer of yours runs: start one, or log the time by hand."
    french: ClassVar[str] = (
        "Aucun de vos minuteurs ne tourne : lancez-en un, ou saisissez le temps à la main."
    )


class TimerOfPeopleOnly(HelpdeskError):
    """A timer measures the work of a person."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "{name} is no agent: a program logs minutes instead."
    french: ClassVar[str] = "{name} n'est pas un agent : un programme saisit plutôt des minutes."


@dataclass(frozen=True, slots=True)
class StartTimer:
    """On which ticket the viewer starts to work."""

    ticket_id: TicketId
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class StopTimer:
    """What the viewer did, and what of the forfait it counts against, as in `LogWork`."""

    note: str = ""
    unit: RetainerUnit | None = None
    is_billable: bool = True
    idempotency_key: str | None = None


async def start_timer(desk: Desk, *, viewer: Viewer, request: StartTimer) -> Timer:
    """Start the viewer's timer now and return it.

    Raises NotFound, AgencyOnly, ScopeMissing, TimerOfPeopleOnly, IdempotencyKeyReused, and
    TimerRunsAlready while he has another one.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        agent_id = _agent(viewer)
        asked = question(viewer, "startTimer", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return Timer(ticket.id, agent_id, datetime.fromisoformat(before["startedAt"]))
        timer = started_timer((), ticket.id, agent_id, desk.now())
        if not await records.work_logs.add_timer(timer):
            # Of two that start at once the second one waits here, and is told of the first.
            running = await records.work_logs.timer(agent_id) or timer
            return started_timer([running], ticket.id, agent_id, desk.now())
        await remember_answer(records, asked, {"startedAt": timer.started_at.isoformat()})
        return timer


async def stop_timer(desk: Desk, *, viewer: Viewer, request: StopTimer) -> LoggedWork:
    """Stop the viewer's timer, log what it measured and return it.

    To the nearest minute, and one at least. Raises AgencyOnly, ScopeMissing, TimerOfPeopleOnly,
    TimerNotRunning and IdempotencyKeyReused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        agent_id = _agent(viewer)
        asked = question(viewer, "stopTimer", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            logged = await records.work_logs.work_of(TicketId(before["ticketId"]))
            return logged[int(before["number"]) - 1]
        timer = await records.work_logs.timer(agent_id)
        if timer is None:
            raise TimerNotRunning
        ticket = await visible_ticket(records, viewer, timer.ticket_id)
        minutes = timer.stopped(desk.now())
        await records.work_logs.remove_timer(agent_id)
        worked = LogWork(
            ticket.id, minutes, timer.started_at, request.note, request.unit, request.is_billable
        )
        work = await logged_work(desk, records, viewer, ticket, worked)
        answer = {"ticketId": ticket.id, "number": work.entry.number}
        await remember_answer(records, asked, answer)
        return work


def _agent(viewer: Viewer) -> AgentId:
    viewer.require_agency(Scope.TICKETS_WRITE)
    if viewer.agent_id is None:
        raise TimerOfPeopleOnly(name=viewer.name)
    return viewer.agent_id
