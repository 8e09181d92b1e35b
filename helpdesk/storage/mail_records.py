"""The mail door in the database: messages in, known Message-IDs, messages out."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from helpdesk.domain.agency import Agency
from helpdesk.domain.ids import AgencyId, ContractId, InboundMailId, OutboxMailId, TicketId
from helpdesk.domain.inbox import (
    InboundMail,
    InboundMailReason,
    InboundMailState,
    MailboxPosition,
)
from helpdesk.domain.mail_health import MailHealth
from helpdesk.domain.mail_token import MailKey
from helpdesk.domain.sending import SendingState
from helpdesk.domain.utc_seconds import EPOCH
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.contract_records import TAKEN_OVER
from helpdesk.storage.database import Database
from helpdesk.storage.documents import mail_document, mail_of
from helpdesk.storage.follow_up_records import keep_follow_up, latest_follow_up
from helpdesk.storage.inbound_queue import CLAIM_ENDED, INBOUND, SqlInboundQueue
from helpdesk.storage.mail_health_records import read_mail_health
from helpdesk.storage.mail_logos import with_logos
from helpdesk.storage.notification_records import SqlNotificationQueue
from helpdesk.storage.outbox_records import SqlOutboxRecords
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.quoted_texts import quoted_texts
from helpdesk.storage.retainer_records import NEXT_TURN, TO_TURN
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.sender_rules import SqlSenderRules
from helpdesk.storage.sending import SendingTable
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.mail import (
    INBOUND_MAIL,
    MAIL_KEY,
    MAIL_REFERENCE,
    MAILBOX,
    OUTBOX_MAIL,
)
from helpdesk.storage.webhook_records import SqlWebhookQueue
from helpdesk.storage.worker_records import SqlWorkerRegister
from helpdesk.usecases.deadline_ports import DeadlineQueue, WorkerRegister
from helpdesk.usecases.mail_ports import (
    AgencyFollowUp,
    InboundQueue,
    OutboxMail,
    OutboxRecords,
    SenderRules,
)
from helpdesk.usecases.notification_ports import NotificationQueue
from helpdesk.usecases.webhook_ports import WebhookQueue

_POSITION = RowMapper(MailboxPosition, MAILBOX, {})
_READ_POSITION = Query(
    select(*_POSITION.columns).where(
        MAILBOX.c.agency_id == MINE, MAILBOX.c.account == bindparam("account")
    )
)
_NEW_POSITION = insert(MAILBOX)
_REMEMBER_POSITION = Query(
    _NEW_POSITION.on_conflict_do_update(
        index_elements=[MAILBOX.c.agency_id, MAILBOX.c.account],
        set_={
            name: _NEW_POSITION.excluded[name]
            for name in ("uid_validity", "last_uid", "looked_at", "last_error", "failing_since")
        },
    )
)
_KEYS = RowMapper(MailKey, MAIL_KEY, {})
_MAIL_KEYS = Query(
    select(*_KEYS.columns).where(MAIL_KEY.c.agency_id == MINE).order_by(MAIL_KEY.c.number.desc())
)
_ADD_KEY = Query(insert(MAIL_KEY).on_conflict_do_nothing())
_RETIRE_KEY = Query(
    update(MAIL_KEY)
    .where(
        MAIL_KEY.c.agency_id == MINE,
        MAIL_KEY.c.number == bindparam("number_"),
        MAIL_KEY.c.retired_at.is_(None),
    )
    .values(retired_at=bindparam("new_retired_at"))
)
_OPENED_SINCE = Query(
    select(func.count())
    .select_from(INBOUND_MAIL)
    .where(
        INBOUND_MAIL.c.agency_id == MINE,
        INBOUND_MAIL.c.from_addr == bindparam("from_addr"),
        INBOUND_MAIL.c.received_at >= bindparam("since"),
        INBOUND_MAIL.c.reason == InboundMailReason.OPENED_TICKET.value,
    )
)
_DONE = InboundMailState.DONE.value
_WAITING = (InboundMailState.STORED.value, InboundMailState.FAILED.value)

_ADD_INBOUND = Query(insert(INBOUND_MAIL).on_conflict_do_nothing())
_INBOUND_BY_ID = select(*INBOUND.columns).where(
    INBOUND_MAIL.c.agency_id == MINE, INBOUND_MAIL.c.id == bindparam("id")
)
_READ_INBOUND, _LOCKED_INBOUND = Query(_INBOUND_BY_ID), Query(_INBOUND_BY_ID.with_for_update())
_SAME_MEANING = Query(
    select(INBOUND_MAIL.c.id)
    .where(
        INBOUND_MAIL.c.agency_id == MINE,
        INBOUND_MAIL.c.mailbox == bindparam("mailbox"),
        INBOUND_MAIL.c.meaning_hash == bindparam("meaning_hash"),
        INBOUND_MAIL.c.id != bindparam("id"),
        INBOUND_MAIL.c.state == _DONE,
    )
    .order_by(INBOUND_MAIL.c.id)
    .limit(1)
)
_INBOUND_CHANGES = {
    f"new_{name}": INBOUND_MAIL.c[name]
    for name in (
        "state",
        "reason",
        "attempts",
        "retry_at",
        "last_error",
        "subject",
        "from_addr",
        "meaning_hash",
        "ticket_id",
        "processed_at",
        "auth_outcome",
        "auth_method",
        "auth_domain",
        "auth_server",
        "settled_by",
    )
}
_SAVE_INBOUND = Query(
    update(INBOUND_MAIL)
    .where(INBOUND_MAIL.c.agency_id == MINE, INBOUND_MAIL.c.id == bindparam("id_"))
    .values({column: bindparam(name) for name, column in _INBOUND_CHANGES.items()} | CLAIM_ENDED)
)
_REFERENCES = Query(
    select(MAIL_REFERENCE.c.message_id, MAIL_REFERENCE.c.ticket_id).where(
        MAIL_REFERENCE.c.agency_id == MINE, in_list(MAIL_REFERENCE.c.message_id, "message_ids")
    )
)
_REFERENCES_OF = Query(
    select(MAIL_REFERENCE.c.message_id)
    .where(MAIL_REFERENCE.c.agency_id == MINE, MAIL_REFERENCE.c.ticket_id == bindparam("ticket_id"))
    .order_by(MAIL_REFERENCE.c.added_at.desc(), MAIL_REFERENCE.c.message_id)
    .limit(20)
)
_ADD_REFERENCE = Query(insert(MAIL_REFERENCE).on_conflict_do_nothing())
_PROMISED = Query(
    select(OUTBOX_MAIL.c.idempotency_key).where(
        OUTBOX_MAIL.c.agency_id == MINE, in_list(OUTBOX_MAIL.c.idempotency_key, "keys")
    )
)
_ADD_OUTBOX = Query(insert(OUTBOX_MAIL).on_conflict_do_nothing())
_OUTBOX_COLUMNS = (
    OUTBOX_MAIL.c.id,
    OUTBOX_MAIL.c.agency_id,
    OUTBOX_MAIL.c.ticket_id,
    OUTBOX_MAIL.c.idempotency_key,
    OUTBOX_MAIL.c.document,
    OUTBOX_MAIL.c.created_at,
    OUTBOX_MAIL.c.attempts,
)
_OUTBOX = SendingTable(
    OUTBOX_MAIL, _OUTBOX_COLUMNS, reason="one worker sends the mail of every agency"
)


class SqlMailRecords:
    """MailRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._inbound = _LOCKED_INBOUND if locks else _READ_INBOUND
        self.senders: SenderRules = SqlSenderRules(session)
        self.outbox: OutboxRecords = SqlOutboxRecords(session, locks=locks)

    async def add_inbound(self, mail: InboundMail) -> bool:
        """Add a stored message; False when the same one is already there."""
        params = {k: v for k, v in INBOUND.params(mail).items() if k != "agency_id"}
        return await self._session.execute(_ADD_INBOUND, **params, **CLAIM_ENDED) == 1

    async def inbound(self, mail_id: InboundMailId) -> InboundMail | None:
        """Return a stored message."""
        row = await self._session.fetch_one(self._inbound, id=mail_id)
        return None if row is None else INBOUND.read(row)

    async def is_known_message(self, mail: InboundMail) -> bool:
        """Return whether another message of this meaning was understood for the mailbox."""
        if mail.meaning_hash is None:
            return False
        row = await self._session.fetch_one(
            _SAME_MEANING, mailbox=mail.mailbox, meaning_hash=mail.meaning_hash, id=mail.id
        )
        return row is not None

    async def save_inbound(self, mail: InboundMail) -> None:
        """Write what became of a message."""
        changes = {
            f"new_{name}": value
            for name, value in INBOUND.params(mail).items()
            if f"new_{name}" in _INBOUND_CHANGES
        }
        await self._session.write(_SAVE_INBOUND, id_=mail.id, **changes)

    async def ticket_of_reference(self, message_ids: Sequence[str]) -> TicketId | None:
        """Return the ticket of the first of these Message-IDs that belongs to one."""
        rows = await self._session.fetch_all(_REFERENCES, message_ids=list(message_ids))
        tickets: dict[str, str] = {row[0]: row[1] for row in rows}
        known = (tickets[one] for one in message_ids if one in tickets)
        ticket_id = next(known, None)
        return None if ticket_id is None else TicketId(ticket_id)

    async def add_reference(self, message_id: str, ticket_id: TicketId, *, at: datetime) -> None:
        """Remember that a Message-ID belongs to a ticket; the first ticket keeps it."""
        await self._session.write(
            _ADD_REFERENCE, message_id=message_id, ticket_id=ticket_id, added_at=at
        )

    async def references_of(self, ticket_id: TicketId) -> tuple[str, ...]:
        """Return the latest Message-IDs of a ticket, oldest first."""
        rows = await self._session.fetch_all(_REFERENCES_OF, ticket_id=ticket_id)
        return tuple(message_id for (message_id,) in reversed(rows))

    async def quoted_texts(self, ticket_id: TicketId, *, reader: str) -> tuple[str, ...]:
        """Return what an answer of this address on a ticket may quote, the newest first."""
        return await quoted_texts(self._session, ticket_id, reader=reader)

    async def promised(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of these keys under which a mail was promised, sent or not."""
        rows = await self._session.fetch_all(_PROMISED, keys=sorted(keys))
        return frozenset(row[0] for row in rows)

    async def mailbox_position(self, account: str) -> MailboxPosition | None:
        """Return how far a mailbox on another server was read; None of one that never was."""
        row = await self._session.fetch_one(_READ_POSITION, account=account)
        return None if row is None else _POSITION.read(row)

    async def remember_mailbox(self, position: MailboxPosition) -> None:
        """Keep how far a mailbox was read."""
        await self._session.write(_REMEMBER_POSITION, **_POSITION.params(position))

    async def mail_keys(self) -> tuple[MailKey, ...]:
        """Return the keys of the agency, the one in use first."""
        return tuple(_KEYS.read(row) for row in await self._session.fetch_all(_MAIL_KEYS))

    async def add_mail_key(self, key: MailKey, *, at: datetime) -> None:
        """Add a key; the first one with its number stays."""
        await self._session.add(_ADD_KEY, {**_KEYS.params(key), "made_at": at})

    async def retire_mail_key(self, number: int, *, at: datetime) -> None:
        """Believe the tokens of a key no more; one that was retired before stays as it was."""
        await self._session.write(_RETIRE_KEY, number_=number, new_retired_at=at)

    async def follow_up(self) -> AgencyFollowUp | None:
        """Return what mails on finished tickets do, None while the agency said nothing."""
        return await latest_follow_up(self._session)

    async def add_follow_up(self, said: AgencyFollowUp) -> None:
        """Add what they do from now on."""
        await keep_follow_up(self._session, said)

    async def health(self, agency: Agency, *, at: datetime) -> MailHealth:
        """Return how the ways in and out of the agency do at an instant."""
        return await read_mail_health(self._session, agency, at=at)

    async def opened_since(self, from_addr: str, since: datetime) -> int:
        """Return how many mails of this author have opened tickets since an instant."""
        row = await self._session.fetch_one(_OPENED_SINCE, from_addr=from_addr, since=since)
        return 0 if row is None else int(row[0])

    async def promise(self, mail: OutboxMail) -> None:
        """Put a mail in the outbox; the same idempotency key twice is one mail."""
        await self._session.write(
            _ADD_OUTBOX,
            id=mail.id,
            ticket_id=mail.ticket_id,
            idempotency_key=mail.idempotency_key,
            document=mail_document(mail.mail),
            state=SendingState.PENDING.value,
            created_at=mail.created_at,
            send_after=mail.created_at,
            attempts=0,
            last_error=None,
            sent_at=None,
            recipient=mail.mail.recipient.email.lower(),
            subject=mail.mail.subject,
            discarded_at=None,
            discarded_by=None,
            bounced_at=None,
            bounce_status=None,
            bounce_text=None,
        )


class SqlWorkQueue:
    """WorkQueue on a database."""

    def __init__(self, database: Database, deadlines: DeadlineQueue) -> None:
        self._database = database
        self.inbox: InboundQueue = SqlInboundQueue(database)
        self.webhooks: WebhookQueue = SqlWebhookQueue(database)
        self.notifications: NotificationQueue = SqlNotificationQueue(database)
        self.deadlines = deadlines
        self.workers: WorkerRegister = SqlWorkerRegister(database)

    async def due_outbox(self, *, at: datetime, limit: int) -> tuple[OutboxMail, ...]:
        """Return promised mails, leased for a while: a crash makes them due again after it."""
        rows = await _OUTBOX.claim(self._database, at=at, limit=limit)
        return await with_logos(self._database, [_outbox_of(row) for row in rows])

    async def terms_taken_over(
        self, *, after: datetime | None, until: datetime
    ) -> tuple[tuple[AgencyId, ContractId], ...]:
        """Return the contracts of which a version but the first took over in `(after, until]`."""
        async with self._database.reading() as connection:
            rows = await connection.fetch_all(TAKEN_OVER, after=after or EPOCH, until=until)
        return tuple((AgencyId(row[0]), ContractId(row[1])) for row in rows)

    async def books_to_turn(self, *, at: datetime) -> tuple[tuple[AgencyId, ContractId], ...]:
        """Return the contracts with a book of which something has ended by an instant."""
        async with self._database.reading() as connection:
            rows = await connection.fetch_all(TO_TURN, at=at)
        contracts = sorted({(row[0], row[1]) for row in rows})
        return tuple((AgencyId(agency), ContractId(contract)) for agency, contract in contracts)

    async def next_turn(self, *, after: datetime) -> datetime | None:
        """Return when something of any book ends next, None when nothing will."""
        async with self._database.reading() as connection:
            [(at,)] = await connection.fetch_all(NEXT_TURN, at=after)
        return at  # type: ignore[no-any-return]  # the column's value

    async def mark_sent(self, mail: OutboxMail, *, at: datetime) -> None:
        """Record that a mail left."""
        await _OUTBOX.mark_sent(self._database, mail, at=at)

    async def mark_failed(self, mail: OutboxMail, error: str, *, retry_at: datetime | None) -> None:
        """Record a failed attempt; None gives the mail up, visibly."""
        await _OUTBOX.mark_failed(self._database, mail, error, retry_at=retry_at)

    async def mark_suppressed(self, mail: OutboxMail, reason: str) -> None:
        """Record that a mail is not sent, and why."""
        await _OUTBOX.mark_suppressed(self._database, mail, reason)


def _outbox_of(row: Row) -> OutboxMail:
    id_, agency_id, ticket_id, key, document, created_at, attempts = row
    return OutboxMail(
        id=OutboxMailId(id_),
        agency_id=AgencyId(agency_id),
        ticket_id=TicketId(ticket_id) if ticket_id else None,
        idempotency_key=key,
        mail=mail_of(document),
        created_at=created_at,
        attempts=attempts,
    )
