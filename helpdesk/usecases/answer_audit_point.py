"""Somebody answers a point of an audit, or completes it."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.audit import Audit, PointAnswer, answered, completed
from helpdesk.domain.checklist import PointStatus
from helpdesk.domain.ids import AuditId
from helpdesk.domain.message import storable
from helpdesk.domain.secret_text import require_no_secret
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class AnswerAuditPoint:
    """What is said of a point; `expires_on` is None for as long as such an answer usually holds."""

    audit_id: AuditId
    point: str
    status: PointStatus
    evidence: str = ""
    reason: str = ""
    expires_on: date | None = None


async def answer_audit_point(desk: Desk, *, viewer: Viewer, request: AnswerAuditPoint) -> Audit:
    """Add an answer of today and return the audit; a completed one shows what was put right since.

    Raises AgencyOnly, ScopeMissing, NotFound, PointUnknown, AnswerEvidenceRequired,
    AnswerReasonRequired, AnswerExpired, SecondPersonRequired and SecretRefused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        audit, today = await _audit_of_today(desk, records, viewer, request.audit_id)
        usual = audit.checklist.point(request.point).valid_until(today)
        answer = PointAnswer(
            point=request.point,
            status=request.status,
            on=today,
            expires_on=request.expires_on or usual,
            at=desk.now(),
            by=viewer.actor,
            evidence=require_no_secret(storable(request.evidence).strip(), field="evidence"),
            reason=require_no_secret(storable(request.reason).strip(), field="reason"),
        )
        after = answered(audit, answer)
        await records.diagnostics.add_answers(audit.id, len(audit.answers), answer)
        return after


async def complete_audit(desk: Desk, *, viewer: Viewer, audit_id: AuditId) -> Audit:
    """Give an audit its verdict of today and return it.

    Raises AgencyOnly, ScopeMissing, NotFound and AuditDone.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        audit, today = await _audit_of_today(desk, records, viewer, audit_id)
        after = completed(audit, on=today, at=desk.now(), by=viewer.actor)
        await records.diagnostics.complete(after)
        return after


async def _audit_of_today(
    desk: Desk, records: Records, viewer: Viewer, audit_id: AuditId
) -> tuple[Audit, date]:
    viewer.require_agency(Scope.CLIENTS_WRITE)
    audit = await records.diagnostics.audit(audit_id)
    if audit is None:
        raise NotFound(path=("auditId",), what="Audit", id=audit_id)
    agency = await records.agencies.agency()
    return audit, desk.now().astimezone(ZoneInfo(agency.zone)).date()
