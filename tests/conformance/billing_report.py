"""Billing cases about the monthly report: its rubrics, its gauges, and what is told where."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from helpdesk.domain.consumption import Consumption
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.month import Month
from helpdesk.domain.monthly_report import ReportWords, require_over
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.report_rubric import (
    ReportedEvent,
    printed_rubrics,
    rubrics_of,
)
from tests.conformance.billing_values import Given, zone_of

Answer = dict[str, Any]  # values as the cases write them


LEVELS: Mapping[str, ReportLevel] = {
    "none": ReportLevel.NONE,
    "aucun": ReportLevel.NONE,
    "simplifie": ReportLevel.SIMPLIFIED,
    "simplifié": ReportLevel.SIMPLIFIED,
    "simplified": ReportLevel.SIMPLIFIED,
    "detaille": ReportLevel.DETAILED,
    "détaillé": ReportLevel.DETAILED,
    "detailed": ReportLevel.DETAILED,
}
EVENTS: Mapping[str, ReportedEvent] = {
    "postponement": ReportedEvent.P2_POSTPONED,
    "postponed": ReportedEvent.P2_POSTPONED,
    "p2_postponement": ReportedEvent.P2_POSTPONED,
    "p3_postponement": ReportedEvent.P3_POSTPONED,
    "escalation": ReportedEvent.P0_RESPONSE_ESCALATED,
    "p0_escalation": ReportedEvent.P0_RESPONSE_ESCALATED,
    "p1_mention": ReportedEvent.P1_RESPONSE_BREACH,
    "avoir": ReportedEvent.CREDIT_NOTE,
    "incident": ReportedEvent.UPTIME_BREACH,
}
_UNLIMITED = frozenset({"unlimited", "illimité", "illimite"})
_GAUGE = ("granted", "rollover_in", "purchased", "gesture", "adjust", "opening", "overage")


def report(given: Given) -> Answer:
    """Return what a report says of what is given: rubrics, gauge, sections, month, publication."""
    level = LEVELS[str(given.get("level", "detaille")).lower()]
    printed = [rubric.heading(Locale.FR) for rubric in printed_rubrics(level)]
    events = given.get("events", ())
    return {
        "rubrics": printed,
        "numbers": [rubric.number for rubric in printed_rubrics(level)],
        "sections": {one["kind"]: _sections(one["kind"]) for one in events},
        **_gauge(given),
        **_publication(given),
        **_summary(given),
    }


def _gauge(given: Given) -> Answer:
    granted = given.get("granted", 0)
    is_unlimited = (
        granted is None
        or str(granted).lower() in _UNLIMITED
        or bool(given.get("unlimited", given.get("is_unlimited", False)))
    )
    counted = {name: int(given.get(name) or 0) for name in _GAUGE[1:]}
    gauge = Consumption(
        granted=0 if is_unlimited else int(granted),
        consumed=int(given.get("consumed") or 0),
        is_unlimited=is_unlimited,
        **counted,
    )
    return {
        "total": gauge.total,
        "percent": gauge.percent,
        "state": gauge.state.value,
        "available": gauge.available,
        "consumed": gauge.consumed,
        "overage": gauge.overage,
        "used": gauge.used,
    }


def _sections(kind: str) -> str:
    """Return the rubrics that tell of an event; several are named by their short headings."""
    rubrics = rubrics_of(EVENTS.get(kind) or ReportedEvent(kind))
    if len(rubrics) == 1:
        return rubrics[0].heading(Locale.FR)
    return " + ".join(rubric.short_heading(Locale.FR) for rubric in rubrics)


def _publication(given: Given) -> Answer:
    """Return the local month of an instant, and whether the report of a month may be published."""
    zone = zone_of(given)
    answer: Answer = {}
    if "at" in given:
        answer["month"] = str(Month.of(datetime.fromisoformat(given["at"]), zone))
    if "month" in given and "now" in given:
        month, now = Month.parsed(given["month"]), datetime.fromisoformat(given["now"])
        code = _refusal(lambda: require_over(month, zone, at=now))
        answer |= {"publishable": code is None, "error": code}
    return answer


def _summary(given: Given) -> Answer:
    if "summary" not in given:
        return {}
    lines = given["summary"]
    text = lines if isinstance(lines, str) else "\n".join(lines)
    code = _refusal(lambda: ReportWords.given(text, "", given.get("video_url", "")))
    return {"accepted": code is None, "error": code}


def _refusal(act: Callable[[], object]) -> str | None:
    try:
        act()
    except HelpdeskError as error:
        return error.code.value.lower()
    return None


OPERATIONS: Mapping[str, Callable[[Any], Answer]] = {"report": report}
