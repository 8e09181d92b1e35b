"""The story of a ticket's clocks, told from its facts."""

from collections.abc import Iterable, Mapping

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import TicketId
from helpdesk.usecases.clock_views import ClockView, clock_views
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_clocks import derived_clocks
from helpdesk.usecases.ticket_step import visible_ticket


async def explain_deadline(
    desk: Desk, *, viewer: Viewer, ticket_ids: Iterable[TicketId]
) -> Mapping[TicketId, tuple[ClockView, ...]]:
    """Return the clocks of each ticket as the facts give them now, with every segment.

    They are recomputed, not read: what is shown here is the proof. Raises NotFound.
    """
    viewer.require(Scope.TICKETS_READ)
    told: dict[TicketId, tuple[ClockView, ...]] = {}
    async with desk.store.reading(viewer.agency_id) as records:
        for ticket_id in ticket_ids:
            ticket = await visible_ticket(records, viewer, ticket_id)
            history = await records.tickets.history(ticket_id)
            derived = await derived_clocks(desk, records, ticket, history)
            told[ticket_id] = (
                ()
                if derived.timelines is None
                else clock_views(
                    derived.clocks,
                    derived.timelines,
                    opened_at=ticket.opened_at,
                    at=desk.now(),
                )
            )
    return told
