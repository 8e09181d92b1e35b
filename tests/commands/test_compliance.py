"""`helpdesk compliance`: figures for a terminal and for a spreadsheet."""

import csv
import io
from pathlib import Path

import pytest

from helpdesk.cli import main
from helpdesk.storage.database import Database
from tests.commands.running import on
from tests.usecases.clocks import put_stopped_clock
from tests.usecases.world import MAILBOX, build_world

BinaryCapture = pytest.CaptureFixture[bytes]
ASK = ["compliance", "--from", "2026-01", "--to", "2026-03", "--agency", MAILBOX]


@pytest.fixture(autouse=True)
def kept_promise(empty: Path) -> None:
    """Both agencies, and a promise to Bruno that was kept in March."""

    async def fill(database: Database) -> None:
        world = await build_world(database)
        await put_stopped_clock(world, world.bruno, "03-10 10:00")

    on(empty, fill)


def test_figures_stand_in_columns(capfdbinary: BinaryCapture) -> None:
    assert main([*ASK, "--by", "month,client"]) == 0

    header, row, total = capfdbinary.readouterr().out.decode().splitlines()
    assert header.split()[:4] == ["month", "client", "met", "missed"]
    assert row.split()[:5] == ["2026-03", "Bruno", "SA", "1", "0"]
    assert total.split()[:3] == ["Total", "1", "0"]


def test_figures_are_written_as_csv_in_the_language_that_is_asked_for(
    capfdbinary: BinaryCapture,
) -> None:
    assert main(["--lang", "fr", *ASK, "--csv"]) == 0

    content = capfdbinary.readouterr().out
    assert content.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    header, row, total = csv.reader(text, delimiter=";")
    assert header[:3] == ["engagement", "tenus", "manqués"]
    assert row[:4] == ["FIRST_RESPONSE", "1", "0", "100,00"]
    assert total[:2] == ["Total", "1"]


def test_what_makes_no_sense_is_refused(capfdbinary: BinaryCapture) -> None:
    assert main(["--lang", "fr", *ASK, "--by", "site"]) == 1
    assert main(["compliance", "--from", "x", "--to", "2026-07", "--agency", MAILBOX]) == 1

    said = capfdbinary.readouterr()
    french, english = said.err.decode().splitlines()
    assert said.out == b""
    assert french.startswith("Les chiffres ne se groupent pas par « site »")
    assert english == "“x” is not a month: write it as 2026-07, from 2000 to 2099."
