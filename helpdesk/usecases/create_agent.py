"""A person joins the agency."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Agent, AgentRole
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgentId
from helpdesk.domain.message import required_text
from helpdesk.usecases.create_contact import EmailTaken, email_address
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.require_manager import require_manager

NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class CreateAgent:
    """The person, what he answers for, and the language he is written to in."""

    name: str
    email: str
    role: AgentRole = AgentRole.AGENT
    locale: Locale = Locale.FR


async def create_agent(desk: Desk, *, viewer: Viewer, request: CreateAgent) -> Agent:
    """Add the agent and return him.

    Raises ManagersOnly, EmailInvalid, EmailTaken (also when two ask at once), TextRequired.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        agent = Agent(
            id=AgentId(desk.new_id()),
            agency_id=viewer.agency_id,
            name=required_text(request.name, field="name", limit=NAME_LIMIT),
            email=email_address(request.email, field="email"),
            role=request.role,
            locale=request.locale,
        )
        is_contact = await records.clients.contact_by_email(agent.email) is not None
        if is_contact or not await records.agencies.add_agent(agent):
            raise EmailTaken(path=("email",), email=agent.email)
        return agent
