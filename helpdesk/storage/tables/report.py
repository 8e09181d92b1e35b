"""Monthly reports: each version with the words of people, and the snapshot that was published."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class ReportRow(Row, table=True):
    """A version of the report of a contract for a month (2026-03).

    `snapshot` is the document of domain/report_snapshot.py and `digest` its SHA-256; both are
    written once, on publication. `is_told` says that the client may read it.
    """

    __tablename__ = "helpdesk_report"
    __table_args__ = (
        belongs_to("contract_id", "contract"),
        belongs_to("client_id", "client"),
        UniqueConstraint("agency_id", "contract_id", "month", "version"),
        Index("ix_helpdesk_report_client", "agency_id", "client_id", "month", "id"),
        Index("ix_helpdesk_report_month", "agency_id", "month", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(sa_type=Id)
    client_id: str = Field(sa_type=Id)
    month: str
    version: int
    locale: str
    level: str
    state: str
    is_told: bool
    reason: str
    summary: list[Any] | None = Field(default=None, sa_type=Json)  # lines; none: as proposed
    message: str
    video_url: str
    created_at: datetime = Field(sa_type=Instant)
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    published_by: str
    snapshot: dict[str, Any] | None = Field(default=None, sa_type=Json)
    digest: str | None = None


REPORT = table_of(ReportRow)
