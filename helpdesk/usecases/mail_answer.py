"""A mail that belongs to a ticket is added to it, as what its sender may say there."""

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.agency import Agent, Contact
from helpdesk.domain.ids import MessageId
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.message import BODY_LIMIT, Message
from helpdesk.domain.ticket import Channel, Ticket, TicketChange, TicketEventKind, changed
from helpdesk.domain.ticket_life import Occasion, client_wrote, noted
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.message_files import Enclosed, add_message
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change


async def add_mail_to_ticket(
    desk: Desk,
    records: Records,
    ticket: Ticket,
    email: InboundEmail,
    *,
    sender: Agent | Contact,
    is_automatic: bool,
) -> None:
    """Add the mail to the ticket.

    A client's words are a public message and move the clocks. An automatic mail is kept and moves
    nothing. A mail that claims to be an agent's becomes an internal note: a From line proves
    nobody, so it neither reaches the client nor stops a clock.
    """
    on = Occasion(desk.now(), _actor(sender))
    body = (email.reply_text or email.text).strip()[:BODY_LIMIT] or email.subject or "—"
    message = Message(
        id=MessageId(desk.new_id()),
        agency_id=ticket.agency_id,
        ticket_id=ticket.id,
        sent_at=on.at,
        author=on.actor,
        channel=Channel.MAIL,
        body=body,
        is_internal=isinstance(sender, Agent),
        is_automatic=is_automatic,
        whole_text=None if email.text.strip() == body else email.text[:BODY_LIMIT],
        html=email.html,
    )
    change = _change(ticket, message, on, sender)
    await save_change(desk, records, change)
    await add_message(desk, records, message, Enclosed(email.html, email.attachments))


def _change(
    ticket: Ticket, message: Message, on: Occasion, sender: Agent | Contact
) -> TicketChange:
    if isinstance(sender, Agent):
        return noted(ticket, message.id, on=on)
    if message.is_automatic:
        return changed(
            ticket,
            TicketEventKind.AUTOMATIC_MESSAGE,
            at=on.at,
            actor=on.actor,
            message_id=message.id,
        )
    return client_wrote(ticket, message.id, on=on)


def _actor(sender: Agent | Contact) -> Actor:
    if isinstance(sender, Agent):
        return Actor(ActorKind.AGENT, sender.name, agent_id=sender.id)
    return Actor(ActorKind.CONTACT, sender.name, contact_id=sender.id)
