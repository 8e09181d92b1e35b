"""The broken promises of a contract in a month, told from facts: clocks and availability."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpdesk.domain.availability import ContractUptime, CountedMonth
from helpdesk.domain.breach import AnyBreach, Breach, TicketStory, UptimeBreach, breach_of
from helpdesk.domain.compensation_evidence import UptimeEvidence, incident_of_ticket
from helpdesk.domain.compensation_rate import UptimeFigure
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.periods import shared
from helpdesk.domain.uptime_clause import SitesTogether
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.rederive import derived_in_bulk
from helpdesk.usecases.uptime_figures import contracts_uptime


@dataclass(frozen=True, slots=True)
class MonthBreaches:
    """The broken promises of a contract in a month of its time zone, as they are known now.

    `uptime` is None while the month is not over, and where the promise was kept or nobody knows.
    """

    contract: Contract
    month: Month
    zone: ZoneInfo
    tickets: tuple[Breach, ...]
    uptime: UptimeBreach | None

    @property
    def all(self) -> tuple[AnyBreach, ...]:
        """Every broken promise of the month."""
        return self.tickets if self.uptime is None else (*self.tickets, self.uptime)


async def breaches_of_month(
    desk: Desk, records: Records, contract: Contract, month: Month
) -> MonthBreaches:
    """Return the broken promises of a contract in a month (rules R-SLA 5 and 6).

    Only the tickets are looked at of which a clock broke in the month, so the cost follows the
    breaches. Their clocks are reduced from the facts again: what was corrected since counts.
    """
    zone = ZoneInfo((await records.agencies.agency()).zone)
    return MonthBreaches(
        contract,
        month,
        zone,
        await _of_tickets(desk, records, contract, month, zone),
        await _of_uptime(desk, records, contract, month),
    )


async def _of_tickets(
    desk: Desk, records: Records, contract: Contract, month: Month, zone: ZoneInfo
) -> tuple[Breach, ...]:
    start, end = month.starts_at(zone), month.following.starts_at(zone)
    ids = await records.credits.breached_tickets(contract.id, start, end)
    tickets = await records.tickets_in_bulk.tickets(ids)
    pasts = await records.tickets_in_bulk.pasts(ids)
    at = desk.now()
    derived = await derived_in_bulk(desk.timelines, records, tickets, pasts, at=at)
    found: list[Breach] = []
    for ticket in tickets:
        told = derived[ticket.id]
        assert told.timelines is not None  # noqa: S101 - the ticket is under the contract
        standing = await records.classifications.standing_exclusion(ticket.id)
        story = TicketStory(
            ticket,
            pasts[ticket.id].history,
            None if standing is None else standing.exclusion,
            told.timelines,
        )
        breaches = (breach_of(story, one.clock, one.calendar_version, at=at) for one in told.clocks)
        found += [one for one in breaches if one is not None and start <= one.at < end]
    return tuple(sorted(found, key=lambda one: (one.at, one.ticket.number)))


async def _of_uptime(
    desk: Desk, records: Records, contract: Contract, month: Month
) -> UptimeBreach | None:
    at = desk.now()
    told = (await contracts_uptime(records, [contract], month, at=at)).get(contract.id)
    if told is None or not told.month.is_over or told.uptime.is_met is not False:
        return None
    up, promised = told.uptime.contractual, told.uptime.clause.promised
    assert up is not None  # noqa: S101 - a promise about sites was missed
    assert promised is not None  # noqa: S101 - likewise
    site_ids = _sites_that_count(told.uptime)
    return UptimeBreach(
        UptimeEvidence(
            site_ids,
            UptimeFigure(up, promised),
            told.month.active.end,
            await _incidents(records, told.uptime, site_ids, told.month),
        )
    )


def _sites_that_count(uptime: ContractUptime) -> tuple[SiteId, ...]:
    """Return the site that was down the longest, or all of those of an average."""
    if uptime.clause.sites is SitesTogether.AVERAGE:
        return tuple(sorted(uptime.sites))
    return (min(sorted(uptime.sites), key=lambda one: uptime.sites[one].contractual),)


async def _incidents(
    records: Records,
    uptime: ContractUptime,
    site_ids: tuple[SiteId, ...],
    month: CountedMonth,
) -> tuple[str, ...]:
    """Return the names of the incidents with a ticket that count in the figure."""
    incidents = await records.incidents.incidents(site_ids, month.active)
    names = []
    for incident in incidents:
        outage = incident.outage(until=month.until)
        if outage is None or incident.ticket_id is None:
            continue
        if shared([outage], uptime.sites[incident.site_id].counted):
            names.append(incident_of_ticket(incident.ticket_id))
    return tuple(sorted(set(names)))
