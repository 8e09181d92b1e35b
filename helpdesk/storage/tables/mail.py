"""The mail door's rows: what came in, which message ids belong to which ticket, what goes out."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import IS_TO_SEND, Row, belongs_to, table_of

IS_WAITING = "state IN ('STORED', 'FAILED')"
"""Which messages wait to be understood, in the words of the index that finds them."""


class InboundMailRow(Row, table=True):
    """A message that was handed to us, its envelope and what became of it."""

    __tablename__ = "helpdesk_inbound_mail"
    __table_args__ = (
        UniqueConstraint("agency_id", "mailbox", "content_hash"),
        Index("ix_helpdesk_inbound_mail_state", "agency_id", "state", "received_at", "id"),
        Index("ix_helpdesk_inbound_mail_received", "agency_id", "received_at", "id"),
        Index("ix_helpdesk_inbound_mail_meaning", "agency_id", "mailbox", "meaning_hash"),
        Index("ix_helpdesk_inbound_mail_author", "agency_id", "from_addr", "received_at"),
        Index(
            "ix_helpdesk_inbound_mail_waiting",
            "received_at",
            "id",
            sqlite_where=text(IS_WAITING),
            postgresql_where=text(IS_WAITING),
        ),
        Index("ix_helpdesk_inbound_mail_transport", "agency_id", "transport", "received_at"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    mailbox: str
    transport: str
    envelope_from: str
    envelope_to: list[str] = Field(sa_type=Json)
    received_at: datetime = Field(sa_type=Instant)
    raw_sha256: str
    content_hash: str
    size: int
    state: str
    reason: str | None = None
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error: str | None = None
    subject: str | None = None
    from_addr: str | None = None
    meaning_hash: str | None = None
    ticket_id: str | None = Field(default=None, sa_type=Id)
    processed_at: datetime | None = Field(default=None, sa_type=Instant)
    auth_outcome: str | None = None
    auth_method: str | None = None
    auth_domain: str | None = None
    auth_server: str | None = None
    peer: str | None = None
    settled_by: str | None = None
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    claimed_by: str | None = None
    crashes: int = 0


class SenderRuleRow(Row, table=True):
    """A sender whose mails are set aside, an address or `@domain`, until somebody lifts it."""

    __tablename__ = "helpdesk_sender_rule"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    sender: str = Field(primary_key=True)
    blocked_at: datetime = Field(sa_type=Instant)
    blocked_by: str
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)
    lifted_by: str | None = None


class MailKeyRow(Row, table=True):
    """A key that an agency signs the tokens of its mails with."""

    __tablename__ = "helpdesk_mail_key"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    number: int = Field(primary_key=True)
    secret: str
    made_at: datetime = Field(sa_type=Instant)
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


class MailboxRow(Row, table=True):
    """A mailbox on another server and how far it was read."""

    __tablename__ = "helpdesk_mailbox"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    account: str = Field(primary_key=True)
    uid_validity: int = Field(sa_type=BigInteger)
    last_uid: int = Field(sa_type=BigInteger)
    looked_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error: str | None = None
    failing_since: datetime | None = Field(default=None, sa_type=Instant)


class FollowUpRow(Row, table=True):
    """What mails on closed tickets do at an agency; each time adds one, and the last one counts."""

    __tablename__ = "helpdesk_mail_follow_up"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    number: int = Field(primary_key=True)
    rule: str
    reopen_days: int
    set_by: dict[str, Any] = Field(sa_type=Json)  # an actor
    set_at: datetime = Field(sa_type=Instant)


class MailReferenceRow(Row, table=True):
    """A Message-ID, received or sent, and the ticket that it belongs to."""

    __tablename__ = "helpdesk_mail_reference"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        Index("ix_helpdesk_mail_reference_ticket", "agency_id", "ticket_id", "added_at"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    message_id: str = Field(primary_key=True)
    ticket_id: str = Field(sa_type=Id)
    added_at: datetime = Field(sa_type=Instant)


class OutboxMailRow(Row, table=True):
    """A mail promised by a transaction and not sent yet, or sent since."""

    __tablename__ = "helpdesk_outbox_mail"
    __table_args__ = (
        belongs_to("ticket_id", "ticket"),
        UniqueConstraint("agency_id", "idempotency_key"),
        Index(
            "ix_helpdesk_outbox_mail_to_send",
            "send_after",
            "id",
            sqlite_where=text(IS_TO_SEND),
            postgresql_where=text(IS_TO_SEND),
        ),
        Index("ix_helpdesk_outbox_mail_created", "agency_id", "created_at", "id"),
        Index("ix_helpdesk_outbox_mail_state", "agency_id", "state", "created_at", "id"),
        Index("ix_helpdesk_outbox_mail_recipient", "agency_id", "recipient", "created_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    ticket_id: str | None = Field(default=None, sa_type=Id)
    idempotency_key: str
    document: dict[str, Any] = Field(sa_type=Json)  # the document of storage/documents.py
    state: str
    created_at: datetime = Field(sa_type=Instant)
    send_after: datetime = Field(sa_type=Instant)
    attempts: int = 0
    last_error: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    recipient: str | None = None
    subject: str | None = None
    discarded_at: datetime | None = Field(default=None, sa_type=Instant)
    discarded_by: str | None = None
    bounced_at: datetime | None = Field(default=None, sa_type=Instant)
    bounce_status: str | None = None
    bounce_text: str | None = None


INBOUND_MAIL = table_of(InboundMailRow)
SENDER_RULE = table_of(SenderRuleRow)
MAIL_KEY = table_of(MailKeyRow)
MAILBOX = table_of(MailboxRow)
FOLLOW_UP = table_of(FollowUpRow)
MAIL_REFERENCE = table_of(MailReferenceRow)
OUTBOX_MAIL = table_of(OutboxMailRow)
