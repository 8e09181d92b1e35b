"""A person files a message of the inbox on a ticket."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import Actor, ActorKind, Scope, Viewer
from helpdesk.domain.agency import Agent, Contact
from helpdesk.domain.ids import InboundMailId, MessageId, TicketId
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import (
    InboundMail,
    InboundMailReason,
    InboundMailState,
    opens_nothing,
)
from helpdesk.domain.mail_notice import with_notices
from helpdesk.domain.mail_trust import AuthOutcome, SenderDoubt
from helpdesk.domain.message import BODY_LIMIT, SUBJECT_LIMIT, Message
from helpdesk.domain.ticket import Channel, Ticket, TicketStatus, TicketStep
from helpdesk.domain.ticket_life import Occasion, client_wrote, noted
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_in_hand import (
    message_in_hand,
    read_message,
    require_off_ticket,
    settle,
)
from helpdesk.usecases.mail_answer import new_words
from helpdesk.usecases.mail_opening import remember_reference
from helpdesk.usecases.mail_sender import client_party
from helpdesk.usecases.message_files import Enclosed, add_message
from helpdesk.usecases.message_note import note_the_decision
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.ticket_of_message import stub
from helpdesk.usecases.ticket_step import visible_ticket


@dataclass(frozen=True, slots=True)
class FileInboundMessage:
    """The message, and the ticket that it belongs on; `is_internal` keeps it from the client."""

    inbound_mail_id: InboundMailId
    ticket_id: TicketId
    is_internal: bool = False


async def file_inbound_message(
    desk: Desk, *, viewer: Viewer, request: FileInboundMessage
) -> tuple[InboundMail, Ticket]:
    """Add a message to a ticket as its author's words, and return both; twice is once.

    The words of somebody of the ticket's client are public and move the clocks, as if the mail had
    found its ticket. They are an internal note when that is asked, when the ticket is over, and
    when a program or somebody else wrote them, or our server found them forged. A message that
    cannot be read is enclosed.
    Raises AgencyOnly, ScopeMissing, NotFound, MessageOnTicket of one that is on another ticket.
    """
    viewer.require_agency(Scope.MAIL_WRITE)
    viewer.require_agency(Scope.TICKETS_WRITE)
    read = await read_message(desk, viewer.agency_id, request.inbound_mail_id)
    async with desk.store.transaction(viewer.agency_id) as records:
        mail = await message_in_hand(records, request.inbound_mail_id)
        ticket = await visible_ticket(records, viewer, request.ticket_id)
        if mail.ticket_id == ticket.id:
            return mail, ticket
        await require_off_ticket(records, mail)
        locale = (await records.agencies.agency()).locale
        email = read.email and with_notices(read.email, locale=locale)
        email = email or stub(locale, read.raw)
        await _add(desk, records, ticket, mail, email, is_internal=request.is_internal)
        await note_the_decision(desk, records, viewer, ticket.id, mail)
        filed = replace(
            mail,
            subject=mail.subject or email.subject[:SUBJECT_LIMIT],
            state=InboundMailState.DONE,
            reason=InboundMailReason.ANSWERED_TICKET,
            ticket_id=ticket.id,
        )
        settled = await settle(desk, records, viewer, filed)
        return settled, await visible_ticket(records, viewer, ticket.id)


async def _add(
    desk: Desk,
    records: Records,
    ticket: Ticket,
    mail: InboundMail,
    email: InboundEmail,
    *,
    is_internal: bool,
) -> None:
    author = await _author(records, ticket, email)
    is_over = ticket.status is TicketStatus.CLOSED or (
        TicketStep.REPLY not in ticket.possible_steps()
    )
    is_believed = isinstance(author, Contact) and _doubt(author, mail) is None
    is_machines = opens_nothing(email, envelope_from=mail.envelope_from, is_clients=is_believed)
    is_clients = is_believed and not (is_machines or is_over)
    on = Occasion(desk.now(), _actor(author, mail, email))
    body = await new_words(desk, records, ticket, email)
    message = Message(
        id=MessageId(desk.new_id()),
        agency_id=ticket.agency_id,
        ticket_id=ticket.id,
        sent_at=on.at,
        author=on.actor,
        channel=Channel.MAIL,
        body=body,
        is_internal=is_internal or not is_clients,
        is_automatic=is_machines,
        whole_text=None if email.text.strip() == body else email.text[:BODY_LIMIT],
        html=email.html,
        doubt=_doubt(author, mail),
    )
    step = noted if message.is_internal else client_wrote
    await save_change(desk, records, step(ticket, message.id, on=on))
    await add_message(desk, records, message, Enclosed(email.html, email.attachments))
    await remember_reference(desk, records, email, ticket.id)


async def _author(records: Records, ticket: Ticket, email: InboundEmail) -> Agent | Contact | None:
    if email.from_ is None or email.has_doubtful_sender:
        return None
    address = email.from_.email.lower()
    agent = await records.agencies.agent_by_email(address)
    contact = await records.clients.contact_by_email(address)
    return agent or await client_party(records, ticket, contact)


def _doubt(author: Agent | Contact | None, mail: InboundMail) -> SenderDoubt | None:
    if mail.auth_outcome is AuthOutcome.FAIL:
        return SenderDoubt.AUTHENTICATION_FAILED
    return SenderDoubt.DIFFERENT_ADDRESS if author is None else None


def _actor(author: Agent | Contact | None, mail: InboundMail, email: InboundEmail) -> Actor:
    """Return who wrote: a stranger is called by his address, never by a name that he gave."""
    if isinstance(author, Agent):
        return Actor(ActorKind.AGENT, author.name, agent_id=author.id)
    if isinstance(author, Contact):
        return Actor(ActorKind.CONTACT, author.name, contact_id=author.id)
    address = email.from_.email if email.from_ else mail.envelope_from
    return Actor(ActorKind.CONTACT, address or "?")
