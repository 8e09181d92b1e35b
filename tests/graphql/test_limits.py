"""A query that asks for too much is refused before anything is read."""

import pytest
from graphql import get_introspection_query

from helpdesk.graphql.limits import Limits
from tests.graphql.api import Api
from tests.graphql.world import World, secret_of

DOUBLING = " ".join(f"fragment F{n} on Ticket {{ ...F{n + 1} ...F{n + 1} }}" for n in range(20))

BOMBS = {
    "aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(60)) + " }",
    "aliases in a fragment used many times": "{ tickets { nodes { ...F ...F ...F } } } "
    "fragment F on Ticket { " + " ".join(f"a{n}: number" for n in range(20)) + " }",
    "aliases behind doubling fragments": "{ tickets { nodes { ...F0 } } } "
    + DOUBLING
    + " fragment F20 on Ticket { a: number }",
    "depth": "{ tickets { nodes { "
    + "client { tickets { nodes { " * 6
    + "id"
    + " } } }" * 6
    + " } } }",
    "depth through fragments": "{ tickets { nodes { ...A } } } "
    "fragment A on Ticket { client { tickets { nodes { client { tickets { nodes { ...B } } } } "
    "} } } "
    "fragment B on Ticket { client { tickets { nodes { client { tickets { nodes { id } } } } } } }",
    "directives": "{ __typename " + "@include(if: true) " * 60 + "}",
    "root fields": "{ " + " ".join(f"a{n}: rateLimit {{ cost }}" for n in range(25)) + " }",
    "points": "{ clients(first: 100) { nodes { tickets(first: 100) { nodes { "
    "messages(first: 100) { nodes { id } } } } } } }",
    "points of explanations": "{ tickets(first: 100) { nodes { clocks { "
    "explanation { kind } } } } }",
}


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_is_refused(alice: Api, name: str) -> None:
    response = await alice.send(BOMBS[name])

    [error, *_] = response.json()["errors"]
    assert response.status_code == 400
    assert "data" not in response.json()
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"


async def test_too_many_tokens_are_not_even_parsed(alice: Api) -> None:
    response = await alice.send("{ " + "number " * 5000 + "}")

    assert response.status_code == 400
    assert "5000" in response.text or "tokens" in response.text


@pytest.mark.parametrize(
    "query",
    [
        "{" * 3900,
        "{ tickets " * 1200 + "}" * 1200,
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        '{ __type(name: "Ticket") { fields { type { ofType { fields { type { ofType { fields '
        "{ name } } } } } } } } }",
    ],
)
async def test_an_odd_document_is_refused_and_harms_nobody(alice: Api, query: str) -> None:
    response = await alice.send(query)

    assert response.status_code == 400
    assert "INTERNAL" not in response.text


async def test_the_cost_of_a_query_can_be_asked(world: World) -> None:
    api = world.api(secret_of("alice"), limits=Limits(points=500))
    query = """query Q($first: Int) { rateLimit { cost limit }
      tickets(first: $first) { nodes { id clocks { metric } client { name } } } }"""

    small, large = [(await api.data(query, first=n))["rateLimit"] for n in (1, 50)]
    refused = await api.refusal(query, first=100)

    assert small == {"cost": 8, "limit": 500}
    assert large == {"cost": 302, "limit": 500}
    assert "602 points and 500 are allowed" in refused["message"]


async def test_what_is_left_out_costs_nothing(alice: Api) -> None:
    query = """query Q($all: Boolean!) { rateLimit { cost }
      tickets(first: 10) @include(if: $all) { nodes { id } }
      clients(first: 10) @skip(if: true) { nodes { id } } }"""

    without, with_tickets = [await alice.data(query, all=one) for one in (False, True)]

    assert without == {"rateLimit": {"cost": 1}}
    assert with_tickets["rateLimit"]["cost"] == 12


async def test_the_introspection_of_every_tool_passes(alice: Api) -> None:
    data = await alice.data(get_introspection_query(input_value_deprecation=True))

    assert data["__schema"]["queryType"]["name"] == "Query"


async def test_a_text_is_understood_once(alice: Api) -> None:
    operations = alice.endpoint.operations

    first = operations.understood("{ rateLimit { cost } }")
    again = operations.understood("{ rateLimit { cost } }")

    assert first is again


async def test_the_texts_that_are_kept_are_limited(alice: Api) -> None:
    operations = alice.endpoint.operations

    first = operations.understood("{ __typename }")
    for number in range(1100):
        operations.understood(f"{{ a{number}: __typename }}")
    long = "{ __typename }" + " " * 30_000

    assert operations.understood("{ __typename }") is not first
    assert operations.understood(long) is not operations.understood(long)
