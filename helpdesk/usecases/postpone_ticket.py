"""A delivery is put off to a new date, and the client is told in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.agency import Contact
from helpdesk.domain.ids import TicketId
from helpdesk.domain.message import storable
from helpdesk.domain.postponement import (
    ClientNotTold,
    Postponement,
    new_due,
    postponable,
    postponed,
)
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import StepReasonRequired, Ticket, TicketStep
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.letters import promise_postponement_letter
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import derived_clocks, save_change
from helpdesk.usecases.ticket_step import visible_ticket

BY_MAIL = "mail"


@dataclass(frozen=True, slots=True)
class PostponeTicket:
    """The new date of a delivery and why; `told_by` says how a client without a mail was told."""

    ticket_id: TicketId
    new_due: datetime
    reason: str
    told_by: str | None = None
    idempotency_key: str | None = None
    expected_version: int | None = None


async def postpone_ticket(desk: Desk, *, viewer: Viewer, request: PostponeTicket) -> Ticket:
    """Put the delivery off and return the ticket, whose `postponed_to` is the date that counts.

    Outside opening hours that is the next opening. The requester gets a mail with both dates and
    the reason (rules R-SLA 5). Raises NotFound, AgencyOnly, ScopeMissing, TransitionRefused,
    NothingToPostpone, PostponedIntoThePast, PostponedToEarlier, BeyondHorizon, StepReasonRequired,
    ClientNotTold, TicketChangedMeanwhile, IdempotencyKeyReused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        asked = question(viewer, "postponeTicket", request.idempotency_key, request)
        if await answered_before(desk, records, asked) is not None:
            return ticket
        ticket.require_version(request.expected_version)
        on = Occasion(desk.now(), viewer.actor)
        contact = await _requester(records, ticket)
        postponement = await _postponement(desk, records, request, ticket, contact, on)
        saved = (await save_change(desk, records, postponed(ticket, postponement, on=on))).ticket
        if contact is not None:
            await promise_postponement_letter(desk, records, saved, postponement, contact)
        await remember_answer(records, asked, {"ticketId": saved.id})
        return saved


async def _postponement(  # noqa: PLR0917 - one decision with all that it takes
    desk: Desk,
    records: Records,
    request: PostponeTicket,
    ticket: Ticket,
    contact: Contact | None,
    on: Occasion,
) -> Postponement:
    past = await records.tickets.past(ticket.id)
    derived = await derived_clocks(desk, records, ticket, past)
    deliveries = [one.clock for one in derived.clocks if one.clock.metric is SlaMetric.DELIVERY]
    delivery = postponable(ticket, deliveries[-1] if deliveries else None, at=on.at)
    assert derived.timelines is not None  # noqa: S101 - what has a clock is counted on something
    timeline = derived.timelines.of(delivery.target)
    return Postponement(
        old_due=delivery.deadline_at,
        new_due=new_due(request.new_due, delivery, timeline, at=on.at),
        reason=_reason(request),
        told_by=_told_by(request, ticket, contact),
    )


async def _requester(records: Records, ticket: Ticket) -> Contact | None:
    if ticket.requester_id is None:
        return None
    return await records.clients.contact(ticket.requester_id)


def _reason(request: PostponeTicket) -> str:
    reason = storable(request.reason).strip()
    if not reason:
        raise StepReasonRequired(path=("reason",), step=TicketStep.POSTPONE)
    return reason


def _told_by(request: PostponeTicket, ticket: Ticket, contact: Contact | None) -> str:
    """Return how the client hears of it: by our mail, and by what the author says."""
    told_by = storable(request.told_by or "").strip()
    if contact is None and not told_by:
        raise ClientNotTold(path=("toldBy",), number=ticket.number)
    return ", ".join([*([BY_MAIL] if contact else []), *([told_by] if told_by else [])])
