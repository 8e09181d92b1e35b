"""The column types that mean the same on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, overload

import orjson
from sqlalchemy import ARRAY, BigInteger, DateTime, Dialect, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from helpdesk.storage.errors import NaiveDatetimeRefused

ID_LENGTH = 32
INSTANT_LENGTH = len("2026-03-29T01:00:00.000000Z")

JsonValue = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None

# orjson would write a datetime or a dataclass as something that does not come back as it was.
_JSON_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class Id(TypeDecorator[str]):
    """An opaque identity: 32 lowercase hexadecimal characters."""

    impl = String(ID_LENGTH)
    cache_ok = True


class Instant(TypeDecorator[datetime]):
    """A moment, as an aware datetime in UTC; a naive one is refused.

    PostgreSQL has a type for it. SQLite keeps text of a fixed width, so that the order of the
    text is the order of time and an index serves both.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(INSTANT_LENGTH))
        return dialect.type_descriptor(DateTime(timezone=True))

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object]:
        return instant_to_text if dialect.name == "sqlite" else _require_aware

    @override
    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[str | None], datetime | None] | None:
        # asyncpg already gives aware datetimes in UTC.
        return instant_from_text if dialect.name == "sqlite" else None


class Json(TypeDecorator[JsonValue]):
    """A JSON document; None is the absence of one (SQL NULL).

    PostgreSQL keeps JSONB, which does not remember the order of keys; SQLite keeps the text.
    """

    impl = Text
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # Any: the two databases keep it as different Python types.
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(Text())

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[JsonValue], str | None]:
        return _json_to_text

    @override
    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[str | None], JsonValue] | None:
        # On PostgreSQL the codec of the connection has already read the document.
        return _json_from_text if dialect.name == "sqlite" else None


class ContainedText(TypeDecorator[str]):
    """A text that another one contains, for LIKE with the escape `!`: what it holds is itself."""

    impl = String
    cache_ok = True

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        return _contained


class ValueList(TypeDecorator[Iterable[str] | Iterable[int]]):
    """A list of ids, codes or numbers given to a query as one parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, *, of_integers: bool = False) -> None:
        super().__init__()
        self.of_integers = of_integers

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # Any: a list for one database, a text for the other.
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(BigInteger() if self.of_integers else Text()))

    @override
    def bind_processor(
        self, dialect: Dialect
    ) -> Callable[[Iterable[str] | Iterable[int] | None], object]:
        return _list_of if dialect.name == "postgresql" else _json_list_of


@overload
def instant_to_text(value: datetime) -> str: ...
@overload
def instant_to_text(value: None) -> None: ...
def instant_to_text(value: datetime | None) -> str | None:
    """Return the fixed-width text of an instant, in UTC, to the microsecond.

    >>> instant_to_text(datetime(2026, 3, 29, 1, tzinfo=UTC))
    '2026-03-29T01:00:00.000000Z'
    """
    if value is None:
        return None
    if value.tzinfo is not UTC:
        _require_aware(value)
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:26] + "Z"


def instant_from_text(text: str | None) -> datetime | None:
    """Return the instant that `instant_to_text` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def _require_aware(value: datetime | None) -> datetime | None:
    if value is not None and value.utcoffset() is None:
        raise NaiveDatetimeRefused(f"{value!r} has no time zone: give an aware datetime")
    return value


def _json_to_text(value: object) -> str | None:
    return None if value is None else orjson.dumps(value, option=_JSON_OPTIONS).decode()


def _json_from_text(text: str | None) -> JsonValue:
    # Any: orjson.loads is typed so, and JSON is what it gives.
    return None if text is None else orjson.loads(text)


def _list_of(values: Iterable[object] | None) -> list[object]:
    return list(values or ())


def _json_list_of(values: Iterable[object] | None) -> str:
    return orjson.dumps(list(values or ())).decode()


def _contained(text: str | None) -> str | None:
    if text is None:
        return None
    escaped = text.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"
