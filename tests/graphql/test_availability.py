"""Availability through the API alone: a tool calls, a ticket opens, the month gets its figure."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from helpdesk.domain.webhook import signature
from helpdesk.monitoring.door import BODY_LIMIT
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of
from tests.usecases.monitoring import an_event, robot_says

Json = Any  # decoded JSON

FIGURES = """month from to isFinal target isMeasured measured contractual coverage isMet
  totalMinutes downMinutes countedMinutes allowedMinutes gaps { from to }"""
SITE = f"""query Q($id: ID!, $month: Month) {{ node(id: $id) {{ ... on Site {{
  availability(month: $month) {{ {FIGURES} }}
  incidents(first: 5) {{ totalCount nodes {{ title beganAt endedAt isOutage isWithdrawn reason
    source ticket {{ number priority status channel messages(first: 5) {{ nodes {{ body }} }} }}
    facts {{ kind saidBy explanation }} }} }} }} }} }}"""
CONTRACT = f"""query Q($id: ID!, $month: Month) {{ contract(id: $id) {{
  availability(month: $month) {{ month isFinal target together isMeasured measured contractual isMet
    sites {{ site {{ name }} {FIGURES} }} }} }} }}"""
HOOK = "secret hook { id name tool url revokedAt site { name } }"


async def hook_for(api: Api, world: World, tool: str = "GENERIC", **given: Any) -> Json:
    """Return a hook that was made through the API."""
    site_id = world.bruno.global_id(Noun.SITE)
    return await done(
        api, "createMonitoringHook", HOOK, name="Probe", tool=tool, siteId=site_id, **given
    )


async def call(
    api: Api, made: Json, event: Json, *, at: datetime, call_id: str = "call-1"
) -> httpx.Response:
    """Return the answer to a call in our own format, signed at an instant."""
    body = json.dumps(event).encode()
    second = int(at.timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": call_id,
        "webhook-timestamp": str(second),
        "webhook-signature": signature(made["secret"], call_id, second, body),
    }
    return await post(api, made, body, headers)


async def post(
    api: Api, made: Json, body: bytes, headers: dict[str, str], query: str = ""
) -> httpx.Response:
    """Return the answer to a call of somebody who has no token of the API."""
    path = made["hook"]["url"].removeprefix("https://helpdesk.example") + query
    async with Api(api.app, None).client() as client:
        return await client.post(path, content=body, headers=headers)


async def test_an_outage_becomes_a_p0_and_a_figure_of_the_month(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    made = await hook_for(alice, world)
    down = an_event(beganAt="2026-07-06T07:00:00Z", title="The bakery is down")

    opened = await call(alice, made, down, at=world.now())
    world.now.advance(hours=4)
    over = an_event("incident.resolved", endedAt="2026-07-06T10:43:12Z")
    ended = await call(alice, made, over, at=world.now(), call_id="call-2")
    world.now.advance(hours=24 * 31)

    assert (opened.status_code, ended.status_code) == (200, 200)
    given = {"id": world.bruno.global_id(Noun.SITE), "month": "2026-07"}
    site = (await bruno.data(SITE, **given))["node"]
    latest = site["incidents"]["nodes"][0]
    assert (latest["title"], latest["source"]) == ("The bakery is down", None)
    assert (latest["beganAt"], latest["endedAt"]) == (
        "2026-07-06T07:00:00Z",
        "2026-07-06T10:43:12Z",
    )
    ticket = latest["ticket"]
    assert (ticket["priority"], ticket["status"], ticket["channel"]) == (
        "P0",
        "RESOLVED",
        "MONITORING",
    )
    assert ticket["messages"]["nodes"][-1]["body"] == (
        "Probe signale que « The bakery is down » a pris fin le 2026-07-06 12:43."
    )
    assert [fact["kind"] for fact in latest["facts"]] == ["RECORDED", "ENDED"]
    # An hour of 1 July is in the world already: 60 min, and 223 min 12 s of 6 July.
    assert site["availability"] == {
        "month": "2026-07",
        "from": "2026-06-30T22:00:00Z",
        "to": "2026-07-31T22:00:00Z",
        "isFinal": True,
        "target": "99.5",
        "isMeasured": True,
        "measured": "99.36",
        "contractual": "99.36",
        "coverage": "100.00",
        "isMet": False,
        "totalMinutes": 44_640,
        "downMinutes": 283,
        "countedMinutes": 283,
        "allowedMinutes": 223,
        "gaps": [],
    }


async def test_a_cause_that_was_put_right_changes_the_figure(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    given = {"id": world.bruno.global_id(Noun.CONTRACT), "month": "2026-07"}
    incident = {"incidentId": world.bruno.global_id(Noun.INCIDENT)}
    world.now.advance(hours=24 * 31)

    before = (await alice.data(CONTRACT, **given))["contract"]["availability"]
    payload = await done(
        alice,
        "correctIncident",
        "incident { reason facts { kind saidBy explanation } }",
        **incident,
        reason="HOSTING_FAILURE",
        explanation="status.host.example/42",
    )
    after = (await alice.data(CONTRACT, **given))["contract"]["availability"]

    assert (before["contractual"], after["contractual"]) == ("99.86", "100.00")
    assert (after["measured"], after["isMet"], after["together"]) == ("99.86", True, "WORST")
    [site] = after["sites"]
    assert (site["site"], site["downMinutes"], site["countedMinutes"]) == (
        {"name": "bruno"},
        60,
        0,
    )
    assert payload["incident"]["facts"][-1] == {
        "kind": "CORRECTED",
        "saidBy": "Alice",
        "explanation": "status.host.example/42",
    }


async def test_a_month_that_nobody_watched_has_no_figure(world: World) -> None:
    alice = world.api(secret_of("alice"))
    ids = {"id": world.bruno.global_id(Noun.SITE)}

    may = (await alice.data(SITE, **ids, month="2026-05"))["node"]["availability"]
    now = (await alice.data(SITE, **ids))["node"]["availability"]

    assert (may["isMeasured"], may["measured"], may["contractual"], may["isMet"]) == (
        False,
        None,
        None,
        None,
    )
    assert may["gaps"] == [{"from": may["from"], "to": may["to"]}]
    assert (now["month"], now["isFinal"], now["isMeasured"]) == ("2026-07", False, True)


async def test_a_contract_has_no_figure_for_a_month_before_it(world: World) -> None:
    alice = world.api(secret_of("alice"))
    given = {"id": world.bruno.global_id(Noun.CONTRACT), "month": "2024-12"}

    assert (await alice.data(CONTRACT, **given))["contract"] == {"availability": None}


async def test_incidents_are_told_ended_and_withdrawn(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    wanted = "incident { id endedAt isWithdrawn source title }"
    told = {"beganAt": "2026-07-06T06:00:00Z", "title": "Down"}

    made = await done(alice, "recordIncident", wanted, **site, **told)
    twice = await do(alice, "recordIncident", wanted, **site, **told)
    wrong = await do(
        alice, "recordIncident", wanted, **site, **{**told, "endedAt": "2026-07-06T05:00:00Z"}
    )
    mine = {"incidentId": made["incident"]["id"]}
    ended = await done(alice, "endIncident", wanted, **mine)
    late = await do(alice, "endIncident", wanted, **mine)
    gone = await done(alice, "withdrawIncident", wanted, **mine, explanation="A drill.")

    assert [error["code"] for one in (twice, wrong, late) for error in one["errors"]] == [
        "INCIDENT_OVERLAP",
        "BAD_INPUT",
        "INCIDENT_CLOSED",
    ]
    assert ended["incident"]["endedAt"] == "2026-07-06T07:00:00Z"
    assert (gone["incident"]["isWithdrawn"], gone["incident"]["source"]) == (True, "agency")


async def test_work_is_announced_and_watches_are_written_down(world: World) -> None:
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    wanted = 'site { maintenance(month: "2026-08") { id what startsAt announcedBy cancelledAt } }'

    announced = await done(
        alice,
        "announceMaintenance",
        wanted,
        **site,
        startsAt="2026-08-01T20:00:00Z",
        endsAt="2026-08-01T21:00:00Z",
        what="PHP 8.4",
    )
    [work] = announced["site"]["maintenance"]
    cancelled = await done(alice, "cancelMaintenance", wanted, maintenanceId=work["id"])
    gap = await done(
        alice,
        "recordProbeWatch",
        "site { availability { gaps { from to } } maintenance { what } }",
        **site,
        source="generic:hook-bruno",
        beganAt="2026-07-02T00:00:00Z",
        endedAt="2026-07-02T01:00:00Z",
        isGap=True,
    )

    assert (work["what"], work["announcedBy"]) == ("PHP 8.4", "Alice")
    assert cancelled["site"]["maintenance"][0]["cancelledAt"] == "2026-07-06T07:00:00Z"
    assert gap["site"] == {
        "availability": {"gaps": [{"from": "2026-07-02T00:00:00Z", "to": "2026-07-02T01:00:00Z"}]},
        "maintenance": [{"what": "PHP 8.4"}, {"what": "Work for bruno"}],
    }


async def test_every_tool_is_let_in_as_it_proves_itself(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    robot = await hook_for(alice, world, "UPTIMEROBOT")
    prometheus = await hook_for(alice, world, "ALERTMANAGER")
    client_secret = "s" * 32
    sentry = await hook_for(alice, world, "SENTRY", secret=client_secret)
    said = robot_says("1", world.now())
    issue = json.dumps({"action": "assigned", "data": {}}).encode()
    as_form = {"content-type": "application/x-www-form-urlencoded"}
    as_json = {"content-type": "application/json"}
    digest = hmac.new(client_secret.encode(), issue, hashlib.sha256).hexdigest()

    answers = [
        await post(alice, robot, json.dumps(said).encode(), as_json, f"?token={robot['secret']}"),
        await post(
            alice,
            robot,
            urlencode({**said, "monitorID": "778"}).encode(),
            as_form,
            f"?token={robot['secret']}",
        ),
        await post(
            alice,
            robot,
            b"",
            {},
            "?" + urlencode({**said, "monitorID": "779", "token": robot["secret"]}),
        ),
        await post(
            alice,
            prometheus,
            json.dumps(
                {
                    "version": "4",
                    "alerts": [
                        {
                            "status": "firing",
                            "labels": {"alertname": "Down"},
                            "annotations": {},
                            "startsAt": "2026-07-06T06:59:00Z",
                            "fingerprint": "f",
                        }
                    ],
                }
            ).encode(),
            {**as_json, "authorization": f"Bearer {prometheus['secret']}"},
        ),
        await post(
            alice,
            sentry,
            issue,
            {**as_json, "sentry-hook-signature": digest, "sentry-hook-resource": "issue"},
        ),
    ]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert [answer.json()["state"] for answer in answers] == ["DONE"] * 5
    assert answers[-1].json()["outcome"] == ""
    data = await alice.data(SITE, id=world.bruno.global_id(Noun.SITE))
    assert data["node"]["incidents"]["totalCount"] == 5


async def test_who_is_not_let_in_changes_nothing(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    made = await hook_for(alice, world)
    good = await call(alice, made, an_event(), at=world.now())
    before = await everything_in(world.database)
    old = world.now() - timedelta(minutes=6)
    stranger = {**made, "hook": {"url": "https://helpdesk.example/hooks/monitoring/nobody"}}

    answers = [
        await call(alice, {**made, "secret": "whsec_b3RoZXI="}, an_event(), at=world.now()),
        await call(alice, made, an_event(), at=old, call_id="call-2"),
        await call(alice, made, an_event(), at=world.now()),
        await call(alice, stranger, an_event(), at=world.now()),
        await post(alice, made, b" " * (BODY_LIMIT + 1), {}),
        await post(alice, made, b"", {"authorization": "Basic YTpi"}),
    ]

    assert good.status_code == 200
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (401, "UNAUTHENTICATED"),
        (401, "UNAUTHENTICATED"),
        (409, "SIGNAL_REPLAYED"),
        (404, "NOT_FOUND"),
        (413, "TOO_LONG"),
        (401, "UNAUTHENTICATED"),
    ]
    assert all("message" in answer.json() for answer in answers[:4])
    assert await everything_in(world.database) == before


async def test_what_is_not_understood_can_be_read(world: World) -> None:
    alice = world.api(secret_of("alice"))
    made = await hook_for(alice, world)

    refused = await call(alice, made, {"type": "ping"}, at=world.now())
    world.now.advance(minutes=1)
    again = await call(alice, made, {"type": "ping"}, at=world.now())
    data = await alice.data(
        """{ monitoringHooks(first: 1) { nodes { name tool
          signals(first: 5, filter: {state: [REFUSED]}) { nodes { state outcome body topic
            hook { name } } } } } }"""
    )

    assert (refused.status_code, again.status_code) == (422, 422)
    [hook] = data["monitoringHooks"]["nodes"]
    [signal] = hook["signals"]["nodes"]
    assert (hook["tool"], signal["state"], signal["hook"]) == (
        "GENERIC",
        "REFUSED",
        {"name": "Probe"},
    )
    assert signal["body"] == '{"type": "ping"}'
    assert "type is none of" in signal["outcome"]


async def test_a_secret_is_shown_once_and_a_revoked_hook_is_shut(world: World) -> None:
    alice = world.api(secret_of("alice"))
    made = await hook_for(alice, world)
    elsewhere = await do(
        alice, "createMonitoringHook", HOOK, name="n", tool="SENTRY", secret="short"
    )

    revoked = await done(
        alice, "revokeMonitoringHook", "hook { id revokedAt }", hookId=made["hook"]["id"]
    )
    answer = await call(alice, made, an_event(), at=world.now())

    assert made["hook"] | {"id": "", "url": ""} == {
        "id": "",
        "name": "Probe",
        "tool": "GENERIC",
        "url": "",
        "revokedAt": None,
        "site": {"name": "bruno"},
    }
    assert revoked["hook"]["revokedAt"] == "2026-07-06T07:00:00Z"
    assert answer.status_code == 401
    assert [error["code"] for error in elsewhere["errors"]] == ["REQUIRED"]
    listed = await alice.data("{ monitoringHooks { nodes { name url } } }")
    assert made["secret"] not in json.dumps(listed)


RECORDS = """site { updates { recordId component fromVersion toVersion environment isLate note
    recordedBy at } backups { what isOffSite retentionDays } restoreTests { hasSucceeded }
  certificates { host expiresAt issuer } vulnerabilities { component identifier severity state }
  performance { url figures { name value } } checks { what isOk validUntil } }"""


async def test_what_was_done_on_a_site_is_written_down_and_read(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    told: list[tuple[str, dict[str, Any]]] = [
        ("recordBackup", {"what": "DATABASE", "isOffSite": True, "retentionDays": 30}),
        ("recordRestoreTest", {"hasSucceeded": True}),
        (
            "recordCertificate",
            {"host": "bruno.example", "expiresAt": "2026-09-01T00:00:00Z", "issuer": "R3"},
        ),
        (
            "recordVulnerability",
            {"component": "forms", "identifier": "CVE-1", "title": "XSS", "severity": "HIGH"},
        ),
        (
            "recordPerformance",
            {"url": "https://bruno.example", "figures": [{"name": "lcp", "value": "2431.5"}]},
        ),
        ("recordCheck", {"what": "LOGS", "isOk": True, "validUntil": "2026-08-01"}),
    ]
    for name, given in told:
        await done(alice, name, "site { name }", **site, **given)
    slip = await done(
        alice,
        "recordUpdate",
        RECORDS,
        **site,
        component="WordPress",
        toVersion="6.6.5",
        securityPublishedAt="2026-07-03T06:59:59Z",
    )
    record_id = slip["site"]["updates"][0]["recordId"]

    right = await done(
        alice,
        "recordUpdate",
        RECORDS,
        **site,
        component="WordPress",
        toVersion="6.5.5",
        securityPublishedAt="2026-07-03T07:00:00Z",
        corrects=record_id,
    )

    shown = right["site"]
    assert [(one["toVersion"], one["isLate"]) for one in shown["updates"]] == [
        ("6.5.5", False),
        ("1.1", True),
    ]
    assert slip["site"]["updates"][0]["isLate"] is True
    assert {key: shown[key] for key in shown if key != "updates"} == {
        "backups": [{"what": "DATABASE", "isOffSite": True, "retentionDays": 30}],
        "restoreTests": [{"hasSucceeded": True}],
        "certificates": [
            {"host": "bruno.example", "expiresAt": "2026-09-01T00:00:00Z", "issuer": "R3"}
        ],
        "vulnerabilities": [
            {"component": "forms", "identifier": "CVE-1", "severity": "HIGH", "state": "FOUND"}
        ],
        "performance": [
            {"url": "https://bruno.example", "figures": [{"name": "lcp", "value": "2431.5"}]}
        ],
        "checks": [{"what": "LOGS", "isOk": True, "validUntil": "2026-08-01"}],
    }


@pytest.mark.parametrize("value", ["much", "NaN", "Infinity"])
async def test_a_figure_is_a_number(world: World, value: str) -> None:
    alice = world.api(secret_of("alice"))
    before = await everything_in(world.database)

    payload = await do(
        alice,
        "recordPerformance",
        "site { name }",
        siteId=world.bruno.global_id(Noun.SITE),
        url="https://bruno.example",
        figures=[{"name": "lcp", "value": value}],
    )

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("BAD_INPUT", ["input", "figures"])
    assert await everything_in(world.database) == before


async def test_a_report_is_read(world: World) -> None:
    alice = world.api(secret_of("alice"))
    site = {"siteId": world.bruno.global_id(Noun.SITE)}
    report = json.dumps(
        {
            "auditReportVersion": 2,
            "vulnerabilities": {
                "a": {
                    "via": [
                        {
                            "name": "a",
                            "title": "t",
                            "url": "https://github.com/advisories/GHSA-1",
                            "severity": "low",
                        }
                    ]
                }
            },
        }
    )
    wanted = "site { vulnerabilities { identifier tool } checks { what isOk note } }"

    payload = await done(
        alice, "importSiteReport", wanted, **site, format="NPM_AUDIT", content=report
    )
    refused = await do(alice, "importSiteReport", wanted, **site, format="WPSCAN", content="{}")

    assert payload["site"]["vulnerabilities"] == [{"identifier": "GHSA-1", "tool": "npm audit"}]
    assert payload["site"]["checks"][0]["what"] == "DEPENDENCY_AUDIT"
    assert [(one["code"], one["path"]) for one in refused["errors"]] == [
        ("BAD_INPUT", ["input", "content"])
    ]
