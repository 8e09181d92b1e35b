"""The three lines that the engine proposes for the summary of a month; a person has the last word.

The first says how the month went, the second how the sites did, the third what is to be decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.domain.consumption import Consumption
from helpdesk.domain.errors import Locale
from helpdesk.domain.gauge import GaugeState
from helpdesk.domain.monthly_report import MOST_SUMMARY_LINES
from helpdesk.domain.report_lines import AlertKind, ReportLines, SlaVerdict
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.ticket import UNFINISHED

_MISSED_KINDS = frozenset({AlertKind.P0_ESCALATED, AlertKind.P0_RESOLUTION, AlertKind.P1_MENTION})


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What the summary is made of, counted."""

    tickets: int
    finished: int
    due: int
    kept: int
    minutes: int


def figures_of(lines: ReportLines) -> MonthFigures:
    """Return the figures of a month; a promise that still runs is not due yet."""
    settled = [
        promise
        for ticket in lines.tickets
        for promise in ticket.promises
        if promise.verdict not in {SlaVerdict.RUNNING, SlaVerdict.POSTPONED}
    ]
    return MonthFigures(
        tickets=len(lines.tickets),
        finished=sum(ticket.status not in UNFINISHED for ticket in lines.tickets),
        due=sum(promise.count for promise in settled),
        kept=sum(promise.count for promise in settled if not promise.verdict.is_broken),
        minutes=sum(ticket.minutes for ticket in lines.tickets),
    )


def proposed_summary(lines: ReportLines, locale: Locale) -> tuple[str, ...]:
    """Return the lines that the engine proposes, three at most (REQ-J01)."""
    told = _told_in_french(lines) if locale is Locale.FR else _told_in_english(lines)
    return tuple(filter(None, told))[:MOST_SUMMARY_LINES]


def _told_in_french(lines: ReportLines) -> Iterator[str]:
    figures = figures_of(lines)
    if not figures.tickets:
        yield "Mois calme : aucune demande à traiter."
    else:
        promises = _promises_in_french(figures)
        yield f"{_plural(figures.tickets, 'demande traitée', 'demandes traitées')}, dont" + (
            f" {_plural(figures.finished, 'terminée', 'terminées')} ; {promises}."
        )
    done = [_sites_in_french(lines), _updates_in_french(lines), _use(lines, Locale.FR)]
    yield _sentence(filter(None, done))
    points = sum(one.kind not in _MISSED_KINDS for one in lines.alerts)
    coming = len(lines.forecast)
    if points:
        yield f"À décider ensemble : {_plural(points, 'recommandation', 'recommandations')}."
    elif coming:
        yield f"À venir : {_plural(coming, 'échéance planifiée', 'échéances planifiées')}."


def _promises_in_french(figures: MonthFigures) -> str:
    if not figures.due:
        return "aucun délai arrivé à échéance"
    if figures.kept == figures.due:
        return f"tous les engagements de délai sont tenus ({figures.kept} sur {figures.due})"
    return f"{figures.kept} engagements de délai tenus sur {figures.due}"


def _sites_in_french(lines: ReportLines) -> str:
    worst = _worst_availability(lines)
    if worst is None:
        return ""
    return f"disponibilité de {worst // 100},{worst % 100:02}\u00a0%"


def _updates_in_french(lines: ReportLines) -> str:
    count = len(lines.updates)
    return _plural(count, "mise à jour effectuée", "mises à jour effectuées") if count else ""


def _told_in_english(lines: ReportLines) -> Iterator[str]:
    figures = figures_of(lines)
    if not figures.tickets:
        yield "A quiet month: no request to handle."
    else:
        yield f"{_plural(figures.tickets, 'request handled', 'requests handled')}," + (
            f" {figures.finished} of them finished; {_promises_in_english(figures)}."
        )
    worst, count = _worst_availability(lines), len(lines.updates)
    done = [
        "" if worst is None else f"availability of {worst // 100}.{worst % 100:02}%",
        _plural(count, "update done", "updates done") if count else "",
        _use(lines, Locale.EN),
    ]
    yield _sentence(filter(None, done))
    points = sum(one.kind not in _MISSED_KINDS for one in lines.alerts)
    if points:
        yield f"To decide together: {_plural(points, 'recommendation', 'recommendations')}."
    elif lines.forecast:
        yield f"To come: {_plural(len(lines.forecast), 'planned date', 'planned dates')}."


def _promises_in_english(figures: MonthFigures) -> str:
    if not figures.due:
        return "no promise fell due"
    if figures.kept == figures.due:
        return f"every promise of delay was kept ({figures.kept} of {figures.due})"
    return f"{figures.kept} of {figures.due} promises of delay were kept"


def _worst_availability(lines: ReportLines) -> int | None:
    shares = [one.contractual_hundredths for one in lines.availability if one.is_measured]
    return min(shares) if shares else None


_USED = {
    Locale.FR: "{what} utilisé à {percent}\u00a0%",
    Locale.EN: "{percent}% of {what} used",
}
_UNITS = {
    (Locale.FR, RetainerUnit.CORRECTIVE_TICKETS): "forfait de tickets",
    (Locale.FR, RetainerUnit.RUN_MINUTES): "forfait d'heures",
    (Locale.FR, RetainerUnit.PACK_MINUTES): "pack d'heures",
    (Locale.EN, RetainerUnit.CORRECTIVE_TICKETS): "the ticket allowance",
    (Locale.EN, RetainerUnit.RUN_MINUTES): "the hours allowance",
    (Locale.EN, RetainerUnit.PACK_MINUTES): "the hour pack",
}


def _use(lines: ReportLines, locale: Locale) -> str:
    """Return what is said of the fullest gauge; nothing of one that measures nothing."""
    measured = [(one.gauge, one.unit) for one in lines.consumption if _is_told(one.gauge)]
    if not measured:
        return ""
    gauge, unit = max(measured, key=lambda pair: pair[0].percent or 0)
    return _USED[locale].format(what=_UNITS[locale, unit], percent=gauge.percent)


def _is_told(gauge: Consumption) -> bool:
    return gauge.state not in {GaugeState.NONE, GaugeState.UNLIMITED} and gauge.percent is not None


def _plural(count: int, one: str, more: str) -> str:
    return f"{count} {one if count <= 1 else more}"


def _sentence(parts: Iterator[str]) -> str:
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
