"""Two tickets about the same thing become one."""

from dataclasses import dataclass

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import (
    Occasion,
)
from helpdesk.domain.ticket_pair import merged
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import lock_in_order, visible_ticket


@dataclass(frozen=True, slots=True)
class MergeTickets:
    """The ticket that ends, and the one that goes on."""

    duplicate_id: TicketId
    survivor_id: TicketId


async def merge_tickets(desk: Desk, *, viewer: Viewer, request: MergeTickets) -> Ticket:
    """End the duplicate in favour of the survivor and return the survivor.

    The duplicate keeps its messages and history; its clocks are cancelled, and mails that answer
    it follow to the survivor.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await lock_in_order(records, request.duplicate_id, request.survivor_id)
        duplicate = await visible_ticket(records, viewer, request.duplicate_id, field="duplicateId")
        survivor = await visible_ticket(records, viewer, request.survivor_id, field="survivorId")
        viewer.require_agency(Scope.TICKETS_WRITE)
        merge = merged(duplicate, survivor, on=Occasion(desk.now(), viewer.actor))
        await save_change(desk, records, merge.merged)
        return (await save_change(desk, records, merge.surviving)).ticket
