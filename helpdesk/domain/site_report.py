"""Reports of tools that looked at a site: what of them is worth keeping."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.site_record import (
    Performance,
    SiteCheck,
    SiteFact,
    Vulnerability,
    VulnerabilityState,
)


class ReportFormat(StrEnum):
    """The public formats that are understood."""

    LIGHTHOUSE = "LIGHTHOUSE"
    NPM_AUDIT = "NPM_AUDIT"
    WPSCAN = "WPSCAN"


class ReportNotUnderstood(HelpdeskError):
    """A file of another kind would be kept as if nothing had been found."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "This is no report of {tool}: {trouble}."
    french: ClassVar[str] = "Ce n'est pas un rapport de {tool} : {trouble}."


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a tool found: figures, vulnerabilities, and that it was run.

    `made_at` is when it says that it was made, in UTC; None where it does not.
    """

    tool: str
    made_at: datetime | None = None
    figures: Performance | None = None
    check: SiteCheck | None = None
    vulnerabilities: tuple[Vulnerability, ...] = ()


def worth_recording(report: SiteReport, known_open: Iterable[Vulnerability]) -> Iterator[SiteFact]:
    """Give what a report adds to what is known of a site.

    A vulnerability that is known to be open is not told again. One that the same tool told of
    before and finds no longer is fixed: that is how the next audit shows what was done.
    """
    known = {one.name: one for one in known_open}
    found = {one.name: one for one in report.vulnerabilities}
    if report.figures is not None:
        yield report.figures
    if report.check is not None:
        yield report.check
    yield from (one for name, one in found.items() if name not in known)
    for name, one in known.items():
        if one.tool == report.tool and name not in found and report.check is not None:
            yield replace(one, state=VulnerabilityState.FIXED)
