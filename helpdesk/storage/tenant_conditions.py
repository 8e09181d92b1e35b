"""The parts of a statement that say which tables it names and what filters their rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnClause,
    FromClause,
    Join,
    Label,
    Select,
    TableClause,
    TextClause,
)
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement, Grouping
from sqlalchemy.sql.selectable import AliasedReturnsRows, FromGrouping, SelectBase

from helpdesk.storage.errors import QueryRefused

AGENCY_ID = "agency_id"

# Any: the columns of a query are of every type.
AnySelect: TypeAlias = Select[*tuple[Any, ...]]
AnyColumn: TypeAlias = ColumnClause[Any]
Tables: TypeAlias = frozenset[FromClause]


class Parameter(Enum):
    """Stands for the parameter `agency_id` where a table could stand."""

    AGENCY = AGENCY_ID


@dataclass(frozen=True)
class Condition:
    """A condition, and the tables whose rows it can remove; None means all that it names."""

    clause: ClauseElement
    filters: Tables | None = None


@dataclass(frozen=True)
class Equality:
    """`table.agency_id = source`, where the source is a table's `agency_id` or the parameter."""

    table: FromClause
    source: FromClause | Parameter


@dataclass
class Froms:
    """The tables of one query, and the conditions on their rows."""

    tables: list[FromClause] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)

    def add(self, clause: FromClause) -> None:
        """Add a table, a subquery, or a join with all that it joins."""
        if isinstance(clause, FromGrouping):
            self.add(clause.element)
        elif isinstance(clause, Join):
            self._add_join(clause)
        elif not isinstance(clause, FromClause):
            raise QueryRefused(f"text cannot be checked, name a table: {clause}")
        else:
            self.tables.append(clause)

    def equalities(self) -> Iterator[Equality]:
        """Yield each equality on an `agency_id` that filters the rows of its table."""
        for condition in self.conditions:
            for equality in _equalities(condition.clause):
                if condition.filters is None or equality.table in condition.filters:
                    yield equality

    def _add_join(self, join: Join) -> None:
        left, right = Froms(), Froms()
        left.add(join.left)
        right.add(join.right)
        if join.isouter or join.full:
            right.conditions = right._within_itself()
        if join.full:
            left.conditions = left._within_itself()
        elif join.onclause is not None:
            # The rows of the left side of an outer join pass whatever its condition says.
            filters = frozenset(right.tables) if join.isouter else None
            right.conditions.append(Condition(join.onclause, filters))
        self.tables += left.tables + right.tables
        self.conditions += left.conditions + right.conditions

    def _within_itself(self) -> list[Condition]:
        own = frozenset(self.tables)
        return [
            Condition(c.clause, own if c.filters is None else c.filters) for c in self.conditions
        ]


def agency_source(element: object) -> FromClause | Parameter | None:
    """Return whose `agency_id` this is: a table's, or the parameter; None when it is neither."""
    if isinstance(element, Label):
        return agency_source(element.element)
    if isinstance(element, ColumnClause) and element.name == AGENCY_ID:
        return element.table
    if isinstance(element, BindParameter) and element.key == AGENCY_ID and element.required:
        return Parameter.AGENCY
    return None


def has_agency(table: FromClause) -> bool:
    """Return whether the rows of a table belong to agencies."""
    return AGENCY_ID in table.c


def underlying(table: FromClause) -> object:
    """Return the table, or the query, that an alias names."""
    element: object = table
    while isinstance(element, AliasedReturnsRows):
        element = element.element
    return element


def parts_of(statement: ClauseElement) -> Iterator[ClauseElement]:
    """Yield the expressions of one query; a query inside it is yielded but not entered.

    Text is refused: nobody can see what it reads.
    """
    stack = list(_children(statement))
    while stack:
        part = stack.pop()
        if isinstance(part, TextClause) or (isinstance(part, ColumnClause) and _hides_query(part)):
            raise QueryRefused(f"text cannot be checked, write it as an expression: {part}")
        yield part
        if not isinstance(part, SelectBase | AliasedReturnsRows | TableClause):
            stack.extend(_children(part))


def correlated_tables(
    select: AnySelect, froms: Iterable[FromClause], *, nearest: Tables, around: Tables
) -> Tables:
    """Return the tables that a subquery takes from the queries around it instead of reading them.

    This is SQLAlchemy's own rule, which decides what the SQL says: what is correlated by name
    comes from any enclosing query; without names, from the nearest one, unless nothing is left.
    """
    named, all_but = select._correlate, select._correlate_except  # noqa: SLF001 - no public name
    own = frozenset(froms)
    found = own & around & frozenset(named)
    if all_but is not None:
        found |= (own & around) - frozenset(all_but)
    if select._auto_correlate and len(own) > 1:  # noqa: SLF001 - no public name
        found |= own & nearest
    return found


def _children(element: ClauseElement) -> Iterator[ClauseElement]:
    return iter(element.get_children())


def _hides_query(column: AnyColumn) -> bool:
    return column.is_literal and "select" in column.name.lower()


def _equalities(clause: ClauseElement) -> Iterator[Equality]:
    for part in _conjuncts(clause):
        if isinstance(part, BinaryExpression) and part.operator is operators.eq:
            left, right = agency_source(part.left), agency_source(part.right)
            if isinstance(left, FromClause) and right is not None:
                yield Equality(left, right)
            if isinstance(right, FromClause) and left is not None:
                yield Equality(right, left)


def _conjuncts(clause: object) -> Iterator[object]:
    if isinstance(clause, Grouping):
        yield from _conjuncts(clause.element)
    elif isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
        for part in clause.clauses:
            yield from _conjuncts(part)
    else:
        yield clause
