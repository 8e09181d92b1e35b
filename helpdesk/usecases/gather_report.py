"""Everything that the reports of a month tell, gathered for many contracts at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.contract import Contract, ContractStatus, ContractTerms
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import ReportHead, ReportOutsideContract
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.priority import Priority
from helpdesk.domain.report_lines import (
    AlertKind,
    AlertLine,
    ForecastKind,
    ForecastLine,
    ReportLines,
    TicketLine,
)
from helpdesk.domain.sla import SlaMetric
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.report_care import credit_lines, review_lines, site_alerts
from helpdesk.usecases.report_ports import ReportSpan
from helpdesk.usecases.report_sites import SiteLines, site_lines

PACK_NOTICE = timedelta(days=62)
"""How long before a pack expires the report says so: two reports come before."""
TERM_NOTICE = timedelta(days=183)
"""How long before the end of a term the report names its dates."""

_MENTIONS: Mapping[tuple[Priority, SlaMetric], AlertKind] = {
    (Priority.P0, SlaMetric.FIRST_RESPONSE): AlertKind.P0_ESCALATED,
    (Priority.P0, SlaMetric.RESOLUTION): AlertKind.P0_RESOLUTION,
    (Priority.P1, SlaMetric.FIRST_RESPONSE): AlertKind.P1_MENTION,
}
_THE_MOMENT_BEFORE = timedelta(microseconds=1)
_RUNS_ON = frozenset({ContractStatus.ACTIVE, ContractStatus.SUSPENDED})
_NOTHING = SiteLines((), (), (), (), (), ())


@dataclass(frozen=True, slots=True)
class ReportMonth:
    """A month of the agency's time zone, looked at from an instant."""

    month: Month
    zone: ZoneInfo
    at: datetime

    @property
    def start(self) -> datetime:
        """Where the month begins."""
        return self.month.starts_at(self.zone)

    @property
    def end(self) -> datetime:
        """Where the month ends."""
        return self.month.following.starts_at(self.zone)

    @property
    def known_until(self) -> datetime:
        """Up to when things are known: the end of the month, or now."""
        return max(self.start, min(self.end, self.at))

    def day(self, at: datetime) -> date:
        """Return the local date of an instant."""
        return at.astimezone(self.zone).date()


async def gathered(
    desk: Desk, records: Records, contracts: Sequence[Contract], month: ReportMonth
) -> Mapping[ContractId, ReportLines]:
    """Return what the reports of contracts tell; tickets, forfaits and outages all at once."""
    ids = [contract.id for contract in contracts]
    span = ReportSpan(ids, month.start, month.known_until)
    facts = records.report_facts
    tickets = await facts.tickets(span)
    consumption = await facts.consumption(span)
    packs = await facts.expiring_packs(span, until=span.end + PACK_NOTICE)
    planned = await facts.planned(span, {one.id: one.client_id for one in contracts})
    untold = await records.reports.untold_mentions(ids, month.month)
    sites = await site_lines(records, contracts, month.month, at=month.known_until, zone=month.zone)
    credited = await credit_lines(records, contracts, month.month)
    every, end = {site for one in sites.values() for site in one.sites}, month.day(month.end)
    watched = await site_alerts(desk, records, every, today=end)
    until = end + TERM_NOTICE
    reviews = await review_lines(records, contracts, at=month.known_until, until=until)
    found = {}
    for contract in contracts:
        told = tickets.get(contract.id, ())
        of_sites = sites.get(contract.id, _NOTHING)
        planned_work = (*planned.get(contract.id, ()), *of_sites.forecast)
        coming = (*planned_work, *_dates(contract, month), *reviews.get(contract.id, ()))
        mentions = (*untold.get(contract.id, ()), *_mentions(told))
        of_care = (line for site in of_sites.sites for line in watched[site])
        found[contract.id] = ReportLines(
            tickets=told,
            consumption=consumption.get(contract.id, ()),
            credits=credited[contract.id],
            updates=of_sites.updates,
            availability=of_sites.availability,
            indicators=of_sites.indicators,
            alerts=(*mentions, *of_care, *packs.get(contract.id, ()), *of_sites.alerts),
            forecast=tuple(sorted(coming, key=lambda line: (line.on is None, line.on or date.min))),
        )
    return found


def terms_of_month(contract: Contract, month: ReportMonth) -> ContractTerms:
    """Return the terms in force at the end of a month."""
    return contract.terms_at(month.known_until - _THE_MOMENT_BEFORE)


def level_of(contract: Contract, month: ReportMonth) -> ReportLevel:
    """Return how much of the report the client gets; all of it where the contract is silent."""
    commercial = terms_of_month(contract, month).commercial
    known = None if commercial is None else commercial.services.report
    return ReportLevel.DETAILED if known is None else known.value


def require_in_contract(contract: Contract, month: ReportMonth) -> None:
    """Refuse a month in which a contract was not in force, with ReportOutsideContract."""
    first, end = month.day(month.start), month.day(month.end)
    is_over = contract.ends_on is not None and contract.ends_on <= first
    if contract.status is ContractStatus.DRAFT or contract.starts_on >= end or is_over:
        raise ReportOutsideContract(
            path=("month",),
            reference=contract.reference,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on or "\u2026",
            month=month.month,
        )


async def report_head(records: Records, contract: Contract, month: ReportMonth) -> ReportHead:
    """Return the head of the first version of a report, not yet published."""
    agency = await records.agencies.agency()
    client = await records.clients.client(contract.client_id)
    terms = terms_of_month(contract, month)
    commercial = terms.commercial
    return ReportHead(
        agency=agency.name,
        client="" if client is None else client.name,
        contract_reference=contract.reference,
        contract_name=contract.name,
        plan=_plan_name(terms),
        month=month.month,
        starts_on=month.day(month.start),
        ends_on=month.day(month.end),
        zone=month.zone.key,
        level=level_of(contract, month),
        calendars=() if commercial is None else commercial.calendar_definitions,
        made_at=month.at,
        version=1,
        rectifies="",
        is_preview=True,
    )


def _plan_name(terms: ContractTerms) -> str:
    return terms.plan_code.rpartition(".")[2].capitalize()


def _mentions(tickets: Iterable[TicketLine]) -> Iterator[AlertLine]:
    """Yield the broken promises that the guide has mentioned in the report (R-SLA 5)."""
    for ticket in tickets:
        for promise in ticket.promises:
            if not promise.verdict.is_broken:
                continue
            kind = _MENTIONS.get((promise.priority or ticket.priority, promise.metric))
            if kind is not None:
                yield AlertLine(kind, ticket.title, ticket_number=ticket.number, promise=promise)


def _dates(contract: Contract, month: ReportMonth) -> Iterator[ForecastLine]:
    """Yield the last day of notice and the end of the term, once they are near."""
    ends_on, end = contract.ends_on, month.day(month.end)
    if ends_on is None or not end <= ends_on <= end + TERM_NOTICE:
        return
    commercial = terms_of_month(contract, month).commercial
    runs_on = contract.status in _RUNS_ON and (
        commercial is not None and commercial.term.renewal_months is not None
    )
    if runs_on and commercial is not None and commercial.notice is not None:
        last_day = commercial.notice.last_day(ends_on)
        if last_day >= end:
            yield ForecastLine(ForecastKind.NOTICE, contract.reference, last_day)
    kind = ForecastKind.RENEWAL if runs_on else ForecastKind.END
    yield ForecastLine(kind, contract.reference, ends_on)
