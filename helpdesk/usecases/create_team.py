"""Agents are grouped in a team that requests are given to."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Team
from helpdesk.domain.ids import TeamId
from helpdesk.domain.message import required_text
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.require_manager import require_manager

NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class CreateTeam:
    """The name of the team."""

    name: str


async def create_team(desk: Desk, *, viewer: Viewer, request: CreateTeam) -> Team:
    """Add a team without members and return it. Raises ManagersOnly, TextRequired."""
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        team = Team(
            id=TeamId(desk.new_id()),
            agency_id=viewer.agency_id,
            name=required_text(request.name, field="name", limit=NAME_LIMIT),
        )
        await records.agencies.add_team(team)
    return team
