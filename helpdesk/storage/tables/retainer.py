"""Forfaits: the entries, which are the facts, and the books, lots and holds that they come to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, literal_column, text
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


def _of_a_book() -> ForeignKeyConstraint:
    key = ("agency_id", "contract_id", "unit")
    return ForeignKeyConstraint(key, [f"helpdesk_retainer_book.{column}" for column in key])


class RetainerBookRow(Row, table=True):
    """A unit of a contract's forfait: its clauses, its last entry, the end of what is closed.

    `turn_at` is when the worker has to look at it: something of it ends then. None: not any more.
    """

    __tablename__ = "helpdesk_retainer_book"
    __table_args__ = (
        belongs_to("contract_id", "contract"),
        Index("ix_helpdesk_retainer_book_turn", "turn_at"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    unit: str = Field(primary_key=True)
    terms: dict[str, Any] = Field(sa_type=Json)  # the document of storage/retainer_documents.py
    open_from: datetime = Field(sa_type=Instant)
    last_number: int
    turn_at: datetime | None = Field(default=None, sa_type=Instant)


class RetainerLotRow(Row, table=True):
    """What is left of a lot; a cache of the entries that moved it, which `version` counts.

    `granted` is what it was opened with and the adjustments since.
    """

    __tablename__ = "helpdesk_retainer_lot"
    __table_args__ = (
        _of_a_book(),
        Index("ix_helpdesk_retainer_lot_balance", "agency_id", "contract_id", "unit", "expires_at"),
        Index(
            "ix_helpdesk_retainer_lot_open",
            "agency_id",
            "contract_id",
            "unit",
            "number",
            sqlite_where=text("remaining > 0"),
            postgresql_where=text("remaining > 0"),
        ),
        Index(
            "ix_helpdesk_retainer_lot_expiring",
            "agency_id",
            "source",
            "expires_at",
            sqlite_where=text("remaining > 0"),
            postgresql_where=text("remaining > 0"),
        ),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    unit: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    source: str
    effective_at: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    scope: list[Any] = Field(sa_type=Json)  # the sites that may draw from it; none means every one
    priority: int
    quantity: int
    granted: int
    remaining: int
    held: int
    version: int


class RetainerHoldRow(Row, table=True):
    """What is still held for a ticket; a cache of the entries, gone when the hold ended."""

    __tablename__ = "helpdesk_retainer_hold"
    __table_args__ = (
        _of_a_book(),
        Index("ix_helpdesk_retainer_hold_source", "agency_id", "contract_id", "unit", "source"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    unit: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    source: str
    lot: int | None = None
    quantity: int
    effective_at: datetime = Field(sa_type=Instant)


class RetainerEntryRow(Row, table=True):
    """A fact of a book: appended, never changed; the database itself refuses.

    Each of the entries of one request carries its key, at a place of its own.
    """

    __tablename__ = "helpdesk_retainer_entry"
    __table_args__ = (
        _of_a_book(),
        UniqueConstraint("agency_id", "contract_id", "unit", "key", "place"),
        Index("ix_helpdesk_retainer_entry_source", "agency_id", "contract_id", "unit", "source"),
        Index("ix_helpdesk_retainer_entry_month", "agency_id", "contract_id", "period_start"),
        Index(
            "ix_helpdesk_retainer_entry_period",
            "agency_id",
            "contract_id",
            "unit",
            "period_start",
            "number",
        ),
        Index(
            "ix_helpdesk_retainer_entry_reverses",
            "agency_id",
            "contract_id",
            "unit",
            "reverses",
            sqlite_where=text("reverses IS NOT NULL"),
            postgresql_where=text("reverses IS NOT NULL"),
        ),
        Index(
            "ix_helpdesk_retainer_entry_over",
            "agency_id",
            "contract_id",
            "unit",
            "period_start",
            sqlite_where=text("lot IS NULL"),
            postgresql_where=text("lot IS NULL"),
        ),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    unit: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    key: str
    place: int
    request: str
    kind: str
    quantity: int
    effective_at: datetime = Field(sa_type=Instant)
    asked_for: datetime = Field(sa_type=Instant)  # when the request that made it counts
    lot: int | None = None  # also the one that it opens
    opens: dict[str, Any] | None = Field(default=None, sa_type=Json)  # what its lot is
    hold: int | None = None
    reverses: int | None = None
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    claim: dict[str, Any] | None = Field(default=None, sa_type=Json)
    approved_by: dict[str, Any] | None = Field(default=None, sa_type=Json)
    period_start: datetime = Field(sa_type=Instant)
    period_end: datetime = Field(sa_type=Instant)
    corrects_start: datetime | None = Field(default=None, sa_type=Instant)
    corrects_end: datetime | None = Field(default=None, sa_type=Instant)
    at: datetime = Field(sa_type=Instant)
    actor_kind: str
    actor_name: str
    agent_id: str | None = Field(default=None, sa_type=Id)
    contact_id: str | None = Field(default=None, sa_type=Id)
    reason: str
    source: str
    cause: str | None = None


RETAINER_BOOK = table_of(RetainerBookRow)
RETAINER_LOT = table_of(RetainerLotRow)
RETAINER_HOLD = table_of(RetainerHoldRow)
RETAINER_ENTRY = table_of(RetainerEntryRow)

NOT_EMPTY = RETAINER_LOT.c.remaining > literal_column("0")
"""Something is left of a lot; spelt as in its indexes, which a parameter would keep unused."""
