"""A resolved ticket is closed for good."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import closed
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import TicketStepRequest, take_agency_step


async def close_ticket(desk: Desk, *, viewer: Viewer, request: TicketStepRequest) -> Ticket:
    """Close a resolved ticket and return it."""
    return await take_agency_step(desk, viewer, request, lambda ticket, on: closed(ticket, on=on))
