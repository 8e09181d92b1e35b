"""A batch is planned for a client."""

from dataclasses import dataclass
from datetime import date

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.batch import Batch
from helpdesk.domain.ids import BatchId, ClientId
from helpdesk.domain.message import SUBJECT_LIMIT, required_text
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.ports import Records

BATCH_SERIES = "batch"


@dataclass(frozen=True, slots=True)
class CreateBatch:
    """Whose batch it is, what people call it, and the local day on which it is meant to open."""

    client_id: ClientId
    name: str
    planned_on: date | None = None
    idempotency_key: str | None = None


async def create_batch(desk: Desk, *, viewer: Viewer, request: CreateBatch) -> Batch:
    """Plan a batch and return it; nobody is told before it opens.

    Raises AgencyOnly, ScopeMissing, NotFound, TextRequired, TextTooLong, IdempotencyKeyReused.
    """
    viewer.require_agency(Scope.TICKETS_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        asked = question(viewer, "createBatch", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return await _planned_before(records, BatchId(before["batchId"]))
        if await records.clients.client(request.client_id) is None:
            raise NotFound(path=("clientId",), what="Client", id=request.client_id)
        batch = Batch(
            id=BatchId(desk.new_id()),
            agency_id=viewer.agency_id,
            number=str(await records.agencies.next_number(BATCH_SERIES)),
            client_id=request.client_id,
            name=required_text(request.name, field="name", limit=SUBJECT_LIMIT),
            created_at=desk.now(),
            planned_on=request.planned_on,
        )
        await records.batches.add_batch(batch)
        await remember_answer(records, asked, {"batchId": batch.id})
        return batch


async def _planned_before(records: Records, batch_id: BatchId) -> Batch:
    batch = await records.batches.batch(batch_id)
    assert batch is not None  # noqa: S101 - remembered in the transaction that added it
    return batch
