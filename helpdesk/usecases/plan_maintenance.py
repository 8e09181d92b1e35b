"""Planned work is announced, so that its minutes are no broken promise; or called off."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.availability import announced
from helpdesk.domain.ids import MaintenanceId, SiteId
from helpdesk.domain.message import BODY_LIMIT, required_text
from helpdesk.usecases.agency_site import agency_site
from helpdesk.usecases.availability_ports import PlannedWork
from helpdesk.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class AnnounceMaintenance:
    """When a site will be worked on, and what will be done, for the client to read."""

    site_id: SiteId
    starts_at: datetime
    ends_at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class CancelMaintenance:
    """Announced work that will not be."""

    maintenance_id: MaintenanceId


async def announce_maintenance(
    desk: Desk, *, viewer: Viewer, request: AnnounceMaintenance
) -> PlannedWork:
    """Announce the work and return it; it is announced from now on, whatever its contract asks for.

    Raises AgencyOnly, ScopeMissing, NotFound, TextRequired, TextTooLong, MaintenanceReversed,
    MaintenanceBegun.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        site = await agency_site(records, viewer, request.site_id)
        work = PlannedWork(
            MaintenanceId(desk.new_id()),
            announced(site.id, request.starts_at, request.ends_at, at=desk.now()),
            required_text(request.what, field="what", limit=BODY_LIMIT),
            viewer.actor,
        )
        await records.incidents.add_work(work)
        return work


async def cancel_maintenance(desk: Desk, *, viewer: Viewer, request: CancelMaintenance) -> SiteId:
    """Call the work off, and return its site; nothing is left out of a promise for it any more.

    Work that was called off stays so. Raises AgencyOnly, ScopeMissing, NotFound.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        viewer.require_agency(Scope.TICKETS_WRITE)
        work = await records.incidents.planned_work(request.maintenance_id)
        if work is None:
            raise NotFound(path=("maintenanceId",), what="Maintenance", id=request.maintenance_id)
        if work.maintenance.cancelled_at is None:
            await records.incidents.cancel_work(work.id, viewer.actor, at=desk.now())
        return work.maintenance.site_id
