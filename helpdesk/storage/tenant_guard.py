"""The proof that a statement keeps to the rows of one agency.

Each table that has an `agency_id` must be held, in the query where it stands, by an equality with
the parameter `agency_id`, or with the `agency_id` of a table that is held. What cannot be seen
through is refused, and a condition counts only where it filters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Delete,
    Executable,
    FromClause,
    Insert,
    Select,
    Table,
    TableClause,
    Update,
)
from sqlalchemy.dialects.postgresql.dml import OnConflictDoUpdate
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ClauseElement, ColumnClause, Grouping
from sqlalchemy.sql.selectable import (
    AliasedReturnsRows,
    Lateral,
    SelectBase,
    SelectStatementGrouping,
)

from helpdesk.storage.errors import AgencyNotConstrained, QueryRefused
from helpdesk.storage.tenant_conditions import (
    AGENCY_ID,
    AnySelect,
    Condition,
    Froms,
    Parameter,
    Tables,
    agency_source,
    correlated_tables,
    has_agency,
    parts_of,
    underlying,
)


def touches_agencies(statement: Executable) -> bool:
    """Return whether a statement is over rows of agencies; refuse it if any is not held to one."""
    proof = _Proof()
    proof.check(statement, _Scope())
    return proof.touched


@dataclass(frozen=True)
class _Scope:
    """What a subquery can name of the queries around it."""

    nearest: Tables = frozenset()
    """The tables of the query that it stands in."""
    around: Tables = frozenset()
    """The tables of every query that it stands in."""
    held: Tables = frozenset()
    """Those of them whose rows are of the agency."""


@dataclass
class _Proof:
    touched: bool = False
    derived: dict[FromClause, bool] = field(default_factory=dict)
    """The queries used as tables, and whether their `agency_id` is sure to be the agency."""

    def check(self, statement: object, scope: _Scope) -> list[tuple[AnySelect, _Scope]]:
        """Check a statement with all that it contains; return its selects, each with its scope."""
        if isinstance(statement, SelectStatementGrouping):
            return self.check(statement.element, scope)
        if isinstance(statement, CompoundSelect):
            return [found for part in statement.selects for found in self.check(part, scope)]
        if isinstance(statement, Select):
            return [(statement, self._check_select(statement, scope))]
        if isinstance(statement, Insert):
            self._check_insert(statement)
        elif isinstance(statement, Update | Delete):
            self._check_change(statement)
        else:
            raise QueryRefused(f"cannot see which rows this is about: {statement}")
        return []

    def _check_select(self, select: AnySelect, scope: _Scope) -> _Scope:
        clauses = select.get_final_froms()
        correlated = correlated_tables(select, clauses, nearest=scope.nearest, around=scope.around)
        froms = Froms()
        for clause in clauses:
            if clause not in correlated:
                froms.add(clause)
        if select.whereclause is not None:
            froms.conditions.append(Condition(select.whereclause))
        return self._check_parts(select, froms, scope)

    def _check_change(self, statement: Update | Delete) -> None:
        if isinstance(statement, Update) and AGENCY_ID in map(_name_of, _values_of(statement)):
            raise AgencyNotConstrained(f"a row stays with its agency: {statement}")
        columns = (part for part in parts_of(statement) if isinstance(part, ColumnClause))
        named = (column.table for column in columns if column.table is not None)
        froms = Froms()
        for table in dict.fromkeys([statement.table, *named]):
            froms.add(table)
        if statement.whereclause is not None:
            froms.conditions.append(Condition(statement.whereclause))
        self._check_parts(statement, froms, _Scope())

    def _check_insert(self, statement: Insert) -> None:
        for_agencies = _is_of_agencies(statement.table)
        self.touched |= for_agencies
        if statement.select is not None:
            self._check_inserted_rows(statement, for_agencies=for_agencies)
        elif for_agencies and not _sets_agency(statement):
            raise AgencyNotConstrained(
                f"set {AGENCY_ID} to :{AGENCY_ID} in: INSERT INTO {statement.table}"
            )
        self._check_parts(statement, Froms(), _Scope())
        conflict = statement._post_values_clause  # noqa: SLF001 - no public name for it
        if isinstance(conflict, OnConflictDoUpdate):
            _check_conflict(statement, conflict, for_agencies=for_agencies)

    def _check_inserted_rows(self, statement: Insert, *, for_agencies: bool) -> None:
        selects = self.check(statement.select, _Scope())
        names = [_name_of(name) for name in statement._select_names or ()]  # noqa: SLF001 - as above
        if not for_agencies:
            return
        place = names.index(AGENCY_ID) if AGENCY_ID in names else None
        if place is None or not _is_the_agency(selects, place):
            raise AgencyNotConstrained(
                f"select the {AGENCY_ID} that is held in: INSERT INTO {statement.table}"
            )

    def _check_parts(self, statement: ClauseElement, froms: Froms, scope: _Scope) -> _Scope:
        own = frozenset(froms.tables)
        held = self._held_at_once(froms, scope)
        _hold_by_equality(held, froms)
        loose = [table for table in froms.tables if _is_of_agencies(table) and table not in held]
        if loose:
            names = ", ".join(str(table) for table in loose)
            raise AgencyNotConstrained(f"{names} not held to :{AGENCY_ID} in: {statement}")
        inside = _Scope(nearest=own, around=scope.around | own, held=frozenset(held))
        for part in parts_of(statement):
            if isinstance(part, Lateral):
                self.check(underlying(part), inside)
            elif isinstance(part, SelectBase):
                self.check(part, inside)
            elif isinstance(part, AliasedReturnsRows):
                self._gives_agency(part, scope)
        return inside

    def _held_at_once(self, froms: Froms, scope: _Scope) -> set[FromClause]:
        held = set(scope.held.difference(froms.tables))
        for table in froms.tables:
            self.touched |= _is_of_agencies(table)
            if not isinstance(table, Lateral) and self._gives_agency(table, scope):
                held.add(table)
        return held

    def _gives_agency(self, table: FromClause, scope: _Scope) -> bool:
        query = underlying(table)
        if isinstance(query, TableClause) and not isinstance(query, Table):
            raise QueryRefused(f"{table} is not one of the tables of the schema")
        if not isinstance(query, SelectBase | UpdateBase):
            return False
        if table not in self.derived:
            selects = self.check(query, _Scope(around=scope.around, held=scope.held))
            place = list(table.c.keys()).index(AGENCY_ID) if has_agency(table) else None
            self.derived[table] = place is not None and _is_the_agency(selects, place)
        return self.derived[table]


def _is_of_agencies(table: FromClause) -> bool:
    # A query used as a table is checked by itself, whatever the names of its columns.
    return has_agency(table) and not isinstance(underlying(table), SelectBase | UpdateBase)


def _hold_by_equality(held: set[FromClause], froms: Froms) -> None:
    equalities = list(froms.equalities())
    found = True
    while found:
        found = False
        for equality in equalities:
            known = equality.source is Parameter.AGENCY or equality.source in held
            if known and equality.table not in held:
                held.add(equality.table)
                found = True


def _is_the_agency(selects: Sequence[tuple[AnySelect, _Scope]], place: int) -> bool:
    sources = [
        (agency_source(select.column_descriptions[place]["expr"]), scope)
        for select, scope in selects
    ]
    return bool(sources) and all(
        source is Parameter.AGENCY or source in scope.held for source, scope in sources
    )


def _sets_agency(statement: Insert) -> bool:
    if statement._multi_values:  # noqa: SLF001 - no public name for it
        return False
    values = _values_of(statement)
    # Without values, every column of the table is a parameter of its name.
    return not values or any(
        _name_of(key) == AGENCY_ID and agency_source(value) is Parameter.AGENCY
        for key, value in values.items()
    )


def _check_conflict(statement: Insert, conflict: OnConflictDoUpdate, *, for_agencies: bool) -> None:
    if for_agencies and AGENCY_ID not in map(_name_of, conflict.inferred_target_elements or ()):
        raise AgencyNotConstrained(
            f"could update the row of another agency: INSERT INTO {statement.table}"
        )
    for name, value in conflict.update_values_to_set.items():
        if _name_of(name) == AGENCY_ID:
            raise AgencyNotConstrained(
                f"a row stays with its agency: INSERT INTO {statement.table}"
            )
        if any(isinstance(part, SelectBase) for part in parts_of(Grouping(value))):
            raise QueryRefused(f"no query inside ON CONFLICT: INSERT INTO {statement.table}")


def _values_of(statement: Insert | Update) -> Mapping[Any, object]:
    # Any: a column is named by its key, or is given itself.
    values: Mapping[Any, object] | None = statement._values  # noqa: SLF001 - no public name
    return values or {}


def _name_of(key: object) -> str:
    return key if isinstance(key, str) else str(getattr(key, "key", ""))
