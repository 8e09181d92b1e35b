"""Doors for monitoring tools, and every call that came in by one."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class MonitoringHookRow(Row, table=True):
    """A door for one tool; its secret proves who calls."""

    __tablename__ = "helpdesk_monitoring_hook"
    __table_args__ = (belongs_to("site_id", "site"), UniqueConstraint("id"))

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    name: str
    tool: str
    secret: str
    created_at: datetime = Field(sa_type=Instant)
    site_id: str | None = Field(default=None, sa_type=Id)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class MonitoringSignalRow(Row, table=True):
    """A call as it was received, and what became of it."""

    __tablename__ = "helpdesk_monitoring_signal"
    __table_args__ = (
        belongs_to("hook_id", "monitoring_hook"),
        UniqueConstraint("agency_id", "hook_id", "call_id"),
        Index(
            "ix_helpdesk_monitoring_signal_state",
            "agency_id",
            "hook_id",
            "state",
            "received_at",
            "id",
        ),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    hook_id: str = Field(sa_type=Id)
    call_id: str
    proof: str
    body: str
    topic: str
    received_at: datetime = Field(sa_type=Instant)
    state: str
    outcome: str


MONITORING_HOOK = table_of(MonitoringHookRow)
MONITORING_SIGNAL = table_of(MonitoringSignalRow)
