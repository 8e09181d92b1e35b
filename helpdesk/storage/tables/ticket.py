"""Tickets: the facts (events, messages) and what is kept of them to sort and filter by."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class TicketRow(Row, table=True):
    """What the history of a ticket amounts to now; `helpdesk doctor` can rebuild it."""

    __tablename__ = "helpdesk_ticket"
    __table_args__ = (
        belongs_to("client_id", "client"),
        belongs_to("requester_id", "contact"),
        belongs_to("site_id", "site"),
        belongs_to("contract_id", "contract"),
        belongs_to("assignee_id", "agent"),
        belongs_to("team_id", "team"),
        belongs_to("batch_id", "batch"),
        UniqueConstraint("agency_id", "number"),
        Index("ix_helpdesk_ticket_opened", "agency_id", "opened_at", "id"),
        Index("ix_helpdesk_ticket_client", "agency_id", "client_id", "opened_at", "id"),
        Index("ix_helpdesk_ticket_status", "agency_id", "status", "opened_at", "id"),
        Index("ix_helpdesk_ticket_assignee", "agency_id", "assignee_id", "opened_at", "id"),
        Index("ix_helpdesk_ticket_priority", "agency_id", "priority", "opened_at", "id"),
        Index("ix_helpdesk_ticket_deadline", "agency_id", "next_deadline_at", "id"),
        Index("ix_helpdesk_ticket_updated", "agency_id", "updated_at", "id"),
        Index("ix_helpdesk_ticket_batch", "agency_id", "batch_id", "id"),
        Index("ix_helpdesk_ticket_contract", "agency_id", "contract_id", "id"),
        Index("ix_helpdesk_ticket_contract_updated", "agency_id", "contract_id", "updated_at"),
        Index(
            "ix_helpdesk_ticket_postponed",
            "agency_id",
            "contract_id",
            "postponed_to",
            sqlite_where=text("postponed_to IS NOT NULL"),
            postgresql_where=text("postponed_to IS NOT NULL"),
        ),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    number: str
    client_id: str = Field(sa_type=Id)
    requester_id: str | None = Field(default=None, sa_type=Id)
    site_id: str | None = Field(default=None, sa_type=Id)
    contract_id: str | None = Field(default=None, sa_type=Id)
    subject: str
    description: str
    channel: str
    kind: str
    impact: str
    urgency: str
    priority: str
    criticality: str
    status: str
    waiting_on: str | None = None
    priority_reason: str | None = None
    security_sign: str | None = None
    triaged_at: datetime | None = Field(default=None, sa_type=Instant)
    assignee_id: str | None = Field(default=None, sa_type=Id)
    team_id: str | None = Field(default=None, sa_type=Id)
    opened_at: datetime = Field(sa_type=Instant)
    first_responded_at: datetime | None = Field(default=None, sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    merged_into_id: str | None = Field(default=None, sa_type=Id)
    batch_id: str | None = Field(default=None, sa_type=Id)
    postponed_to: datetime | None = Field(default=None, sa_type=Instant)
    is_requester_unconfirmed: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )
    version: int
    updated_at: datetime = Field(sa_type=Instant)
    next_deadline_at: datetime | None = Field(default=None, sa_type=Instant)
    breached_at: datetime | None = Field(default=None, sa_type=Instant)


class TicketEventRow(Row, table=True):
    """A fact of a ticket's history: appended, never changed."""

    __tablename__ = "helpdesk_ticket_event"
    __table_args__ = (belongs_to("ticket_id", "ticket"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(primary_key=True, sa_type=Id)
    sequence: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    kind: str
    actor_kind: str
    actor_name: str
    agent_id: str | None = Field(default=None, sa_type=Id)
    contact_id: str | None = Field(default=None, sa_type=Id)
    before: dict[str, Any] = Field(sa_type=Json)  # field name -> text or null
    after: dict[str, Any] = Field(sa_type=Json)  # field name -> text or null
    reason: str | None = None
    message_id: str | None = Field(default=None, sa_type=Id)
    related_ticket_id: str | None = Field(default=None, sa_type=Id)


class MessageRow(Row, table=True):
    """What was said on a ticket: a public message or an internal note."""

    __tablename__ = "helpdesk_message"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        Index("ix_helpdesk_message_ticket", "agency_id", "ticket_id", "sent_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(sa_type=Id)
    sent_at: datetime = Field(sa_type=Instant)
    author_kind: str
    author_name: str
    agent_id: str | None = Field(default=None, sa_type=Id)
    contact_id: str | None = Field(default=None, sa_type=Id)
    channel: str
    is_internal: bool
    is_automatic: bool
    body: str
    whole_text: str | None = None
    html: str | None = None
    doubt: str | None = None
    written_at: datetime | None = Field(default=None, sa_type=Instant)


class AttachmentRow(Row, table=True):
    """A file of a message; its bytes are kept once by content."""

    __tablename__ = "helpdesk_attachment"
    __table_args__ = (
        belongs_to("message_id", "message"),
        Index("ix_helpdesk_attachment_message", "agency_id", "message_id", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    message_id: str = Field(sa_type=Id)
    filename: str
    content_type: str
    size: int
    sha256: str
    is_inline: bool
    content_id: str | None = None


class BlobRow(Row, table=True):
    """Bytes by their content: the raw mails and the attachments, in the same transaction."""

    __tablename__ = "helpdesk_blob"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    sha256: str = Field(primary_key=True)
    content: bytes


class TicketLinkRow(Row, table=True):
    """That two tickets relate; kept once, from the ticket that says so."""

    __tablename__ = "helpdesk_ticket_link"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        belongs_to("other_id", "ticket"),
        Index("ix_helpdesk_ticket_link_other", "agency_id", "other_id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str = Field(primary_key=True, sa_type=Id)
    other_id: str = Field(primary_key=True, sa_type=Id)
    kind: str
    linked_at: datetime = Field(sa_type=Instant)


TICKET = table_of(TicketRow)
TICKET_EVENT = table_of(TicketEventRow)
MESSAGE = table_of(MessageRow)
ATTACHMENT = table_of(AttachmentRow)
BLOB = table_of(BlobRow)
TICKET_LINK = table_of(TicketLinkRow)
