"""npm audit: the JSON report of `npm audit --json`, version 2 (npm 7 and later).

`vulnerabilities` names packages; in `via` stand the advisories themselves as objects, and as texts
the packages that bring them along. Each advisory is kept once, with the package that has it.
"""

from collections.abc import Iterator

from helpdesk.domain.site_record import Severity, SiteCheck, SiteCheckKind, Vulnerability
from helpdesk.domain.site_report import SiteReport
from helpdesk.monitoring.reading import Given, Unexpected

TOOL = "npm audit"
VERSION = "2"
_SEVERITIES = {
    "info": Severity.INFO,
    "low": Severity.LOW,
    "moderate": Severity.MODERATE,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}


def report(content: bytes) -> SiteReport:
    """Return the vulnerabilities of a run. Raises Unexpected."""
    given = Given.parsed(content)
    if given.has("error"):
        raise Unexpected(f"the run failed: {given.part('error').text('summary', '')}")
    given.choice("auditReportVersion", VERSION)
    if not given.has("vulnerabilities"):
        raise Unexpected("vulnerabilities is missing")
    packages = given.named("vulnerabilities")
    found = {
        (one.component, one.identifier): one
        for package in packages.values()
        for one in _advisories(package)
    }
    return SiteReport(
        tool=TOOL,
        check=SiteCheck(
            SiteCheckKind.DEPENDENCY_AUDIT, not found, f"{TOOL}: {len(found)} vulnerabilities"
        ),
        vulnerabilities=tuple(found.values()),
    )


def _advisories(package: Given) -> Iterator[Vulnerability]:
    for place, via in enumerate(package.values.get("via") or ()):
        if isinstance(via, dict):
            yield _vulnerability(Given(via, f"{package.where}.via[{place}]"))


def _vulnerability(given: Given) -> Vulnerability:
    url = given.text("url", "")
    # GHSA-… at the end of the address is the name that everybody uses.
    name = url.rpartition("/")[2] or given.text("source")
    return Vulnerability(
        component=given.text("name"),
        identifier=name,
        severity=_SEVERITIES.get(given.text("severity", ""), Severity.UNKNOWN),
        title=given.text("title"),
        tool=TOOL,
        affected_versions=given.text("range", ""),
        url=url,
    )
