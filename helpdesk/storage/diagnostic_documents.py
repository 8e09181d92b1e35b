"""Audits, signals, sheets and procedures as rows: what has no column of its own is a document."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from helpdesk.domain.audit import Audit, AuditKind, PointAnswer
from helpdesk.domain.checklist import (
    CheckBlock,
    Checklist,
    ChecklistResult,
    CheckPoint,
    DiagnosticLevel,
    PointStatus,
)
from helpdesk.domain.emergency import EmergencyContact, EmergencyProcedure
from helpdesk.domain.ids import AgencyId, AuditId, ClientId, SignalEpisodeId, SiteId
from helpdesk.domain.signal import Signal, SignalChange, SignalEpisode
from helpdesk.domain.site_sheet import SiteSheet
from helpdesk.storage.classification_documents import actor_document, actor_of

Document = dict[str, Any]  # JSON, or the columns of a row, read back only by the functions below
Held = Mapping[str, Any]

_SHEET_DAYS = frozenset({"php_supported_until", "documented_on"})


def sheet_document(sheet: SiteSheet) -> Document:
    """Return a sheet as a document: what is not known is left out, days are ISO."""
    known = {each.name: getattr(sheet, each.name) for each in fields(sheet)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in known.items()
        if value is not None
    }


def sheet_of(document: Held) -> SiteSheet:
    """Return the sheet that a document stands for."""
    known: Document = {
        name: date.fromisoformat(value) if name in _SHEET_DAYS else value
        for name, value in document.items()
    }
    return SiteSheet(**known)


def procedure_document(procedure: EmergencyProcedure) -> Document:
    """Return an emergency procedure as a document."""
    return {
        "contacts": [asdict(contact) for contact in procedure.contacts],
        "rollback": procedure.rollback,
        "escalation": procedure.escalation,
    }


def procedure_of(document: Held) -> EmergencyProcedure:
    """Return the emergency procedure that a document stands for."""
    return EmergencyProcedure(
        tuple(EmergencyContact(**contact) for contact in document["contacts"]),
        document["rollback"],
        document["escalation"],
    )


def audit_params(audit: Audit) -> Document:
    """Return the columns of an audit; its answers are rows of their own."""
    completed_by, verdict = audit.completed_by, audit.verdict
    return {
        "id": audit.id,
        "client_id": audit.client_id,
        "site_id": audit.site_id,
        "kind": audit.kind.value,
        "checklist": _checklist_document(audit.checklist),
        "started_on": audit.started_on,
        "started_at": audit.started_at,
        "started_by": actor_document(audit.started_by),
        "completed_on": audit.completed_on,
        "completed_at": audit.completed_at,
        "completed_by": None if completed_by is None else actor_document(completed_by),
        "answers_at_completion": audit.answers_at_completion,
        "verdict": None if verdict is None else _verdict_document(verdict),
    }


def audit_of(held: Held, answers: Sequence[Held]) -> Audit:
    """Return the audit that a row and those of its answers stand for."""
    completed_by, verdict = held["completed_by"], held["verdict"]
    return Audit(
        id=AuditId(held["id"]),
        agency_id=AgencyId(held["agency_id"]),
        client_id=ClientId(held["client_id"]),
        site_id=SiteId(held["site_id"]),
        kind=AuditKind(held["kind"]),
        checklist=_checklist_of(held["checklist"]),
        started_on=held["started_on"],
        started_at=held["started_at"],
        started_by=actor_of(held["started_by"]),
        answers=tuple(_answer_of(answer) for answer in answers),
        completed_on=held["completed_on"],
        completed_at=held["completed_at"],
        completed_by=None if completed_by is None else actor_of(completed_by),
        answers_at_completion=held["answers_at_completion"],
        verdict=None if verdict is None else _verdict_of(verdict),
    )


def answer_params(audit_id: AuditId, sequence: int, answer: PointAnswer) -> Document:
    """Return the columns of an answer."""
    return {
        "audit_id": audit_id,
        "sequence": sequence,
        "point": answer.point,
        "status": answer.status.value,
        "on": answer.on,
        "expires_on": answer.expires_on,
        "at": answer.at,
        "by": actor_document(answer.by),
        "evidence": answer.evidence,
        "reason": answer.reason,
        "is_derived": answer.is_derived,
    }


def episode_params(episode: SignalEpisode) -> Document:
    """Return the columns of a time that a signal was up."""
    return {
        "id": episode.id,
        "site_id": episode.site_id,
        "signal": episode.signal.value,
        "is_derived": episode.is_derived,
        "is_against_data": episode.is_against_data,
        **_change_params("raised", episode.raised),
        **_change_params("cleared", episode.cleared),
    }


def episode_of(held: Held) -> SignalEpisode:
    """Return the time that a row stands for."""
    return SignalEpisode(
        id=SignalEpisodeId(held["id"]),
        site_id=SiteId(held["site_id"]),
        signal=Signal(held["signal"]),
        raised=_change_of("raised", held),
        is_derived=held["is_derived"],
        is_against_data=held["is_against_data"],
        cleared=None if held["cleared_at"] is None else _change_of("cleared", held),
    )


def _change_params(name: str, change: SignalChange | None) -> Document:
    if change is None:
        return dict.fromkeys(f"{name}_{part}" for part in ("on", "at", "by", "evidence"))
    return {
        f"{name}_on": change.on,
        f"{name}_at": change.at,
        f"{name}_by": actor_document(change.by),
        f"{name}_evidence": change.evidence,
    }


def _change_of(name: str, held: Held) -> SignalChange:
    return SignalChange(
        held[f"{name}_on"],
        held[f"{name}_at"],
        actor_of(held[f"{name}_by"]),
        held[f"{name}_evidence"],
    )


def _answer_of(held: Held) -> PointAnswer:
    return PointAnswer(
        point=held["point"],
        status=PointStatus(held["status"]),
        on=held["on"],
        expires_on=held["expires_on"],
        at=held["at"],
        by=actor_of(held["by"]),
        evidence=held["evidence"],
        reason=held["reason"],
        is_derived=held["is_derived"],
    )


def _checklist_document(checklist: Checklist) -> Document:
    return {
        "version": checklist.version,
        "points": [
            [point.code, point.block.value, point.level.value, point.valid_months]
            for point in checklist.points
        ],
    }


def _checklist_of(document: Held) -> Checklist:
    return Checklist(
        document["version"],
        tuple(
            CheckPoint(code, CheckBlock(block), DiagnosticLevel(level), months)
            for code, block, level, months in document["points"]
        ),
    )


def _verdict_document(verdict: ChecklistResult) -> Document:
    return {
        "critical_failed": list(verdict.critical_failed),
        # Pairs, not keys: PostgreSQL does not remember the order of keys.
        "high_due": [[code, due.isoformat()] for code, due in verdict.high_due.items()],
        "high_overdue": list(verdict.high_overdue),
        "good_practice": list(verdict.good_practice),
    }


def _verdict_of(document: Held) -> ChecklistResult:
    return ChecklistResult(
        critical_failed=tuple(document["critical_failed"]),
        high_due={code: date.fromisoformat(due) for code, due in document["high_due"]},
        high_overdue=tuple(document["high_overdue"]),
        good_practice=tuple(document["good_practice"]),
    )
