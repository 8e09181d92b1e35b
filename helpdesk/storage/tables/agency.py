"""The agency's side: the tenant, its people, its teams and the tokens of its API."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class AgencyRow(Row, table=True):
    """The tenant."""

    __tablename__ = "helpdesk_agency"

    agency_id: str = Field(primary_key=True, sa_type=Id)
    name: str
    locale: str
    zone: str
    mailbox: str = Field(unique=True)


class TeamRow(Row, table=True):
    """A group of agents."""

    __tablename__ = "helpdesk_team"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    name: str


class TeamMemberRow(Row, table=True):
    """That an agent is of a team."""

    __tablename__ = "helpdesk_team_member"
    __table_args__ = (belongs_to("team_id", "team"), belongs_to("agent_id", "agent"))

    agency_id: str = Field(primary_key=True, sa_type=Id)
    team_id: str = Field(primary_key=True, sa_type=Id)
    agent_id: str = Field(primary_key=True, sa_type=Id)


class AgentRow(Row, table=True):
    """A person of the agency."""

    __tablename__ = "helpdesk_agent"
    __table_args__ = (UniqueConstraint("agency_id", "email"),)

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    name: str
    email: str
    role: str
    locale: str


class TokenRow(Row, table=True):
    """An API token: only the hash of the secret is kept."""

    __tablename__ = "helpdesk_token"
    __table_args__ = (
        belongs_to("agent_id", "agent"),
        belongs_to("client_id", "client"),
        belongs_to("contact_id", "contact"),
        Index("ix_helpdesk_token_secret_hash", "secret_hash", unique=True),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    name: str
    secret_hash: str
    scopes: list[str] = Field(sa_type=Json)
    locale: str
    agent_id: str | None = Field(default=None, sa_type=Id)
    client_id: str | None = Field(default=None, sa_type=Id)
    contact_id: str | None = Field(default=None, sa_type=Id)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class SequenceRow(Row, table=True):
    """The last number given out of a series of an agency."""

    __tablename__ = "helpdesk_sequence"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    name: str = Field(primary_key=True)
    last: int


class IdempotencyRow(Row, table=True):
    """What was answered to a key, so that the same question gets the same answer."""

    __tablename__ = "helpdesk_idempotency"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    principal: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    verb: str
    input_hash: str
    answer: dict[str, Any] = Field(sa_type=Json)  # any JSON document
    created_at: datetime = Field(sa_type=Instant)


class AgencySecretRow(Row, table=True):
    """A secret of an agency, drawn once: what it keyed can be proved for as long as it is kept."""

    __tablename__ = "helpdesk_agency_secret"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    purpose: str = Field(primary_key=True)
    secret: str


AGENCY = table_of(AgencyRow)
TEAM = table_of(TeamRow)
TEAM_MEMBER = table_of(TeamMemberRow)
AGENT = table_of(AgentRow)
TOKEN = table_of(TokenRow)
SEQUENCE = table_of(SequenceRow)
IDEMPOTENCY = table_of(IdempotencyRow)
AGENCY_SECRET = table_of(AgencySecretRow)
