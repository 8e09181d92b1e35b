"""Reads things by selection, level by level: one query for each kind of neighbour, not each row."""

from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from helpdesk.domain.access import Viewer
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query
from helpdesk.storage.reads import statements
from helpdesk.storage.reads.calendar_reads import CalendarShelf, all_calendars
from helpdesk.storage.reads.loader import Write
from helpdesk.storage.reads.noun_table import AnySelect, NounTable, ToMany
from helpdesk.storage.reads.noun_tables import NOUN_TABLES
from helpdesk.storage.reads.ordering import parts_of, sort_names
from helpdesk.storage.reads.statements import Shape, StatementShelf
from helpdesk.storage.store import SqlRecords
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.storage.version_shelf import VersionShelf
from helpdesk.usecases.read_models import (
    THINGS,
    Branch,
    Noun,
    Page,
    PageAsk,
    SortKey,
    Thing,
    Wanted,
    thing_of,
)


class SqlReader:
    """Reads for one viewer at one instant, in one agency."""

    def __init__(
        self,
        database: Database,
        shelf: StatementShelf,
        calendars: CalendarShelf,
        *,
        viewer: Viewer,
        at: datetime,
    ) -> None:
        self.viewer = viewer
        self.at = at
        self.clocks: list[Thing] = []
        self._shelf = shelf
        self.calendars = calendars
        self._is_client = not viewer.is_of_agency
        self._database = database
        self._held: dict[str, object] = {"agency_id": viewer.agency_id}
        if self._is_client:
            self._held["client_id"] = viewer.client_id

    async def fetch(self, query: Query, **params: object) -> list[Row]:
        """Return the rows of a query, held to the viewer's agency, and to its client if bound."""
        async with self._database.reading() as connection:
            return await connection.fetch_all(query, **self._held, **params)

    async def rows(self, shape: Hashable, write: Write, **params: object) -> list[Row]:
        """Return the rows of the statement of a shape, held to the agency and to the client."""
        query = self._shelf.get((shape, self._is_client), lambda: write(self._is_client))
        return await self.fetch(query, **params)

    async def agency_rows(
        self, shape: Hashable, write: Callable[[], AnySelect], **params: object
    ) -> list[Row]:
        """Return the rows of a statement about what no client owns, held to the agency."""
        query = self._shelf.get(shape, write)
        async with self._database.reading() as connection:
            return await connection.fetch_all(query, agency_id=self.viewer.agency_id, **params)

    @asynccontextmanager
    async def records(self) -> AsyncIterator[SqlRecords]:
        """Open the records of the agency, to read."""
        async with self._database.reading() as connection:
            yield SqlRecords(connection, self.viewer.agency_id, VersionShelf(), locks=False)

    async def page(self, noun: Noun, ask: PageAsk, wanted: Wanted) -> Page:
        """Return a page of all the things of a kind."""
        table = NOUN_TABLES[noun]
        page = Page(order=ask.order)
        if not table.exists_for(is_client=self._is_client):
            page.total = 0
            return page
        if wanted.has_rows:
            page = await self._whole_page(table, ask, wanted)
        if wanted.is_counted:
            shape = Shape(table, self._is_client, (), _uncut(ask))
            query = self._shelf.get(("count", shape.key()), lambda: statements.count(shape))
            [[page.total]] = await self.fetch(query, **shape.params(self.at))
        return page

    async def by_ids(self, noun: Noun, ids: Sequence[str], wanted: Wanted) -> dict[str, Thing]:
        """Return the things with these identities, by identity; strangers are left out."""
        table = NOUN_TABLES[noun]
        if not ids or not table.exists_for(is_client=self._is_client):
            return {}
        names = self._names(table, wanted)
        query = self._shelf.get(
            ("by_ids", noun, self._is_client, names),
            lambda: statements.by_ids(table, names, is_client=self._is_client),
        )
        rows = await self.fetch(query, ids=ids)
        things = await self._things(table, names, rows, wanted)
        key = names.index(table.key)
        return {row[key]: thing for row, thing in zip(rows, things, strict=True)}

    async def ticket_id(self, number: str) -> str | None:
        """Return the identity of the ticket with this number, None when there is none."""
        rows = await self.rows("ticket_id", _ticket_by_number, number=number)
        return rows[0][0] if rows else None

    async def all_calendars(self) -> list[Thing]:
        """Return every calendar of the agency as it stands now; none for a client."""
        return [] if self._is_client else await all_calendars(self, self.at)

    async def fill(self, table: NounTable, things: Sequence[Thing], wanted: Wanted) -> None:
        """Load the neighbours that are wanted of some things."""
        for branch, sub in wanted.branches.items():
            if branch.name in table.ones:
                await self._fill_one(table, things, branch, sub)
            elif branch.name in table.manys:
                await self._fill_many(table.manys[branch.name], things, branch, sub)
            elif branch.name in table.beside:
                await table.beside[branch.name].load(self, things, branch, sub)
        for name in table.beside.keys() & wanted.leaves:
            await table.beside[name].load(self, things, Branch(name), Wanted())

    async def children(
        self, noun: Noun, column: str, parents: Sequence[str], wanted: Wanted
    ) -> dict[str, list[Thing]]:
        """Return all the things that name one of the parents in a column, by parent."""
        table = NOUN_TABLES[noun]
        names = self._names(table, wanted)
        query = self._shelf.get(
            ("children", noun, self._is_client, names, column),
            lambda: statements.of_parents(table, names, column, is_client=self._is_client),
        )
        rows = await self.fetch(query, parents=parents)
        things = await self._things(table, names, [row[1:] for row in rows], wanted)
        found: dict[str, list[Thing]] = {parent: [] for parent in parents}
        for row, thing in zip(rows, things, strict=True):
            found[row[0]].append(thing)
        return found

    async def _whole_page(self, table: NounTable, ask: PageAsk, wanted: Wanted) -> Page:
        shape = Shape(table, self._is_client, self._names(table, wanted, ask), ask)
        rows: list[Row] = []
        for part in parts_of(ask):
            limit = ask.size + 1 - len(rows)
            rows += await self._part(replace(shape, part=part), limit) if limit > 0 else []
        things = await self._things(table, shape.names, rows[: ask.size], wanted)
        return _page(shape, rows, things)

    async def _part(self, shape: Shape, limit: int) -> list[Row]:
        query = self._shelf.get(("page", shape.key()), lambda: statements.page(shape))
        return await self.fetch(query, limit=limit, **shape.params(self.at))

    async def _things(
        self, table: NounTable, names: Sequence[str], rows: Iterable[Row], wanted: Wanted
    ) -> list[Thing]:
        kind = THINGS[table.noun]
        things = [thing_of(kind, dict(zip(names, row, strict=True))) for row in rows]
        derived = [name for name in table.derived if _is_wanted(name, wanted)]
        hidden = table.private & wanted.leaves if self._is_client else frozenset()
        for thing in things if derived or hidden else ():
            values = thing.__dict__
            values.update({name: table.derived[name].value(values, self.at) for name in derived})
            values.update(dict.fromkeys(hidden))
        if things:
            await self.fill(table, things, wanted)
        return things

    def _names(
        self, table: NounTable, wanted: Wanted, ask: PageAsk | None = None
    ) -> tuple[str, ...]:
        names = {table.key}
        for name in wanted.leaves | {branch.name for branch in wanted.branches}:
            names |= _columns_for(table, name)
        if self._is_client:
            names -= table.private
        if ask is not None:
            names.update(sort_names(table, ask))
        return tuple(sorted(names))

    async def _fill_one(
        self, table: NounTable, things: Sequence[Thing], branch: Branch, wanted: Wanted
    ) -> None:
        to_one = table.ones[branch.name]
        ids = [thing.__dict__[to_one.column] for thing in things]
        distinct = list(dict.fromkeys(one for one in ids if one is not None))
        found = await self.by_ids(to_one.noun, distinct, wanted)
        for thing, one in zip(things, ids, strict=True):
            thing.__dict__[branch.name] = found.get(one)

    async def _fill_many(
        self, to_many: ToMany, things: Sequence[Thing], branch: Branch, wanted: Wanted
    ) -> None:
        parents = list(dict.fromkeys(thing.id for thing in things))
        found: dict[str, Any] = (
            await self._pages(to_many, parents, branch.ask, wanted)
            if isinstance(branch.ask, PageAsk)
            else await self.children(to_many.noun, to_many.column, parents, wanted)
        )
        for thing in things:
            thing.keep(branch, found[thing.id])

    async def _pages(
        self, to_many: ToMany, parents: Sequence[str], ask: PageAsk, wanted: Wanted
    ) -> dict[str, Page]:
        table = NOUN_TABLES[to_many.noun]
        pages = {parent: Page(order=ask.order) for parent in parents}
        for page in pages.values():
            page.total = 0
        if not table.exists_for(is_client=self._is_client):
            return pages
        if wanted.has_rows:
            pages |= await self._rows_of_each(table, to_many.column, parents, ask, wanted)
        if wanted.is_counted:
            shape = Shape(table, self._is_client, (), _uncut(ask), parent=to_many.column)
            query = self._shelf.get(
                ("counts", shape.key()), lambda: statements.count_of_each(shape, to_many.column)
            )
            counts = await self.fetch(query, parents=parents, **shape.params(self.at))
            for parent, total in counts:
                pages[parent].total = total
        return pages

    async def _rows_of_each(
        self, table: NounTable, parent: str, parents: Sequence[str], ask: PageAsk, wanted: Wanted
    ) -> dict[str, Page]:
        names = self._names(table, wanted, ask)
        shape = Shape(table, self._is_client, names, ask, parent=parent)
        query = self._shelf.get(
            ("pages", shape.key()), lambda: statements.page_of_each(shape, parent)
        )
        rows = await self.fetch(query, parents=parents, limit=ask.size + 1, **shape.params(self.at))
        by_parent: dict[str, list[Row]] = {}
        for row in rows:
            by_parent.setdefault(row[0], []).append(row[1:])
        kept = [row for group in by_parent.values() for row in group[: ask.size]]
        things = iter(await self._things(table, names, kept, wanted))
        found = {}
        for owner, group in by_parent.items():
            found[owner] = _page(shape, group, [next(things) for _ in group[: ask.size]])
            found[owner].total = 0
        return found


def _page(shape: Shape, rows: Sequence[Row], things: list[Thing]) -> Page:
    """Return a page of the rows that were fetched, one more than the page if there is more."""
    ask, has_more = shape.ask, len(rows) > shape.ask.size
    names = sort_names(shape.noun_table, ask)
    places = [shape.names.index(name) for name in names]
    keys: list[SortKey] = [tuple(row[place] for place in places) for row in rows[: ask.size]]
    if ask.is_backward:
        things.reverse()
        keys.reverse()
    return Page(
        things,
        keys,
        order=ask.order,
        has_next=ask.before is not None if ask.is_backward else has_more,
        has_previous=has_more if ask.is_backward else ask.after is not None,
    )


def _ticket_by_number(is_client: bool) -> AnySelect:  # noqa: FBT001 - called back by the reader
    table = NOUN_TABLES[Noun.TICKET]
    return select(TICKET.c.id).where(
        *table.held(is_client=is_client), TICKET.c.number == bindparam("number")
    )


def _uncut(ask: PageAsk) -> PageAsk:
    return replace(ask, after=None, before=None, is_backward=False)


def _is_wanted(name: str, wanted: Wanted) -> bool:
    return name in wanted.leaves or any(branch.name == name for branch in wanted.branches)


def _columns_for(table: NounTable, name: str) -> set[str]:
    if name in table.derived:
        return set(table.derived[name].columns)
    if name in table.ones:
        return {table.ones[name].column}
    if name in table.beside:
        return set(table.beside[name].columns)
    if name in table.manys:
        return {"id"}
    return {name}
