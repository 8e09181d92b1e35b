"""What the loaders of neighbours need of the reader that called them."""

from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

from helpdesk.domain.access import Viewer
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.reads.noun_table import AnySelect, NounTable
from helpdesk.usecases.ports import Records
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted

if TYPE_CHECKING:
    from helpdesk.storage.reads.calendar_reads import CalendarShelf

Write: TypeAlias = Callable[[bool], AnySelect]
"""Writes a statement, for a viewer bound to a client or not."""


class Loader(Protocol):
    """A reader, as those see it who load what stands beside its things."""

    viewer: Viewer
    at: datetime
    clocks: list[Thing]
    calendars: "CalendarShelf"

    async def rows(self, shape: Hashable, write: Write, **params: object) -> list[Row]:
        """Return the rows of the statement of a shape, held to the agency and to the client."""
        ...

    async def agency_rows(
        self, shape: Hashable, write: Callable[[], AnySelect], **params: object
    ) -> list[Row]:
        """Return the rows of a statement about what no client owns, held to the agency."""
        ...

    def records(self) -> AbstractAsyncContextManager[Records]:
        """Open the records of the agency to read what the rules compute figures from.

        They are not held to the client of the viewer: ask only about things that he was given.
        """
        ...

    async def by_ids(self, noun: Noun, ids: Sequence[str], wanted: Wanted) -> dict[str, Thing]:
        """Return the things with these identities, by identity."""
        ...

    async def fill(self, table: NounTable, things: Sequence[Thing], wanted: Wanted) -> None:
        """Load the neighbours that are wanted of some things."""
        ...


class LoadBeside(Protocol):
    """Gives each of the things what lies along a branch."""

    async def __call__(
        self, loader: Loader, things: Sequence[Thing], branch: Branch, wanted: Wanted, /
    ) -> None:
        """Load it for all of them at once."""
        ...
