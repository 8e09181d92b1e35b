"""A finished ticket goes on, because the problem does."""

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.message import storable
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion, reopened
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import ReasonedStepRequest, visible_ticket


async def reopen_ticket(desk: Desk, *, viewer: Viewer, request: ReasonedStepRequest) -> Ticket:
    """Reopen a delivered, resolved, closed, cancelled or spam ticket and return it.

    The client may do it too. The resolution clock goes on; the time it was finished never counts.
    """
    viewer.require(Scope.TICKETS_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        ticket.require_version(request.expected_version)
        change = reopened(ticket, storable(request.reason), on=Occasion(desk.now(), viewer.actor))
        return (await save_change(desk, records, change)).ticket
