"""`helpdesk db`: the schema goes up and down, is checked, and is required by every other word."""

from pathlib import Path

import pytest

from helpdesk.cli import main
from helpdesk.storage import schema_upgrade
from tests.commands.running import Capture


def test_it_goes_up_and_down_and_is_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("HELPDESK_DATABASE_URL", f"sqlite:///{folder / 'new.db'}")
    latest = schema_upgrade.latest()

    assert main(["db", "upgrade"]) == 0
    assert capsys.readouterr().out == f"at revision {latest}\n"
    assert main(["db", "check"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["db", "downgrade", "base"]) == 0
    assert capsys.readouterr().out == "at revision base\n"
    assert main(["db", "check"]) == 1
    assert "helpdesk_ticket" in capsys.readouterr().out


def test_an_unknown_revision_is_refused(empty: Path, capsys: Capture) -> None:
    assert main(["db", "downgrade", "nowhere"]) == 1

    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "",
        "StorageError: Can't locate revision identified by 'nowhere'\n",
    )
    assert schema_upgrade.current(f"sqlite:///{empty}") == schema_upgrade.latest()


@pytest.mark.parametrize("words", ["serve", "worker", "serve --only mail", "explain 1"])
def test_another_schema_is_refused_with_what_to_do(
    empty: Path, capsys: Capture, words: str
) -> None:
    schema_upgrade.downgrade(f"sqlite:///{empty}", "base")

    assert main(words.split()) == 1

    assert capsys.readouterr().err == (
        f"StorageError: sqlite:///{empty} is at revision none "
        f"and {schema_upgrade.latest()} is needed: run `helpdesk db upgrade` first\n"
    )


def test_a_database_of_another_make_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("HELPDESK_DATABASE_URL", "mysql://desk:hunter2@localhost/desk")

    assert main(["db", "upgrade"]) == 1

    assert capsys.readouterr().err == (
        "StorageError: 'mysql' is no database that we know: sqlite:///file or postgresql://\n"
    )
