"""The words and the look of an agency's mails; what it said before is kept."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.tables.base import Row, table_of


class MailTemplateRow(Row, table=True):
    """The words of a kind of letter in a language; without a subject the default ones count."""

    __tablename__ = "helpdesk_mail_template"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    kind: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    subject: str | None = None
    body: str | None = None
    made_at: datetime = Field(sa_type=Instant)
    made_by: dict[str, Any] = Field(sa_type=Json)  # an actor


class MailLookRow(Row, table=True):
    """The look of the mails; the logo is kept as a blob of that digest."""

    __tablename__ = "helpdesk_mail_look"

    agency_id: str = Field(primary_key=True, sa_type=Id, foreign_key="helpdesk_agency.agency_id")
    version: int = Field(primary_key=True)
    accent: str
    footer: list[str] = Field(sa_type=Json)
    signature: str
    logo_sha256: str | None = None
    logo_type: str | None = None
    logo_width: int | None = None
    logo_height: int | None = None
    made_at: datetime = Field(sa_type=Instant)
    made_by: dict[str, Any] = Field(sa_type=Json)  # likewise


MAIL_TEMPLATE = table_of(MailTemplateRow)
MAIL_LOOK = table_of(MailLookRow)
