"""How a kind of thing is read: its table, its neighbours, its filters, and who may see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Select, Table, bindparam

from helpdesk.storage.column_types import Id
from helpdesk.usecases.read_models import FilterValue, Noun

if TYPE_CHECKING:
    from helpdesk.storage.reads.loader import LoadBeside

# Any: columns and values of every type.
Columns: TypeAlias = Mapping[str, Column[Any]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]
Values: TypeAlias = dict[str, Any]
Predicate: TypeAlias = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class ToOne:
    """A neighbour that the thing names in a column."""

    column: str
    noun: Noun


@dataclass(frozen=True, slots=True)
class ToMany:
    """Neighbours that name the thing in a column of theirs; `is_paged` gives them page by page."""

    noun: Noun
    column: str
    is_paged: bool = True


@dataclass(frozen=True, slots=True)
class Derived:
    """An attribute that follows from columns of the thing and from the instant of the question."""

    columns: tuple[str, ...]
    value: Callable[[Values, datetime], object]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is loaded by a query of its own, for all things at once.

    `columns` of the things are needed for it.
    """

    load: "LoadBeside"
    columns: tuple[str, ...] = ("id",)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition by its parameter.

    `by_value` writes another condition for each value: the value is part of the text then.
    `needs_now` names the instant of the question, as `at`.
    """

    condition: Callable[[str, FilterValue], Predicate]
    by_value: bool = False
    needs_now: bool = False


@dataclass(frozen=True)
class NounTable:
    """How a kind of thing is read.

    `for_client` is the condition under which a row exists for a viewer that is bound to a client,
    None when no row ever does; `private` attributes are absent for him.
    """

    noun: Noun
    table: Table
    key: str = "id"
    for_client: Callable[[], Predicate] | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    ones: Mapping[str, ToOne] = field(default_factory=dict)
    manys: Mapping[str, ToMany] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    beside: Mapping[str, Beside] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)

    def column(self, name: str) -> Column[Any]:  # Any: of every type
        """Return the column behind an attribute."""
        return self.table.c[self.renamed.get(name, name)]

    def held(self, *, is_client: bool) -> list[Predicate]:
        """Return the conditions that every read of these things carries."""
        conditions: list[Predicate] = [self.table.c.agency_id == bindparam("agency_id")]
        if is_client:
            if self.for_client is None:
                raise LookupError(f"{self.noun} does not exist for a client")
            conditions.append(self.for_client())
        return conditions

    def exists_for(self, *, is_client: bool) -> bool:
        """Return whether there can be such things for the viewer at all."""
        return not is_client or self.for_client is not None


def of_the_client(column: Column[Any]) -> Predicate:  # Any: a column is typed at run time
    """Return the condition that a row belongs to the viewer's client."""
    return column == bindparam("client_id", type_=Id)
