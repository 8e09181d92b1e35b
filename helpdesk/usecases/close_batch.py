"""A batch closes: all that it held was delivered or given up."""

from helpdesk.domain.access import Viewer
from helpdesk.domain.batch import Batch
from helpdesk.usecases.batch_step import batch_to_change, tickets_in
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.open_batch import BatchStepRequest


async def close_batch(desk: Desk, *, viewer: Viewer, request: BatchStepRequest) -> Batch:
    """Close a batch and return it; one that is only planned and holds nothing is given up so.

    Raises NotFound, AgencyOnly, ScopeMissing, BatchStepRefused, and BatchUnfinished, which names
    the tickets that are neither delivered nor finished.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        batch = await batch_to_change(records, viewer, request.batch_id)
        closed = batch.closed(await tickets_in(records, batch), at=desk.now())
        await records.batches.save_batch(closed)
        return closed
