"""A mail that belongs to a ticket is added to it, as what its sender may say there."""

from dataclasses import dataclass

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.agency import Agent, Contact
from helpdesk.domain.follow_up import is_finished
from helpdesk.domain.ids import MessageId
from helpdesk.domain.inbound_email import Address, InboundEmail
from helpdesk.domain.mail_trust import AuthVerdict, SenderDoubt
from helpdesk.domain.message import BODY_LIMIT, Message
from helpdesk.domain.ticket import (
    Channel,
    Ticket,
    TicketChange,
    TicketEventKind,
    TicketStep,
    changed,
)
from helpdesk.domain.ticket_life import (
    Occasion,
    answered,
    client_came_back,
    client_thanked,
    client_wrote,
    noted,
)
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
    mail that was written to him; `verdict` is what it says alone. `is_inside` when it answers a
    mail about what is the agency's alone.
    """

    ticket: Ticket
    sender: Agent | Contact | None
    address: Address
    doubt: SenderDoubt | None = None
    is_proven: bool = False
    verdict: AuthVerdict | None = None
    is_inside: bool = False

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


@dataclass(frozen=True, slots=True)
class MailWords:
    """What is kept of a mail as its words, under which id, and how they are meant.

    `is_note` keeps what an agent writes inside the agency; thanks of a client move nothing.
    """

    message_id: MessageId
    text: str
    is_automatic: bool = False
    is_note: bool = False
    is_thanks: bool = False


async def words_of(
    desk: Desk, records: Records, answer: MailAnswer, email: InboundEmail
) -> MailWords:
    """Return the new words of a mail that answers another one, under an id of their own."""
    text = await new_words(desk, records, answer.ticket, email)
    return MailWords(MessageId(desk.new_id()), text)


async def new_words(desk: Desk, records: Records, ticket: Ticket, email: InboundEmail) -> str:
    """Return what is new in a mail that belongs to a ticket.

    What was said on the ticket is no news, however a mail program quotes it; a forward is shown
    whole. A mail of files alone says at least its subject.
    """
    shown = email.reply_text or email.text
    if email.forwarded is None and email.from_ is not None:
        reader = email.from_.email
        shown = desk.cut_reply(shown, await records.mail.quoted_texts(ticket.id, reader=reader))
    return shown.strip()[:BODY_LIMIT] or email.subject or "—"


async def add_mail_to_ticket(
    desk: Desk, records: Records, answer: MailAnswer, email: InboundEmail, words: MailWords
) -> Ticket:
    """Add the mail to the ticket, and return the ticket after it.

    A client's words are a public message and move the clocks. An automatic mail is kept and moves
    nothing. A mail of which it is not sure who wrote it is for the agency to judge: an internal
    note with a mark, that moves nothing. A From line proves nobody, so the words of an agent are
    a note too, and an answer to the client once he is proven.
    """
    on = Occasion(desk.now(), answer.actor)
    is_public = answer.is_for_the_client and not (words.is_automatic or words.is_note)
    is_clients = not isinstance(answer.sender, Agent) and answer.doubt is None
    is_whole = email.text.strip() == words.text
    # What an agent quotes was written to him, and his orders too: the client sees neither.
    shows_rest = not (is_public or is_whole)
    message = Message(
        id=words.message_id,
        agency_id=answer.ticket.agency_id,
        ticket_id=answer.ticket.id,
        sent_at=on.at,
        author=on.actor,
        channel=Channel.MAIL,
        body=words.text,
        is_internal=not (is_public or is_clients),
        is_automatic=words.is_automatic,
        whole_text=email.text[:BODY_LIMIT] if shows_rest else None,
        html=email.html if shows_rest or is_whole else None,
        doubt=answer.doubt,
    )
    change = await _change(records, answer.ticket, message, on, is_thanks=words.is_thanks)
    saved = await save_change(desk, records, change)
    await add_message(desk, records, message, Enclosed(message.html, email.attachments))
    if is_public:
        await promise_agent_reply(desk, records, saved.ticket, message)
    return saved.ticket


async def _change(
    records: Records, ticket: Ticket, message: Message, on: Occasion, *, is_thanks: bool
) -> TicketChange:
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
    if is_thanks:
        return client_thanked(ticket, message.id, on=on)
    step = client_came_back if is_finished(ticket) else client_wrote
    return step(ticket, message.id, on=on)
