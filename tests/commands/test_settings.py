"""`helpdesk config`: what is in force, and what is refused whatever the word."""

from dataclasses import fields
from pathlib import Path

import pytest

from helpdesk.cli import main
from helpdesk.config import Settings
from tests.commands.running import Capture


def test_each_is_shown_with_where_it_comes_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    file = folder / "helpdesk.toml"
    file.write_text('smtp_host = "relay"\n', "utf-8")
    monkeypatch.setenv("HELPDESK_CONFIG", str(file))
    monkeypatch.setenv("HELPDESK_GRAPHIQL", "yes")

    assert main(["config"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" = ")[0] for line in lines] == [field.name for field in fields(Settings)]
    assert "port = 8000  # default" in lines
    assert f'smtp_host = "relay"  # {file}' in lines
    assert "graphiql = true  # environment" in lines
    assert 'smtp_password = ""  # default' in lines


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("smtp_password", "hunter2", "***"),
        ("database_url", "postgresql://desk:hunter2@db/desk", '"postgresql://desk:***@db/desk"'),
        ("database_url", "postgresql://:hunt@er2@db/desk", '"postgresql://:***@db/desk"'),
        (
            "database_url",
            "postgresql://db/desk?user=desk&password=hunter2&x=1",
            '"postgresql://db/desk?user=desk&password=***&x=1"',
        ),
        ("database_url", "sqlite:///a:b@c.db", '"sqlite:///a:b@c.db"'),
    ],
)
def test_a_secret_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    name: str,
    value: str,
    shown: str,
) -> None:
    monkeypatch.setenv(f"HELPDESK_{name.upper()}", value)

    assert main(["config"]) == 0

    assert f"{name} = {shown}  # environment" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("language", "start"),
    [
        ("en", "environment sets prot, which no setting is called. Known: caught_mail_folder,"),
        ("fr", "environment règle prot, qui n'existe pas. Réglages : caught_mail_folder,"),
    ],
)
def test_an_unknown_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, language: str, start: str
) -> None:
    monkeypatch.setenv("HELPDESK_PROT", "9000")

    assert main(["--lang", language, "config"]) == 1

    said = capsys.readouterr()
    assert (said.out, said.err[: len(start)]) == ("", start)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("log_level", "DEBUG | INFO | WARNING | ERROR | CRITICAL"),
        ("mail_listen_protocol", "smtp | lmtp"),
    ],
)
def test_a_word_that_is_no_choice_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, name: str, wanted: str
) -> None:
    monkeypatch.setenv(f"HELPDESK_{name.upper()}", "loud")

    assert main(["config"]) == 1

    assert capsys.readouterr().err == f"environment: {name} = 'loud' is not {wanted}.\n"


def test_a_broken_file_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (folder / "helpdesk.toml").write_text("port = \n", "utf-8")
    monkeypatch.setenv("HELPDESK_CONFIG", "helpdesk.toml")

    assert main(["config"]) == 1

    assert capsys.readouterr().err.startswith("helpdesk.toml is no TOML file: Invalid value")


def test_a_secret_of_the_wrong_kind_is_not_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (folder / "helpdesk.toml").write_text("smtp_password = 2222\n", "utf-8")
    monkeypatch.setenv("HELPDESK_CONFIG", "helpdesk.toml")

    assert main(["config"]) == 1

    assert capsys.readouterr().err == "helpdesk.toml: smtp_password = '***' is not a text.\n"
