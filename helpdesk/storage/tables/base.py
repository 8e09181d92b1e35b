"""What every table shares: a registry of our own, a prefix, and the agency that leads every key."""

from typing import Any, ClassVar, cast

from sqlalchemy import ForeignKeyConstraint, MetaData, Table, inspect
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Our tables only: a host application that uses SQLModel keeps its metadata to itself."""

IS_TO_SEND = "state IN ('PENDING', 'SENDING')"
"""What of a table that is sent from is not sent yet, in the words of the index that finds it."""

_REGISTRY = registry(metadata=METADATA)


class Row(SQLModel, registry=_REGISTRY):
    """A row of one agency; tables do not validate, the domain does."""

    metadata: ClassVar[MetaData] = METADATA
    __tablename__: ClassVar[Any]  # SQLModel declares it as a declared_attr, we give the name


def table_of(row: type[SQLModel]) -> Table:
    """Return the table behind a row class, for statements."""
    return cast("Table", inspect(row).local_table)


def belongs_to(column: str, table: str) -> ForeignKeyConstraint:
    """Return the constraint that `column` names a row of `table` in the same agency."""
    return ForeignKeyConstraint(
        ["agency_id", column], [f"helpdesk_{table}.agency_id", f"helpdesk_{table}.id"]
    )
