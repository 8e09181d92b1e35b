"""The report of a tool is read, and what it adds to what is known of a site is written down."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import SiteId, SiteRecordId
from helpdesk.domain.message import TextTooLong
from helpdesk.domain.site_record import SiteRecord, SiteRecordKind, open_vulnerabilities
from helpdesk.domain.site_report import ReportFormat, worth_recording
from helpdesk.usecases.agency_site import agency_site
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.record_on_site import written

REPORT_LIMIT = 20_000_000
"""Bytes of a report that are read; a Lighthouse report with its screenshots has a few million."""


@dataclass(frozen=True, slots=True)
class ImportSiteReport:
    """A report of a site, as the tool wrote it."""

    site_id: SiteId
    report_format: ReportFormat
    content: bytes


async def import_site_report(
    desk: Desk, *, viewer: Viewer, request: ImportSiteReport
) -> tuple[SiteRecord, ...]:
    """Write down what the report adds, and return it.

    What is known to be open is not told again, and what the same tool finds no longer is fixed.
    Raises AgencyOnly, ScopeMissing, NotFound, TextTooLong, ReportNotUnderstood, RecordToCome.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        site = await agency_site(records, viewer, request.site_id)
        if len(request.content) > REPORT_LIMIT:
            raise TextTooLong(
                path=("content",),
                field="content",
                length=len(request.content),
                limit=REPORT_LIMIT,
            )
        report = desk.tools.report(request.report_format, request.content)
        await records.incidents.lock_site(site.id)
        told = await records.site_records.records([site.id], [SiteRecordKind.VULNERABILITY])
        now = desk.now()
        added = tuple(
            SiteRecord(
                id=SiteRecordId(desk.new_id()),
                agency_id=viewer.agency_id,
                site_id=site.id,
                at=report.made_at or now,
                fact=written(fact),
                recorded_at=now,
                recorded_by=viewer.actor,
            )
            for fact in worth_recording(report, open_vulnerabilities(told))
        )
        for record in added:
            await records.site_records.add(record)
        return added
