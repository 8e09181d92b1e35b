"""A request becomes a ticket with its priority and running clocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.agency import Contact, Site
from helpdesk.domain.contract import Contract, contract_for
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ClientId, ContactId, MessageId, SiteId, TicketId
from helpdesk.domain.message import BODY_LIMIT, SUBJECT_LIMIT, Message, required_text, storable
from helpdesk.domain.priority import (
    Criticality,
    Impact,
    Priority,
    SecuritySign,
    Triage,
    Urgency,
    decided_priority,
)
from helpdesk.domain.ticket import (
    Channel,
    StepReasonRequired,
    Ticket,
    TicketChange,
    TicketKind,
    TicketStep,
    opened,
)
from helpdesk.domain.ticket_life import Occasion, waiting
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.critical_news import acknowledge_critical
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.message_files import NOTHING_ENCLOSED, Enclosed, add_message
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import SavedTicket, save_opening
from helpdesk.usecases.ticket_step import visible_ticket

UNTRIAGED = Triage(Impact.MINOR, Urgency.NORMAL)
TICKET_SERIES = "ticket"


class ClientRequired(HelpdeskError):
    """A ticket is somebody's: the client decides what was promised."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Say whose ticket it is: give `clientId`, `requesterId` or `siteId`."
    french: ClassVar[str] = (
        "Dites de qui est le ticket : donnez `clientId`, `requesterId` ou `siteId`."
    )


class WaitIncomplete(HelpdeskError):
    """A wait is evidence: it says for whom."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Say whom the ticket waits for: give `waitingOn` too."
    french: ClassVar[str] = "Dites qui le ticket attend : donnez aussi `waitingOn`."


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A request as it comes in; `came_in_at` is None for now, else when we were handed it.

    Impact and urgency are None while nobody weighed it: the contract's default triage holds then.
    `client_id` may be left out when the requester or the site says it, or the viewer is bound.
    With `waiting_on`, and a reason, it waits from the start.
    """

    subject: str
    description: str
    client_id: ClientId | None = None
    requester_id: ContactId | None = None
    site_id: SiteId | None = None
    kind: TicketKind = TicketKind.CORRECTIVE
    channel: Channel = Channel.API
    impact: Impact | None = None
    urgency: Urgency | None = None
    security_sign: SecuritySign | None = None
    priority: Priority | None = None
    reason: str | None = None
    idempotency_key: str | None = None
    came_in_at: datetime | None = None
    waiting_on: WaitingOn | None = None
    waiting_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose request it is, and about what.

    The requester `is_unconfirmed` when nothing but a text that anybody can write names him.
    """

    client_id: ClientId
    requester: Contact | None
    site: Site | None
    contract: Contract | None
    is_unconfirmed: bool = False


async def open_ticket(desk: Desk, *, viewer: Viewer, request: OpenTicket) -> Ticket:
    """Open a ticket and return it: number, priority and clocks are set in one transaction.

    Raises TextRequired, TextTooLong, ClientRequired, NotFound for a client, contact or site that
    does not exist for the viewer, AgencyOnly when a client overrides the priority or lets it wait,
    PriorityReasonRequired, StepReasonRequired, WaitIncomplete, IdempotencyKeyReused.
    """
    viewer.require(Scope.TICKETS_WRITE)
    if request.priority is not None or request.waiting_on is not None:
        viewer.require_agency(Scope.TICKETS_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        asked = question(viewer, "openTicket", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return await visible_ticket(records, viewer, TicketId(before["ticketId"]))
        parties = await _parties(records, viewer, request)
        saved = await opened_ticket(desk, records, viewer, request, parties)
        await acknowledge_critical(desk, records, saved)
        ticket = saved.ticket
        await remember_answer(records, asked, {"ticketId": ticket.id})
        return ticket


async def opened_ticket(
    desk: Desk,
    records: Records,
    viewer: Viewer,
    request: OpenTicket,
    parties: Parties,
    *,
    enclosed: Enclosed = NOTHING_ENCLOSED,
) -> SavedTicket:
    """Return the ticket opened for these parties, within the caller's transaction."""
    draft = await _draft(desk, records, viewer, request, parties)
    message = Message(
        id=MessageId(desk.new_id()),
        agency_id=viewer.agency_id,
        ticket_id=draft.id,
        sent_at=draft.opened_at,
        author=viewer.actor,
        channel=request.channel,
        body=draft.description,
        html=enclosed.html,
        written_at=enclosed.written_at,
        doubt=enclosed.doubt,
    )
    change = _opening(draft, message.id, request, viewer)
    saved = await save_opening(desk, records, change, parties.contract)
    await add_message(desk, records, message, enclosed)
    return saved


def _opening(
    draft: Ticket, message_id: MessageId, request: OpenTicket, viewer: Viewer
) -> TicketChange:
    change = opened(draft, actor=viewer.actor, message_id=message_id)
    reason = _waiting_reason(request)
    if request.waiting_on is None:
        return change
    on = Occasion(draft.opened_at, viewer.actor)
    return change.then(waiting(change.ticket, request.waiting_on, reason, on=on))


def _waiting_reason(request: OpenTicket) -> str:
    """Return why the ticket waits from the start; empty where it does not."""
    reason = storable(request.waiting_reason or "").strip()
    if request.waiting_on is not None and not reason:
        raise StepReasonRequired(path=("waitingReason",), step=TicketStep.WAIT)
    if request.waiting_on is None and reason:
        raise WaitIncomplete(path=("waitingOn",))
    return reason


async def _draft(
    desk: Desk, records: Records, viewer: Viewer, request: OpenTicket, parties: Parties
) -> Ticket:
    subject = required_text(request.subject, field="subject", limit=SUBJECT_LIMIT)
    description = required_text(request.description, field="description", limit=BODY_LIMIT)
    at = request.came_in_at or desk.now()
    terms = parties.contract.terms_at(at) if parties.contract else None
    default = terms.default_triage if terms else UNTRIAGED
    triage = Triage(
        request.impact or default.impact, request.urgency or default.urgency, request.security_sign
    )
    decision = decided_priority(
        terms.matrix if terms else desk.default_matrix,
        triage,
        wanted=request.priority,
        reason=storable(request.reason or ""),
    )
    is_weighed = request.impact is not None or request.security_sign is not None
    return Ticket(
        id=TicketId(desk.new_id()),
        agency_id=viewer.agency_id,
        number=str(await records.agencies.next_number(TICKET_SERIES)),
        client_id=parties.client_id,
        requester_id=parties.requester.id if parties.requester else None,
        site_id=parties.site.id if parties.site else None,
        contract_id=parties.contract.id if parties.contract else None,
        subject=subject,
        description=description,
        channel=request.channel,
        kind=TicketKind.SECURITY if triage.security_sign else request.kind,
        impact=triage.impact,
        urgency=triage.urgency,
        priority=decision.priority,
        criticality=parties.site.criticality if parties.site else Criticality.STANDARD,
        opened_at=at,
        priority_reason=decision.reason,
        security_sign=triage.security_sign,
        triaged_at=at if is_weighed and viewer.is_of_agency else None,
        is_requester_unconfirmed=parties.is_unconfirmed,
    )


async def _parties(records: Records, viewer: Viewer, request: OpenTicket) -> Parties:
    requester_id = request.requester_id or viewer.contact_id
    requester = None if requester_id is None else await records.clients.contact(requester_id)
    if requester_id is not None and requester is None:
        raise NotFound(path=("requesterId",), what="Contact", id=requester_id)
    site = None if request.site_id is None else await records.clients.site(request.site_id)
    if request.site_id is not None and site is None:
        raise NotFound(path=("siteId",), what="Site", id=request.site_id)
    client_id = (
        request.client_id
        or viewer.client_id
        or (requester.client_id if requester else None)
        or (site.client_id if site else None)
    )
    if client_id is None:
        raise ClientRequired(path=("clientId",))
    if not viewer.sees_client(client_id):
        raise NotFound(path=("clientId",), what="Client", id=client_id)
    if await records.clients.client(client_id) is None:
        raise NotFound(path=("clientId",), what="Client", id=client_id)
    _require_same_client(client_id, requester, site)
    contracts = await records.contracts.contracts_of(client_id)
    return Parties(client_id, requester, site, contract_for(contracts, request.site_id))


def _require_same_client(client_id: ClientId, requester: Contact | None, site: Site | None) -> None:
    """Refuse people and sites of another client: for this one they do not exist."""
    if requester is not None and requester.client_id != client_id:
        raise NotFound(path=("requesterId",), what="Contact", id=requester.id)
    if site is not None and site.client_id != client_id:
        raise NotFound(path=("siteId",), what="Site", id=site.id)
