"""An empty folder to work in, and the databases that commands find there."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.domain.agency import Agency
from helpdesk.domain.errors import Locale
from helpdesk.storage.database import Database
from tests.commands.running import on
from tests.factories import AGENCY_ID
from tests.usecases.world import MAILBOX, build_world


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with no setting but those of the test."""
    for name in [name for name in os.environ if name.startswith("HELPDESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def empty(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with every table and no row, in force."""
    monkeypatch.setenv("HELPDESK_DATABASE_URL", sqlite_url)
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def agencies(empty: Path) -> Path:
    """A database with both agencies and a ticket of Bruno's, in force."""

    async def fill(database: Database) -> None:
        await (await build_world(database)).ticket()

    on(empty, fill)
    return empty


@pytest.fixture
def alices(empty: Path) -> Path:
    """A database with Alice's agency alone, in force."""

    async def fill(database: Database) -> None:
        agency = Agency(AGENCY_ID, "Agency of Alice", Locale.FR, "Europe/Paris", MAILBOX)
        async with desk_on(database).store.transaction(AGENCY_ID) as records:
            await records.agencies.add_agency(agency)

    on(empty, fill)
    return empty


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """What puts bytes on the standard input."""

    def put(raw: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))

    return put
