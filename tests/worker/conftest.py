"""What the worker finds: two agencies on a database, and the same database opened twice."""

from collections.abc import AsyncIterator

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.domain.notification import Delivery, NotificationTopic
from helpdesk.storage.database import Database, open_database
from helpdesk.usecases.desk import Desk
from tests.usecases.mails import Door
from tests.usecases.notifications import choose
from tests.usecases.world import World, build_world


@pytest.fixture
async def world(database: Database) -> World:
    """Two agencies, on SQLite then on PostgreSQL."""
    return await build_world(database)


@pytest.fixture
async def door(world: World) -> Door:
    """The mail door of both agencies; Alice is not told of new tickets."""
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.OFF)
    return Door(world)


@pytest.fixture
async def second_desk(world: World, database_url: str) -> AsyncIterator[Desk]:
    """The desk of another process on the same database, with the same clock on its wall."""
    opened = await open_database(database_url)
    yield desk_on(opened, now=world.now)
    await opened.close()
