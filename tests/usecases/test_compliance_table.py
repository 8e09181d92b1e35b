"""Figures as a table: names, both languages, and a CSV that spreadsheets open unharmed."""

import csv
import io
from dataclasses import replace

import pytest

from helpdesk.domain.compliance import SlaDimension
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month, Months
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric
from helpdesk.storage.reads.sql_reads import SqlReads
from helpdesk.usecases.compliance_table import Table, aligned, compliance_table, csv_of
from helpdesk.usecases.sla_compliance import SlaComplianceQuestion
from helpdesk.usecases.text_table import Cell
from tests.factories import ALICE, at
from tests.usecases.clocks import asked, put_clock, put_stopped_clock, put_ticket
from tests.usecases.world import World

SPRING = Months(Month(2026, 3), Month(2026, 4))

NO_CLOCKS = (None, None, None, 0)


async def table(world: World, *group_by: SlaDimension, locale: Locale = Locale.EN) -> Table:
    question = SlaComplianceQuestion(SPRING, group_by)
    answer = await asked(world, world.alice, question)
    reader = SqlReads(world.database, world.desk.timelines).reader(world.alice, answer.at)
    return await compliance_table(reader, answer, locale=locale)


async def three_clocks(world: World) -> None:
    """Put two promises of Bruno's that were kept, and one of Chloé's that was broken."""
    await put_stopped_clock(world, world.bruno, "03-10 10:00")
    await put_stopped_clock(world, world.bruno, "03-11 10:00")
    ticket_id = await put_ticket(world, world.chloe, agent_id=ALICE.agent_id)
    await put_clock(world, world.chloe, ticket_id, breached_at=at("04-10 10:00"))


def read_back(content: bytes, separator: str) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


async def test_clients_and_agents_have_names(both_worlds: World) -> None:
    await three_clocks(both_worlds)

    shown = await table(
        both_worlds,
        SlaDimension.MONTH,
        SlaDimension.CLIENT,
        SlaDimension.PRIORITY,
        SlaDimension.METRIC,
        SlaDimension.AGENT,
    )

    metric, priority = SlaMetric.FIRST_RESPONSE, Priority.P2
    assert shown.lines == (
        ("2026-03", "Bruno SA", priority, metric, None, 2, 0, "100.00", 2, 3600, 3600, *NO_CLOCKS),
        (
            "2026-04",
            "Chloé SARL",
            priority,
            metric,
            "Alice",
            0,
            1,
            "0.00",
            0,
            None,
            None,
            *NO_CLOCKS,
        ),
    )
    assert shown.total == ("Total", *[None] * 4, 2, 1, "66.66", 2, 3600, 3600, *NO_CLOCKS)


async def test_french_excel_opens_it(world: World) -> None:
    await three_clocks(world)

    content = csv_of(await table(world, SlaDimension.CLIENT, locale=Locale.FR))

    header, _, chloe, total = read_back(content, ";")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert header[:5] == ["client", "tenus", "manqués", "taux_pourcent", "mesurés"]
    assert chloe[:4] == ["Chloé SARL", "0", "1", "0,00"]
    assert total[:4] == ["Total", "2", "1", "66,66"]


async def test_others_get_commas_and_points(world: World) -> None:
    await three_clocks(world)

    content = csv_of(await table(world, SlaDimension.CLIENT))

    header, *_, total = read_back(content, ",")
    assert header == [
        "client",
        "met",
        "missed",
        "compliance_percent",
        "measured",
        "median_seconds",
        "p90_seconds",
        "running_now",
        "at_risk_now",
        "breached_now",
        "missed_excluded",
    ]
    assert total == ["Total", "2", "1", "66.66", "2", "3600", "3600", "", "", "", "0"]


async def test_figures_of_nothing_are_empty_cells(world: World) -> None:
    for grouping in ((SlaDimension.METRIC,), ()):
        shown = await table(world, *grouping)

        assert shown.lines == ()
        assert len(shown.total) == len(shown.header)
        assert shown.total[len(grouping) :] == (0, 0, None, 0, None, None, None, None, None, 0)


@pytest.mark.parametrize(
    "name",
    ['=HYPERLINK("http://evil.example")', "+33 1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1+1"],
)
def test_a_name_that_looks_like_a_formula_is_read_as_text(name: str) -> None:
    cells: tuple[Cell, ...] = (name, 1)
    shown = Table(Locale.EN, ("client", "met"), (cells,), ("Total", 1))

    _, line, _ = read_back(csv_of(shown), ",")

    assert line == [f"'{name}", "1"]


def test_separators_quotes_and_lines_in_a_name_stay_in_its_cell() -> None:
    name = 'Crêperie "Chez; Anne, Zoé"\nau port'
    shown = Table(Locale.FR, ("client", "tenus"), ((name, 1),), ("Total", 1))

    assert read_back(csv_of(shown), ";")[1] == [name, "1"]
    assert read_back(csv_of(replace(shown, locale=Locale.EN)), ",")[1] == [name, "1"]


async def test_a_terminal_shows_columns(world: World) -> None:
    await three_clocks(world)

    header, bruno, _, total = aligned(await table(world, SlaDimension.CLIENT))

    assert header.split()[:3] == ["client", "met", "missed"]
    assert bruno.split()[:4] == ["Bruno", "SA", "2", "0"]
    end_of_met = header.index("met") + len("met")
    assert (bruno[end_of_met - 1], total[end_of_met - 1]) == ("2", "2")
