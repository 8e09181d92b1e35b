"""How a list is walked: the columns it is sorted by, and the condition to go on from a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Column, ColumnElement, and_, bindparam, or_, tuple_

from helpdesk.storage.reads.noun_table import NounTable, Predicate
from helpdesk.usecases.read_models import SORT_COLUMNS, PageAsk, SortKey

AnyColumn: TypeAlias = Column[Any]  # Any: columns of every type


class Part(StrEnum):
    """A list by a column that may be empty is walked in two parts, so that an index serves both."""

    WHOLE = "whole"
    PRESENT = "present"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Walk:
    """The sort columns of a list, the identity last, and which way they are walked."""

    columns: tuple[AnyColumn, ...]
    is_nullable: bool
    is_list_descending: bool
    is_backward: bool

    @property
    def is_descending(self) -> bool:
        """Whether the query walks towards smaller values."""
        return self.is_list_descending is not self.is_backward

    def ordered_by(self, part: Part) -> list[ColumnElement[Any]]:
        """Return what the rows of a part are ordered by."""
        columns = self.columns[1:] if part is Part.ABSENT else self.columns
        ordered: list[ColumnElement[Any]] = [
            column.desc() if self.is_descending else column.asc() for column in columns
        ]
        if self.is_nullable and part is Part.WHOLE:
            absent = self.columns[0].is_(None)
            ordered.insert(0, absent.desc() if self.is_backward else absent.asc())
        return ordered

    def only(self, part: Part) -> list[Predicate]:
        """Return the condition that a row is of the part."""
        if part is Part.WHOLE:
            return []
        first = self.columns[0]
        return [first.is_(None) if part is Part.ABSENT else first.is_not(None)]

    def beyond(self, part: Part, name: str, *, is_after: bool, is_absent: bool) -> Predicate | None:
        """Return the condition that a row of a part lies after (or before) a key.

        `is_absent` says that the key has no value in the first column. None means that every row
        of the part does; the parameters of the key are `name` with the number of the column.
        """
        if not self.is_nullable:
            return self._beyond(self.columns, 0, name, is_after=is_after)
        by_identity = self._beyond(self.columns[1:], 1, name, is_after=is_after)
        if part is Part.WHOLE:
            return self._beyond_whole(name, by_identity, is_after=is_after, is_absent=is_absent)
        if (part is Part.ABSENT) is is_absent:
            return (
                by_identity if is_absent else self._beyond(self.columns, 0, name, is_after=is_after)
            )
        return None

    def _beyond_whole(
        self, name: str, by_identity: Predicate, *, is_after: bool, is_absent: bool
    ) -> Predicate:
        first = self.columns[0]
        if is_absent:
            among = and_(first.is_(None), by_identity)
            return among if is_after else or_(first.is_not(None), among)
        among = self._beyond(self.columns, 0, name, is_after=is_after)
        return or_(first.is_(None), among) if is_after else among

    def _beyond(
        self, columns: Sequence[AnyColumn], start: int, name: str, *, is_after: bool
    ) -> Predicate:
        bounds: list[BindParameter[Any]] = [  # Any: of the column's type
            bindparam(f"{name}_{number}", type_=column.type)
            for number, column in enumerate(columns, start)
        ]
        is_greater = is_after is not self.is_list_descending
        if len(columns) == 1:
            return columns[0] > bounds[0] if is_greater else columns[0] < bounds[0]
        left, right = tuple_(*columns), tuple_(*bounds)
        return left > right if is_greater else left < right


def sort_names(noun_table: NounTable, ask: PageAsk) -> tuple[str, ...]:
    """Return the attributes that a list is sorted by, the identity last."""
    return (*(column.name for column in SORT_COLUMNS[ask.order.field]), noun_table.key)


def is_nullable(ask: PageAsk) -> bool:
    """Return whether the first attribute that a list is sorted by may be absent."""
    return any(column.is_nullable for column in SORT_COLUMNS[ask.order.field])


def parts_of(ask: PageAsk) -> list[Part]:
    """Return the parts of a list that may have things of the page, in the order of the walk."""
    if not is_nullable(ask):
        return [Part.WHOLE]
    parts = [Part.PRESENT, Part.ABSENT]
    if ask.after is not None and ask.after[0] is None:
        parts.remove(Part.PRESENT)
    if ask.before is not None and ask.before[0] is not None:
        parts.remove(Part.ABSENT)
    return parts[::-1] if ask.is_backward else parts


def walk_of(noun_table: NounTable, ask: PageAsk) -> Walk:
    """Return how the list that is asked for is walked."""
    return Walk(
        columns=tuple(noun_table.column(name) for name in sort_names(noun_table, ask)),
        is_nullable=is_nullable(ask),
        is_list_descending=ask.order.is_descending,
        is_backward=ask.is_backward,
    )


def key_params(name: str, key: SortKey | None, ask: PageAsk, part: Part) -> dict[str, object]:
    """Return the parameters of a key, those that the condition of the part names."""
    if key is None:
        return {}
    is_absent = is_nullable(ask) and key[0] is None
    if part is not Part.WHOLE and (part is Part.ABSENT) is not is_absent:
        return {}
    start = 1 if is_absent else 0
    return {f"{name}_{number}": key[number] for number in range(start, len(key))}
