"""The work log: minutes that somebody worked, kept for ever, and the timers that run."""

from datetime import datetime

from sqlalchemy import Index, false
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class WorkEntryRow(Row, table=True):
    """Minutes on a ticket: appended, never changed; the database itself refuses.

    `charged_to` names the unit of the forfait that they count against, none when they are free;
    `follows_funding` says that nobody chose it.
    """

    __tablename__ = "helpdesk_work_entry"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        Index("ix_helpdesk_work_entry_started", "agency_id", "started_at"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(primary_key=True, sa_type=Id)
    number: int = Field(primary_key=True)
    actor_kind: str
    actor_name: str
    agent_id: str | None = Field(default=None, sa_type=Id)
    contact_id: str | None = Field(default=None, sa_type=Id)
    started_at: datetime = Field(sa_type=Instant)
    minutes: int
    written_at: datetime = Field(sa_type=Instant)
    note: str
    corrects: int | None = None
    reason: str
    charged_to: str | None = None
    follows_funding: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class TimerRow(Row, table=True):
    """The timer of an agent while it runs; he has one at most."""

    __tablename__ = "helpdesk_timer"
    __table_args__ = (belongs_to("agent_id", "agent"), belongs_to("ticket_id", "ticket"))

    agency_id: str = Field(primary_key=True, sa_type=Id)
    agent_id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(sa_type=Id)
    started_at: datetime = Field(sa_type=Instant)


WORK_ENTRY = table_of(WorkEntryRow)
TIMER = table_of(TimerRow)
