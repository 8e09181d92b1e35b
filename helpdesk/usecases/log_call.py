"""A call with the client is noted: he reads what was said, and the clocks take notice of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import MessageId, TicketId
from helpdesk.domain.message import BODY_LIMIT, Message, required_text
from helpdesk.domain.ticket import Channel, Ticket
from helpdesk.domain.ticket_life import Occasion, called
from helpdesk.usecases.answering import counts_as_response
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.ports import Records
from helpdesk.usecases.reply_to_ticket import Reply, replied_before
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import visible_ticket

LOGGED_WITHIN_DAYS = 7


class CallInTheFuture(HelpdeskError):
    """What has not happened cannot be noted."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{called_at} is yet to come: give the instant of the call."
    french: ClassVar[str] = "Le {called_at} est à venir : donnez l'instant de l'appel."


class CallTooOld(HelpdeskError):
    """A call that is noted long afterwards proves little; a correction is for that."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "A call is noted within {days} days; {called_at} is longer ago. Note it as of now and have"
        " its instant corrected."
    )
    french: ClassVar[str] = (
        "Un appel se note dans les {days} jours ; le {called_at} est plus ancien. Notez-le à"
        " l'instant et faites-en corriger la date."
    )


class CallBeforeLastEvent(HelpdeskError):
    """The history of a ticket is told in order: what comes later did not happen earlier."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "Something happened on ticket {number} at {last}, after {called_at}. Note the call as of"
        " now and have its instant corrected."
    )
    french: ClassVar[str] = (
        "Il s'est passé quelque chose sur le ticket {number} le {last}, après le {called_at}. Notez"
        " l'appel à l'instant et faites-en corriger la date."
    )


@dataclass(frozen=True, slots=True)
class LogCall:
    """What was said on the telephone; `called_at` is None for just now."""

    ticket_id: TicketId
    summary: str
    called_at: datetime | None = None
    idempotency_key: str | None = None
    expected_version: int | None = None


async def log_call(desk: Desk, *, viewer: Viewer, request: LogCall) -> Reply:
    """Add the call as a public message and return it with the ticket; no mail is sent for it.

    Where the contract counts calls as answers it stops the clocks that an answer stops. Raises
    NotFound, AgencyOnly, ScopeMissing, CallByProgram, TransitionRefused, TextRequired, TextTooLong,
    CallInTheFuture, CallTooOld, CallBeforeLastEvent, TicketChangedMeanwhile, IdempotencyKeyReused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        asked = question(viewer, "logCall", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return await replied_before(records, ticket, before["messageId"])
        ticket.require_version(request.expected_version)
        on = Occasion(await _instant(records, ticket, request, now=desk.now()), viewer.actor)
        reply = await _logged(desk, records, request, ticket, on)
        await remember_answer(records, asked, {"messageId": reply.message.id})
        return reply


async def _logged(
    desk: Desk, records: Records, request: LogCall, ticket: Ticket, on: Occasion
) -> Reply:
    message = Message(
        id=MessageId(desk.new_id()),
        agency_id=ticket.agency_id,
        ticket_id=ticket.id,
        sent_at=on.at,
        author=on.actor,
        channel=Channel.PHONE,
        body=required_text(request.summary, field="summaryMarkdown", limit=BODY_LIMIT),
    )
    is_response = await counts_as_response(records, ticket, on, is_call=True)
    change = called(ticket, message.id, on=on, is_response=is_response)
    saved = (await save_change(desk, records, change)).ticket
    await records.tickets.add_message(message)
    return Reply(saved, message)


async def _instant(
    records: Records, ticket: Ticket, request: LogCall, *, now: datetime
) -> datetime:
    """Return when the call was, neither to come, nor long ago, nor before what was noted last."""
    called_at = request.called_at
    if called_at is None:
        return now
    if called_at > now:
        raise CallInTheFuture(path=("calledAt",), called_at=called_at.isoformat())
    if called_at < now - timedelta(days=LOGGED_WITHIN_DAYS):
        raise CallTooOld(
            path=("calledAt",), days=LOGGED_WITHIN_DAYS, called_at=called_at.isoformat()
        )
    last = (await records.tickets.history(ticket.id))[-1]
    if called_at < last.at:
        raise CallBeforeLastEvent(
            path=("calledAt",),
            number=ticket.number,
            last=last.at.isoformat(),
            called_at=called_at.isoformat(),
        )
    return called_at
