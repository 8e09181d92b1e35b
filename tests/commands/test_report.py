"""`helpdesk report`: a month for a terminal and as files."""

import json
from pathlib import Path

import pytest

from helpdesk.cli import main
from helpdesk.storage.database import Database
from tests.commands.running import on
from tests.usecases.reports import july, published
from tests.usecases.world import MAILBOX, build_world

Capture = pytest.CaptureFixture[str]
ASK = ["report", "TMA-BRUNO", "--month", "2026-07", "--agency", MAILBOX]


@pytest.fixture(autouse=True)
def published_july(empty: Path) -> None:
    """Both agencies, and the report of Bruno's July."""

    async def fill(database: Database) -> None:
        world = await build_world(database)
        await july(world)
        await published(world)

    on(empty, fill)


def test_a_published_month_is_told_in_lines(capsys: Capture) -> None:
    assert main(["--lang", "fr", *ASK]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Rapport mensuel, Juillet 2026 – Agency of Alice / Bruno SA"
    assert "1. Résumé exécutif" in lines
    assert "7. Prévisions mois suivant" in lines
    assert any("Prise en charge P1 hors délai" in line for line in lines)
    assert lines[-1].startswith("Empreinte du rapport (SHA-256) : ")


def test_a_month_is_written_as_files(tmp_path: Path, capsys: Capture) -> None:
    pdf, html, document = (tmp_path / f"july.{kind}" for kind in ("pdf", "html", "json"))

    asked = ["--pdf", str(pdf), "--html", str(html), "--json", str(document)]
    assert main([*ASK, *asked]) == 0

    assert capsys.readouterr().out.split() == [str(pdf), str(html), str(document)]
    assert pdf.read_bytes().startswith(b"%PDF-1.7")
    assert html.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(document.read_bytes())["schema"] == "helpdesk-report/1"


def test_a_month_that_was_not_published_is_a_preview(capsys: Capture) -> None:
    assert main([*ASK[:3], "2026-08", *ASK[4:]]) == 0

    assert "Preview: the month is not published" in capsys.readouterr().out


def test_what_makes_no_sense_is_refused(capsys: Capture) -> None:
    assert main(["report", "TMA-NOBODY", *ASK[2:]]) == 1
    assert main([*ASK[:3], "July", *ASK[4:]]) == 1
    assert main([*ASK[:3], "2025-12", *ASK[4:]]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 3
