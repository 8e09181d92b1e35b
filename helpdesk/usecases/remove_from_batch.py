"""Tickets are taken out of a batch that is only planned."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.batch import Batch, unbatched
from helpdesk.domain.ids import BatchId, TicketId
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.batch_step import batch_to_change, existing_tickets, save_changes
from helpdesk.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class RemoveFromBatch:
    """Which tickets leave which batch."""

    batch_id: BatchId
    ticket_ids: tuple[TicketId, ...]


async def remove_from_batch(desk: Desk, *, viewer: Viewer, request: RemoveFromBatch) -> Batch:
    """Take tickets out of a planned batch, all of them or none, and return it.

    Raises NotFound, AgencyOnly, ScopeMissing, BatchStepRefused, TicketNotInBatch.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        batch = await batch_to_change(records, viewer, request.batch_id)
        tickets = await existing_tickets(records, request.ticket_ids)
        on = Occasion(desk.now(), viewer.actor)
        await save_changes(desk, records, [unbatched(ticket, batch, on=on) for ticket in tickets])
        return batch
