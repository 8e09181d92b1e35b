"""A correction is on staging."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import delivered
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import TicketStepRequest, take_agency_step


async def deliver_ticket(desk: Desk, *, viewer: Viewer, request: TicketStepRequest) -> Ticket:
    """Record the delivery on staging and return the ticket; the delivery clock stops."""
    return await take_agency_step(
        desk, viewer, request, lambda ticket, on: delivered(ticket, on=on)
    )
