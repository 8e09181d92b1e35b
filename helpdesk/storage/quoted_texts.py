"""What an answer may quote: the mails its author got about a ticket, and what was said on it."""

from sqlalchemy import bindparam, func, literal_column, select

from helpdesk.domain.ids import TicketId
from helpdesk.storage.query import Query
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from helpdesk.storage.tables.ticket import MESSAGE

MAX_TEXTS = 20
MAX_CHARACTERS = 64 * 1024

# The text alone: the document beside it holds the files of the mail too.
_TEXT = OUTBOX_MAIL.c.document.op("->>")(literal_column("'text'"))
_MAILS = Query(
    select(func.substr(_TEXT, 1, MAX_CHARACTERS))
    .where(
        OUTBOX_MAIL.c.agency_id == MINE,
        OUTBOX_MAIL.c.recipient == bindparam("recipient"),
        OUTBOX_MAIL.c.ticket_id == bindparam("ticket_id"),
    )
    .order_by(OUTBOX_MAIL.c.created_at.desc(), OUTBOX_MAIL.c.id.desc())
    .limit(MAX_TEXTS)
)
_MESSAGES = Query(
    select(func.substr(MESSAGE.c.body, 1, MAX_CHARACTERS))
    .where(
        MESSAGE.c.agency_id == MINE,
        MESSAGE.c.ticket_id == bindparam("ticket_id"),
        MESSAGE.c.is_internal.is_(False),
    )
    .order_by(MESSAGE.c.sent_at.desc(), MESSAGE.c.id.desc())
    .limit(MAX_TEXTS)
)


async def quoted_texts(session: Session, ticket_id: TicketId, *, reader: str) -> tuple[str, ...]:
    """Return the texts of the mails to an address about a ticket, then the public messages.

    The newest of each come first, 20 at most, 64 KiB of each. A program may quote a message that
    an agent sent with his own, or an older one of the client below ours.
    """
    mails = await session.fetch_all(_MAILS, ticket_id=ticket_id, recipient=reader.lower())
    messages = await session.fetch_all(_MESSAGES, ticket_id=ticket_id)
    return tuple(text for (text,) in (*mails, *messages) if text)
