"""What the engine knows of a site, read from everything that was recorded about it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract, ContractStatus, contract_for
from helpdesk.domain.ids import SiteId
from helpdesk.domain.period import Period, midnight, months_later
from helpdesk.domain.plan import PlanServices
from helpdesk.domain.records_told import records_told
from helpdesk.domain.routine import RoutineKind, routines_of
from helpdesk.domain.site_knowledge import LOOKBACK_MONTHS, ContractTold, RecordsTold, SiteKnowledge
from helpdesk.domain.site_record import SiteRecordKind
from helpdesk.domain.sla import SlaMetric
from helpdesk.usecases.site_in_hand import SiteInHand

_RECORD_MONTHS = 13
"""How far back records are read: a month more than the oldest that a rule asks for."""

_LAST_OF_ALL = (SiteRecordKind.UPDATE, SiteRecordKind.RESTORE_TEST, SiteRecordKind.CERTIFICATE)
"""Of these the last one counts however old it is."""

_TOLD_KINDS = tuple(set(SiteRecordKind) - {SiteRecordKind.VULNERABILITY})
_PROBED_DAYS = timedelta(days=1)


async def known_of_site(held: SiteInHand) -> SiteKnowledge:
    """Return what is known of a site today; what nobody recorded is not known."""
    records, site, today = held.records, held.site, held.today
    contracts = await records.contracts.contracts_of(site.client_id)
    contract = contract_of_site(contracts, site.id)
    since = midnight(months_later(today, -LOOKBACK_MONTHS), held.zone)
    tickets = await records.diagnostics.requests_since(site.client_id, site.id, since)
    sheet = await records.diagnostics.sheet(site.id)
    return SiteKnowledge(
        watched_since=None if contract is None else contract.starts_on,
        contract=None if contract is None else await _contract_told(held, contract),
        sheet=None if sheet is None else sheet.sheet,
        records=await _records_told(held),
        requests=tickets,
        ticket_count=sum(tickets.values()),
        last_reported=None
        if contract is None
        else await records.diagnostics.last_reported(contract.id),
    )


def contract_of_site(contracts: Iterable[Contract], site_id: SiteId) -> Contract | None:
    """Return the contract that a site is cared for under, None without one.

    One that rests counts too: its clauses are written all the same.
    """
    known = {contract.id: contract for contract in contracts}
    awake = [
        replace(contract, status=ContractStatus.ACTIVE)
        if contract.status is ContractStatus.SUSPENDED
        else contract
        for contract in known.values()
    ]
    found = contract_for(awake, site_id)
    return None if found is None else known[found.id]


def has_left(contracts: Iterable[Contract], site_id: SiteId) -> bool:
    """Return whether a site was under contract and is under none any more."""
    covering = [contract for contract in contracts if contract.covers(site_id)]
    return bool(covering) and all(one.status is ContractStatus.ENDED for one in covering)


async def _records_told(held: SiteInHand) -> RecordsTold:
    kept, site_id = held.records.site_records, held.site.id
    start = midnight(months_later(held.today, -_RECORD_MONTHS), held.zone)
    recent = Period(start, held.now + timedelta(seconds=1))
    found = {one.id: one for one in await kept.records([site_id], _TOLD_KINDS, recent)}
    for kind in _LAST_OF_ALL:
        last = await kept.latest(site_id, kind)
        if last is not None:
            found[last.id] = last
    watched = Period(held.now - _PROBED_DAYS, held.now + timedelta(seconds=1))
    watches = await held.records.incidents.watches([site_id], watched)
    return records_told(
        found.values(),
        zone=held.zone,
        today=held.today,
        is_probed=any(not watch.is_gap for watch in watches),
    )


async def _contract_told(held: SiteInHand, contract: Contract) -> ContractTold:
    terms = contract.terms_at(held.now)
    commercial = terms.commercial
    promised = {target.metric for row in terms.sla.targets.values() for target in row}
    meetings = await held.records.care.meetings(contract.id)
    procedure = await held.records.care.procedure(contract.id)
    services = services_of(commercial)
    return ContractTold(
        starts_on=contract.starts_on,
        has_response_sla=SlaMetric.FIRST_RESPONSE in promised,
        has_resolution_sla=SlaMetric.RESOLUTION in promised,
        is_matrix_accepted=terms.matrix.acceptance is not None,
        lists_exclusions=commercial is not None and bool(commercial.perimeter.excluded),
        has_emergency_procedure=procedure is not None,
        has_update_calendar=RoutineKind.UPDATES in _kinds(held, services),
        last_review_on=max((meeting.held_on for meeting in meetings), default=None),
        services=services,
    )


def services_of(commercial: CommercialTerms | None) -> PlanServices:
    """Return the services that a contract sells; none that we know of in older terms."""
    return PlanServices() if commercial is None else commercial.services


def _kinds(held: SiteInHand, services: PlanServices) -> Iterable[RoutineKind]:
    return {one.kind for one in routines_of(services, held.desk.diagnostics.weeks())}
