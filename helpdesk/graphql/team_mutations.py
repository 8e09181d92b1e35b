"""What can be done to the agency's people and teams."""

import strawberry

from helpdesk.domain.agency import AgentRole
from helpdesk.domain.errors import Locale
from helpdesk.domain.follow_up import FollowUp, FollowUpRule
from helpdesk.domain.ids import AgentId, TeamId
from helpdesk.graphql.agency import Agency, Agent, Team
from helpdesk.graphql.classification_enums import ClassificationRule
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.scalars import EmailAddress, LocaleCode
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.create_team import CreateTeam, create_team
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.team_members import TeamMember, add_team_member, remove_team_member
from helpdesk.usecases.update_agency import UpdateAgency, update_agency


@strawberry.input(description="A person who joins the agency.")
class CreateAgentInput(MutationInput):
    """A person who joins the agency."""

    name: str = attribute("The name of the person.")
    email: EmailAddress = attribute("The address; one person has it in an agency.")
    role: AgentRole = optional("What the person answers for.", AgentRole.AGENT)
    locale: LocaleCode = optional(
        "The language that the person is written to in.", LocaleCode("fr")
    )


@strawberry.input(description="A group of agents that requests are given to.")
class CreateTeamInput(MutationInput):
    """A group of agents."""

    name: str = attribute("The name of the team.")


@strawberry.input(description="An agent to take into a team.")
class AddTeamMemberInput(MutationInput):
    """An agent to take into a team."""

    team_id: strawberry.ID = attribute("The team.")
    agent_id: strawberry.ID = attribute("The person.")


@strawberry.input(description="An agent to take out of a team.")
class RemoveTeamMemberInput(MutationInput):
    """An agent to take out of a team."""

    team_id: strawberry.ID = attribute("The team.")
    agent_id: strawberry.ID = attribute("The person.")


@strawberry.input(description="What mails on finished tickets do.")
class FollowUpInput:
    """What mails on finished tickets do."""

    rule: FollowUpRule = attribute("What they do.")
    reopen_days: int = optional(
        "For REOPEN_WITHIN_DAYS: for how many days after its end a ticket is reopened.", 14
    )


@strawberry.input(description="What changes in how the agency works; what is left out stays.")
class UpdateAgencyInput(MutationInput):
    """What changes in how the agency works."""

    automatic_rules: list[ClassificationRule] | None = optional(
        "The rules of classification that need no person; an exclusion always takes one."
    )
    follow_up: FollowUpInput | None = optional("What mails on finished tickets do.")


UpdateAgencyPayload = payload(
    "UpdateAgencyPayload", "An agency that works otherwise.", agency=(Agency, "The agency.")
)
CreateAgentPayload = payload(
    "CreateAgentPayload", "A person who joined the agency.", agent=(Agent, "The person.")
)
CreateTeamPayload = payload("CreateTeamPayload", "A team that was made.", team=(Team, "The team."))
AddTeamMemberPayload = payload(
    "AddTeamMemberPayload", "A team that the agent is of.", team=(Team, "The team.")
)
RemoveTeamMemberPayload = payload(
    "RemoveTeamMemberPayload", "A team that the agent is not of.", team=(Team, "The team.")
)


async def agent_created(request: Request, given: CreateAgentInput) -> Outcome:
    """Add an agent."""
    asked = CreateAgent(given.name, given.email, given.role, Locale(given.locale))
    agent = await create_agent(request.desk, viewer=request.viewer, request=asked)
    return {"agent": agent.id}


async def agency_updated(request: Request, given: UpdateAgencyInput) -> Outcome:
    """Change how the agency works."""
    rules = given.automatic_rules
    said = given.follow_up
    asked = UpdateAgency(
        None if rules is None else frozenset(rules),
        None if said is None else FollowUp(said.rule, said.reopen_days),
    )
    agency = await update_agency(request.desk, viewer=request.viewer, request=asked)
    return {"agency": agency.id}


async def team_created(request: Request, given: CreateTeamInput) -> Outcome:
    """Add a team."""
    asked = CreateTeam(given.name)
    team = await create_team(request.desk, viewer=request.viewer, request=asked)
    return {"team": team.id}


async def team_member_added(request: Request, given: AddTeamMemberInput) -> Outcome:
    """Take an agent into a team."""
    team = await add_team_member(request.desk, viewer=request.viewer, request=_member(given))
    return {"team": team.id}


async def team_member_removed(request: Request, given: RemoveTeamMemberInput) -> Outcome:
    """Take an agent out of a team."""
    team = await remove_team_member(request.desk, viewer=request.viewer, request=_member(given))
    return {"team": team.id}


def _member(given: AddTeamMemberInput | RemoveTeamMemberInput) -> TeamMember:
    return TeamMember(
        TeamId(id_of(Noun.TEAM, given.team_id, path=("teamId",))),
        AgentId(id_of(Noun.AGENT, given.agent_id, path=("agentId",))),
    )
