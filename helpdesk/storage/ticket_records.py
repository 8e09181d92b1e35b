"""Tickets in the database: the facts, what is kept of them, what was said, the clocks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, not_, select, update

from helpdesk.domain.access import Actor, ActorKind
from helpdesk.domain.ids import AgencyId, AgentId, ContactId, MessageId, TicketId
from helpdesk.domain.mail_loop import Utterance
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.domain.message import Attachment, Message
from helpdesk.domain.priority import Criticality, Impact, Priority, SecuritySign, Urgency
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import (
    Channel,
    LinkKind,
    Ticket,
    TicketEvent,
    TicketEventKind,
    TicketKind,
    TicketStatus,
)
from helpdesk.domain.ticket_image import earliest_breach, earliest_deadline
from helpdesk.domain.waiting import WaitingOn
from helpdesk.storage.column_types import instant_to_text
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.deadline_bell import is_soon
from helpdesk.storage.policy_documents import target_document
from helpdesk.storage.query import Query, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.sla_clock import SLA_CLOCK, SLA_FIRING
from helpdesk.storage.tables.ticket import (
    ATTACHMENT,
    BLOB,
    MESSAGE,
    TICKET,
    TICKET_EVENT,
    TICKET_LINK,
)
from helpdesk.usecases.ticket_ports import DerivedClock, TicketPast

TICKETS = RowMapper(
    Ticket,
    TICKET,
    {
        "channel": Channel,
        "kind": TicketKind,
        "impact": Impact,
        "urgency": Urgency,
        "priority": Priority,
        "criticality": Criticality,
        "status": TicketStatus,
        "waiting_on": WaitingOn,
        "security_sign": SecuritySign,
        "is_requester_unconfirmed": bool,
    },
)
ATTACHMENTS = RowMapper(Attachment, ATTACHMENT, {})

EVENT_COLUMNS = (
    TICKET_EVENT.c.ticket_id,
    TICKET_EVENT.c.sequence,
    TICKET_EVENT.c.at,
    TICKET_EVENT.c.kind,
    TICKET_EVENT.c.actor_kind,
    TICKET_EVENT.c.actor_name,
    TICKET_EVENT.c.agent_id,
    TICKET_EVENT.c.contact_id,
    TICKET_EVENT.c.before,
    TICKET_EVENT.c.after,
    TICKET_EVENT.c.reason,
    TICKET_EVENT.c.message_id,
    TICKET_EVENT.c.related_ticket_id,
)
_BY_ID = select(*TICKETS.columns).where(TICKET.c.agency_id == MINE, TICKET.c.id == bindparam("id"))
_BY_NUMBER = select(*TICKETS.columns).where(
    TICKET.c.agency_id == MINE, TICKET.c.number == bindparam("number")
)
_READ_BY_ID, _LOCKED_BY_ID = Query(_BY_ID), Query(_BY_ID.with_for_update())
_READ_BY_NUMBER, _LOCKED_BY_NUMBER = Query(_BY_NUMBER), Query(_BY_NUMBER.with_for_update())
_HISTORY = Query(
    select(*EVENT_COLUMNS)
    .where(TICKET_EVENT.c.agency_id == MINE, TICKET_EVENT.c.ticket_id == bindparam("ticket_id"))
    .order_by(TICKET_EVENT.c.sequence)
)
_FIRED = Query(
    select(SLA_FIRING.c.metric, SLA_FIRING.c.cycle, SLA_FIRING.c.step).where(
        SLA_FIRING.c.agency_id == MINE, SLA_FIRING.c.ticket_id == bindparam("ticket_id")
    )
)
_MESSAGE_COLUMNS = (
    MESSAGE.c.id,
    MESSAGE.c.ticket_id,
    MESSAGE.c.sent_at,
    MESSAGE.c.author_kind,
    MESSAGE.c.author_name,
    MESSAGE.c.agent_id,
    MESSAGE.c.contact_id,
    MESSAGE.c.channel,
    MESSAGE.c.is_internal,
    MESSAGE.c.is_automatic,
    MESSAGE.c.body,
    MESSAGE.c.whole_text,
    MESSAGE.c.html,
    MESSAGE.c.doubt,
    MESSAGE.c.written_at,
)
_MESSAGE_BY_ID = Query(
    select(*_MESSAGE_COLUMNS).where(MESSAGE.c.agency_id == MINE, MESSAGE.c.id == bindparam("id"))
)
_JUDGE_MESSAGE = Query(
    update(MESSAGE)
    .where(MESSAGE.c.agency_id == MINE, MESSAGE.c.id == bindparam("id_"))
    .values(is_internal=bindparam("new_is_internal"), doubt=bindparam("new_doubt"))
)
_SAID_SINCE = Query(
    select(MESSAGE.c.author_kind, MESSAGE.c.channel, MESSAGE.c.is_automatic)
    .where(
        MESSAGE.c.agency_id == MINE,
        MESSAGE.c.ticket_id == bindparam("ticket_id"),
        MESSAGE.c.sent_at >= bindparam("since"),
        not_(MESSAGE.c.is_internal),
    )
    .order_by(MESSAGE.c.sent_at, MESSAGE.c.id)
)
_BLOB = Query(
    select(BLOB.c.content).where(BLOB.c.agency_id == MINE, BLOB.c.sha256 == bindparam("sha256"))
)
_ADD_TICKET = Query(insert(TICKET))
_SAVE_TICKET = Query(
    update(TICKET)
    .where(TICKET.c.agency_id == MINE, TICKET.c.id == bindparam("id_"))
    .values(
        {
            column: bindparam(f"new_{column.name}")
            for column in TICKET.c
            if column.name not in {"agency_id", "id"}
        }
    )
)
_ADD_EVENT = Query(insert(TICKET_EVENT))
_DROP_CLOCKS = Query(
    delete(SLA_CLOCK).where(
        SLA_CLOCK.c.agency_id == MINE, SLA_CLOCK.c.ticket_id == bindparam("ticket_id")
    )
)
_ADD_CLOCK = Query(insert(SLA_CLOCK))
_ADD_MESSAGE = Query(insert(MESSAGE))
_ADD_ATTACHMENT = Query(insert(ATTACHMENT))
_ADD_BLOB = Query(insert(BLOB).on_conflict_do_nothing())
_ADD_LINK = Query(insert(TICKET_LINK).on_conflict_do_nothing())
_DROP_LINK = Query(
    delete(TICKET_LINK).where(
        TICKET_LINK.c.agency_id == MINE,
        TICKET_LINK.c.ticket_id == bindparam("ticket_id"),
        TICKET_LINK.c.other_id == bindparam("other_id"),
    )
)


class SqlTicketRecords:
    """TicketRecords on a database; `locks` takes rows for the time of the transaction."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._by_id = _LOCKED_BY_ID if locks else _READ_BY_ID
        self._by_number = _LOCKED_BY_NUMBER if locks else _READ_BY_NUMBER

    async def ticket(self, ticket_id: TicketId) -> Ticket | None:
        """Return a ticket."""
        row = await self._session.fetch_one(self._by_id, id=ticket_id)
        return None if row is None else TICKETS.read(row)

    async def ticket_by_number(self, number: str) -> Ticket | None:
        """Return the ticket with this number."""
        row = await self._session.fetch_one(self._by_number, number=number)
        return None if row is None else TICKETS.read(row)

    async def history(self, ticket_id: TicketId) -> tuple[TicketEvent, ...]:
        """Return every fact of a ticket in order."""
        rows = await self._session.fetch_all(_HISTORY, ticket_id=ticket_id)
        return tuple(event_of(row) for row in rows)

    async def past(self, ticket_id: TicketId) -> TicketPast:
        """Return every fact of a ticket in order, and what its clocks set off."""
        params = {"ticket_id": ticket_id}
        rows, firings = await self._session.fetch_batch((_HISTORY, params), (_FIRED, params))
        fired: dict[tuple[SlaMetric, int], set[str]] = {}
        for metric, cycle, step in firings:
            fired.setdefault((SlaMetric(metric), cycle), set()).add(step)
        return TicketPast(
            tuple(event_of(row) for row in rows),
            {clock: frozenset(steps) for clock, steps in fired.items()},
        )

    async def save(
        self, ticket: Ticket, events: Sequence[TicketEvent], clocks: Sequence[DerivedClock]
    ) -> None:
        """Append the facts and rewrite what is kept of them."""
        params = TICKETS.params(ticket) | _kept(events, clocks)
        if events[0].sequence == 1:
            await self._session.add(_ADD_TICKET, params)
        else:
            changes = {f"new_{k}": v for k, v in params.items() if k not in {"agency_id", "id"}}
            await self._session.write(_SAVE_TICKET, id_=ticket.id, **changes)
            await self._session.write(_DROP_CLOCKS, ticket_id=ticket.id)
        for event in events:
            await self._session.add(_ADD_EVENT, _event_params(event))
        for clock in clocks:
            await self._session.add(_ADD_CLOCK, clock_params(ticket.id, clock))
            if clock.pending and is_soon(clock.pending[0].at, at=events[-1].at):
                self._session.has_step_soon = True

    async def add_message(self, message: Message, attachments: Sequence[Attachment] = ()) -> None:
        """Add a message with the description of its files."""
        await self._session.write(
            _ADD_MESSAGE,
            id=message.id,
            ticket_id=message.ticket_id,
            sent_at=message.sent_at,
            author_kind=message.author.kind.value,
            author_name=message.author.name,
            agent_id=message.author.agent_id,
            contact_id=message.author.contact_id,
            channel=message.channel.value,
            is_internal=message.is_internal,
            is_automatic=message.is_automatic,
            body=message.body,
            whole_text=message.whole_text,
            html=message.html,
            doubt=None if message.doubt is None else message.doubt.value,
            written_at=message.written_at,
        )
        for attachment in attachments:
            await self._session.add(_ADD_ATTACHMENT, ATTACHMENTS.params(attachment))

    async def said_since(self, ticket_id: TicketId, since: datetime) -> tuple[Utterance, ...]:
        """Return what was publicly said on a ticket since an instant, oldest first."""
        rows = await self._session.fetch_all(_SAID_SINCE, ticket_id=ticket_id, since=since)
        return tuple(
            Utterance(ActorKind(author), Channel(channel), is_automatic)
            for author, channel, is_automatic in rows
        )

    async def message(self, message_id: str) -> Message | None:
        """Return a message."""
        row = await self._session.fetch_one(_MESSAGE_BY_ID, id=message_id)
        return None if row is None else _message_of(self._session.agency_id, row)

    async def judge_message(self, message: Message) -> None:
        """Write whether a message is a note and what is doubted about it; the rest stays."""
        await self._session.write(
            _JUDGE_MESSAGE,
            id_=message.id,
            new_is_internal=message.is_internal,
            new_doubt=None if message.doubt is None else message.doubt.value,
        )

    async def add_blob(self, sha256: str, content: bytes) -> None:
        """Keep bytes under their hash."""
        await self._session.write(_ADD_BLOB, sha256=sha256, content=content)

    async def blob(self, sha256: str) -> bytes | None:
        """Return kept bytes."""
        row = await self._session.fetch_one(_BLOB, sha256=sha256)
        return None if row is None else bytes(row[0])

    async def link(self, ticket: Ticket, other: Ticket, kind: LinkKind, *, at: datetime) -> bool:
        """Link two tickets; False when they already were."""
        written = await self._session.execute(
            _ADD_LINK, ticket_id=ticket.id, other_id=other.id, kind=kind.value, linked_at=at
        )
        return written == 1

    async def unlink(self, ticket: Ticket, other: Ticket) -> bool:
        """Remove the link, whichever of the two said it; False when there was none."""
        there = await self._session.execute(_DROP_LINK, ticket_id=ticket.id, other_id=other.id)
        back = await self._session.execute(_DROP_LINK, ticket_id=other.id, other_id=ticket.id)
        return there + back > 0


def _kept(events: Sequence[TicketEvent], clocks: Iterable[DerivedClock]) -> dict[str, object]:
    """Return what the ticket row keeps to sort and filter by."""
    kept = [one.clock for one in clocks]
    return {
        "updated_at": events[-1].recorded_at,
        "next_deadline_at": earliest_deadline(kept),
        "breached_at": earliest_breach(kept),
    }


def _event_params(event: TicketEvent) -> dict[str, object]:
    return {
        "ticket_id": event.ticket_id,
        "sequence": event.sequence,
        "at": event.at,
        "kind": event.kind.value,
        "actor_kind": event.actor.kind.value,
        "actor_name": event.actor.name,
        "agent_id": event.actor.agent_id,
        "contact_id": event.actor.contact_id,
        "before": dict(event.before),
        "after": dict(event.after),
        "reason": event.reason,
        "message_id": event.message_id,
        "related_ticket_id": event.related_ticket_id,
    }


def event_of(row: Row) -> TicketEvent:
    """Return the fact that a row of the event columns stands for."""
    ticket_id, sequence, at, kind, actor_kind, actor_name, agent_id, contact_id = row[:8]
    before, after, reason, message_id, related = row[8:]
    return TicketEvent(
        ticket_id=TicketId(ticket_id),
        sequence=sequence,
        at=at,
        kind=TicketEventKind(kind),
        actor=_actor_of(actor_kind, actor_name, agent_id, contact_id),
        before=before,
        after=after,
        reason=reason,
        message_id=MessageId(message_id) if message_id else None,
        related_ticket_id=TicketId(related) if related else None,
    )


def _message_of(agency_id: AgencyId, row: Row) -> Message:
    id_, ticket_id, sent_at, kind, name, agent_id, contact_id, channel = row[:8]
    is_internal, is_automatic, body, whole_text, html, doubt, written_at = row[8:]
    return Message(
        id=MessageId(id_),
        agency_id=agency_id,
        ticket_id=TicketId(ticket_id),
        sent_at=sent_at,
        author=_actor_of(kind, name, agent_id, contact_id),
        channel=Channel(channel),
        body=body,
        is_internal=is_internal,
        is_automatic=is_automatic,
        whole_text=whole_text,
        html=html,
        doubt=None if doubt is None else SenderDoubt(doubt),
        written_at=written_at,
    )


def _actor_of(kind: str, name: str, agent_id: str | None, contact_id: str | None) -> Actor:
    return Actor(
        ActorKind(kind),
        name,
        AgentId(agent_id) if agent_id else None,
        ContactId(contact_id) if contact_id else None,
    )


def clock_params(ticket_id: TicketId, derived: DerivedClock) -> dict[str, object]:
    """Return the columns of a clock."""
    clock = derived.clock
    return {
        "ticket_id": ticket_id,
        "metric": clock.metric.value,
        "cycle": clock.cycle,
        "target": target_document(clock.target),
        "calendar_id": clock.target.calendar_id,
        "calendar_version": derived.calendar_version,
        "terms_version": derived.terms_version,
        "allowance_seconds": clock.allowance_seconds,
        "counted_seconds": clock.counted_seconds,
        "started_at": clock.started_at,
        "stopped_at": clock.stopped_at,
        "cancelled_at": clock.cancelled_at,
        "paused_since": clock.paused_since,
        "running_since": clock.running_since,
        "deadline_at": clock.deadline_at,
        "breached_at": clock.breached_at,
        "at_risk_at": clock.at_risk_at,
        "postponed_to": clock.postponed_to,
        "earlier_results": [
            [result.stopped_at.isoformat(), result.counted_seconds, result.is_met]
            for result in clock.earlier_results
        ],
        "steps": [[step.step, step.level, instant_to_text(step.at)] for step in derived.pending],
        "next_at": derived.pending[0].at if derived.pending else None,
    }
