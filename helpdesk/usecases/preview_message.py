"""Somebody looks at a message of the inbox before he decides what becomes of it."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbound_email import Address, InboundAttachment, InboundEmail
from helpdesk.domain.message import storable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.inbound_in_hand import message_in_hand, read_message

TEXT_LIMIT = 5_000
MOST_PEOPLE = 50
MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class MessagePreview:
    """What a message says, cut to what one reads; nothing of one that is not readable."""

    is_readable: bool = False
    subject: str = ""
    author: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    text: str = ""
    attachments: tuple[InboundAttachment, ...] = ()
    automatic_reasons: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OriginalMessage:
    """A message as it came; `sha256` is that of its bytes."""

    content: bytes
    sha256: str


async def preview_message(desk: Desk, *, viewer: Viewer, mail_id: InboundMailId) -> MessagePreview:
    """Return what a message says. Raises AgencyOnly, ScopeMissing, NotFound."""
    viewer.require_agency(Scope.MAIL_READ)
    email = (await read_message(desk, viewer.agency_id, mail_id)).email
    return MessagePreview() if email is None else _preview_of(email)


async def original_message(
    desk: Desk, *, viewer: Viewer, mail_id: InboundMailId
) -> OriginalMessage:
    """Return a message as it came. Raises AgencyOnly, ScopeMissing, NotFound."""
    viewer.require_agency(Scope.MAIL_READ)
    async with desk.store.reading(viewer.agency_id) as records:
        mail = await message_in_hand(records, mail_id)
        content = await records.tickets.blob(mail.raw_sha256)
    return OriginalMessage(content or b"", mail.raw_sha256)


def _preview_of(email: InboundEmail) -> MessagePreview:
    return MessagePreview(
        is_readable=True,
        subject=email.subject,
        author=email.from_,
        to=email.to[:MOST_PEOPLE],
        cc=email.cc[:MOST_PEOPLE],
        sent_at=email.sent_at,
        text=storable(email.text)[:TEXT_LIMIT],
        attachments=email.attachments[:MOST_FILES],
        automatic_reasons=tuple(reason.value for reason in email.automatic_reasons),
        defects=tuple(defect.value for defect in email.defects),
    )
