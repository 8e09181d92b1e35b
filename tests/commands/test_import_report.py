"""`helpdesk import-report`: what a tool found about a site, from a file."""

from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk.cli import main
from helpdesk.storage.database import Database
from tests.commands.running import on
from tests.factories import AGENCY_ID
from tests.usecases.monitoring import BRUNOS_SITE
from tests.usecases.world import MAILBOX, build_world

FIXTURES = Path(__file__).parents[1] / "monitoring" / "fixtures"


@pytest.fixture(autouse=True)
def two_sites_of_one_name(empty: Path) -> None:
    """Bruno's site, and another of the same name at another address."""

    async def fill(database: Database) -> None:
        world = await build_world(database)
        async with world.desk.store.transaction(AGENCY_ID) as records:
            site = await records.clients.site(BRUNOS_SITE)
            assert site is not None
            for number in (1, 2):
                twin = f"twin-{number}"
                await records.clients.add_site(
                    replace(
                        site, id=type(site.id)(twin), name="twin", url=f"https://{twin}.example"
                    )
                )

    on(empty, fill)


def run(*arguments: str) -> int:
    """Return the exit code of the command."""
    return main(["import-report", *arguments, "--agency", MAILBOX])


def test_what_a_report_adds_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    audit, scan = str(FIXTURES / "npm_audit.json"), str(FIXTURES / "wpscan.json")

    assert run("https://bruno.example/", audit) == 0
    assert run("bruno.example", audit) == 0
    assert run("twin-1", scan, "--format", "WPSCAN") == 0

    assert capsys.readouterr().out.splitlines() == [
        f"{audit}: 1 check, 2 vulnerability",
        f"{audit}: 1 check",
        f"{scan}: 1 check, 3 vulnerability",
    ]


def test_bad_files_and_doubtful_sites_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "report.html"
    other.write_text("<html>", encoding="utf-8")
    audit = str(FIXTURES / "npm_audit.json")

    assert run("bruno.example", str(other)) == 1
    assert run("bruno.example", audit, "--format", "LIGHTHOUSE") == 1
    assert run("bruno.example", str(tmp_path / "absent")) == 1
    assert run("nobody.example", audit) == 1
    assert run("twin", audit) == 1

    said = capsys.readouterr()
    html, wrong, absent, unknown, twins = said.err.splitlines()
    assert said.out == ""
    assert "not JSON" in html
    assert "lighthouseVersion" in wrong
    assert absent.startswith("FileNotFoundError")
    assert "nobody.example" in unknown
    assert twins == "2 sites are called “twin”: give the address of one."
