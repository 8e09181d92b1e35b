"""A ticket that waited goes on."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import resumed
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import TicketStepRequest, take_agency_step


async def resume_ticket(desk: Desk, *, viewer: Viewer, request: TicketStepRequest) -> Ticket:
    """End the wait and return the ticket in work; its clocks run again."""
    return await take_agency_step(desk, viewer, request, lambda ticket, on: resumed(ticket, on=on))
