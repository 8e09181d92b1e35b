"""What the wheel holds."""

import tomllib
from pathlib import Path

from helpdesk.domain.letter_kind import LetterKind

ROOT = Path(__file__).parents[2]


def test_every_package_is_in_the_wheel() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]

    folders = {path.parent for path in (ROOT / "helpdesk").rglob("*.py")}
    named = {".".join(folder.relative_to(ROOT).parts) for folder in folders}

    assert set(settings["packages"]) == named | {"helpdesk._migrations"}


def test_the_words_of_the_mails_are_in_the_wheel() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    mail = ROOT / "helpdesk" / "mail"

    packed = {
        path for pattern in settings["package-data"]["helpdesk.mail"] for path in mail.glob(pattern)
    }

    written = {path for path in (mail / "templates").rglob("*") if path.is_file()}
    assert len(written) > len(LetterKind)
    assert written <= packed


def test_the_migrations_are_inside_the_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]

    assert settings["package-dir"] == {"helpdesk._migrations": "migrations"}
    assert "versions/*.py" in settings["package-data"]["helpdesk._migrations"]
