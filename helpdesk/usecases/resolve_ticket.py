"""A problem is corrected."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import resolved
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import TicketStepRequest, take_agency_step


async def resolve_ticket(desk: Desk, *, viewer: Viewer, request: TicketStepRequest) -> Ticket:
    """Record the resolution and return the ticket; its clocks stop."""
    return await take_agency_step(desk, viewer, request, lambda ticket, on: resolved(ticket, on=on))
