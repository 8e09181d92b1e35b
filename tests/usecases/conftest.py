"""Where the verbs are tried: two agencies at work."""

import pytest

from helpdesk.storage.database import Database
from tests.usecases.world import World, build_world


@pytest.fixture
async def world(sqlite_database: Database) -> World:
    """Two agencies on SQLite."""
    return await build_world(sqlite_database)


@pytest.fixture
async def both_worlds(database: Database) -> World:
    """Two agencies, on SQLite then on PostgreSQL."""
    return await build_world(database)
