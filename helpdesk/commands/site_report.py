"""`helpdesk import-report`: the report of a tool about a site, from a file."""

from collections import Counter
from typing import ClassVar

from helpdesk.bootstrap import Engine
from helpdesk.domain.access import NotFound, system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.site_report import ReportFormat
from helpdesk.monitoring.tools import recognised
from helpdesk.usecases.import_site_report import ImportSiteReport, import_site_report


class SitesOfOneName(HelpdeskError):
    """A report about one site is no report about another of its name."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{count} sites are called “{name}”: give the address of one."
    french: ClassVar[str] = "{count} sites s'appellent « {name} » : donnez l'adresse de l'un."


async def import_report(
    engine: Engine,
    agency: Agency,
    site: str,
    content: bytes,
    *,
    report_format: ReportFormat | None = None,
) -> str:
    """Return what a report added to what is known of a site, in words.

    The site is named by its address, its name or its identity; the tool is recognised unless it is
    named. Raises NotFound, SitesOfOneName, ReportNotUnderstood.
    """
    request = ImportSiteReport(
        await _site(engine, agency, site), report_format or recognised(content), content
    )
    viewer = system_viewer(agency.id, agency.locale)
    added = await import_site_report(engine.desk, viewer=viewer, request=request)
    counted = Counter(record.fact.kind.value.lower() for record in added)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(counted.items()))
    return told or "nothing new"


async def _site(engine: Engine, agency: Agency, named: str) -> SiteId:
    async with engine.desk.store.reading(agency.id) as records:
        sites = await records.monitoring.sites()
    bare = named.rstrip("/")
    found = [one for one in sites if bare in {one.id, one.name, one.url.rstrip("/")}]
    if not found:
        raise NotFound(what="Site", id=named)
    if len(found) > 1:
        raise SitesOfOneName(count=len(found), name=named)
    return found[0].id
