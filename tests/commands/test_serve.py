"""`helpdesk serve` and `helpdesk worker`: they run until they are told to stop."""

import json
import socket
from pathlib import Path

import pytest

from helpdesk.cli import main
from helpdesk.storage import schema_upgrade
from tests.commands.running import Capture, told_to_stop

SERVE = ("serve", "--port", "0", "--mail-port", "0")


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize("words", ["worker", "serve --only mail --mail-port 0"])
def test_a_part_runs_alone(words: str) -> None:
    with told_to_stop():
        assert main(words.split()) == 0


@pytest.mark.usefixtures("agencies")
def test_the_command_line_wins_over_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HELPDESK_HOST", "no.such.host.example")
    monkeypatch.setenv("HELPDESK_CAUGHT_MAIL_FOLDER", "caught")

    with told_to_stop():
        assert main([*SERVE, "--host", "127.0.0.1"]) == 0


def test_a_demo_that_was_made_before_is_found_again(folder: Path, capsys: Capture) -> None:
    demo = folder / "var" / "demo"
    demo.mkdir(parents=True)
    way = dict.fromkeys(("agency", "mailbox", "token", "client", "client_name"), "x")
    (demo / "way-in.json").write_text(json.dumps(way | {"client_token": "hd_bruno"}), "utf-8")

    with told_to_stop():
        assert main([*SERVE, "--demo"]) == 0

    assert "hd_bruno" in capsys.readouterr().out
    assert schema_upgrade.current(f"sqlite:///{demo / 'helpdesk.sqlite3'}") is not None


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize(("door", "expected"), [("--port", 3), ("--mail-port", 1)])
def test_a_port_that_is_taken_is_a_failure(door: str, expected: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        try:
            code: object = main([*SERVE, door, port])
        except SystemExit as end:
            code = end.code

    assert code == expected
