"""The world of the API's tests, on SQLite and, where it matters, on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpdesk.storage.database import Database, open_database
from tests.databases import run_apart
from tests.graphql.api import Api
from tests.graphql.world import World, build_world, same_world, secret_of


@dataclass
class Kept:
    """A world in a file, made once for the run."""

    path: Path
    world: World | None = None


@pytest.fixture(scope="session")
def kept_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Two agencies in a file that is copied for each test."""
    kept = Kept(tmp_path_factory.mktemp("world") / "world.db")
    shutil.copy(sqlite_template, kept.path)

    async def build() -> None:
        database = await open_database(f"sqlite:///{kept.path}")
        kept.world = await build_world(database)
        await database.close()

    run_apart(build())
    return kept


@pytest.fixture
async def world(kept_world: Kept, tmp_path: Path) -> AsyncIterator[World]:
    """Two agencies on SQLite."""
    assert kept_world.world is not None
    path = shutil.copy(kept_world.path, tmp_path / "world.db")
    database = await open_database(f"sqlite:///{path}")
    yield same_world(kept_world.world, database)
    await database.close()


@pytest.fixture
async def both_worlds(database: Database) -> World:
    """Two agencies, on SQLite then on PostgreSQL."""
    return await build_world(database)


@pytest.fixture
def alice(world: World) -> Api:
    """The API as Alice, who works at the agency, sees it."""
    return world.api(secret_of("alice"))


@pytest.fixture
def bruno(world: World) -> Api:
    """The API as Bruno, who is a client's, sees it."""
    return world.api(secret_of("bruno"))
