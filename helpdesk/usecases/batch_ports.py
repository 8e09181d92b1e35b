"""What use-cases need of the memory of batches, as a protocol."""

from collections.abc import Collection
from typing import Protocol

from helpdesk.domain.batch import Batch
from helpdesk.domain.ids import BatchId, TicketId


class BatchRecords(Protocol):
    """Batches, and which tickets are in them."""

    async def batch(self, batch_id: BatchId) -> Batch | None:
        """Return a batch, locked until the transaction ends; None when there is none."""
        ...

    async def closed_among(self, batch_ids: Collection[BatchId]) -> frozenset[BatchId]:
        """Return those of these batches that are closed."""
        ...

    async def tickets_of(self, batch_id: BatchId) -> tuple[TicketId, ...]:
        """Return the tickets that are in a batch, by id."""
        ...

    async def add_batch(self, batch: Batch) -> None:
        """Add a batch."""
        ...

    async def save_batch(self, batch: Batch) -> None:
        """Write where a batch stands."""
        ...
