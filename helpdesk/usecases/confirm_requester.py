"""Somebody of the agency says whose request it is: who was read in a mail, or another person."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.agency import Contact
from helpdesk.domain.contract import contract_for
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContactId, ContractId, TicketId
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import UNFINISHED, Ticket
from helpdesk.domain.ticket_life import Occasion, requester_set
from helpdesk.usecases.critical_news import acknowledge_critical
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import promise_acknowledgement
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import SavedTicket, save_change
from helpdesk.usecases.ticket_step import visible_ticket


class RequesterRequired(HelpdeskError):
    """Nobody is named on the ticket who could be confirmed."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Ticket {number} has no requester yet: give `requesterId`."
    french: ClassVar[str] = "Le ticket {number} n'a pas encore de demandeur : donnez `requesterId`."


class TicketStaysWithClient(HelpdeskError):
    """What was worked, decided or promised under one client's contract is not moved to another."""

    code: ClassVar[ErrorCode] = ErrorCode.OTHER_CLIENT
    english: ClassVar[str] = (
        "Ticket {number} cannot go to another client: it has a site, a batch, a classification,"
        " worked time, a quote, an alert or an end. Open one for the other client (openTicket)."
    )
    french: ClassVar[str] = (
        "Le ticket {number} ne peut pas passer à un autre client : il a un site, un lot, une"
        " qualification, du temps passé, un devis, une alerte ou une fin. Ouvrez-en un pour"
        " l'autre client (openTicket)."
    )


@dataclass(frozen=True, slots=True)
class ConfirmRequester:
    """Whose request a ticket is; without a contact it is who stands there."""

    ticket_id: TicketId
    requester_id: ContactId | None = None
    expected_version: int | None = None


async def confirm_requester(desk: Desk, *, viewer: Viewer, request: ConfirmRequester) -> Ticket:
    """Say whose request it is and return the ticket; who was not confirmed hears of it now.

    A person of another client takes the ticket along, under the contract of that client, while
    nothing was done for the first one. Raises NotFound, AgencyOnly, TicketChangedMeanwhile,
    RequesterRequired and TicketStaysWithClient.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        ticket.require_version(request.expected_version)
        contact = await _contact(records, ticket, request)
        contract_id = await _contract_of(records, ticket, contact)
        on = Occasion(desk.now(), viewer.actor)
        change = requester_set(ticket, contact.id, contact.client_id, contract_id, on=on)
        saved = await save_change(desk, records, change)
        if ticket.is_requester_unconfirmed:
            await _acknowledge(desk, records, saved, contact)
        return saved.ticket


async def _contact(records: Records, ticket: Ticket, request: ConfirmRequester) -> Contact:
    wanted = request.requester_id or ticket.requester_id
    if wanted is None:
        raise RequesterRequired(path=("requesterId",), number=ticket.number)
    contact = await records.clients.contact(wanted)
    if contact is None:
        raise NotFound(path=("requesterId",), what="Contact", id=wanted)
    return contact


async def _contract_of(records: Records, ticket: Ticket, contact: Contact) -> ContractId | None:
    """Return the contract that the ticket falls under once it is this person's."""
    if contact.client_id == ticket.client_id:
        return ticket.contract_id
    if await _is_at_work(records, ticket):
        raise TicketStaysWithClient(path=("requesterId",), number=ticket.number)
    contract = contract_for(await records.contracts.contracts_of(contact.client_id), None)
    return None if contract is None else contract.id


async def _is_at_work(records: Records, ticket: Ticket) -> bool:
    is_placed = ticket.site_id is not None or ticket.batch_id is not None
    return (
        is_placed
        or ticket.status not in UNFINISHED
        or await records.classifications.latest(ticket.id) is not None
        or await records.work_logs.work_of(ticket.id) != ()
        or await records.quotes.is_quoted(ticket.id)
        or (await records.tickets.past(ticket.id)).fired != {}
    )


async def _acknowledge(desk: Desk, records: Records, saved: SavedTicket, contact: Contact) -> None:
    """Promise the mail that he would have had at once, unless he was answered or all is over."""
    ticket = saved.ticket
    is_late = ticket.first_responded_at is not None or ticket.status not in UNFINISHED
    if is_late or await acknowledge_critical(desk, records, saved):
        return
    promised_at = saved.deadline(SlaMetric.FIRST_RESPONSE)
    await promise_acknowledgement(desk, records, ticket, contact, promised_at)
