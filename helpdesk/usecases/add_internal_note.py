"""An agent writes for the agency alone."""

from dataclasses import dataclass

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import MessageId, TicketId
from helpdesk.domain.message import BODY_LIMIT, Message, required_text
from helpdesk.domain.ticket import Channel
from helpdesk.domain.ticket_life import Occasion, noted
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.reply_to_ticket import Reply, replied_before
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import visible_ticket


@dataclass(frozen=True, slots=True)
class AddInternalNote:
    """A note that no client ever sees."""

    ticket_id: TicketId
    body: str
    idempotency_key: str | None = None


async def add_internal_note(desk: Desk, *, viewer: Viewer, request: AddInternalNote) -> Reply:
    """Add the note and return it with the ticket; no clock moves."""
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        asked = question(viewer, "addInternalNote", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return await replied_before(records, ticket, before["messageId"])
        on = Occasion(desk.now(), viewer.actor)
        note = Message(
            id=MessageId(desk.new_id()),
            agency_id=viewer.agency_id,
            ticket_id=ticket.id,
            sent_at=on.at,
            author=viewer.actor,
            channel=Channel.API,
            body=required_text(request.body, field="bodyMarkdown", limit=BODY_LIMIT),
            is_internal=True,
        )
        saved = (await save_change(desk, records, noted(ticket, note.id, on=on))).ticket
        await records.tickets.add_message(note)
        await remember_answer(records, asked, {"messageId": note.id})
        return Reply(saved, note)
