"""What a contract promises of availability: settled in a draft, shown, and held to."""

from typing import Any

import pytest

from tests.graphql.rows import everything_in
from tests.graphql.test_contract_life import draft, in_force
from tests.graphql.test_mutations import do, done
from tests.graphql.world import World, secret_of

CLAUSE = """contract { terms { commercial { uptime { target origin source
  leastCoverage maintenanceNoticeMinutes isHostingSold excluded sites } } } }"""
QUERY = f"query Q($id: ID!) {{ contract(id: $id) {{ {CLAUSE.removeprefix('contract { ')} }}"
PROPOSED = {
    "target": "99.5",
    "origin": "SOURCE",
    "source": "002 §4.3 L499-506: ≥ 99,5% / mois",
    "leastCoverage": "95",
    "maintenanceNoticeMinutes": 2880,
    "isHostingSold": False,
    "excluded": [
        "CLIENT_INTERVENTION",
        "FORCE_MAJEURE",
        "HOSTING_FAILURE",
        "THIRD_PARTY_INTERVENTION",
    ],
    "sites": "WORST",
}


async def test_a_contract_is_held_to_what_the_source_of_its_plan_promises(world: World) -> None:
    alice = world.api(secret_of("alice"))
    contract = await draft(alice)

    shown = (await alice.data(QUERY, id=contract["id"]))["contract"]

    assert shown["terms"]["commercial"]["uptime"] == PROPOSED


async def test_a_clause_is_settled_and_the_figures_follow_it(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))
    clause = {
        "target": "99.9",
        "leastCoverage": "80.5",
        "maintenanceNoticeMinutes": 60,
        "isHostingSold": True,
        "excluded": ["FORCE_MAJEURE"],
        "sites": "AVERAGE",
    }

    contract = await in_force(alice, uptime=clause)
    shown = (await alice.data(QUERY, id=contract["id"]))["contract"]
    figures = await alice.data(
        "query Q($id: ID!) { contract(id: $id) { availability { target together } } }",
        id=contract["id"],
    )

    assert shown["terms"]["commercial"]["uptime"] == {
        **clause,
        "origin": "AGREED",
        "source": None,
    }
    assert figures["contract"]["availability"] == {"target": "99.9", "together": "AVERAGE"}


async def test_nothing_may_be_promised(world: World) -> None:
    alice = world.api(secret_of("alice"))
    contract = await draft(alice)

    payload = await done(
        alice,
        "reviseContract",
        CLAUSE,
        contractId=contract["id"],
        uptime={},
    )

    shown = payload["contract"]["terms"]["commercial"]["uptime"]
    assert shown == {**PROPOSED, "target": None, "origin": None, "source": None}


@pytest.mark.parametrize(
    ("clause", "path"),
    [
        ({"target": "much"}, "target"),
        ({"target": "100.01"}, "target"),
        ({"leastCoverage": "NaN"}, "leastCoverage"),
        ({"leastCoverage": "-1"}, "leastCoverage"),
        ({"maintenanceNoticeMinutes": -1}, "maintenanceNoticeMinutes"),
        ({"excluded": ["APPLICATION"]}, "excluded"),
    ],
)
async def test_a_clause_that_could_not_be_counted_is_refused(
    world: World, clause: dict[str, Any], path: str
) -> None:
    alice = world.api(secret_of("alice"))
    contract = await draft(alice)
    before = await everything_in(world.database)

    payload = await do(alice, "reviseContract", CLAUSE, contractId=contract["id"], uptime=clause)

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("BAD_INPUT", ["input", "uptime", path])
    assert await everything_in(world.database) == before
