"""A list walked page by page is the list, whichever way it is walked."""

from typing import Any

import pytest

from tests.graphql.api import Api
from tests.graphql.rows import add_tickets
from tests.graphql.world import World, secret_of

WALK = """
query Walk($first: Int, $after: String, $last: Int, $before: String, $orderBy: TicketOrder) {
  tickets(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    nodes { id }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""
NESTED = """
query Nested($first: Int, $after: String, $last: Int, $before: String, $orderBy: TicketOrder) {
  client: node(id: "Q2xpZW50OmNsaWVudC1icnVubw==") { ... on Client {
    tickets(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
      nodes { id }
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  } }
}
"""
ORDERS = [
    {"field": field, "direction": direction}
    for field in ("OPENED_AT", "UPDATED_AT", "PRIORITY", "NEXT_DEADLINE_AT")
    for direction in ("ASC", "DESC")
]
COUNT = 11
"""Of which several share each sort key, and two thirds have no deadline."""


async def page(api: Api, query: str, **variables: Any) -> Any:  # Any: JSON
    data = await api.data(query, **variables)
    return data["tickets"] if "tickets" in data else data["client"]["tickets"]


async def forward(api: Api, query: str, size: int, order: Any) -> list[str]:  # Any: JSON
    found: list[str] = []
    after = None
    while True:
        got = await page(api, query, first=size, after=after, orderBy=order)
        found += [node["id"] for node in got["nodes"]]
        assert got["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not got["pageInfo"]["hasNextPage"]:
            return found
        assert len(got["nodes"]) == size
        after = got["pageInfo"]["endCursor"]


async def backward(api: Api, query: str, size: int, order: Any) -> list[str]:  # Any: JSON
    found: list[str] = []
    before = None
    while True:
        got = await page(api, query, last=size, before=before, orderBy=order)
        found = [node["id"] for node in got["nodes"]] + found
        assert got["pageInfo"]["hasNextPage"] is (before is not None)
        if not got["pageInfo"]["hasPreviousPage"]:
            return found
        assert len(got["nodes"]) == size
        before = got["pageInfo"]["startCursor"]


@pytest.mark.parametrize("query", [WALK, NESTED], ids=["root", "nested"])
async def test_every_order_is_walked_both_ways_through_ties_and_absent_values(
    both_worlds: World, query: str
) -> None:
    await add_tickets(both_worlds.database, COUNT)
    api = both_worlds.api(secret_of("bruno"))

    for order in ORDERS:
        whole = await page(api, query, first=100, orderBy=order)
        ids = [node["id"] for node in whole["nodes"]]

        assert len(set(ids)) == len(ids) == whole["totalCount"] == COUNT + 2
        for size in (2, 5):
            assert await forward(api, query, size, order) == ids
            assert await backward(api, query, size, order) == ids


async def test_the_two_directions_differ_but_for_what_has_no_value(world: World) -> None:
    await add_tickets(world.database, COUNT)
    api = world.api(secret_of("bruno"))

    for field in ("OPENED_AT", "UPDATED_AT", "PRIORITY"):
        ascending = await forward(api, WALK, 100, {"field": field, "direction": "ASC"})
        descending = await forward(api, WALK, 100, {"field": field, "direction": "DESC"})
        assert ascending == descending[::-1]


async def test_tickets_without_a_deadline_come_last_both_ways(world: World) -> None:
    await add_tickets(world.database, COUNT)
    api = world.api(secret_of("bruno"))
    query = """query Q($orderBy: TicketOrder) {
      tickets(first: 100, orderBy: $orderBy) { nodes { nextDeadlineAt } } }"""

    for direction in ("ASC", "DESC"):
        order = {"field": "NEXT_DEADLINE_AT", "direction": direction}
        nodes = (await api.data(query, orderBy=order))["tickets"]["nodes"]
        deadlines = [node["nextDeadlineAt"] for node in nodes]
        present = [one for one in deadlines if one is not None]

        assert deadlines[: len(present)] == present
        assert present == sorted(present, reverse=direction == "DESC")


async def test_each_edge_has_the_cursor_to_go_on_from(world: World) -> None:
    await add_tickets(world.database, 5)
    api = world.api(secret_of("bruno"))

    whole = await page(api, WALK, first=100)

    for index, edge in enumerate(whole["edges"]):
        rest = await page(api, WALK, first=100, after=edge["cursor"])
        assert [node["id"] for node in rest["nodes"]] == [
            node["id"] for node in whole["nodes"][index + 1 :]
        ]


async def test_between_two_cursors_only_what_lies_between_is_given(world: World) -> None:
    await add_tickets(world.database, 8)
    api = world.api(secret_of("bruno"))
    edges = (await page(api, WALK, first=100))["edges"]

    got = await page(api, WALK, first=100, after=edges[1]["cursor"], before=edges[6]["cursor"])

    assert [n["id"] for n in got["nodes"]] == [edge["node"]["id"] for edge in edges[2:6]]


async def test_twenty_things_are_given_unless_said(world: World) -> None:
    await add_tickets(world.database, 30)

    got = await page(world.api(secret_of("bruno")), WALK)

    assert len(got["nodes"]) == 20
    assert got["pageInfo"]["hasNextPage"] is True


async def test_an_empty_list_has_no_cursor(world: World) -> None:
    query = """{ tickets(filter: {status: [SPAM]}) {
      nodes { id } totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

    got = (await world.api(secret_of("bruno")).data(query))["tickets"]

    assert got == {
        "nodes": [],
        "totalCount": 0,
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first": 0}, "1 to 100"),
        ({"first": 101}, "1 to 100"),
        ({"last": -1}, "1 to 100"),
        ({"first": 1, "last": 1}, "one of them"),
        ({"after": "garbage"}, "not a cursor"),
        ({"after": ""}, "not a cursor"),
        ({"before": "WyItT1BFTkVEX0FUIl0="}, "not a cursor"),
        ({"after": "WyItT1BFTkVEX0FUIiwieWVzdGVyZGF5IiwiYSJd"}, "not a cursor"),
        ({"after": "bnVsbA=="}, "not a cursor"),
    ],
)
async def test_a_page_that_cannot_be_is_refused_with_what_to_do(
    world: World, given: dict[str, Any], said: str
) -> None:
    api = world.api(secret_of("chloe"))
    for query in (WALK, NESTED):
        error = await api.refusal(query, **given)

        assert said in error["message"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "retryable": False}


async def test_a_cursor_of_another_order_is_refused(world: World) -> None:
    api = world.api(secret_of("chloe"))
    first = await page(api, WALK, first=1, orderBy=ORDERS[0])

    error = await api.refusal(
        WALK, first=1, orderBy=ORDERS[2], after=first["pageInfo"]["endCursor"]
    )

    assert "not a cursor of this list in this order" in error["message"]


FILTERS: list[tuple[str, int]] = [
    ("{priority: [P0, P1]}", 6),
    ("{priority: []}", 0),
    ("{status: [NEW], priority: [P3]}", 4),
    ('{clientId: ["Q2xpZW50OmNsaWVudC1icnVubw=="]}', 14),
    ('{siteId: ["U2l0ZTpzaXRlLWJydW5v"]}', 13),
    ("{isAssigned: true}", 1),
    ("{isAssigned: false}", 13),
    ("{isBreached: true}", 0),
    ('{openedFrom: "2026-07-06T07:00:00Z"}', 5),
    ('{openedBefore: "2026-07-06T09:00:00+02:00"}', 9),
    ('{dueBefore: "2026-07-06T08:00:00Z"}', 1),
    ('{requesterId: ["Q29udGFjdDpjb250YWN0LWJydW5v"], kind: [CORRECTIVE]}', 14),
    ("{channel: [MAIL]}", 12),
]


async def test_filters_are_anded_and_the_count_is_of_what_they_leave(world: World) -> None:
    await add_tickets(world.database, 12)
    api = world.api(secret_of("bruno"))

    for given, expected in FILTERS:
        query = f"{{ tickets(first: 100, filter: {given}) {{ nodes {{ id }} totalCount }} }}"
        got = (await api.data(query))["tickets"]
        assert (given, len(got["nodes"]), got["totalCount"]) == (given, expected, expected)


async def test_every_list_of_the_agency_can_be_walked(world: World) -> None:
    api = world.api(secret_of("alice"))
    for name in ("clients", "sites", "contacts", "contracts", "inboundMessages", "tokens"):
        query = f"""query Q($after: String) {{ {name}(first: 1, after: $after) {{
          nodes {{ id }} totalCount pageInfo {{ hasNextPage endCursor }} }} }}"""
        found, after = [], None
        while True:
            got = (await api.data(query, after=after))[name]
            found += [node["id"] for node in got["nodes"]]
            if not got["pageInfo"]["hasNextPage"]:
                break
            after = got["pageInfo"]["endCursor"]
        assert len(set(found)) == len(found) == got["totalCount"] >= 2, name
