"""A demo planted in a SQLite file, and what is read back from it."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from helpdesk.bootstrap import desk_on
from helpdesk.demo.seed import LOT, DemoAccess, seed
from helpdesk.public_holidays import public_holidays
from helpdesk.storage.database import Database, open_database
from helpdesk.testing import FrozenNow
from helpdesk.usecases.desk import Desk

T = TypeVar("T")

THURSDAY = datetime(2026, 3, 5, 10, 17, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 5, 24, 22, 5, tzinfo=UTC)
SMALL_YEAR = 60


@dataclass(frozen=True)
class Planted:
    """A demo and the file it is in."""

    path: Path
    access: DemoAccess
    now: datetime

    def rows(self, sql: str, **params: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query. Any: each query has columns of its own."""
        return rows_of(self.path, sql, **params)

    def asked(self, question: Callable[[Desk], Coroutine[Any, Any, T]]) -> T:
        """Return what somebody finds at a desk on the file, at the instant of the demo."""
        return at_a_desk(self.path, self.now, question)


def planted(
    path: Path, *, now: datetime = THURSDAY, requests: int = SMALL_YEAR, lot: int = LOT
) -> Planted:
    """Return the demo planted in a file that has every table and no row."""

    async def plant(desk: Desk) -> DemoAccess:
        return await seed(
            desks(desk), now=now, holidays_of=public_holidays, lot=lot, requests=requests
        )

    return Planted(path, at_a_desk(path, now, plant), now)


def desks(desk: Desk) -> Callable[[datetime], Desk]:
    """Return what puts the clock of a desk at an instant."""
    return lambda instant: replace(desk, now=FrozenNow(instant))


def at_a_desk(path: Path, now: datetime, work: Callable[[Desk], Coroutine[Any, Any, T]]) -> T:
    """Return what the work at a desk on the file returns."""
    return on_database(path, lambda database: work(desk_on(database, now=FrozenNow(now))))


def on_database(path: Path, work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Return what the work on the database in the file returns."""

    async def run() -> T:
        database = await open_database(f"sqlite:///{path}")
        try:
            return await work(database)
        finally:
            await database.close()

    # A loop of its own in a thread of its own: the tests' own loop may be there already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def rows_of(path: Path, sql: str, **params: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query on a file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, params).fetchall()
