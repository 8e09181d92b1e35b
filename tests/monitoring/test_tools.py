"""What tools send is understood as their documentation says, and nothing else is.

The calls are written after the documentation: Alertmanager's version 4, the webhooks of Sentry's
integration platform. The reports are written after the formats that the tools document.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from helpdesk.domain.monitoring import Alert, AlertKind, MonitoringTool, SignalNotUnderstood
from helpdesk.domain.site_record import Severity
from helpdesk.domain.site_report import ReportFormat, ReportNotUnderstood
from helpdesk.monitoring.tools import PublicTools, recognised
from tests.usecases.monitoring import an_event, robot_says

FIXTURES = Path(__file__).with_name("fixtures")
NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)

Json = Any  # decoded JSON


def fixture(name: str) -> Json:
    """Return what a tool sends."""
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def told(tool: MonitoringTool, event: Json, topic: str = "") -> tuple[Alert, ...]:
    """Return what a call tells of."""
    return PublicTools().alerts(tool, json.dumps(event), topic)


def test_uptimerobot_tells_of_downs_ups_and_certificates() -> None:
    (down,) = told(MonitoringTool.UPTIMEROBOT, robot_says("1", NOON))
    (up,) = told(MonitoringTool.UPTIMEROBOT, robot_says("2", NOON))
    (certificate,) = told(MonitoringTool.UPTIMEROBOT, robot_says("3", NOON))

    assert (down.kind, down.is_over, down.began_at) == (AlertKind.OUTAGE, False, NOON)
    assert down.key == f"777@{int(NOON.timestamp())}"
    assert (up.key, up.ended_at, up.site) == ("777@", NOON, "https://bruno.example")
    assert (certificate.kind, certificate.thing) == (AlertKind.ALERT, "certificate:777")


@pytest.mark.parametrize(
    "changes",
    [
        {"alertType": "9"},
        {"alertType": None},
        {"alertDateTime": None},
        {"alertDateTime": "yesterday"},
        {"alertDateTime": "9" * 30},
        {"monitorID": True},
        {"monitorID": ["777"]},
    ],
)
def test_another_call_is_not_taken_for_one_of_uptimerobot(changes: dict[str, Any]) -> None:
    with pytest.raises(SignalNotUnderstood):
        told(MonitoringTool.UPTIMEROBOT, {**robot_says("1", NOON), **changes})


def test_alertmanager_tells_of_each_alert_of_a_group() -> None:
    event = fixture("alertmanager")
    first = event["alerts"][0]
    resolved = {**first, "status": "resolved", "endsAt": "2023-02-06T13:20:00Z"}
    warning = {**first, "labels": {"alertname": "Slow", "severity": "warning"}, "annotations": {}}
    unnamed = {**warning, "fingerprint": None}
    event["alerts"] += [resolved, warning, unnamed]

    firing, over, slow, old = told(MonitoringTool.ALERTMANAGER, event)

    assert (firing.kind, firing.thing) == (AlertKind.OUTAGE, "1a30ba71cca2921f")
    assert firing.site == "https://server.example.org"
    assert firing.ended_at is None
    assert (over.key, over.is_over) == (firing.key, True)
    assert over.ended_at == datetime(2023, 2, 6, 13, 20, tzinfo=UTC)
    assert (slow.kind, slow.title, slow.site) == (AlertKind.ALERT, "Slow", "")
    assert old.thing == "alertname=Slow,severity=warning"


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "3"},
        {"alerts": []},
        {"alerts": None},
        {"alerts": {}},
        {"alerts": ["x"]},
        {"alerts": [{"status": "firing", "labels": {}, "annotations": {}}]},
        {"alerts": [{"status": "firing", "labels": {}, "annotations": {}, "startsAt": "noon"}]},
        {
            "alerts": [
                {"status": "?", "labels": {}, "annotations": {}, "startsAt": "2026-07-06T12:00:00Z"}
            ]
        },
        {
            "alerts": [
                {
                    "status": "firing",
                    "labels": {},
                    "annotations": {},
                    "startsAt": "2026-07-06T12:00",
                }
            ]
        },
        {"alerts": [{"status": "firing", "labels": None}]},
    ],
)
def test_another_call_is_not_taken_for_one_of_alertmanager(changes: dict[str, Any]) -> None:
    with pytest.raises(SignalNotUnderstood):
        told(MonitoringTool.ALERTMANAGER, {**fixture("alertmanager"), **changes})


def test_sentry_tells_of_outages_by_its_uptime_monitors_alone() -> None:
    issue = fixture("sentry_issue")
    error = fixture("sentry_event_alert")
    uptime = fixture("sentry_event_alert")
    uptime["data"]["event"]["occurrence"] = {"type": 7001}

    (outage,) = told(MonitoringTool.SENTRY, issue, "issue")
    (mere_error,) = told(MonitoringTool.SENTRY, error, "event_alert")
    (other_outage,) = told(MonitoringTool.SENTRY, uptime, "event_alert")
    (metric,) = told(MonitoringTool.SENTRY, fixture("sentry_metric_alert"), "metric_alert")

    assert (outage.kind, outage.thing, outage.occurrence) == (AlertKind.OUTAGE, "1170820242", "")
    assert outage.site == "bruno.example"
    assert outage.detail == "https://example-org.sentry.io/issues/1170820242/"
    assert mere_error.kind is AlertKind.ALERT
    assert other_outage.kind is AlertKind.OUTAGE
    assert (metric.kind, metric.is_over, metric.thing) == (AlertKind.ALERT, True, "metric:1")


@pytest.mark.parametrize(("action", "is_over"), [("resolved", True), ("unresolved", False)])
def test_an_issue_of_sentry_ends_when_it_is_resolved(action: str, *, is_over: bool) -> None:
    event = fixture("sentry_issue")
    event["data"]["issue"]["project"] = None

    (alert,) = told(MonitoringTool.SENTRY, {**event, "action": action}, "issue")

    assert (alert.is_over, alert.began_at, alert.site) == (is_over, None, "")


def test_what_asks_for_nothing_tells_of_nothing() -> None:
    event = fixture("sentry_issue")

    assert told(MonitoringTool.SENTRY, {**event, "action": "assigned"}, "issue") == ()
    assert told(MonitoringTool.SENTRY, event, "installation") == ()


def test_our_own_format_tells_when_it_began_and_ended() -> None:
    (opened,) = told(MonitoringTool.GENERIC, an_event())
    (dated,) = told(MonitoringTool.GENERIC, an_event(beganAt="2026-07-06T08:30:00+02:00"))
    (over,) = told(MonitoringTool.GENERIC, an_event("incident.resolved"))
    (alert,) = told(MonitoringTool.GENERIC, an_event(severity="alert", title=""))

    assert opened.began_at == over.ended_at == datetime(2026, 7, 6, 7, tzinfo=UTC)
    assert dated.began_at == datetime(2026, 7, 6, 6, 30, tzinfo=UTC)
    assert (over.key, over.began_at) == (opened.key, None)
    assert (alert.kind, alert.title) == (AlertKind.ALERT, "The site is down")


@pytest.mark.parametrize("body", ["", "[]", "{", '{"type": "incident.opened", "data": 1}'])
def test_what_is_no_json_object_is_not_understood(body: str) -> None:
    with pytest.raises(SignalNotUnderstood):
        PublicTools().alerts(MonitoringTool.GENERIC, body, "")


def report_of(report_format: ReportFormat, content: Json) -> Any:
    """Return what a report says."""
    return PublicTools().report(report_format, json.dumps(content).encode())


def test_lighthouse_gives_figures() -> None:
    report = report_of(ReportFormat.LIGHTHOUSE, fixture("lighthouse"))
    by_google = report_of(
        ReportFormat.LIGHTHOUSE, {"lighthouseResult": fixture("lighthouse"), "id": "x"}
    )

    assert report.made_at == datetime(2026, 7, 5, 16, 13, 31, tzinfo=UTC)
    assert report.figures.figures == {
        "score-performance": Decimal(93),
        "score-accessibility": Decimal(100),
        "first-contentful-paint": Decimal("1262.954"),
        "largest-contentful-paint": Decimal("2431.5"),
        "cumulative-layout-shift": Decimal("0.012"),
    }
    assert (report.figures.tool, report.figures.form_factor) == ("lighthouse 12.2.1", "mobile")
    assert by_google == report


def test_npm_audit_gives_each_advisory_once() -> None:
    report = report_of(ReportFormat.NPM_AUDIT, fixture("npm_audit"))
    clean = report_of(ReportFormat.NPM_AUDIT, {"auditReportVersion": 2, "vulnerabilities": {}})

    assert [
        (one.component, one.identifier, one.severity, one.affected_versions)
        for one in report.vulnerabilities
    ] == [
        ("minimist", "GHSA-vh95-rmgr-6w4m", Severity.MODERATE, "<0.2.1"),
        ("minimist", "GHSA-xvch-5gv4-984h", Severity.CRITICAL, "<0.2.4"),
    ]
    assert (report.check.is_ok, clean.check.is_ok, clean.vulnerabilities) == (False, True, ())


def test_an_advisory_without_an_address_is_named_by_its_number() -> None:
    content = fixture("npm_audit")
    via = content["vulnerabilities"]["minimist"]["via"][0]
    via.update(url=None, severity=None)

    report = report_of(ReportFormat.NPM_AUDIT, content)

    assert (report.vulnerabilities[0].identifier, report.vulnerabilities[0].severity) == (
        "1096465",
        Severity.UNKNOWN,
    )


def test_wpscan_gives_what_core_theme_and_plugins_have() -> None:
    content = fixture("wpscan")
    content["themes"] = {
        "old": {
            "version": {"number": "1.0"},
            "vulnerabilities": [{"title": "t", "cvss": {"score": "9.8"}, "references": None}],
        }
    }

    report = report_of(ReportFormat.WPSCAN, content)

    assert [
        (one.component, one.identifier, one.severity, one.fixed_in)
        for one in report.vulnerabilities
    ] == [
        ("WordPress", "WPVDB-2c63f136-4c1f-4093-9a8c-5e51f19eae28", Severity.MODERATE, "6.5.5"),
        ("old", "t", Severity.CRITICAL, ""),
        ("contact-form", "CVE-2024-4704", Severity.UNKNOWN, "5.9.5"),
        ("contact-form", "Contact Form - Something without a name", Severity.UNKNOWN, ""),
    ]
    assert report.made_at == datetime(2025, 7, 5, 16, 1, tzinfo=UTC)
    assert report.vulnerabilities[0].url == "https://wordpress.org/news/2024/06/wordpress-6-5-5/"


def test_wpscan_of_a_site_that_hides_its_version_and_theme() -> None:
    content = fixture("wpscan")
    del content["version"], content["main_theme"]

    report = report_of(ReportFormat.WPSCAN, content)

    assert {one.component for one in report.vulnerabilities} == {"contact-form"}


@pytest.mark.parametrize(
    ("report_format", "changes", "said"),
    [
        (ReportFormat.LIGHTHOUSE, {"lighthouseVersion": None}, "lighthouseVersion is no text"),
        (ReportFormat.LIGHTHOUSE, {"runtimeError": {"message": "NO_FCP"}}, "NO_FCP"),
        (
            ReportFormat.LIGHTHOUSE,
            {"finalDisplayedUrl": None, "finalUrl": None, "requestedUrl": None},
            "none of",
        ),
        (ReportFormat.LIGHTHOUSE, {"categories": {"seo": {"score": "high"}}}, "is no number"),
        (ReportFormat.LIGHTHOUSE, {"fetchTime": "noon"}, "no date and time"),
        (ReportFormat.NPM_AUDIT, {"auditReportVersion": 1}, "none of 2"),
        (ReportFormat.NPM_AUDIT, {"vulnerabilities": None}, "missing"),
        (ReportFormat.NPM_AUDIT, {"error": {"summary": "ENOLOCK"}}, "ENOLOCK"),
        (ReportFormat.WPSCAN, {"scan_aborted": "no WordPress"}, "aborted: no WordPress"),
        (ReportFormat.WPSCAN, {"target_url": None}, "target_url is missing"),
        (ReportFormat.WPSCAN, {"vuln_api": {"error": "No WPScan API Token given"}}, "--api-token"),
        (ReportFormat.WPSCAN, {"vuln_api": None}, "--api-token"),
        (ReportFormat.WPSCAN, {"plugins": {"x": {"vulnerabilities": {}}}}, "is no list"),
    ],
)
def test_a_report_of_another_kind_is_refused_with_what_is_wrong(
    report_format: ReportFormat, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ReportNotUnderstood) as refusal:
        report_of(report_format, {**fixture(report_format.value.lower()), **changes})

    assert said in str(refusal.value)


def test_a_report_is_recognised_by_what_is_in_it() -> None:
    for report_format in ReportFormat:
        content = (FIXTURES / f"{report_format.value.lower()}.json").read_bytes()
        assert recognised(content) is report_format
    for other in (b"{}", b"%PDF-1.7"):
        with pytest.raises(ReportNotUnderstood):
            recognised(other)


@pytest.mark.parametrize("content", [b"", b"\xff", b"<html>", b"[]"])
def test_a_file_that_is_no_json_is_refused(content: bytes) -> None:
    for report_format in ReportFormat:
        with pytest.raises(ReportNotUnderstood):
            PublicTools().report(report_format, content)
