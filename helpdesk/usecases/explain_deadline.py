"""The story of tickets' clocks, told from their facts."""

from collections.abc import Iterable, Mapping, Sequence

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.clock_views import ClockView, clock_views
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.rederive import derived_in_bulk


async def explain_deadline(
    desk: Desk, *, viewer: Viewer, ticket_ids: Iterable[TicketId]
) -> Mapping[TicketId, tuple[ClockView, ...]]:
    """Return the clocks of each ticket as the facts give them now, with every segment.

    They are recomputed, not read: what is shown here is the proof. Many tickets take as many
    statements as one. Raises NotFound.
    """
    viewer.require(Scope.TICKETS_READ)
    async with desk.store.reading(viewer.agency_id) as records:
        tickets = await _visible_tickets(records, viewer, list(dict.fromkeys(ticket_ids)))
        pasts = await records.tickets_in_bulk.pasts([ticket.id for ticket in tickets])
        derived = await derived_in_bulk(desk.timelines, records, tickets, pasts, at=desk.now())
        agency = await records.agencies.agency()
    told: dict[TicketId, tuple[ClockView, ...]] = {}
    for ticket in tickets:
        clocks, timelines = derived[ticket.id].clocks, derived[ticket.id].timelines
        told[ticket.id] = ()
        if timelines is not None:
            told[ticket.id] = clock_views(
                clocks, timelines, opened_at=ticket.opened_at, at=desk.now(), zone=agency.zone
            )
    return told


async def _visible_tickets(
    records: Records, viewer: Viewer, ticket_ids: Sequence[TicketId]
) -> list[Ticket]:
    found = {ticket.id: ticket for ticket in await records.tickets_in_bulk.tickets(ticket_ids)}
    for ticket_id in ticket_ids:
        ticket = found.get(ticket_id)
        if ticket is None or not viewer.sees_client(ticket.client_id):
            raise NotFound(path=("ticketId",), what="Ticket", id=ticket_id)
    return [found[ticket_id] for ticket_id in ticket_ids]
