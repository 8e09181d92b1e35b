"""What the steps of a site have in common: rights, the lock, the local day."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Actor, NotFound, Scope, Viewer
from helpdesk.domain.agency import Agency, Site
from helpdesk.domain.ids import SiteId
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class SiteInHand:
    """A site that is locked, on a local day of its agency, and who acts."""

    desk: Desk
    records: Records
    agency: Agency
    site: Site
    actor: Actor
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local day of the agency."""
        return self.now.astimezone(self.zone).date()


async def site_for_agency(
    desk: Desk, records: Records, viewer: Viewer, site_id: SiteId
) -> SiteInHand:
    """Return a site that the agency may describe, locked.

    Raises AgencyOnly, ScopeMissing, NotFound.
    """
    viewer.require_agency(Scope.CLIENTS_WRITE)
    held = await site_in_hand(desk, records, site_id, viewer.actor)
    if held is None:
        raise NotFound(path=("siteId",), what="Site", id=site_id)
    return held


async def site_in_hand(
    desk: Desk, records: Records, site_id: SiteId, actor: Actor
) -> SiteInHand | None:
    """Return a site, locked; None when there is none."""
    site = await records.diagnostics.lock_site(site_id)
    if site is None:
        return None
    agency = await records.agencies.agency()
    return SiteInHand(desk, records, agency, site, actor, desk.now(), ZoneInfo(agency.zone))
