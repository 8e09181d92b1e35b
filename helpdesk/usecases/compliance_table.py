"""Compliance figures as a table for people: names instead of identities, and a CSV of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpdesk.domain.compliance import ComplianceFigures, SlaDimension, dimensions_of
from helpdesk.domain.errors import Locale
from helpdesk.domain.month import Month, Months
from helpdesk.usecases.read_models import Noun, Reader, Wanted
from helpdesk.usecases.sla_compliance import (
    ComplianceGroup,
    ComplianceRow,
    SlaComplianceAnswer,
    SlaComplianceQuestion,
)
from helpdesk.usecases.text_table import Cell, aligned_lines, csv_bytes, hundredths

MOST_TABLE_ROWS = 20_000

_ENGLISH: Mapping[SlaDimension | str, str] = {
    SlaDimension.MONTH: "month",
    SlaDimension.CLIENT: "client",
    SlaDimension.PRIORITY: "priority",
    SlaDimension.METRIC: "metric",
    SlaDimension.AGENT: "agent",
    "total": "Total",
    "met": "met",
    "missed": "missed",
    "percent": "compliance_percent",
    "measured": "measured",
    "median": "median_seconds",
    "ninetieth": "p90_seconds",
    "running": "running_now",
    "at_risk": "at_risk_now",
    "breached": "breached_now",
    "missed_excluded": "missed_excluded",
}
_FRENCH: Mapping[SlaDimension | str, str] = {
    SlaDimension.MONTH: "mois",
    SlaDimension.CLIENT: "client",
    SlaDimension.PRIORITY: "priorité",
    SlaDimension.METRIC: "engagement",
    SlaDimension.AGENT: "intervenant",
    "total": "Total",
    "met": "tenus",
    "missed": "manqués",
    "percent": "taux_pourcent",
    "measured": "mesurés",
    "median": "médiane_secondes",
    "ninetieth": "p90_secondes",
    "running": "en_cours_maintenant",
    "at_risk": "en_alerte_maintenant",
    "breached": "dépassés_maintenant",
    "missed_excluded": "manqués_dont_exclus",
}
_WORDS = {Locale.EN: _ENGLISH, Locale.FR: _FRENCH}
_FIGURES = (
    "met",
    "missed",
    "percent",
    "measured",
    "median",
    "ninetieth",
    "running",
    "at_risk",
    "breached",
    "missed_excluded",
)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in a language: the names of the columns, a line for each group, and the total."""

    locale: Locale
    header: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...]


def table_question(first: str, last: str, group_by: str) -> SlaComplianceQuestion:
    """Return the question of a table: two months, and dimensions with commas between them.

    Raises DimensionUnknown, MonthInvalid, MonthsReversed and TooManyMonths.
    """
    months = Months(Month.parsed(first, path=("from",)), Month.parsed(last, path=("to",)))
    return SlaComplianceQuestion(months, dimensions_of(group_by), most_rows=MOST_TABLE_ROWS)


async def compliance_table(reader: Reader, answer: SlaComplianceAnswer, *, locale: Locale) -> Table:
    """Return figures as a table, with the names of clients and agents that the reader may see."""
    groups = [row.group for row in answer.rows]
    names = {
        **await _names(reader, Noun.CLIENT, (group.client_id for group in groups)),
        **await _names(reader, Noun.AGENT, (group.agent_id for group in groups)),
    }
    words = _WORDS[locale]
    columns = [*answer.group_by, *_FIGURES]
    first = [words["total"], *[None] * (len(answer.group_by) - 1)] if answer.group_by else []
    return Table(
        locale=locale,
        header=tuple(words[column] for column in columns),
        lines=tuple(_line(row, answer.group_by, names, locale) for row in answer.rows),
        total=(*first, *_figures(answer.total.figures, locale)),
    )


def csv_of(table: Table) -> bytes:
    """Return a table as CSV that Excel opens in the reader's language; see `csv_bytes`."""
    return csv_bytes((table.header, *table.lines, table.total), locale=table.locale)


def aligned(table: Table) -> list[str]:
    """Return a table as lines for a terminal, the columns under each other."""
    columns = range(len(table.header))
    figures = columns[len(table.header) - len(_FIGURES) :]
    return aligned_lines((table.header, *table.lines, table.total), figures=figures)


async def _names(reader: Reader, noun: Noun, ids: Iterable[str | None]) -> dict[str, str]:
    distinct = [one for one in dict.fromkeys(ids) if one is not None]
    found = await reader.by_ids(noun, distinct, Wanted(leaves={"name"}))
    return {thing_id: thing.name for thing_id, thing in found.items()}


def _line(
    row: ComplianceRow,
    group_by: Sequence[SlaDimension],
    names: Mapping[str, str],
    locale: Locale,
) -> tuple[Cell, ...]:
    labels = (_label(row.group, dimension, names) for dimension in group_by)
    return (*labels, *_figures(row.figures, locale))


def _label(group: ComplianceGroup, dimension: SlaDimension, names: Mapping[str, str]) -> Cell:
    if dimension is SlaDimension.MONTH:
        return str(group.month)
    if dimension is SlaDimension.PRIORITY:
        return group.priority
    if dimension is SlaDimension.METRIC:
        return group.metric
    thing_id = group.client_id if dimension is SlaDimension.CLIENT else group.agent_id
    return names.get(thing_id or "")


def _figures(figures: ComplianceFigures, locale: Locale) -> tuple[Cell, ...]:
    clocks = figures.open_clocks
    return (
        figures.met,
        figures.missed,
        _percent(figures.hundredths_of_percent, locale),
        figures.measured,
        figures.median_seconds,
        figures.ninetieth_seconds,
        None if clocks is None else clocks.running,
        None if clocks is None else clocks.at_risk,
        None if clocks is None else clocks.breached,
        figures.missed_excluded,
    )


def _percent(value: int | None, locale: Locale) -> str | None:
    return None if value is None else hundredths(value, locale=locale)
