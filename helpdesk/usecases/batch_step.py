"""What every step on a batch has in common: whose it is, and its tickets locked in one order."""

from collections.abc import Sequence

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.batch import Batch
from helpdesk.domain.ids import BatchId, TicketId
from helpdesk.domain.ticket import Ticket, TicketChange
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.rederive import derived_in_bulk
from helpdesk.usecases.ticket_ports import TicketPast


async def batch_to_change(records: Records, viewer: Viewer, batch_id: BatchId) -> Batch:
    """Return a batch that the agency may change, locked.

    Raises NotFound when it does not exist for the viewer, then AgencyOnly or ScopeMissing.
    """
    batch = await records.batches.batch(batch_id)
    if batch is None or not viewer.sees_client(batch.client_id):
        raise NotFound(path=("batchId",), what="Batch", id=batch_id)
    viewer.require_agency(Scope.TICKETS_WRITE)
    return batch


async def tickets_in(records: Records, batch: Batch) -> tuple[Ticket, ...]:
    """Return the tickets of a batch by id, locked in that order."""
    return await records.tickets_in_bulk.tickets(await records.batches.tickets_of(batch.id))


async def existing_tickets(records: Records, ticket_ids: Sequence[TicketId]) -> tuple[Ticket, ...]:
    """Return tickets by id, locked in that order. Raises NotFound for one that is none."""
    wanted = dict.fromkeys(ticket_ids)
    tickets = await records.tickets_in_bulk.tickets(tuple(wanted))
    known = {ticket.id for ticket in tickets}
    for ticket_id in wanted:
        if ticket_id not in known:
            raise NotFound(path=("ticketIds",), what="Ticket", id=ticket_id)
    return tickets


async def save_changes(desk: Desk, records: Records, changes: Sequence[TicketChange]) -> None:
    """Keep the changes of many tickets with the clocks that follow from them."""
    tickets = [change.ticket for change in changes]
    pasts = dict(await records.tickets_in_bulk.pasts([ticket.id for ticket in tickets]))
    for change in changes:
        past = pasts[change.ticket.id]
        history = (*past.history, *change.events)
        pasts[change.ticket.id] = TicketPast(history, past.fired)
    derived = await derived_in_bulk(desk.timelines, records, tickets, pasts, at=desk.now())
    for change in changes:
        clocks = derived[change.ticket.id].clocks
        await records.tickets.save(change.ticket, change.events, clocks)
