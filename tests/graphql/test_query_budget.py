"""How many statements a query takes does not depend on how many rows it gives."""

from typing import Any

import pytest

from helpdesk.asgi import AppSettings, build_app
from helpdesk.bootstrap import desk_on
from tests.graphql.api import Api
from tests.graphql.rows import CountingDatabase, add_tickets
from tests.graphql.world import SCHEMA, World, secret_of

AUTHENTICATION = 1
"""Each request looks its token up."""

FIELDS = "id number subject status"
MOST = f"""
  {FIELDS} client {{ name domains }} requester {{ name }} site {{ name }} contract {{ reference }}
  assignee {{ name }} team {{ name }} isBreached
  clocks {{ metric state deadlineAt remainingSeconds target {{ amount calendar {{ code }} }} }}
  links {{ kind ticket {{ number }} }}
  few: messages(first: 1) {{
    nodes {{ body author {{ name agent {{ name }} }} attachments {{ size }} }} }}
  many: messages(first: 50) {{ totalCount nodes {{ body }} }}
  timeline {{ nodes {{ kind actor {{ name }} message {{ body }} relatedTicket {{ number }} }} }}
"""

BUDGETS: dict[str, tuple[str, int]] = {
    "tickets": (f"{{ tickets(first: $n) {{ nodes {{ {FIELDS} }} }} }}", 1),
    "tickets and their number": (
        f"{{ tickets(first: $n) {{ totalCount nodes {{ {FIELDS} }} }} }}",
        2,
    ),
    "only the number of tickets": ("{ tickets(first: $n) { totalCount } }", 1),
    "nothing of the page": ("{ tickets(first: $n) { __typename } }", 0),
    "tickets with requester and clocks": (
        f"{{ tickets(first: $n) {{ nodes {{ {FIELDS} "
        "requester { name } clocks { state } } } }",
        3,
    ),
    "tickets with the stories of their clocks": (
        "{ tickets(first: $n) { nodes { clocks { metric explanation { seconds } sentences } } } }",
        7,
    ),
    "tickets with almost everything": (f"{{ tickets(first: $n) {{ nodes {{ {MOST} }} }} }}", 22),
    "clients with nested lists": (
        """{ clients(first: $n) { nodes { name domains
          sites(first: 2) { nodes { name } } contacts { totalCount nodes { name } }
          contracts { nodes { reference terms { version calendars { code } }
            slaTargets { amount } } }
          open: tickets(first: 5, filter: {status: [NEW]}) { nodes { number } }
          late: tickets(first: 5, filter: {isBreached: true}) { nodes { number } } } } }""",
        11,
    ),
}


def counting_api(world: World, database: CountingDatabase) -> Api:
    desk = desk_on(database, now=world.now)
    app = build_app(desk, database, AppSettings(), schema=SCHEMA)
    return Api(app, secret_of("alice"))


async def counted(world: World, query: str) -> tuple[Any, int]:  # Any: JSON
    database = CountingDatabase(world.database)
    data = await counting_api(world, database).data(query)
    return data, database.statements - AUTHENTICATION


@pytest.mark.parametrize("name", BUDGETS)
async def test_a_list_takes_its_budget_whatever_its_length(world: World, name: str) -> None:
    query, budget = BUDGETS[name]
    await add_tickets(world.database, 30)

    for size in (1, 2, 30):
        _, statements = await counted(world, query.replace("$n", str(size)))

        assert statements <= budget, (size, statements)


async def test_only_the_columns_that_are_asked_for_are_read(world: World) -> None:
    database = CountingDatabase(world.database)
    api = counting_api(world, database)

    await api.data("{ tickets { nodes { number } } }")

    [sql] = [text for text in database.texts if "ORDER BY" in text]
    assert "description" not in sql
    assert "number" in sql


async def test_aliases_with_other_arguments_are_served_from_batches_of_their_own(
    world: World,
) -> None:
    query = """{ tickets(first: 10) { nodes { number
      first: messages(first: 1) { nodes { body } totalCount }
      last: messages(last: 1) { nodes { body } }
      same: messages(first: 1) { edges { node { channel } } }
      notes: messages(filter: {isInternal: true}) { nodes { body } } } } }"""

    data, statements = await counted(world, query)

    by_first = {node["first"]["nodes"][0]["body"]: node for node in data["tickets"]["nodes"]}
    bruno = next(
        node
        for node in data["tickets"]["nodes"]
        if node["notes"]["nodes"] == [{"body": "Note about bruno"}]
    )
    assert set(by_first) == {"Broken", "Again"}
    assert bruno["first"] == {"nodes": [{"body": "Broken"}], "totalCount": 4}
    assert bruno["last"]["nodes"][0]["body"] in {"Answer for bruno", "Note about bruno"}
    assert bruno["same"] == {"edges": [{"node": {"channel": "API"}}]}
    assert statements == 5


async def test_nothing_below_a_root_is_handed_over_to_the_slow_path(world: World) -> None:
    api = world.api(secret_of("alice"))

    for query, _ in BUDGETS.values():
        await api.data(query.replace("$n", "10"))

    assert api.endpoint.operations.handed_over == 0


async def test_the_explanation_of_clocks_comes_with_the_list(world: World) -> None:
    query = """{ tickets(first: 10) { nodes { clocks { metric elapsedSeconds
      explanation { kind seconds runningTotal start end reason } } } } }"""
    world.now.advance(hours=30)

    data, _ = await counted(world, query)

    clocks = [clock for node in data["tickets"]["nodes"] for clock in node["clocks"]]
    running = [clock for clock in clocks if clock["explanation"]]
    assert {clock["metric"] for clock in running} == {"FIRST_RESPONSE", "RESOLUTION"}
    for clock in running:
        seconds = [part["seconds"] for part in clock["explanation"]]
        assert sum(seconds) == clock["elapsedSeconds"] > 0
        assert clock["explanation"][-1]["runningTotal"] == clock["elapsedSeconds"]
