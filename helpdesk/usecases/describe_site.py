"""Somebody writes down what is known of a site."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import SiteId
from helpdesk.domain.site_sheet import SheetVersion, SiteSheet
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.site_in_hand import site_for_agency


@dataclass(frozen=True, slots=True)
class DescribeSite:
    """What is known anew; what it does not say stays as it was."""

    site_id: SiteId
    sheet: SiteSheet


async def describe_site(desk: Desk, *, viewer: Viewer, request: DescribeSite) -> SheetVersion:
    """Add a version of the sheet and return it; what says nothing new adds none.

    Raises AgencyOnly, ScopeMissing and NotFound; the sheet itself refuses secrets.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        held = await site_for_agency(desk, records, viewer, request.site_id)
        latest = await records.diagnostics.sheet(held.site.id)
        known = SiteSheet() if latest is None else latest.sheet
        sheet = known.updated(request.sheet)
        if latest is not None and sheet == latest.sheet:
            return latest
        number = 1 if latest is None else latest.version + 1
        version = SheetVersion(held.site.id, number, sheet, held.now, held.actor)
        await records.diagnostics.add_sheet(version)
        return version
