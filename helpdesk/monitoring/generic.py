"""Our own format, for every tool that can be taught it: signed JSON, as Standard Webhooks sign.

    {"type": "incident.opened", "timestamp": "2026-07-06T08:00:00Z",
     "data": {"incidentId": "a-17", "site": "https://bruno.example", "title": "Shop is down",
              "severity": "outage", "beganAt": "2026-07-06T07:58:12Z", "detail": "HTTP 502"}}

`incident.resolved` carries the same `incidentId`, and `endedAt`. The severity `alert` is something
to look at, not an outage; left out, it is an outage.
"""

from helpdesk.domain.monitoring import Alert, AlertKind
from helpdesk.monitoring.reading import Given

OPENED, RESOLVED = "incident.opened", "incident.resolved"
_SEVERITIES = {"outage": AlertKind.OUTAGE, "alert": AlertKind.ALERT}


def alerts(given: Given, topic: str) -> tuple[Alert, ...]:
    """Return what a call tells of. Raises Unexpected."""
    del topic
    is_over = given.choice("type", OPENED, RESOLVED) == RESOLVED
    data = given.part("data")
    severity = data.choice("severity", *_SEVERITIES) if data.has("severity") else "outage"
    at = given.instant("timestamp")
    return (
        Alert(
            _SEVERITIES[severity],
            "incident",
            data.text("title", "").strip() or "The site is down",
            is_over=is_over,
            occurrence=data.text("incidentId"),
            site=data.text("site", ""),
            detail=data.text("detail", ""),
            began_at=data.instant("beganAt") or (None if is_over else at),
            ended_at=(data.instant("endedAt") or at) if is_over else None,
        ),
    )
