"""How long sites were available in a month, each and together under the contracts that name them.

Facts are read for all of them at once: a list of contracts costs no more questions than one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from helpdesk.domain.agency import Site
from helpdesk.domain.availability import (
    ContractUptime,
    CountedMonth,
    Maintenance,
    ProbeWatch,
    SiteFacts,
    SiteUptime,
    active_part,
    rests,
    site_uptime,
)
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.incident import Incident
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period
from helpdesk.domain.suspension import ContractSuspension
from helpdesk.domain.uptime_clause import UptimeClause
from helpdesk.usecases.ports import Records

T = TypeVar("T", Incident, ProbeWatch, Maintenance)

UNPROMISED = UptimeClause()
"""How a site is counted that no contract covers."""


@dataclass(frozen=True, slots=True)
class MonthUptime:
    """The figures of a contract for a month, and the part of the month that counts."""

    uptime: ContractUptime
    month: CountedMonth


@dataclass(frozen=True, slots=True)
class MonthOfSite:
    """The figures of a site for a month, and the part of the month that counts."""

    uptime: SiteUptime
    month: CountedMonth


def uptime_clause(contract: Contract, at: datetime) -> UptimeClause:
    """Return what a contract says of availability at an instant; no promise where it is silent."""
    commercial = contract.terms_at(at).commercial
    return UNPROMISED if commercial is None else commercial.uptime_clause


async def contracts_uptime(
    records: Records, contracts: Sequence[Contract], month: Month, *, at: datetime
) -> Mapping[ContractId, MonthUptime]:
    """Return the figures of contracts for a month of the agency's time zone, known up to `at`.

    The clause is the one in force when the active part of the month begins. A contract that is not
    active in the month, or only drafted, is not there.
    """
    counted = await _counted(records, contracts, month, at=at)
    named = await _sites_of(records, contracts)
    every = {one for sites in named.values() for one in sites}
    facts = await _facts(records, every, counted.values())
    return {
        contract.id: _of_contract(contract, counted[contract.id], named[contract.id], facts)
        for contract in contracts
        if contract.id in counted
    }


async def sites_uptime(
    records: Records, sites: Sequence[Site], month: Month, *, at: datetime
) -> Mapping[SiteId, MonthOfSite]:
    """Return the figures of sites for a month, each under the contract that covers it.

    A contract that names the site wins over one for every site of the client. Without a contract
    in the month the whole month counts, and nothing is promised.
    """
    contract_ids = await records.incidents.contracts_of({site.client_id for site in sites})
    contracts = await records.contracts.contracts(contract_ids)
    counted = await _counted(records, contracts, month, at=at)
    whole = CountedMonth(_period(month, await _zone(records)), at)
    facts = await _facts(records, {site.id for site in sites}, [whole, *counted.values()])
    found: dict[SiteId, MonthOfSite] = {}
    for site in sites:
        contract = _covering(contracts, site, counted)
        part = whole if contract is None else counted[contract.id]
        clause = UNPROMISED if contract is None else uptime_clause(contract, part.active.start)
        found[site.id] = MonthOfSite(site_uptime(facts[site.id], part, clause), part)
    return found


def _of_contract(
    contract: Contract,
    part: CountedMonth,
    sites: Iterable[SiteId],
    facts: Mapping[SiteId, SiteFacts],
) -> MonthUptime:
    clause = uptime_clause(contract, part.active.start)
    each = {site_id: site_uptime(facts[site_id], part, clause) for site_id in sites}
    return MonthUptime(ContractUptime(each, clause), part)


async def _counted(
    records: Records, contracts: Iterable[Contract], month: Month, *, at: datetime
) -> dict[ContractId, CountedMonth]:
    zone = await _zone(records)
    known = [one for one in contracts if one.status is not ContractStatus.DRAFT]
    suspensions = await records.incidents.suspensions([one.id for one in known])
    counted = {}
    for contract in known:
        active = active_part(_period(month, zone), contract.starts_on, contract.ends_on, zone)
        if active is not None:
            told: Sequence[ContractSuspension] = suspensions.get(contract.id, ())
            counted[contract.id] = CountedMonth(active, at, rests(told, zone, until=active.end))
    return counted


async def _sites_of(
    records: Records, contracts: Sequence[Contract]
) -> Mapping[ContractId, Sequence[SiteId]]:
    """Return the sites of each contract: those that it names, else every site of its client."""
    of_clients = await records.incidents.sites_of(
        {one.client_id for one in contracts if not one.site_ids}
    )
    return {
        one.id: sorted(one.site_ids) if one.site_ids else of_clients.get(one.client_id, ())
        for one in contracts
    }


async def _facts(
    records: Records,
    site_ids: Collection[SiteId],
    counted: Collection[CountedMonth],
) -> Mapping[SiteId, SiteFacts]:
    """Return what is known of sites from the first to the last instant that counts."""
    if not counted:
        return {}
    parts = [one.active for one in counted]
    period = Period(min(one.start for one in parts), max(one.end for one in parts))
    incidents = _by_site(await records.incidents.incidents(site_ids, period))
    watches = _by_site(await records.incidents.watches(site_ids, period))
    planned = await records.incidents.maintenance(site_ids, period)
    works = _by_site(one.maintenance for one in planned)
    return {
        site_id: SiteFacts(
            incidents.get(site_id, ()), watches.get(site_id, ()), works.get(site_id, ())
        )
        for site_id in site_ids
    }


def _by_site(facts: Iterable[T]) -> Mapping[SiteId, list[T]]:
    found: dict[SiteId, list[T]] = {}
    for fact in facts:
        found.setdefault(fact.site_id, []).append(fact)
    return found


def _covering(
    contracts: Iterable[Contract], site: Site, counted: Mapping[ContractId, CountedMonth]
) -> Contract | None:
    covering = [
        one
        for one in contracts
        if one.client_id == site.client_id and one.id in counted and one.covers(site.id)
    ]
    covering.sort(key=lambda one: (not one.site_ids, one.starts_on, one.id))
    return covering[0] if covering else None


def _period(month: Month, zone: ZoneInfo) -> Period:
    return Period(month.starts_at(zone), month.following.starts_at(zone))


async def _zone(records: Records) -> ZoneInfo:
    return ZoneInfo((await records.agencies.agency()).zone)
