"""What a preset says: data of the source documents with where each of them comes from."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.business_hours import Span, Weekday
from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import Origin, Text
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.sla import ClockStart, SlaMetric, TargetUnit


@dataclass(frozen=True, slots=True)
class Wording:
    """A level of a scale in words: its name, what it means, examples; and where that is written."""

    label: Text
    definition: Text
    examples: Mapping[Locale, tuple[str, ...]]
    origin: Origin
    source: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The priority of one impact and urgency, and why."""

    priority: Priority
    origin: Origin
    why: str


@dataclass(frozen=True, slots=True)
class MatrixPreset:
    """A priority matrix with its words, before any client accepted it."""

    code: str
    version: int
    label: Text
    source: str
    levels: Mapping[Priority, Wording]
    impacts: Mapping[Impact, Wording]
    urgencies: Mapping[Urgency, Wording]
    cells: Mapping[Impact, Mapping[Urgency, MatrixCell]]


@dataclass(frozen=True, slots=True)
class CalendarPreset:
    """Opening hours with a name that contracts use; `definition` is what the client reads."""

    code: str
    label: Text
    definition: Text
    week: Mapping[Weekday, tuple[Span, ...]]
    is_closed_on_holidays: bool
    origin: Origin
    source: str


@dataclass(frozen=True, slots=True)
class HolidayPreset:
    """Which public holidays a calendar takes, and for how many years around its start."""

    country: str
    subdivisions: Mapping[str, Text]
    years_before: int
    years_after: int


@dataclass(frozen=True, slots=True)
class TargetPreset:
    """A promise that names its calendar by code; `text` is how the source writes it."""

    metric: SlaMetric
    amount: int
    unit: TargetUnit
    calendar: str | None
    is_strict: bool
    starts_on: ClockStart
    origin: Origin
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanPreset:
    """What a plan promises; without targets it promises no delay.

    What it contains and costs is the `Plan` of the same code (`presets/commercial.py`).
    """

    code: str
    label: Text
    family_label: Text
    source: str
    notes: tuple[str, ...]
    matrix_code: str
    targets: Mapping[Priority, tuple[TargetPreset, ...]]

    @property
    def calendar_codes(self) -> frozenset[str]:
        """Return the calendars that a contract on this plan has to name."""
        return frozenset(
            target.calendar
            for targets in self.targets.values()
            for target in targets
            if target.calendar is not None
        )
