"""UptimeRobot: a monitor went down or up, as its web-hook contact tells it.

The variables are those that UptimeRobot documents, sent in the query string, as a form or as JSON:
monitorID, monitorURL, monitorFriendlyName, alertType (1 down, 2 up, 3 the certificate expires),
alertTypeFriendlyName, alertDetails and alertDateTime in seconds since 1970. It signs nothing, so
the secret stands in the address, as `token`.
"""

from helpdesk.domain.monitoring import Alert, AlertKind
from helpdesk.monitoring.reading import Given, Unexpected

DOWN, UP, CERTIFICATE = "1", "2", "3"


def alerts(given: Given, topic: str) -> tuple[Alert, ...]:
    """Return what a call tells of. Raises Unexpected."""
    del topic
    kind = given.choice("alertType", DOWN, UP, CERTIFICATE)
    monitor, name = given.text("monitorID"), given.text("monitorFriendlyName", "")
    site = given.text("monitorURL", "")
    at = given.second("alertDateTime")
    if at is None:
        raise Unexpected("alertDateTime is missing: send the default variables")
    if kind == CERTIFICATE:
        return (
            Alert(
                AlertKind.ALERT,
                f"certificate:{monitor}",
                f"The certificate of {name or site} expires",
                is_over=False,
                occurrence=str(int(at.timestamp())),
                site=site,
                detail=given.text("alertDetails", ""),
                began_at=at,
            ),
        )
    is_over = kind == UP
    return (
        Alert(
            AlertKind.OUTAGE,
            monitor,
            f"{name or site} is down",
            is_over=is_over,
            # An up names no down: it ends the trouble of this monitor that lasts.
            occurrence="" if is_over else str(int(at.timestamp())),
            site=site,
            detail=given.text("alertDetails", ""),
            began_at=None if is_over else at,
            ended_at=at if is_over else None,
        ),
    )
