"""The figures of a month, of sites and of the contracts that cover them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from helpdesk.domain.agency import Site
from helpdesk.domain.availability import shown_percent
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_term import TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.priority import Criticality
from helpdesk.domain.uptime_clause import SitesTogether, UptimeClause
from helpdesk.presets.commercial import commercial_plan
from helpdesk.usecases.plan_maintenance import AnnounceMaintenance, announce_maintenance
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from helpdesk.usecases.record_watch import RecordWatch, record_watch
from helpdesk.usecases.suspend_contract import SuspendContract, suspend_contract
from helpdesk.usecases.uptime_figures import (
    MonthOfSite,
    MonthUptime,
    contracts_uptime,
    sites_uptime,
    uptime_clause,
)
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, at
from tests.usecases.monitoring import BRUNOS_SITE
from tests.usecases.world import World

BRUNOS_CONTRACT = ContractId("contract-of-bruno")
SHOP = SiteId("shop.bruno.example")
GUIDES = UptimeClause(target=Decimal("99.5"))
JULY = Month(2026, 7)


async def watched(world: World, site_id: SiteId = BRUNOS_SITE) -> None:
    """Let a probe watch a site since June."""
    request = RecordWatch(site_id, "probe", at("06-01 00:00"))
    await record_watch(world.desk, viewer=world.alice, request=request)


async def down(world: World, start: str, end: str, site_id: SiteId = BRUNOS_SITE) -> None:
    """Tell of an outage."""
    request = RecordIncident(site_id, at(start), "Down", at(end))
    await record_incident(world.desk, viewer=world.alice, request=request)


async def figures(world: World, month: Month = JULY) -> MonthUptime | None:
    """Return those of Bruno's contract."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        contracts = await records.contracts.contracts([BRUNOS_CONTRACT])
        found = await contracts_uptime(records, contracts, month, at=world.now())
    return found.get(BRUNOS_CONTRACT)


async def of_sites(world: World, *site_ids: SiteId) -> Mapping[SiteId, MonthOfSite]:
    """Return those of some sites in July."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        found = [await records.clients.site(site_id) for site_id in site_ids]
        sites = [site for site in found if site is not None]
        return await sites_uptime(records, sites, JULY, at=world.now())


async def with_shop(world: World) -> None:
    """Give Bruno a second site."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        site = Site(
            SHOP, AGENCY_ID, BRUNOS_CLIENT, "shop", "https://shop.bruno.example", Criticality.VITAL
        )
        await records.clients.add_site(site)


async def changed(world: World, **changes: Any) -> None:
    """Change Bruno's contract past the verbs. Any: fields of a contract."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract_to_change(BRUNOS_CONTRACT)
        assert contract is not None
        await records.contracts.save_contract(replace(contract, **changes))


async def promised(world: World) -> None:
    """Sell Bruno the guide's Business plan, from the first day of his contract on."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(BRUNOS_CONTRACT)
        assert contract is not None
        [terms] = contract.terms
        sold = replace(terms, version=2, corrects=1, commercial=_guides(contract))
        await records.contracts.add_terms(BRUNOS_CONTRACT, sold)


async def test_a_month_of_a_contract_is_the_worst_of_its_sites(both_worlds: World) -> None:
    world = both_worlds
    await promised(world)
    await with_shop(world)
    for site_id in (BRUNOS_SITE, SHOP):
        await watched(world, site_id)
    await announce_maintenance(
        world.desk,
        viewer=world.alice,
        request=AnnounceMaintenance(SHOP, at("07-20 22:00"), at("07-20 23:00"), "PHP"),
    )
    world.now.advance(hours=24 * 40)
    await down(world, "07-06 10:00", "07-06 14:00")
    await down(world, "07-20 22:00", "07-20 23:30", SHOP)

    month = await figures(world)

    assert month is not None
    assert month.month.is_over
    uptime = month.uptime
    assert {
        site_id: str(shown_percent(one.contractual)) for site_id, one in uptime.sites.items()
    } == {BRUNOS_SITE: "99.46", SHOP: "99.93"}
    assert (uptime.is_measured, uptime.is_met) == (True, False)
    assert uptime.contractual == uptime.sites[BRUNOS_SITE].contractual


async def test_a_suspension_is_measured_and_does_not_count(both_worlds: World) -> None:
    world = both_worlds
    await watched(world)
    await suspend_contract(
        world.desk,
        viewer=world.alice,
        request=SuspendContract(BRUNOS_CONTRACT, "Unpaid"),
    )
    world.now.advance(hours=48)
    await down(world, "07-07 10:00", "07-07 20:00")

    month = await figures(world)

    assert month is not None
    site = month.uptime.sites[BRUNOS_SITE]
    assert (site.down[0].end - site.down[0].start, site.counted) == (timedelta(hours=10), ())


async def test_a_contract_counts_while_it_is_active(world: World) -> None:
    await watched(world)
    before = await figures(world, Month(2025, 12))
    await changed(world, ends_on=date(2026, 7, 16))
    ending = await figures(world)
    await changed(world, status=ContractStatus.DRAFT)
    draft = await figures(world)

    assert ending is not None
    assert ending.uptime.sites[BRUNOS_SITE].total == timedelta(days=15)
    assert (before, draft) == (None, None)


async def test_a_site_is_counted_under_the_contract_that_names_it(both_worlds: World) -> None:
    world = both_worlds
    await with_shop(world)
    await watched(world)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        general = await records.contracts.contract(BRUNOS_CONTRACT)
        assert general is not None
        await records.contracts.add_contract(_named(general))

    found = await of_sites(world, BRUNOS_SITE, SHOP)

    assert found[SHOP].month.active.start == at("07-10 00:00")
    assert found[BRUNOS_SITE].month.active.start == at("07-01 00:00")
    assert found[SHOP].uptime.clause == GUIDES
    assert found[BRUNOS_SITE].uptime.clause.target is None


async def test_a_site_without_a_contract_is_counted_without_a_promise(world: World) -> None:
    await watched(world)
    await changed(world, ends_on=date(2026, 1, 2))

    found = await of_sites(world, BRUNOS_SITE)

    uptime = found[BRUNOS_SITE].uptime
    assert (uptime.is_measured, uptime.is_met, uptime.clause.target) == (True, None, None)


async def test_terms_that_are_older_than_such_clauses_promise_nothing(world: World) -> None:
    async with world.desk.store.reading(AGENCY_ID) as records:
        contract = await records.contracts.contract(BRUNOS_CONTRACT)
    assert contract is not None
    [terms] = contract.terms
    silent = replace(contract, terms=(replace(terms, commercial=None),))

    assert uptime_clause(silent, world.now()) == UptimeClause()


async def test_a_clause_is_kept_with_the_terms(both_worlds: World) -> None:
    world = both_worlds
    clause = UptimeClause(
        target=Decimal("99.9"),
        maintenance_notice=timedelta(hours=24),
        is_hosting_sold=True,
        excluded=frozenset(),
        sites=SitesTogether.AVERAGE,
    )
    unpromised = UptimeClause(target=None)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(BRUNOS_CONTRACT)
        assert contract is not None
        [terms] = contract.terms
        for version, kept in enumerate((clause, unpromised), start=2):
            await records.contracts.add_terms(
                BRUNOS_CONTRACT,
                replace(
                    terms,
                    version=version,
                    effective_from=world.now() + timedelta(days=version),
                    commercial=replace(_commercial(contract), uptime=kept),
                ),
            )

    async with world.desk.store.reading(AGENCY_ID) as records:
        contract = await records.contracts.contract(BRUNOS_CONTRACT)

    assert contract is not None
    assert uptime_clause(contract, at("07-08 12:00")) == clause
    assert uptime_clause(contract, at("07-09 12:00")) == unpromised


def _commercial(contract: Contract) -> CommercialTerms:
    return CommercialTerms(
        engagement=Engagement(frozenset({EngagementModel.SLA})),
        term=TermClause(contract.starts_on, 12, None),
    )


def _named(contract: Contract) -> Contract:
    return replace(
        contract,
        id=ContractId("contract-of-shop"),
        reference="TMA-SHOP",
        starts_on=date(2026, 7, 10),
        site_ids=frozenset({SHOP}),
        terms=(replace(contract.terms[0], commercial=_guides(contract)),),
    )


def _guides(contract: Contract) -> CommercialTerms:
    """Return terms of the guide's Business plan, whose source promises availability."""
    return replace(_commercial(contract), services=commercial_plan("guide.business").services)
