"""Billing cases about availability: how long a site was up in a month, by the contract."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.availability import (
    ContractUptime,
    CountedMonth,
    Maintenance,
    ProbeWatch,
    SiteFacts,
    SiteUptime,
    shown_percent,
    site_uptime,
    whole_minutes,
)
from helpdesk.domain.ids import AgencyId, IncidentId, SiteId
from helpdesk.domain.incident import Incident
from helpdesk.domain.period import Period
from helpdesk.domain.periods import duration, shared
from helpdesk.domain.uptime_clause import (
    OUTSIDE_THE_PROMISE,
    OutageReason,
    SitesTogether,
    UptimeClause,
)
from tests.conformance.billing_values import Given, instant, period_between, zone_of

Answer = dict[str, Any]  # values as the cases write them

PLANNED = "planned_maintenance"
UNMEASURED = "non mesuré"
SITE = SiteId("site")
REASONS: Mapping[str, OutageReason] = {
    "application": OutageReason.APPLICATION,
    "host": OutageReason.HOSTING_FAILURE,
    "host_failure": OutageReason.HOSTING_FAILURE,
    "hosting": OutageReason.HOSTING_FAILURE,
    "hosting_failure": OutageReason.HOSTING_FAILURE,
    "client": OutageReason.CLIENT_INTERVENTION,
    "client_intervention": OutageReason.CLIENT_INTERVENTION,
    "third_party": OutageReason.THIRD_PARTY_INTERVENTION,
    "third_party_intervention": OutageReason.THIRD_PARTY_INTERVENTION,
    "force_majeure": OutageReason.FORCE_MAJEURE,
    PLANNED: OutageReason.PLANNED_MAINTENANCE,
}
"""The spellings of the cases, which are illustrative: see `_reason` for others."""


def uptime_month(given: Given) -> Answer:
    """Return the figures of a month, of one site or of several together."""
    together, month = contract_uptime(given), _month(given)
    sites = together.sites
    return {
        **_times(min(sites.values(), key=lambda one: one.contractual), month),
        "measured": _percent(together.measured, is_measured=together.is_measured),
        "contractual": _percent(together.contractual, is_measured=together.is_measured),
        "met": together.is_met,
        "is_measured": together.is_measured,
        "state": ("met" if together.is_met else "missed") if together.is_measured else UNMEASURED,
        "sites": [_percent(one.contractual, is_measured=one.is_measured) for one in sites.values()],
    }


def contract_uptime(given: Given) -> ContractUptime:
    """Return how long the sites of a case were available."""
    clause, month = _clause(given), _month(given)
    sites = {
        SiteId(str(number)): site_uptime(_facts(given, site, month), month, clause)
        for number, site in enumerate(_each(given))
    }
    return ContractUptime(sites, clause)


def _each(given: Given) -> list[Given]:
    """Return what is told of each site; sites that are only named share what the case tells."""
    sites: Any = given.get("sites") or [given]
    told = list(sites.values()) if isinstance(sites, Mapping) else list(sites)
    return [_told_of(given, one) if isinstance(one, str) else one for one in told]


def _told_of(given: Given, site: str) -> Given:
    incidents = [one for one in given.get("incidents", ()) if one.get("site", site) == site]
    return {**given, "incidents": incidents}


def _times(site: SiteUptime, month: CountedMonth) -> Answer:
    return {
        "total_minutes": whole_minutes([month.active]),
        "total_hours": duration([month.active]) // timedelta(hours=1),
        "down_minutes": whole_minutes(site.down),
        "counted_minutes": whole_minutes(site.counted),
        "allowed_minutes": site.allowed_minutes,
        "coverage": str(shown_percent(site.coverage)),
    }


def _percent(share: Fraction | None, *, is_measured: bool) -> str | None:
    return str(shown_percent(share)) if is_measured and share is not None else None


def _clause(given: Given) -> UptimeClause:
    excluded = {_reason(given, one) for one in given.get("excluded_reasons", ())}
    return UptimeClause(
        target=Decimal(given.get("target", "99.5")),
        least_coverage=Decimal(str(given.get("min_coverage", "95"))),
        maintenance_notice=timedelta(hours=given.get("notice_hours", 0)),
        is_hosting_sold=given.get("hosting_sold", False),
        excluded=frozenset(excluded & OUTSIDE_THE_PROMISE),
        sites=SitesTogether(given.get("aggregate", "worst").upper()),
    )


def _month(given: Given) -> CountedMonth:
    zone = zone_of(given)
    month = _between(given["period"], zone)
    if "active" in given:
        (month,) = shared([month], [_between(given["active"], zone)])
    until = instant(given["now"], zone) if "now" in given else month.end
    return CountedMonth(month, until, tuple(_suspended(given, zone)))


def _between(bounds: Sequence[str], zone: ZoneInfo) -> Period:
    start, end = bounds
    return period_between(start, end, zone)


def _suspended(given: Given, zone: ZoneInfo) -> Iterator[Period]:
    bounds = given.get("suspended") or []
    pairs = [bounds] if bounds and isinstance(bounds[0], str) else bounds
    for start, end in pairs:
        yield period_between(start, end, zone)


def _facts(given: Given, site: Given, month: CountedMonth) -> SiteFacts:
    zone = zone_of(given)
    told = [(one, _incident(given, one, zone)) for one in site.get("incidents", ())]
    return SiteFacts(
        incidents=[incident for _, incident in told],
        watches=_watches(given, site, month),
        maintenance=[
            *(
                _maintenance({"announced_at": given.get("announced_at"), **one}, incident, month)
                for one, incident in told
                if one.get("reason") == PLANNED and PLANNED in given.get("excluded_reasons", ())
            ),
            *(_window(one, given, zone) for one in _windows(given)),
        ],
    )


def _reason(given: Given, spelled: str | None) -> OutageReason:
    """Return the cause that a case means; of another spelling only whether it counts is known."""
    is_excluded = spelled in given.get("excluded_reasons", ())
    other = OutageReason.FORCE_MAJEURE if is_excluded else OutageReason.APPLICATION
    return REASONS.get(spelled or "", other)


def _incident(given: Given, told: Given, zone: ZoneInfo) -> Incident:
    end = told.get("to")
    end = None if end == "open" else end
    return Incident(
        IncidentId("incident"),
        AgencyId("agency"),
        SITE,
        told.get("source", "probe"),
        instant(told["from"], zone),
        None if end is None else instant(end, zone),
        _reason(given, told.get("reason")),
    )


def _maintenance(told: Given, incident: Incident, month: CountedMonth) -> Maintenance:
    """Return the announcement of an incident that was planned, in time unless it says when."""
    window = incident.outage(until=month.until) or month.active
    at: datetime = window.start - timedelta(days=365)
    if told.get("announced_at"):
        at = instant(told["announced_at"], ZoneInfo("UTC"))
    return Maintenance(SITE, window, at)


def _windows(given: Given) -> Iterator[Given]:
    """Yield the windows of maintenance that a case names, alone or several."""
    told: Any = given.get("maintenance") or []
    if isinstance(told, Mapping) or (told and isinstance(told[0], str)):
        told = [told]
    for one in told:
        yield one if isinstance(one, Mapping) else {"from": one[0], "to": one[1]}


def _window(told: Given, given: Given, zone: ZoneInfo) -> Maintenance:
    window = period_between(told["from"], told["to"], zone)
    announced = told.get("announced_at", given.get("announced_at"))
    at = window.start - timedelta(days=365) if announced is None else instant(announced, zone)
    return Maintenance(SITE, window, at)


def _watches(given: Given, site: Given, month: CountedMonth) -> list[ProbeWatch]:
    """Return who watched the site: all the month, unless the case says which share of it."""
    start, end = month.active.start, month.active.end
    share = Fraction(str(site.get("coverage", given.get("coverage", "100")))) / 100
    watched_until = start + timedelta(seconds=int((end - start).total_seconds() * share))
    return [ProbeWatch(SITE, "probe", start, watched_until)]


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {"uptime.month": uptime_month}
"""The adapter of each operation."""
