"""What the ways in and out of an agency's mails say of themselves, in the database.

Every question is answered from an index, whatever the number of messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, or_, select

from helpdesk.domain.agency import Agency
from helpdesk.domain.inbound_email import Transport
from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.domain.mail_health import MailboxHealth, MailHealth, OutgoingHealth, oldest
from helpdesk.domain.outgoing_state import KEPT_AS, OutgoingState
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.mail import INBOUND_MAIL, MAILBOX, OUTBOX_MAIL

_MAIL, _OUT = INBOUND_MAIL.c, OUTBOX_MAIL.c
_DOORS = tuple(door for door in Transport if door is not Transport.IMAP)
_STORED, _FAILED = InboundMailState.STORED.value, InboundMailState.FAILED.value
_UNSENT = KEPT_AS[OutgoingState.WAITING]
_DEAD = KEPT_AS[OutgoingState.FAILED]

_READ_BY_US = Query(
    select(MAILBOX.c.account, MAILBOX.c.looked_at, MAILBOX.c.failing_since, MAILBOX.c.last_error)
    .where(MAILBOX.c.agency_id == MINE)
    .order_by(MAILBOX.c.account)
)
_LAST_BY_DOOR = [
    Query(
        select(_MAIL.received_at)
        .where(_MAIL.agency_id == MINE, _MAIL.transport == door.value)
        .order_by(_MAIL.received_at.desc())
        .limit(1)
    )
    for door in _DOORS
]
_WAITING = Query(
    select(_MAIL.transport, _MAIL.state, func.count(), func.min(_MAIL.received_at))
    .where(_MAIL.agency_id == MINE, _MAIL.state.in_((_STORED, _FAILED)))
    .group_by(_MAIL.transport, _MAIL.state)
    .order_by(_MAIL.transport, _MAIL.state)
)
_QUARANTINED = Query(
    select(_MAIL.transport, func.count())
    .where(
        _MAIL.agency_id == MINE,
        _MAIL.state == InboundMailState.QUARANTINED.value,
        or_(_MAIL.reason.is_(None), _MAIL.reason != InboundMailReason.BLOCKED_SENDER.value),
    )
    .group_by(_MAIL.transport)
    .order_by(_MAIL.transport)
)
_OUTGOING = Query(
    select(_OUT.state, func.count(), func.min(_OUT.created_at))
    .where(_OUT.agency_id == MINE, _OUT.state.in_((*_UNSENT, *_DEAD)))
    .group_by(_OUT.state)
    .order_by(_OUT.state)
)


@dataclass(frozen=True, slots=True)
class _Queue:
    waiting: int = 0
    oldest_at: datetime | None = None
    quarantined: int = 0


async def read_mail_health(session: Session, agency: Agency, *, at: datetime) -> MailHealth:
    """Return how the ways in and out of the agency do."""
    no_params: dict[str, object] = {}
    ours, waiting, quarantined, outgoing, *last = await session.fetch_batch(
        (_READ_BY_US, no_params),
        (_WAITING, no_params),
        (_QUARANTINED, no_params),
        (_OUTGOING, no_params),
        *((query, no_params) for query in _LAST_BY_DOOR),
    )
    queues = _queues(waiting, quarantined)
    doors = [
        MailboxHealth(agency.id, door, agency.mailbox, rows[0][0])
        for door, rows in zip(_DOORS, last, strict=True)
        if rows
    ]
    accounts = [
        MailboxHealth(agency.id, Transport.IMAP, account, looked_at, failing_since, error)
        for account, looked_at, failing_since, error in ours
    ]
    mailboxes = [_with_queue(mailbox, queues) for mailbox in doors]
    # What came from several accounts is one queue, told with the first.
    mailboxes += [_with_queue(mailbox, queues) for mailbox in accounts[:1]] + accounts[1:]
    return MailHealth(at, tuple(mailboxes), (_outgoing(agency, outgoing),))


def _queues(waiting: list[Row], quarantined: list[Row]) -> Mapping[str, _Queue]:
    queues: dict[str, _Queue] = {}
    for transport, state, count, first_at in waiting:
        queue = queues.get(transport, _Queue())
        # One that failed waits for its next try: its age says nothing of the worker.
        queues[transport] = _Queue(
            queue.waiting + count, first_at if state == _STORED else queue.oldest_at
        )
    for transport, count in quarantined:
        queues[transport] = replace(queues.get(transport, _Queue()), quarantined=count)
    return queues


def _with_queue(mailbox: MailboxHealth, queues: Mapping[str, _Queue]) -> MailboxHealth:
    queue = queues.get(mailbox.transport.value, _Queue())
    return replace(
        mailbox,
        waiting=queue.waiting,
        oldest_at=queue.oldest_at,
        quarantined=queue.quarantined,
    )


def _outgoing(agency: Agency, rows: list[Row]) -> OutgoingHealth:
    return OutgoingHealth(
        agency.id,
        waiting=sum(count for state, count, _ in rows if state in _UNSENT),
        oldest_at=oldest(first_at for state, _, first_at in rows if state in _UNSENT),
        failed=sum(count for state, count, _ in rows if state in _DEAD),
    )
