"""WPScan: the JSON report of `wpscan --url URL --api-token TOKEN --format json`.

Vulnerabilities stand with WordPress itself, with its theme, and with each plugin. Without an API
token WPScan knows of none, which must not be read as "nothing was found".
"""

from collections.abc import Iterator

from helpdesk.domain.site_record import Severity, SiteCheck, SiteCheckKind, Vulnerability
from helpdesk.domain.site_report import SiteReport
from helpdesk.monitoring.reading import Given, Unexpected

TOOL = "wpscan"
_REFERENCES = {"cve": "CVE-", "wpvulndb": "WPVDB-"}
"""By which of its references a vulnerability is named, the best first."""


def report(content: bytes) -> SiteReport:
    """Return the vulnerabilities of a run. Raises Unexpected."""
    given = Given.parsed(content)
    if given.has("scan_aborted"):
        raise Unexpected(f"the run was aborted: {given.text('scan_aborted')}")
    if not given.has("target_url"):
        raise Unexpected("target_url is missing")
    api = given.part("vuln_api") if given.has("vuln_api") else Given({})
    if not api.values or api.has("error"):
        raise Unexpected("it was made without vulnerability data: run it with --api-token")
    found = {(one.component, one.identifier): one for one in _found(given)}
    return SiteReport(
        tool=TOOL,
        made_at=given.second("stop_time"),
        check=SiteCheck(
            SiteCheckKind.DEPENDENCY_AUDIT, not found, f"{TOOL}: {len(found)} vulnerabilities"
        ),
        vulnerabilities=tuple(found.values()),
    )


def _found(given: Given) -> Iterator[Vulnerability]:
    if given.has("version"):
        core = given.part("version")
        yield from _of("WordPress", core, core.text("number", ""))
    if given.has("main_theme"):
        theme = given.part("main_theme")
        yield from _of(theme.text("slug"), theme, _version(theme))
    for name in ("themes", "plugins"):
        for slug, part in given.named(name).items():
            yield from _of(slug, part, _version(part))


def _version(part: Given) -> str:
    """Return the version of a part; it is null where WPScan could not tell it."""
    return part.part("version").text("number", "") if part.has("version") else ""


def _of(component: str, part: Given, version: str) -> Iterator[Vulnerability]:
    for one in part.parts("vulnerabilities"):
        yield Vulnerability(
            component=component,
            identifier=_identifier(one),
            severity=_severity(one),
            title=one.text("title"),
            tool=TOOL,
            affected_versions=version,
            fixed_in=one.text("fixed_in", ""),
            url=_address(one),
        )


def _identifier(given: Given) -> str:
    references = given.part("references") if given.has("references") else Given({})
    for name, prefix in _REFERENCES.items():
        listed = references.values.get(name)
        if isinstance(listed, list) and listed:
            return f"{prefix}{listed[0]}"
    return given.text("title")


def _address(given: Given) -> str:
    references = given.part("references") if given.has("references") else Given({})
    listed = references.values.get("url")
    return str(listed[0]) if isinstance(listed, list) and listed else ""


_SCORES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MODERATE))
"""From which CVSS 3 score on a vulnerability is how bad."""


def _severity(given: Given) -> Severity:
    if not given.has("cvss"):
        return Severity.UNKNOWN
    try:
        score = float(given.part("cvss").text("score"))
    except ValueError:
        return Severity.UNKNOWN
    return next((each for least, each in _SCORES if score >= least), Severity.LOW)
