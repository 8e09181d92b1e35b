"""What every step on a ticket has in common: rights, version, one transaction, clocks."""

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.ids import MessageId, TicketId
from helpdesk.domain.ticket import Ticket, TicketChange
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change


@dataclass(frozen=True, slots=True)
class TicketStepRequest:
    """A step on a ticket; `expected_version` refuses it when somebody else was faster."""

    ticket_id: TicketId
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class ReasonedStepRequest:
    """A step on a ticket that says why."""

    ticket_id: TicketId
    reason: str
    expected_version: int | None = None


async def visible_ticket(
    records: Records, viewer: Viewer, ticket_id: TicketId, *, field: str = "ticketId"
) -> Ticket:
    """Return a ticket that exists for the viewer, locked; NotFound of this input otherwise."""
    ticket = await records.tickets.ticket(ticket_id)
    if ticket is None or not viewer.sees_client(ticket.client_id):
        raise NotFound(path=(field,), what="Ticket", id=ticket_id)
    return ticket


async def lock_in_order(records: Records, *ticket_ids: TicketId) -> None:
    """Lock several tickets, always in the same order, so that two pairs never wait for each other.

    An id that is nobody's locks nothing; `visible_ticket` says so.
    """
    for ticket_id in sorted(ticket_ids):
        await records.tickets.ticket(ticket_id)


async def take_agency_step(
    desk: Desk,
    viewer: Viewer,
    request: TicketStepRequest | ReasonedStepRequest,
    step: Callable[[Ticket, Occasion], TicketChange],
) -> Ticket:
    """Take a step that only the agency takes, in one transaction, and return the ticket after it.

    Raises NotFound before anything else about the ticket is said, then AgencyOnly or ScopeMissing,
    TicketChangedMeanwhile, and what the step itself refuses.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        return await agency_step(desk, records, viewer, request, step)


async def agency_step(
    desk: Desk,
    records: Records,
    viewer: Viewer,
    request: TicketStepRequest | ReasonedStepRequest,
    step: Callable[[Ticket, Occasion], TicketChange],
    *,
    asked_in: MessageId | None = None,
) -> Ticket:
    """Return the ticket after a step, within the caller's transaction.

    `asked_in` is the mail that asks for it. Raises as `take_agency_step` does.
    """
    ticket = await visible_ticket(records, viewer, request.ticket_id)
    viewer.require_agency(Scope.TICKETS_WRITE)
    ticket.require_version(request.expected_version)
    change = step(ticket, Occasion(desk.now(), viewer.actor))
    return (await save_change(desk, records, change.told_by(asked_in))).ticket
