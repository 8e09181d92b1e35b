"""What can be done about deliveries: batches, and dates that are put off."""

from datetime import date, datetime

import strawberry

from helpdesk.domain.ids import BatchId, ClientId
from helpdesk.graphql.batch import Batch
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import (
    EXPECTED_VERSION,
    IDEMPOTENCY_KEY,
    MutationInput,
    Outcome,
    payload,
)
from helpdesk.graphql.request import Request
from helpdesk.graphql.ticket import Ticket
from helpdesk.graphql.ticket_mutations import ticket_of
from helpdesk.usecases.add_to_batch import AddToBatch, add_to_batch
from helpdesk.usecases.close_batch import close_batch
from helpdesk.usecases.create_batch import CreateBatch, create_batch
from helpdesk.usecases.open_batch import BatchStepRequest, open_batch
from helpdesk.usecases.postpone_ticket import PostponeTicket, postpone_ticket
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.remove_from_batch import RemoveFromBatch, remove_from_batch

_BATCH = (Batch, "The batch after it.")


@strawberry.input(description="A batch to plan.")
class CreateBatchInput(MutationInput):
    """A batch to plan."""

    client_id: strawberry.ID = attribute("Whose batch it is.")
    name: str = attribute("What people call it.")
    planned_on: date | None = optional("The day on which it is meant to open.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Tickets that go into a batch, all of them or none.")
class AddToBatchInput(MutationInput):
    """Tickets that go into a batch."""

    batch_id: strawberry.ID = attribute("The batch, planned or open.")
    ticket_ids: list[strawberry.ID] = attribute("Tickets of its client.")


@strawberry.input(description="Tickets that leave a planned batch, all of them or none.")
class RemoveFromBatchInput(MutationInput):
    """Tickets that leave a planned batch."""

    batch_id: strawberry.ID = attribute("The batch.")
    ticket_ids: list[strawberry.ID] = attribute("Tickets that are in it.")


@strawberry.input(description="A batch that opens.")
class OpenBatchInput(MutationInput):
    """A batch that opens."""

    batch_id: strawberry.ID = attribute("The batch.")


@strawberry.input(description="A batch that closes.")
class CloseBatchInput(MutationInput):
    """A batch that closes."""

    batch_id: strawberry.ID = attribute("The batch.")


@strawberry.input(description="The new date of a delivery, and why.")
class PostponeTicketInput(MutationInput):
    """The new date of a delivery, and why."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    new_due: datetime = attribute(
        "When it is due now: to come, and later than what is promised. Outside the opening hours "
        "that the delivery counts in it becomes the next opening, unless it is a closing time."
    )
    reason: str = attribute("Why; the client and the report will read it.")
    told_by: str | None = optional(
        "How the client was told; required when the ticket has no requester to write to."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
    expected_version: int | None = optional(EXPECTED_VERSION)


CreateBatchPayload = payload("CreateBatchPayload", "A batch that was planned.", batch=_BATCH)
AddToBatchPayload = payload("AddToBatchPayload", "A batch that was filled.", batch=_BATCH)
RemoveFromBatchPayload = payload("RemoveFromBatchPayload", "A batch that holds less.", batch=_BATCH)
OpenBatchPayload = payload("OpenBatchPayload", "A batch that was opened.", batch=_BATCH)
CloseBatchPayload = payload("CloseBatchPayload", "A batch that was closed.", batch=_BATCH)
PostponeTicketPayload = payload(
    "PostponeTicketPayload",
    "A delivery that was put off.",
    ticket=(Ticket, "The ticket after it; `postponedTo` is the date that counts."),
)


def _batch(given: strawberry.ID) -> BatchId:
    return BatchId(id_of(Noun.BATCH, given, path=("batchId",)))


async def batch_created(request: Request, given: CreateBatchInput) -> Outcome:
    """Plan a batch."""
    asked = CreateBatch(
        client_id=ClientId(id_of(Noun.CLIENT, given.client_id, path=("clientId",))),
        name=given.name,
        planned_on=given.planned_on,
        idempotency_key=given.idempotency_key,
    )
    batch = await create_batch(request.desk, viewer=request.viewer, request=asked)
    return {"batch": batch.id}


async def added_to_batch(request: Request, given: AddToBatchInput) -> Outcome:
    """Put tickets into a batch."""
    tickets = tuple(ticket_of(one, "ticketIds") for one in given.ticket_ids)
    asked = AddToBatch(_batch(given.batch_id), tickets)
    batch = await add_to_batch(request.desk, viewer=request.viewer, request=asked)
    return {"batch": batch.id}


async def removed_from_batch(request: Request, given: RemoveFromBatchInput) -> Outcome:
    """Take tickets out of a batch."""
    tickets = tuple(ticket_of(one, "ticketIds") for one in given.ticket_ids)
    asked = RemoveFromBatch(_batch(given.batch_id), tickets)
    batch = await remove_from_batch(request.desk, viewer=request.viewer, request=asked)
    return {"batch": batch.id}


async def batch_opened(request: Request, given: OpenBatchInput) -> Outcome:
    """Open a batch."""
    asked = BatchStepRequest(_batch(given.batch_id))
    batch = await open_batch(request.desk, viewer=request.viewer, request=asked)
    return {"batch": batch.id}


async def batch_closed(request: Request, given: CloseBatchInput) -> Outcome:
    """Close a batch."""
    asked = BatchStepRequest(_batch(given.batch_id))
    batch = await close_batch(request.desk, viewer=request.viewer, request=asked)
    return {"batch": batch.id}


async def put_off(request: Request, given: PostponeTicketInput) -> Outcome:
    """Put a delivery off."""
    asked = PostponeTicket(
        ticket_id=ticket_of(given.ticket_id),
        new_due=given.new_due,
        reason=given.reason,
        told_by=given.told_by,
        idempotency_key=given.idempotency_key,
        expected_version=given.expected_version,
    )
    ticket = await postpone_ticket(request.desk, viewer=request.viewer, request=asked)
    return {"ticket": ticket.id}
