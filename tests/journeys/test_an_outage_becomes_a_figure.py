"""A probe calls: the site is down, a P0 opens, the site is back, the month has its figure."""

import json
import urllib.request
from datetime import datetime, timedelta
from typing import Any

from helpdesk.bootstrap import utc_now
from helpdesk.domain.webhook import signature
from tests.journeys.running_demo import RunningDemo

SITES = "{ sites(first: 1) { nodes { id name } } }"
HOOK = """mutation M($input: CreateMonitoringHookInput!) { createMonitoringHook(input: $input) {
  secret hook { id url } errors { message } } }"""
SITE = """query Q($id: ID!) { node(id: $id) { ... on Site {
  availability { isMeasured measured downMinutes countedMinutes totalMinutes isMet }
  incidents(first: 1) { nodes { title beganAt endedAt isOutage
    ticket { number priority status channel kind contract { reference } } } } } } }"""


def test_an_outage_becomes_a_p0_and_a_figure_through_the_api_alone(demo: RunningDemo) -> None:
    [site] = demo.ask(SITES)["sites"]["nodes"]
    given = {"name": "Sonde", "tool": "GENERIC", "siteId": site["id"]}
    made = demo.ask(HOOK, input=given)["createMonitoringHook"]
    assert made["errors"] == []
    began_at = utc_now() - timedelta(minutes=3)

    down = {"incidentId": "journey", "title": "Erreur 502", "beganAt": began_at.isoformat()}
    assert _call(demo, made, "incident.opened", down) == 200
    opened = demo.ask(SITE, id=site["id"])["node"]["incidents"]["nodes"][0]
    assert _call(demo, made, "incident.opened", {**down, "detail": "still"}) == 200
    assert _call(demo, made, "incident.resolved", {"incidentId": "journey"}) == 200
    after = demo.ask(SITE, id=site["id"])["node"]

    assert (opened["title"], opened["endedAt"]) == ("Erreur 502", None)
    ticket = opened["ticket"]
    assert (ticket["priority"], ticket["status"]) == ("P0", "NEW")
    assert (ticket["channel"], ticket["kind"]) == ("MONITORING", "MONITORING")
    [closed] = after["incidents"]["nodes"]
    assert closed["endedAt"] is not None
    assert (closed["ticket"]["number"], closed["ticket"]["status"]) == (
        ticket["number"],
        "RESOLVED",
    )
    lasted = datetime.fromisoformat(closed["endedAt"]) - began_at
    assert lasted >= timedelta(minutes=3)
    # In the first minutes of a month a part of it lies in the month before.
    assert 0 <= after["availability"]["downMinutes"] <= lasted // timedelta(minutes=1)
    assert after["availability"]["totalMinutes"] >= 28 * 24 * 60 - 60


def _call(demo: RunningDemo, made: Any, kind: str, data: dict[str, str]) -> int:
    """Return the status that a signed call is answered with. Any: JSON."""
    body = json.dumps({"type": kind, "data": data}).encode()
    now = utc_now()
    second, name = int(now.timestamp()), f"call at {now.isoformat()}"
    headers = {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(second),
        "webhook-signature": signature(made["secret"], name, second, body),
    }
    request = urllib.request.Request(made["hook"]["url"], body, headers)  # noqa: S310 - localhost
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - likewise
        status: int = answer.status
        return status
