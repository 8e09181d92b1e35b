"""Incidents with what was said of them, announced maintenance, and who watched a site."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class IncidentRow(Row, table=True):
    """An incident as it stands: the outcome of its facts."""

    __tablename__ = "helpdesk_incident"
    __table_args__ = (
        belongs_to("site_id", "site"),
        belongs_to("ticket_id", "ticket"),
        UniqueConstraint("agency_id", "source", "external_key"),
        Index("ix_helpdesk_incident_site", "agency_id", "site_id", "began_at", "id"),
        Index("ix_helpdesk_incident_latest", "agency_id", "began_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    site_id: str = Field(sa_type=Id)
    source: str
    began_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str
    title: str
    external_key: str | None = None
    ticket_id: str | None = Field(default=None, sa_type=Id)
    is_outage: bool
    is_withdrawn: bool
    sequence: int


class IncidentFactRow(Row, table=True):
    """One statement about an incident: appended, never changed."""

    __tablename__ = "helpdesk_incident_fact"
    __table_args__ = (belongs_to("incident_id", "incident"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    incident_id: str = Field(primary_key=True, sa_type=Id)
    sequence: int = Field(primary_key=True)
    kind: str
    at: datetime = Field(sa_type=Instant)
    began_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str
    actor: dict[str, Any] = Field(sa_type=Json)  # an actor
    explanation: str


class MaintenanceRow(Row, table=True):
    """Planned work that was announced; cancelled at most once, never removed."""

    __tablename__ = "helpdesk_maintenance"
    __table_args__ = (
        belongs_to("site_id", "site"),
        Index("ix_helpdesk_maintenance_site", "agency_id", "site_id", "starts_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    site_id: str = Field(sa_type=Id)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    what: str
    announced_at: datetime = Field(sa_type=Instant)
    announced_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_by: dict[str, Any] | None = Field(default=None, sa_type=Json)  # likewise


class ProbeWatchRow(Row, table=True):
    """When a probe watched a site, or failed to; an open one is ended once."""

    __tablename__ = "helpdesk_probe_watch"
    __table_args__ = (
        belongs_to("site_id", "site"),
        Index("ix_helpdesk_probe_watch_site", "agency_id", "site_id", "began_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    site_id: str = Field(sa_type=Id)
    source: str
    began_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    is_gap: bool
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: dict[str, Any] = Field(sa_type=Json)  # an actor


INCIDENT = table_of(IncidentRow)
INCIDENT_FACT = table_of(IncidentFactRow)
MAINTENANCE = table_of(MaintenanceRow)
PROBE_WATCH = table_of(ProbeWatchRow)
