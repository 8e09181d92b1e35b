"""`helpdesk statement`: a forfait's month for a terminal and for a spreadsheet."""

import csv
import io
from pathlib import Path

import pytest

from helpdesk.cli import main
from helpdesk.storage.database import Database
from tests.commands.running import on
from tests.usecases.retainers import RUN, opened
from tests.usecases.world import MAILBOX, build_world

BinaryCapture = pytest.CaptureFixture[bytes]
ASK = ["statement", "TMA-BRUNO", "--month", "2026-07", "--agency", MAILBOX]


@pytest.fixture(autouse=True)
def two_hours(empty: Path) -> None:
    """Both agencies, and two hours for Bruno in July."""

    async def fill(database: Database) -> None:
        await opened(await build_world(database), RUN, 120)

    on(empty, fill)


def test_a_statement_stands_in_columns_above_its_gauge(capfdbinary: BinaryCapture) -> None:
    assert main(ASK) == 0

    header, opening, granted, closing, blank, gauge = (
        capfdbinary.readouterr().out.decode().splitlines()
    )
    assert header.split()[:3] == ["contract", "unit", "period"]
    assert opening.split()[-3:] == ["Opening", "balance", "0"]
    assert granted.split()[-4:] == ["Alice", "120", "120", "120"]
    assert closing.split()[-1] == "120"
    assert (blank, gauge) == ("", "0 of 120 minutes of small changes used (0%)")


def test_a_statement_is_written_as_csv_in_the_language_that_is_asked_for(
    capfdbinary: BinaryCapture,
) -> None:
    assert main(["--lang", "fr", *ASK, "--csv", "--unit", "run_minutes"]) == 0

    text = io.StringIO(capfdbinary.readouterr().out.decode("utf-8-sig"), newline="")
    rows = list(csv.reader(text, delimiter=";"))
    assert [row[5] for row in rows] == [
        "mouvement",
        "Solde d'ouverture",
        "Dotation",
        "Solde de clôture",
    ]


def test_a_contract_that_is_not_there_is_refused(capfdbinary: BinaryCapture) -> None:
    assert main(["statement", "TMA-9", "--month", "2026-07", "--agency", MAILBOX]) == 1
    assert main([*ASK, "--unit", "hours"]) == 1

    said = capfdbinary.readouterr()
    assert said.out == b""
    missing, unknown = said.err.decode().splitlines()
    assert "TMA-9" in missing
    assert "CORRECTIVE_TICKETS, RUN_MINUTES, PACK_MINUTES" in unknown
