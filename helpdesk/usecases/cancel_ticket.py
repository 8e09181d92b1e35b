"""A request is given up before the work is done."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.message import storable
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import cancelled
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import ReasonedStepRequest, take_agency_step


async def cancel_ticket(desk: Desk, *, viewer: Viewer, request: ReasonedStepRequest) -> Ticket:
    """Cancel the ticket with a reason and return it; its clocks are cancelled."""
    return await take_agency_step(
        desk, viewer, request, lambda ticket, on: cancelled(ticket, storable(request.reason), on=on)
    )
