"""Webhooks: where an agency wants to hear of what happens, and what it was told."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import IS_TO_SEND, Row, belongs_to, table_of


class WebhookRow(Row, table=True):
    """An address that is told of events; the secret signs what it is told."""

    __tablename__ = "helpdesk_webhook"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    name: str
    url: str
    secret: str
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class WebhookDeliveryRow(Row, table=True):
    """A call promised by a transaction and not made yet, or made since."""

    __tablename__ = "helpdesk_webhook_delivery"
    __table_args__ = (
        belongs_to("webhook_id", "webhook"),
        UniqueConstraint("agency_id", "idempotency_key"),
        Index(
            "ix_helpdesk_webhook_delivery_to_send",
            "send_after",
            "id",
            sqlite_where=text(IS_TO_SEND),
            postgresql_where=text(IS_TO_SEND),
        ),
        Index("ix_helpdesk_webhook_delivery_latest", "agency_id", "webhook_id", "created_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    webhook_id: str = Field(sa_type=Id)
    idempotency_key: str
    kind: str
    body: dict[str, Any] = Field(sa_type=Json)  # what is told, as it will be sent
    state: str
    created_at: datetime = Field(sa_type=Instant)
    send_after: datetime = Field(sa_type=Instant)
    attempts: int = 0
    last_error: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


WEBHOOK = table_of(WebhookRow)
WEBHOOK_DELIVERY = table_of(WebhookDeliveryRow)
