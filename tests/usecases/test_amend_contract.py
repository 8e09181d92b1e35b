"""A contract is amended from an instant to come, and the deadlines follow."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, TargetUnit
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.amend_contract import AmendContract, TermsNotLater, amend_contract
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.policy_change import PolicyChange, WantedTarget
from helpdesk.usecases.require_manager import ManagersOnly
from helpdesk.usecases.version_to_come import VersionInPast
from tests.factories import AGENCY_ID, a_viewer, at
from tests.usecases.world import World

CONTRACT = ContractId("contract-of-bruno")
NOW = at("07-06 09:00")
QUICKLY = PolicyChange(
    targets=tuple(
        WantedTarget(
            priority,
            SlaMetric.FIRST_RESPONSE,
            30,
            TargetUnit.BUSINESS_MINUTES,
            ClockStart.OPENING,
            is_strict=True,
            calendar_code="ouvre5",
        )
        for priority in Priority
    ),
    ladders=(),
)


async def amended(world: World, since: datetime = NOW, change: PolicyChange = QUICKLY) -> Contract:
    request = AmendContract(CONTRACT, since, change)
    return await amend_contract(world.desk, viewer=world.alice, request=request)


async def due(world: World, ticket: Ticket) -> datetime | None:
    deadline: datetime | None = (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["deadline_at"]
    return deadline


async def kept(world: World) -> Contract:
    async with world.desk.store.reading(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
    assert contract is not None
    return contract


async def test_an_amendment_is_a_version_and_moves_the_deadlines(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()

    contract = await amended(world)

    assert contract == await kept(world)
    first, second = contract.terms
    assert (second.version, second.effective_from, second.published_at) == (2, NOW, NOW)
    assert (second.matrix, second.plan_code) == (first.matrix, first.plan_code)
    assert second.sla == replace(first.sla, targets=second.sla.targets, ladders=())
    assert await due(world, ticket) == at("07-06 09:30")
    assert (await world.kept(ticket.id)).version == 1


async def test_an_amendment_to_come_leaves_today_as_it_is(world: World) -> None:
    ticket = await world.ticket()
    before = await world.clocks(ticket.id)

    await amended(world, at("07-20 09:00"))

    assert await world.clocks(ticket.id) == before


async def test_no_ticket_opens_between_the_terms_and_their_publication(both_worlds: World) -> None:
    world = both_worlds

    ticket, _ = await asyncio.gather(world.ticket(), amended(world))

    assert await due(world, ticket) == at("07-06 09:30")


async def test_of_two_amendments_at_once_one_is_refused(both_worlds: World) -> None:
    outcomes = await asyncio.gather(
        amended(both_worlds), amended(both_worlds), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Contract", "TermsNotLater"]
    assert [terms.version for terms in (await kept(both_worlds)).terms] == [1, 2]


async def test_an_amendment_changes_no_past(world: World) -> None:
    async with world.refused(VersionInPast):
        await amended(world, at("07-06 08:59"))
    await amended(world, at("07-20 09:00"))
    async with world.refused(TermsNotLater):
        await amended(world, at("07-20 09:00"))


async def test_managers_amend(world: World) -> None:
    agent = await create_agent(
        world.desk,
        viewer=world.alice,
        request=CreateAgent("Ada", "ada@alice.example", AgentRole.AGENT),
    )
    request = AmendContract(CONTRACT, NOW, QUICKLY)
    for viewer, refusal in (
        (a_viewer(name="Ada", agent_id=agent.id), ManagersOnly),
        (world.bruno, AgencyOnly),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
        (a_viewer(scopes=frozenset()), ScopeMissing),
    ):
        async with world.refused(refusal):
            await amend_contract(world.desk, viewer=viewer, request=request)


@pytest.mark.parametrize("contract_id", ["contract-of-yves", "none"])
async def test_what_is_no_contract_here_is_not_found(world: World, contract_id: str) -> None:
    request = AmendContract(ContractId(contract_id), NOW, QUICKLY)

    async with world.refused(NotFound):
        await amend_contract(world.desk, viewer=world.alice, request=request)
