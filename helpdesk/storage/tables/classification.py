"""What requests were taken for, what was excluded and why, and changes made by others."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class ClassificationRow(Row, table=True):
    """What a ticket was taken for at one moment; each step adds one, the latest is marked."""

    __tablename__ = "helpdesk_classification"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        Index(
            "ix_helpdesk_classification_latest",
            "agency_id",
            "ticket_id",
            unique=True,
            sqlite_where=text("is_latest"),
            postgresql_where=text("is_latest"),
        ),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(primary_key=True, sa_type=Id)
    sequence: int = Field(primary_key=True)
    is_latest: bool
    state: str
    nature: str
    coverage: str
    funding: str
    rule: str
    why: str
    exclusion: str | None = None
    estimate_minutes: int | None = None
    client_agrees_run: bool
    is_regression: bool
    plan_code: str | None = None
    rules_say: dict[str, Any] = Field(sa_type=Json)  # the document of classification_documents
    proposed_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    proposed_at: datetime = Field(sa_type=Instant)
    is_decided: bool
    decided_by: dict[str, Any] | None = Field(default=None, sa_type=Json)  # likewise
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decision_reason: str | None = None
    disputed_by: dict[str, Any] | None = Field(default=None, sa_type=Json)  # likewise
    disputed_at: datetime | None = Field(default=None, sa_type=Instant)
    dispute_reason: str | None = None


class InterventionRow(Row, table=True):
    """A change that somebody else made, or is about to make, on what the agency maintains."""

    __tablename__ = "helpdesk_intervention"
    __table_args__ = (
        belongs_to("client_id", "client"),
        belongs_to("site_id", "site"),
        Index("ix_helpdesk_intervention_client", "agency_id", "client_id", "at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    client_id: str = Field(sa_type=Id)
    site_id: str | None = Field(default=None, sa_type=Id)
    what: str
    at: datetime = Field(sa_type=Instant)
    by: str
    is_declared: bool
    detected_by: str | None = None
    recorded_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    recorded_at: datetime = Field(sa_type=Instant)
    validated_by: str | None = None
    validated_at: datetime | None = Field(default=None, sa_type=Instant)


class ExclusionRow(Row, table=True):
    """A cause outside maintenance with what shows it; lifted at most once, never removed."""

    __tablename__ = "helpdesk_exclusion"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        belongs_to("intervention_id", "intervention"),
        Index("ix_helpdesk_exclusion_ticket", "agency_id", "ticket_id", "recorded_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(sa_type=Id)
    intervention_id: str | None = Field(default=None, sa_type=Id)
    cause: str
    explanation: str
    began_at: datetime = Field(sa_type=Instant)
    recorded_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    recorded_at: datetime = Field(sa_type=Instant)
    evidence: list[dict[str, Any]] = Field(sa_type=Json)  # kind, reference and instant of each
    lifted_by: dict[str, Any] | None = Field(default=None, sa_type=Json)  # an actor
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)
    lift_reason: str | None = None


class AutomaticRulesRow(Row, table=True):
    """Which rules an agency marked as automatic; each time adds one, and the last one counts."""

    __tablename__ = "helpdesk_automatic_rules"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    number: int = Field(primary_key=True)
    rules: list[str] = Field(sa_type=Json)
    set_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    set_at: datetime = Field(sa_type=Instant)


CLASSIFICATION = table_of(ClassificationRow)
INTERVENTION = table_of(InterventionRow)
EXCLUSION = table_of(ExclusionRow)
AUTOMATIC_RULES = table_of(AutomaticRulesRow)
