"""What was done on a site and seen there."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class SiteRecordRow(Row, table=True):
    """One fact about a site: appended, never changed; a later one may stand instead of it."""

    __tablename__ = "helpdesk_site_record"
    __table_args__ = (
        belongs_to("site_id", "site"),
        belongs_to("corrects", "site_record"),
        Index("ix_helpdesk_site_record_site", "agency_id", "site_id", "kind", "at", "id"),
        Index("ix_helpdesk_site_record_corrects", "agency_id", "corrects"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    site_id: str = Field(sa_type=Id)
    kind: str
    at: datetime = Field(sa_type=Instant)
    document: dict[str, Any] = Field(sa_type=Json)  # the document of site_documents.py
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    corrects: str | None = Field(default=None, sa_type=Id)


SITE_RECORD = table_of(SiteRecordRow)
