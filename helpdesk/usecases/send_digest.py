"""All that waits for a reader is told in one mail: in the morning, or after a flood."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from helpdesk.domain.agency import Agent, Contact
from helpdesk.domain.digest import DigestGroup, DigestLine, in_order
from helpdesk.domain.ids import AgencyId, AgentId, ContactId, TicketId
from helpdesk.domain.notification import Delivery, ReaderKind
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.ticket import TicketStatus
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.leaving import reader_of, ways_to_leave
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.notification_letters import Why
from helpdesk.usecases.notification_ports import TicketHead, ToldNews, told_when
from helpdesk.usecases.ports import Records

PUT_OFF = timedelta(minutes=5)
"""How long a digest waits that could not be written."""


async def send_digest(desk: Desk, agency_id: AgencyId, reader_id: str) -> bool:
    """Promise a reader the mail that tells all that waits for him, in one transaction.

    Returns whether anything was due. What he has left since, and what he may no longer see, is not
    told. Of two workers one finds it waiting: the entries are locked, and the mail has their key.
    """
    async with desk.store.transaction(agency_id) as records:
        waiting = await records.notifications.waiting(reader_id, at=desk.now())
        if not waiting:
            return False
        reader = await _reader(records, waiting[0])
        heads = await records.notifications.heads(_tickets(waiting))
        wanted = await _still_wanted(records, waiting, reader, heads)
        key = None
        if reader is not None and wanted:
            key = f"digest:{waiting[0].id}"
            await _promise(desk, records, reader, wanted, heads, key=key)
        ids = [one.id for one in waiting]
        await records.notifications.mark_told(ids, at=desk.now(), outbox_key=key)
        return True


async def put_off_digest(desk: Desk, agency_id: AgencyId, reader_id: str) -> None:
    """Let what could not be told to a reader wait for a while; nothing of it is lost."""
    at = desk.now()
    async with desk.store.transaction(agency_id) as records:
        await records.notifications.put_off(reader_id, at=at, until=at + PUT_OFF)


async def _reader(records: Records, first: ToldNews) -> Agent | Contact | None:
    if first.reader_kind is ReaderKind.AGENT:
        return await records.agencies.agent(AgentId(first.reader_id))
    return await records.clients.contact(ContactId(first.reader_id))


def _tickets(waiting: Sequence[ToldNews]) -> set[TicketId]:
    return {one.ticket_id for one in waiting if one.ticket_id is not None}


async def _still_wanted(
    records: Records,
    waiting: Sequence[ToldNews],
    reader: Agent | Contact | None,
    heads: Mapping[TicketId, TicketHead],
) -> list[ToldNews]:
    if reader is None:
        return []
    chosen = await records.notifications.preferences([str(reader.id)])
    return [
        one
        for one in waiting
        if told_when(chosen, str(reader.id), one.topic) is not Delivery.OFF
        and (one.ticket_id is None or _may_be_told(reader, heads[one.ticket_id]))
    ]


def _may_be_told(reader: Agent | Contact, head: TicketHead) -> bool:
    is_his = isinstance(reader, Agent) or reader.client_id == head.client_id
    return is_his and head.status != TicketStatus.SPAM


async def _promise(
    desk: Desk,
    records: Records,
    reader: Agent | Contact,
    wanted: Sequence[ToldNews],
    heads: Mapping[TicketId, TicketHead],
    *,
    key: str,
) -> None:
    agency = await records.agencies.agency()
    topics = tuple(dict.fromkeys(one.topic for one in wanted))
    ways = await ways_to_leave(desk, records, agency, reader_of(reader), topics)
    why = Why(topics, ways[0] if ways else "")
    letter = desk.notification_letters.digest(
        in_order(_groups(wanted, heads)),
        agency=agency,
        reader=reader,
        why=why,
        is_flood=all(one.is_folded for one in wanted),
    )
    await promise_letter(
        desk,
        records,
        None,
        Envelope(agency, reader, letter, unsubscribe=ways),
        key=key,
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
    )


def _groups(wanted: Sequence[ToldNews], heads: Mapping[TicketId, TicketHead]) -> list[DigestGroup]:
    by_ticket: dict[TicketId | None, list[DigestLine]] = {}
    for one in wanted:
        line = DigestLine(one.at, one.actor_name, one.kind, one.detail)
        by_ticket.setdefault(one.ticket_id, []).append(line)
    return [
        _group(tuple(lines), None if ticket_id is None else heads[ticket_id])
        for ticket_id, lines in by_ticket.items()
    ]


def _group(lines: tuple[DigestLine, ...], head: TicketHead | None) -> DigestGroup:
    if head is None:
        return DigestGroup(lines)
    return DigestGroup(lines, head.number, head.subject, head.priority, head.status)
