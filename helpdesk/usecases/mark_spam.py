"""A ticket that never was a request."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import marked_spam
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import TicketStepRequest, take_agency_step


async def mark_spam(desk: Desk, *, viewer: Viewer, request: TicketStepRequest) -> Ticket:
    """Mark the ticket as spam and return it; its clocks are cancelled."""
    return await take_agency_step(
        desk, viewer, request, lambda ticket, on: marked_spam(ticket, on=on)
    )
