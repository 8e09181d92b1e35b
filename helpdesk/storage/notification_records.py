"""Who is told what in the database: news, what readers were told, and what they chose."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from helpdesk.domain.access import ActorKind
from helpdesk.domain.digest import RecentMails
from helpdesk.domain.ids import (
    AgencyId,
    AgentId,
    ClientId,
    ContactId,
    NewsId,
    NotificationId,
    TicketId,
)
from helpdesk.domain.news import News
from helpdesk.domain.notification import Delivery, NotificationTopic, ReaderKind
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.domain.unsubscribe import Reader
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query, in_list, insert
from helpdesk.storage.row_mapper import RowMapper
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.client import CONTACT
from helpdesk.storage.tables.notification import NEWS, NOTIFICATION, NOTIFICATION_PREFERENCE
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.notification_ports import (
    Preference,
    Preferences,
    PreferenceWay,
    TicketHead,
    ToldNews,
)

MOST_IN_A_DIGEST = 500
"""How much of what waits for a reader one mail takes; the rest goes into the next."""

_REASON = "one worker tells the news of every agency"
_NEWS = RowMapper(
    News,
    NEWS,
    {
        "kinds": lambda names: tuple(NotificationKind(name) for name in names),
        "actor_kind": ActorKind,
    },
)
_TOLD = RowMapper(
    ToldNews,
    NOTIFICATION,
    {"reader_kind": ReaderKind, "kind": NotificationKind, "topic": NotificationTopic},
)
_HEADS = RowMapper(TicketHead, TICKET, {})

_ADD_NEWS = Query(insert(NEWS))
_READ_NEWS = Query(
    select(*_NEWS.columns)
    .where(NEWS.c.agency_id == MINE, NEWS.c.id == bindparam("id"))
    .with_for_update()
)
_FORGET_NEWS = Query(delete(NEWS).where(NEWS.c.agency_id == MINE, NEWS.c.id == bindparam("id_")))
_FORGET_NEWS_BEFORE = Query(
    delete(NEWS).where(NEWS.c.agency_id == MINE, NEWS.c.at < bindparam("before"))
)
_POSTPONE_NEWS = Query(
    update(NEWS)
    .where(NEWS.c.agency_id == MINE, NEWS.c.id == bindparam("id_"))
    .values(
        attempts=bindparam("new_attempts"),
        tell_after=bindparam("new_tell_after"),
        last_error=bindparam("new_error"),
    )
)
_ADD = Query(insert(NOTIFICATION))
_OF_READERS = (NOTIFICATION.c.agency_id == MINE, in_list(NOTIFICATION.c.reader_id, "readers"))
_RECENTLY_TOLD = Query(
    select(NOTIFICATION.c.reader_id, func.count(NOTIFICATION.c.outbox_key.distinct()))
    .where(*_OF_READERS, NOTIFICATION.c.told_at >= bindparam("since"))
    .group_by(NOTIFICATION.c.reader_id)
)
_FOLDED = Query(
    select(NOTIFICATION.c.reader_id, func.min(NOTIFICATION.c.due_at))
    .where(*_OF_READERS, NOTIFICATION.c.due_at.is_not(None), NOTIFICATION.c.is_folded.is_(True))
    .group_by(NOTIFICATION.c.reader_id)
)
_WAITING = Query(
    select(*_TOLD.columns)
    .where(
        NOTIFICATION.c.agency_id == MINE,
        NOTIFICATION.c.reader_id == bindparam("reader"),
        NOTIFICATION.c.due_at.is_not(None),
    )
    .order_by(NOTIFICATION.c.at, NOTIFICATION.c.id)
    .limit(MOST_IN_A_DIGEST)
    .with_for_update()
)
_MARK_TOLD = Query(
    update(NOTIFICATION)
    .where(NOTIFICATION.c.agency_id == MINE, in_list(NOTIFICATION.c.id, "ids"))
    .values(due_at=None, told_at=bindparam("new_told_at"), outbox_key=bindparam("new_key"))
)
_PUT_OFF = Query(
    update(NOTIFICATION)
    .where(
        NOTIFICATION.c.agency_id == MINE,
        NOTIFICATION.c.reader_id == bindparam("of_reader"),
        NOTIFICATION.c.due_at <= bindparam("due"),
    )
    .values(due_at=bindparam("new_due_at"))
)
_READ_HEADS = Query(
    select(*_HEADS.columns)
    .where(TICKET.c.agency_id == MINE, in_list(TICKET.c.id, "tickets"))
    .order_by(TICKET.c.id)
)
_PREFERENCES = Query(
    select(
        NOTIFICATION_PREFERENCE.c.reader_kind,
        NOTIFICATION_PREFERENCE.c.reader_id,
        NOTIFICATION_PREFERENCE.c.topic,
        NOTIFICATION_PREFERENCE.c.delivery,
        NOTIFICATION_PREFERENCE.c.set_at,
        NOTIFICATION_PREFERENCE.c.set_by,
        NOTIFICATION_PREFERENCE.c.way,
    ).where(
        NOTIFICATION_PREFERENCE.c.agency_id == MINE,
        in_list(NOTIFICATION_PREFERENCE.c.reader_id, "readers"),
    )
)
_FOLLOWERS = Query(
    select(CONTACT.c.id)
    .join_from(
        NOTIFICATION_PREFERENCE,
        CONTACT,
        (CONTACT.c.agency_id == NOTIFICATION_PREFERENCE.c.agency_id)
        & (CONTACT.c.id == NOTIFICATION_PREFERENCE.c.reader_id),
    )
    .where(
        NOTIFICATION_PREFERENCE.c.agency_id == MINE,
        NOTIFICATION_PREFERENCE.c.topic == NotificationTopic.COLLEAGUES.value,
        NOTIFICATION_PREFERENCE.c.delivery != Delivery.OFF.value,
        CONTACT.c.client_id == bindparam("client"),
    )
    .order_by(CONTACT.c.id)
)
_CHOSEN = insert(NOTIFICATION_PREFERENCE)
_SET_PREFERENCE = Query(
    _CHOSEN.on_conflict_do_update(
        index_elements=[
            NOTIFICATION_PREFERENCE.c.agency_id,
            NOTIFICATION_PREFERENCE.c.reader_id,
            NOTIFICATION_PREFERENCE.c.topic,
        ],
        set_={name: _CHOSEN.excluded[name] for name in ("delivery", "set_at", "set_by", "way")},
    )
)
_DUE_NEWS = Query.across_agencies(
    select(NEWS.c.agency_id, NEWS.c.id)
    .where(NEWS.c.tell_after <= bindparam("at"))
    .order_by(NEWS.c.tell_after, NEWS.c.id)
    .limit(bindparam("limit")),
    reason=_REASON,
)
_DUE_DIGESTS = Query.across_agencies(
    select(NOTIFICATION.c.agency_id, NOTIFICATION.c.reader_id)
    .where(NOTIFICATION.c.due_at <= bindparam("at"))
    .group_by(NOTIFICATION.c.agency_id, NOTIFICATION.c.reader_id)
    .order_by(NOTIFICATION.c.agency_id, NOTIFICATION.c.reader_id)
    .limit(bindparam("limit")),
    reason=_REASON,
)


class SqlNotificationRecords:
    """NotificationRecords on a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add_news(self, news: News) -> None:
        """Keep news until everybody was told."""
        await self._session.add(_ADD_NEWS, _NEWS.params(news))

    async def news(self, news_id: NewsId) -> News | None:
        """Return news that are still to be told, locked until the transaction ends."""
        row = await self._session.fetch_one(_READ_NEWS, id=news_id)
        return None if row is None else _NEWS.read(row)

    async def forget_news(self, news_id: NewsId) -> None:
        """Forget news that everybody was told of."""
        await self._session.write(_FORGET_NEWS, id_=news_id)

    async def forget_news_before(self, at: datetime) -> None:
        """Forget what happened before an instant."""
        await self._session.write(_FORGET_NEWS_BEFORE, before=at)

    async def postpone_news(self, news: News) -> None:
        """Write when news are tried again, and what went wrong."""
        await self._session.write(
            _POSTPONE_NEWS,
            id_=news.id,
            new_attempts=news.attempts,
            new_tell_after=news.tell_after,
            new_error=news.last_error,
        )

    async def add(self, told: ToldNews) -> None:
        """Keep what a reader was told, or is to be told later."""
        await self._session.add(_ADD, _TOLD.params(told))

    async def recent(
        self, reader_ids: Collection[str], *, since: datetime
    ) -> Mapping[str, RecentMails]:
        """Return, by reader, how many mails he got since an instant."""
        readers = sorted(reader_ids)
        told, folded = await self._session.fetch_batch(
            (_RECENTLY_TOLD, {"readers": readers, "since": since}), (_FOLDED, {"readers": readers})
        )
        until = {row[0]: row[1] for row in folded}
        counts = {row[0]: int(row[1]) for row in told}
        return {one: RecentMails(counts.get(one, 0), until.get(one)) for one in readers}

    async def waiting(self, reader_id: str, *, at: datetime) -> tuple[ToldNews, ...]:
        """Return all that waits for a reader if any of it is due at `at`, oldest first, locked."""
        rows = await self._session.fetch_all(_WAITING, reader=reader_id)
        found = tuple(_TOLD.read(row) for row in rows)
        is_due = any(one.due_at is not None and one.due_at <= at for one in found)
        return found if is_due else ()

    async def mark_told(
        self, ids: Collection[NotificationId], *, at: datetime, outbox_key: str | None
    ) -> None:
        """Record that a mail tells these."""
        await self._session.write(_MARK_TOLD, ids=sorted(ids), new_told_at=at, new_key=outbox_key)

    async def put_off(self, reader_id: str, *, at: datetime, until: datetime) -> None:
        """Let what is due for a reader at `at` wait until another instant."""
        await self._session.write(_PUT_OFF, of_reader=reader_id, due=at, new_due_at=until)

    async def heads(self, ticket_ids: Collection[TicketId]) -> Mapping[TicketId, TicketHead]:
        """Return what a digest says of these tickets."""
        rows = await self._session.fetch_all(_READ_HEADS, tickets=sorted(ticket_ids))
        found = (_HEADS.read(row) for row in rows)
        return {head.id: head for head in found}

    async def preferences(self, reader_ids: Collection[str]) -> Preferences:
        """Return what these readers chose, by reader and topic."""
        rows = await self._session.fetch_all(_PREFERENCES, readers=sorted(reader_ids))
        found = (_preference(row) for row in rows)
        return {(str(one.reader.id), one.topic): one for one in found}

    async def followers(self, client_id: ClientId) -> tuple[ContactId, ...]:
        """Return who of a client wants to hear of the requests of the others."""
        rows = await self._session.fetch_all(_FOLLOWERS, client=client_id)
        return tuple(ContactId(row[0]) for row in rows)

    async def set_preference(self, preference: Preference) -> None:
        """Write what a reader chose about a topic."""
        await self._session.write(
            _SET_PREFERENCE,
            reader_kind=preference.reader.kind.value,
            reader_id=preference.reader.id,
            topic=preference.topic.value,
            delivery=preference.delivery.value,
            set_at=preference.set_at,
            set_by=preference.set_by,
            way=preference.way.value,
        )


def _preference(row: Row) -> Preference:
    kind, reader_id, topic, delivery, set_at, set_by, way = row
    reader_kind = ReaderKind(kind)
    is_agent = reader_kind is ReaderKind.AGENT
    return Preference(
        Reader(reader_kind, AgentId(reader_id) if is_agent else ContactId(reader_id)),
        NotificationTopic(topic),
        Delivery(delivery),
        set_at,
        set_by,
        PreferenceWay(way),
    )


class SqlNotificationQueue:
    """NotificationQueue on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due_news(self, *, at: datetime, limit: int) -> tuple[tuple[AgencyId, NewsId], ...]:
        """Return news to tell, oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.fetch_all(_DUE_NEWS, at=at, limit=limit)
        return tuple((AgencyId(row[0]), NewsId(row[1])) for row in rows)

    async def due_digests(self, *, at: datetime, limit: int) -> tuple[tuple[AgencyId, str], ...]:
        """Return the readers for whom something waits that is due."""
        async with self._database.reading() as connection:
            rows = await connection.fetch_all(_DUE_DIGESTS, at=at, limit=limit)
        return tuple((AgencyId(row[0]), str(row[1])) for row in rows)
