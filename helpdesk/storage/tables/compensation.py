"""Credits for broken promises: each with what it is computed from, and the facts of its life."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class CreditRow(Row, table=True):
    """A credit: what it says is never edited; `state` and `overcredited_cents` follow its facts.

    `revision` numbers the credits of one breach, so that two runs of the settlement cannot add the
    same one. `created_at` is when it was proposed.
    """

    __tablename__ = "helpdesk_credit"
    __table_args__ = (
        belongs_to("contract_id", "contract"),
        belongs_to("client_id", "client"),
        belongs_to("ticket_id", "ticket"),
        UniqueConstraint("agency_id", "contract_id", "month", "kind", "subject", "revision"),
        Index("ix_helpdesk_credit_created", "agency_id", "created_at", "id"),
        Index("ix_helpdesk_credit_of_contract", "agency_id", "contract_id", "created_at", "id"),
        Index("ix_helpdesk_credit_of_client", "agency_id", "client_id", "created_at", "id"),
        Index("ix_helpdesk_credit_of_ticket", "agency_id", "ticket_id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(sa_type=Id)
    client_id: str = Field(sa_type=Id)
    kind: str
    subject: str
    month: str
    revision: int
    ticket_id: str | None = Field(default=None, sa_type=Id)
    state: str
    nature: str
    currency: str
    net_cents: int
    total_cents: int
    capped_cents: int
    overcredited_cents: int = 0
    outweighed: bool
    room: str | None = None
    clause_version: int
    base: dict[str, Any] = Field(sa_type=Json)  # the documents of compensation_documents.py
    evidence: dict[str, Any] = Field(sa_type=Json)
    breached_at: datetime = Field(sa_type=Instant)
    completes: str | None = Field(default=None, sa_type=Id)
    created_at: datetime = Field(sa_type=Instant)


class CreditFactRow(Row, table=True):
    """What happened to a credit: appended, never changed."""

    __tablename__ = "helpdesk_credit_fact"
    __table_args__ = (belongs_to("credit_id", "credit"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    credit_id: str = Field(primary_key=True, sa_type=Id)
    sequence: int = Field(primary_key=True)
    step: str | None = None
    state: str
    at: datetime = Field(sa_type=Instant)
    actor_kind: str
    actor_name: str
    agent_id: str | None = Field(default=None, sa_type=Id)
    reason: str
    document: str | None = None
    overcredited_cents: int | None = None


CREDIT = table_of(CreditRow)
CREDIT_FACT = table_of(CreditFactRow)
