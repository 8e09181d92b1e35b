"""Credit notes: who bills whom, the invoices elsewhere, the series, the documents and their use."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class FiscalIdentityRow(Row, table=True):
    """How the agency invoices, as its next document says it; each document keeps its own copy."""

    __tablename__ = "helpdesk_fiscal_identity"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    document: dict[str, Any] = Field(sa_type=Json)  # the fields of FiscalIdentity
    changed_at: datetime = Field(sa_type=Instant)


class ClientIdentityRow(Row, table=True):
    """Who a client is on the documents that are made out to him."""

    __tablename__ = "helpdesk_client_identity"
    __table_args__ = (belongs_to("client_id", "client"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    client_id: str = Field(primary_key=True, sa_type=Id)
    document: dict[str, Any] = Field(sa_type=Json)  # the fields of Party
    changed_at: datetime = Field(sa_type=Instant)


class ExternalInvoiceRow(Row, table=True):
    """An invoice that another tool issued; it is never changed here."""

    __tablename__ = "helpdesk_external_invoice"
    __table_args__ = (
        belongs_to("client_id", "client"),
        belongs_to("contract_id", "contract"),
        UniqueConstraint("agency_id", "number"),
        Index("ix_helpdesk_external_invoice_recorded", "agency_id", "recorded_at", "id"),
        Index("ix_helpdesk_external_invoice_client", "agency_id", "client_id", "recorded_at", "id"),
        Index("ix_helpdesk_external_invoice_contract", "agency_id", "contract_id", "issued_on"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    client_id: str = Field(sa_type=Id)
    contract_id: str | None = Field(default=None, sa_type=Id)
    number: str
    issued_on: date
    currency: str
    net_cents: int
    vat_cents: int
    recorded_at: datetime = Field(sa_type=Instant)


class ExternalInvoiceRateRow(Row, table=True):
    """What an invoice bills without tax at one rate."""

    __tablename__ = "helpdesk_external_invoice_rate"
    __table_args__ = (belongs_to("invoice_id", "external_invoice"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    invoice_id: str = Field(primary_key=True, sa_type=Id)
    vat_rate: int = Field(primary_key=True)
    net_cents: int


class DocumentSeriesRow(Row, table=True):
    """Where a series stands; locked by whoever takes its next number."""

    __tablename__ = "helpdesk_document_series"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    prefix: str = Field(primary_key=True)
    width: int
    is_shared: bool
    last: int
    last_on: date | None = None
    last_hash: str


class CreditNoteRow(Row, table=True):
    """An issued document. `content` is all that it says; the other columns repeat it to be found.

    `hash` covers the content and `previous_hash`.
    """

    __tablename__ = "helpdesk_credit_note"
    __table_args__ = (
        belongs_to("client_id", "client"),
        belongs_to("contract_id", "contract"),
        UniqueConstraint("agency_id", "number"),
        UniqueConstraint(
            "agency_id", "series", "sequence", name="uq_helpdesk_credit_note_sequence"
        ),
        Index("ix_helpdesk_credit_note_issued", "agency_id", "issued_at", "id"),
        Index("ix_helpdesk_credit_note_client", "agency_id", "client_id", "issued_at", "id"),
        Index("ix_helpdesk_credit_note_contract", "agency_id", "contract_id", "issued_at", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    client_id: str = Field(sa_type=Id)
    contract_id: str = Field(sa_type=Id)
    kind: str
    series: str
    sequence: int
    number: str
    issued_on: date
    issued_at: datetime = Field(sa_type=Instant)
    issued_by: str
    first_day: date
    last_day: date
    currency: str
    net_cents: int
    vat_cents: int
    gross_cents: int
    content: str
    previous_hash: str
    hash: str


class CreditNoteLineRow(Row, table=True):
    """A line of a document; a credit stands on one document, once."""

    __tablename__ = "helpdesk_credit_note_line"
    __table_args__ = (
        belongs_to("credit_note_id", "credit_note"),
        UniqueConstraint("agency_id", "credit_id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    credit_note_id: str = Field(primary_key=True, sa_type=Id)
    place: int = Field(primary_key=True)
    credit_id: str | None = Field(default=None, sa_type=Id)
    label: str
    evidence: str
    net_cents: int
    vat_rate: int


class CreditNoteShareRow(Row, table=True):
    """How much of an invoice, at one of its rates and without tax, a document takes back."""

    __tablename__ = "helpdesk_credit_note_share"
    __table_args__ = (
        belongs_to("credit_note_id", "credit_note"),
        belongs_to("invoice_id", "external_invoice"),
        Index("ix_helpdesk_credit_note_share_invoice", "agency_id", "invoice_id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    credit_note_id: str = Field(primary_key=True, sa_type=Id)
    invoice_id: str = Field(primary_key=True, sa_type=Id)
    vat_rate: int = Field(primary_key=True)
    net_cents: int


class CreditNoteFileRow(Row, table=True):
    """The page of a document, and its file for the client's platform, as they were issued."""

    __tablename__ = "helpdesk_credit_note_file"
    __table_args__ = (belongs_to("credit_note_id", "credit_note"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    credit_note_id: str = Field(primary_key=True, sa_type=Id)
    kind: str = Field(primary_key=True)
    sha256: str
    content: bytes


class CreditNoteUseRow(Row, table=True):
    """What a document paid: part of an invoice, or money that was given back."""

    __tablename__ = "helpdesk_credit_note_use"
    __table_args__ = (
        belongs_to("credit_note_id", "credit_note"),
        belongs_to("invoice_id", "external_invoice"),
        Index("ix_helpdesk_credit_note_use_note", "agency_id", "credit_note_id", "at"),
        Index("ix_helpdesk_credit_note_use_invoice", "agency_id", "invoice_id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    credit_note_id: str = Field(sa_type=Id)
    kind: str
    invoice_id: str | None = Field(default=None, sa_type=Id)
    cents: int
    at: datetime = Field(sa_type=Instant)
    actor: str
    reason: str


FISCAL_IDENTITY = table_of(FiscalIdentityRow)
CLIENT_IDENTITY = table_of(ClientIdentityRow)
EXTERNAL_INVOICE = table_of(ExternalInvoiceRow)
EXTERNAL_INVOICE_RATE = table_of(ExternalInvoiceRateRow)
DOCUMENT_SERIES = table_of(DocumentSeriesRow)
CREDIT_NOTE = table_of(CreditNoteRow)
CREDIT_NOTE_LINE = table_of(CreditNoteLineRow)
CREDIT_NOTE_SHARE = table_of(CreditNoteShareRow)
CREDIT_NOTE_FILE = table_of(CreditNoteFileRow)
CREDIT_NOTE_USE = table_of(CreditNoteUseRow)
