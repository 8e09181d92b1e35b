"""Cursors: where a thing stands in an order, opaque and checked when it comes back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime
from typing import ClassVar

import orjson

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.usecases.read_models import (
    SORT_COLUMNS,
    Order,
    SortColumn,
    SortKey,
    SortKind,
    SortValue,
)

_LONGEST = 2000
_IDENTITY = SortColumn("id", SortKind.TEXT)
_LARGEST_NUMBER = 2**53


class CursorMalformed(HelpdeskError):
    """A cursor is given back as it was received, to the list and the order that it came from."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "`{argument}` is not a cursor of this list in this order: give one from `pageInfo` or "
        "`edges`, with the same `orderBy`."
    )
    french: ClassVar[str] = (
        "« {argument} » n'est pas un curseur de cette liste dans cet ordre : donnez-en un de "
        "`pageInfo` ou de `edges`, avec le même `orderBy`."
    )


def cursor(order: Order, key: SortKey) -> str:
    """Return the cursor of a thing that stands at this key."""
    return urlsafe_b64encode(orjson.dumps([_name(order), *key], option=orjson.OPT_UTC_Z)).decode()


def parse_cursor(given: str, order: Order, *, argument: str) -> SortKey:
    """Return the key that a cursor stands for. Raises CursorMalformed."""
    columns = (*SORT_COLUMNS[order.field], _IDENTITY)
    try:
        name, *values = orjson.loads(urlsafe_b64decode(given[:_LONGEST]))
        key = tuple(_value(column, value) for column, value in zip(columns, values, strict=True))
    except (NotBase64, ValueError, TypeError, OverflowError):
        raise CursorMalformed(path=(argument,), argument=argument) from None
    if name != _name(order):
        raise CursorMalformed(path=(argument,), argument=argument)
    return key


def _name(order: Order) -> str:
    return f"-{order.field.value}" if order.is_descending else order.field.value


def _value(column: SortColumn, value: object) -> SortValue:
    if value is None and column.is_nullable:
        return None
    if column.kind is SortKind.NUMBER and type(value) is int and abs(value) < _LARGEST_NUMBER:
        return value
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    if column.kind is SortKind.TEXT:
        return value
    if column.kind is SortKind.INSTANT:
        instant = datetime.fromisoformat(value)
        if instant.utcoffset() is not None:
            return instant.astimezone(UTC)
    raise ValueError(value)
