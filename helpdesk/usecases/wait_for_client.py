"""A ticket waits: for the client, a third party, a quote's answer."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import TicketId
from helpdesk.domain.message import storable
from helpdesk.domain.ticket import (
    Ticket,
)
from helpdesk.domain.ticket_life import waiting
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ticket_step import ReasonedStepRequest, take_agency_step


@dataclass(frozen=True, slots=True)
class WaitForClient:
    """Whom the ticket waits for, and why: both are shown to the client."""

    ticket_id: TicketId
    reason: str
    waiting_on: WaitingOn = WaitingOn.CLIENT
    expected_version: int | None = None


async def wait_for_client(desk: Desk, *, viewer: Viewer, request: WaitForClient) -> Ticket:
    """Put the ticket on hold and return it; the contract says which of its clocks pause."""
    step = ReasonedStepRequest(request.ticket_id, request.reason, request.expected_version)
    return await take_agency_step(
        desk,
        viewer,
        step,
        lambda ticket, on: waiting(ticket, request.waiting_on, storable(request.reason), on=on),
    )
