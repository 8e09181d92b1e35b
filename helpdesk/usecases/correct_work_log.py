"""An agent puts worked time right: the first entry stays, another one replaces it."""

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import TicketId
from helpdesk.domain.work_log import WorkEntry, WorkNumber, WorkUnknown
from helpdesk.usecases.charged_work import added_work
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.log_work import WorkInTheFuture
from helpdesk.usecases.ticket_step import visible_ticket
from helpdesk.usecases.work_log_ports import LoggedWork


@dataclass(frozen=True, slots=True)
class CorrectWorkLog:
    """Which entry of a ticket, how many minutes it should say, and why; 0 takes it back.

    `started_at` and `note` are None where the first ones were right.
    """

    ticket_id: TicketId
    number: WorkNumber
    minutes: int
    reason: str
    started_at: datetime | None = None
    note: str | None = None
    idempotency_key: str | None = None


async def correct_work_log(desk: Desk, *, viewer: Viewer, request: CorrectWorkLog) -> LoggedWork:
    """Add the correction and return it; the forfait gets the difference of the billed minutes.

    It counts against the same unit as what it corrects. Raises NotFound, AgencyOnly, ScopeMissing,
    WorkUnknown, MinutesNotPositive, WorkCorrectionWithoutReason, WorkInTheFuture,
    IdempotencyKeyReused, BeyondHorizon.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        asked = question(viewer, "correctWorkLog", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        earlier = await records.work_logs.work_of(ticket.id)
        if before is not None:
            return earlier[int(before["number"]) - 1]
        work = _corrected(earlier, viewer, request, now=desk.now())
        await added_work(desk, records, ticket, earlier, work)
        await remember_answer(records, asked, {"number": work.entry.number})
        return work


def _corrected(
    earlier: tuple[LoggedWork, ...], viewer: Viewer, request: CorrectWorkLog, *, now: datetime
) -> LoggedWork:
    wrong = next((one for one in earlier if one.entry.number == request.number), None)
    if wrong is None:
        raise WorkUnknown(path=("number",), number=request.number)
    first = wrong.entry
    started_at = first.started_at if request.started_at is None else request.started_at
    if started_at > now:
        raise WorkInTheFuture(path=("startedAt",), started_at=started_at.isoformat())
    entry = WorkEntry(
        number=WorkNumber(len(earlier) + 1),
        ticket_id=first.ticket_id,
        actor=viewer.actor,
        started_at=started_at,
        minutes=request.minutes,
        written_at=now,
        note=first.note if request.note is None else request.note,
        corrects=first.number,
        reason=request.reason,
    )
    return replace(wrong, entry=entry)
