"""Rows become values of the domain and back, field by field of the same name."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import Enum, EnumType
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Table

from helpdesk.storage.compiled_query import Row

T = TypeVar("T")
Reader = Callable[[Any], Any]  # a column's value in, the field's value out


class RowMapper(Generic[T]):
    """Reads and writes one dataclass whose fields are columns of a table.

    `readers` say which fields are more than the column's value: an enum, a tuple, a document.
    Fields that are not columns of the table are left to the caller (`extra`).
    """

    def __init__(self, kind: type[T], table: Table, readers: Mapping[str, Reader]) -> None:
        self._kind = kind
        names = [field.name for field in fields(kind) if field.name in table.c]  # type: ignore[arg-type]  # T is a dataclass
        self._names = names
        self.columns: list[Column[Any]] = [table.c[name] for name in names]
        self._readers = [(names.index(name), _quick(read)) for name, read in readers.items()]

    def read(self, row: Row, **extra: object) -> T:
        """Return the value that a row of `columns` stands for."""
        values = list(row)
        for index, reader in self._readers:
            if values[index] is not None:
                values[index] = reader(values[index])
        return self._kind(**dict(zip(self._names, values, strict=True)), **extra)

    def params(self, value: T) -> dict[str, Any]:
        """Return the columns of a value, enums as their text and tuples as lists."""
        return {name: _plain(getattr(value, name)) for name in self._names}


def _quick(reader: Reader) -> Reader:
    """Return the reader of an enum as a look-up: calling an enum costs several times as much."""
    if isinstance(reader, EnumType):
        members: dict[object, object] = {member.value: member for member in list[Enum](reader)}
        return members.__getitem__
    return reader


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
