"""A request is weighed: impact and urgency give the priority, or somebody answers for another."""

from dataclasses import dataclass

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import MessageId, TicketId
from helpdesk.domain.message import storable
from helpdesk.domain.priority import (
    Impact,
    Priority,
    PriorityMatrix,
    SecuritySign,
    Triage,
    Urgency,
    decided_priority,
)
from helpdesk.domain.ticket import Ticket, TicketStep
from helpdesk.domain.ticket_life import triaged
from helpdesk.usecases.critical_news import tell_if_critical_now
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import visible_ticket


@dataclass(frozen=True, slots=True)
class SetPriority:
    """The weight of a request; None keeps what is known. `priority` overrides, with a reason."""

    ticket_id: TicketId
    impact: Impact | None = None
    urgency: Urgency | None = None
    security_sign: SecuritySign | None = None
    priority: Priority | None = None
    reason: str | None = None
    expected_version: int | None = None


async def set_priority(desk: Desk, *, viewer: Viewer, request: SetPriority) -> Ticket:
    """Decide impact, urgency and priority and return the ticket; its clocks follow.

    Raises PriorityReasonRequired for a priority that is not the contract's without a reason.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        return await weighed_ticket(desk, records, viewer, request)


async def weighed_ticket(
    desk: Desk,
    records: Records,
    viewer: Viewer,
    request: SetPriority,
    *,
    asked_in: MessageId | None = None,
) -> Ticket:
    """Return the ticket weighed, within the caller's transaction; `asked_in` is the mail of it."""
    ticket = await visible_ticket(records, viewer, request.ticket_id)
    viewer.require_agency(Scope.TICKETS_WRITE)
    ticket.require_version(request.expected_version)
    ticket.require(TicketStep.SET_PRIORITY)
    triage = Triage(
        request.impact or ticket.impact,
        request.urgency or ticket.urgency,
        request.security_sign or ticket.security_sign,
    )
    decision = decided_priority(
        await _matrix(desk, records, ticket),
        triage,
        wanted=request.priority,
        reason=storable(request.reason or ""),
    )
    change = triaged(ticket, triage, decision, at=desk.now(), actor=viewer.actor)
    saved = await save_change(desk, records, change.told_by(asked_in))
    await tell_if_critical_now(desk, records, ticket, saved)
    return saved.ticket


async def _matrix(desk: Desk, records: Records, ticket: Ticket) -> PriorityMatrix:
    if ticket.contract_id is None:
        return desk.default_matrix
    contract = await records.contracts.contract(ticket.contract_id)
    return desk.default_matrix if contract is None else contract.terms_at(desk.now()).matrix
