"""The schema reaches a revision, and nothing differs from the tables."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from helpdesk.storage import schema_upgrade
from helpdesk.storage.errors import ForeignKeyViolation, StorageError
from helpdesk.storage.tables.base import METADATA

SHIPPED = Path(__file__).parents[2] / "migrations"

BREAKS_A_REFERENCE = """
from alembic import op
revision = "0001"
down_revision = None
def upgrade() -> None:
    op.execute("CREATE TABLE helpdesk_a (id INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE helpdesk_b (a INTEGER REFERENCES helpdesk_a (id))")
    op.execute("INSERT INTO helpdesk_b VALUES (1)")
"""


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A folder of migrations without a revision."""
    folder = tmp_path / "100% migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        shutil.copy(SHIPPED / name, folder)
    return folder


def tables_of(url: str) -> set[str]:
    def names(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    return schema_upgrade.on_database(url, names)


def test_the_schema_is_that_of_the_tables(database_url: str) -> None:
    assert schema_upgrade.check(database_url) == []
    assert schema_upgrade.current(database_url) == schema_upgrade.latest()


def test_a_difference_is_named(empty_database_url: str) -> None:
    differences = schema_upgrade.check(empty_database_url)

    assert any("add_table" in each and "helpdesk_ticket" in each for each in differences)


def test_tables_of_a_host_application_are_not_ours(database_url: str) -> None:
    schema_upgrade.on_database(
        database_url, lambda opened: opened.execute(text("CREATE TABLE invoice (id INTEGER)"))
    )

    assert schema_upgrade.check(database_url) == []


def test_a_revision_goes_up_and_down(empty_database_url: str, migrations: Path) -> None:
    url = empty_database_url
    assert schema_upgrade.latest(migrations=migrations) is None

    written = schema_upgrade.new_revision(url, "first tables", migrations=migrations)
    schema_upgrade.upgrade(url, migrations=migrations)

    assert written.name == "0001_first_tables.py"
    assert "column_types.Instant()" in written.read_text()
    assert "AutoString" not in written.read_text()
    assert schema_upgrade.latest(migrations=migrations) == "0001"
    assert schema_upgrade.current(url) == "0001"
    assert schema_upgrade.check(url) == []
    assert tables_of(url) == {*METADATA.tables, schema_upgrade.VERSION_TABLE}

    schema_upgrade.downgrade(url, "base", migrations=migrations)

    assert schema_upgrade.current(url) is None
    assert tables_of(url) == {schema_upgrade.VERSION_TABLE}


def test_what_is_shipped_goes_up_and_down(database_url: str) -> None:
    schema_upgrade.downgrade(database_url, "base")
    assert tables_of(database_url) == {schema_upgrade.VERSION_TABLE}

    schema_upgrade.upgrade(database_url)
    assert schema_upgrade.check(database_url) == []


def test_two_upgrades_at_once_take_turns(empty_database_url: str, migrations: Path) -> None:
    url = empty_database_url
    schema_upgrade.new_revision(url, "first tables", migrations=migrations)

    with ThreadPoolExecutor(2) as threads:
        for done in [
            threads.submit(schema_upgrade.upgrade, url, migrations=migrations) for _ in range(2)
        ]:
            done.result()

    assert schema_upgrade.check(url) == []


def test_a_migration_that_fails_leaves_nothing(empty_database_url: str, migrations: Path) -> None:
    revision = migrations / "versions" / "0001_broken.py"
    revision.write_text(BREAKS_A_REFERENCE)

    with pytest.raises(Exception, match="helpdesk_b"):
        schema_upgrade.upgrade(empty_database_url, migrations=migrations)

    assert tables_of(empty_database_url) == set()


def test_a_migration_of_a_file_may_not_leave_orphans(tmp_path: Path, migrations: Path) -> None:
    (migrations / "versions" / "0001_broken.py").write_text(BREAKS_A_REFERENCE)

    with pytest.raises(ForeignKeyViolation, match="1 rows point at nothing: helpdesk_b"):
        schema_upgrade.upgrade(f"sqlite:///{tmp_path / 'x.db'}", migrations=migrations)


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.db", "postgresql://localhost:1/x"])
def test_a_database_that_cannot_be_reached_is_said_so(url: str) -> None:
    with pytest.raises(StorageError):
        schema_upgrade.current(url)
