"""Billing cases about the checklist and the warning signals: an adapter each."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.audit import (
    AnswerReasonRequired,
    Audit,
    AuditKind,
    PointAnswer,
    SecondPersonRequired,
    answered,
    completed,
)
from helpdesk.domain.checklist import CheckBlock, DiagnosticLevel, PointStatus
from helpdesk.domain.diagnosis import are_updates_overdue, is_restore_tested
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import AgencyId, AgentId, AuditId, ClientId, SiteId
from helpdesk.domain.signal import RULE_OF_THREE, Signal, SignalAction, calls_for
from helpdesk.presets.diagnostics import block_presets, checklist, signal_presets
from tests.conformance.billing_values import Given

Answer = dict[str, Any]  # values as the cases write them

LETTERS = {
    DiagnosticLevel.CRITICAL: "C",
    DiagnosticLevel.HIGH: "E",
    DiagnosticLevel.MEDIUM: "M",
}
STATUSES: Mapping[str, PointStatus] = {
    **dict.fromkeys(("vert", "green", "ok", "passed"), PointStatus.GREEN),
    **dict.fromkeys(("rouge", "red", "failed", "ko"), PointStatus.RED),
    **dict.fromkeys(("inconnu", "unknown"), PointStatus.UNKNOWN),
    **dict.fromkeys(
        ("non applicable", "not applicable", "not_applicable", "non_applicable", "n/a", "na"),
        PointStatus.NOT_APPLICABLE,
    ),
}
FIRST = Actor(ActorKind.AGENT, "Alice", agent_id=AgentId("alice"))
SECOND = Actor(ActorKind.AGENT, "Adam", agent_id=AgentId("adam"))
REFUSALS: Mapping[type[HelpdeskError], str] = {
    AnswerReasonRequired: "reason_required",
    SecondPersonRequired: "second_person_required",
}
ACTIONS = {SignalAction.NONE: "none", SignalAction.IMMEDIATE_AUDIT: "immediate_audit"}


def _counts(_: Given) -> Answer:
    """Return how many points and signals there are, by level and by block."""
    points, letters = checklist(), block_presets()
    signals = [one.level for one in signal_presets().values()]
    return {
        "total": len(points.points),
        "by_priority": {LETTERS[one]: points.by_level()[one] for one in DiagnosticLevel},
        "by_block": {letters[one].letter: points.by_block()[one] for one in CheckBlock},
        "signals": len(signals),
        "signals_by_level": {LETTERS[one]: signals.count(one) for one in DiagnosticLevel},
    }


def _evaluate(given: Given) -> Answer:
    """Return the verdict of an audit; what the case does not name is green."""
    today = _day(given.get("today", given["audited"]))
    try:
        audit = _audit(given)
    except (AnswerReasonRequired, SecondPersonRequired) as refusal:
        return {"error": REFUSALS[type(refusal)], "accepted": False}
    result = audit.result(today=today)
    return {
        "accepted": True,
        "error": None,
        "sufficient": result.is_sufficient,
        "critical_failed": list(result.critical_failed),
        "high_due": {code: due.isoformat() for code, due in result.high_due.items()},
        "high_overdue": list(result.high_overdue),
        "good_practice": list(result.good_practice),
        "failed": list(result.failing),
    }


def _audit(given: Given) -> Audit:
    on = _day(given["audited"])
    at = datetime.combine(on, time(9), UTC)
    audit = Audit(
        AuditId("case"),
        AgencyId("agency"),
        ClientId("client"),
        SiteId("site"),
        AuditKind(given.get("kind", "client_audit").upper()),
        checklist(),
        started_on=on,
        started_at=at,
        started_by=FIRST,
    )
    green = {"status": "vert"}
    said = {point.code: green for point in checklist().points} | dict(_said(given))
    for code, answer in said.items():
        for person in (FIRST, SECOND) if _is_seconded(answer) else (FIRST,):
            audit = answered(
                audit,
                PointAnswer(
                    point=code,
                    status=STATUSES[answer["status"].lower()],
                    on=on,
                    expires_on=date.max,
                    at=at,
                    by=person,
                    evidence=answer.get("evidence", "case"),
                    reason=answer.get("reason") or "",
                ),
            )
    return completed(audit, on=on, at=at, by=FIRST)


def _is_seconded(answer: Given) -> bool:
    return any(answer.get(name) for name in ("second_person", "seconded_by", "second"))


def _said(given: Given) -> Iterator[tuple[str, Given]]:
    """Give what a case says of each point that it names: by lists of points, or point by point."""
    for name in ("failed", "red", "rouge", "unknown", "inconnu", "not_applicable", "na"):
        for point in given.get(name, ()):
            details = point if isinstance(point, Mapping) else {"reason": "case"}
            yield _code(point), {"status": name, **details}
    for name in ("answers", "points", "statuses", "status"):
        for point, answer in given.get(name, {}).items():
            details = answer if isinstance(answer, Mapping) else {"status": answer}
            yield _code(point), details


def _code(point: Any) -> str:  # a code, or an answer that names it
    code: str = point["point"] if isinstance(point, Mapping) else point
    return checklist().point(code.removeprefix("CHK-")).code


def _signals(given: Given) -> Answer:
    """Return what signals call for."""
    found = {_signal(one) for one in given["signals"]}
    action = calls_for(found)
    return {
        "rule_of_3": action is SignalAction.IMMEDIATE_AUDIT,
        "action": ACTIONS[action],
        "missing": [one.value.lower() for one in Signal if one in RULE_OF_THREE - found],
    }


def _signal(name: str) -> Signal:
    """Return a signal by its code, or by its number such as SIG-03."""
    if name.upper().startswith("SIG-"):
        return list(Signal)[int(name[4:]) - 1]
    return Signal(name.upper())


def _derive(given: Given) -> Answer:
    """Return whether a signal is raised, for each site of the case."""
    today = date.fromisoformat(given["today"])
    rules: Mapping[str, Callable[[date | None], bool]] = {
        "last_update": lambda day: are_updates_overdue(day, today=today),
        "last_restore_test": lambda day: not is_restore_tested(day, today=today),
    }
    for name, is_raised in rules.items():
        if f"{name}s" in given:
            return {"raised": [is_raised(_day_or_never(day)) for day in given[f"{name}s"]]}
        if name in given:
            return {"raised": is_raised(_day_or_never(given[name]))}
    raise LookupError(f"no signal follows from {', '.join(given)}")


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _day_or_never(text: str | None) -> date | None:
    return None if text is None else _day(text)


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {
    "checklist.counts": _counts,
    "checklist.evaluate": _evaluate,
    "signals.evaluate": _signals,
    "signals.derive": _derive,
}
