"""What was agreed, every clause of it, and how it is amended."""

from typing import Any

import pytest

from helpdesk.usecases.read_models import Noun
from tests.graphql.rows import everything_in
from tests.graphql.test_mutations import do, done, opened
from tests.graphql.world import World, secret_of

TERMS = """version effectiveFrom corrects publishedAt atRiskPercent thirdPartyPauses
  pauses { waitingOn metrics } reopening { clause windowDays } retargeting
  answers { byOpener calls firstResponseAnswers } nextResponse { beforeFirstResponse restarts }
  slaTargets { priority metric amount unit isStrict startsOn calendar { name } }"""
CONTRACT = f"contract {{ terms {{ {TERMS} }} versions {{ {TERMS} }} }}"
PAUSABLE = ["DELIVERY", "RESOLUTION", "UPDATE"]
TARGET: dict[str, Any] = {
    "priority": "P3",
    "metric": "FIRST_RESPONSE",
    "amount": 60,
    "unit": "BUSINESS_MINUTES",
    "startsOn": "OPENING",
    "calendarCode": "office",
}
LADDER: dict[str, Any] = {
    "metric": "FIRST_RESPONSE",
    "priorities": ["P3"],
    "steps": [{"level": 1, "percent": 80, "actions": [{"kind": "NOTIFY_MANAGERS"}]}],
}
NOW = "2026-07-06T07:00:00Z"

Json = Any  # what JSON gives


def amendment(world: World, **change: Any) -> dict[str, Any]:  # Any: JSON
    return {
        "contractId": world.bruno.global_id(Noun.CONTRACT),
        "effectiveFrom": "2026-07-13T07:00:00Z",
        **change,
    }


async def test_the_terms_show_every_clause(both_worlds: World) -> None:
    query = f"query Q($id: ID!) {{ contract(id: $id) {{ terms {{ {TERMS} }} }} }}"
    contract_id = both_worlds.bruno.global_id(Noun.CONTRACT)

    shown = await both_worlds.api(secret_of("bruno")).data(query, id=contract_id)

    terms = shown["contract"]["terms"]
    assert (terms["corrects"], terms["publishedAt"]) == (None, None)
    assert terms["pauses"] == [
        {"waitingOn": "CLIENT", "metrics": PAUSABLE},
        {"waitingOn": "THIRD_PARTY", "metrics": []},
        {"waitingOn": "QUOTE_ANSWER", "metrics": PAUSABLE},
        {"waitingOn": "CONTRACT_SUSPENDED", "metrics": PAUSABLE},
        {"waitingOn": "FORCE_MAJEURE", "metrics": PAUSABLE},
    ]
    assert terms["reopening"] == {"clause": "CONTINUE_EXCLUDING_CLOSED", "windowDays": None}
    assert terms["retargeting"] == "KEEP_ORIGIN"
    assert terms["answers"] == {"byOpener": False, "calls": True, "firstResponseAnswers": True}
    assert terms["nextResponse"] == {"beforeFirstResponse": False, "restarts": False}


async def test_an_amendment_changes_what_it_names_from_its_day_on(both_worlds: World) -> None:
    world = both_worlds
    alice = world.api(secret_of("alice"))
    given = amendment(
        world,
        targets=[TARGET, {**TARGET, "metric": "RESOLUTION", "unit": "CALENDAR_MINUTES"}],
        atRiskPercent=50,
        pauses=[{"waitingOn": "THIRD_PARTY", "metrics": ["RESOLUTION"]}],
        reopening={"clause": "NEW_CYCLE", "windowDays": 30},
        retargeting="FROM_RECLASSIFICATION",
        answers={"byOpener": True, "calls": False, "firstResponseAnswers": False},
        nextResponse={"beforeFirstResponse": True, "restarts": True},
        ladders=[LADDER],
    )
    del given["targets"][1]["calendarCode"]

    contract = (await done(alice, "amendContract", CONTRACT, **given))["contract"]

    first, second = contract["versions"]
    assert contract["terms"] == first
    assert (second["version"], second["effectiveFrom"]) == (2, "2026-07-13T07:00:00Z")
    assert second["publishedAt"] == NOW
    assert second["atRiskPercent"] == 50
    assert second["thirdPartyPauses"] is True
    assert second["pauses"] == [{"waitingOn": "THIRD_PARTY", "metrics": ["RESOLUTION"]}]
    assert second["reopening"] == {"clause": "NEW_CYCLE", "windowDays": 30}
    assert second["retargeting"] == "FROM_RECLASSIFICATION"
    assert second["answers"] == {"byOpener": True, "calls": False, "firstResponseAnswers": False}
    assert second["nextResponse"] == {"beforeFirstResponse": True, "restarts": True}
    assert [(one["metric"], one["calendar"]) for one in second["slaTargets"]] == [
        ("FIRST_RESPONSE", {"name": "Office hours"}),
        ("RESOLUTION", None),
    ]


async def test_what_an_amendment_does_not_name_stays(world: World) -> None:
    alice = world.api(secret_of("alice"))

    contract = (await done(alice, "amendContract", CONTRACT, **amendment(world)))["contract"]

    first, second = contract["versions"]
    told = {"version", "effectiveFrom", "publishedAt"}
    assert {key: second[key] for key in second.keys() - told} == {
        key: first[key] for key in first.keys() - told
    }


async def test_the_deadlines_of_open_tickets_follow_at_once(both_worlds: World) -> None:
    world = both_worlds
    alice, bruno = world.api(secret_of("alice")), world.api(secret_of("bruno"))
    ticket = await opened(bruno, world)
    query = """query Q($id: ID!) { ticket(id: $id) {
      version updatedAt nextDeadlineAt clocks { deadlineAt termsVersion } } }"""
    before = (await alice.data(query, id=ticket["id"]))["ticket"]
    world.now.advance(minutes=30)

    given = amendment(world, effectiveFrom="2026-07-06T07:30:00Z", targets=[TARGET])
    await done(alice, "amendContract", CONTRACT, **given)
    after = (await alice.data(query, id=ticket["id"]))["ticket"]

    assert before["nextDeadlineAt"] == "2026-07-06T09:00:00Z"
    assert after["nextDeadlineAt"] == "2026-07-06T08:00:00Z"
    assert (after["version"], after["updatedAt"]) == (before["version"], before["updatedAt"])


REFUSALS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "past": ({"effectiveFrom": "2026-07-06T06:59:59Z"}, "VERSION_IN_PAST", ["effectiveFrom"]),
    "nothing promised": ({"targets": []}, "CONTRACT_WITHOUT_TARGETS", ["targets"]),
    "no amount": (
        {"targets": [TARGET, {**TARGET, "priority": "P1", "amount": 0}]},
        "TARGET_INVALID",
        ["targets", "1"],
    ),
    "promised twice": ({"targets": [TARGET, TARGET]}, "TARGET_INVALID", ["targets", "1"]),
    "no calendar": (
        {"targets": [{**TARGET, "calendarCode": None}]},
        "TARGET_INVALID",
        ["targets", "0"],
    ),
    "unknown calendar": (
        {"targets": [{**TARGET, "calendarCode": "moon"}]},
        "NOT_FOUND",
        ["targets", "0", "calendarCode"],
    ),
    "paused response": (
        {"pauses": [{"waitingOn": "CLIENT", "metrics": ["FIRST_RESPONSE"]}]},
        "RESPONSE_PAUSED",
        ["pauses"],
    ),
    "paused twice": (
        {"pauses": [{"waitingOn": "CLIENT", "metrics": []}] * 2},
        "BAD_INPUT",
        ["pauses", "1"],
    ),
    "never at risk": ({"atRiskPercent": 101}, "BAD_INPUT", ["atRiskPercent"]),
    "no window": (
        {"reopening": {"clause": "NONE", "windowDays": 0}},
        "BAD_INPUT",
        ["reopening", "windowDays"],
    ),
    "ladder on nothing": (
        {"ladders": [{**LADDER, "metric": "DELIVERY"}]},
        "ESCALATION_INVALID",
        ["ladders"],
    ),
    "ladder without steps": (
        {"ladders": [LADDER, {**LADDER, "steps": []}]},
        "ESCALATION_INVALID",
        ["ladders", "1"],
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_what_binds_nobody_is_refused_where_it_stands(world: World, name: str) -> None:
    change, code, path = REFUSALS[name]
    before = await everything_in(world.database)

    payload = await do(
        world.api(secret_of("alice")), "amendContract", CONTRACT, **amendment(world, **change)
    )

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == (code, ["input", *path])
    assert await everything_in(world.database) == before


@pytest.mark.parametrize("name", ["agentId", "teamId", "webhookId"])
async def test_a_step_names_somebody_of_the_agency(world: World, name: str) -> None:
    kinds = {"agentId": "REASSIGN", "teamId": "REASSIGN", "webhookId": "CALL_WEBHOOK"}
    nouns = {"agentId": Noun.AGENT, "teamId": Noun.TEAM, "webhookId": Noun.WEBHOOK}
    alice = world.api(secret_of("alice"))

    def naming(thing_id: str) -> dict[str, Any]:
        action = {"kind": kinds[name], name: thing_id}
        steps = [{"level": 1, "percent": 80, "actions": [action]}]
        return amendment(world, ladders=[{**LADDER, "steps": steps}])

    strange = await do(
        alice, "amendContract", CONTRACT, **naming(world.yves.global_id(nouns[name]))
    )
    own = await do(alice, "amendContract", CONTRACT, **naming(world.bruno.global_id(nouns[name])))

    [error] = strange["errors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "ladders", "0"])
    assert own["errors"] == []


async def test_a_version_takes_over_later_than_the_one_before(world: World) -> None:
    alice = world.api(secret_of("alice"))
    await done(alice, "amendContract", CONTRACT, **amendment(world))

    payload = await do(alice, "amendContract", CONTRACT, **amendment(world))

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("BAD_INPUT", ["input", "effectiveFrom"])
