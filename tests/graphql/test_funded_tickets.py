"""A request from its opening to its place in the forfait, through the API."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.ids import ContractId
from helpdesk.domain.period import PeriodRule
from helpdesk.domain.retainer_terms import RetainerTerms, RetainerUnit
from helpdesk.usecases.grant_allowance import GrantAllowance, grant_allowance
from helpdesk.usecases.open_retainer import OpenRetainer, open_retainer
from helpdesk.usecases.read_models import Noun
from tests.graphql.api import Api
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done, opened
from tests.graphql.world import World, secret_of

BALANCES = "query Q($id: ID!) { contract(id: $id) { balances { unit left held consumed } } }"
LEDGER = """query Q($id: ID!) { contract(id: $id) {
  ledger { nodes { unit kind source cause ticket { id } } } } }"""
HISTORY = """query Q($id: ID!) { ticket(id: $id) { timeline(first: 50) {
  nodes { kind reason actor { name } changes { field before after } } } } }"""
TICKETS = """query Q($states: [ClassificationStanding!]) {
  tickets(first: 100, filter: {classification: $states}) { nodes { id } } }"""
CLOCKS = """query Q($id: ID!) { ticket(id: $id) {
  clocks { metric breachedAt compensable excludedBy } } }"""
AGENCY = "agency { automaticRules { rules setByName setAt } }"
ON_QUOTA = {"coverage": "INCLUDED", "funding": "TICKET_QUOTA", "reason": "It is in the plan"}
NAMES = ("first", "second", "third", "fourth")
TICKET_BOOK = RetainerUnit.CORRECTIVE_TICKETS

Json = Any  # what JSON gives


async def quota(world: World, quantity: int) -> None:
    """Give Bruno's contract a quota of tickets, with a quote asked for what is over it."""
    contract_id = ContractId(world.bruno.ids[Noun.CONTRACT])
    terms = RetainerTerms(TICKET_BOOK, PeriodRule(ZoneInfo("Europe/Paris")))
    opening = OpenRetainer(contract_id, terms)
    await open_retainer(world.desk, viewer=world.alice, request=opening)
    if quantity:
        grant = GrantAllowance(contract_id, TICKET_BOOK, quantity)
        await grant_allowance(world.desk, viewer=world.alice, request=grant)


async def left(world: World, api: Api) -> tuple[int, int, int]:
    """Return what of the quota is left, held and consumed."""
    answer = await api.data(BALANCES, id=world.bruno.global_id(Noun.CONTRACT))
    [one] = answer["contract"]["balances"]
    return one["left"], one["held"], one["consumed"]


async def confirmed(alice: Api, ticket: Json) -> None:
    """Let a ticket be one of the quota."""
    await done(alice, "classifyTicket", ticketId=ticket["id"], nature="BUG")
    await done(alice, "confirmClassification", ticketId=ticket["id"], **ON_QUOTA)


async def test_a_request_goes_from_its_opening_to_its_place_in_the_forfait(
    both_worlds: World,
) -> None:
    world = both_worlds
    await quota(world, 2)
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    first, second, third = [await opened(bruno, world) for _ in range(3)]

    await confirmed(alice, first)
    assert await left(world, bruno) == (1, 1, 0)
    await done(alice, "resolveTicket", ticketId=first["id"])
    assert await left(world, bruno) == (1, 0, 1)
    await done(bruno, "reopenTicket", ticketId=first["id"], reason="Again")
    await done(alice, "resolveTicket", ticketId=first["id"])
    assert await left(world, bruno) == (1, 0, 1)

    await confirmed(alice, second)
    await done(alice, "mergeTickets", duplicateId=second["id"], survivorId=first["id"])
    assert await left(world, bruno) == (1, 0, 1)
    await confirmed(alice, third)
    await done(alice, "cancelTicket", ticketId=third["id"], reason="No longer needed")
    assert await left(world, bruno) == (1, 0, 1)

    answer = await bruno.data(LEDGER, id=world.bruno.global_id(Noun.CONTRACT))
    entries = answer["contract"]["ledger"]["nodes"]
    causes = [one["cause"] for one in entries if one["kind"] == "RELEASE"]
    assert causes == ["CANCELLED_BEFORE_WORK", "MERGED_DUPLICATE"]
    assert entries[0]["ticket"] == {"id": third["id"]}


async def test_nothing_left_is_said_and_nothing_changes(both_worlds: World) -> None:
    world = both_worlds
    await quota(world, 0)
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    ticket = await opened(bruno, world)
    await done(alice, "classifyTicket", ticketId=ticket["id"], nature="BUG")
    before = await everything_in(world.database)

    payload = await do(alice, "confirmClassification", ticketId=ticket["id"], **ON_QUOTA)

    assert [one["code"] for one in payload["errors"]] == ["INSUFFICIENT_ALLOWANCE"]
    assert await everything_in(world.database) == before


async def test_the_history_says_who_decided_when_and_why(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    ticket = await opened(bruno, world)
    await confirmed(alice, ticket)
    given = {"ticketId": ticket["id"], "reason": "It is yours"}
    await done(bruno, "contestClassification", **given)

    of_alice, of_bruno = [
        (await api.data(HISTORY, id=ticket["id"]))["ticket"]["timeline"]["nodes"]
        for api in (alice, bruno)
    ]

    kinds = [one["kind"] for one in of_alice]
    assert kinds[-3:] == ["CLASSIFIED", "CLASSIFICATION_CONFIRMED", "CLASSIFICATION_CONTESTED"]
    assert [one for one in of_alice if one["kind"] != "CLASSIFIED"] == of_bruno
    assert of_bruno[-1] == {
        "kind": "CLASSIFICATION_CONTESTED",
        "reason": "It is yours",
        "actor": {"name": "Bruno"},
        "changes": [{"field": "classification", "before": "CONFIRMED", "after": "DISPUTED"}],
    }


@pytest.mark.parametrize(
    ("states", "found"),
    [
        (["UNCLASSIFIED"], {"first"}),
        (["PROPOSED"], {"second"}),
        (["CONFIRMED"], {"third"}),
        (["DISPUTED"], {"fourth"}),
        (["UNCLASSIFIED", "DISPUTED"], {"first", "fourth"}),
        ([], set()),
        (None, {"first", "second", "third", "fourth"}),
    ],
)
async def test_tickets_are_found_by_where_their_classification_stands(
    both_worlds: World, states: list[str] | None, found: set[str]
) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    tickets = [await opened(bruno, world) for _ in range(4)]
    names = dict(zip((one["id"] for one in tickets), NAMES, strict=True))
    await done(alice, "classifyTicket", ticketId=tickets[1]["id"], nature="BUG")
    for ticket in tickets[2:]:
        await confirmed(alice, ticket)
    await done(bruno, "contestClassification", ticketId=tickets[3]["id"], reason="No")

    for api in (alice, bruno):
        shown = await api.data(TICKETS, states=states)
        assert {names.get(one["id"]) for one in shown["tickets"]["nodes"]} - {None} == found


async def test_a_breach_of_an_excluded_ticket_stays_visible_and_is_not_compensable(
    both_worlds: World,
) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    ticket = await opened(bruno, world)

    async def clocks() -> list[tuple[Json, Json]]:
        shown = (await bruno.data(CLOCKS, id=ticket["id"]))["ticket"]["clocks"]
        assert all((one["breachedAt"] is None) == (one["compensable"] is None) for one in shown)
        return [(one["compensable"], one["excludedBy"]) for one in shown if one["breachedAt"]]

    assert await clocks() == []
    world.now.advance(days=60)
    assert set(await clocks()) == {(True, None)}
    at = "2026-07-06T07:00:00Z"
    made = await done(
        alice,
        "excludeTicket",
        "exclusion { id }",
        ticketId=ticket["id"],
        cause="HOSTING_FAILURE",
        explanation="The server was down.",
        beganAt=at,
        evidence=[{"kind": "HOST_STATUS", "reference": "status", "at": at}],
    )
    assert set(await clocks()) == {(False, "HOSTING_FAILURE")}
    given = {"exclusionId": made["exclusion"]["id"], "reason": "A gesture"}
    await done(alice, "liftExclusion", "exclusion { id }", **given)
    assert set(await clocks()) == {(True, None)}


async def test_rules_that_need_no_person_are_the_agencys_affair(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = (world.api(secret_of(name)) for name in ("alice", "bruno"))
    query = f"{{ viewer {{ {AGENCY} }} }}"
    assert (await alice.data(query))["viewer"]["agency"] == {"automaticRules": None}

    said = await done(alice, "updateAgency", AGENCY, automaticRules=["QUESTION", "BUG"])

    assert said["agency"]["automaticRules"] == {
        "rules": ["BUG", "QUESTION"],
        "setByName": "Alice",
        "setAt": "2026-07-06T07:00:00Z",
    }
    assert (await bruno.data(query))["viewer"]["agency"] == {"automaticRules": None}
    ticket = await opened(bruno, world)
    wanted = "ticket { classification { state decidedByName decidedAt } }"
    taken = await done(alice, "classifyTicket", wanted, ticketId=ticket["id"], nature="BUG")
    assert taken["ticket"]["classification"] == {
        "state": "CONFIRMED",
        "decidedByName": None,
        "decidedAt": "2026-07-06T07:00:00Z",
    }
    refused = await do(alice, "updateAgency", AGENCY, automaticRules=["EXCLUSION"])
    assert [one["code"] for one in refused["errors"]] == ["BAD_INPUT"]
