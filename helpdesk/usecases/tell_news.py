"""News are told to everybody who wants to hear of them: at once, later with others, or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.agency import Agency, Contact
from helpdesk.domain.calendar import version_in_force
from helpdesk.domain.digest import FLOOD_WINDOW, OfficeDays, Plan, RecentMails, planned
from helpdesk.domain.ids import AgencyId, NewsId, NotificationId
from helpdesk.domain.message import Message, storable
from helpdesk.domain.news import News
from helpdesk.domain.notification import TOPICS, Delivery
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.leaving import ways_to_leave
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.news_readers import Scene, Told, readers_of
from helpdesk.usecases.notification_letters import NewsToTell, Why
from helpdesk.usecases.notification_ports import ToldNews, told_when
from helpdesk.usecases.ports import Records

OFFICE_CALENDAR = "ouvre5"
"""The calendar, among those that an agency starts with, whose days are its working days."""

WORDS_LIMIT = 4_000
"""Characters of what was written that a mail repeats; the whole is on the ticket."""

ERROR_LIMIT = 500
LONGEST_REST = timedelta(hours=1)

_WITH_DETAIL = frozenset(
    {
        NotificationKind.QUOTE_ACCEPTED,
        NotificationKind.QUOTE_REFUSED,
        NotificationKind.WEBHOOK_DISABLED,
    }
)
_INSIDE = frozenset({NotificationKind.NOTE_WRITTEN, NotificationKind.MAIL_UNVERIFIED})
_WAITS = frozenset({Delivery.DIGEST, Delivery.WORKING_HOURS})


async def tell_news(desk: Desk, agency_id: AgencyId, news_id: NewsId) -> bool:
    """Tell news to all who are to hear of them, and forget them, in one transaction.

    Returns whether they were still to be told. Mails are promised here, and what waits for a digest
    is written down; a crash before the end leaves the news to be told again.
    """
    async with desk.store.transaction(agency_id) as records:
        news = await records.notifications.news(news_id)
        if news is None:
            return False
        ticket = None if news.ticket_id is None else await records.tickets.ticket(news.ticket_id)
        said = None if news.message_id is None else await records.tickets.message(news.message_id)
        scene = Scene(news, ticket, said)
        told = await readers_of(records, scene)
        if told:
            await _tell(desk, records, scene, told)
        await records.notifications.forget_news(news.id)
        return True


async def record_news_trouble(desk: Desk, agency_id: AgencyId, news_id: NewsId, error: str) -> None:
    """Write down that news could not be told, and try again with growing pauses."""
    async with desk.store.transaction(agency_id) as records:
        news = await records.notifications.news(news_id)
        if news is not None:
            rest = min(timedelta(minutes=2 ** min(news.attempts, 6)), LONGEST_REST)
            later = replace(
                news,
                attempts=news.attempts + 1,
                tell_after=desk.now() + rest,
                last_error=storable(error)[:ERROR_LIMIT],
            )
            await records.notifications.postpone_news(later)


async def office_days(desk: Desk, agency: Agency) -> OfficeDays:
    """Return the working days of an agency.

    They are read without a lock: who corrects a calendar holds it, and then waits for tickets.
    """
    zone = ZoneInfo(agency.zone)
    async with desk.store.reading(agency.id) as records:
        calendar_id = await records.contracts.calendar_of_code(OFFICE_CALENDAR)
        if calendar_id is None:
            return OfficeDays(zone)
        versions = await records.contracts.calendar_versions([calendar_id])
        return OfficeDays(zone, version_in_force(versions, desk.now()).hours)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the readers of one piece of news want, and how many mails they have just got."""

    wanted: Mapping[str, Delivery]
    recent: Mapping[str, RecentMails]
    office: OfficeDays


async def _wishes(
    desk: Desk, records: Records, agency: Agency, scene: Scene, told: Sequence[Told]
) -> _Wishes:
    ids = [str(one.reader.id) for one in told]
    chosen = await records.notifications.preferences(ids)
    wanted = {
        str(one.reader.id): told_when(
            chosen, str(one.reader.id), one.topic, is_critical=scene.is_critical
        )
        for one in told
    }
    recent = await records.notifications.recent(ids, since=desk.now() - FLOOD_WINDOW)
    is_some_later = not _WAITS.isdisjoint(wanted.values())
    office = await office_days(desk, agency) if is_some_later else OfficeDays(ZoneInfo(agency.zone))
    return _Wishes(wanted, recent, office)


async def _tell(desk: Desk, records: Records, scene: Scene, readers: Sequence[Told]) -> None:
    agency = await records.agencies.agency()
    wishes = await _wishes(desk, records, agency, scene, readers)
    for told in readers:
        plan = planned(
            wishes.wanted[str(told.reader.id)],
            wishes.recent[str(told.reader.id)],
            wishes.office,
            at=desk.now(),
            is_urgent=scene.is_critical or TOPICS[told.topic].is_mandatory,
        )
        if plan is not None:
            kept = _kept(desk, scene, told, plan)
            await records.notifications.add(kept)
            if kept.outbox_key is not None:
                await _promise(desk, records, agency, scene, told, key=kept.outbox_key)


def _kept(desk: Desk, scene: Scene, told: Told, plan: Plan) -> ToldNews:
    id_, is_now = NotificationId(desk.new_id()), plan.due_at is None
    return ToldNews(
        id=id_,
        agency_id=scene.news.agency_id,
        reader_kind=told.identity.kind,
        reader_id=told.reader.id,
        kind=told.kind,
        topic=told.topic,
        at=scene.news.at,
        actor_name=scene.news.actor_name,
        ticket_id=scene.news.ticket_id,
        detail=_detail(scene.news, told),
        is_folded=plan.is_folded,
        due_at=plan.due_at,
        told_at=desk.now() if is_now else None,
        outbox_key=f"notification:{id_}" if is_now else None,
    )


async def _promise(
    desk: Desk, records: Records, agency: Agency, scene: Scene, told: Told, *, key: str
) -> None:
    topics = (told.topic,)
    ways = await ways_to_leave(desk, records, agency, told.identity, topics)
    why = Why(topics, ways[0] if ways else "")
    news = await _to_tell(records, scene, told)
    letter = desk.notification_letters.told(news, agency=agency, reader=told.reader, why=why)
    await promise_letter(
        desk,
        records,
        scene.ticket,
        Envelope(agency, told.reader, letter, unsubscribe=ways, is_inside=told.kind in _INSIDE),
        key=key,
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
    )


async def _to_tell(records: Records, scene: Scene, told: Told) -> NewsToTell:
    news, ticket = scene.news, scene.ticket
    is_client = isinstance(told.reader, Contact)
    client_id = news.client_id if ticket is None else ticket.client_id
    client = None if is_client or client_id is None else await records.clients.client(client_id)
    goes_on = news.related_ticket_id
    other = None if goes_on is None else await records.tickets.ticket(goes_on)
    return NewsToTell(
        kind=told.kind,
        actor=news.actor_name,
        words=_words(scene.message, is_client=is_client),
        reason=news.reason or "",
        detail=_detail(news, told) or "",
        goes_on_in="" if other is None else other.number,
        client="" if client is None else client.name,
        priority="" if ticket is None else ticket.priority.value,
        is_own=ticket is not None and ticket.requester_id == told.reader.id,
    )


def _detail(news: News, told: Told) -> str | None:
    return news.detail if told.kind in _WITH_DETAIL else None


def _words(message: Message | None, *, is_client: bool) -> str:
    """Return what a mail repeats of a message; nothing of a note for a client."""
    if message is None or (is_client and message.is_internal):
        return ""
    body = message.body.strip()
    return body if len(body) <= WORDS_LIMIT else f"{body[:WORDS_LIMIT].rstrip()} […]"
