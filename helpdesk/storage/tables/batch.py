"""Batches: the tickets that are delivered together ("prochain lot")."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class BatchRow(Row, table=True):
    """A batch of a client; its opening starts the delivery clocks of its tickets."""

    __tablename__ = "helpdesk_batch"
    __table_args__ = (
        belongs_to("client_id", "client"),
        UniqueConstraint("agency_id", "number"),
        Index("ix_helpdesk_batch_client", "agency_id", "client_id", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    number: str
    client_id: str = Field(sa_type=Id)
    name: str
    status: str
    planned_on: date | None = None
    created_at: datetime = Field(sa_type=Instant)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


BATCH = table_of(BatchRow)
