"""Mails are promised in the transaction that makes them true; the worker sends them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.batch import Batch
from helpdesk.domain.ids import OutboxMailId, TicketId
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.mail_token import NO_TICKET, plus_address
from helpdesk.domain.message import Message
from helpdesk.domain.outgoing_mail import AttachedFile, AutoSubmitted, OutgoingMail
from helpdesk.domain.postponement import Postponement
from helpdesk.domain.quote import Quote
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.mail_keys import token_for
from helpdesk.usecases.mail_loops import goes_round
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.ports import Records


async def promise_acknowledgement(
    desk: Desk, records: Records, ticket: Ticket, contact: Contact, promised_at: datetime | None
) -> None:
    """Promise the mail that says "we have your request"; it is no first response (X-06)."""
    agency = await records.agencies.agency()
    letter = desk.letters.acknowledgement(
        ticket, agency=agency, contact=contact, promised_at=promised_at
    )
    await promise_letter(
        desk,
        records,
        ticket,
        Envelope(agency, contact, letter),
        key=f"acknowledgement:{ticket.id}",
        auto_submitted=AutoSubmitted.AUTO_REPLIED,
    )


async def promise_agent_reply(
    desk: Desk, records: Records, ticket: Ticket, message: Message
) -> None:
    """Promise the requester the mail with what the agency answered; nobody to write to is fine."""
    requester_id = ticket.requester_id
    contact = None if requester_id is None else await records.clients.contact(requester_id)
    if contact is None:
        return
    agency = await records.agencies.agency()
    letter = desk.letters.agent_reply(ticket, message, agency=agency, contact=contact)
    await promise_letter(
        desk,
        records,
        ticket,
        Envelope(agency, contact, letter),
        key=f"message:{message.id}",
        auto_submitted=(AutoSubmitted.AUTO_GENERATED if message.is_automatic else AutoSubmitted.NO),
    )


async def promise_batch_letter(
    desk: Desk, records: Records, batch: Batch, tickets: Sequence[Ticket], contact: Contact
) -> None:
    """Promise the mail that says that a batch opened, and which requests are in it."""
    agency = await records.agencies.agency()
    letter = desk.letters.batch_opened(batch, tickets, agency=agency, contact=contact)
    await promise_letter(
        desk,
        records,
        None,
        Envelope(agency, contact, letter),
        key=f"batch:{batch.id}:{contact.id}",
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
    )


async def promise_postponement_letter(
    desk: Desk, records: Records, ticket: Ticket, postponement: Postponement, contact: Contact
) -> None:
    """Promise the mail that says to when a delivery is put off, and why."""
    agency = await records.agencies.agency()
    letter = desk.letters.delivery_postponed(ticket, postponement, agency=agency, contact=contact)
    await promise_letter(
        desk,
        records,
        ticket,
        Envelope(agency, contact, letter),
        key=f"postponement:{ticket.id}:{ticket.version}",
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
    )


async def promise_quote_letter(
    desk: Desk, records: Records, quote: Quote, ticket: Ticket | None, contact: Contact
) -> None:
    """Promise the mail that carries a quote, in the thread of the request that it is about."""
    agency = await records.agencies.agency()
    letter = desk.letters.quote_sent(quote, ticket, agency=agency, contact=contact)
    await promise_letter(
        desk,
        records,
        ticket,
        Envelope(agency, contact, letter),
        key=f"quote:{quote.id}",
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
    )


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter with its sender, its reader and the files that go with it."""

    agency: Agency
    reader: Contact | Agent
    letter: Letter
    files: tuple[AttachedFile, ...] = ()


async def promise_letter(
    desk: Desk,
    records: Records,
    ticket: Ticket | None,
    envelope: Envelope,
    *,
    key: str,
    auto_submitted: AutoSubmitted,
) -> None:
    """Promise a letter; one about a ticket goes into its thread, and so do answers to it.

    What an agent reads stays outside of the thread of the client's mails. While two machines answer
    each other on the ticket, what nobody wrote is not sent to the client: the managers hear of it.
    """
    is_to_client = isinstance(envelope.reader, Contact)
    may_loop = is_to_client and auto_submitted is not AutoSubmitted.NO
    if ticket is not None and may_loop and await goes_round(desk, records, ticket):
        await _tell_of_loop(desk, records, ticket, envelope.agency)
        return
    if ticket is not None and isinstance(envelope.reader, Agent) and desk.mail_habits.authserv_id:
        letter = desk.alerts.answerable(envelope.letter, agent=envelope.reader)
        envelope = replace(envelope, letter=letter)
    thread = ticket.id if ticket is not None and is_to_client else None
    mail = await _written(desk, records, ticket, envelope, thread, auto_submitted)
    ticket_id = None if ticket is None else ticket.id
    await records.mail.promise(
        OutboxMail(
            OutboxMailId(desk.new_id()), records.agency_id, ticket_id, key, mail, mail.sent_at
        )
    )
    if thread is not None:
        await records.mail.add_reference(mail.message_id, thread, at=mail.sent_at)


async def _written(  # noqa: PLR0917 - private, what a mail is made of
    desk: Desk,
    records: Records,
    ticket: Ticket | None,
    envelope: Envelope,
    thread: TicketId | None,
    auto_submitted: AutoSubmitted,
) -> OutgoingMail:
    """Return the mail, signed so that an answer finds its ticket."""
    agency, reader = envelope.agency, envelope.reader
    references = () if thread is None else await records.mail.references_of(thread)
    number = NO_TICKET if ticket is None else int(ticket.number)
    token = await token_for(desk, records, ticket_number=number, reader=reader.email)
    return OutgoingMail(
        sender=Address(agency.name, agency.mailbox),
        recipient=Address("" if reader.name == reader.email else reader.name, reader.email),
        subject=envelope.letter.subject,
        text=envelope.letter.text,
        message_id=f"{desk.new_id()}.{token}@{agency.mailbox.rpartition('@')[2]}",
        sent_at=desk.now(),
        locale=reader.locale,
        ticket_number=number or None,
        in_reply_to=references[-1] if references else None,
        references=references,
        auto_submitted=auto_submitted,
        files=envelope.files,
        reply_to=None if ticket is None else _answer_address(desk, agency, token),
        token=token,
    )


async def _tell_of_loop(desk: Desk, records: Records, ticket: Ticket, agency: Agency) -> None:
    """Promise every manager a mail that says so, at most one an hour."""
    hour = int(desk.now().timestamp()) // 3600
    for manager in await records.agencies.managers():
        letter = desk.alerts.loop(ticket, agency=agency, agent=manager)
        await promise_letter(
            desk,
            records,
            ticket,
            Envelope(agency, manager, letter),
            key=f"loop:{ticket.id}:{hour}:{manager.id}",
            auto_submitted=AutoSubmitted.AUTO_GENERATED,
        )


def _answer_address(desk: Desk, agency: Agency, token: str) -> Address | None:
    if not desk.mail_habits.has_plus_addresses:
        return None
    address = plus_address(agency.mailbox, token)
    return None if address is None else Address(agency.name, address)
