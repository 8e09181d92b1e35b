"""Managers say who works for the agency and who is of which team."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing, Viewer
from helpdesk.domain.agency import Agent, AgentRole, Team
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.ids import AgentId, TeamId
from helpdesk.domain.message import TextRequired
from helpdesk.storage.tables.agency import AGENT, TEAM_MEMBER
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.create_contact import EmailInvalid, EmailTaken
from helpdesk.usecases.create_team import CreateTeam, create_team
from helpdesk.usecases.require_manager import ManagersOnly
from helpdesk.usecases.team_members import TeamMember, add_team_member, remove_team_member
from tests.factories import AGENCY_ID
from tests.usecases.world import TEAM, ZOES_AGENCY, World

MARC = CreateAgent(" Marc ", " Marc@Alice.example", AgentRole.AGENT, Locale.EN)


async def _marc(world: World, request: CreateAgent = MARC) -> Agent:
    return await create_agent(world.desk, viewer=world.alice, request=request)


async def _members(world: World, team_id: TeamId = TEAM) -> list[str]:
    async with world.desk.store.reading(AGENCY_ID) as records:
        return [agent.name for agent in await records.agencies.team_members(team_id)]


async def test_a_person_joins_the_agency(both_worlds: World) -> None:
    world = both_worlds

    marc = await _marc(world)

    assert marc == Agent(
        marc.id, AGENCY_ID, "Marc", "marc@alice.example", AgentRole.AGENT, Locale.EN
    )
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.agencies.agent_by_email("marc@alice.example") == marc
    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert await records.agencies.agent(marc.id) is None


@pytest.mark.parametrize("email", ["alice@alice.example", "BRUNO@bruno.example"])
async def test_an_address_is_one_person(both_worlds: World, email: str) -> None:
    world = both_worlds

    async with world.refused(EmailTaken) as refusal:
        await _marc(world, replace(MARC, email=email))

    assert refusal.value.path == ("email",)


async def test_an_address_may_be_somebody_else_in_another_agency(world: World) -> None:
    marc = await _marc(world, replace(MARC, email="zoe@zoe.example"))

    assert marc.email == "zoe@zoe.example"


async def test_of_several_who_take_an_address_at_once_one_gets_it(both_worlds: World) -> None:
    world = both_worlds

    outcomes = await asyncio.gather(*(_marc(world) for _ in range(5)), return_exceptions=True)

    assert [type(one) for one in outcomes].count(Agent) == 1
    assert [type(one) for one in outcomes].count(EmailTaken) == 4
    assert sum(row["email"] == "marc@alice.example" for row in await world.rows(AGENT)) == 1


async def test_a_person_has_a_name_and_an_address(world: World) -> None:
    async with world.refused(TextRequired):
        await _marc(world, replace(MARC, name=" "))
    async with world.refused(EmailInvalid):
        await _marc(world, replace(MARC, email="marc"))


async def test_a_team_is_made_without_members(both_worlds: World) -> None:
    world = both_worlds

    team = await create_team(world.desk, viewer=world.alice, request=CreateTeam(" Night "))

    assert team == Team(team.id, AGENCY_ID, "Night")
    assert await _members(world, team.id) == []
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.agencies.team(team.id) == team


async def test_a_team_has_a_name(world: World) -> None:
    async with world.refused(TextRequired):
        await create_team(world.desk, viewer=world.alice, request=CreateTeam(""))


async def test_agents_come_and_go_and_what_is_repeated_changes_nothing(both_worlds: World) -> None:
    world = both_worlds
    marc = await _marc(world)
    member = TeamMember(TEAM, marc.id)
    alice = TeamMember(TEAM, AgentId(str(world.alice.agent_id)))

    for request in (member, alice, member):
        team = await add_team_member(world.desk, viewer=world.alice, request=request)
        assert team.id == TEAM
    assert await _members(world) == ["Alice", "Marc"]

    for _ in range(2):
        await remove_team_member(world.desk, viewer=world.alice, request=member)
        assert await _members(world) == ["Alice"]


async def test_two_who_take_the_same_agent_into_a_team_at_once_both_succeed(
    both_worlds: World,
) -> None:
    world = both_worlds
    member = TeamMember(TEAM, (await _marc(world)).id)

    await asyncio.gather(
        *(add_team_member(world.desk, viewer=world.alice, request=member) for _ in range(4))
    )

    assert await _members(world) == ["Marc"]


async def test_a_team_and_its_people_are_of_one_agency(world: World) -> None:
    alice, zoe = str(world.alice.agent_id), str(world.zoe.agent_id)
    strangers = [
        (TeamId("team-of-zoe"), AgentId(alice), "teamId"),
        (TeamId("made-up"), AgentId(alice), "teamId"),
        (TEAM, AgentId(zoe), "agentId"),
        (TEAM, AgentId("made-up"), "agentId"),
    ]
    for team_id, agent_id, path in strangers:
        for verb in (add_team_member, remove_team_member):
            async with world.refused(NotFound) as refusal:
                await verb(world.desk, viewer=world.alice, request=TeamMember(team_id, agent_id))
            assert refusal.value.path == (path,)


async def test_managers_are_found_by_name(both_worlds: World) -> None:
    world = both_worlds
    await _marc(world)
    await _marc(world, CreateAgent("Ada", "ada@alice.example", AgentRole.MANAGER))

    async with world.desk.store.reading(AGENCY_ID) as records:
        managers = await records.agencies.managers()

    assert [agent.name for agent in managers] == ["Ada", "Alice"]


async def test_only_managers_decide_who_works_here(world: World) -> None:
    marc = await _marc(world)
    as_marc = replace(world.alice, name="Marc", agent_id=marc.id)
    nobody = replace(world.alice, agent_id=AgentId("made-up"))
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.AGENCY_WRITE})
    refusals: list[tuple[Viewer, type[HelpdeskError]]] = [
        (as_marc, ManagersOnly),
        (nobody, ManagersOnly),
        (reader, ScopeMissing),
        (world.bruno, AgencyOnly),
    ]
    for viewer, refusal in refusals:
        async with world.refused(refusal):
            await create_agent(
                world.desk, viewer=viewer, request=CreateAgent("Eve", "eve@alice.example")
            )
        async with world.refused(refusal):
            await create_team(world.desk, viewer=viewer, request=CreateTeam("Night"))
        for verb in (add_team_member, remove_team_member):
            async with world.refused(refusal):
                await verb(world.desk, viewer=viewer, request=TeamMember(TEAM, marc.id))


async def test_a_program_may_do_what_its_token_says(world: World) -> None:
    marc = await _marc(world)

    await add_team_member(world.desk, viewer=world.robot, request=TeamMember(TEAM, marc.id))

    assert [row["agent_id"] for row in await world.rows(TEAM_MEMBER)] == [marc.id]
