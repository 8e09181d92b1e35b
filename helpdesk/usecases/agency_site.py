"""The site that a verb of the agency is about."""

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.agency import Site
from helpdesk.domain.ids import SiteId
from helpdesk.usecases.ports import Records


async def agency_site(records: Records, viewer: Viewer, site_id: SiteId) -> Site:
    """Return a site of which the agency may write things down.

    Raises AgencyOnly and ScopeMissing, and NotFound for a site that does not exist.
    """
    viewer.require_agency(Scope.TICKETS_WRITE)
    site = await records.clients.site(site_id)
    if site is None:
        raise NotFound(path=("siteId",), what="Site", id=site_id)
    return site
