"""The agency tells that a site was not available."""

from dataclasses import dataclass
from datetime import UTC, datetime

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import IncidentId, SiteId
from helpdesk.domain.incident import Incident, recorded, require_apart
from helpdesk.domain.message import SUBJECT_LIMIT, required_text
from helpdesk.domain.period import Period
from helpdesk.domain.uptime_clause import OutageReason
from helpdesk.usecases.agency_site import agency_site
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.ports import Records

BY_HAND = "agency"
SOURCE_LIMIT = 100
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RecordIncident:
    """An outage as somebody noticed it; `ended_at` is None while it lasts.

    `source` names who or what noticed it: one source tells of an instant once.
    """

    site_id: SiteId
    began_at: datetime
    title: str
    ended_at: datetime | None = None
    reason: OutageReason = OutageReason.UNKNOWN
    source: str = BY_HAND
    idempotency_key: str | None = None


async def record_incident(desk: Desk, *, viewer: Viewer, request: RecordIncident) -> Incident:
    """Write the incident down and return it; no ticket is opened for it.

    Raises AgencyOnly, ScopeMissing, NotFound, TextRequired, TextTooLong, IncidentReversed,
    IncidentToCome, IncidentsOverlap, IdempotencyKeyReused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        site = await agency_site(records, viewer, request.site_id)
        asked = question(viewer, "recordIncident", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return await _known(records, IncidentId(before["incidentId"]))
        incident = Incident(
            id=IncidentId(desk.new_id()),
            agency_id=viewer.agency_id,
            site_id=site.id,
            source=required_text(request.source, field="source", limit=SOURCE_LIMIT),
            began_at=request.began_at,
            ended_at=request.ended_at,
            reason=request.reason,
            title=required_text(request.title, field="title", limit=SUBJECT_LIMIT),
        )
        change = recorded(incident, at=desk.now(), actor=viewer.actor)
        await require_told_once(records, incident)
        await records.incidents.add(change)
        await remember_answer(records, asked, {"incidentId": incident.id})
        return incident


async def require_told_once(records: Records, incident: Incident) -> None:
    """Refuse with IncidentsOverlap what its source told already; whoever comes at once waits."""
    await records.incidents.lock_site(incident.site_id)
    # An open incident overlaps with whatever begins later.
    around = Period(incident.began_at, incident.ended_at or _NEVER)
    known = await records.incidents.incidents([incident.site_id], around)
    require_apart(incident, known)


async def _known(records: Records, incident_id: IncidentId) -> Incident:
    incident = await records.incidents.incident(incident_id)
    assert incident is not None  # noqa: S101 - incidents are never removed
    return incident
