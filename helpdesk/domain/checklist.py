"""The checklist of maintenance: its points, and what the answers to them come to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.period import months_later

HIGH_DAYS = 30
"""Within how many days a failing point of level HIGH is covered (002 L786, REQ-K06)."""


class DiagnosticLevel(StrEnum):
    """How much a point or a signal weighs: Critique, Élevé, Moyen in the guide."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"


class CheckBlock(StrEnum):
    """The blocks of the checklist, A to E in the guide."""

    SECURITY = "SECURITY"
    AVAILABILITY = "AVAILABILITY"
    BACKUPS = "BACKUPS"
    UPDATES = "UPDATES"
    GOVERNANCE = "GOVERNANCE"


class PointStatus(StrEnum):
    """What is known of a point: vert, rouge, inconnu, non applicable (rules 9)."""

    GREEN = "GREEN"
    RED = "RED"
    UNKNOWN = "UNKNOWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"


FAILING = frozenset({PointStatus.RED, PointStatus.UNKNOWN})
"""What is not covered: unknown is not green (rules 9)."""


class PointUnknown(HelpdeskError):
    """A misspelt point would be an answer that nobody ever reads."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The checklist has no point {given}: give one of {known}."
    french: ClassVar[str] = "La grille n'a pas de point {given} : donnez l'un de {known}."


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """A point of the checklist; an answer to it holds for `valid_months` unless it says else."""

    code: str
    block: CheckBlock
    level: DiagnosticLevel
    valid_months: int

    def valid_until(self, answered_on: date) -> date:
        """Return the day from which on an answer of this day holds no more.

        >>> point = CheckPoint("C3", CheckBlock.BACKUPS, DiagnosticLevel.CRITICAL, 3)
        >>> point.valid_until(date(2026, 11, 30))
        datetime.date(2027, 2, 28)
        """
        return months_later(answered_on, self.valid_months)


@dataclass(frozen=True, slots=True)
class Checklist:
    """A version of the checklist, in the order of its source; an audit keeps the one it began with.

    Source: 002, section 06 (REQ-K04).
    """

    version: int
    points: tuple[CheckPoint, ...]

    def point(self, code: str) -> CheckPoint:
        """Return a point by its code. Raises PointUnknown."""
        for point in self.points:
            if point.code == code:
                return point
        known = ", ".join(one.code for one in self.points)
        raise PointUnknown(path=("point",), given=code[:20], known=known)

    def codes(self, level: DiagnosticLevel) -> tuple[str, ...]:
        """Return the points of a level, in order."""
        return tuple(point.code for point in self.points if point.level is level)

    def by_level(self) -> Mapping[DiagnosticLevel, int]:
        """Return how many points each level has."""
        return Counter(point.level for point in self.points)

    def by_block(self) -> Mapping[CheckBlock, int]:
        """Return how many points each block has."""
        return Counter(point.block for point in self.points)


@dataclass(frozen=True, slots=True)
class ChecklistResult:
    """What the answers of an audit come to, with the failing points by name (R-CHK).

    `high_due` says by which day, included, each failing point of level HIGH is covered;
    `high_overdue` those whose day is over. `good_practice` are failing points that are advice.
    """

    critical_failed: tuple[str, ...]
    high_due: Mapping[str, date]
    high_overdue: tuple[str, ...]
    good_practice: tuple[str, ...]

    @property
    def is_sufficient(self) -> bool:
        """Whether the maintenance is sufficient: no CRITICAL point is red or unknown."""
        return not self.critical_failed

    @property
    def failing(self) -> tuple[str, ...]:
        """Every failing point, the heaviest first."""
        return (*self.critical_failed, *self.high_due, *self.good_practice)


def result_of(
    checklist: Checklist,
    statuses: Mapping[str, PointStatus],
    *,
    audited_on: date,
    today: date,
) -> ChecklistResult:
    """Return what answers come to: a point without an answer is unknown, which is not green.

    The day of the audit plus 30 is the last one for a HIGH point; the day after it is overdue.
    Source: R-CHK, 002 L785-787.
    """
    due = audited_on + timedelta(days=HIGH_DAYS)
    high = _failing(checklist, statuses, DiagnosticLevel.HIGH)
    return ChecklistResult(
        critical_failed=_failing(checklist, statuses, DiagnosticLevel.CRITICAL),
        high_due=dict.fromkeys(high, due),
        high_overdue=high if today > due else (),
        good_practice=_failing(checklist, statuses, DiagnosticLevel.MEDIUM),
    )


def _failing(
    checklist: Checklist, statuses: Mapping[str, PointStatus], level: DiagnosticLevel
) -> tuple[str, ...]:
    codes: Iterable[str] = checklist.codes(level)
    return tuple(one for one in codes if statuses.get(one, PointStatus.UNKNOWN) in FAILING)
