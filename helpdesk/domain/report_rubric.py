"""The seven rubrics of the monthly report, in the guide's order, and what belongs into which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import ReportLevel


class Rubric(StrEnum):
    """A rubric by its code; the order is the one of the report (002 §3.3, REQ-J01 to J07)."""

    SUMMARY = "resume_executif"
    TICKETS = "tickets_traites"
    CONSUMPTION = "consommation_forfait"
    UPDATES = "mises_a_jour"
    AVAILABILITY = "disponibilite"
    ALERTS = "alertes_recommandations"
    FORECAST = "previsions"

    @property
    def number(self) -> int:
        """Its place in the report, from 1.

        >>> Rubric.FORECAST.number
        7
        """
        return tuple(Rubric).index(self) + 1

    def heading(self, locale: Locale) -> str:
        """Return its heading."""
        return _NAMES[self].title[locale]

    def short_heading(self, locale: Locale) -> str:
        """Return what people call it where the heading is too long."""
        return _NAMES[self].short[locale]


@dataclass(frozen=True, slots=True)
class _Names:
    title: Mapping[Locale, str]
    short: Mapping[Locale, str]


def _names(french: str, english: str, short_french: str = "", short_english: str = "") -> _Names:
    return _Names(
        {Locale.FR: french, Locale.EN: english},
        {Locale.FR: short_french or french, Locale.EN: short_english or english},
    )


_NAMES = MappingProxyType(
    {
        Rubric.SUMMARY: _names("Résumé exécutif", "Executive summary", "Résumé", "Summary"),
        Rubric.TICKETS: _names("Tickets traités", "Tickets handled"),
        Rubric.CONSUMPTION: _names("Consommation du forfait", "Use of the plan"),
        Rubric.UPDATES: _names("Mises à jour effectuées", "Updates done", "Mises à jour"),
        Rubric.AVAILABILITY: _names("Disponibilité (uptime)", "Availability (uptime)"),
        Rubric.ALERTS: _names(
            "Alertes et recommandations", "Alerts and recommendations", "Alertes", "Alerts"
        ),
        Rubric.FORECAST: _names(
            "Prévisions mois suivant", "Next month's outlook", "Prévisions", "Outlook"
        ),
    }
)

_PRINTED: Mapping[ReportLevel, frozenset[Rubric]] = MappingProxyType(
    {
        ReportLevel.NONE: frozenset(),
        ReportLevel.SIMPLIFIED: frozenset(
            {Rubric.SUMMARY, Rubric.CONSUMPTION, Rubric.AVAILABILITY, Rubric.ALERTS}
        ),
        ReportLevel.DETAILED: frozenset(Rubric),
    }
)


def printed_rubrics(level: ReportLevel) -> tuple[Rubric, ...]:
    """Return the rubrics that a level prints, in order; one without data is printed empty.

    The data of all seven are kept at every level (X-12). Which ones "simplifié" means the guide
    does not say: 1, 3, 5 and 6 are our proposal.

    >>> [rubric.number for rubric in printed_rubrics(ReportLevel.SIMPLIFIED)]
    [1, 3, 5, 6]
    """
    return tuple(rubric for rubric in Rubric if rubric in _PRINTED[level])


class ReportedEvent(StrEnum):
    """What a broken promise led to, as the guide's table of compensations names it (002 §4.3)."""

    P0_RESPONSE_ESCALATED = "p0_response_escalated"
    P0_RESOLUTION_BREACH = "p0_resolution_breach"
    P1_RESPONSE_BREACH = "p1_response_breach"
    P2_POSTPONED = "p2_postponed"
    P3_POSTPONED = "p3_postponed"
    CREDIT_NOTE = "credit_note"
    UPTIME_BREACH = "uptime_breach"


_RUBRICS_OF: Mapping[ReportedEvent, tuple[Rubric, ...]] = MappingProxyType(
    {
        ReportedEvent.P0_RESPONSE_ESCALATED: (Rubric.TICKETS, Rubric.ALERTS),
        ReportedEvent.P0_RESOLUTION_BREACH: (Rubric.TICKETS, Rubric.ALERTS),
        ReportedEvent.P1_RESPONSE_BREACH: (Rubric.TICKETS, Rubric.ALERTS),
        ReportedEvent.P2_POSTPONED: (Rubric.TICKETS, Rubric.FORECAST),
        ReportedEvent.P3_POSTPONED: (Rubric.TICKETS, Rubric.FORECAST),
        ReportedEvent.CREDIT_NOTE: (Rubric.CONSUMPTION,),
        ReportedEvent.UPTIME_BREACH: (Rubric.AVAILABILITY,),
    }
)


def rubrics_of(event: ReportedEvent) -> tuple[Rubric, ...]:
    """Return where the client reads of it: every compensation appears (R-SLA 5, R-REP).

    >>> [str(rubric) for rubric in rubrics_of(ReportedEvent.P1_RESPONSE_BREACH)]
    ['tickets_traites', 'alertes_recommandations']
    """
    return _RUBRICS_OF[event]
