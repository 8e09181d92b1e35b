"""Mails that came back in the database, and the addresses that ours do not reach."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from helpdesk.domain.ids import OutboxMailId, TicketId
from helpdesk.domain.undelivered import FAILURES, UndeliverableAddress, Undelivered
from helpdesk.storage.documents import mail_of
from helpdesk.storage.query import Query, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.mail import OUTBOX_MAIL
from helpdesk.storage.tables.undeliverable import UNDELIVERABLE_ADDRESS
from helpdesk.usecases.undelivered_ports import PromisedMail

MOST_FAILURES = 10 * FAILURES
"""How many failures of an address are looked at: more than decide, whatever their causes."""

_ADDRESS = UNDELIVERABLE_ADDRESS.c
_ADDRESSES = RowMapper(UndeliverableAddress, UNDELIVERABLE_ADDRESS, {})
_OUT = OUTBOX_MAIL.c

_PROMISED = Query(
    select(_OUT.id, _OUT.ticket_id, _OUT.document, _OUT.bounced_at).where(
        _OUT.agency_id == MINE, _OUT.id == bindparam("id")
    )
)
_RECORD_FAILURE = Query(
    update(OUTBOX_MAIL)
    .where(_OUT.agency_id == MINE, _OUT.id == bindparam("id_"))
    .values(
        bounced_at=bindparam("new_bounced_at"),
        bounce_status=bindparam("new_status"),
        bounce_text=bindparam("new_text"),
    )
)
_FAILURES = Query(
    select(_OUT.bounce_status)
    .where(
        _OUT.agency_id == MINE,
        _OUT.recipient == bindparam("address"),
        _OUT.bounced_at >= bindparam("since"),
    )
    .order_by(_OUT.created_at.desc(), _OUT.id.desc())
    .limit(MOST_FAILURES)
)
_READ = Query(
    select(*_ADDRESSES.columns).where(
        _ADDRESS.agency_id == MINE, _ADDRESS.address == bindparam("address")
    )
)
_NEW = insert(UNDELIVERABLE_ADDRESS)
_MARK = Query(
    _NEW.on_conflict_do_update(
        index_elements=[_ADDRESS.agency_id, _ADDRESS.address],
        set_={
            name: _NEW.excluded[name]
            for name in ("since", "status", "reason", "cleared_at", "cleared_by")
        },
    )
)
_CLEAR = Query(
    update(UNDELIVERABLE_ADDRESS)
    .where(
        _ADDRESS.agency_id == MINE,
        _ADDRESS.address == bindparam("address_"),
        _ADDRESS.cleared_at.is_(None),
    )
    .values(cleared_at=bindparam("new_cleared_at"), cleared_by=bindparam("new_cleared_by"))
)


class SqlUndeliveredRecords:
    """UndeliveredRecords on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def promised(self, mail_id: OutboxMailId) -> PromisedMail | None:
        """Return a mail of the outbox, sent or not."""
        row = await self._session.fetch_one(_PROMISED, id=mail_id)
        if row is None:
            return None
        id_, ticket_id, document, bounced_at = row
        ticket = TicketId(ticket_id) if ticket_id else None
        return PromisedMail(OutboxMailId(id_), ticket, mail_of(document), bounced_at)

    async def record_failure(
        self, mail_id: OutboxMailId, failure: Undelivered, *, at: datetime
    ) -> None:
        """Write on a mail that it did not arrive, and why."""
        await self._session.write(
            _RECORD_FAILURE,
            id_=mail_id,
            new_bounced_at=at,
            new_status=failure.status,
            new_text=failure.text,
        )

    async def failures(self, address: str, *, since: datetime) -> tuple[str, ...]:
        """Return the codes of the mails to an address that came back since an instant."""
        rows = await self._session.fetch_all(_FAILURES, address=address, since=since)
        return tuple(status for (status,) in rows)

    async def address(self, address: str) -> UndeliverableAddress | None:
        """Return what is known of an address."""
        row = await self._session.fetch_one(_READ, address=address)
        return None if row is None else _ADDRESSES.read(row)

    async def mark(self, address: UndeliverableAddress) -> None:
        """Keep what is known of an address."""
        await self._session.add(_MARK, _ADDRESSES.params(address))

    async def clear(self, address: str, *, at: datetime, by: str) -> None:
        """Say that an address is reached again."""
        await self._session.write(_CLEAR, address_=address, new_cleared_at=at, new_cleared_by=by)
