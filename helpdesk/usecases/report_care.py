"""What the monthly report tells of credits, of warning signals, open points and reviews."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from helpdesk.domain.compensation_life import Credit
from helpdesk.domain.compensation_text import labels
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.month import Month
from helpdesk.domain.report_lines import (
    AlertKind,
    AlertLine,
    CreditLine,
    ForecastKind,
    ForecastLine,
)
from helpdesk.domain.signal import SignalEpisode
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.open_points import next_review_on, open_points
from helpdesk.usecases.ports import Records


async def credit_lines(
    records: Records, contracts: Sequence[Contract], month: Month
) -> Mapping[ContractId, tuple[CreditLine, ...]]:
    """Return the credits of a month by contract: from their approval on, for then amounts show."""
    found = {}
    for contract in contracts:
        credits_ = await records.credits.credits_of_month(contract.id, month)
        found[contract.id] = tuple(_line(one) for one in credits_ if one.is_amount_shown)
    return found


def _line(credit: Credit) -> CreditLine:
    return CreditLine(
        subject=labels(credit.calculation, is_complement=credit.completes is not None),
        net_cents=credit.net.cents,
        currency=credit.net.currency,
        status=credit.state.value,
        number=next((fact.document for fact in credit.facts if fact.document is not None), None),
    )


async def site_alerts(
    desk: Desk, records: Records, sites: Collection[SiteId], *, today: date
) -> Mapping[SiteId, tuple[AlertLine, ...]]:
    """Return what is to be watched at sites: the warning signals, then the open points."""
    signals = await signal_lines(desk, records, sites)
    points = await point_lines(desk, records, sites, today=today)
    return {site: (*signals[site], *points.get(site, ())) for site in sites}


async def signal_lines(
    desk: Desk, records: Records, sites: Collection[SiteId]
) -> Mapping[SiteId, tuple[AlertLine, ...]]:
    """Return the warning signals that are up at sites, in the order they were raised in."""
    names = await records.reports.site_names(sites)
    found = {}
    for site in sorted(sites):
        episodes = await records.diagnostics.signals_up(site)
        found[site] = tuple(_signal(desk, names[site], one) for one in episodes)
    return found


async def point_lines(
    desk: Desk, records: Records, sites: Collection[SiteId], *, today: date
) -> Mapping[SiteId, tuple[AlertLine, ...]]:
    """Return the HIGH points that audits left open at sites, the one that is due first at first."""
    names = await records.reports.site_names(sites)
    found = {}
    for site, due in (await open_points(records, sites, today=today)).items():
        found[site] = tuple(
            AlertLine(
                AlertKind.OPEN_POINT, names[site], on=on, words=desk.diagnostics.point_text(code)
            )
            for code, on in sorted(due.items(), key=lambda one: (one[1], one[0]))
        )
    return found


async def review_lines(
    records: Records, contracts: Sequence[Contract], *, at: datetime, until: date
) -> Mapping[ContractId, tuple[ForecastLine, ...]]:
    """Return the next review of contracts that go on, where it is due before a day.

    A review that is late is named by the day on which it was due.
    """
    found = {}
    for contract in contracts:
        on = await next_review_on(records, contract, at=at)
        goes_on = contract.ends_on is None or on < contract.ends_on
        if contract.status is not ContractStatus.ENDED and goes_on and on < until:
            line = ForecastLine(ForecastKind.MEETING, contract.reference, on)
            found[contract.id] = (line,)
    return found


def _signal(desk: Desk, site: str, episode: SignalEpisode) -> AlertLine:
    words = desk.diagnostics.signal_words(episode.signal)
    return AlertLine(AlertKind.SIGNAL, site, words=words.label)
