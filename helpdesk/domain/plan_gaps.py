"""What a plan leaves uncovered by construction, and which plan of its family would cover it."""

from collections.abc import Callable, Mapping, Sequence

from helpdesk.domain.plan import Plan, PlanServices, ReportLevel
from helpdesk.domain.signal import Signal

Lacks = Callable[[PlanServices], bool]


def _lacks_staging(services: PlanServices) -> bool:
    return services.staging is not None and not services.staging.value


def _lacks_report(services: PlanServices) -> bool:
    return services.report is not None and services.report.value is ReportLevel.NONE


_SIGNALS: Mapping[Signal, Lacks] = {
    Signal.NO_STAGING: _lacks_staging,
    Signal.NO_REPORT: _lacks_report,
}
_POINTS: Mapping[str, Lacks] = {
    "D1": _lacks_staging,
    "D2": _lacks_staging,
    "E4": _lacks_report,
}


def is_signal_uncovered(signal: Signal, services: PlanServices) -> bool:
    """Return whether a plan raises a signal by construction, as not covered by it (X-11)."""
    lacks = _SIGNALS.get(signal)
    return lacks is not None and lacks(services)


def is_point_uncovered(code: str, services: PlanServices) -> bool:
    """Return whether a plan fails a point by construction (X-11)."""
    lacks = _POINTS.get(code)
    return lacks is not None and lacks(services)


def recommended_plan(plans: Sequence[Plan], code: str) -> Plan | None:
    """Return the smallest larger plan of the family that leaves none of it uncovered (X-11).

    `plans` go from the smallest to the largest of each family. None for a plan that lacks nothing,
    for one that is unknown, and where no larger one has it all.
    """
    codes = [plan.code for plan in plans]
    if code not in codes or not _lacks_any(plans[codes.index(code)].services):
        return None
    own = plans[codes.index(code)]
    larger = (plan for plan in plans[codes.index(code) + 1 :] if plan.family == own.family)
    return next((plan for plan in larger if not _lacks_any(plan.services)), None)


def _lacks_any(services: PlanServices) -> bool:
    return _lacks_staging(services) or _lacks_report(services)
