"""Quotes: each version with its lines, what was answered, and what it became."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class QuoteRow(Row, table=True):
    """A version of a quote; a revision is another row with the next version of the number."""

    __tablename__ = "helpdesk_quote"
    __table_args__ = (
        belongs_to("client_id", "client"),
        belongs_to("ticket_id", "ticket"),
        belongs_to("contract_id", "contract"),
        UniqueConstraint("agency_id", "number", "version"),
        Index("ix_helpdesk_quote_created", "agency_id", "created_at", "id"),
        Index("ix_helpdesk_quote_client", "agency_id", "client_id", "created_at", "id"),
        Index("ix_helpdesk_quote_ticket", "agency_id", "ticket_id", "created_at", "id"),
        Index(
            "ix_helpdesk_quote_lapsing",
            "agency_id",
            "expires_at",
            "id",
            sqlite_where=text("status = 'SENT'"),
            postgresql_where=text("status = 'SENT'"),
        ),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    number: str
    version: int
    client_id: str = Field(sa_type=Id)
    ticket_id: str | None = Field(default=None, sa_type=Id)
    contract_id: str | None = Field(default=None, sa_type=Id)
    title: str
    zone: str
    currency: str
    validity_days: int
    status: str
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    net_cents: int
    vat_cents: int
    document_hash: str


class QuoteLineRow(Row, table=True):
    """A line of a version; those of a draft are rewritten, those of a sent quote never are."""

    __tablename__ = "helpdesk_quote_line"
    __table_args__ = (belongs_to("quote_id", "quote"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    quote_id: str = Field(primary_key=True, sa_type=Id)
    place: int = Field(primary_key=True)
    description: str
    quantity: int
    unit_cents: int
    vat_rate: int


class QuoteAnswerRow(Row, table=True):
    """What a client answered, once: an acceptance with its evidence, or a refusal with its reason.

    `ip_hash` stands for the address without telling it; `document_hash` is the document read.
    """

    __tablename__ = "helpdesk_quote_answer"
    __table_args__ = (belongs_to("quote_id", "quote"), belongs_to("contact_id", "contact"))

    agency_id: str = Field(primary_key=True, sa_type=Id)
    quote_id: str = Field(primary_key=True, sa_type=Id)
    kind: str
    contact_id: str | None = Field(default=None, sa_type=Id)
    name: str
    email: str | None = None
    at: datetime = Field(sa_type=Instant)
    ip_hash: str | None = None
    document_hash: str | None = None
    reason: str | None = None
    then: str | None = None


class QuoteConversionRow(Row, table=True):
    """What an accepted quote became, once; the key tells a repeated request from another one."""

    __tablename__ = "helpdesk_quote_conversion"
    __table_args__ = (belongs_to("quote_id", "quote"), belongs_to("ticket_id", "ticket"))

    agency_id: str = Field(primary_key=True, sa_type=Id)
    quote_id: str = Field(primary_key=True, sa_type=Id)
    key: str
    kind: str
    at: datetime = Field(sa_type=Instant)
    ticket_id: str | None = Field(default=None, sa_type=Id)
    record: dict[str, Any] = Field(sa_type=Json)  # what invoicing and the ledger take over


QUOTE = table_of(QuoteRow)
QUOTE_LINE = table_of(QuoteLineRow)
QUOTE_ANSWER = table_of(QuoteAnswerRow)
QUOTE_CONVERSION = table_of(QuoteConversionRow)
