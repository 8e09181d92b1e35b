"""Lighthouse: the JSON report of the command line (`lighthouse URL --output json`).

The format is that of docs/understanding-results.md in GoogleChrome/lighthouse; the report of
PageSpeed Insights carries the same object under `lighthouseResult`.
"""

from decimal import Decimal

from helpdesk.domain.site_record import Performance
from helpdesk.domain.site_report import SiteReport
from helpdesk.monitoring.reading import Given, Unexpected

TOOL = "lighthouse"
AUDITS = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "speed-index",
    "total-blocking-time",
    "cumulative-layout-shift",
    "interactive",
    "interaction-to-next-paint",
    "server-response-time",
)
"""The audits whose figures are kept: times in milliseconds, and a shift that has no unit."""


def report(content: bytes) -> SiteReport:
    """Return the figures of a run. Raises Unexpected."""
    given = Given.parsed(content)
    result = given.part("lighthouseResult") if given.has("lighthouseResult") else given
    version = result.text("lighthouseVersion")
    if result.has("runtimeError"):
        raise Unexpected(f"the run failed: {result.part('runtimeError').text('message', '')}")
    settings = result.part("configSettings") if result.has("configSettings") else Given({})
    return SiteReport(
        tool=TOOL,
        made_at=result.instant("fetchTime"),
        figures=Performance(
            url=_address(result),
            tool=f"{TOOL} {version}",
            figures={**_scores(result), **_times(result)},
            form_factor=settings.text("formFactor", ""),
        ),
    )


def _address(result: Given) -> str:
    names = ("finalDisplayedUrl", "finalUrl", "requestedUrl")
    for name in names:
        if result.has(name):
            return result.text(name)
    raise Unexpected(f"none of {', '.join(names)} is there")


def _scores(result: Given) -> dict[str, Decimal]:
    """Return the scores of the categories, from 0 to 100; one that was not given is not there."""
    return {
        f"score-{name}": _cut(category.number("score") * 100)
        for name, category in result.named("categories").items()
        if category.has("score")
    }


def _times(result: Given) -> dict[str, Decimal]:
    audits = result.named("audits")
    return {
        name: _cut(audits[name].number("numericValue"))
        for name in AUDITS
        if name in audits and audits[name].has("numericValue")
    }


def _cut(value: float) -> Decimal:
    return round(Decimal(str(value)), 3).normalize() + 0
