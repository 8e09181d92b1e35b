"""A batch opens: its deliveries start to count, and its client is told what is in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.batch import Batch, batch_opened, is_awaited
from helpdesk.domain.ids import BatchId
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.batch_step import batch_to_change, save_changes, tickets_in
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import promise_batch_letter
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class BatchStepRequest:
    """A step on a batch."""

    batch_id: BatchId


async def open_batch(desk: Desk, *, viewer: Viewer, request: BatchStepRequest) -> Batch:
    """Open a planned batch and return it: every ticket in it has the fact, in one transaction.

    Everybody who asked for something that it holds gets one mail. Raises NotFound, AgencyOnly,
    ScopeMissing, and BatchStepRefused when it was opened before.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        planned = await batch_to_change(records, viewer, request.batch_id)
        on = Occasion(desk.now(), viewer.actor)
        batch = planned.opened(at=on.at)
        tickets = await tickets_in(records, batch)
        await save_changes(desk, records, [batch_opened(ticket, on=on) for ticket in tickets])
        await records.batches.save_batch(batch)
        await _tell(desk, records, batch, tickets)
        return batch


async def _tell(desk: Desk, records: Records, batch: Batch, tickets: Sequence[Ticket]) -> None:
    """Promise one mail to each requester; it lists the whole batch, which is his organisation's."""
    awaited = [ticket for ticket in tickets if is_awaited(ticket)]
    requesters = {ticket.requester_id for ticket in awaited if ticket.requester_id is not None}
    for requester_id in sorted(requesters):
        contact = await records.clients.contact(requester_id)
        assert contact is not None  # noqa: S101 - a foreign key holds it
        await promise_batch_letter(desk, records, batch, awaited, contact)
