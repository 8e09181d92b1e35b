"""One transaction of one agency: every query carries the agency, writes wait to go together."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, bindparam

from helpdesk.domain.ids import AgencyId
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.database import Connection
from helpdesk.storage.query import Query

MINE: BindParameter[str] = bindparam("agency_id")
"""The agency that a statement is bound to; the session gives it."""


class Session:
    """A connection that speaks for one agency.

    `write` and `add` collect statements; they reach the database together, in order, before the
    next read and at the end. A refused row is thus reported at the latest by `flush`.
    """

    def __init__(self, connection: Connection, agency_id: AgencyId) -> None:
        self._connection = connection
        self.agency_id = agency_id
        self._pending: list[tuple[Query, Mapping[str, object]]] = []
        self.has_step_soon = False
        """Whether a clock was written whose next step comes soon, so that sleepers are woken."""

    async def fetch_all(self, query: Query, **params: object) -> list[Row]:
        """Return the rows of a query of this agency."""
        await self.flush()
        return await self._connection.fetch_all(query, agency_id=self.agency_id, **params)

    async def fetch_one(self, query: Query, **params: object) -> Row | None:
        """Return the first row of a query of this agency."""
        await self.flush()
        return await self._connection.fetch_one(query, agency_id=self.agency_id, **params)

    async def fetch_batch(self, *steps: tuple[Query, Mapping[str, object]]) -> list[list[Row]]:
        """Return the rows of several queries of this agency, fetched in one hop."""
        await self.flush()
        return await self._connection.fetch_batch(
            [(query, {**params, "agency_id": self.agency_id}) for query, params in steps]
        )

    async def execute(self, query: Query, **params: object) -> int:
        """Run a statement now and return how many rows it wrote."""
        await self.flush()
        return await self._connection.execute(query, agency_id=self.agency_id, **params)

    async def write(self, query: Query, **params: object) -> None:
        """Run a statement before the next read or at the end."""
        self._pending.append((query, {**params, "agency_id": self.agency_id}))

    async def add(self, query: Query, params: Mapping[str, Any]) -> None:
        """Write a row of which some columns are given; the agency is ours whatever they say."""
        await self.write(query, **{k: v for k, v in params.items() if k != "agency_id"})

    async def flush(self) -> None:
        """Send what waits."""
        if self._pending:
            pending, self._pending = self._pending, []
            await self._connection.execute_batch(pending)
