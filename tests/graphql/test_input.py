"""What cannot be meant is refused, with a code and what to do."""

from typing import Any

import pytest

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.world import World, secret_of

OPEN = """mutation M($input: OpenTicketInput!) { openTicket(input: $input) {
  ticket { number } errors { code message path } clientMutationId } }"""
PREVIEW = """query Q($id: ID!, $at: DateTime!) {
  previewDeadline(contractId: $id, priority: P1, at: $at) { metric deadlineAt state } }"""


@pytest.mark.parametrize(
    ("query", "variables", "said"),
    [
        ("{ tickets(filter: {priority: [P9]}) { nodes { id } } }", {}, "P9"),
        (OPEN, {"input": {"subject": "s", "description": "d", "priority": "P9"}}, "P9"),
        (OPEN, {"input": {"subject": "s"}}, "description"),
        (OPEN, {"input": {"subject": "s", "description": "d", "color": 1}}, "color"),
        (OPEN, {"input": None}, "input"),
        ("query Q($id: ID!) { node(id: $id) { id } }", {"id": "nonsense"}, "is not an id"),
        ("query Q($id: ID!) { node(id: $id) { id } }", {"id": "Rm9vOjE="}, "is not an id"),
        ("query Q($id: ID!) { node(id: $id) { id } }", {"id": "VGlja2V0Og=="}, "is not an id"),
        ("query Q($id: ID!) { node(id: $id) { id } }", {"id": "QWN0b3I6MQ=="}, "is not an id"),
        ("query Q($id: ID!) { node(id: $id) { id } }", {"id": "VGlja2V0OgA="}, "is not an id"),
        ("query Q($id: ID) { ticket(id: $id) { id } }", {"id": "U2l0ZTphYg=="}, "of type Site"),
        ("query Q($id: ID) { ticket(id: $id) { id } }", {}, "one of them"),
        ('{ ticket(id: "a", number: "1") { id } }', {}, "one of them"),
        ("query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a"] * 101}, "101"),
        ('{ tickets(filter: {openedFrom: "2026-07-06T09:00:00"}) { nodes { id } } }', {}, "offset"),
        ('{ tickets(filter: {openedFrom: "2026-07-06"}) { nodes { id } } }', {}, "offset"),
        ('{ tickets(filter: {openedFrom: "soon"}) { nodes { id } } }', {}, "RFC 3339"),
        ("{ tickets(filter: {openedFrom: 5}) { nodes { id } } }", {}, "DateTime"),
        (
            '{ tickets(filter: {openedFrom: "0001-01-01T00:00:00+14:00"}) { nodes { id } } }',
            {},
            "beyond",
        ),
        ('{ tickets(filter: {clientId: ["x"]}) { nodes { id } } }', {}, "is not an id"),
        ('{ contacts(filter: {email: "nobody"}) { nodes { id } } }', {}, "mail address"),
    ],
)
async def test_a_query_that_means_nothing_is_refused(
    world: World, query: str, variables: dict[str, Any], said: str
) -> None:
    error = await world.api(secret_of("chloe")).refusal(query, **variables)

    assert said in error["message"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "retryable": False}
    assert "Did you mean" not in error["message"]


async def test_an_instant_without_an_offset_is_refused_and_one_with_it_is_understood(
    alice: Api, world: World
) -> None:
    contract = world.bruno.global_id(Noun.CONTRACT)

    error = await alice.refusal(PREVIEW, id=contract, at="2026-07-06T09:00:00")
    summer = await alice.data(PREVIEW, id=contract, at="2026-07-06T09:00:00+02:00")
    utc = await alice.data(PREVIEW, id=contract, at="2026-07-06T07:00:00Z")

    assert "give a date, a time and an offset" in error["message"]
    assert summer == utc
    assert summer["previewDeadline"][0] == {
        "metric": "FIRST_RESPONSE",
        "deadlineAt": "2026-07-06T09:00:00Z",
        "state": "RUNNING",
    }


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (
            {"subject": "  "},
            {"code": "REQUIRED", "path": ["input", "subject"], "fr": "est vide", "en": "is empty"},
        ),
        (
            {"subject": "s" * 251},
            {"code": "TOO_LONG", "path": ["input", "subject"], "fr": "251 carac", "en": "251 char"},
        ),
        (
            {"siteId": "nonsense"},
            {
                "code": "BAD_INPUT",
                "path": ["input", "siteId"],
                "fr": "n'est pas un identifiant",
                "en": "is not an id",
            },
        ),
    ],
)
async def test_a_refusal_says_where_and_what_to_do_in_the_language_of_the_viewer(
    world: World, given: dict[str, str], error: dict[str, Any]
) -> None:
    before = await everything_in(world.database)
    for person, language in (("bruno", "fr"), ("chloe", "en")):
        wanted = {"subject": "s", "description": "d", "clientMutationId": "mine", **given}

        payload = (await world.api(secret_of(person)).data(OPEN, input=wanted))["openTicket"]

        assert payload["ticket"] is None
        assert payload["clientMutationId"] == "mine"
        [shown] = payload["errors"]
        assert (shown["code"], shown["path"]) == (error["code"], error["path"])
        assert error[language] in shown["message"]
    assert await everything_in(world.database) == before


async def test_a_query_error_is_in_the_language_of_the_viewer(world: World) -> None:
    for person, said in (("bruno", "Il n'y a pas ici"), ("chloe", "There is no")):
        error = await world.api(secret_of(person)).refusal('{ ticket(number: "999") { id } }')
        assert said in error["message"]
        assert error["path"] == ["ticket"]


async def test_an_identity_in_a_refusal_is_the_one_that_was_given(world: World) -> None:
    given = world.yves.global_id(Noun.TICKET)
    mutation = """mutation M($input: ResolveTicketInput!) {
      resolveTicket(input: $input) { errors { code message path } } }"""

    data = await world.api(secret_of("alice")).data(mutation, input={"ticketId": given})

    [error] = data["resolveTicket"]["errors"]
    assert error["code"] == "NOT_FOUND"
    assert given in error["message"]
    assert error["path"] == ["input", "ticketId"]


async def test_null_characters_and_lone_surrogates_harm_nobody(alice: Api, world: World) -> None:
    site = world.bruno.global_id(Noun.SITE)
    given = {"subject": "a\x00b", "description": "d", "siteId": site}

    payload = (await alice.data(OPEN, input=given))["openTicket"]
    found = await alice.data(
        "query Q($n: String) { ticket(number: $n) { subject } }", n=payload["ticket"]["number"]
    )
    missing = await alice.refusal(
        "query Q($n: String) { ticket(number: $n) { subject } }", n="a\x00b"
    )

    assert found["ticket"]["subject"] == "a\ufffdb"
    assert missing["extensions"]["code"] == "NOT_FOUND"


async def test_a_preview_tells_the_calendar_that_it_counts_on(alice: Api, world: World) -> None:
    query = """query Q($id: ID!) {
      previewDeadline(contractId: $id, priority: P1, at: "2026-07-13T15:00:00Z") {
        metric deadlineAt remainingSeconds
        target { amount unit isStrict calendar { code name zone holidays } }
        explanation { kind } } }"""

    [first, _] = (await alice.data(query, id=world.bruno.global_id(Noun.CONTRACT)))[
        "previewDeadline"
    ]

    assert first == {
        "metric": "FIRST_RESPONSE",
        "deadlineAt": "2026-07-15T08:00:00Z",
        "remainingSeconds": 7200,
        "target": {
            "amount": 120,
            "unit": "BUSINESS_MINUTES",
            "isStrict": True,
            "calendar": {
                "code": "office",
                "name": "Office hours",
                "zone": "Europe/Paris",
                "holidays": ["2026-07-14"],
            },
        },
        "explanation": [],
    }


async def test_terms_are_those_in_force_at_the_instant_asked_for(alice: Api, world: World) -> None:
    query = """query Q($id: ID!) { contract(id: $id) {
      now: terms { version } then: terms(at: "2000-01-01T00:00:00Z") { version planCode }
      reference status startsOn endsOn client { name } tickets { totalCount } } }"""

    contract = (await alice.data(query, id=world.bruno.global_id(Noun.CONTRACT)))["contract"]

    assert contract == {
        "now": {"version": 1},
        "then": {"version": 1, "planCode": "business"},
        "reference": "TMA-bruno",
        "status": "ACTIVE",
        "startsOn": "2025-01-01",
        "endsOn": None,
        "client": {"name": "Client bruno"},
        "tickets": {"totalCount": 2},
    }
