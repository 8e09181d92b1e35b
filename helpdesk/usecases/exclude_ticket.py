"""A request is excluded from maintenance with what shows why, or the exclusion is lifted."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.classification_facts import exclusion_told
from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.exclusion import (
    CausalLink,
    Evidence,
    Exclusion,
    ExclusionCause,
    excluded_as_older,
    excluded_by_host,
    excluded_by_intervention,
)
from helpdesk.domain.ids import ContractId, ExclusionId, InterventionId, TicketId
from helpdesk.domain.message import storable
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.classification_ports import TicketExclusion
from helpdesk.usecases.classify_ticket import propose_again
from helpdesk.usecases.covering_plan import is_hosting_sold
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.settle_again import (
    PutRight,
    contracts_of_ticket,
    hold_contracts,
    settle_again,
)
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import visible_ticket


class NothingToExclude(HelpdeskError):
    """An exclusion takes away what a contract promised; without one nothing was promised."""

    code: ClassVar[ErrorCode] = ErrorCode.EXCLUSION_REFUSED
    english: ClassVar[str] = "Ticket {number} is under no contract: there is nothing to exclude."
    french: ClassVar[str] = "Le ticket {number} n'a pas de contrat : il n'y a rien à exclure."


class InterventionUnnamed(HelpdeskError):
    """An exclusion for what somebody did names what he did."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Name the intervention that led to it: give `interventionId`."
    french: ClassVar[str] = "Nommez l'intervention en cause : donnez `interventionId`."


class InterventionByOther(HelpdeskError):
    """The cause says who did it, so it agrees with the intervention that is shown."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The intervention “{what}” is no {cause}."
    french: ClassVar[str] = "L'intervention « {what} » n'est pas une {cause}."


_BY_OTHERS = frozenset(
    {ExclusionCause.CLIENT_INTERVENTION, ExclusionCause.THIRD_PARTY_INTERVENTION}
)


@dataclass(frozen=True, slots=True)
class ExcludeTicket:
    """The cause with what shows it.

    An intervention of others is named; a problem that pre-exists is listed in the entry audit, or
    was `seen_on` a local day before the contract began.
    """

    ticket_id: TicketId
    cause: ExclusionCause
    explanation: str
    began_at: datetime
    evidence: tuple[Evidence, ...]
    intervention_id: InterventionId | None = None
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class LiftExclusion:
    """Which exclusion, and why the agency makes this gesture."""

    exclusion_id: ExclusionId
    reason: str


async def exclude_ticket(desk: Desk, *, viewer: Viewer, request: ExcludeTicket) -> TicketExclusion:
    """Exclude a ticket and return the exclusion; it is handled as before, its funding changes.

    What the rules say is proposed again. Raises NotFound, AgencyOnly, ScopeMissing,
    NothingToExclude, InterventionUnnamed, InterventionByOther and what the rules of exclusion do.
    """
    under = await contracts_of_ticket(desk, viewer.agency_id, request.ticket_id)
    async with desk.store.transaction(viewer.agency_id) as records:
        await hold_contracts(records, under)
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        on = Occasion(desk.now(), viewer.actor)
        excluded = TicketExclusion(
            ExclusionId(desk.new_id()),
            ticket.id,
            await _exclusion(desk, records, ticket, request, on),
            request.intervention_id if request.cause in _BY_OTHERS else None,
        )
        await records.classifications.add_exclusion(excluded)
        await _told_and_weighed_again(desk, records, ticket, excluded, on)
        return excluded


async def lift_exclusion(desk: Desk, *, viewer: Viewer, request: LiftExclusion) -> TicketExclusion:
    """Lift an exclusion as a gesture and return it; the first gesture stands.

    Raises NotFound, AgencyOnly, ScopeMissing, ExclusionAgencyOnly, ExclusionLiftReason.
    """
    under = await _contracts_of_exclusion(desk, viewer, request.exclusion_id)
    async with desk.store.transaction(viewer.agency_id) as records:
        await hold_contracts(records, under)
        kept = await records.classifications.exclusion(request.exclusion_id)
        ticket = None if kept is None else await records.tickets.ticket(kept.ticket_id)
        if kept is None or ticket is None or not viewer.sees_client(ticket.client_id):
            raise NotFound(path=("exclusionId",), what="Exclusion", id=request.exclusion_id)
        viewer.require_agency(Scope.TICKETS_WRITE)
        on = Occasion(desk.now(), viewer.actor)
        exclusion = kept.exclusion.lifted(storable(request.reason), by=on.actor, at=on.at)
        if exclusion is kept.exclusion:
            return kept
        lifted = replace(kept, exclusion=exclusion)
        await records.classifications.lift(lifted)
        await _told_and_weighed_again(desk, records, ticket, lifted, on)
        return lifted


async def _told_and_weighed_again(
    desk: Desk, records: Records, ticket: Ticket, excluded: TicketExclusion, on: Occasion
) -> None:
    told = exclusion_told(ticket, excluded.exclusion, on=on)
    saved = await save_change(desk, records, told)
    await propose_again(desk, records, saved.ticket, on)
    under = () if ticket.contract_id is None else (ticket.contract_id,)
    await settle_again(desk, records, PutRight(under, ticket.opened_at))


async def _contracts_of_exclusion(
    desk: Desk, viewer: Viewer, exclusion_id: ExclusionId
) -> tuple[ContractId, ...]:
    async with desk.store.reading(viewer.agency_id) as records:
        kept = await records.classifications.exclusion(exclusion_id)
    if kept is None:
        return ()
    return await contracts_of_ticket(desk, viewer.agency_id, kept.ticket_id)


async def _exclusion(
    desk: Desk, records: Records, ticket: Ticket, request: ExcludeTicket, on: Occasion
) -> Exclusion:
    contract = await _contract(records, ticket)
    link = CausalLink(
        storable(request.explanation).strip(),
        request.began_at,
        on.actor,
        on.at,
        tuple(replace(one, reference=storable(one.reference)) for one in request.evidence),
    )
    latest = await records.classifications.latest(ticket.id)
    is_regression = latest is not None and latest.request.is_regression
    if request.cause is ExclusionCause.HOSTING_FAILURE:
        sold = is_hosting_sold(desk, contract, request.began_at)
        return excluded_by_host(link, is_hosting_sold=sold, is_regression=is_regression)
    if request.cause is ExclusionCause.PRE_EXISTING:
        return excluded_as_older(
            link,
            starts_on=contract.starts_on,
            seen_on=request.seen_on,
            is_regression=is_regression,
        )
    return await _by_intervention(records, ticket, request, link, is_regression=is_regression)


async def _by_intervention(
    records: Records,
    ticket: Ticket,
    request: ExcludeTicket,
    link: CausalLink,
    *,
    is_regression: bool,
) -> Exclusion:
    named = request.intervention_id
    if named is None:
        raise InterventionUnnamed(path=("interventionId",))
    kept = await records.classifications.intervention(named)
    if kept is None or kept.client_id != ticket.client_id:
        raise NotFound(path=("interventionId",), what="Intervention", id=named)
    exclusion = excluded_by_intervention(kept.intervention, link, is_regression=is_regression)
    if exclusion.cause is not request.cause:
        raise InterventionByOther(path=("cause",), what=kept.intervention.what, cause=request.cause)
    return exclusion


async def _contract(records: Records, ticket: Ticket) -> Contract:
    if ticket.contract_id is None:
        raise NothingToExclude(number=ticket.number)
    contract = await records.contracts.contract(ticket.contract_id)
    assert contract is not None  # noqa: S101 - the ticket names it, and none is ever removed
    return contract
