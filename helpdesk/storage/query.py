"""A SQL statement written once, with SQLAlchemy, for both databases."""

from collections.abc import Mapping
from typing import Any, Self, TypeAlias

from sqlalchemy import Boolean, ColumnElement, Executable, Integer, Table, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from typing_extensions import override

from helpdesk.storage.column_types import ValueList
from helpdesk.storage.compiled_query import CompiledQuery, DialectName, compile_for
from helpdesk.storage.errors import QueryRefused
from helpdesk.storage.tenant_guard import touches_agencies


class Query:
    """A statement that runs on both databases, its parameters given by name.

    A parameter is a `bindparam("name")` without a value, or a column of an INSERT that is given
    none; constants are compiled into the statement. A statement over the rows of agencies must
    say `agency_id = :agency_id` for each of its tables, directly or by joining them on their
    `agency_id`; otherwise it is refused here, which is when the program starts.
    """

    def __init__(
        self, statement: Executable, *, across_agencies_because: str | None = None
    ) -> None:
        self.statement = statement
        self.needs_agency = across_agencies_because is None and touches_agencies(statement)
        self._compiled: dict[DialectName, CompiledQuery] = {}

    @classmethod
    def across_agencies(cls, statement: Executable, *, reason: str) -> Self:
        """Return a query that may touch the rows of every agency, and says why it must.

        It is for the worker, which claims what is due whoever owns it, and for authentication,
        which learns the agency from a token.
        """
        if not reason.strip():
            raise QueryRefused("a query across agencies says why")
        return cls(statement, across_agencies_because=reason)

    def compiled_for(self, dialect_name: DialectName) -> CompiledQuery:
        """Return the text of the statement for one database, compiled at its first use."""
        compiled = self._compiled.get(dialect_name)
        if compiled is None:
            compiled = compile_for(dialect_name, self.statement, needs_agency=self.needs_agency)
            self._compiled[dialect_name] = compiled
        return compiled


Step: TypeAlias = tuple[Query, Mapping[str, object]]


def insert(table: Table) -> postgresql.Insert:
    """Return an INSERT that knows `on_conflict_do_nothing()`; both databases write it the same."""
    return postgresql.insert(table)


def in_list(column: ColumnElement[str] | ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Return the condition that a text or an integer is in a list given as one parameter.

    The text of the statement does not depend on the length of the list, so it is prepared once.
    Nothing is in an empty list.
    """
    of_integers = isinstance(column.type, Integer)
    return _InList(column, bindparam(name, type_=ValueList(of_integers=of_integers)))


class _InList(FunctionElement[bool]):
    name = "in_list"
    type = Boolean()
    inherit_cache = True

    @override
    def self_group(self, against: object = None) -> Self:
        # SQLite would be given `(...) = 1`, which hides the list from its indexes.
        return self


@compiles(_InList)
@compiles(_InList, "sqlite")
def _in_list_on_sqlite(element: _InList, compiler: SQLCompiler, **options: Any) -> str:
    # Any: options that SQLAlchemy hands down, none of which is ours.
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - text, no value


@compiles(_InList, "postgresql")
def _in_list_on_postgresql(element: _InList, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"
