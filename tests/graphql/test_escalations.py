"""Escalations through the API: what the contract says, what came, who works; for the agency."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.domain.escalation import EscalationAction, EscalationActionKind, Ladder, LadderStep
from helpdesk.domain.ids import AgencyId, ClientId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric
from helpdesk.worker.deadlines import FiredSteps, act_due
from helpdesk.worker.heartbeat import Heartbeat
from tests.graphql.test_mutations import done
from tests.graphql.world import World, secret_of
from tests.usecases.escalations import fire

ESCALATIONS = """
{ tickets(first: 1) { nodes { number escalations {
    metric cycle step level isLate isSuperseded dueAt firedAt actedAt outcome } } } }
"""
LADDERS = """
{ contracts(first: 5) { nodes { terms { ladders {
    metric priorities steps { key level percent minutes days actions } } } } } }
"""
WORKERS = "{ workers { name lagSeconds fired stoppedAt } }"


async def _agree(world: World) -> None:
    """Give Bruno's contract an escalation of the first response, whatever the priority."""
    async with world.desk.store.transaction(AgencyId("agency-alice")) as records:
        (contract,) = await records.contracts.contracts_of(ClientId("client-bruno"))
        terms = contract.terms[-1]
        promised = frozenset(
            priority
            for priority in Priority
            if terms.sla.target(SlaMetric.FIRST_RESPONSE, priority) is not None
        )
        notify = (EscalationAction(EscalationActionKind.NOTIFY_MANAGERS),)
        ladder = Ladder(SlaMetric.FIRST_RESPONSE, promised, (LadderStep(1, notify, percent=0),))
        sla = replace(terms.sla, ladders=(ladder,))
        since = terms.effective_from + timedelta(days=1)
        later = replace(terms, version=terms.version + 1, effective_from=since, sla=sla)
        await records.contracts.add_terms(contract.id, later)


async def _opened(world: World) -> None:
    await _agree(world)
    given = {"subject": "It is down", "description": "Nobody can buy."}
    bruno = world.api(secret_of("bruno"))
    await done(bruno, "openTicket", "ticket { number }", **given)
    await fire(world.desk)
    while await act_due(world.desk):
        pass


async def test_an_agent_sees_which_steps_came_and_what_became_of_them(both_worlds: World) -> None:
    world = both_worlds
    await _opened(world)

    shown = await world.api(secret_of("alice")).data(ESCALATIONS)

    (escalation,) = shown["tickets"]["nodes"][0]["escalations"]
    assert escalation["firedAt"] == escalation["actedAt"] is not None
    assert (escalation["step"], escalation["level"], escalation["isLate"]) == ("0%", 1, False)
    assert escalation["outcome"] == ["NOTIFY_MANAGERS: Alice"]


async def test_an_agent_reads_the_escalation_of_a_contract(world: World) -> None:
    await _agree(world)

    shown = await world.api(secret_of("alice")).data(LADDERS)

    told = [one["terms"]["ladders"] for one in shown["contracts"]["nodes"]]
    (ladder,) = next(ladders for ladders in told if ladders)
    assert ladder["metric"] == "FIRST_RESPONSE"
    assert ladder["steps"] == [
        {
            "key": "0%",
            "level": 1,
            "percent": 0,
            "minutes": None,
            "days": None,
            "actions": ["NOTIFY_MANAGERS"],
        }
    ]


async def test_for_a_client_escalations_do_not_exist(world: World) -> None:
    await _opened(world)
    bruno = world.api(secret_of("bruno"))

    shown, agreed = await bruno.data(ESCALATIONS), await bruno.data(LADDERS)
    told = await bruno.data(
        "{ tickets(first: 1) { nodes { timeline(first: 9) { nodes { kind } } } } }"
    )

    assert shown["tickets"]["nodes"][0]["escalations"] == []
    assert {len(one["terms"]["ladders"]) for one in agreed["contracts"]["nodes"]} == {0}
    events = told["tickets"]["nodes"][0]["timeline"]["nodes"]
    assert {event["kind"] for event in events} == {"OPENED"}


async def test_a_manager_sees_who_works(world: World) -> None:
    await Heartbeat(world.desk, FiredSteps(4)).beat()

    shown = await world.api(secret_of("alice")).data(WORKERS)

    (worker,) = shown["workers"]
    assert (worker["fired"], worker["lagSeconds"], worker["stoppedAt"]) == (4, 0, None)
    assert worker["name"]


async def test_who_works_is_not_a_clients_affair(world: World) -> None:
    error = await world.api(secret_of("bruno")).refusal(WORKERS)

    assert error["extensions"]["code"] == "FORBIDDEN"
