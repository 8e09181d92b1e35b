"""Clocks as reduced from the facts, and what they set off: each step of a ladder fires once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class SlaClockRow(Row, table=True):
    """A clock as reduced from the facts: rewritten with them, in the same transaction.

    `steps` are what it may still set off, `next_at` the first instant at which the worker has to
    look at it; None when nothing is left.
    """

    __tablename__ = "helpdesk_sla_clock"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        Index(
            "ix_helpdesk_sla_clock_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_helpdesk_sla_clock_stopped", "agency_id", "stopped_at"),
        Index("ix_helpdesk_sla_clock_breached", "agency_id", "breached_at"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(primary_key=True, sa_type=Id)
    metric: str = Field(primary_key=True)
    cycle: int = Field(primary_key=True)
    target: dict[str, Any] = Field(sa_type=Json)  # the document of storage/documents.py
    calendar_id: str | None = Field(default=None, sa_type=Id)
    calendar_version: int | None = None
    terms_version: int
    allowance_seconds: int | None = None
    counted_seconds: int
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    paused_since: datetime | None = Field(default=None, sa_type=Instant)
    running_since: datetime | None = Field(default=None, sa_type=Instant)
    deadline_at: datetime | None = Field(default=None, sa_type=Instant)
    breached_at: datetime | None = Field(default=None, sa_type=Instant)
    at_risk_at: datetime | None = Field(default=None, sa_type=Instant)
    postponed_to: datetime | None = Field(default=None, sa_type=Instant)
    earlier_results: list[Any] = Field(sa_type=Json)  # [stopped at, counted seconds, is met]
    steps: list[Any] = Field(sa_type=Json)  # [step, level, instant in UTC], soonest first
    next_at: datetime | None = Field(default=None, sa_type=Instant)


class SlaFiringRow(Row, table=True):
    """That a step of a clock's ladder, or its breach, came: one for ever, by its key.

    `due_at` is the true instant, `fired_at` when the worker saw it. `act_at` is when its actions
    are to be carried out or tried again; None once that is done, or when there is nothing to do.
    """

    __tablename__ = "helpdesk_sla_firing"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        Index(
            "ix_helpdesk_sla_firing_act",
            "act_at",
            sqlite_where=text("act_at IS NOT NULL"),
            postgresql_where=text("act_at IS NOT NULL"),
        ),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(primary_key=True, sa_type=Id)
    metric: str = Field(primary_key=True)
    cycle: int = Field(primary_key=True)
    step: str = Field(primary_key=True)
    level: int
    due_at: datetime = Field(sa_type=Instant)
    fired_at: datetime = Field(sa_type=Instant)
    is_superseded: bool
    act_at: datetime | None = Field(default=None, sa_type=Instant)
    acted_at: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = 0
    last_error: str | None = None
    outcome: list[Any] = Field(sa_type=Json)  # what each action did, in words


SLA_CLOCK = table_of(SlaClockRow)
SLA_FIRING = table_of(SlaFiringRow)
