"""Databases that hold the shelf, the tables of these tests."""

from collections.abc import AsyncIterator

import pytest

from helpdesk.storage.database import Database, open_database
from helpdesk.storage.schema_upgrade import on_database
from tests.storage.shelf import METADATA


@pytest.fixture
def shelf_url(empty_database_url: str) -> str:
    """The address of a database with an empty shelf, on SQLite then on PostgreSQL."""
    on_database(empty_database_url, METADATA.create_all)
    return empty_database_url


@pytest.fixture
async def shelf(shelf_url: str) -> AsyncIterator[Database]:
    """A database with an empty shelf, on SQLite then on PostgreSQL."""
    opened = await open_database(shelf_url)
    yield opened
    await opened.close()
