"""An audit of a site begins, with what the engine's own data answer already."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import SYSTEM, Viewer
from helpdesk.domain.audit import Audit, AuditKind, PointAnswer, answered
from helpdesk.domain.checklist import PointStatus
from helpdesk.domain.diagnosis import derived_points
from helpdesk.domain.ids import AuditId, SiteId
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.known_of_site import known_of_site
from helpdesk.usecases.site_in_hand import SiteInHand, site_for_agency


@dataclass(frozen=True, slots=True)
class StartAudit:
    """Which site, and what the audit is for."""

    site_id: SiteId
    kind: AuditKind


async def start_audit(desk: Desk, *, viewer: Viewer, request: StartAudit) -> Audit:
    """Begin an audit and return it: the checklist of today is copied into it (R-DATA).

    Points that the data tell of are answered, for people to confirm or to answer otherwise. Raises
    AgencyOnly, ScopeMissing and NotFound.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await site_for_agency(desk, records, viewer, request.site_id)
        blank = Audit(
            id=AuditId(desk.new_id()),
            agency_id=viewer.agency_id,
            client_id=held.site.client_id,
            site_id=held.site.id,
            kind=request.kind,
            checklist=desk.diagnostics.checklist(),
            started_on=held.today,
            started_at=held.now,
            started_by=held.actor,
        )
        audit = await _with_derived_answers(held, blank)
        await records.diagnostics.add_audit(replace(audit, answers=()))
        await records.diagnostics.add_answers(audit.id, 0, *audit.answers)
        return audit


async def _with_derived_answers(held: SiteInHand, audit: Audit) -> Audit:
    facts = await known_of_site(held)
    for code, finding in derived_points(facts, today=held.today).items():
        answer = PointAnswer(
            point=code,
            status=PointStatus.GREEN if finding.is_fine else PointStatus.RED,
            on=held.today,
            expires_on=audit.checklist.point(code).valid_until(held.today),
            at=held.now,
            by=SYSTEM,
            evidence=finding.evidence(held.agency.locale),
            is_derived=True,
        )
        audit = answered(audit, answer)
    return audit
