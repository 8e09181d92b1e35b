"""Databases for tests: `database` runs a test on SQLite, then on PostgreSQL."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from helpdesk.storage.database import Database, open_database
from helpdesk.storage.schema_upgrade import upgrade
from tests.databases import PostgresServer, ServerReaper

_REAPER = pytest.StashKey[ServerReaper]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the end of the server that a test may start."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        config.stash[_REAPER] = ServerReaper()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, once every worker is done with it."""
    if _REAPER in config.stash:
        config.stash[_REAPER].reap()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table and no row."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The PostgreSQL of the run."""
    return PostgresServer()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a SQLite database with every table and no row."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'helpdesk.db')}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a PostgreSQL database with every table and no row."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with every table and no row, on SQLite then on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table, on SQLite then on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database("template1") as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with every table and no row, on SQLite then on PostgreSQL."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """A SQLite database with every table and no row, for what needs only one of the two."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()
