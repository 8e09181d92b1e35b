"""Where the door is tried: two agencies at work."""

import pytest

from helpdesk.storage.database import Database
from tests.usecases.world import World, build_world


@pytest.fixture
async def world(sqlite_database: Database) -> World:
    """Two agencies on SQLite."""
    return await build_world(sqlite_database)
