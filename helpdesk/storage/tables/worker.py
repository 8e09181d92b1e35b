"""Workers: who works on this database, and how far behind it is."""

from datetime import datetime

from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant
from helpdesk.storage.tables.base import Row, table_of


class WorkerRow(Row, table=True):
    """A worker process by its last sign of life; it works for every agency."""

    __tablename__ = "helpdesk_worker"

    id: str = Field(primary_key=True, sa_type=Id)
    name: str
    started_at: datetime = Field(sa_type=Instant)
    beat_at: datetime = Field(sa_type=Instant)
    lag_seconds: int
    fired: int
    stopped_at: datetime | None = Field(default=None, sa_type=Instant)


WORKER = table_of(WorkerRow)
