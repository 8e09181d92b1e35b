"""Statements of forfaits as the doors show them."""

from collections.abc import Sequence

from helpdesk.domain.errors import Locale
from helpdesk.domain.gauge import Gauge
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_statement import RetainerStatement, movement_title
from helpdesk.usecases.read_models import Thing


def statement_thing(
    statement: RetainerStatement, entries: Sequence[Thing], *, locale: Locale
) -> Thing:
    """Return a statement, with its movements as they were read, in the same order."""
    sums, zone = statement.sums, statement.terms.periods.zone
    return Thing(
        unit=statement.terms.unit,
        name=statement.period.named(zone, locale),
        zone=zone.key,
        period_start=statement.period.start,
        period_end=statement.period.end,
        opening=sums.opening,
        closing=sums.closing,
        sums=[Thing(kind=kind, quantity=sums.of(kind)) for kind in EntryKind if sums.of(kind)],
        over=sums.overage,
        uncounted=sums.uncounted,
        is_balanced=sums.is_balanced,
        amounts=statement.amounts,
        gauge=gauge_thing(statement.gauge, locale=locale),
        lines=[
            Thing(title=movement_title(line.entry, zone, locale), left=line.left, entry=entry)
            for line, entry in zip(statement.lines, entries, strict=True)
        ],
    )


def gauge_thing(gauge: Gauge, *, locale: Locale) -> Thing:
    """Return a gauge with its words."""
    return Thing(
        total=None if gauge.is_unlimited else gauge.total,
        used=gauge.used,
        over=gauge.over,
        left=gauge.left,
        percent=gauge.percent,
        state=gauge.state,
        text=gauge.told(locale),
    )
