"""Availability of sites and contracts as it is shown, and what was said of incidents."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from helpdesk.domain.agency import Site
from helpdesk.domain.availability import SiteUptime
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.priority import Criticality
from helpdesk.storage.incident_records import fact_of
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect
from helpdesk.storage.tables.availability import INCIDENT_FACT
from helpdesk.usecases.ports import Records
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted
from helpdesk.usecases.shown_uptime import contract_thing, fact_thing, site_thing
from helpdesk.usecases.uptime_figures import contracts_uptime, sites_uptime


async def read_site_availability(
    loader: Loader, sites: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each site its figures for a month; they have no neighbours."""
    del wanted
    asked = [_site(loader, thing) for thing in sites]
    async with loader.records() as records:
        month = await asked_month(loader, records, branch)
        found = await sites_uptime(records, asked, month, at=loader.at)
    for thing in sites:
        of_site = found[thing.id]
        thing.keep(branch, site_thing(of_site.uptime, of_site.month, month))


async def read_contract_availability(
    loader: Loader, things: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each contract its figures for a month, None where it was not active in it."""
    async with loader.records() as records:
        month = await asked_month(loader, records, branch)
        contracts = await records.contracts.contracts([ContractId(one.id) for one in things])
        found = await contracts_uptime(records, contracts, month, at=loader.at)
    named = sorted({site_id for one in found.values() for site_id in one.uptime.sites})
    of_site = wanted.along("sites")
    sites = await loader.by_ids(Noun.SITE, named, of_site.along("site"))
    for thing in things:
        figures = found.get(thing.id)
        shown = None if figures is None else contract_thing(figures, month)
        if shown is not None and figures is not None:
            shown.keep(Branch("sites"), _each_site(figures.uptime.sites, shown, sites))
        thing.keep(branch, shown)


async def read_incident_facts(
    loader: Loader, incidents: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each incident what was said of it, in order."""
    del wanted
    found: dict[str, list[Thing]] = {incident.id: [] for incident in incidents}
    names = INCIDENT_FACT.c.keys()
    for row in await loader.agency_rows("incident_facts", _facts, ids=list(found)):
        values = dict(zip(names, row, strict=True))
        found[values["incident_id"]].append(fact_thing(fact_of(values)))
    for incident in incidents:
        incident.keep(branch, found[incident.id])


async def asked_month(loader: Loader, records: Records, branch: Branch) -> Month:
    """Return the month that was asked for, the one on the agency's wall if none was."""
    asked = dict(branch.ask) if isinstance(branch.ask, tuple) else {}
    month = asked.get("month")
    if isinstance(month, Month):
        return month
    return Month.of(loader.at, ZoneInfo((await records.agencies.agency()).zone))


def _each_site(
    uptimes: Mapping[SiteId, SiteUptime], contract: Thing, sites: Mapping[str, Thing]
) -> list[Thing]:
    shown = []
    for site_id, uptime in uptimes.items():
        thing = site_thing(uptime, contract.counted, contract.month)
        thing.keep(Branch("site"), sites.get(site_id))
        shown.append(thing)
    return shown


def _site(loader: Loader, thing: Thing) -> Site:
    """Return as much of a site as its figures take."""
    return Site(
        SiteId(thing.id),
        AgencyId(loader.viewer.agency_id),
        ClientId(thing.client_id),
        "",
        "",
        Criticality.STANDARD,
    )


def _facts() -> AnySelect:
    return (
        select(INCIDENT_FACT)
        .where(
            INCIDENT_FACT.c.agency_id == bindparam("agency_id"),
            in_list(INCIDENT_FACT.c.incident_id, "ids"),
        )
        .order_by(INCIDENT_FACT.c.incident_id, INCIDENT_FACT.c.sequence)
    )
