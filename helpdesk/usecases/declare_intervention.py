"""Somebody says that a site was changed, or will be, by others than the agency."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.exclusion import EvidenceKind, Intervention, InterventionAuthor
from helpdesk.domain.ids import ClientId, InterventionId, SiteId
from helpdesk.domain.message import BODY_LIMIT, required_text
from helpdesk.usecases.classification_ports import SiteIntervention
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.open_ticket import ClientRequired
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class DeclareIntervention:
    """What is done, when and by whom.

    A client declares for himself; the agency names the client or the site, and `detected_by` where
    nobody told it.
    """

    what: str
    at: datetime
    by: InterventionAuthor
    client_id: ClientId | None = None
    site_id: SiteId | None = None
    detected_by: EvidenceKind | None = None


async def declare_intervention(
    desk: Desk, *, viewer: Viewer, request: DeclareIntervention
) -> SiteIntervention:
    """Write an intervention down and return it; it stays covered only if it is validated (REQ-E20).

    Raises ScopeMissing, ClientRequired, NotFound, TextRequired, TextTooLong, and AgencyOnly for a
    client who says that something was detected.
    """
    viewer.require(Scope.TICKETS_WRITE)
    if request.detected_by is not None:
        viewer.require_agency(Scope.TICKETS_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        client_id = await _client(records, viewer, request)
        declared = Intervention(
            what=required_text(request.what, field="what", limit=BODY_LIMIT),
            at=request.at,
            by=request.by,
            is_declared=request.detected_by is None,
            detected_by=request.detected_by,
        )
        intervention = SiteIntervention(
            id=InterventionId(desk.new_id()),
            client_id=client_id,
            site_id=request.site_id,
            intervention=declared,
            recorded_by=viewer.actor,
            recorded_at=desk.now(),
        )
        await records.classifications.add_intervention(intervention)
        return intervention


async def _client(records: Records, viewer: Viewer, request: DeclareIntervention) -> ClientId:
    site = None if request.site_id is None else await records.clients.site(request.site_id)
    of_site = None if site is None else site.client_id
    client_id = request.client_id or viewer.client_id or of_site
    if request.site_id is not None and (of_site is None or of_site != client_id):
        raise NotFound(path=("siteId",), what="Site", id=request.site_id)
    if client_id is None:
        raise ClientRequired(path=("clientId",))
    known = await records.clients.client(client_id)
    if known is None or not viewer.sees_client(client_id):
        raise NotFound(path=("clientId",), what="Client", id=client_id)
    return client_id
