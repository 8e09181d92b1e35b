"""A contract is drafted: from a plan, whose values are copied into it, or on free terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import (
    Contract,
    ContractStatus,
    ContractTerms,
)
from helpdesk.domain.contract_term import TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ClientId, ContractId, SiteId
from helpdesk.domain.message import required_text, storable
from helpdesk.domain.period import midnight
from helpdesk.domain.priority import PriorityMatrix
from helpdesk.domain.sla_policy import SlaPolicy
from helpdesk.usecases.contract_terms_wanted import (
    TermLength,
    WantedTerms,
    calendar_ids_for,
    settled,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.policy_change import PolicyChange, calendar_ids_of, changed_policy
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager

REFERENCE_LIMIT = 50
NAME_LIMIT = 200
FREE_TERMS = "free"
"""The plan code of terms that follow no plan."""


class ReferenceTaken(HelpdeskError):
    """Reports and mails name a contract by its reference, so it stands for one."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_EXISTS
    english: ClassVar[str] = "There is a contract {reference} already: choose another reference."
    french: ClassVar[str] = "Il y a déjà un contrat {reference} : choisissez une autre référence."


@dataclass(frozen=True, slots=True)
class CreateContract:
    """With whom, under which reference, from which local day on, and on which terms.

    `calendars` says which calendar of the agency each code of the plan stands for, where it is
    not the one of the same code. Without `plan_code` the terms are free.
    """

    client_id: ClientId
    reference: str
    name: str
    starts_on: date
    models: frozenset[EngagementModel]
    length: TermLength
    site_ids: frozenset[SiteId] = frozenset()
    plan_code: str | None = None
    calendars: Mapping[str, str] = field(default_factory=dict)
    terms: WantedTerms = field(default=WantedTerms())
    internal_note: str = ""


async def create_contract(desk: Desk, *, viewer: Viewer, request: CreateContract) -> Contract:
    """Add the contract as a draft and return it; no clock runs under it before it is activated.

    Raises ManagersOnly, NotFound, ReferenceTaken, TextRequired, EngagementMissing,
    ContractWithoutTargets for terms that promise no delay, and what impossible clauses raise.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        await _require_parties(records, request)
        agency = await records.agencies.agency()
        contract = Contract(
            id=ContractId(desk.new_id()),
            agency_id=viewer.agency_id,
            client_id=request.client_id,
            reference=required_text(request.reference, field="reference", limit=REFERENCE_LIMIT),
            name=required_text(request.name, field="name", limit=NAME_LIMIT),
            status=ContractStatus.DRAFT,
            starts_on=request.starts_on,
            ends_on=None,
            site_ids=request.site_ids,
            terms=(await _first_terms(desk, records, agency, request),),
            internal_note=storable(request.internal_note),
        )
        if not await records.contracts.add_contract(contract):
            raise ReferenceTaken(path=("reference",), reference=contract.reference)
        return contract


async def _require_parties(records: Records, request: CreateContract) -> None:
    if await records.clients.client(request.client_id) is None:
        raise NotFound(path=("clientId",), what="Client", id=request.client_id)
    for site_id in sorted(request.site_ids):
        site = await records.clients.site(site_id)
        if site is None or site.client_id != request.client_id:
            raise NotFound(path=("siteIds",), what="Site", id=site_id)


async def _first_terms(
    desk: Desk, records: Records, agency: Agency, request: CreateContract
) -> ContractTerms:
    zone = ZoneInfo(agency.zone)
    reference = request.reference.strip()
    sla, matrix, commercial = await _sold(desk, records, request)
    # A plan may promise no delay: then all promises are those of the request.
    sla = await changed_policy(records, sla, request.terms.policy)
    terms = ContractTerms(
        reference=reference,
        version=1,
        effective_from=midnight(request.starts_on, zone),
        plan_code=request.plan_code or FREE_TERMS,
        calendar_ids=calendar_ids_of(sla),
        matrix=matrix,
        sla=sla,
        published_at=desk.now(),
        commercial=commercial,
    )
    wanted = replace(request.terms, policy=PolicyChange())
    return await settled(records, terms, wanted, zone=zone)


async def _sold(
    desk: Desk, records: Records, request: CreateContract
) -> tuple[SlaPolicy, PriorityMatrix, CommercialTerms]:
    """Return a copy of what the plan says; without a plan, what follows from nothing."""
    length = request.length
    commercial = CommercialTerms(
        Engagement(request.models),
        TermClause(request.starts_on, length.months, length.renewal_months),
    )
    code = request.plan_code
    if code is None:
        return SlaPolicy({}), desk.default_matrix, commercial
    commercial = commercial.on_plan(desk.plans.plan(code))
    named = desk.plans.calendar_codes(code)
    calendar_ids = await calendar_ids_for(records, named, request.calendars)
    return desk.plans.policy(code, calendar_ids), desk.plans.matrix(code), commercial
