"""What can be written down about a site."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import ClassVar

import strawberry

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteRecordId
from helpdesk.domain.site_record import (
    Backup,
    BackupKind,
    Certificate,
    Environment,
    Performance,
    RestoreTest,
    Severity,
    SiteCheck,
    SiteCheckKind,
    SiteFact,
    Update,
    Vulnerability,
    VulnerabilityState,
)
from helpdesk.domain.site_report import ReportFormat
from helpdesk.graphql.availability_mutations import site_given
from helpdesk.graphql.fields import attribute, described_enum, optional
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.site import Site
from helpdesk.usecases.import_site_report import ImportSiteReport, import_site_report
from helpdesk.usecases.record_on_site import RecordOnSite, record_on_site

described_enum(
    ReportFormat,
    "SiteReportFormat",
    "The reports of tools that are understood.",
    {
        ReportFormat.LIGHTHOUSE: "`lighthouse URL --output json`, or PageSpeed Insights.",
        ReportFormat.NPM_AUDIT: "`npm audit --json`, of npm 7 and later.",
        ReportFormat.WPSCAN: "`wpscan --url URL --api-token TOKEN --format json`.",
    },
)

_NOTE = "What else is to be said."


class FigureUnreadable(HelpdeskError):
    """A figure is a number; what is none would be kept as if it were measured."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "“{given}” is no number: write it as 1234.5."
    french: ClassVar[str] = "« {given} » n'est pas un nombre : écrivez 1234.5."


@strawberry.input
class SiteRecordInput(MutationInput):
    """What everything that is written down about a site has in common."""

    site_id: strawberry.ID = attribute("The site.")
    at: datetime | None = optional("When it was so; now if left out.")
    corrects: strawberry.ID | None = optional("The record that it stands instead of.")


@strawberry.input(description="A component went from a version to another.")
class RecordUpdateInput(SiteRecordInput):
    """A component went from a version to another."""

    component: str = attribute("Which component.")
    to_version: str = attribute("To which version.")
    from_version: str = optional("From which version.", default="")
    environment: Environment = optional(
        "On which copy of the site.", default=Environment.PRODUCTION
    )
    security_published_at: datetime | None = optional(
        "When the security fix was published; left out for another update."
    )
    is_tested_on_staging: bool = optional("Whether it was tried on staging.", default=False)
    rolled_back: bool = optional("Whether it was taken back.", default=False)
    note: str = optional(_NOTE, default="")


@strawberry.input(description="A backup was made.")
class RecordBackupInput(SiteRecordInput):
    """A backup was made."""

    what: BackupKind = attribute("Of what.")
    is_off_site: bool = optional("Whether it is kept elsewhere.", default=False)
    is_verified: bool = optional("Whether it was verified.", default=False)
    is_automatic: bool = optional("Whether it was made without anybody.", default=True)
    retention_days: int | None = optional("For how long it is kept.")
    size_bytes: int | None = optional("How large it is.")
    note: str = optional(_NOTE, default="")


@strawberry.input(description="A backup was put back somewhere, to see whether that works.")
class RecordRestoreTestInput(SiteRecordInput):
    """A backup was put back somewhere."""

    has_succeeded: bool = attribute("Whether it worked.")
    backup_made_at: datetime | None = optional("Which backup.")
    minutes_taken: int | None = optional("How long it took.")
    note: str = optional(_NOTE, default="")


@strawberry.input(description="What the TLS certificate of a site says.")
class RecordCertificateInput(SiteRecordInput):
    """What the TLS certificate of a site says."""

    host: str = attribute("Whose name it is in.")
    expires_at: datetime = attribute("Until when it is valid.")
    issuer: str = optional("Who issued it.", default="")
    is_renewed_automatically: bool = optional("Whether it renews itself.", default=False)


@strawberry.input(description="What was found out about a vulnerability.")
class RecordVulnerabilityInput(SiteRecordInput):
    """What was found out about a vulnerability."""

    component: str = attribute("Which component has it.")
    identifier: str = attribute("What it is called: a CVE, a GHSA, or a name of yours.")
    title: str = attribute("What it is.")
    severity: Severity = optional("How bad it is.", default=Severity.UNKNOWN)
    state: VulnerabilityState = optional(
        "What is known of it now.", default=VulnerabilityState.FOUND
    )
    tool: str = optional("Who or what says so.", default="agency")
    affected_versions: str = optional("Which versions have it.", default="")
    fixed_in: str = optional("Which version is without it.", default="")
    url: str = optional("Where to read about it.", default="")
    note: str = optional("Why it is accepted, where it is; or what else is to be said.", default="")


@strawberry.input(description="A figure of a measurement.")
class PerformanceFigureInput:
    """A figure of a measurement."""

    name: str = attribute("What was measured, such as `largest-contentful-paint`.")
    value: str = attribute("A score from 0 to 100, milliseconds, or a number without a unit.")


@strawberry.input(description="What a tool measured of a page.")
class RecordPerformanceInput(SiteRecordInput):
    """What a tool measured of a page."""

    url: str = attribute("Of which page.")
    figures: list[PerformanceFigureInput] = attribute("The figures.")
    tool: str = optional("Which tool.", default="agency")
    form_factor: str = optional("As which device.", default="")


@strawberry.input(description="Something was looked at.")
class RecordCheckInput(SiteRecordInput):
    """Something was looked at."""

    what: SiteCheckKind = attribute("What.")
    is_ok: bool = attribute("Whether it was as it should be.")
    note: str = optional("What was seen.", default="")
    valid_until: date | None = optional("The last day on which that is good enough.")


@strawberry.input(description="The report of a tool about a site.")
class ImportSiteReportInput(MutationInput):
    """The report of a tool about a site."""

    site_id: strawberry.ID = attribute("The site.")
    format: ReportFormat = attribute("Which tool wrote it.")
    content: str = attribute("The JSON, as the tool wrote it.")


def _payload(name: str) -> object:
    text = "Something that was written down about a site."
    return payload(name, text, site=(Site, "The site."))


RecordUpdatePayload = _payload("RecordUpdatePayload")
RecordBackupPayload = _payload("RecordBackupPayload")
RecordRestoreTestPayload = _payload("RecordRestoreTestPayload")
RecordCertificatePayload = _payload("RecordCertificatePayload")
RecordVulnerabilityPayload = _payload("RecordVulnerabilityPayload")
RecordPerformancePayload = _payload("RecordPerformancePayload")
RecordCheckPayload = _payload("RecordCheckPayload")
ImportSiteReportPayload = _payload("ImportSiteReportPayload")


async def update_recorded(request: Request, given: RecordUpdateInput) -> Outcome:
    """Write an update down."""
    return await _recorded(
        request,
        given,
        Update(
            component=given.component,
            from_version=given.from_version,
            to_version=given.to_version,
            environment=given.environment,
            security_published_at=given.security_published_at,
            is_tested_on_staging=given.is_tested_on_staging,
            rolled_back=given.rolled_back,
            note=given.note,
        ),
    )


async def backup_recorded(request: Request, given: RecordBackupInput) -> Outcome:
    """Write a backup down."""
    return await _recorded(
        request,
        given,
        Backup(
            what=given.what,
            is_off_site=given.is_off_site,
            is_verified=given.is_verified,
            is_automatic=given.is_automatic,
            retention_days=given.retention_days,
            size_bytes=given.size_bytes,
            note=given.note,
        ),
    )


async def restore_test_recorded(request: Request, given: RecordRestoreTestInput) -> Outcome:
    """Write a restore test down."""
    fact = RestoreTest(given.has_succeeded, given.backup_made_at, given.minutes_taken, given.note)
    return await _recorded(request, given, fact)


async def certificate_recorded(request: Request, given: RecordCertificateInput) -> Outcome:
    """Write down what a certificate says."""
    fact = Certificate(given.host, given.expires_at, given.issuer, given.is_renewed_automatically)
    return await _recorded(request, given, fact)


async def vulnerability_recorded(request: Request, given: RecordVulnerabilityInput) -> Outcome:
    """Write down what was found out about a vulnerability."""
    return await _recorded(
        request,
        given,
        Vulnerability(
            component=given.component,
            identifier=given.identifier,
            severity=given.severity,
            title=given.title,
            tool=given.tool,
            state=given.state,
            affected_versions=given.affected_versions,
            fixed_in=given.fixed_in,
            url=given.url,
            note=given.note,
        ),
    )


async def performance_recorded(request: Request, given: RecordPerformanceInput) -> Outcome:
    """Write a measurement down."""
    figures = {one.name: _number(one.value) for one in given.figures}
    fact = Performance(given.url, given.tool, figures, given.form_factor)
    return await _recorded(request, given, fact)


async def check_recorded(request: Request, given: RecordCheckInput) -> Outcome:
    """Write down what was looked at."""
    fact = SiteCheck(given.what, given.is_ok, given.note, given.valid_until)
    return await _recorded(request, given, fact)


async def report_imported(request: Request, given: ImportSiteReportInput) -> Outcome:
    """Write down what a report adds."""
    site_id = site_given(given.site_id)
    asked = ImportSiteReport(site_id, given.format, given.content.encode("utf-8", "replace"))
    await import_site_report(request.desk, viewer=request.viewer, request=asked)
    return {"site": site_id}


async def _recorded(request: Request, given: SiteRecordInput, fact: SiteFact) -> Outcome:
    site_id = site_given(given.site_id)
    corrects = None if given.corrects is None else SiteRecordId(given.corrects)
    at = given.at or request.desk.now()
    asked = RecordOnSite(site_id, at, fact, corrects)
    await record_on_site(request.desk, viewer=request.viewer, request=asked)
    return {"site": site_id}


def _number(given: str) -> Decimal:
    try:
        number = Decimal(given)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise FigureUnreadable(path=("figures",), given=given[:50])
    return number
