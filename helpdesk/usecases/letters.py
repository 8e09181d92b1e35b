"""Mails are promised in the transaction that makes them true; the worker sends them."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.ids import OutboxMailId
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.message import Message
from helpdesk.domain.outgoing_mail import AutoSubmitted, OutgoingMail
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Letter, OutboxMail, Records


async def promise_acknowledgement(
    desk: Desk, records: Records, ticket: Ticket, contact: Contact, promised_at: datetime | None
) -> None:
    """Promise the mail that says "we have your request"; it is no first response (X-06)."""
    agency = await records.agencies.agency()
    letter = desk.letters.acknowledgement(
        ticket, agency=agency, contact=contact, promised_at=promised_at
    )
    await _promise(
        desk,
        records,
        ticket,
        _Envelope(agency, contact, letter),
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
    await _promise(
        desk,
        records,
        ticket,
        _Envelope(agency, contact, letter),
        key=f"message:{message.id}",
        auto_submitted=(AutoSubmitted.AUTO_GENERATED if message.is_automatic else AutoSubmitted.NO),
    )


@dataclass(frozen=True, slots=True)
class _Envelope:
    """A letter with its sender and its reader."""

    agency: Agency
    contact: Contact
    letter: Letter


async def _promise(
    desk: Desk,
    records: Records,
    ticket: Ticket,
    envelope: _Envelope,
    *,
    key: str,
    auto_submitted: AutoSubmitted,
) -> None:
    agency, contact = envelope.agency, envelope.contact
    at = desk.now()
    references = await records.mail.references_of(ticket.id)
    message_id = f"{desk.new_id()}.{ticket.number}@{agency.mailbox.rpartition('@')[2]}"
    mail = OutgoingMail(
        sender=Address(agency.name, agency.mailbox),
        recipient=Address("" if contact.name == contact.email else contact.name, contact.email),
        subject=envelope.letter.subject,
        text=envelope.letter.text,
        message_id=message_id,
        sent_at=at,
        locale=contact.locale,
        ticket_number=int(ticket.number),
        in_reply_to=references[-1] if references else None,
        references=references,
        auto_submitted=auto_submitted,
    )
    await records.mail.promise(
        OutboxMail(OutboxMailId(desk.new_id()), agency.id, ticket.id, key, mail, at)
    )
    await records.mail.add_reference(message_id, ticket.id, at=at)
