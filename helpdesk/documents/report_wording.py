"""What the monthly report says in one language: states, phrases, a line for each indicator."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.gauge import GaugeState
from helpdesk.domain.priority import Priority
from helpdesk.domain.report_lines import AlertKind, ForecastKind, SlaVerdict
from helpdesk.domain.report_rubric import Rubric
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.sla import SlaMetric, TargetUnit
from helpdesk.domain.ticket import TicketStatus


@dataclass(frozen=True, slots=True)
class ReportWording:
    """Everything that a report says in one language, but for what people wrote."""

    phrases: Mapping[str, str]
    glossary: Mapping[Rubric, str]
    empty: Mapping[Rubric, str]
    statuses: Mapping[TicketStatus, str]
    priorities: Mapping[Priority, str]
    metrics: Mapping[SlaMetric, str]
    verdicts: Mapping[SlaVerdict, str]
    targets: Mapping[TargetUnit, str]
    units: Mapping[RetainerUnit, str]
    gauges: Mapping[GaugeState, str]
    entries: Mapping[EntryKind, str]
    alerts: Mapping[AlertKind, str]
    forecasts: Mapping[ForecastKind, str]
    credits: Mapping[str, str]
    indicators: Mapping[str, str]
    environments: Mapping[str, str]
    outages: Mapping[str, str]

    def say(self, phrase: str, **values: object) -> str:
        """Return a phrase with its values; `~` stands for a space that does not break."""
        return self.phrases[phrase].replace("~", "\u00a0").format(**values)
