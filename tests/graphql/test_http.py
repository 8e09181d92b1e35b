"""GraphQL over HTTP: media types, status codes, and who may ask at all."""

import json
import logging
from dataclasses import replace
from typing import Any

import httpx
import pytest

from helpdesk.storage.errors import DatabaseBusy
from helpdesk.usecases.create_token import CreateToken, create_token
from helpdesk.worker.deadlines import FiredSteps
from helpdesk.worker.heartbeat import Heartbeat
from tests.graphql.api import Api
from tests.graphql.world import World, secret_of

RESPONSE_JSON = "application/graphql-response+json"
NUMBERS = "{ tickets { nodes { number } } }"
RESOLVE = 'mutation { resolveTicket(input: {ticketId: "x"}) { errors { code } } }'


async def post(api: Api, body: Any, **headers: str) -> httpx.Response:  # Any: JSON or bytes
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {
        "content-type": "application/json",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    async with api.client() as client:
        return await client.post("/graphql", content=content, headers=given)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (RESPONSE_JSON, RESPONSE_JSON),
        (f"application/json, {RESPONSE_JSON}", "application/json"),
        (f"{RESPONSE_JSON}, application/json;q=0.9", RESPONSE_JSON),
        (f"application/json;q=0.5, {RESPONSE_JSON}", RESPONSE_JSON),
        (f"{RESPONSE_JSON}, application/json, text/event-stream", RESPONSE_JSON),
        ("text/html, application/*;q=0.1", "application/json"),
    ],
)
async def test_the_answer_has_the_media_type_that_is_wanted_most(
    alice: Api, accept: str, kind: str
) -> None:
    response = await post(alice, {"query": NUMBERS}, accept=accept)

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"


async def test_no_other_media_type_is_given(alice: Api) -> None:
    response = await post(alice, {"query": NUMBERS}, accept="text/html, application/json;q=0")

    assert response.status_code == 406


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        ([{"query": NUMBERS}], {}, 400),
        ("text", {}, 400),
        ({}, {}, 400),
        ({"query": 1}, {}, 400),
        ({"query": "  "}, {}, 400),
        ({"query": NUMBERS, "variables": "a"}, {}, 400),
        ({"query": NUMBERS, "extensions": []}, {}, 400),
        ({"query": NUMBERS, "operationName": {}}, {}, 400),
        ({"query": NUMBERS}, {"content_type": "text/plain"}, 415),
        ({"query": NUMBERS}, {"content_type": "multipart/form-data; boundary=a"}, 415),
        ({"query": NUMBERS}, {"content_type": "application/json; charset=latin1"}, 415),
        ({"query": NUMBERS, "operationName": None, "variables": None, "extensions": None}, {}, 200),
    ],
)
async def test_a_request_that_is_none_is_told_why(
    alice: Api, body: Any, headers: dict[str, str], status: int
) -> None:
    response = await post(alice, body, **headers)

    assert response.status_code == status
    if status != 200:
        assert "data" not in response.json()
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_body_that_is_too_large_is_not_read(alice: Api) -> None:
    response = await post(alice, b" " * (7 * 1024 * 1024))

    assert response.status_code == 413


@pytest.mark.parametrize(
    "query",
    [
        "{",
        "{ nothing }",
        "query Q($n: Int!) { tickets(first: $n) { nodes { id } } }",
        "query A { __typename } query B { __typename }",
    ],
    ids=["parsing", "validation", "variables", "operation name"],
)
async def test_an_operation_that_is_not_executed_has_no_data(alice: Api, query: str) -> None:
    strict = await post(alice, {"query": query}, accept=RESPONSE_JSON)
    loose = await post(alice, {"query": query}, accept="application/json")

    assert (strict.status_code, loose.status_code) == (400, 200)
    assert list(strict.json()) == list(loose.json()) == ["errors"]


async def test_a_get_reads_and_never_writes(alice: Api) -> None:
    async with alice.client() as client:
        read = await client.get("/graphql", params={"query": NUMBERS})
        named = await client.get(
            "/graphql",
            params={
                "query": "query A($n: Int) { tickets(first: $n) { nodes { id } } } "
                "query B { __typename }",
                "operationName": "A",
                "variables": '{"n": 1}',
            },
        )
        broken = await client.get("/graphql", params={"query": NUMBERS, "variables": "{"})
        written = await client.get("/graphql", params={"query": RESOLVE})
        put = await client.put("/graphql")

    assert len(read.json()["data"]["tickets"]["nodes"]) == 4
    assert len(named.json()["data"]["tickets"]["nodes"]) == 1
    assert broken.status_code == 400
    assert (written.status_code, written.headers["allow"]) == (405, "POST")
    assert (put.status_code, put.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("secret", [None, "", "unknown", "x" * 10_000])
async def test_nobody_is_told_what_to_do(world: World, secret: str | None) -> None:
    api = world.api(secret_of("alice"))
    response = await Api(api.app, secret).send(NUMBERS)

    [error] = response.json()["errors"]
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert list(response.json()) == ["errors"]
    assert error["extensions"] == {"code": "UNAUTHENTICATED", "retryable": False}
    assert "Authorization: Bearer" in error["message"]


async def test_a_stranger_is_spoken_to_in_the_language_of_his_program(world: World) -> None:
    api = Api(world.api("").app, None)

    response = await post(api, {"query": NUMBERS}, accept_language="fr-FR,fr;q=0.9")

    assert "Aucun jeton" in response.json()["errors"][0]["message"]


async def test_a_revoked_and_an_expired_token_let_nobody_in(world: World) -> None:
    expires_at = world.now.instant.replace(hour=8)
    asked = CreateToken("robot", world.alice.scopes, expires_at=expires_at)
    issued = await create_token(world.desk, viewer=world.alice, request=asked)
    api = world.api(issued.secret)

    assert (await api.send(NUMBERS)).status_code == 200
    world.now.advance(hours=1)
    assert (await api.send(NUMBERS)).status_code == 401


async def test_a_token_does_what_its_scopes_say_and_no_more(world: World) -> None:
    scopes = frozenset({scope for scope in world.alice.scopes if scope.value.startswith("clients")})
    issued = await create_token(
        world.desk, viewer=world.alice, request=CreateToken("narrow", scopes)
    )
    api = world.api(issued.secret)

    assert await api.data("{ clients { totalCount } }") == {"clients": {"totalCount": 2}}
    for query in (
        NUMBERS,
        "{ contracts { totalCount } }",
        "{ inboundMessages { totalCount } }",
        "{ tokens { totalCount } }",
        "{ viewer { agency { agents { totalCount } } } }",
        "{ clients { nodes { tickets { totalCount nodes { id } } } } }",
    ):
        error = await api.refusal(query)
        assert error["extensions"]["code"] == "FORBIDDEN", query
    error = await api.refusal("query Q($id: ID!) { node(id: $id) { id } }", id="VGlja2V0OmE=")
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_browser_gets_a_page_only_where_it_is_switched_on(world: World) -> None:
    headers = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with Api(world.api("", graphiql=True).app, None).client() as client:
        shown = await client.get("/graphql", headers=headers)
    async with Api(world.api("").app, None).client() as client:
        refused = await client.get("/graphql", headers=headers)

    assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert refused.status_code == 401


async def test_introspection_can_be_switched_off(world: World) -> None:
    query = "{ __schema { types { name } } }"

    shown = await world.api(secret_of("alice")).answer(query)
    refused = await world.api(secret_of("alice"), introspection=False).answer(query)

    assert "data" in shown
    assert list(refused) == ["errors"]


async def test_a_bug_is_masked_numbered_and_logged(
    world: World, alice: Api, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Any:  # Any: never
        raise RuntimeError("the password is 1234")

    endpoint = alice.endpoint
    endpoint._reads = _Broken(broken)  # noqa: SLF001 - a fault is put in
    with caplog.at_level(logging.ERROR):
        response = await alice.send(NUMBERS)

    [error] = response.json()["errors"]
    assert response.status_code == 200
    assert "1234" not in response.text
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["retryable"] is False
    assert error["extensions"]["requestId"] in error["message"]
    assert error["extensions"]["requestId"] in caplog.text
    assert "the password is 1234" in caplog.text


async def test_a_busy_database_is_worth_another_try(world: World, alice: Api) -> None:
    def busy() -> Any:  # Any: never
        raise DatabaseBusy("locked")

    alice.endpoint._reads = _Broken(busy)  # noqa: SLF001 - likewise

    error = await alice.refusal(NUMBERS)

    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["retryable"] is True


async def test_a_bug_before_the_operation_is_masked_too(world: World) -> None:
    def broken() -> Any:  # Any: never
        raise RuntimeError("secret")

    desk = replace(world.desk, store=_Broken(broken))
    api = replace(world, desk=desk).api(secret_of("alice"))

    response = await api.send(NUMBERS)

    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in response.text


async def test_the_process_says_how_it_is(world: World) -> None:
    async with world.api("").client() as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert (alive.status_code, ready.status_code) == (200, 200)
    said = ready.json()
    assert said.pop("mail")["outgoingFailed"] == 0
    assert said == {"database": "ok", "worker": "silent", "deadlineLagSeconds": 0}


async def test_the_process_says_that_a_worker_lives_and_what_waits_for_it(world: World) -> None:
    await Heartbeat(world.desk, FiredSteps()).beat()

    async with world.api("").client() as client:
        ready, metrics = await client.get("/readyz"), await client.get("/metrics")

    assert ready.json()["worker"] == "ok"
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "\nhelpdesk_workers_alive 1\n" in metrics.text
    assert "\nhelpdesk_deadline_lag_seconds 0\n" in metrics.text
    world.now.advance(minutes=1)
    async with world.api("").client() as client:
        assert (await client.get("/readyz")).json()["worker"] == "silent"


class _Broken:
    """Fails whatever is asked of it."""

    def __init__(self, fail: Any) -> None:  # Any: a function that raises
        self._fail = fail

    def __getattr__(self, name: str) -> Any:  # Any: whatever is asked
        return lambda *_, **__: self._fail()
