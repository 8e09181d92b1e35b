"""Compliance figures in the API: rows and a total, whose they are, and what is refused."""

from typing import Any

import pytest

from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.test_query_budget import counted
from tests.graphql.world import World, secret_of

BY_METRIC = """{ slaCompliance(from: "2026-07", to: "2026-07") {
  from to zone at
  total { met missed compliancePercent runningNow atRiskNow breachedNow month client { name } }
  rows { metric met missed compliancePercent measured medianSeconds ninetiethPercentileSeconds
    month priority client { name } agent { name } } } }"""
BY = """query Q($by: [SlaDimension!]!, $filter: SlaComplianceFilter) {
  slaCompliance(from: "2026-06", to: "2026-07", groupBy: $by, filter: $filter) {
    rows { month priority metric met missed client { id name } agent { id name } } } }"""


async def rows(api: Api, *by: str, **conditions: Any) -> list[dict[str, Any]]:  # Any: JSON
    data = await api.data(BY, by=list(by), filter=conditions or None)
    found: list[dict[str, Any]] = data["slaCompliance"]["rows"]
    return found


async def test_figures_come_with_a_row_for_each_metric_and_a_total(both_worlds: World) -> None:
    alice = both_worlds.api(secret_of("alice"))

    shown = (await alice.data(BY_METRIC))["slaCompliance"]

    assert shown["total"] == {
        "met": 2,
        "missed": 0,
        "compliancePercent": 100.0,
        "runningNow": 6,
        "atRiskNow": 0,
        "breachedNow": 0,
        "month": None,
        "client": None,
    }
    assert shown["rows"][0] == {
        "metric": "FIRST_RESPONSE",
        "met": 2,
        "missed": 0,
        "compliancePercent": 100.0,
        "measured": 2,
        "medianSeconds": 0,
        "ninetiethPercentileSeconds": 0,
        "month": None,
        "priority": None,
        "client": None,
        "agent": None,
    }
    assert [row["metric"] for row in shown["rows"]] == ["FIRST_RESPONSE", "RESOLUTION"]
    assert (shown["from"], shown["to"], shown["zone"]) == ("2026-07", "2026-07", "Europe/Paris")
    assert shown["at"] == "2026-07-06T07:00:00Z"


async def test_a_broken_promise_is_cut_off_and_absent_figures_are_null(world: World) -> None:
    alice = world.api(secret_of("alice"))
    world.now.advance(days=60)

    shown = (await alice.data(BY_METRIC))["slaCompliance"]

    first, resolution = shown["rows"]
    assert (first["met"], first["missed"], first["compliancePercent"]) == (2, 2, 50.0)
    assert (resolution["missed"], resolution["medianSeconds"]) == (4, None)
    assert shown["total"]["compliancePercent"] == 25.0
    assert shown["total"]["runningNow"] is None


async def test_rows_name_their_client_and_their_agent(world: World, alice: Api) -> None:
    by_client = await rows(alice, "CLIENT", metric=["FIRST_RESPONSE"])
    by_agent = await rows(alice, "MONTH", "AGENT")

    assert [row["client"]["name"] for row in by_client] == ["Client bruno", "Client chloe"]
    agents = [row["agent"] for row in by_agent]
    assert agents == [{"id": world.bruno.global_id(Noun.AGENT), "name": "Alice"}, None]
    assert {row["month"] for row in by_agent} == {"2026-07"}


async def test_figures_are_filtered(world: World, alice: Api) -> None:
    bruno = world.bruno.global_id(Noun.CLIENT)

    of_bruno = await rows(alice, "CLIENT", clientId=[bruno])
    of_alice = await rows(alice, "METRIC", agentId=[world.bruno.global_id(Noun.AGENT)])

    assert [row["client"]["id"] for row in of_bruno] == [bruno]
    assert [row["met"] for row in of_alice] == [2, 0]
    assert await rows(alice, "METRIC", priority=[]) == []
    assert await rows(alice, "METRIC", priority=None) == await rows(alice, "METRIC")


async def test_a_dimension_that_is_named_twice_groups_once(alice: Api) -> None:
    assert await rows(alice, "METRIC", "METRIC") == await rows(alice, "METRIC")


async def test_a_client_reads_his_own_figures_and_no_agents(world: World, bruno: Api) -> None:
    [row] = await rows(bruno, "CLIENT")
    error = await bruno.refusal(BY, by=["AGENT"])
    stranger = await rows(bruno, "CLIENT", clientId=[world.chloe.global_id(Noun.CLIENT)])

    assert (row["client"]["name"], row["met"]) == ("Client bruno", 1)
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert "réservés à l'agence" in error["message"]
    assert stranger == []


ASK = "query Q($from: Month!, $to: Month!) { slaCompliance(from: $from, to: $to) { at } }"


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        ("2026-13", "2026-12", "n'est pas un mois", "is not a month"),
        ("July", "2026-12", "n'est pas un mois", "is not a month"),
        ("2026-07", "2026-06", "échangez les deux", "swap them"),
        ("2023-06", "2026-06", "37 mois", "37 months"),
    ],
)
async def test_a_period_that_makes_no_sense_is_refused_in_the_viewers_language(
    world: World, first: str, last: str, french: str, english: str
) -> None:
    for person, words in (("alice", french), ("chloe", english)):
        error = await world.api(secret_of(person)).refusal(ASK, **{"from": first, "to": last})

        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert words in error["message"]


async def test_a_month_that_stands_in_the_text_of_the_query_is_checked_too(alice: Api) -> None:
    for given in ('"2026-7"', "202607", "[]"):
        error = await alice.refusal(f'{{ slaCompliance(from: {given}, to: "2026-07") {{ at }} }}')

        assert error["extensions"]["code"] == "BAD_USER_INPUT", given


async def test_a_filter_takes_ids_of_its_kind(world: World, alice: Api) -> None:
    given = {"clientId": [world.bruno.global_id(Noun.AGENT)]}

    error = await alice.refusal(BY, by=["CLIENT"], filter=given)

    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_rows_cost_as_many_points_as_there_may_be(alice: Api) -> None:
    query = BY_METRIC.replace("{ slaCompliance", "{ rateLimit { cost } slaCompliance", 1)
    bare = '{ rateLimit { cost } slaCompliance(from: "2026-07", to: "2026-07") { at } }'
    nested = """{ slaCompliance(from: "2026-07", to: "2026-07", groupBy: [CLIENT]) {
      rows { client { tickets(first: 100) { nodes { number } } } } } }"""

    assert (await alice.data(query))["rateLimit"]["cost"] > 3000
    assert (await alice.data(bare))["rateLimit"]["cost"] < 5
    error = await alice.refusal(nested)
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"


async def test_names_are_read_at_once_whatever_the_number_of_rows(world: World) -> None:
    query = """{ slaCompliance(from: "$from", to: "2026-07", groupBy: [MONTH, CLIENT, AGENT]) {
      rows { client { name } agent { name } } } }"""

    _, month = await counted(world, query.replace("$from", "2026-07"))
    _, year = await counted(world, query.replace("$from", "2025-08"))

    # The zone, the clocks and the changes of each month, what is open, clients, agents.
    assert month <= 6
    assert year <= 6 + 2 * 11
