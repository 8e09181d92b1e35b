"""Somebody answers on a ticket, and the other side hears of it."""

from dataclasses import dataclass

from helpdesk.domain.access import ActorKind, AgencyOnly, Scope, Viewer
from helpdesk.domain.ids import MessageId, TicketId
from helpdesk.domain.message import BODY_LIMIT, Message, required_text
from helpdesk.domain.ticket import Channel, Ticket
from helpdesk.domain.ticket_life import Occasion, answered, client_wrote, waiting
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.answering import counts_as_response
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.letters import promise_agent_reply
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_step import visible_ticket


@dataclass(frozen=True, slots=True)
class ReplyToTicket:
    """A public message; `wait_for_client` asks the client something and pauses his clocks."""

    ticket_id: TicketId
    body: str
    wait_for_client: bool = False
    channel: Channel = Channel.API
    idempotency_key: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A ticket after a message, and the message."""

    ticket: Ticket
    message: Message


async def reply_to_ticket(desk: Desk, *, viewer: Viewer, request: ReplyToTicket) -> Reply:
    """Add a public message and return it with the ticket.

    By an agent it stops the first-response clock and is mailed to the requester; by the client it
    opens an answer cycle, ends a wait and reopens a resolved ticket. To wait for the client is the
    agency's: AgencyOnly otherwise, and TicketAlreadyWaiting while it waits for somebody else.
    """
    viewer.require(Scope.TICKETS_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        asked = question(viewer, "replyToTicket", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return await replied_before(records, ticket, before["messageId"])
        if request.wait_for_client and not viewer.is_of_agency:
            raise AgencyOnly(path=("waitForClient",))
        ticket.require_version(request.expected_version)
        reply = await _replied(desk, records, viewer, request, ticket)
        await remember_answer(records, asked, {"messageId": reply.message.id})
        return reply


async def replied_before(records: Records, ticket: Ticket, message_id: str) -> Reply:
    """Return the answer of a message that was already written under the same key."""
    message = await records.tickets.message(message_id)
    assert message is not None  # noqa: S101 - remembered in the transaction that added it
    return Reply(ticket, message)


async def _replied(
    desk: Desk, records: Records, viewer: Viewer, request: ReplyToTicket, ticket: Ticket
) -> Reply:
    on = Occasion(desk.now(), viewer.actor)
    message = Message(
        id=MessageId(desk.new_id()),
        agency_id=viewer.agency_id,
        ticket_id=ticket.id,
        sent_at=on.at,
        author=viewer.actor,
        channel=request.channel,
        body=required_text(request.body, field="bodyMarkdown", limit=BODY_LIMIT),
        is_automatic=viewer.is_of_agency and viewer.kind is not ActorKind.AGENT,
    )
    if not viewer.is_of_agency:
        change = client_wrote(ticket, message.id, on=on)
    else:
        is_response = await counts_as_response(records, ticket, on)
        change = answered(ticket, message.id, on=on, is_response=is_response)
        # Who asks again while he waits for the client goes on waiting for him.
        if request.wait_for_client and change.ticket.waiting_on is not WaitingOn.CLIENT:
            question_asked = waiting(change.ticket, WaitingOn.CLIENT, "question", on=on)
            change = change.then(question_asked)
    saved = (await save_change(desk, records, change)).ticket
    await records.tickets.add_message(message)
    if viewer.is_of_agency:
        await promise_agent_reply(desk, records, saved, message)
    return Reply(saved, message)
