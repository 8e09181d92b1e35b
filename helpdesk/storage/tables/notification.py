"""What is to be told, who was told of what, and what each reader chose."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class NewsRow(Row, table=True):
    """Something that happened, until everybody was told who wants to hear of it."""

    __tablename__ = "helpdesk_news"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        Index("ix_helpdesk_news_due", "tell_after", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    kinds: list[str] = Field(sa_type=Json)
    at: datetime = Field(sa_type=Instant)
    actor_kind: str
    actor_name: str
    tell_after: datetime = Field(sa_type=Instant)
    agent_id: str | None = Field(default=None, sa_type=Id)
    contact_id: str | None = Field(default=None, sa_type=Id)
    ticket_id: str | None = Field(default=None, sa_type=Id)
    message_id: str | None = Field(default=None, sa_type=Id)
    related_ticket_id: str | None = Field(default=None, sa_type=Id)
    client_id: str | None = Field(default=None, sa_type=Id)
    reason: str | None = None
    detail: str | None = None
    attempts: int = 0
    last_error: str | None = None


class NotificationRow(Row, table=True):
    """What one reader is or was told; without `due_at` he was, by the mail of `outbox_key`."""

    __tablename__ = "helpdesk_notification"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        Index("ix_helpdesk_notification_due", "due_at"),
        Index("ix_helpdesk_notification_reader", "agency_id", "reader_id", "told_at"),
        Index("ix_helpdesk_notification_waiting", "agency_id", "reader_id", "due_at"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    reader_kind: str
    reader_id: str = Field(sa_type=Id)
    kind: str
    topic: str
    at: datetime = Field(sa_type=Instant)
    actor_name: str
    ticket_id: str | None = Field(default=None, sa_type=Id)
    detail: str | None = None
    is_folded: bool = False
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    outbox_key: str | None = None


class NotificationPreferenceRow(Row, table=True):
    """When a reader is told about a topic, who said so, when, and by which way."""

    __tablename__ = "helpdesk_notification_preference"
    __table_args__ = (
        Index("ix_helpdesk_notification_preference_topic", "agency_id", "topic", "delivery"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    reader_id: str = Field(primary_key=True, sa_type=Id)
    topic: str = Field(primary_key=True)
    reader_kind: str
    delivery: str
    set_at: datetime = Field(sa_type=Instant)
    set_by: str
    way: str


NEWS = table_of(NewsRow)
NOTIFICATION = table_of(NotificationRow)
NOTIFICATION_PREFERENCE = table_of(NotificationPreferenceRow)
