"""Sentry: issues and alerts, as the webhooks of an internal integration tell them.

The header `Sentry-Hook-Resource` says what it is about. An issue of the category `outage` that an
uptime monitor made is an outage; so is an issue alert whose occurrence is of type 7001. Everything
else (errors, metric alerts, cron monitors) is something to look at: a site that throws errors may
well be available. An issue is one trouble as long as it is not resolved, however often it alerts.
"""

from helpdesk.domain.monitoring import Alert, AlertKind
from helpdesk.monitoring.reading import Given

UPTIME_TYPE = "uptime_domain_failure"
UPTIME_OCCURRENCE = "7001"
_ISSUE_ACTIONS = {"created": False, "unresolved": False, "resolved": True, "archived": True}
_METRIC_ACTIONS = {"critical": False, "warning": False, "resolved": True}


def alerts(given: Given, topic: str) -> tuple[Alert, ...]:
    """Return what a call tells of; nothing for what asks for nothing. Raises Unexpected."""
    if topic == "issue":
        return _issue(given)
    if topic == "event_alert":
        return _issue_alert(given)
    if topic == "metric_alert":
        return _metric_alert(given)
    return ()


def _issue(given: Given) -> tuple[Alert, ...]:
    action = given.text("action")
    if action not in _ISSUE_ACTIONS:
        return ()
    issue = given.part("data").part("issue")
    is_outage = issue.text("issueType", "") == UPTIME_TYPE
    is_over = _ISSUE_ACTIONS[action]
    return (
        Alert(
            AlertKind.OUTAGE if is_outage else AlertKind.ALERT,
            issue.text("id"),
            issue.text("title"),
            is_over=is_over,
            site=issue.part("project").text("slug", "") if issue.has("project") else "",
            detail=issue.text("permalink", "") or issue.text("web_url", ""),
            began_at=issue.instant("firstSeen") if action == "created" else None,
        ),
    )


def _issue_alert(given: Given) -> tuple[Alert, ...]:
    data = given.part("data")
    event = data.part("event")
    occurrence = event.part("occurrence") if event.has("occurrence") else Given({})
    is_outage = occurrence.text("type", "") == UPTIME_OCCURRENCE
    at = event.instant("datetime")
    return (
        Alert(
            AlertKind.OUTAGE if is_outage else AlertKind.ALERT,
            event.text("issue_id"),
            event.text("title"),
            is_over=False,
            detail=event.text("web_url", ""),
            began_at=at,
        ),
    )


def _metric_alert(given: Given) -> tuple[Alert, ...]:
    action = given.choice("action", *_METRIC_ACTIONS)
    data = given.part("data")
    incident = data.part("metric_alert")
    return (
        Alert(
            AlertKind.ALERT,
            f"metric:{incident.text('identifier')}",
            data.text("description_title"),
            is_over=_METRIC_ACTIONS[action],
            occurrence=incident.text("date_started", ""),
            detail=data.text("description_text", ""),
            began_at=incident.instant("date_started"),
            ended_at=incident.instant("date_closed"),
        ),
    )
