"""What can be done about worked time: log it, correct it, have it measured."""

from datetime import datetime

import strawberry

from helpdesk.domain.ids import TicketId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.work_log import WorkNumber
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import IDEMPOTENCY_KEY, MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.ticket import Ticket
from helpdesk.usecases.correct_work_log import CorrectWorkLog, correct_work_log
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.work_timer import StartTimer, StopTimer, start_timer, stop_timer

_BILLABLE = "Whether it counts against the forfait; if not, it is free."
_UNIT = "What of the forfait it counts against; as the ticket was classified unless said."


@strawberry.input(description="Time that was worked on a ticket.")
class LogWorkInput(MutationInput):
    """Time that was worked on a ticket."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    minutes: int = attribute("The minutes that were really worked, not rounded.")
    started_at: datetime | None = optional("When the work began; left out for just now.")
    note: str = optional("What was done, for the agency alone.", "")
    is_billable: bool = optional(_BILLABLE, default=True)
    unit: RetainerUnit | None = optional(_UNIT)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="What an entry of worked time should have said.")
class CorrectWorkLogInput(MutationInput):
    """What an entry of worked time should have said."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    number: int = attribute("The number of the entry on its ticket.")
    minutes: int = attribute("The minutes that were really worked; 0 when there was no work.")
    reason: str = attribute("Why it has to be corrected.")
    started_at: datetime | None = optional("When the work began; left out where it was right.")
    note: str | None = optional("What was done; left out where it was right.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A ticket that the viewer begins to work on.")
class StartTimerInput(MutationInput):
    """A ticket that the viewer begins to work on."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="What the viewer has done since he started his timer.")
class StopTimerInput(MutationInput):
    """What the viewer has done since he started his timer."""

    note: str = optional("What was done, for the agency alone.", "")
    is_billable: bool = optional(_BILLABLE, default=True)
    unit: RetainerUnit | None = optional(_UNIT)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


LogWorkPayload = payload("LogWorkPayload", "Time that was logged.", ticket=(Ticket, "The ticket."))
CorrectWorkLogPayload = payload(
    "CorrectWorkLogPayload", "Time that was corrected.", ticket=(Ticket, "The ticket.")
)
StartTimerPayload = payload(
    "StartTimerPayload", "A timer that runs.", ticket=(Ticket, "The ticket.")
)
StopTimerPayload = payload(
    "StopTimerPayload", "A timer that stopped, its time logged.", ticket=(Ticket, "The ticket.")
)


async def work_logged(request: Request, given: LogWorkInput) -> Outcome:
    """Log time."""
    asked = LogWork(
        ticket_id=_ticket(given.ticket_id),
        minutes=given.minutes,
        started_at=given.started_at,
        note=given.note,
        unit=given.unit,
        is_billable=given.is_billable,
        idempotency_key=given.idempotency_key,
    )
    await log_work(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": asked.ticket_id}


async def work_corrected(request: Request, given: CorrectWorkLogInput) -> Outcome:
    """Correct time."""
    asked = CorrectWorkLog(
        ticket_id=_ticket(given.ticket_id),
        number=WorkNumber(given.number),
        minutes=given.minutes,
        reason=given.reason,
        started_at=given.started_at,
        note=given.note,
        idempotency_key=given.idempotency_key,
    )
    await correct_work_log(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": asked.ticket_id}


async def timer_started(request: Request, given: StartTimerInput) -> Outcome:
    """Start the viewer's timer."""
    asked = StartTimer(_ticket(given.ticket_id), given.idempotency_key)
    await start_timer(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": asked.ticket_id}


async def timer_stopped(request: Request, given: StopTimerInput) -> Outcome:
    """Stop the viewer's timer."""
    asked = StopTimer(given.note, given.unit, given.is_billable, given.idempotency_key)
    work = await stop_timer(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": work.entry.ticket_id}


def _ticket(given: strawberry.ID) -> TicketId:
    return TicketId(id_of(Noun.TICKET, given, path=("ticketId",)))
