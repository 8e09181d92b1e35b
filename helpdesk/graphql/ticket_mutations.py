"""What can be done to tickets, in the words of the API."""

from datetime import datetime

import strawberry

from helpdesk.domain.ids import AgentId, ClientId, ContactId, SiteId, TeamId, TicketId
from helpdesk.domain.waiting import WaitingOn as Waited
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.message import Message
from helpdesk.graphql.mutating import (
    EXPECTED_VERSION,
    IDEMPOTENCY_KEY,
    MutationInput,
    Outcome,
    payload,
)
from helpdesk.graphql.request import Request
from helpdesk.graphql.ticket import Ticket
from helpdesk.graphql.ticket_enums import (
    Channel,
    Impact,
    LinkKind,
    Priority,
    SecuritySign,
    TicketKind,
    Urgency,
    WaitingOn,
)
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.link_tickets import (
    LinkTickets,
    UnlinkTickets,
    link_tickets,
    unlink_tickets,
)
from helpdesk.usecases.log_call import LogCall, log_call
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client

_TICKET = (Ticket, "The ticket after it.")


@strawberry.input(description="A request as it comes in.")
class OpenTicketInput(MutationInput):
    """A request as it comes in."""

    subject: str = attribute("What it is about, in a line.")
    description: str = attribute("What is asked for.")
    client_id: strawberry.ID | None = optional(
        "Whose request it is; known from the requester, the site or the token if left out."
    )
    requester_id: strawberry.ID | None = optional("Who asks.")
    site_id: strawberry.ID | None = optional("The site that it is about.")
    kind: TicketKind = optional("The nature of the request.", TicketKind.CORRECTIVE)
    channel: Channel = optional("By which door it came in.", Channel.API)
    impact: Impact | None = optional(
        "How much of the service is hit; the contract's default while nobody has weighed it."
    )
    urgency: Urgency | None = optional(
        "How long the client can go on without it; the contract's default likewise."
    )
    security_sign: SecuritySign | None = optional("What makes it a security incident, hence P0.")
    priority: Priority | None = optional(
        "Another priority than the one that the contract's matrix gives; it takes a reason."
    )
    reason: str | None = optional("Why another priority.")
    waiting_on: WaitingOn | None = optional(
        "Whom or what it waits for from the start; only the agency says so."
    )
    waiting_reason: str | None = optional("Why it waits; required where it does.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A public message on a ticket.")
class ReplyToTicketInput(MutationInput):
    """A public message on a ticket."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    body_markdown: str = attribute("The text, in Markdown.")
    wait_for_client: bool = optional(
        "Whether the message asks the client something: the ticket then waits for him. Only the "
        "agency says so, and not while it waits for somebody else.",
        default=False,
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
    expected_version: int | None = optional(EXPECTED_VERSION)


@strawberry.input(description="What was said on the telephone.")
class LogCallInput(MutationInput):
    """What was said on the telephone."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    summary_markdown: str = attribute("What was said, in Markdown; the client reads it.")
    called_at: datetime | None = optional(
        "When the call was: within the last 7 days, and not before what was noted last; now if "
        "left out."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
    expected_version: int | None = optional(EXPECTED_VERSION)


@strawberry.input(description="A note that no client ever sees.")
class AddInternalNoteInput(MutationInput):
    """A note that no client ever sees."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    body_markdown: str = attribute("The text, in Markdown.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Who takes care of a ticket; left out, nobody does.")
class AssignTicketInput(MutationInput):
    """Who takes care of a ticket."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    agent_id: strawberry.ID | None = optional("The agent.")
    team_id: strawberry.ID | None = optional("The team.")
    expected_version: int | None = optional(EXPECTED_VERSION)


@strawberry.input(description="The weight of a request; what is left out stays as it is.")
class SetPriorityInput(MutationInput):
    """The weight of a request."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    impact: Impact | None = optional("How much of the service is hit.")
    urgency: Urgency | None = optional("How long the client can go on without it.")
    security_sign: SecuritySign | None = optional("What makes it a security incident, hence P0.")
    priority: Priority | None = optional(
        "Another priority than the one that the contract's matrix gives; it takes a reason."
    )
    reason: str | None = optional("Why another priority.")
    expected_version: int | None = optional(EXPECTED_VERSION)


@strawberry.input(description="Whom or what a ticket waits for, and why.")
class WaitForClientInput(MutationInput):
    """Whom or what a ticket waits for, and why."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    reason: str = attribute("Why; the client and the report will read it.")
    waiting_on: WaitingOn = optional("Whom or what it waits for.", Waited.CLIENT)
    expected_version: int | None = optional(EXPECTED_VERSION)


@strawberry.input(description="The ticket that ends, and the one that goes on.")
class MergeTicketsInput(MutationInput):
    """The ticket that ends, and the one that goes on."""

    duplicate_id: strawberry.ID = attribute("The ticket that ends.")
    survivor_id: strawberry.ID = attribute("The ticket that goes on.")


@strawberry.input(description="A ticket that relates to another one, and how.")
class LinkTicketsInput(MutationInput):
    """A ticket that relates to another one, and how."""

    ticket_id: strawberry.ID = attribute("The ticket.")
    other_id: strawberry.ID = attribute("The other ticket, of the same client.")
    kind: LinkKind = optional("How the first one relates to the other.", LinkKind.RELATED)


@strawberry.input(description="Two tickets that no longer relate.")
class UnlinkTicketsInput(MutationInput):
    """Two tickets that no longer relate."""

    ticket_id: strawberry.ID = attribute("The ticket that was said to relate to the other.")
    other_id: strawberry.ID = attribute("The other ticket.")


OpenTicketPayload = payload("OpenTicketPayload", "A request that came in.", ticket=_TICKET)
ReplyToTicketPayload = payload(
    "ReplyToTicketPayload",
    "A public message that was added.",
    ticket=_TICKET,
    message=(Message, "The message."),
)
LogCallPayload = payload(
    "LogCallPayload",
    "A call that was noted.",
    ticket=_TICKET,
    message=(Message, "The message that says it."),
)
AddInternalNotePayload = payload(
    "AddInternalNotePayload",
    "A note that was added.",
    ticket=_TICKET,
    message=(Message, "The note."),
)
AssignTicketPayload = payload("AssignTicketPayload", "A ticket that was given.", ticket=_TICKET)
SetPriorityPayload = payload("SetPriorityPayload", "A request that was weighed.", ticket=_TICKET)
WaitForClientPayload = payload("WaitForClientPayload", "A ticket that waits.", ticket=_TICKET)
MergeTicketsPayload = payload(
    "MergeTicketsPayload", "Two tickets that became one.", ticket=(Ticket, "The one that goes on.")
)
LinkTicketsPayload = payload("LinkTicketsPayload", "Tickets that were linked.", ticket=_TICKET)
UnlinkTicketsPayload = payload(
    "UnlinkTicketsPayload", "Tickets that were unlinked.", ticket=_TICKET
)


def ticket_of(given: strawberry.ID, field: str = "ticketId") -> TicketId:
    """Return the ticket that an input names."""
    return TicketId(id_of(Noun.TICKET, given, path=(field,)))


async def opened(request: Request, given: OpenTicketInput) -> Outcome:
    """Open a ticket."""
    ticket = await open_ticket(
        request.desk,
        viewer=request.viewer,
        request=OpenTicket(
            subject=given.subject,
            description=given.description,
            client_id=None
            if given.client_id is None
            else ClientId(id_of(Noun.CLIENT, given.client_id, path=("clientId",))),
            requester_id=None
            if given.requester_id is None
            else ContactId(id_of(Noun.CONTACT, given.requester_id, path=("requesterId",))),
            site_id=None
            if given.site_id is None
            else SiteId(id_of(Noun.SITE, given.site_id, path=("siteId",))),
            kind=given.kind,
            channel=given.channel,
            impact=given.impact,
            urgency=given.urgency,
            security_sign=given.security_sign,
            priority=given.priority,
            reason=given.reason,
            idempotency_key=given.idempotency_key,
            waiting_on=given.waiting_on,
            waiting_reason=given.waiting_reason,
        ),
    )
    return {"ticket": ticket.id}


async def replied(request: Request, given: ReplyToTicketInput) -> Outcome:
    """Add a public message."""
    reply = await reply_to_ticket(
        request.desk,
        viewer=request.viewer,
        request=ReplyToTicket(
            ticket_id=ticket_of(given.ticket_id),
            body=given.body_markdown,
            wait_for_client=given.wait_for_client,
            idempotency_key=given.idempotency_key,
            expected_version=given.expected_version,
        ),
    )
    return {"ticket": reply.ticket.id, "message": reply.message.id}


async def call_logged(request: Request, given: LogCallInput) -> Outcome:
    """Note a call."""
    reply = await log_call(
        request.desk,
        viewer=request.viewer,
        request=LogCall(
            ticket_id=ticket_of(given.ticket_id),
            summary=given.summary_markdown,
            called_at=given.called_at,
            idempotency_key=given.idempotency_key,
            expected_version=given.expected_version,
        ),
    )
    return {"ticket": reply.ticket.id, "message": reply.message.id}


async def noted(request: Request, given: AddInternalNoteInput) -> Outcome:
    """Add an internal note."""
    reply = await add_internal_note(
        request.desk,
        viewer=request.viewer,
        request=AddInternalNote(
            ticket_of(given.ticket_id), given.body_markdown, given.idempotency_key
        ),
    )
    return {"ticket": reply.ticket.id, "message": reply.message.id}


async def assigned(request: Request, given: AssignTicketInput) -> Outcome:
    """Give a ticket to somebody."""
    agent, team = given.agent_id, given.team_id
    ticket = await assign_ticket(
        request.desk,
        viewer=request.viewer,
        request=AssignTicket(
            ticket_of(given.ticket_id),
            None if agent is None else AgentId(id_of(Noun.AGENT, agent, path=("agentId",))),
            None if team is None else TeamId(id_of(Noun.TEAM, team, path=("teamId",))),
            given.expected_version,
        ),
    )
    return {"ticket": ticket.id}


async def weighed(request: Request, given: SetPriorityInput) -> Outcome:
    """Decide the weight of a request."""
    ticket = await set_priority(
        request.desk,
        viewer=request.viewer,
        request=SetPriority(
            ticket_id=ticket_of(given.ticket_id),
            impact=given.impact,
            urgency=given.urgency,
            security_sign=given.security_sign,
            priority=given.priority,
            reason=given.reason,
            expected_version=given.expected_version,
        ),
    )
    return {"ticket": ticket.id}


async def put_on_hold(request: Request, given: WaitForClientInput) -> Outcome:
    """Let a ticket wait."""
    ticket = await wait_for_client(
        request.desk,
        viewer=request.viewer,
        request=WaitForClient(
            ticket_of(given.ticket_id), given.reason, given.waiting_on, given.expected_version
        ),
    )
    return {"ticket": ticket.id}


async def merged(request: Request, given: MergeTicketsInput) -> Outcome:
    """Merge two tickets."""
    merge = MergeTickets(
        ticket_of(given.duplicate_id, "duplicateId"), ticket_of(given.survivor_id, "survivorId")
    )
    ticket = await merge_tickets(request.desk, viewer=request.viewer, request=merge)
    return {"ticket": ticket.id}


async def linked(request: Request, given: LinkTicketsInput) -> Outcome:
    """Link two tickets."""
    link = LinkTickets(ticket_of(given.ticket_id), ticket_of(given.other_id, "otherId"), given.kind)
    ticket = await link_tickets(request.desk, viewer=request.viewer, request=link)
    return {"ticket": ticket.id}


async def unlinked(request: Request, given: UnlinkTicketsInput) -> Outcome:
    """Unlink two tickets."""
    link = UnlinkTickets(ticket_of(given.ticket_id), ticket_of(given.other_id, "otherId"))
    ticket = await unlink_tickets(request.desk, viewer=request.viewer, request=link)
    return {"ticket": ticket.id}
