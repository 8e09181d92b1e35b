"""What is known of sites and how contracts are cared for: sheets, audits, signals, routines."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class SiteSheetRow(Row, table=True):
    """A version of what is known of a site; never edited, a new one is added."""

    __tablename__ = "helpdesk_site_sheet"
    __table_args__ = (belongs_to("site_id", "site"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    site_id: str = Field(primary_key=True, sa_type=Id)
    version: int = Field(primary_key=True)
    document: dict[str, Any] = Field(sa_type=Json)  # the document of diagnostic_documents
    at: datetime = Field(sa_type=Instant)
    by: dict[str, Any] = Field(sa_type=Json)  # an actor


class AuditRow(Row, table=True):
    """An audit of a site by a version of the checklist, with the verdict of its last day."""

    __tablename__ = "helpdesk_audit"
    __table_args__ = (
        belongs_to("client_id", "client"),
        belongs_to("site_id", "site"),
        Index("ix_helpdesk_audit_site", "agency_id", "site_id", "started_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    client_id: str = Field(sa_type=Id)
    site_id: str = Field(sa_type=Id)
    kind: str
    checklist: dict[str, Any] = Field(sa_type=Json)  # the points as they were
    started_on: date
    started_at: datetime = Field(sa_type=Instant)
    started_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    completed_on: date | None = None
    completed_at: datetime | None = Field(default=None, sa_type=Instant)
    completed_by: dict[str, Any] | None = Field(default=None, sa_type=Json)  # likewise
    answers_at_completion: int = 0
    verdict: dict[str, Any] | None = Field(default=None, sa_type=Json)  # the failing points


class AuditAnswerRow(Row, table=True):
    """What was said of a point; a later answer is added, none is changed."""

    __tablename__ = "helpdesk_audit_answer"
    __table_args__ = (belongs_to("audit_id", "audit"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    audit_id: str = Field(primary_key=True, sa_type=Id)
    sequence: int = Field(primary_key=True)
    point: str
    status: str
    on: date
    expires_on: date
    at: datetime = Field(sa_type=Instant)
    by: dict[str, Any] = Field(sa_type=Json)  # an actor
    evidence: str
    reason: str
    is_derived: bool


class WarningSignalRow(Row, table=True):
    """One time that a signal was up at a site; it is cleared at most once, never removed."""

    __tablename__ = "helpdesk_warning_signal"
    __table_args__ = (
        belongs_to("site_id", "site"),
        Index(
            "ix_helpdesk_warning_signal_up",
            "agency_id",
            "site_id",
            "signal",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
        Index("ix_helpdesk_warning_signal_site", "agency_id", "site_id", "raised_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    site_id: str = Field(sa_type=Id)
    signal: str
    is_derived: bool
    is_against_data: bool
    raised_on: date
    raised_at: datetime = Field(sa_type=Instant)
    raised_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    raised_evidence: str
    cleared_on: date | None = None
    cleared_at: datetime | None = Field(default=None, sa_type=Instant)
    cleared_by: dict[str, Any] | None = Field(default=None, sa_type=Json)  # likewise
    cleared_evidence: str | None = None


class AuditCallRow(Row, table=True):
    """One time that three signals together called for an audit, and the task that was opened."""

    __tablename__ = "helpdesk_audit_call"
    __table_args__ = (
        belongs_to("site_id", "site"),
        belongs_to("ticket_id", "ticket"),
        Index(
            "ix_helpdesk_audit_call_standing",
            "agency_id",
            "site_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    site_id: str = Field(primary_key=True, sa_type=Id)
    began_at: datetime = Field(primary_key=True, sa_type=Instant)
    began_on: date
    ticket_id: str = Field(sa_type=Id)
    ended_on: date | None = None


class RoutineRunRow(Row, table=True):
    """A routine of a contract in a month, and the ticket that it opened: one for ever."""

    __tablename__ = "helpdesk_routine_run"
    __table_args__ = (belongs_to("contract_id", "contract"), belongs_to("ticket_id", "ticket"))

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    month: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    opens_on: date
    due_on: date
    ticket_id: str = Field(sa_type=Id)
    opened_at: datetime = Field(sa_type=Instant)


class ReviewRhythmRow(Row, table=True):
    """A version of how often a contract is reviewed with its client."""

    __tablename__ = "helpdesk_review_rhythm"
    __table_args__ = (belongs_to("contract_id", "contract"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    version: int = Field(primary_key=True)
    every_months: int
    at: datetime = Field(sa_type=Instant)
    by: dict[str, Any] = Field(sa_type=Json)  # an actor


class ReviewMeetingRow(Row, table=True):
    """A review that was held with a client."""

    __tablename__ = "helpdesk_review_meeting"
    __table_args__ = (belongs_to("contract_id", "contract"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    sequence: int = Field(primary_key=True)
    held_on: date
    attendees: str
    minutes: str
    at: datetime = Field(sa_type=Instant)
    by: dict[str, Any] = Field(sa_type=Json)  # an actor


class EmergencyProcedureRow(Row, table=True):
    """A version of what is done under a contract when everything is down."""

    __tablename__ = "helpdesk_emergency_procedure"
    __table_args__ = (belongs_to("contract_id", "contract"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    version: int = Field(primary_key=True)
    document: dict[str, Any] = Field(sa_type=Json)  # the document of diagnostic_documents
    at: datetime = Field(sa_type=Instant)
    by: dict[str, Any] = Field(sa_type=Json)  # an actor


SITE_SHEET = table_of(SiteSheetRow)
AUDIT = table_of(AuditRow)
AUDIT_ANSWER = table_of(AuditAnswerRow)
WARNING_SIGNAL = table_of(WarningSignalRow)
AUDIT_CALL = table_of(AuditCallRow)
ROUTINE_RUN = table_of(RoutineRunRow)
REVIEW_RHYTHM = table_of(ReviewRhythmRow)
REVIEW_MEETING = table_of(ReviewMeetingRow)
EMERGENCY_PROCEDURE = table_of(EmergencyProcedureRow)
