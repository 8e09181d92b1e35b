"""A client says that his request was classified wrongly."""

from dataclasses import dataclass

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.classification_life import disputed
from helpdesk.domain.ids import TicketId
from helpdesk.domain.message import storable
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.classification_ports import ClassifiedTicket
from helpdesk.usecases.classify_ticket import next_step
from helpdesk.usecases.confirm_classification import latest_of
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import visible_ticket


@dataclass(frozen=True, slots=True)
class ContestClassification:
    """Which ticket, and why the classification is wrong."""

    ticket_id: TicketId
    reason: str


async def contest_classification(
    desk: Desk, *, viewer: Viewer, request: ContestClassification
) -> ClassifiedTicket:
    """Contest what holds and return it disputed; the agency answers by confirming again.

    Raises NotFound, ScopeMissing, TicketUnclassified, DisputeClientOnly, NothingToDispute,
    DisputeReasonRequired.
    """
    viewer.require(Scope.TICKETS_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        latest = await latest_of(records, ticket)
        on = Occasion(desk.now(), viewer.actor)
        contested = disputed(latest.classification, storable(request.reason), by=on.actor, at=on.at)
        return await next_step(desk, records, ticket, latest, contested, on)
