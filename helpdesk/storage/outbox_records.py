"""Where promised mails stand, in the database, for who looks after them."""

from sqlalchemy import bindparam, select, update

from helpdesk.domain.ids import OutboxMailId
from helpdesk.domain.outgoing_state import OutgoingStanding
from helpdesk.storage.query import Query
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.mail import OUTBOX_MAIL

_STANDINGS = RowMapper(OutgoingStanding, OUTBOX_MAIL, {})
_STANDING = select(*_STANDINGS.columns).where(
    OUTBOX_MAIL.c.agency_id == MINE, OUTBOX_MAIL.c.id == bindparam("id")
)
_READ, _LOCKED = Query(_STANDING), Query(_STANDING.with_for_update())
_CHANGED = (
    "state",
    "attempts",
    "send_after",
    "last_error",
    "sent_at",
    "discarded_at",
    "discarded_by",
)
_SAVE = Query(
    update(OUTBOX_MAIL)
    .where(OUTBOX_MAIL.c.agency_id == MINE, OUTBOX_MAIL.c.id == bindparam("id_"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)


class SqlOutboxRecords:
    """OutboxRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._standing = _LOCKED if locks else _READ

    async def standing(self, mail_id: OutboxMailId) -> OutgoingStanding | None:
        """Return where a promised mail stands, locked in a transaction."""
        row = await self._session.fetch_one(self._standing, id=mail_id)
        return None if row is None else _STANDINGS.read(row)

    async def save(self, mail: OutgoingStanding) -> None:
        """Write where a mail stands."""
        changes = {f"new_{name}": getattr(mail, name) for name in _CHANGED}
        await self._session.write(_SAVE, id_=mail.id, **changes)
