"""What is said on a ticket, and the files that come with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, AttachmentId, MessageId, TicketId
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.domain.ticket import Channel

SUBJECT_LIMIT = 250
BODY_LIMIT = 1_000_000


class TextRequired(HelpdeskError):
    """A ticket without a subject or an empty message helps nobody."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "`{field}` is empty: write a few words."
    french: ClassVar[str] = "« {field} » est vide : écrivez quelques mots."


class TextTooLong(HelpdeskError):
    """What passes the limit is an attachment, not a text."""

    code: ClassVar[ErrorCode] = ErrorCode.TOO_LONG
    english: ClassVar[str] = (
        "`{field}` has {length} characters and {limit} are allowed: attach the rest as a file."
    )
    french: ClassVar[str] = (
        "« {field} » a {length} caractères pour {limit} permis : joignez le reste en fichier."
    )


@dataclass(frozen=True, slots=True)
class Message:
    """A public message or an internal note; `body` is what its author wrote, quotes cut.

    `whole_text` is the whole mail, kept when the reply was cut out of it, None otherwise; `html`
    is the sanitised HTML of a mail that had one. `doubt` says why it may not be its author's,
    `written_at` when he wrote it, where that is told by a mail that was passed on.
    """

    id: MessageId
    agency_id: AgencyId
    ticket_id: TicketId
    sent_at: datetime
    author: Actor
    channel: Channel
    body: str
    is_internal: bool = False
    is_automatic: bool = False
    whole_text: str | None = None
    html: str | None = None
    doubt: SenderDoubt | None = None
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message; `sha256` names its bytes."""

    id: AttachmentId
    agency_id: AgencyId
    message_id: MessageId
    filename: str
    content_type: str
    size: int
    sha256: str
    is_inline: bool = False
    content_id: str | None = None


def required_text(value: str, *, field: str, limit: int) -> str:
    """Return the text without its outer blanks and without what no database keeps.

    NUL and lone surrogates become U+FFFD. Raises TextRequired and TextTooLong.
    """
    text = storable(value).strip()
    if not text:
        raise TextRequired(path=(field,), field=field)
    if len(text) > limit:
        raise TextTooLong(path=(field,), field=field, length=len(text), limit=limit)
    return text


def storable(value: str) -> str:
    r"""Return the text with NUL and lone surrogates replaced by U+FFFD.

    >>> storable("a\x00b") == "a\ufffdb"
    True
    """
    return (
        value.replace("\x00", "\ufffd")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )
