"""Many rows given to a statement as one parameter: a JSON array of arrays, on both databases."""

from typing import Any

from sqlalchemy import BindParameter, Cast, ColumnElement, TableValuedAlias, bindparam, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from helpdesk.storage.column_types import Json


def json_rows(name: str) -> TableValuedAlias:
    """Return the rows of the parameter `name` as a table; `json_field` reads them.

    The text of the statement does not depend on the number of rows, so it is prepared once.
    """
    rows: BindParameter[Any] = bindparam(name, type_=Json())
    return _JsonRows(rows).table_valued("value", name=f"given_{name}")


def json_field(rows: TableValuedAlias, place: int, type_: TypeEngine[Any]) -> Cast[Any]:
    """Return one field of each row by its place, from 0, as a column of this type.

    Any: a field is of whatever type it is said to be. Instants are given as the texts of
    `instant_to_text`.
    """
    arrow = "->" if isinstance(type_, Json) else "->>"
    value: ColumnElement[Any] = rows.c.value
    return cast(value.op(arrow)(place), type_)


class _JsonRows(FunctionElement[Any]):
    name = "json_rows"
    inherit_cache = True


@compiles(_JsonRows, "sqlite")
def _on_sqlite(element: _JsonRows, compiler: SQLCompiler, **options: Any) -> str:
    # Any: options that SQLAlchemy hands down, none of which is ours.
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_JsonRows, "postgresql")
def _on_postgresql(element: _JsonRows, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_elements({compiler.process(element.clauses, **options)})"
