"""Corrections of the past: who corrected what, why, and which deadlines it moved."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, table_of


class CorrectionRow(Row, table=True):
    """A correction that was carried out; appended, never changed."""

    __tablename__ = "helpdesk_correction"
    __table_args__ = (Index("ix_helpdesk_correction_at", "agency_id", "at", "id"),)

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    kind: str
    subject_id: str = Field(sa_type=Id)
    at: datetime = Field(sa_type=Instant)
    actor_kind: str
    actor_name: str
    agent_id: str | None = Field(default=None, sa_type=Id)
    reason: str
    detail: dict[str, Any] = Field(sa_type=Json)  # what was corrected, before and after
    moves: list[Any] = Field(sa_type=Json)  # a document for each clock that it moved


CORRECTION = table_of(CorrectionRow)
