"""The fields of billing cases: what each operation knows, and how else a case may spell it.

What an operation does not know is left aside, and named beside the answer of a case that fails: it
is the first thing to look at.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.billing_field_names import ALIASES, IDLE, INNER, KNOWN, STARTS
from tests.conformance.billing_values import Given

FIELD_OF_ALL = ("calendars", "tz", "timezone")
"""What every case may say: the calendars of its file, and its time zone."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one operation, or of an object inside it, by the name that adapters read."""

    known: frozenset[str]
    starts: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    inner: Mapping[str, "Fields"] = field(default_factory=dict)

    def read(self, given: Given, unknown: list[str]) -> dict[str, Any]:
        """Return what a case says under the names of the adapters, and add what nobody knows."""
        read: dict[str, Any] = {}
        for written, value in given.items():
            name = self._named(written)
            if name not in self.known and not name.startswith(self.starts or ("\0",)):
                unknown.append(written)
            elif name not in read or name == written:
                read[name] = self._inside(name, value, unknown)
        return read

    def _inside(self, name: str, value: Any, unknown: list[str]) -> Any:  # Any: decoded JSON
        inner = self.inner.get(name)
        return value if inner is None else _each(lambda one: inner.read(one, unknown), value)

    def _named(self, written: str) -> str:
        """Return the name of a field: as it is, as an alias, or an instant said as `sent_at`."""
        if written in self.known:
            return written
        name = self.aliases.get(written, written)
        bare = written.removesuffix("_at")
        return bare if name not in self.known and bare in self.known else name


def read_fields(operation: str, given: Given, unknown: list[str]) -> dict[str, Any]:
    """Return the fields of a case under the names that its adapter reads, and add the others."""
    return _FIELDS[operation].read(given, unknown)


def _each(read: Callable[[Given], Any], value: Any) -> Any:  # Any: decoded JSON
    if isinstance(value, Mapping):
        return read(value)
    return [_each(read, one) for one in value] if isinstance(value, list) else value


def _all() -> Iterator[tuple[str, Fields]]:
    for operation, names in KNOWN.items():
        inner = {name: _fields(f"{operation} {name}", all_of) for name, all_of in _inner(operation)}
        yield operation, _fields(operation, names, inner)


def _inner(operation: str) -> Iterator[tuple[str, str]]:
    for place, names in INNER.items():
        within, _, name = place.partition(" ")
        if within == operation:
            yield name, names


def _fields(place: str, names: str, inner: Mapping[str, Fields] | None = None) -> Fields:
    return Fields(
        frozenset((*names.split(), *IDLE.get(place, "").split(), *FIELD_OF_ALL)),
        tuple(STARTS.get(place, "").split()),
        dict(pair.split("=") for pair in ALIASES.get(place, "").split()),
        inner or {},
    )


_FIELDS: Mapping[str, Fields] = dict(_all())
