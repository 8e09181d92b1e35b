"""A person makes a ticket of a message that was set aside."""

import hashlib
import logging
from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import ClientId, ContactId, InboundMailId
from helpdesk.domain.inbound_email import Address, InboundAttachment, InboundEmail
from helpdesk.domain.inbox import InboundMail
from helpdesk.domain.mail_notice import with_notices
from helpdesk.domain.mail_token import without_plus
from helpdesk.domain.message import SUBJECT_LIMIT
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.create_contact import NAME_LIMIT, CreateContact, added_contact
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_in_hand import ReadMessage, message_in_hand, read_message, settle
from helpdesk.usecases.mail_delivery import Delivery
from helpdesk.usecases.mail_opening import open_by_mail
from helpdesk.usecases.mail_sender import new_contact
from helpdesk.usecases.message_note import note_the_decision
from helpdesk.usecases.ports import Records, StoreBusy
from helpdesk.usecases.ticket_step import visible_ticket

ORIGINAL = "message.eml"
_UNREADABLE = {
    Locale.EN: "This message could not be read. The original is enclosed.",
    Locale.FR: "Ce message n'a pas pu être lu. L'original est joint.",
}
_NO_SUBJECT = {
    Locale.EN: "A message that could not be read",
    Locale.FR: "Un message qui n'a pas pu être lu",
}

_log = logging.getLogger(__name__)


class RequesterUnknown(HelpdeskError):
    """A ticket is somebody's: a message that names nobody does not say whose."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = (
        "The message does not say who wrote it: give `requesterId`, or `clientId` with `email`."
    )
    french: ClassVar[str] = (
        "Le message ne dit pas qui l'a écrit : donnez `requesterId`, ou `clientId` avec `email`."
    )


@dataclass(frozen=True, slots=True)
class MakeTicketFromMessage:
    """The message, and who asked.

    `requester_id` names a contact; else `client_id` the client that its author joins, under the
    name and address given or else those of the mail; without either it is the author, as a mail
    that comes in finds him.
    """

    inbound_mail_id: InboundMailId
    requester_id: ContactId | None = None
    client_id: ClientId | None = None
    name: str | None = None
    email: str | None = None


async def make_ticket_from_message(
    desk: Desk, *, viewer: Viewer, request: MakeTicketFromMessage
) -> tuple[InboundMail, Ticket]:
    """Open the ticket of a message and return both; its clocks run from when we were handed it.

    A message that cannot be read becomes a ticket that encloses it. One that is on a ticket already
    gives that one back. Raises AgencyOnly, ScopeMissing, NotFound, RequesterUnknown, and what
    `create_contact` raises.
    """
    viewer.require_agency(Scope.MAIL_WRITE)
    viewer.require_agency(Scope.TICKETS_WRITE)
    read = await read_message(desk, viewer.agency_id, request.inbound_mail_id)
    try:
        return await _made(desk, viewer, request, read, read.email)
    except (HelpdeskError, StoreBusy):
        raise
    except Exception:  # what it says may be what nothing here can keep: the original can be
        _log.exception("mail_unusable id=%s", read.mail.id)
        return await _made(desk, viewer, request, read, None)


async def _made(
    desk: Desk,
    viewer: Viewer,
    request: MakeTicketFromMessage,
    read: ReadMessage,
    email: InboundEmail | None,
) -> tuple[InboundMail, Ticket]:
    async with desk.store.transaction(viewer.agency_id) as records:
        mail = await message_in_hand(records, request.inbound_mail_id)
        named = await _named(records, request)
        if mail.ticket_id is not None:
            return mail, await visible_ticket(records, viewer, mail.ticket_id)
        agency = await records.agencies.agency()
        author = None if read.email is None else read.email.from_
        requester = named or await _requester(desk, records, agency, request, author)
        said = email and with_notices(email, locale=agency.locale)
        said = said or stub(agency.locale, read.raw)
        if author is None or requester.email != author.email.lower():
            # Whom a person named did not write to us: nobody is told that we have his mail.
            said = replace(said, from_=None)
        described = replace(mail, subject=mail.subject or said.subject[:SUBJECT_LIMIT])
        delivery = Delivery(described, said, agency, mail.verdict)
        made = await open_by_mail(desk, records, delivery, requester)
        assert made.ticket_id is not None  # noqa: S101 - it was just opened
        await note_the_decision(desk, records, viewer, made.ticket_id, mail)
        settled = await settle(desk, records, viewer, made)
        return settled, await visible_ticket(records, viewer, made.ticket_id)


async def _named(records: Records, request: MakeTicketFromMessage) -> Contact | None:
    """Return the contact who is named as the requester, None when the message says who asked."""
    if request.client_id is not None and await records.clients.client(request.client_id) is None:
        raise NotFound(path=("clientId",), what="Client", id=request.client_id)
    if request.requester_id is None:
        return None
    contact = await records.clients.contact(request.requester_id)
    if contact is None:
        raise NotFound(path=("requesterId",), what="Contact", id=request.requester_id)
    return contact


async def _requester(
    desk: Desk,
    records: Records,
    agency: Agency,
    request: MakeTicketFromMessage,
    author: Address | None,
) -> Contact:
    email = (request.email or (author.email if author else "")).strip().lower()
    if not email or (request.client_id is None and await _is_ours(records, agency, email)):
        raise RequesterUnknown(path=("requesterId",))
    contact = await records.clients.contact_by_email(email)
    if contact is not None and request.client_id in {None, contact.client_id}:
        return contact
    name = (request.name or (author.name if author else "")).strip() or email
    if request.client_id is None:
        return await new_contact(desk, records, agency, Address(name, email))
    joining = CreateContact(request.client_id, name[:NAME_LIMIT], email, agency.locale)
    return await added_contact(desk, records, joining)


async def _is_ours(records: Records, agency: Agency, email: str) -> bool:
    if without_plus(email) == without_plus(agency.mailbox):
        return True
    return await records.agencies.agent_by_email(email) is not None


def stub(locale: Locale, raw: bytes) -> InboundEmail:
    """Return what stands on the ticket of a message that cannot be read: that, and the message."""
    original = InboundAttachment(
        filename=ORIGINAL,
        content_type="message/rfc822",
        content=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
    return InboundEmail(
        from_=None,
        subject=_NO_SUBJECT[locale],
        text=_UNREADABLE[locale],
        attachments=(original,),
    )
