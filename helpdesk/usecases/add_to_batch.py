"""Tickets are put into a batch."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.batch import Batch, batched
from helpdesk.domain.ids import BatchId, TicketId
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.batch_step import batch_to_change, existing_tickets, save_changes
from helpdesk.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class AddToBatch:
    """Which tickets go into which batch."""

    batch_id: BatchId
    ticket_ids: tuple[TicketId, ...]


async def add_to_batch(desk: Desk, *, viewer: Viewer, request: AddToBatch) -> Batch:
    """Put tickets into a batch, all of them or none, and return it.

    In a batch that is open their delivery starts to count at once. Raises NotFound, AgencyOnly,
    ScopeMissing, BatchStepRefused, TransitionRefused, BatchOfOtherClient, TicketInBatch.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        batch = await batch_to_change(records, viewer, request.batch_id)
        tickets = await existing_tickets(records, request.ticket_ids)
        held = {ticket.batch_id for ticket in tickets if ticket.batch_id is not None}
        closed = await records.batches.closed_among(held)
        on = Occasion(desk.now(), viewer.actor)
        changes = [batched(ticket, batch, closed, on=on) for ticket in tickets]
        await save_changes(desk, records, changes)
        return batch
