"""Rows put into the database and read out of it, past the engine."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.storage.database import Connection, Database
from helpdesk.storage.query import Query, insert
from helpdesk.storage.tables.base import METADATA
from helpdesk.storage.tables.ticket import TICKET
from tests.graphql.world import MONDAY

_ADD_TICKET = Query(insert(TICKET))


async def everything_in(database: Database) -> Mapping[str, list[Any]]:  # Any: rows
    """Return every row of every table, so that a test can say that nothing changed."""
    rows = {}
    async with database.reading() as connection:
        for table in METADATA.sorted_tables:
            query = Query.across_agencies(select(table), reason="a test compares everything")
            rows[table.name] = sorted(map(repr, await connection.fetch_all(query)))
    return rows


async def add_tickets(database: Database, count: int, *, client: str = "bruno") -> None:
    """Add tickets of a client whose sort keys are often equal, and often absent."""
    async with database.writing() as connection:
        for number in range(count):
            await connection.execute(_ADD_TICKET, **a_ticket_row(number, client))


def a_ticket_row(number: int, client: str) -> dict[str, object]:
    """Return the row of a ticket; neighbours have the same instants."""
    opened_at = MONDAY - timedelta(hours=number // 3)
    row: dict[str, object] = dict.fromkeys(column.name for column in TICKET.columns)
    return row | {
        "agency_id": "agency-alice",
        "id": f"{client}-{number:04}",
        "number": f"{client}-{number}",
        "client_id": f"client-{client}",
        "requester_id": f"contact-{client}",
        "site_id": f"site-{client}",
        "contract_id": f"contract-{client}",
        "subject": f"Ticket {number} of {client}",
        "description": "Broken",
        "channel": "MAIL",
        "kind": "CORRECTIVE",
        "impact": "MINOR",
        "urgency": "NORMAL",
        "priority": f"P{number % 4}",
        "criticality": "STANDARD",
        "status": "NEW",
        "is_requester_unconfirmed": False,
        "opened_at": opened_at,
        "updated_at": MONDAY + timedelta(hours=number % 5),
        "version": 1,
        "next_deadline_at": None if number % 3 else MONDAY + timedelta(hours=number % 4),
    }


@dataclass
class CountingDatabase:
    """A database that counts the statements which are read through it."""

    inner: Database
    texts: list[str] = field(default_factory=list)

    @property
    def statements(self) -> int:
        """How many there were."""
        return len(self.texts)

    @property
    def dialect_name(self) -> Any:  # Any: as the inner one says
        """Say which database it is."""
        return self.inner.dialect_name

    def note(self, query: Query) -> None:
        """Count a statement."""
        self.texts.append(query.compiled_for(self.inner.dialect_name).sql)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Give a connection that counts."""
        async with self.inner.reading() as connection:
            yield _Counting(connection, self)

    def writing(self) -> Any:  # Any: as the inner one gives
        """Give a transaction, which is not counted."""
        return self.inner.writing()

    def listening(self, channel: str, heard: Callable[[], None]) -> Any:
        """Hear what the inner one hears. Any: as the inner one gives."""
        return self.inner.listening(channel, heard)

    async def now(self) -> datetime:
        """Return the time of the inner database."""
        return await self.inner.now()

    async def close(self) -> None:
        """Close the inner database."""
        await self.inner.close()


@dataclass
class _Counting:
    connection: Connection
    database: CountingDatabase

    async def fetch_all(self, query: Query, /, **params: object) -> Any:  # Any: rows
        self.database.note(query)
        return await self.connection.fetch_all(query, **params)

    async def fetch_one(self, query: Query, /, **params: object) -> Any:  # Any: a row
        self.database.note(query)
        return await self.connection.fetch_one(query, **params)

    def __getattr__(self, name: str) -> Any:  # Any: whatever the connection has
        return getattr(self.connection, name)
