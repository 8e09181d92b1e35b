"""What comes with a message: its HTML, its whole text, its files."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.domain.ids import AttachmentId
from helpdesk.domain.inbound_email import InboundAttachment
from helpdesk.domain.message import Attachment, Message
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The sanitised HTML of a message and its files."""

    html: str | None = None
    files: Sequence[InboundAttachment] = ()


NOTHING_ENCLOSED = Enclosed()


async def add_message(desk: Desk, records: Records, message: Message, enclosed: Enclosed) -> None:
    """Keep a message with its files; the bytes of a file are kept once by content."""
    for file in enclosed.files:
        await records.tickets.add_blob(file.sha256, file.content)
    attachments = [
        Attachment(
            id=AttachmentId(desk.new_id()),
            agency_id=message.agency_id,
            message_id=message.id,
            filename=file.filename,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            is_inline=file.is_inline,
            content_id=file.content_id,
        )
        for file in enclosed.files
    ]
    await records.tickets.add_message(message, attachments)
