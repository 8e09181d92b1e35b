"""Two tickets of a client are said to relate, or no longer to."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import LinkKind, Ticket
from helpdesk.domain.ticket_life import (
    Occasion,
)
from helpdesk.domain.ticket_pair import linked, unlinked
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import lock_in_order, visible_ticket


@dataclass(frozen=True, slots=True)
class LinkTickets:
    """The ticket that relates to another, and how."""

    ticket_id: TicketId
    other_id: TicketId
    kind: LinkKind = LinkKind.RELATED


@dataclass(frozen=True, slots=True)
class UnlinkTickets:
    """The two tickets that no longer relate."""

    ticket_id: TicketId
    other_id: TicketId


async def link_tickets(desk: Desk, *, viewer: Viewer, request: LinkTickets) -> Ticket:
    """Link the ticket to the other and return it; a link that exists already changes nothing."""
    async with desk.store.transaction(viewer.agency_id) as records:
        await lock_in_order(records, request.ticket_id, request.other_id)
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        other = await visible_ticket(records, viewer, request.other_id, field="otherId")
        viewer.require_agency(Scope.TICKETS_WRITE)
        on = Occasion(desk.now(), viewer.actor)
        change = linked(ticket, other, on=on)
        if not await records.tickets.link(ticket, other, request.kind, at=on.at):
            return ticket
        return (await save_change(desk, records, change)).ticket


async def unlink_tickets(desk: Desk, *, viewer: Viewer, request: UnlinkTickets) -> Ticket:
    """Remove the link and return the ticket; NotFound when there is none."""
    async with desk.store.transaction(viewer.agency_id) as records:
        await lock_in_order(records, request.ticket_id, request.other_id)
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        other = await visible_ticket(records, viewer, request.other_id, field="otherId")
        viewer.require_agency(Scope.TICKETS_WRITE)
        if not await records.tickets.unlink(ticket, other):
            raise NotFound(path=("otherId",), what="Link", id=request.other_id)
        change = unlinked(ticket, other, on=Occasion(desk.now(), viewer.actor))
        return (await save_change(desk, records, change)).ticket
