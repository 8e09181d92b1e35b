"""The demo that most of these tests look at, planted once."""

import shutil
from pathlib import Path

import pytest

from tests.demo.planting import Planted, planted


@pytest.fixture(scope="session")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """A demo with a small year, seen on a Thursday morning."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    return planted(Path(shutil.copy(sqlite_template, path)))


@pytest.fixture
def empty_file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A file that has every table and no row."""
    return Path(shutil.copy(sqlite_template, tmp_path / "empty.db"))
