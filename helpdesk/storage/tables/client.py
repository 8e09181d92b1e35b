"""The client's side: organisations, their mail domains, sites and people."""

from sqlalchemy import Index, UniqueConstraint, false
from sqlmodel import Field

from helpdesk.storage.column_types import Id
from helpdesk.storage.tables.base import Row, belongs_to, table_of


class ClientRow(Row, table=True):
    """An organisation whose applications the agency maintains."""

    __tablename__ = "helpdesk_client"
    __table_args__ = (Index("ix_helpdesk_client_name", "agency_id", "name", "id"),)

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    id: str = Field(primary_key=True, sa_type=Id)
    name: str
    is_unknown_sender_pool: bool = False
    kind: str = Field(default="PROFESSIONAL", sa_column_kwargs={"server_default": "PROFESSIONAL"})


class ClientDomainRow(Row, table=True):
    """A mail domain by which a client's people are recognised; one client each."""

    __tablename__ = "helpdesk_client_domain"
    __table_args__ = (belongs_to("client_id", "client"),)

    agency_id: str = Field(primary_key=True, sa_type=Id)
    domain: str = Field(primary_key=True)
    client_id: str = Field(sa_type=Id)


class SiteRow(Row, table=True):
    """A website or application under maintenance."""

    __tablename__ = "helpdesk_site"
    __table_args__ = (
        belongs_to("client_id", "client"),
        Index("ix_helpdesk_site_client", "agency_id", "client_id", "name", "id"),
        Index("ix_helpdesk_site_name", "agency_id", "name", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    client_id: str = Field(sa_type=Id)
    name: str
    url: str
    criticality: str


class ContactRow(Row, table=True):
    """A person at a client."""

    __tablename__ = "helpdesk_contact"
    __table_args__ = (
        belongs_to("client_id", "client"),
        UniqueConstraint("agency_id", "email"),
        Index("ix_helpdesk_contact_client", "agency_id", "client_id", "name", "id"),
        Index("ix_helpdesk_contact_name", "agency_id", "name", "id"),
    )

    agency_id: str = Field(primary_key=True, sa_type=Id)
    id: str = Field(primary_key=True, sa_type=Id)
    client_id: str = Field(sa_type=Id)
    name: str
    email: str
    locale: str
    reads_notices: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


CLIENT = table_of(ClientRow)
CLIENT_DOMAIN = table_of(ClientDomainRow)
SITE = table_of(SiteRow)
CONTACT = table_of(ContactRow)
