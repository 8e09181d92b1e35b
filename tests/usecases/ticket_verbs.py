"""Every verb on a ticket, tried in one way, for what they all have in common."""

from collections.abc import Awaitable, Callable, Mapping

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import TicketId
from helpdesk.domain.priority import Impact
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.deliver_ticket import deliver_ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.link_tickets import (
    LinkTickets,
    UnlinkTickets,
    link_tickets,
    unlink_tickets,
)
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.reopen_ticket import reopen_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.resume_ticket import resume_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client

WHY = "He asked for it"

Verb = Callable[[Desk, Viewer, TicketId, int | None], Awaitable[object]]
"""A verb tried on a ticket by a viewer who expects a version, or any."""

SHARED: Mapping[str, Verb] = {
    "replyToTicket": lambda desk, viewer, ticket_id, version: reply_to_ticket(
        desk,
        viewer=viewer,
        request=ReplyToTicket(ticket_id, "We are on it.", expected_version=version),
    ),
    "reopenTicket": lambda desk, viewer, ticket_id, version: reopen_ticket(
        desk, viewer=viewer, request=ReasonedStepRequest(ticket_id, WHY, version)
    ),
}
"""What the client may do as well as the agency."""

AGENCYS: Mapping[str, Verb] = {
    "assignTicket": lambda desk, viewer, ticket_id, version: assign_ticket(
        desk, viewer=viewer, request=AssignTicket(ticket_id, expected_version=version)
    ),
    "setPriority": lambda desk, viewer, ticket_id, version: set_priority(
        desk,
        viewer=viewer,
        request=SetPriority(ticket_id, Impact.MAJOR, expected_version=version),
    ),
    "waitForClient": lambda desk, viewer, ticket_id, version: wait_for_client(
        desk, viewer=viewer, request=WaitForClient(ticket_id, WHY, expected_version=version)
    ),
    "resumeTicket": lambda desk, viewer, ticket_id, version: resume_ticket(
        desk, viewer=viewer, request=TicketStepRequest(ticket_id, version)
    ),
    "deliverTicket": lambda desk, viewer, ticket_id, version: deliver_ticket(
        desk, viewer=viewer, request=TicketStepRequest(ticket_id, version)
    ),
    "resolveTicket": lambda desk, viewer, ticket_id, version: resolve_ticket(
        desk, viewer=viewer, request=TicketStepRequest(ticket_id, version)
    ),
    "closeTicket": lambda desk, viewer, ticket_id, version: close_ticket(
        desk, viewer=viewer, request=TicketStepRequest(ticket_id, version)
    ),
    "cancelTicket": lambda desk, viewer, ticket_id, version: cancel_ticket(
        desk, viewer=viewer, request=ReasonedStepRequest(ticket_id, WHY, version)
    ),
    "markSpam": lambda desk, viewer, ticket_id, version: mark_spam(
        desk, viewer=viewer, request=TicketStepRequest(ticket_id, version)
    ),
}
"""What the agency alone may do, with a version to decide on."""

UNVERSIONED: Mapping[str, Verb] = {
    "addInternalNote": lambda desk, viewer, ticket_id, _: add_internal_note(
        desk, viewer=viewer, request=AddInternalNote(ticket_id, "Bruno is in a hurry.")
    ),
    "mergeTickets": lambda desk, viewer, ticket_id, _: merge_tickets(
        desk, viewer=viewer, request=MergeTickets(ticket_id, ticket_id)
    ),
    "linkTickets": lambda desk, viewer, ticket_id, _: link_tickets(
        desk, viewer=viewer, request=LinkTickets(ticket_id, ticket_id)
    ),
    "unlinkTickets": lambda desk, viewer, ticket_id, _: unlink_tickets(
        desk, viewer=viewer, request=UnlinkTickets(ticket_id, ticket_id)
    ),
}
"""What the agency alone may do, whatever the version."""

VERSIONED = {**SHARED, **AGENCYS}
FOR_THE_AGENCY = {**AGENCYS, **UNVERSIONED}
EVERY = {**SHARED, **AGENCYS, **UNVERSIONED}
