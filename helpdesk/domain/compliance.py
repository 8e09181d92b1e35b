"""How promises were kept, month by month: which clock counts where, and the figures of a group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.month import Month
from helpdesk.domain.sla import ClockResult

MEDIAN, NINETIETH = 50, 90
WHOLE_IN_HUNDREDTHS = 100_00


class SlaDimension(StrEnum):
    """What compliance figures can be grouped by."""

    MONTH = "MONTH"
    CLIENT = "CLIENT"
    PRIORITY = "PRIORITY"
    METRIC = "METRIC"
    AGENT = "AGENT"


class DimensionUnknown(HelpdeskError):
    """Figures are grouped by what they are kept by."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "Figures are not grouped by “{given}”: choose among {known}."
    french: ClassVar[str] = "Les chiffres ne se groupent pas par « {given} » : choix {known}."


def dimensions_of(text: str) -> tuple[SlaDimension, ...]:
    """Return the dimensions that a list with commas names, each once. Raises DimensionUnknown.

    >>> dimensions_of("month, CLIENT")
    (<SlaDimension.MONTH: 'MONTH'>, <SlaDimension.CLIENT: 'CLIENT'>)
    """
    found = []
    for word in filter(None, text.split(",")):
        try:
            found.append(SlaDimension(word.strip().upper()))
        except ValueError:
            known = ", ".join(SlaDimension)
            raise DimensionUnknown(path=("groupBy",), given=word[:50], known=known) from None
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class ClockLife:
    """What the figures need to know of a clock, all instants in UTC.

    `stops` are its stops in order: one, unless its ticket was reopened. `breached_at` may lie in
    the future. `is_void` says that its ticket ended as merged, spam or cancelled.
    """

    stops: tuple[ClockResult, ...]
    breached_at: datetime | None
    cancelled_at: datetime | None
    is_void: bool


@dataclass(frozen=True, slots=True)
class SlaResult:
    """That a promise was kept or broken: `at` decides the month that it counts in.

    `stop` is the end of the clock that settled it; None while a broken clock still runs.
    """

    is_met: bool
    at: datetime
    stop: ClockResult | None


def results_of(life: ClockLife, *, at: datetime, zone: ZoneInfo) -> tuple[SlaResult, ...]:
    """Return the results that a clock has given by `at`: one kept and one broken promise at most.

    A broken promise counts at its breach, stopped or not, whatever comes later; a kept one at the
    first stop. Both are there only for a clock that was met, reopened in a later month and then
    broken: the first of the two months may have been published. In one month the breach alone
    counts. Source: docs/rules/compliance.md, rules R-SLA 1 and 5.
    """
    broken_at = life.breached_at
    if broken_at is not None and (broken_at > at or _is_forgiven(life, broken_at, zone)):
        broken_at = None
    kept = next((stop for stop in life.stops if stop.is_met), None)
    results = []
    if kept is not None and not _in_one_month(kept.stopped_at, broken_at, zone):
        results.append(SlaResult(is_met=True, at=kept.stopped_at, stop=kept))
    if broken_at is not None:
        late = next((stop for stop in life.stops if not stop.is_met), None)
        results.append(SlaResult(is_met=False, at=broken_at, stop=late))
    return tuple(results)


def _is_forgiven(life: ClockLife, broken_at: datetime, zone: ZoneInfo) -> bool:
    """Return whether the ticket turned out to be none before the month of the breach was over."""
    return life.is_void and _in_one_month(broken_at, life.cancelled_at, zone)


def _in_one_month(one: datetime, other: datetime | None, zone: ZoneInfo) -> bool:
    return other is not None and Month.of(one, zone) == Month.of(other, zone)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """That fields of a ticket changed at an instant, with what they were before."""

    at: datetime
    before: Mapping[str, str | None]


def value_at(
    name: str, present: str | None, changes: Sequence[FieldChange], at: datetime
) -> str | None:
    """Return what a field of a ticket was at an instant, from what it is and its later changes.

    `changes` are in the order in which they happened. A change at the very instant counts.
    """
    for change in changes:
        if change.at > at and name in change.before:
            return change.before[name]
    return present


@dataclass(frozen=True, slots=True)
class OpenClocks:
    """How many clocks have started and not ended; the two others are among the `running`."""

    running: int = 0
    at_risk: int = 0
    breached: int = 0

    def __add__(self, other: "OpenClocks") -> "OpenClocks":
        """Return both together."""
        return OpenClocks(
            self.running + other.running,
            self.at_risk + other.at_risk,
            self.breached + other.breached,
        )


@dataclass(frozen=True, slots=True)
class ComplianceFigures:
    """How a group of clocks did.

    `met` and `missed` count results; `missed_excluded` are those of the missed whose tickets stand
    excluded from maintenance, and earn no compensation; `measured` clocks stopped, and
    `median_seconds` and `ninetieth_seconds` are of the business time that these show, None without
    any. `open_clocks` is about now, None when nothing of it can be said.
    """

    met: int
    missed: int
    measured: int
    median_seconds: int | None
    ninetieth_seconds: int | None
    open_clocks: OpenClocks | None
    missed_excluded: int = 0

    @property
    def hundredths_of_percent(self) -> int | None:
        """The share of kept promises, 10000 for all of them, cut off; None when none was due.

        It is never rounded: only a group without a miss shows 100 %.
        """
        due = self.met + self.missed
        return self.met * WHOLE_IN_HUNDREDTHS // due if due else None


@dataclass(slots=True)
class Tally:
    """The figures of a group while its clocks are counted."""

    met: int = 0
    missed: int = 0
    missed_excluded: int = 0
    seconds: list[int] = field(default_factory=list)
    open_clocks: OpenClocks = field(default_factory=OpenClocks)

    def count_kept(self, seconds: Sequence[int]) -> None:
        """Count promises that were kept, by what their clocks show."""
        self.met += len(seconds)
        self.seconds.extend(seconds)

    def count(self, *, is_met: bool, is_excluded: bool = False) -> None:
        """Count a result; a breach of an excluded ticket is missed all the same (R-SLA 6)."""
        if is_met:
            self.met += 1
        else:
            self.missed += 1
            self.missed_excluded += is_excluded

    def count_open(self, clocks: OpenClocks) -> None:
        """Count clocks that have not ended."""
        self.open_clocks += clocks

    def figures(self, *, is_present: bool) -> ComplianceFigures:
        """Return the figures of what was counted; what is over says nothing about now."""
        ordered = sorted(self.seconds)
        return ComplianceFigures(
            met=self.met,
            missed=self.missed,
            missed_excluded=self.missed_excluded,
            measured=len(ordered),
            median_seconds=nearest_rank(ordered, MEDIAN),
            ninetieth_seconds=nearest_rank(ordered, NINETIETH),
            open_clocks=self.open_clocks if is_present else None,
        )


def nearest_rank(ordered: Sequence[int], percent: int) -> int | None:
    """Return the percentile of ordered values by the nearest-rank method, None without a value.

    It is the smallest value that at least `percent` % of the values do not exceed: always one that
    was measured, never a mean of two. `percent` is 1 to 100.

    >>> nearest_rank([10, 20, 30, 40], 50), nearest_rank([10, 20, 30, 40], 90)
    (20, 40)
    """
    if not ordered:
        return None
    return ordered[-(-len(ordered) * percent // 100) - 1]
