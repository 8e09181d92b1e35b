"""Availability, incidents, announced work and site records as the doors show them."""

from dataclasses import fields
from datetime import timedelta
from fractions import Fraction

from helpdesk.domain.availability import CountedMonth, SiteUptime, shown_percent, whole_minutes
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.incident import IncidentFact
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period
from helpdesk.domain.site_record import Performance, SiteRecord, Update
from helpdesk.domain.uptime_clause import UptimeClause
from helpdesk.usecases.availability_ports import PlannedWork
from helpdesk.usecases.read_models import Thing
from helpdesk.usecases.uptime_figures import MonthUptime


def site_thing(uptime: SiteUptime, counted: CountedMonth, month: Month) -> Thing:
    """Return the figures of a site for a month; a share that was not measured is not there."""
    return Thing(
        month=month,
        from_=counted.active.start,
        to=counted.active.end,
        is_final=counted.is_over,
        target=_target(uptime.clause),
        is_measured=uptime.is_measured,
        measured=_percent(uptime.measured, is_measured=uptime.is_measured),
        contractual=_percent(uptime.contractual, is_measured=uptime.is_measured),
        coverage=str(shown_percent(uptime.coverage)),
        is_met=uptime.is_met,
        total_minutes=whole_minutes([counted.active]),
        down_minutes=whole_minutes(uptime.down),
        counted_minutes=whole_minutes(uptime.counted),
        allowed_minutes=uptime.allowed_minutes,
        gaps=[_span(gap) for gap in uptime.gaps],
    )


def contract_thing(figures: MonthUptime, month: Month) -> Thing:
    """Return the figures of a contract for a month, without those of each site."""
    uptime = figures.uptime
    return Thing(
        month=month,
        counted=figures.month,
        from_=figures.month.active.start,
        to=figures.month.active.end,
        is_final=figures.month.is_over,
        target=_target(uptime.clause),
        together=uptime.clause.sites,
        is_measured=uptime.is_measured,
        measured=_percent(uptime.measured, is_measured=uptime.is_measured),
        contractual=_percent(uptime.contractual, is_measured=uptime.is_measured),
        is_met=uptime.is_met,
    )


def fact_thing(fact: IncidentFact) -> Thing:
    """Return a statement about an incident."""
    return Thing(
        sequence=fact.sequence,
        kind=fact.kind,
        at=fact.at,
        began_at=fact.began_at,
        ended_at=fact.ended_at,
        reason=fact.reason,
        said_by=fact.actor.name,
        explanation=fact.explanation or None,
    )


def work_thing(work: PlannedWork) -> Thing:
    """Return announced work."""
    maintenance = work.maintenance
    return Thing(
        id=work.id,
        starts_at=maintenance.window.start,
        ends_at=maintenance.window.end,
        what=work.what,
        announced_at=maintenance.announced_at,
        announced_by=work.announced_by.name,
        cancelled_at=maintenance.cancelled_at,
    )


def record_thing(record: SiteRecord) -> Thing:
    """Return a record with all that it tells; a text that says nothing is not there."""
    fact = record.fact
    told: dict[str, object] = {each.name: getattr(fact, each.name) for each in fields(fact)}
    shown = {name: None if value == "" else value for name, value in told.items()}
    if isinstance(fact, Update):
        shown["is_late"] = fact.is_late(record.at)
    if isinstance(fact, Performance):
        shown["figures"] = [
            Thing(name=name, value=str(value)) for name, value in sorted(fact.figures.items())
        ]
    return Thing(
        record_id=record.id,
        at=record.at,
        recorded_at=record.recorded_at,
        recorded_by=record.recorded_by.name,
        **shown,
    )


def clause_thing(terms: CommercialTerms) -> Thing:
    """Return what a contract says of availability."""
    clause = terms.uptime_clause
    origin, source = terms.uptime_origin or (None, None)
    return Thing(
        target=_target(clause),
        origin=origin,
        source=source or None,
        least_coverage=str(clause.least_coverage),
        maintenance_notice_minutes=clause.maintenance_notice // timedelta(minutes=1),
        is_hosting_sold=clause.is_hosting_sold,
        excluded=sorted(clause.excluded),
        sites=clause.sites,
    )


def _target(clause: UptimeClause) -> str | None:
    return None if clause.target is None else str(clause.target)


def _percent(share: Fraction | None, *, is_measured: bool) -> str | None:
    return str(shown_percent(share)) if is_measured and share is not None else None


def _span(period: Period) -> Thing:
    return Thing(from_=period.start, to=period.end)
