"""What use-cases need of the memory of who is told what, as protocols."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

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
from helpdesk.domain.notification import (
    Delivery,
    NotificationTopic,
    ReaderKind,
    delivery_of,
)
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.domain.unsubscribe import Reader


class PreferenceWay(StrEnum):
    """How a reader's choice came about."""

    API = "API"
    LINK = "LINK"
    MAIL = "MAIL"


@dataclass(frozen=True, slots=True)
class Preference:
    """When a reader is told about a topic, who said so, when, and by which way."""

    reader: Reader
    topic: NotificationTopic
    delivery: Delivery
    set_at: datetime
    set_by: str
    way: PreferenceWay


Preferences: TypeAlias = Mapping[tuple[str, NotificationTopic], Preference]
"""What readers chose, by reader and topic; what nobody chose is not there."""


def told_when(
    chosen: Preferences, reader_id: str, topic: NotificationTopic, *, is_critical: bool = False
) -> Delivery:
    """Return when a reader is told about a topic, by what he chose or else by default."""
    choice = chosen.get((reader_id, topic))
    said = None if choice is None else choice.delivery
    return delivery_of(topic, said, is_critical=is_critical)


@dataclass(frozen=True, slots=True)
class ToldNews:
    """What one reader is told: with `due_at` it waits for a mail of many, else he was told.

    `outbox_key` names the mail. `is_folded` when it waits because of a flood.
    """

    id: NotificationId
    agency_id: AgencyId
    reader_kind: ReaderKind
    reader_id: AgentId | ContactId
    kind: NotificationKind
    topic: NotificationTopic
    at: datetime
    actor_name: str
    ticket_id: TicketId | None = None
    detail: str | None = None
    is_folded: bool = False
    due_at: datetime | None = None
    told_at: datetime | None = None
    outbox_key: str | None = None


@dataclass(frozen=True, slots=True)
class TicketHead:
    """What a digest says of a ticket, and whose it is."""

    id: TicketId
    number: str
    subject: str
    priority: str
    status: str
    client_id: ClientId


class NotificationRecords(Protocol):
    """News to tell, what each reader was told, and what he chose."""

    async def add_news(self, news: News) -> None:
        """Keep news until everybody was told."""
        ...

    async def news(self, news_id: NewsId) -> News | None:
        """Return news that are still to be told, locked until the transaction ends."""
        ...

    async def forget_news(self, news_id: NewsId) -> None:
        """Forget news that everybody was told of."""
        ...

    async def forget_news_before(self, at: datetime) -> None:
        """Forget what happened before an instant, for who plays the past: nobody waits for it."""
        ...

    async def postpone_news(self, news: News) -> None:
        """Write when news are tried again, and what went wrong."""
        ...

    async def add(self, told: ToldNews) -> None:
        """Keep what a reader was told, or is to be told later."""
        ...

    async def recent(
        self, reader_ids: Collection[str], *, since: datetime
    ) -> Mapping[str, RecentMails]:
        """Return, by reader, how many mails of their own news he got since an instant."""
        ...

    async def waiting(self, reader_id: str, *, at: datetime) -> tuple[ToldNews, ...]:
        """Return all that waits for a reader if any of it is due at `at`, oldest first, locked."""
        ...

    async def mark_told(
        self, ids: Collection[NotificationId], *, at: datetime, outbox_key: str | None
    ) -> None:
        """Record that a mail tells these; without a key there was no longer anything to tell."""
        ...

    async def put_off(self, reader_id: str, *, at: datetime, until: datetime) -> None:
        """Let what is due for a reader at `at` wait until another instant."""
        ...

    async def heads(self, ticket_ids: Collection[TicketId]) -> Mapping[TicketId, TicketHead]:
        """Return what a digest says of these tickets."""
        ...

    async def preferences(self, reader_ids: Collection[str]) -> Preferences:
        """Return what these readers chose, by reader and topic."""
        ...

    async def followers(self, client_id: ClientId) -> tuple[ContactId, ...]:
        """Return who of a client wants to hear of the requests of the others."""
        ...

    async def set_preference(self, preference: Preference) -> None:
        """Write what a reader chose about a topic, in the place of what he had said before."""
        ...


class NotificationQueue(Protocol):
    """What the worker has to tell, across agencies."""

    async def due_news(self, *, at: datetime, limit: int) -> tuple[tuple[AgencyId, NewsId], ...]:
        """Return news to tell, oldest first."""
        ...

    async def due_digests(self, *, at: datetime, limit: int) -> tuple[tuple[AgencyId, str], ...]:
        """Return the readers for whom something waits that is due."""
        ...
