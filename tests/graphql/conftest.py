"""The world of the API's tests, on SQLite and, where it matters, on PostgreSQL."""

import pytest

from helpdesk.storage.database import Database
from tests.graphql.api import Api
from tests.graphql.world import World, build_world, secret_of


@pytest.fixture
async def world(sqlite_database: Database) -> World:
    """Two agencies on SQLite."""
    return await build_world(sqlite_database)


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
