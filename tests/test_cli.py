"""The command line as a whole: half a command is refused, and the schema is printed."""

from pathlib import Path

import pytest

from helpdesk.cli import main

SCHEMA = Path(__file__).parents[1] / "schema.graphql"


def test_the_schema_is_the_one_of_the_repository(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export-schema"]) == 0

    assert capsys.readouterr().out == SCHEMA.read_text("utf-8")


@pytest.mark.parametrize("words", ["", "mail", "db", "token", "fly", "serve --only everything"])
def test_half_a_command_is_a_usage_error(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words.split())

    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: helpdesk")
