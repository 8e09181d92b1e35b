"""JSON of other programs read with care: what is not as it should be is named, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import orjson

TEXT_LIMIT = 2_000
"""Characters that are kept of any text of a tool; the whole call is kept beside."""


class Unexpected(ValueError):
    """What was given is not what the tool writes; the text says where and how."""


@dataclass(frozen=True, slots=True)
class Given:
    """A JSON object of another program, and where in the document it stands."""

    values: Mapping[str, Any]  # Any: decoded JSON
    where: str = ""

    @classmethod
    def parsed(cls, text: str | bytes) -> Self:
        """Return the object that a JSON text is. Raises Unexpected."""
        try:
            decoded = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise Unexpected(f"not JSON ({error})") from None
        if not isinstance(decoded, dict):
            raise Unexpected("not a JSON object")
        return cls(decoded)

    def has(self, name: str) -> bool:
        """Return whether there is a value under this name."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text or a number as text; the default where there is none."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Unexpected(f"{self._at(name)} is no text")
        return str(value)[:TEXT_LIMIT]

    def choice(self, name: str, *known: str) -> str:
        """Return one of the known texts."""
        value = self.text(name)
        if value not in known:
            raise Unexpected(f"{self._at(name)} is none of {', '.join(known)}")
        return value

    def number(self, name: str) -> float:
        """Return a number that is neither infinite nor none."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unexpected(f"{self._at(name)} is no number")
        return value

    def part(self, name: str) -> "Given":
        """Return an object."""
        return self._of(self.values.get(name), self._at(name))

    def parts(self, name: str) -> "list[Given]":
        """Return the objects of a list; none where there is no list at all."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Unexpected(f"{self._at(name)} is no list")
        return [self._of(one, f"{self._at(name)}[{place}]") for place, one in enumerate(value)]

    def named(self, name: str) -> "dict[str, Given]":
        """Return the objects of an object by their names; none where there is no object at all."""
        if not self.has(name):
            return {}
        every = self.part(name)
        return {str(key): every.part(key) for key in every.values}

    def instant(self, name: str) -> datetime | None:
        """Return an instant with its offset, in UTC; None for none, or for Go's zero time."""
        if not self.has(name):
            return None
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            raise Unexpected(f"{self._at(name)} is no date and time") from None
        if moment.tzinfo is None:
            raise Unexpected(f"{self._at(name)} has no offset")
        return None if moment.year == 1 else moment.astimezone(UTC)

    def second(self, name: str) -> datetime | None:
        """Return an instant given in seconds since 1970, in UTC; None for none."""
        if not self.has(name):
            return None
        try:
            return datetime.fromtimestamp(float(self.text(name)), UTC)
        except (ValueError, OverflowError, OSError):
            raise Unexpected(f"{self._at(name)} is no second since 1970") from None

    def _of(self, value: object, where: str) -> "Given":
        if not isinstance(value, dict):
            raise Unexpected(f"{where} is no object")
        return Given(value, where)

    def _at(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name
