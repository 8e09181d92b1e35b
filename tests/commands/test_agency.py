"""`helpdesk agency create`: the first thing after the tables."""

from pathlib import Path

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.cli import main
from helpdesk.domain.access import ActorKind, Scope
from helpdesk.usecases.authenticate import authenticate
from tests.commands.running import Capture, on
from tests.demo.planting import rows_of

WORDS = ("agency", "create", "Atelier Été", "--manager", "Alice Martin")
ADDRESSES = ("--mailbox", "Support@Atelier.example", "--email", "alice@atelier.example")
TABLES = ("agency", "agent", "token", "calendar", "calendar_version")


def _counts(path: Path) -> list[int]:
    return [len(rows_of(path, f"SELECT * FROM helpdesk_{table}")) for table in TABLES]  # noqa: S608


def test_an_agency_starts_with_a_manager_who_may_come_in(empty: Path, capsys: Capture) -> None:
    assert main([*WORDS, *ADDRESSES]) == 0

    told = capsys.readouterr().out
    assert told.startswith("Agency Atelier Été, written to at support@atelier.example.\n")
    secret = told.rpartition("Bearer ")[2].strip()
    viewer = on(empty, lambda database: authenticate(desk_on(database), secret))
    assert (viewer.kind, viewer.name) == (ActorKind.AGENT, "Alice Martin")
    assert viewer.scopes == frozenset(Scope)
    assert rows_of(empty, "SELECT code FROM helpdesk_calendar ORDER BY code") == [
        ("continuous",),
        ("ouvrable6",),
        ("ouvre24h",),
        ("ouvre5",),
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (ADDRESSES, "belongs to Atelier Été already"),
        (("--mailbox", "nowhere", "--email", "a@b.example"), "nowhere is not a mail address"),
        ((*ADDRESSES[:2], "--email", "alice"), "alice is not a mail address"),
        ((*ADDRESSES, "--zone", "Europe/Lutece"), "Europe/Lutece"),
        ((*ADDRESSES, "--holidays", "XX"), "XX"),
        ((*ADDRESSES, "--subdivision", "Lutece"), "Lutece"),
    ],
)
def test_what_makes_no_sense_makes_nothing(
    empty: Path, capsys: Capture, options: tuple[str, ...], said: str
) -> None:
    assert main([*WORDS, *ADDRESSES]) == 0
    before = _counts(empty)
    capsys.readouterr()

    assert main([*WORDS, *options]) == 1

    assert said in capsys.readouterr().err
    assert _counts(empty) == before


def test_a_name_of_blanks_is_refused(empty: Path, capsys: Capture) -> None:
    assert main(["agency", "create", "  ", "--manager", "Alice", *ADDRESSES]) == 1

    assert "`name` is empty" in capsys.readouterr().err
    assert _counts(empty) == [0, 0, 0, 0, 0]
