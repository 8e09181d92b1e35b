"""Billing cases about a delivery that is put off: what is missing of it, what is refused."""

from datetime import datetime, timedelta
from typing import Any

from helpdesk.domain.business_time import Timeline
from helpdesk.domain.clock_facts import ClockFact, ClockFactKind
from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.ids import CalendarId
from helpdesk.domain.postponement import PostponedIntoThePast, new_due
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaClock, SlaMetric, Target, TargetUnit, Timelines
from helpdesk.domain.sla_policy import SlaPolicy
from tests.conformance.billing_calendars import calendar_of, timeline_of, zone_of
from tests.conformance.billing_values import Given, instant

Answer = dict[str, Any]  # values as the cases write them

CALENDAR = CalendarId("calendar")
REQUIRED = {
    "new_due": "new_due_required",
    "reason": "reason_required",
    "author": "author_required",
    "client_notified_at": "client_notification_required",
}
INSTANTS = ("at", "recorded_at", "decided_at", "announced_at", "client_notified_at")


def postponed_at(postponement: Given) -> str | None:
    """Return when a delivery was put off, None where the case does not say."""
    if not postponement.get("new_due"):
        return None
    return next((postponement[name] for name in INSTANTS if postponement.get(name)), None)


def postponement_answer(given: Given) -> Answer:
    """Return what is missing of a postponement: all that the case names is asked for (R-SLA 5)."""
    told = given.get("postponement") or {}
    errors = [error for name, error in REQUIRED.items() if name in told and not told[name]]
    at = postponed_at(told) or (given.get("now") if told.get("new_due") else None)
    zone = zone_of(calendar_of(given))
    if at is not None and _is_past(given, instant(told["new_due"], zone), instant(at, zone)):
        errors.append("new_due_in_the_past")
    return {"accepted": not errors, "errors": errors, "error": errors[0] if errors else None}


def _is_past(given: Given, wanted: datetime, at: datetime) -> bool:
    opened = min(wanted, at) - timedelta(days=30)
    timeline = timeline_of(given, opened)
    try:
        new_due(wanted, _owed(opened, timeline), timeline, at=at)
    except PostponedIntoThePast:
        return True
    return False


def _owed(opened: datetime, timeline: Timeline) -> SlaClock:
    """Return the clock of a delivery that was due in a minute, long before it was put off."""
    unit, start = TargetUnit.BUSINESS_MINUTES, ClockStart.OPENING
    target = Target(SlaMetric.DELIVERY, 1, unit, CALENDAR, is_strict=True, starts_on=start)
    facts = [ClockFact(opened, ClockFactKind.OPENED, Priority.P2)]
    timelines = Timelines({CALENDAR: timeline}, timeline)
    (clock,) = reduced_clocks(facts, SlaPolicy({Priority.P2: (target,)}), timelines)
    return clock
