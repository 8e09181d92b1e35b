"""What the monthly report tells of the sites: availability, updates, certificates, weaknesses."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.availability import SiteUptime
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.incident import Incident
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period, midnight
from helpdesk.domain.periods import duration, shared, without
from helpdesk.domain.report_lines import (
    AlertKind,
    AlertLine,
    ForecastKind,
    ForecastLine,
    IncidentLine,
    IndicatorLine,
    SiteAvailability,
    UpdateLine,
)
from helpdesk.domain.site_record import (
    Certificate,
    Performance,
    SiteRecord,
    SiteRecordKind,
    Update,
    Vulnerability,
    open_vulnerabilities,
)
from helpdesk.usecases.availability_ports import PlannedWork
from helpdesk.usecases.ports import Records
from helpdesk.usecases.uptime_figures import MonthUptime, contracts_uptime

CERTIFICATE_NOTICE = timedelta(days=45)
"""How long before a certificate expires the report says so."""
PLANNED = "PLANNED_MAINTENANCE"
LOAD_TIME = "largest-contentful-paint"
"""The figure of Lighthouse and of the Core Web Vitals that people call the time to load, in ms."""
PLANS_SHOWN = timedelta(days=62)
"""How far ahead announced work is told."""

_HUNDREDTHS = 100_00
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SiteLines:
    """What is told of the sites of one contract."""

    sites: tuple[SiteId, ...]
    availability: tuple[SiteAvailability, ...]
    updates: tuple[UpdateLine, ...]
    alerts: tuple[AlertLine, ...]
    forecast: tuple[ForecastLine, ...]
    indicators: tuple[IndicatorLine, ...]


async def site_lines(
    records: Records,
    contracts: Sequence[Contract],
    month: Month,
    *,
    at: datetime,
    zone: ZoneInfo,
) -> Mapping[ContractId, SiteLines]:
    """Return what is told of the sites of contracts, as far as it was known at `at`."""
    uptimes = await contracts_uptime(records, contracts, month, at=at)
    sites = {site for one in uptimes.values() for site in one.uptime.sites}
    period = Period(month.starts_at(zone), month.following.starts_at(zone))
    names = await records.reports.site_names(sites)
    incidents = await records.incidents.incidents(sites, period)
    coming = await records.incidents.maintenance(
        sites, Period(period.end, period.end + PLANS_SHOWN)
    )
    told = (
        *(SiteRecordKind.UPDATE, SiteRecordKind.VULNERABILITY),
        *(SiteRecordKind.CERTIFICATE, SiteRecordKind.PERFORMANCE),
    )
    facts = [
        record
        for record in await records.site_records.records(sites, told, period)
        if record.at < at
    ]
    return {
        contract_id: SiteLines(
            tuple(one.uptime.sites),
            tuple(
                _availability(names[site], uptime, one, _of(incidents, site), zone)
                for site, uptime in one.uptime.sites.items()
            ),
            tuple(_updates(facts, one.uptime.sites, names, zone)),
            tuple(_alerts(facts, one.uptime.sites, names, period, zone)),
            tuple(_planned(coming, one.uptime.sites, names, zone)),
            tuple(_load_times(facts, one.uptime.sites, names)),
        )
        for contract_id, one in uptimes.items()
    }


def _of(incidents: Iterable[Incident], site: SiteId) -> list[Incident]:
    return [one for one in incidents if one.site_id == site and not one.is_withdrawn]


def _availability(
    name: str,
    uptime: SiteUptime,
    month: MonthUptime,
    incidents: Iterable[Incident],
    zone: ZoneInfo,
) -> SiteAvailability:
    promised, active = uptime.clause.promised, month.month.active
    until = min(month.month.until, active.end)
    return SiteAvailability(
        site=name,
        total_seconds=int(uptime.total.total_seconds()),
        down_seconds=int(duration(uptime.down).total_seconds()),
        counted_seconds=int(duration(uptime.counted).total_seconds()),
        promised_hundredths=None if promised is None else int(promised * _HUNDREDTHS),
        is_measured=uptime.is_measured,
        is_met=uptime.is_met,
        allowed_minutes=uptime.allowed_minutes,
        down_by_day=tuple(_days(uptime, active, until, zone)),
        incidents=tuple(
            line for one in incidents if (line := _incident(one, uptime, active, until)) is not None
        ),
    )


def _days(
    uptime: SiteUptime, active: Period, until: datetime, zone: ZoneInfo
) -> Iterable[int | None]:
    """Yield the outage of each day of the month; None for a day without a watched instant."""
    first = active.start.astimezone(zone).date().replace(day=1)
    day = first
    while day.month == first.month:
        whole = Period(midnight(day, zone), midnight(day + _A_DAY, zone))
        known = shared([whole], [Period(active.start, until)]) if active.start < until else ()
        is_watched = bool(without(known, uptime.gaps))
        down = int(duration(shared(uptime.down, [whole])).total_seconds())
        yield down if is_watched or down else None
        day += _A_DAY


def _incident(
    incident: Incident, uptime: SiteUptime, active: Period, until: datetime
) -> IncidentLine | None:
    outage = incident.outage(until=until)
    if outage is None or not shared([outage], [active]):
        return None
    excluded = None
    if uptime.clause.excludes(incident.reason):
        excluded = incident.reason.value
    elif not shared([outage], uptime.counted):
        excluded = PLANNED
    return IncidentLine(
        incident.began_at, incident.ended_at, incident.title, incident.source, excluded
    )


def _updates(
    records: Iterable[SiteRecord],
    sites: Collection[SiteId],
    names: Mapping[str, str],
    zone: ZoneInfo,
) -> Iterable[UpdateLine]:
    for record in records:
        update = record.fact
        if record.site_id not in sites or not isinstance(update, Update) or update.rolled_back:
            continue
        is_late = update.is_late(record.at)
        yield UpdateLine(
            component=update.component,
            from_version=update.from_version,
            to_version=update.to_version,
            done_on=_day(record.at, zone),
            environment=update.environment.value,
            site=names[record.site_id],
            is_security=update.security_published_at is not None,
            is_within_72h=None if is_late is None else not is_late,
        )


def _alerts(
    records: Iterable[SiteRecord],
    sites: Collection[SiteId],
    names: Mapping[str, str],
    period: Period,
    zone: ZoneInfo,
) -> Iterable[AlertLine]:
    own = [record for record in records if record.site_id in sites]
    last: dict[str, Certificate] = {}
    for record in own:
        if isinstance(record.fact, Certificate):
            last[record.fact.host] = record.fact
    for certificate in sorted(last.values(), key=lambda one: one.expires_at):
        is_soon = certificate.expires_at < period.end + CERTIFICATE_NOTICE
        if is_soon and not certificate.is_renewed_automatically:
            yield AlertLine(
                AlertKind.CERTIFICATE, certificate.host, _day(certificate.expires_at, zone)
            )
    for site in sorted({record.site_id for record in own}):
        of_site = [record for record in own if record.site_id == site]
        for one in open_vulnerabilities(of_site):
            yield AlertLine(AlertKind.SECURITY_WATCH, f"{names[site]} · {_weakness(one)}")


def _planned(
    coming: Iterable[PlannedWork],
    sites: Collection[SiteId],
    names: Mapping[str, str],
    zone: ZoneInfo,
) -> Iterable[ForecastLine]:
    for work in coming:
        maintenance = work.maintenance
        if maintenance.site_id in sites and maintenance.cancelled_at is None:
            subject = f"{names[maintenance.site_id]} · {work.what}"
            day = _day(maintenance.window.start, zone)
            yield ForecastLine(ForecastKind.PLANNED_WORK, subject, day)


def _load_times(
    records: Iterable[SiteRecord], sites: Collection[SiteId], names: Mapping[str, str]
) -> Iterable[IndicatorLine]:
    """Yield the last load time that was measured of each site."""
    last: dict[SiteId, int] = {}
    for record in records:
        performance = record.fact
        if record.site_id not in sites or not isinstance(performance, Performance):
            continue
        measured = performance.figures.get(LOAD_TIME)
        if measured is not None:
            last[record.site_id] = int(measured)
    for site, milliseconds in last.items():
        yield IndicatorLine("load_time", milliseconds, names[site])


def _weakness(vulnerability: Vulnerability) -> str:
    fixed = f" → {vulnerability.fixed_in}" if vulnerability.fixed_in else ""
    title = vulnerability.title or vulnerability.identifier
    return f"{vulnerability.component}{fixed} : {title}"


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
