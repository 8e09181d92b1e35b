"""An agent writes down the time that he worked on a ticket; the forfait follows."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import TicketId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.work_log import WorkEntry, WorkNumber
from helpdesk.usecases.charged_work import added_work
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.paid_by import unit_of_work
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_step import visible_ticket
from helpdesk.usecases.work_log_ports import LoggedWork


class WorkInTheFuture(HelpdeskError):
    """What has not been worked yet cannot be charged."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{started_at} is yet to come: give when the work began."
    french: ClassVar[str] = "Le {started_at} est à venir : donnez le début du travail."


@dataclass(frozen=True, slots=True)
class LogWork:
    """Real minutes on a ticket; `started_at` is None for just now.

    `unit` is what of the forfait they count against, None for what pays for the ticket as it is
    classified; time that is not billable is free.
    """

    ticket_id: TicketId
    minutes: int
    started_at: datetime | None = None
    note: str = ""
    unit: RetainerUnit | None = None
    is_billable: bool = True
    idempotency_key: str | None = None


async def log_work(desk: Desk, *, viewer: Viewer, request: LogWork) -> LoggedWork:
    """Add the time and return it; what it adds to the billed minutes is taken from the forfait.

    It is always written, whatever is left of the forfait (R-LED 6). Raises NotFound, AgencyOnly,
    ScopeMissing, MinutesNotPositive, WorkInTheFuture, IdempotencyKeyReused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        asked = question(viewer, "logWork", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return (await records.work_logs.work_of(ticket.id))[int(before["number"]) - 1]
        work = await logged_work(desk, records, viewer, ticket, request)
        await remember_answer(records, asked, {"number": work.entry.number})
        return work


async def logged_work(
    desk: Desk, records: Records, viewer: Viewer, ticket: Ticket, request: LogWork
) -> LoggedWork:
    """Add the time within a transaction that has locked the ticket. Raises as `log_work` does."""
    now = desk.now()
    started_at = now if request.started_at is None else request.started_at
    if started_at > now:
        raise WorkInTheFuture(path=("startedAt",), started_at=started_at.isoformat())
    earlier = await records.work_logs.work_of(ticket.id)
    entry = WorkEntry(
        number=WorkNumber(len(earlier) + 1),
        ticket_id=ticket.id,
        actor=viewer.actor,
        started_at=started_at,
        minutes=request.minutes,
        written_at=now,
        note=request.note,
    )
    is_chosen = request.unit is not None or not request.is_billable
    unit = request.unit if is_chosen else await unit_of_work(records, ticket)
    work = LoggedWork(entry, unit if request.is_billable else None, not is_chosen)
    return await added_work(desk, records, ticket, earlier, work)
