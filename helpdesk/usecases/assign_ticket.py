"""A ticket is given to a person, a team, both, or back to nobody."""

from dataclasses import dataclass

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.ids import AgentId, MessageId, TeamId, TicketId
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion, assigned
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import visible_ticket


@dataclass(frozen=True, slots=True)
class AssignTicket:
    """Who takes care of the ticket; None and None gives it back to nobody."""

    ticket_id: TicketId
    agent_id: AgentId | None = None
    team_id: TeamId | None = None
    expected_version: int | None = None


async def assign_ticket(desk: Desk, *, viewer: Viewer, request: AssignTicket) -> Ticket:
    """Assign the ticket and return it; a new one is then open. Raises NotFound for strangers."""
    async with desk.store.transaction(viewer.agency_id) as records:
        return await assigned_ticket(desk, records, viewer, request)


async def assigned_ticket(
    desk: Desk,
    records: Records,
    viewer: Viewer,
    request: AssignTicket,
    *,
    asked_in: MessageId | None = None,
) -> Ticket:
    """Return the ticket assigned, within the caller's transaction; `asked_in` is the mail of it."""
    ticket = await visible_ticket(records, viewer, request.ticket_id)
    viewer.require_agency(Scope.TICKETS_WRITE)
    ticket.require_version(request.expected_version)
    await _require_known(records, request)
    change = assigned(
        ticket, request.agent_id, request.team_id, on=Occasion(desk.now(), viewer.actor)
    )
    return (await save_change(desk, records, change.told_by(asked_in))).ticket


async def _require_known(records: Records, request: AssignTicket) -> None:
    if request.agent_id is not None and await records.agencies.agent(request.agent_id) is None:
        raise NotFound(path=("agentId",), what="Agent", id=request.agent_id)
    if request.team_id is not None and await records.agencies.team(request.team_id) is None:
        raise NotFound(path=("teamId",), what="Team", id=request.team_id)
