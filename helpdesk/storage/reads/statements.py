"""The statements of what is read by selection, each written once for its shape."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from helpdesk.storage.query import Query, in_list
from helpdesk.storage.reads.noun_table import AnySelect, NounTable, Predicate
from helpdesk.storage.reads.ordering import Part, Walk, key_params, walk_of
from helpdesk.usecases.read_models import PageAsk

SHELF_SIZE = 2000
"""How many shapes are kept; a shape is a few kilobytes."""


class StatementShelf:
    """The statements by shape; the least used leaves first, so that nobody fills the memory."""

    def __init__(self, size: int = SHELF_SIZE) -> None:
        self._size = size
        self._shelf: OrderedDict[Hashable, Query] = OrderedDict()

    def get(self, shape: Hashable, write: Callable[[], AnySelect]) -> Query:
        """Return the query of a shape, written at its first use."""
        query = self._shelf.get(shape)
        if query is None:
            query = self._shelf[shape] = Query(write())
            if len(self._shelf) > self._size:
                self._shelf.popitem(last=False)
        else:
            self._shelf.move_to_end(shape)
        return query


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes the text of a page's statement: everything but the values."""

    noun_table: NounTable
    is_client: bool
    names: tuple[str, ...]
    ask: PageAsk
    part: Part = Part.WHOLE
    parent: str | None = None

    def key(self) -> Hashable:
        """Return what two statements of the same text have in common."""
        ask = self.ask
        return (
            self.noun_table.noun,
            self.is_client,
            self.names,
            self.part,
            self.parent,
            ask.order,
            ask.is_backward,
            _bound(ask, is_after=True),
            _bound(ask, is_after=False),
            *(_condition_key(self.noun_table, name, value) for name, value in ask.conditions),
        )

    def conditions(self) -> list[Predicate]:
        """Return every condition on a row but that of its parent."""
        walk = self.walk()
        found = [*_of_the_list(self), *walk.only(self.part)]
        for name, key in (("after", self.ask.after), ("before", self.ask.before)):
            if key is None:
                continue
            beyond = walk.beyond(
                self.part,
                name,
                is_after=name == "after",
                is_absent=walk.is_nullable and key[0] is None,
            )
            if beyond is not None:
                found.append(beyond)
        return found

    def params(self, at: datetime) -> dict[str, object]:
        """Return the values that the conditions name."""
        ask, filters = self.ask, self.noun_table.filters
        params: dict[str, object] = {
            f"by_{name}": value for name, value in ask.conditions if not filters[name].by_value
        }
        if any(filters[name].needs_now for name, _ in ask.conditions):
            params["at"] = at
        params |= key_params("after", ask.after, ask, self.part)
        return params | key_params("before", ask.before, ask, self.part)

    def walk(self) -> Walk:
        """Return how the list is walked."""
        return walk_of(self.noun_table, self.ask)


def by_ids(noun_table: NounTable, names: Sequence[str], *, is_client: bool) -> AnySelect:
    """Return the statement for things by their identities."""
    key = noun_table.column(noun_table.key)
    return select(*(noun_table.column(name) for name in names)).where(
        *noun_table.held(is_client=is_client), in_list(key, "ids")
    )


def of_parents(
    noun_table: NounTable, names: Sequence[str], parent: str, *, is_client: bool
) -> AnySelect:
    """Return the statement for all the things of some parents; the parent comes first."""
    column = noun_table.table.c[parent]
    return (
        select(column, *(noun_table.column(name) for name in names))
        .where(*noun_table.held(is_client=is_client), in_list(column, "parents"))
        .order_by(column, noun_table.column(noun_table.key))
    )


def page(shape: Shape) -> AnySelect:
    """Return the statement for one page of a list."""
    table = shape.noun_table
    return (
        select(*(table.column(name) for name in shape.names))
        .where(*shape.conditions())
        .order_by(*shape.walk().ordered_by(shape.part))
        .limit(bindparam("limit"))
    )


def page_of_each(shape: Shape, parent: str) -> AnySelect:
    """Return the statement for one page of the list of each parent; the parent comes first."""
    table = shape.noun_table
    column = table.table.c[parent]
    place = func.row_number().over(
        partition_by=column, order_by=shape.walk().ordered_by(Part.WHOLE)
    )
    columns = [table.column(name).label(f"c{number}") for number, name in enumerate(shape.names)]
    ranked = (
        select(column.label("parent"), *columns, place.label("place"))
        .where(*shape.conditions(), in_list(column, "parents"))
        .subquery()
    )
    return (
        select(ranked.c.parent, *(ranked.c[f"c{number}"] for number in range(len(columns))))
        .where(ranked.c.place <= bindparam("limit"))
        .order_by(ranked.c.parent, ranked.c.place)
    )


def count(shape: Shape) -> AnySelect:
    """Return the statement for how many things a whole list has."""
    key = shape.noun_table.column(shape.noun_table.key)
    return select(func.count(key)).where(*_of_the_list(shape))


def count_of_each(shape: Shape, parent: str) -> AnySelect:
    """Return the statement for how many things the list of each parent has."""
    column = shape.noun_table.table.c[parent]
    return (
        select(column, func.count(shape.noun_table.column(shape.noun_table.key)))
        .where(*_of_the_list(shape), in_list(column, "parents"))
        .group_by(column)
    )


def _of_the_list(shape: Shape) -> list[Predicate]:
    table = shape.noun_table
    return [
        *table.held(is_client=shape.is_client),
        *(
            table.filters[name].condition(f"by_{name}", value)
            for name, value in shape.ask.conditions
        ),
    ]


def _bound(ask: PageAsk, *, is_after: bool) -> str | None:
    key = ask.after if is_after else ask.before
    if key is None:
        return None
    return "absent" if key[0] is None else "present"


def _condition_key(noun_table: NounTable, name: str, value: object) -> Hashable:
    return (name, value) if noun_table.filters[name].by_value else name
