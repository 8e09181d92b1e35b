"""The constant text of a statement on one database, and how values go in and come out."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Dialect,
    Executable,
    Integer,
    Label,
    Numeric,
    Select,
)
from sqlalchemy.dialects.postgresql import asyncpg as postgresql_asyncpg
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ClauseElement

from helpdesk.storage.errors import AgencyMissing, ParametersMismatched, QueryRefused
from helpdesk.storage.tenant_conditions import AGENCY_ID

DialectName: TypeAlias = Literal["sqlite", "postgresql"]
# Any: what a column holds is known where the statement is written, not to the type checker.
Row: TypeAlias = tuple[Any, ...]
Processor: TypeAlias = Callable[[Any], Any]

# Only used to write SQL: neither of them ever opens a connection.
_DIALECTS: dict[DialectName, Dialect] = {
    "sqlite": pysqlite.dialect(),
    "postgresql": postgresql_asyncpg.dialect(),  # type: ignore[no-untyped-call] # it is not typed
}


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A statement ready for a driver."""

    sql: str
    returns_rows: bool
    needs_agency: bool
    names: frozenset[str]
    constants: tuple[object, ...]
    """One value for each place of the statement; None where a parameter goes."""
    fields: tuple[tuple[int, str, Processor | None], ...]
    """The place, the name and the preparation of each parameter."""
    columns: tuple[tuple[int, Processor], ...]
    """The columns whose values need work when they come out."""

    def arguments(self, params: Mapping[str, object]) -> list[object]:
        """Return the values for the driver, in the order of the statement."""
        if self.needs_agency and not params.get(AGENCY_ID):
            raise AgencyMissing(f"no {AGENCY_ID} given for: {self.sql}")
        values = list(self.constants)
        try:
            for place, name, process in self.fields:
                value = params[name]
                values[place] = value if process is None else process(value)
        except KeyError:
            raise self._mismatch(params) from None
        if len(params) != len(self.names):
            raise self._mismatch(params)
        return values

    def rows(self, raw: Sequence[Sequence[object]]) -> list[Row]:
        """Return what the driver fetched as tuples of Python values."""
        if not self.columns:
            return list(map(tuple, raw))
        if not raw:
            return []
        # Column by column: most columns need nothing, and zip does not run Python code.
        by_column: list[Sequence[object]] = list(zip(*raw, strict=True))
        for place, process in self.columns:
            by_column[place] = list(map(process, by_column[place]))
        return list(zip(*by_column, strict=True))

    def _mismatch(self, params: Mapping[str, object]) -> ParametersMismatched:
        missing = sorted(self.names - params.keys())
        unknown = sorted(params.keys() - self.names)
        return ParametersMismatched(f"missing {missing}, unknown {unknown} in: {self.sql}")


def compile_for(
    dialect_name: DialectName, statement: Executable, *, needs_agency: bool
) -> CompiledQuery:
    """Return the statement compiled for one database."""
    dialect = _DIALECTS[dialect_name]
    if not isinstance(statement, ClauseElement):
        raise QueryRefused(f"this is no SQL: {statement}")
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise QueryRefused(f"this is no query but a definition: {compiled}")
    names = _parameter_names(compiled)
    # Spells out the lists that are constants of the statement.
    state = compiled.construct_expanded_state(dict.fromkeys(names))
    places = state.positiontup or ()
    processors = _bind_processors(compiled, dialect) | dict(state.processors)
    return CompiledQuery(
        sql=state.statement,
        returns_rows=not statement.is_dml or bool(_columns_of(statement)),
        needs_agency=needs_agency,
        names=names,
        constants=tuple(
            None if name in names else _prepared(state.parameters[name], processors.get(name))
            for name in places
        ),
        fields=tuple(
            (place, name, processors.get(name))
            for place, name in enumerate(places)
            if name in names
        ),
        columns=_column_processors(statement, dialect),
    )


def _bind_processors(compiled: SQLCompiler, dialect: Dialect) -> dict[str, Processor]:
    found = (
        (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
        for name, bind in compiled.binds.items()
    )
    return {name: process for name, process in found if process is not None}


def _parameter_names(compiled: SQLCompiler) -> frozenset[str]:
    if compiled.prefetch:
        raise QueryRefused(f"Python defaults are not run, give every column a value: {compiled}")
    required = {name: bind for name, bind in compiled.binds.items() if bind.required}
    if any(bind.expanding for bind in required.values()):
        raise QueryRefused(f"the text would depend on the values, use in_list(): {compiled}")
    return frozenset(required)


def _prepared(value: object, process: Processor | None) -> object:
    return value if process is None else process(value)


def _column_processors(
    statement: Executable, dialect: Dialect
) -> tuple[tuple[int, Processor], ...]:
    found = ((i, _processor(column, dialect)) for i, column in enumerate(_columns_of(statement)))
    return tuple((place, process) for place, process in found if process is not None)


def _columns_of(statement: object) -> list[ColumnElement[Any]]:
    # Any: columns of every type.
    if isinstance(statement, CompoundSelect):
        # A union takes the types of its first query.
        return _columns_of(statement.selects[0])
    if isinstance(statement, Select):
        return [description["expr"] for description in statement.column_descriptions]
    if isinstance(statement, UpdateBase):
        # Asked of a copy: SQLAlchemy remembers the answer, and a statement made from this one with
        # another RETURNING would inherit it.
        asked = copy(statement)
        return [description["expr"] for description in asked.returning_column_descriptions]
    return []


def _processor(column: ColumnElement[Any], dialect: Dialect) -> Processor | None:
    # Any: columns of every type.
    kind = column.type
    expression = column.element if isinstance(column, Label) else column
    if dialect.name == "postgresql":
        # PostgreSQL sums whole numbers into a NUMERIC, which asyncpg gives as a Decimal.
        if isinstance(kind, Integer) and not isinstance(expression, Column):
            return _to_integer
        if isinstance(kind, Numeric):
            return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _to_integer(value: Any) -> int | None:  # Any: whatever number the driver gives
    return None if value is None else int(value)
