"""Mails are promised in the transaction that makes them true; the worker sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.agency import Agency, Agent, Contact
from helpdesk.domain.batch import Batch
from helpdesk.domain.bounce_address import bounce_address
from helpdesk.domain.ids import OutboxMailId
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.mail_token import NO_TICKET, plus_address, signed_token
from helpdesk.domain.message import Message
from helpdesk.domain.notification import NotificationTopic
from helpdesk.domain.outgoing_mail import AttachedFile, AutoSubmitted, OutgoingMail
from helpdesk.domain.postponement import Postponement
from helpdesk.domain.quote import Quote
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.leaving import has_left, reader_of, ways_to_leave
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.mail_keys import signing_key
from helpdesk.usecases.mail_loops import goes_round
from helpdesk.usecases.mail_ports import OutboxMail
from helpdesk.usecases.mail_wording_ports import AgencyWording
from helpdesk.usecases.ports import Records
from helpdesk.usecases.wording_ports import LetterHead, WrittenLetter


async def promise_acknowledgement(
    desk: Desk,
    records: Records,
    ticket: Ticket,
    contact: Contact,
    promised_at: datetime | None,
    *,
    answers_to: str | None = None,
) -> None:
    """Promise the mail that says "we have your request"; it is no first response (X-06).

    That of a mail goes to the sender of its envelope, `answers_to`. Who left receipts gets none.
    """
    reader, topic = reader_of(contact), NotificationTopic.RECEIPTS
    if await has_left(records, contact.id, topic):
        return
    agency = await records.agencies.agency()
    ways = await ways_to_leave(desk, records, agency, reader, [topic])
    letter = desk.letters.acknowledgement(
        ticket, agency=agency, contact=contact, promised_at=promised_at
    )
    await promise_letter(
        desk,
        records,
        ticket,
        Envelope(agency, contact, letter, answers_to=answers_to, unsubscribe=ways),
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
    """A letter with its sender, its reader and the files that go with it.

    `answers_to` is the envelope sender of the mail that it answers, None when it answers none.
    `unsubscribe` are the addresses by which the reader leaves what it is about. `is_inside` when it
    tells an agent what no client may read: his answer stays inside, too.
    """

    agency: Agency
    reader: Contact | Agent
    letter: Letter
    files: tuple[AttachedFile, ...] = ()
    answers_to: str | None = None
    unsubscribe: tuple[str, ...] = ()
    is_inside: bool = False


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

    Who was read in a forwarded mail gets nothing that nobody wrote, until somebody confirms him.
    What an agent reads stays outside of the thread of the client's mails, in one of its own. While
    two machines answer each other on the ticket, what nobody wrote is not sent to the client: the
    managers hear of it.
    """
    is_to_client = isinstance(envelope.reader, Contact)
    may_loop = is_to_client and auto_submitted is not AutoSubmitted.NO
    if ticket is not None and may_loop and ticket.is_requester_unconfirmed:
        return
    if ticket is not None and may_loop and await goes_round(desk, records, ticket):
        await _tell_of_loop(desk, records, ticket, envelope.agency)
        return
    thread = ticket.id if ticket is not None and is_to_client else None
    mail_id = OutboxMailId(desk.new_id())
    mail = await _written(desk, records, mail_id, ticket, envelope, auto_submitted)
    ticket_id = None if ticket is None else ticket.id
    await records.mail.promise(
        OutboxMail(mail_id, records.agency_id, ticket_id, key, mail, mail.sent_at)
    )
    if thread is not None:
        await records.mail.add_reference(mail.message_id, thread, at=mail.sent_at)


def _told(
    desk: Desk, ticket: Ticket | None, envelope: Envelope, wording: AgencyWording
) -> WrittenLetter:
    """Return a letter in the words and the language that its reader gets."""
    agency, reader = envelope.agency, envelope.reader
    is_to_agent = isinstance(reader, Agent)
    head = LetterHead(
        locale=reader.locale,
        agency_name=agency.name,
        mailbox=agency.mailbox,
        reader_name="" if reader.name == reader.email else reader.name,
        ticket_number=None if ticket is None else int(ticket.number),
        ticket_subject="" if ticket is None else ticket.subject,
        signature=wording.look.signature,
        footer=wording.look.footer,
        is_answerable=is_to_agent
        and not envelope.is_inside
        and ticket is not None
        and desk.knows_authors,
    )
    return desk.writer.write(envelope.letter, head, own=wording.source)


async def _written(  # noqa: PLR0917 - private, what a mail is made of
    desk: Desk,
    records: Records,
    mail_id: OutboxMailId,
    ticket: Ticket | None,
    envelope: Envelope,
    auto_submitted: AutoSubmitted,
) -> OutgoingMail:
    """Return the mail, signed so that an answer finds its ticket, and a report this very mail."""
    agency, reader = envelope.agency, envelope.reader
    references = await _references(records, ticket, envelope)
    number = NO_TICKET if ticket is None else int(ticket.number)
    wording = await records.wording.wording(envelope.letter.kind, reader.locale)
    told = _told(desk, ticket, envelope, wording)
    signing = await signing_key(desk, records)
    token = signed_token(
        signing, ticket_number=number, reader=reader.email, is_inside=envelope.is_inside
    )
    has_plus = desk.mail_habits.has_plus_addresses
    return OutgoingMail(
        sender=Address(agency.name, agency.mailbox),
        recipient=Address("" if reader.name == reader.email else reader.name, reader.email),
        subject=told.subject,
        text=told.text,
        passages=told.passages,
        look=wording.look,
        message_id=f"{mail_id}.{token}@{_domain(agency)}",
        sent_at=desk.now(),
        locale=reader.locale,
        ticket_number=number or None,
        in_reply_to=references[-1] if references else None,
        references=references,
        auto_submitted=auto_submitted,
        files=envelope.files,
        reply_to=None if ticket is None else _answer_address(desk, agency, token),
        token=token,
        bounces_to=bounce_address(agency.mailbox, signing, mail_id) if has_plus else None,
        answers_to=envelope.answers_to,
        unsubscribe=envelope.unsubscribe,
    )


async def _references(
    records: Records, ticket: Ticket | None, envelope: Envelope
) -> tuple[str, ...]:
    """Return what a mail refers to: the thread of the client, or that of the agency's people."""
    if ticket is None:
        return ()
    if isinstance(envelope.reader, Contact):
        return await records.mail.references_of(ticket.id)
    return (f"{ticket.id}.thread@{_domain(envelope.agency)}",)


def _domain(agency: Agency) -> str:
    return agency.mailbox.rpartition("@")[2]


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
