"""What comes with a message: its HTML, its whole text, its files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from urllib.parse import unquote

from helpdesk.domain.ids import AttachmentId
from helpdesk.domain.inbound_email import InboundAttachment
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.domain.message import Attachment, Message
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The sanitised HTML of a message and its files.

    `written_at` is when it was written, where a mail that was passed on tells so; `doubt` why a
    mail that opens a ticket may not be its author's.
    """

    html: str | None = None
    files: Sequence[InboundAttachment] = ()
    written_at: datetime | None = None
    doubt: SenderDoubt | None = None


NOTHING_ENCLOSED = Enclosed()


PLACED = "attachment:"
"""How the kept HTML of a message names a file of its own, before the id of the attachment."""

_CID = re.compile(r'src="cid:([^"]{1,2000})"')


async def add_message(desk: Desk, records: Records, message: Message, enclosed: Enclosed) -> None:
    """Keep a message with its files; the bytes of a file are kept once by content.

    The pictures that its HTML shows from the mail itself are led to these files.
    """
    for file in enclosed.files:
        await records.tickets.add_blob(file.sha256, file.content)
    ids = [AttachmentId(desk.new_id()) for _ in enclosed.files]
    named = {file.content_id: id_ for file, id_ in zip(enclosed.files, ids, strict=True)}
    html, shown = _led(message.html or "", named)
    attachments = [
        Attachment(
            id=id_,
            agency_id=message.agency_id,
            message_id=message.id,
            filename=file.filename,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            is_inline=file.is_inline and (file.content_id is None or id_ in shown),
            content_id=file.content_id,
        )
        for file, id_ in zip(enclosed.files, ids, strict=True)
    ]
    await records.tickets.add_message(replace(message, html=html or None), attachments)


def _led(html: str, named: Mapping[str | None, AttachmentId]) -> tuple[str, set[AttachmentId]]:
    """Return the page with each picture led to its file, and the files it shows."""
    shown: set[AttachmentId] = set()

    def led(found: re.Match[str]) -> str:
        id_ = named.get(unquote(unescape(found[1])))
        if id_ is None:
            return found[0]
        shown.add(id_)
        return f'src="{PLACED}{id_}"'

    return _CID.sub(led, html), shown
