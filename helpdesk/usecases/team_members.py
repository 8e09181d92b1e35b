"""Who is of a team: agents come and go, and what is repeated changes nothing."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.agency import Team
from helpdesk.domain.ids import AgentId, TeamId
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager


@dataclass(frozen=True, slots=True)
class TeamMember:
    """An agent in a team."""

    team_id: TeamId
    agent_id: AgentId


async def add_team_member(desk: Desk, *, viewer: Viewer, request: TeamMember) -> Team:
    """Take the agent into the team and return it. Raises ManagersOnly, NotFound."""
    async with desk.store.transaction(viewer.agency_id) as records:
        team = await _team(records, viewer, request)
        await records.agencies.add_team_member(request.team_id, request.agent_id)
    return team


async def remove_team_member(desk: Desk, *, viewer: Viewer, request: TeamMember) -> Team:
    """Take the agent out of the team and return it; his tickets stay his.

    Raises ManagersOnly, NotFound.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        team = await _team(records, viewer, request)
        await records.agencies.remove_team_member(request.team_id, request.agent_id)
    return team


async def _team(records: Records, viewer: Viewer, request: TeamMember) -> Team:
    """Return the team, once it is sure that both exist and that the viewer may decide."""
    await require_manager(records, viewer)
    team = await records.agencies.team(request.team_id)
    if team is None:
        raise NotFound(path=("teamId",), what="Team", id=request.team_id)
    if await records.agencies.agent(request.agent_id) is None:
        raise NotFound(path=("agentId",), what="Agent", id=request.agent_id)
    return team
