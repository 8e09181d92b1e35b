"""What changes who is told and who works here is a manager's to decide."""

from typing import ClassVar

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.usecases.ports import Records


class ManagersOnly(HelpdeskError):
    """Who belongs to a team and who is called outside decides whom an escalation reaches."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "Only a manager can do this: {name} is none, ask one."
    french: ClassVar[str] = (
        "Seul un responsable peut le faire : {name} n'en est pas un, demandez-le-lui."
    )


async def require_manager(records: Records, viewer: Viewer) -> None:
    """Refuse unless the viewer may change the agency, and is a manager if he is one of its people.

    A program may do what its token says, because a token gives no more than its maker had. Raises
    AgencyOnly, ScopeMissing, ManagersOnly.
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    if viewer.agent_id is None:
        return
    agent = await records.agencies.agent(viewer.agent_id)
    if agent is None or agent.role is not AgentRole.MANAGER:
        raise ManagersOnly(name=viewer.name)
