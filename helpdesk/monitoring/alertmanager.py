"""Prometheus Alertmanager: alerts that fire and resolve, as its webhook receiver tells them.

Version 4 of the payload. An alert is known by its fingerprint and by when it started. The labels
`site`, else `instance` or `target`, say which site it is about. A `severity` other than critical or
page makes it something to look at, not an outage; the routes of Alertmanager choose what is sent.
"""

from helpdesk.domain.monitoring import Alert, AlertKind
from helpdesk.monitoring.reading import Given, Unexpected

VERSION = "4"
OUTAGES = frozenset({"", "critical", "page"})
_SITE_LABELS = ("site", "instance", "target")


def alerts(given: Given, topic: str) -> tuple[Alert, ...]:
    """Return what a call tells of. Raises Unexpected."""
    del topic
    given.choice("version", VERSION)
    told = given.parts("alerts")
    if not told:
        raise Unexpected("alerts is empty")
    return tuple(_alert(one) for one in told)


def _alert(given: Given) -> Alert:
    labels, notes = given.part("labels"), given.part("annotations")
    began_at = given.instant("startsAt")
    if began_at is None:
        raise Unexpected("startsAt is missing")
    name = labels.text("alertname", "alert")
    is_over = given.choice("status", "firing", "resolved") == "resolved"
    severity = labels.text("severity", "").lower()
    return Alert(
        AlertKind.OUTAGE if severity in OUTAGES else AlertKind.ALERT,
        given.text("fingerprint", "") or _fingerprint(labels),
        notes.text("summary", "") or name,
        is_over=is_over,
        occurrence=began_at.isoformat(),
        site=next((labels.text(one) for one in _SITE_LABELS if labels.has(one)), ""),
        detail=notes.text("description", ""),
        began_at=began_at,
        ended_at=given.instant("endsAt") if is_over else None,
    )


def _fingerprint(labels: Given) -> str:
    """Return what tells an alert from others where an old Alertmanager gives no fingerprint."""
    return ",".join(f"{name}={labels.text(name)}" for name in sorted(labels.values))
