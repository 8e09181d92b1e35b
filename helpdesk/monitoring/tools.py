"""Every tool whose words are understood."""

from collections.abc import Callable, Mapping

from helpdesk.domain.monitoring import Alert, MonitoringTool, SignalNotUnderstood
from helpdesk.domain.site_report import ReportFormat, ReportNotUnderstood, SiteReport
from helpdesk.monitoring import (
    alertmanager,
    generic,
    lighthouse,
    npm_audit,
    sentry,
    uptimerobot,
    wpscan,
)
from helpdesk.monitoring.reading import Given, Unexpected

_ALERTS: Mapping[MonitoringTool, Callable[[Given, str], tuple[Alert, ...]]] = {
    MonitoringTool.UPTIMEROBOT: uptimerobot.alerts,
    MonitoringTool.ALERTMANAGER: alertmanager.alerts,
    MonitoringTool.SENTRY: sentry.alerts,
    MonitoringTool.GENERIC: generic.alerts,
}
_REPORTS: Mapping[ReportFormat, Callable[[bytes], SiteReport]] = {
    ReportFormat.LIGHTHOUSE: lighthouse.report,
    ReportFormat.NPM_AUDIT: npm_audit.report,
    ReportFormat.WPSCAN: wpscan.report,
}


_MARKS = {
    "lighthouseVersion": ReportFormat.LIGHTHOUSE,
    "lighthouseResult": ReportFormat.LIGHTHOUSE,
    "auditReportVersion": ReportFormat.NPM_AUDIT,
    "target_url": ReportFormat.WPSCAN,
    "scan_aborted": ReportFormat.WPSCAN,
}
"""By which of its fields a report is recognised."""


def recognised(content: bytes) -> ReportFormat:
    """Return which tool wrote a report. Raises ReportNotUnderstood."""
    known = ", ".join(ReportFormat)
    try:
        given = Given.parsed(content)
    except Unexpected as trouble:
        raise ReportNotUnderstood(tool=known, trouble=trouble) from None
    for name, report_format in _MARKS.items():
        if given.has(name):
            return report_format
    raise ReportNotUnderstood(tool=known, trouble=f"none of {', '.join(_MARKS)} is in it")


class PublicTools:
    """Reads what tools with a public format send."""

    def alerts(self, tool: MonitoringTool, body: str, topic: str) -> tuple[Alert, ...]:
        """Return what a call tells of. Raises SignalNotUnderstood."""
        try:
            return _ALERTS[tool](Given.parsed(body), topic)
        except Unexpected as trouble:
            raise SignalNotUnderstood(tool=tool.value, trouble=trouble) from None

    def report(self, report_format: ReportFormat, content: bytes) -> SiteReport:
        """Return what a report says. Raises ReportNotUnderstood."""
        try:
            return _REPORTS[report_format](content)
        except Unexpected as trouble:
            raise ReportNotUnderstood(
                path=("content",), tool=report_format.value, trouble=trouble
            ) from None
