"""Addresses that our mails do not reach."""

from datetime import datetime

from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant
from helpdesk.storage.tables.base import Row, table_of


class UndeliverableAddressRow(Row, table=True):
    """An address that mails of an agency came back from, and when they were taken to again."""

    __tablename__ = "helpdesk_undeliverable_address"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    address: str = Field(primary_key=True)
    since: datetime = Field(sa_type=Instant)
    status: str
    reason: str
    cleared_at: datetime | None = Field(default=None, sa_type=Instant)
    cleared_by: str | None = None


UNDELIVERABLE_ADDRESS = table_of(UndeliverableAddressRow)
