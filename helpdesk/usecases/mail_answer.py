"""A mail that belongs to a ticket is added to it, as what its sender may say there."""

from dataclasses import dataclass

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.agency import Agent, Contact
from helpdesk.domain.ids import MessageId
from helpdesk.domain.inbound_email import Address, InboundEmail
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.domain.message import BODY_LIMIT, Message
from helpdesk.domain.ticket import (
    Channel,
    Ticket,
    TicketChange,
    TicketEventKind,
    TicketStep,
    changed,
)
from helpdesk.domain.ticket_life import Occasion, answered, client_wrote, noted
from helpdesk.usecases.answering import counts_as_response
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import promise_agent_reply
from helpdesk.usecases.message_files import Enclosed, add_message
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """The ticket that a mail answers, and what its author is there.

    `sender` is None for somebody who is no party and shows a token. `doubt` says why the mail may
    not be its author's. `is_proven` when our server vouches for him and he shows the token of a
    mail that was written to him.
    """

    ticket: Ticket
    sender: Agent | Contact | None
    address: Address
    doubt: SenderDoubt | None = None
    is_proven: bool = False

    @property
    def actor(self) -> Actor:
        """Who wrote, as far as one knows: a stranger is called by his address, never by a name."""
        if isinstance(self.sender, Agent):
            return Actor(ActorKind.AGENT, self.sender.name, agent_id=self.sender.id)
        if self.sender is None:
            return Actor(ActorKind.CONTACT, self.address.email)
        return Actor(ActorKind.CONTACT, self.sender.name, contact_id=self.sender.id)

    @property
    def is_for_the_client(self) -> bool:
        """Whether a person of the agency answers the client, and is who he says."""
        may_reply = TicketStep.REPLY in self.ticket.possible_steps()
        return isinstance(self.sender, Agent) and self.is_proven and may_reply


async def add_mail_to_ticket(
    desk: Desk, records: Records, answer: MailAnswer, email: InboundEmail, *, is_automatic: bool
) -> None:
    """Add the mail to the ticket.

    A client's words are a public message and move the clocks. An automatic mail is kept and moves
    nothing. A mail of which it is not sure who wrote it is for the agency to judge: an internal
    note with a mark, that moves nothing. A From line proves nobody, so the words of an agent are
    a note too, and an answer to the client once he is proven.
    """
    on = Occasion(desk.now(), answer.actor)
    body = (email.reply_text or email.text).strip()[:BODY_LIMIT] or email.subject or "—"
    is_public = answer.is_for_the_client and not is_automatic
    is_clients = not isinstance(answer.sender, Agent) and answer.doubt is None
    message = Message(
        id=MessageId(desk.new_id()),
        agency_id=answer.ticket.agency_id,
        ticket_id=answer.ticket.id,
        sent_at=on.at,
        author=on.actor,
        channel=Channel.MAIL,
        body=body,
        is_internal=not (is_public or is_clients),
        is_automatic=is_automatic,
        whole_text=None if email.text.strip() == body else email.text[:BODY_LIMIT],
        html=email.html,
        doubt=answer.doubt,
    )
    change = await _change(records, answer.ticket, message, on)
    saved = await save_change(desk, records, change)
    await add_message(desk, records, message, Enclosed(email.html, email.attachments))
    if is_public:
        await promise_agent_reply(desk, records, saved.ticket, message)


async def _change(records: Records, ticket: Ticket, message: Message, on: Occasion) -> TicketChange:
    if message.is_internal:
        return noted(ticket, message.id, on=on)
    if on.actor.kind is ActorKind.AGENT:
        is_response = await counts_as_response(records, ticket, on)
        return answered(ticket, message.id, on=on, is_response=is_response)
    if message.is_automatic:
        return changed(
            ticket,
            TicketEventKind.AUTOMATIC_MESSAGE,
            at=on.at,
            actor=on.actor,
            message_id=message.id,
        )
    return client_wrote(ticket, message.id, on=on)
