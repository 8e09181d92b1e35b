"""Clauses of compensation, credits and breaches as the doors show them."""

from helpdesk.domain.breach import Breach, UptimeBreach
from helpdesk.domain.commercial_terms import CompensationClause
from helpdesk.domain.compensation_clause import CompensationTerms
from helpdesk.domain.compensation_text import percent_shown
from helpdesk.domain.errors import Locale
from helpdesk.usecases.breach_register import RegisteredBreach
from helpdesk.usecases.read_models import Branch, Thing
from helpdesk.usecases.settle_breaches import SettledMonth


def compensation_thing(clause: CompensationClause | None) -> Thing | None:
    """Return a clause with its amounts; None without one."""
    if clause is None:
        return None
    return Thing(
        text=clause.text,
        nature=clause.nature,
        amounts=None if clause.terms is None else _amounts(clause.terms),
    )


def breach_thing(registered: RegisteredBreach) -> Thing:
    """Return a broken promise with what follows from it; its ticket and credits come beside."""
    consequence = registered.consequence
    breach = consequence.breach
    thing = Thing(
        promise=consequence.promise,
        consequence=consequence.kind,
        is_owed=consequence.is_owed,
        at=breach.at,
        is_compensable=breach.is_compensable,
        **(_of_ticket(breach) if isinstance(breach, Breach) else _of_uptime(breach)),
    )
    thing.keep(Branch("ticket"), None)
    thing.keep(Branch("credits"), [])
    return thing


def settlement_thing(settled: SettledMonth) -> Thing:
    """Return what a settlement changed."""
    year = settled.year
    return Thing(
        added=len(settled.added),
        changed=len(settled.changed),
        unpriced=len(settled.unpriced),
        may_terminate=year is not None and year.may_terminate,
    )


_NOT_OF_A_TICKET = (
    *("metric", "priority", "cycle", "ended_at", "outcome", "exclusion_cause"),
    *("allowance_seconds", "counted_seconds", "over_seconds"),
    *("terms_version", "calendar_version"),
)


def _of_ticket(breach: Breach) -> dict[str, object]:
    clock, exclusion = breach.clock, breach.exclusion
    standing = exclusion if exclusion is not None and exclusion.is_standing else None
    return {
        "metric": clock.metric,
        "priority": breach.priority,
        "cycle": clock.cycle,
        "ended_at": breach.ended_at,
        "outcome": breach.outcome,
        "exclusion_cause": None if standing is None else standing.cause,
        "allowance_seconds": breach.overrun.allowance_seconds,
        "counted_seconds": breach.overrun.counted_seconds,
        "over_seconds": breach.overrun.over_seconds,
        "terms_version": clock.terms_version,
        "calendar_version": breach.calendar_version,
        "up_percent": None,
        "promised_percent": None,
    }


def _of_uptime(breach: UptimeBreach) -> dict[str, object]:
    figure = breach.evidence.figure
    return {
        **dict.fromkeys(_NOT_OF_A_TICKET),
        "up_percent": percent_shown(figure.up, Locale.EN),
        "promised_percent": percent_shown(figure.promised, Locale.EN),
    }


def _amounts(terms: CompensationTerms) -> Thing:
    resolution, uptime = terms.resolution.value, terms.uptime.value
    cap, approval = terms.cap.value, terms.approval.value
    return Thing(
        resolution=Thing(
            mode=resolution.mode,
            percent_per_hour=str(resolution.percent_per_hour),
            fixed=resolution.fixed,
            origin=terms.resolution.origin,
            source=terms.resolution.source,
        ),
        uptime=Thing(
            mode=uptime.mode,
            tiers=[Thing(floor=str(one.floor), credit=str(one.credit)) for one in uptime.tiers],
            percent_per_step=str(uptime.percent_per_step),
            step=str(uptime.step),
            origin=terms.uptime.origin,
            source=terms.uptime.source,
        ),
        same_incident=Thing(
            rule=terms.same_incident.value,
            origin=terms.same_incident.origin,
            source=terms.same_incident.source,
        ),
        cap=Thing(
            monthly_percent=None if cap.monthly is None else str(cap.monthly),
            yearly_percent=None if cap.yearly is None else str(cap.yearly),
            may_terminate=cap.may_terminate,
            origin=terms.cap.origin,
            source=terms.cap.source,
        ),
        approval=Thing(
            second_above=approval.second_above,
            automatic_below=approval.automatic_below,
            excludes_agent=approval.excludes_agent,
            origin=terms.approval.origin,
            source=terms.approval.source,
        ),
    )
