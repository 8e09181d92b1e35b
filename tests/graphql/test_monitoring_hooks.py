"""Doors for monitoring tools through the API: who is let in, and what is kept of it."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from helpdesk.monitoring.door import BODY_LIMIT
from helpdesk.usecases.read_models import Noun
from tests.graphql.monitoring_calls import HOOK, call, hook_for, post
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of
from tests.usecases.monitoring import an_event, robot_says

Json = Any  # decoded JSON

SITE = "query Q($id: ID!) { node(id: $id) { ... on Site { incidents { totalCount } } } }"


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
