"""A letter shown before it is sent to anybody."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import TicketId
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.mail_template import TemplateSource
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager
from helpdesk.usecases.wording_ports import LetterHead


@dataclass(frozen=True, slots=True)
class PreviewMailTemplate:
    """Which letter, in which words: those of `source`, or those that count now.

    What it tells are examples; with a ticket, its number, subject and requester are real.
    """

    kind: LetterKind
    locale: Locale
    source: TemplateSource | None = None
    ticket_id: TicketId | None = None


@dataclass(frozen=True, slots=True)
class MailPreview:
    """A mail as its reader would get it; the HTML holds its logo and fetches nothing."""

    subject: str
    text: str
    html: str


async def preview_mail_template(
    desk: Desk, *, viewer: Viewer, request: PreviewMailTemplate
) -> MailPreview:
    """Return the mail that a letter would be.

    Raises AgencyOnly, ScopeMissing, ManagersOnly, NotFound, and what setting the same words would.
    """
    kind, locale = request.kind, request.locale
    async with desk.store.reading(viewer.agency_id) as records:
        await require_manager(records, viewer)
        if request.source is not None:
            desk.writer.check(kind, locale, request.source)
        wording = await records.wording.wording(kind, locale)
        agency = await records.agencies.agency()
        ticket = await _ticket(records, request.ticket_id)
        head = replace(
            await _head(desk, records, request, ticket),
            agency_name=agency.name,
            mailbox=agency.mailbox,
            signature=wording.look.signature,
            footer=wording.look.footer,
        )
        logo = wording.look.logo
        content = None if logo is None else await records.tickets.blob(logo.sha256)
    source = request.source or wording.source
    told = desk.writer.write(desk.writer.sample(kind, locale), head, own=source)
    mail = OutgoingMail(
        sender=Address(agency.name, agency.mailbox),
        recipient=Address(head.reader_name, agency.mailbox),
        subject=told.subject,
        text=told.text,
        message_id=f"preview@{agency.mailbox.rpartition('@')[2]}",
        sent_at=desk.now(),
        locale=locale,
        ticket_number=head.ticket_number,
        passages=told.passages,
        look=wording.look,
        logo=content or b"",
    )
    return MailPreview(told.subject, told.text, desk.writer.page(mail))


async def _ticket(records: Records, ticket_id: TicketId | None) -> Ticket | None:
    if ticket_id is None:
        return None
    ticket = await records.tickets.ticket(ticket_id)
    if ticket is None:
        raise NotFound(path=("ticketId",), what="Ticket", id=ticket_id)
    return ticket


async def _head(
    desk: Desk, records: Records, request: PreviewMailTemplate, ticket: Ticket | None
) -> LetterHead:
    """Return who would read it: the requester of the ticket, or somebody made up."""
    head = desk.writer.sample_head(request.kind, request.locale)
    if ticket is None or head.ticket_number is None:
        return head
    head = replace(head, ticket_number=int(ticket.number), ticket_subject=ticket.subject)
    requester_id = ticket.requester_id
    contact = None if requester_id is None else await records.clients.contact(requester_id)
    if contact is None:
        return head
    return replace(head, reader_name="" if contact.name == contact.email else contact.name)
