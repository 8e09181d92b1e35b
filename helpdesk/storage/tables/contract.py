"""Contracts, their versioned terms, and the versioned calendars that they count on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class CalendarRow(Row, table=True):
    """A calendar by its name; what it says stands in its versions."""

    __tablename__ = "helpdesk_calendar"
    __table_args__ = (UniqueConstraint("agency_id", "code"),)

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    code: str
    name: str


class CalendarVersionRow(Row, table=True):
    """Opening hours from an instant on; never edited in place."""

    __tablename__ = "helpdesk_calendar_version"
    __table_args__ = (belongs_to("calendar_id", "calendar"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    calendar_id: str = Field(primary_key=True, sa_type=Id)
    version: int = Field(primary_key=True)
    effective_from: datetime = Field(sa_type=Instant)
    hours: dict[str, Any] = Field(sa_type=Json)  # the document of storage/documents.py
    corrects: int | None = None
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class ContractRow(Row, table=True):
    """An agreement with a client."""

    __tablename__ = "helpdesk_contract"
    __table_args__ = (
        belongs_to("client_id", "client"),
        UniqueConstraint("agency_id", "reference"),
        Index("ix_helpdesk_contract_client", "agency_id", "client_id", "reference", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    client_id: str = Field(sa_type=Id)
    reference: str
    name: str
    status: str
    starts_on: date
    ends_on: date | None = None
    internal_note: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ContractSiteRow(Row, table=True):
    """A site that a contract names; a contract that names none covers all of the client's."""

    __tablename__ = "helpdesk_contract_site"
    __table_args__ = (belongs_to("contract_id", "contract"), belongs_to("site_id", "site"))

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    site_id: str = Field(primary_key=True, sa_type=Id)


class ContractTermsRow(Row, table=True):
    """One version of what was agreed; never edited in place."""

    __tablename__ = "helpdesk_contract_terms"
    __table_args__ = (belongs_to("contract_id", "contract"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    version: int = Field(primary_key=True)
    effective_from: datetime = Field(sa_type=Instant)
    plan_code: str
    document: dict[str, Any] = Field(sa_type=Json)  # the document of storage/documents.py
    corrects: int | None = None
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class ContractFactRow(Row, table=True):
    """What happened to a contract: appended, never changed."""

    __tablename__ = "helpdesk_contract_fact"
    __table_args__ = (belongs_to("contract_id", "contract"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    contract_id: str = Field(primary_key=True, sa_type=Id)
    sequence: int = Field(primary_key=True)
    kind: str
    at: datetime = Field(sa_type=Instant)
    day: date
    until: date | None = None
    actor_kind: str
    actor_name: str
    agent_id: str | None = Field(default=None, sa_type=Id)
    reason: str
    figures: dict[str, Any] | None = Field(default=None, sa_type=Json)  # amount and quantities


CALENDAR = table_of(CalendarRow)
CALENDAR_VERSION = table_of(CalendarVersionRow)
CONTRACT = table_of(ContractRow)
CONTRACT_SITE = table_of(ContractSiteRow)
CONTRACT_TERMS = table_of(ContractTermsRow)
CONTRACT_FACT = table_of(ContractFactRow)
