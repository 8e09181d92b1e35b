"""Versions of what was agreed: which of them count once some were corrected."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar


class Version(Protocol):
    """A numbered version that counts from an instant on, or replaces another that did."""

    @property
    def version(self) -> int:
        """Its number: a later one was written later."""
        ...

    @property
    def effective_from(self) -> datetime:
        """From when it counts, in UTC."""
        ...

    @property
    def corrects(self) -> int | None:
        """The number of the version that it replaces as a whole."""
        ...


V = TypeVar("V", bound=Version)


def latest_corrections(versions: Iterable[V]) -> tuple[V, ...]:
    """Return the versions without those that were corrected, in the order they take over in.

    A correction may be corrected itself, and a version twice: the latest correction stands, from
    the instant at which the version that was corrected first took effect.
    """
    firsts: dict[int, V] = {}
    standing: dict[int, V] = {}
    for version in sorted(versions, key=lambda one: one.version):
        corrected = version.version if version.corrects is None else version.corrects
        first = firsts.setdefault(version.version, firsts.get(corrected, version))
        standing[first.version] = _from(first.effective_from, version)
    return tuple(sorted(standing.values(), key=lambda one: one.effective_from))


def latest_in_force(versions: Iterable[V], at: datetime) -> V:
    """Return the version that counts at `at`; before the first one, the first one."""
    counting = latest_corrections(versions)
    in_force = [version for version in counting if version.effective_from <= at]
    return in_force[-1] if in_force else counting[0]


def _from(effective_from: datetime, version: V) -> V:
    if version.effective_from == effective_from:
        return version
    # Every version is a frozen dataclass; the protocol cannot say so.
    return replace(version, effective_from=effective_from)  # type: ignore[type-var]
