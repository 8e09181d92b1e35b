"""The revision of a database's schema, and what differs between the schema and the tables."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, TypeVar

import asyncpg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import AutoString

from helpdesk.storage import postgres_errors, sqlite_errors
from helpdesk.storage.column_types import Id, Instant, Json
from helpdesk.storage.errors import ForeignKeyViolation, StorageError
from helpdesk.storage.tables.base import METADATA

T = TypeVar("T")

VERSION_TABLE = "helpdesk_schema_version"
TABLE_PREFIX = "helpdesk_"

_LOCK = f"SELECT pg_advisory_xact_lock(hashtext('{VERSION_TABLE}'))"
_FILE = "sqlite:///"
_LOCK_TIMEOUT = 30.0
_PACKAGE = Path(__file__).parents[1]


def upgrade(url: str, revision: str = "head", *, migrations: Path | None = None) -> None:
    """Bring a database to a revision, in one transaction.

    An absent SQLite file is created, with its folder. Two processes that upgrade at once take
    turns, and the second finds nothing left to do.
    """
    if url.startswith(_FILE):
        Path(url.removeprefix(_FILE)).parent.mkdir(parents=True, exist_ok=True)
    on_database(url, lambda opened: _migrate(opened, command.upgrade, revision, migrations))


def downgrade(url: str, revision: str, *, migrations: Path | None = None) -> None:
    """Take a database back to a revision, in one transaction; "base" is the empty schema."""
    on_database(url, lambda opened: _migrate(opened, command.downgrade, revision, migrations))


def current(url: str) -> str | None:
    """Return the revision that a database is at, None when it has no schema yet."""
    return on_database(url, lambda connection: _context_of(connection).get_current_revision())


def latest(*, migrations: Path | None = None) -> str | None:
    """Return the revision that this version of the program needs, None before the first one."""
    return ScriptDirectory.from_config(_config(None, migrations)).get_current_head()


def check(url: str, metadata: MetaData = METADATA) -> list[str]:
    """Return each difference between a database's schema and the tables of the program."""

    def compare(connection: Connection) -> list[str]:
        differences = compare_metadata(_context_of(connection), metadata)
        # A changed column comes as a list of its changes.
        return [str(item) for each in differences for item in _as_list(each)]

    return on_database(url, compare)


def new_revision(url: str, message: str, *, migrations: Path | None = None) -> Path:
    """Write the migration from a database at the latest revision to the tables of the program."""

    def write(connection: Connection) -> Path:
        config = _config(connection, migrations)
        known = list(ScriptDirectory.from_config(config).walk_revisions())
        script = command.revision(config, message, autogenerate=True, rev_id=f"{len(known) + 1:04}")
        [written] = [each for each in _as_list(script) if each is not None]
        return Path(written.path)

    return on_database(url, write)


def migration_options() -> dict[str, Any]:
    """Return how alembic is to compare and to write, for `migrations/env.py` as well.

    Any: each option has a type of its own.
    """
    return {
        "target_metadata": METADATA,
        "version_table": VERSION_TABLE,
        "include_name": _is_ours,
        "render_item": _render_type,
        # SQLite changes a table by copying it; the same script is good for both databases.
        "render_as_batch": True,
        "compare_type": True,
    }


def on_database(url: str, work: Callable[[Connection], T]) -> T:
    """Return what the work returns, done in one transaction of SQLAlchemy's."""
    if url.startswith(_FILE):
        return _on_file(url.removeprefix(_FILE), work)
    if not url.startswith(("postgresql://", "postgres://")):
        scheme = url.partition("://")[0]
        raise StorageError(
            f"{scheme!r} is no database that we know: sqlite:///file or postgresql://"
        )
    # A loop of our own in a thread of its own: the caller may be inside another.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_on_server(url, work))).result()


def _on_file(path: str, work: Callable[[Connection], T]) -> T:
    def connect() -> sqlite3.Connection:
        # Without foreign keys, as copying a table would otherwise delete what points at it.
        return sqlite3.connect(path, timeout=_LOCK_TIMEOUT, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            return work(connection)
    except DBAPIError as error:
        if not isinstance(error.orig, sqlite3.Error):
            raise
        raise sqlite_errors.translated(error.orig) from error
    finally:
        engine.dispose()


async def _on_server(url: str, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=NullPool
    )
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    except postgres_errors.DRIVER_ERRORS as error:
        raise postgres_errors.translated(error) from error
    finally:
        await engine.dispose()


def _migrate(
    connection: Connection,
    migrate: Callable[[Config, str], None],
    revision: str,
    migrations: Path | None,
) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    take_turn = "BEGIN IMMEDIATE" if on_sqlite else _LOCK
    connection.exec_driver_sql(take_turn)
    try:
        migrate(_config(connection, migrations), revision)
    except CommandError as error:
        raise StorageError(str(error)) from error
    # They were not enforced meanwhile, see `_on_file`.
    if on_sqlite and (orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise ForeignKeyViolation(f"{len(orphans)} rows point at nothing", table=orphans[0][0])


def _config(connection: Connection | None, migrations: Path | None) -> Config:
    config = Config(attributes={"connection": connection})
    location = str(migrations or _migrations_directory())
    config.set_main_option("script_location", location.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _migrations_directory() -> Path:
    # In a wheel the migrations are inside the package, in a checkout beside it.
    shipped = _PACKAGE / "_migrations"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "migrations"


def _context_of(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts=migration_options())


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    # A host application may keep its own tables in the same database.
    return kind != "table" or (name is not None and name.startswith(TABLE_PREFIX))


def _render_type(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String({getattr(item.impl, 'length', None) or ''})"
    if isinstance(item, Id | Instant | Json):
        context.imports.add("from helpdesk.storage import column_types")
        return f"column_types.{type(item).__name__}()"
    return False


def _as_list(item: Any) -> list[Any]:  # Any: alembic gives one thing or a list of them
    return item if isinstance(item, list) else [item]
