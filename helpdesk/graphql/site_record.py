"""What was done on a site, and seen there."""

from datetime import date, datetime

import strawberry

from helpdesk.domain.site_record import (
    BackupKind,
    Environment,
    Severity,
    SiteCheckKind,
    VulnerabilityState,
)
from helpdesk.graphql.fields import attribute, described_enum

described_enum(
    Environment,
    "SiteEnvironment",
    "Which copy of a site.",
    {
        Environment.PRODUCTION: "The one that visitors see.",
        Environment.STAGING: "The one where things are tried.",
    },
)
described_enum(
    BackupKind,
    "BackupKind",
    "What was saved.",
    {
        BackupKind.DATABASE: "The database.",
        BackupKind.FILES: "The files.",
        BackupKind.FULL: "Both.",
    },
)
described_enum(
    Severity,
    "VulnerabilitySeverity",
    "How bad a vulnerability is, as its publisher says.",
    {
        Severity.CRITICAL: "Whoever finds it owns the site.",
        Severity.HIGH: "It is soon used.",
        Severity.MODERATE: "It takes some luck to use it.",
        Severity.LOW: "It takes much luck to use it.",
        Severity.INFO: "It is good to know.",
        Severity.UNKNOWN: "Its publisher does not say.",
    },
)
described_enum(
    VulnerabilityState,
    "VulnerabilityState",
    "What is known of a vulnerability.",
    {
        VulnerabilityState.FOUND: "It is there.",
        VulnerabilityState.FIXED: "It is there no longer.",
        VulnerabilityState.ACCEPTED: "It is there and stays, for a reason.",
    },
)
described_enum(
    SiteCheckKind,
    "SiteCheckKind",
    "What was looked at.",
    {
        SiteCheckKind.LOGS: "The logs of the application and of the server.",
        SiteCheckKind.ACCESS_REVIEW: "Who has access.",
        SiteCheckKind.FUNCTIONAL: "Whether something works, such as a form.",
        SiteCheckKind.DEPENDENCY_AUDIT: "Whether dependencies have known vulnerabilities.",
        SiteCheckKind.DOCUMENTATION: "Whether the documentation is up to date.",
        SiteCheckKind.ROLLBACK_PROCEDURE: "Whether going back was tried and is written down.",
        SiteCheckKind.OTHER: "Something else; the note says what.",
    },
)

_NOTE = "What else is to be said; absent where nothing is."


@strawberry.interface(description="Something that was written down about a site.")
class SiteRecord:
    """Something that was written down about a site."""

    record_id: strawberry.ID = attribute("How a later record names it to correct it.")
    at: datetime = attribute("When it was so.")
    recorded_at: datetime = attribute("When it was written down.")
    recorded_by: str = attribute("Who wrote it down.")


@strawberry.type(description="A component went from a version to another.")
class SiteUpdate(SiteRecord):
    """A component went from a version to another."""

    component: str = attribute("Which component.")
    from_version: str | None = attribute("From which version; absent where nobody says.")
    to_version: str = attribute("To which version.")
    environment: Environment = attribute("On which copy of the site.")
    security_published_at: datetime | None = attribute(
        "When the security fix was published; absent for another update."
    )
    is_late: bool | None = attribute(
        "Whether a security fix came more than 72 hours after its publication; absent for other "
        "updates, on staging and when taken back."
    )
    is_tested_on_staging: bool = attribute("Whether it was tried on staging before.")
    rolled_back: bool = attribute("Whether it was taken back.")
    note: str | None = attribute(_NOTE)


@strawberry.type(description="A backup was made.")
class SiteBackup(SiteRecord):
    """A backup was made."""

    what: BackupKind = attribute("Of what.")
    is_off_site: bool = attribute("Whether it is kept elsewhere.")
    is_verified: bool = attribute("Whether it was verified.")
    is_automatic: bool = attribute("Whether it was made without anybody.")
    retention_days: int | None = attribute("For how long it is kept; absent where nobody says.")
    size_bytes: int | None = attribute("How large it is; absent likewise.")
    note: str | None = attribute(_NOTE)


@strawberry.type(description="A backup was put back somewhere, to see whether that works.")
class SiteRestoreTest(SiteRecord):
    """A backup was put back somewhere."""

    has_succeeded: bool = attribute("Whether it worked.")
    backup_made_at: datetime | None = attribute("Which backup; absent where nobody says.")
    minutes_taken: int | None = attribute("How long it took; absent likewise.")
    note: str | None = attribute(_NOTE)


@strawberry.type(description="What the TLS certificate of a site says.")
class SiteCertificate(SiteRecord):
    """What the TLS certificate of a site says."""

    host: str = attribute("Whose name it is in.")
    expires_at: datetime = attribute("Until when it is valid.")
    issuer: str | None = attribute("Who issued it; absent where nobody says.")
    is_renewed_automatically: bool = attribute("Whether it renews itself.")


@strawberry.type(description="What was found out about a vulnerability.")
class SiteVulnerability(SiteRecord):
    """What was found out about a vulnerability."""

    component: str = attribute("Which component has it.")
    identifier: str = attribute("What it is called: a CVE, a GHSA, or its title.")
    severity: Severity = attribute("How bad it is.")
    title: str = attribute("What it is.")
    tool: str = attribute("Who or what says so.")
    state: VulnerabilityState = attribute("What is known of it.")
    affected_versions: str | None = attribute("Which versions have it; absent where nobody says.")
    fixed_in: str | None = attribute("Which version is without it; absent likewise.")
    url: str | None = attribute("Where to read about it; absent likewise.")
    note: str | None = attribute(_NOTE)


@strawberry.type(description="A figure of a measurement.")
class PerformanceFigure:
    """A figure of a measurement."""

    name: str = attribute("What was measured, as the tool calls it.")
    value: str = attribute("A score from 0 to 100, milliseconds, or a number without a unit.")


@strawberry.type(description="What a tool measured of a page.")
class SitePerformance(SiteRecord):
    """What a tool measured of a page."""

    url: str = attribute("Of which page.")
    tool: str = attribute("Which tool, in which version.")
    form_factor: str | None = attribute("As which device; absent where nobody says.")
    figures: list[PerformanceFigure] = attribute("The figures, by name.", points=5)


@strawberry.type(description="Something was looked at.")
class SiteCheck(SiteRecord):
    """Something was looked at."""

    what: SiteCheckKind = attribute("What.")
    is_ok: bool = attribute("Whether it was as it should be.")
    note: str | None = attribute(_NOTE)
    valid_until: date | None = attribute(
        "The last day on which that is good enough; absent where nobody says."
    )
