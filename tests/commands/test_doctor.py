"""`helpdesk doctor`: what is kept is compared with the facts, and mended when asked."""

import sqlite3
from pathlib import Path

import pytest

from helpdesk.cli import REFUSED, main
from tests.commands.running import Capture
from tests.usecases.world import MAILBOX


def spoil(database: Path) -> None:
    """Write a deadline that no fact says."""
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("UPDATE helpdesk_sla_clock SET counted_seconds = 7")
    connection.close()


def test_a_healthy_database_is_said_to_be_so(agencies: Path, capsys: Capture) -> None:
    assert main(["doctor"]) == 0

    told = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in told] == ["Agency of Alice", "Agency of Zoé"]
    assert told[0].endswith("examined, 0 tickets differ from their facts.")


def test_differences_are_named_and_left(agencies: Path, capsys: Capture) -> None:
    spoil(agencies)

    assert main(["doctor"]) == REFUSED
    assert main(["doctor"]) == REFUSED

    told = capsys.readouterr().out.splitlines()
    assert "#1 FIRST_RESPONSE#1.counted_seconds: kept 7, the facts say 0" in told


@pytest.mark.parametrize("named", [[], ["--agency", MAILBOX]])
def test_differences_are_mended_on_demand(
    agencies: Path, capsys: Capture, named: list[str]
) -> None:
    spoil(agencies)

    assert main(["doctor", "--repair", *named]) == 0
    assert main(["doctor", *named]) == 0

    told = capsys.readouterr().out.splitlines()
    assert any(line.endswith("1 tickets differ from their facts, mended.") for line in told)
    assert told[-1].endswith("0 tickets differ from their facts.")


def test_a_series_of_documents_is_looked_at(agencies: Path, capsys: Capture) -> None:
    connection = sqlite3.connect(agencies)
    with connection:
        connection.execute(
            "INSERT INTO helpdesk_document_series"
            " (agency_id, prefix, width, is_shared, last, last_hash)"
            " SELECT agency_id, 'AV2026-', 6, 0, mailbox = 'support@zoe.example', ?"
            " FROM helpdesk_agency",
            ["0" * 64],
        )
    connection.close()

    assert main(["doctor", "--repair"]) == REFUSED

    told = capsys.readouterr().out.splitlines()
    assert "Agency of Alice: series AV2026-, 0 documents, whole and chained." in told
    assert "Agency of Zoé: series AV2026-, 0 documents, 1 faults." in told
    assert any(line.startswith("AV2026-: the series says it ends with 1") for line in told)
