"""A batch ("lot"): the tickets of a client that are delivered together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, BatchId, ClientId
from helpdesk.domain.ticket import (
    UNFINISHED,
    Ticket,
    TicketChange,
    TicketEventKind,
    TicketStatus,
    TicketStep,
    changed,
)
from helpdesk.domain.ticket_life import Occasion


class BatchStatus(StrEnum):
    """Where a batch stands."""

    PLANNED = "PLANNED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class BatchStep(StrEnum):
    """The acts that the status of a batch allows or refuses, named as the API's mutations."""

    ADD = "addToBatch"
    REMOVE = "removeFromBatch"
    OPEN = "openBatch"
    CLOSE = "closeBatch"


BATCH_STEPS: Mapping[BatchStep, frozenset[BatchStatus]] = {
    BatchStep.ADD: frozenset({BatchStatus.PLANNED, BatchStatus.OPEN}),
    BatchStep.REMOVE: frozenset({BatchStatus.PLANNED}),
    BatchStep.OPEN: frozenset({BatchStatus.PLANNED}),
    BatchStep.CLOSE: frozenset({BatchStatus.PLANNED, BatchStatus.OPEN}),
}
"""From which statuses each step is possible: the table is the rule."""


class BatchStepRefused(HelpdeskError):
    """The client was told what his batch holds, so an opened batch is not planned anew."""

    code: ClassVar[ErrorCode] = ErrorCode.TRANSITION_REFUSED
    english: ClassVar[str] = (
        "Batch {number} is {status}: {step} is not possible. Possible now: {possible}."
    )
    french: ClassVar[str] = (
        "Le lot {number} est {status} : {step} n'est pas possible. Possible : {possible}."
    )


class BatchOfOtherClient(HelpdeskError):
    """A batch is shown to its client, who must not read the requests of another one."""

    code: ClassVar[ErrorCode] = ErrorCode.OTHER_CLIENT
    english: ClassVar[str] = (
        "Ticket {number} is another client's than batch {batch}: put it into one of its client's."
    )
    french: ClassVar[str] = (
        "Le ticket {number} est à un autre client que le lot {batch} : mettez-le dans un lot de"
        " son client."
    )


class TicketInBatch(HelpdeskError):
    """What is delivered twice is promised twice: a ticket is in one batch at a time."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_IN_BATCH
    english: ClassVar[str] = (
        "Ticket {number} is in a batch that is not closed: take it out of that one first, or"
        " postpone it."
    )
    french: ClassVar[str] = (
        "Le ticket {number} est dans un lot qui n'est pas clos : retirez-l'en d'abord, ou reportez"
        " sa livraison."
    )


class TicketNotInBatch(HelpdeskError):
    """Only what is in a batch can be taken out of it."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "Ticket {number} is not in batch {batch}."
    french: ClassVar[str] = "Le ticket {number} n'est pas dans le lot {batch}."


class BatchUnfinished(HelpdeskError):
    """A closed batch tells the client that all of it was delivered."""

    code: ClassVar[ErrorCode] = ErrorCode.BATCH_UNFINISHED
    english: ClassVar[str] = (
        "Batch {number} is not done: {tickets} are neither delivered nor finished. Deliver,"
        " resolve or cancel them first."
    )
    french: ClassVar[str] = (
        "Le lot {number} n'est pas terminé : {tickets} ne sont ni livrés ni finis. Livrez-les,"
        " résolvez-les ou annulez-les d'abord."
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """Tickets of one client that are delivered together; its opening starts their delivery.

    `planned_on` is the local day on which it is meant to open, None while that is not known.
    Source: white paper 3.2 ("prochain sprint / lot"), REQ-C20.
    """

    id: BatchId
    agency_id: AgencyId
    number: str
    client_id: ClientId
    name: str
    created_at: datetime
    status: BatchStatus = BatchStatus.PLANNED
    planned_on: date | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    def require(self, step: BatchStep) -> None:
        """Refuse with BatchStepRefused, which names what is possible, unless `step` is."""
        if self.status not in BATCH_STEPS[step]:
            possible = [one for one, statuses in BATCH_STEPS.items() if self.status in statuses]
            raise BatchStepRefused(
                number=self.number,
                status=self.status,
                step=step,
                possible=", ".join(possible) or "—",
            )

    def opened(self, *, at: datetime) -> "Batch":
        """Return the batch on which the work begins: what is in it stays in it."""
        self.require(BatchStep.OPEN)
        return replace(self, status=BatchStatus.OPEN, opened_at=at)

    def closed(self, tickets: Iterable[Ticket], *, at: datetime) -> "Batch":
        """Return the batch that is over. Raises BatchUnfinished, which names what is not done."""
        self.require(BatchStep.CLOSE)
        undone = [ticket.number for ticket in tickets if is_awaited(ticket)]
        if undone:
            numbers = ", ".join(sorted(undone, key=int))
            raise BatchUnfinished(number=self.number, tickets=numbers)
        return replace(self, status=BatchStatus.CLOSED, closed_at=at)


def is_awaited(ticket: Ticket) -> bool:
    """Return whether a ticket is still to be delivered: neither delivered nor finished."""
    return ticket.status in UNFINISHED and ticket.status is not TicketStatus.DELIVERED


def batched(
    ticket: Ticket, batch: Batch, closed: Collection[BatchId], *, on: Occasion
) -> TicketChange:
    """Return the ticket in the batch; in one that is open its delivery clock starts at once.

    `closed` are batches that are over: a ticket that was in one of them, and was reopened, may go
    into another. Raises TransitionRefused, BatchStepRefused, BatchOfOtherClient, TicketInBatch.
    """
    batch.require(BatchStep.ADD)
    ticket.require(TicketStep.BATCH)
    if ticket.client_id != batch.client_id:
        raise BatchOfOtherClient(number=ticket.number, batch=batch.number)
    if ticket.batch_id is not None and ticket.batch_id not in closed:
        raise TicketInBatch(number=ticket.number)
    put = changed(ticket, TicketEventKind.BATCHED, at=on.at, actor=on.actor, batch_id=batch.id)
    if batch.status is BatchStatus.OPEN:
        return put.then(batch_opened(put.ticket, on=on))
    return put


def unbatched(ticket: Ticket, batch: Batch, *, on: Occasion) -> TicketChange:
    """Return the ticket out of a planned batch; later, a later delivery is a postponement.

    Raises BatchStepRefused and TicketNotInBatch.
    """
    batch.require(BatchStep.REMOVE)
    if ticket.batch_id != batch.id:
        raise TicketNotInBatch(number=ticket.number, batch=batch.number)
    return changed(ticket, TicketEventKind.UNBATCHED, at=on.at, actor=on.actor, batch_id=None)


def batch_opened(ticket: Ticket, *, on: Occasion) -> TicketChange:
    """Return the ticket whose batch opened: a delivery promised from then on starts to count."""
    return changed(ticket, TicketEventKind.BATCH_OPENED, at=on.at, actor=on.actor)
