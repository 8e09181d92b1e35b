"""The promises of a contract and the clocks that run against them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from helpdesk.domain.business_time import Edge, Timeline
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import CalendarId


class SlaMetric(StrEnum):
    """What is promised: each metric has its own clock."""

    FIRST_RESPONSE = "FIRST_RESPONSE"
    NEXT_RESPONSE = "NEXT_RESPONSE"
    RESOLUTION = "RESOLUTION"
    DELIVERY = "DELIVERY"
    UPDATE = "UPDATE"


class SlaState(StrEnum):
    """How a clock stands at an instant, computed from facts."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    AT_RISK = "AT_RISK"
    BREACHED = "BREACHED"
    MET = "MET"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


class TargetUnit(StrEnum):
    """What the amount of a target counts; days are never turned into hours."""

    BUSINESS_MINUTES = "BUSINESS_MINUTES"
    BUSINESS_DAYS_SAME_TIME = "BUSINESS_DAYS_SAME_TIME"
    BUSINESS_DAYS_END_OF_DAY = "BUSINESS_DAYS_END_OF_DAY"
    CALENDAR_MINUTES = "CALENDAR_MINUTES"


class ClockStart(StrEnum):
    """The fact that starts the clock of a target."""

    OPENING = "OPENING"
    FIRST_RESPONSE = "FIRST_RESPONSE"
    CLIENT_MESSAGE = "CLIENT_MESSAGE"
    BATCH_OPENING = "BATCH_OPENING"


class TargetInvalid(HelpdeskError):
    """A target that cannot be measured is no promise (REQ-C15)."""

    code: ClassVar[ErrorCode] = ErrorCode.TARGET_INVALID
    english: ClassVar[str] = "The {metric} target is not measurable: {why}."
    french: ClassVar[str] = "L'engagement {metric} n'est pas mesurable : {why}."


_STARTS: Mapping[SlaMetric, frozenset[ClockStart]] = {
    SlaMetric.FIRST_RESPONSE: frozenset({ClockStart.OPENING}),
    SlaMetric.NEXT_RESPONSE: frozenset({ClockStart.CLIENT_MESSAGE}),
    SlaMetric.RESOLUTION: frozenset({ClockStart.OPENING, ClockStart.FIRST_RESPONSE}),
    SlaMetric.DELIVERY: frozenset({ClockStart.OPENING, ClockStart.BATCH_OPENING}),
    SlaMetric.UPDATE: frozenset({ClockStart.OPENING}),
}


@dataclass(frozen=True, slots=True)
class Target:
    """One promise: this metric within this amount of this unit, counted on this calendar.

    `is_strict` reads "< 2 h": reaching the amount is a breach. Otherwise "within 2 h": only
    passing it is. `calendar_id` is None for CALENDAR_MINUTES alone. Source: white paper 4.3.
    Raises TargetInvalid for an amount below 1, a missing calendar or a start that the metric
    does not know.
    """

    metric: SlaMetric
    amount: int
    unit: TargetUnit
    calendar_id: CalendarId | None
    is_strict: bool
    starts_on: ClockStart

    def __post_init__(self) -> None:
        """Refuse a promise that cannot be measured."""
        if self.amount < 1:
            raise TargetInvalid(metric=self.metric, why=f"amount {self.amount} is below 1")
        if self.calendar_id is None and self.unit is not TargetUnit.CALENDAR_MINUTES:
            raise TargetInvalid(metric=self.metric, why=f"{self.unit} needs a calendar")
        if self.starts_on not in _STARTS[self.metric]:
            raise TargetInvalid(metric=self.metric, why=f"it cannot start on {self.starts_on}")


@dataclass(frozen=True, slots=True)
class Timelines:
    """The compiled calendars that a contract's targets are counted on."""

    by_calendar: Mapping[CalendarId, Timeline]
    always: Timeline

    def of(self, target: Target) -> Timeline:
        """Return the opening hours that count for this target."""
        if target.calendar_id is None or target.unit is TargetUnit.CALENDAR_MINUTES:
            return self.always
        return self.by_calendar[target.calendar_id]


class StretchKind(StrEnum):
    """Why a stretch of a clock's life counts or does not."""

    COUNTED = "COUNTED"
    PAUSED = "PAUSED"
    TICKET_CLOSED = "TICKET_CLOSED"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part `[start, end)` of a clock's life; `end` is None for the one that goes on.

    `target` is the promise in force, whose calendar says what of the stretch counts, and
    `terms_version` the version of the contract that makes it.
    """

    start: datetime
    end: datetime | None
    kind: StretchKind
    reason: str | None = None
    target: Target | None = None
    terms_version: int | None = None


@dataclass(frozen=True, slots=True)
class ClockResult:
    """How a clock had ended before its ticket was reopened: kept, whatever comes after."""

    stopped_at: datetime
    counted_seconds: int
    is_met: bool


@dataclass(frozen=True, slots=True)
class StepDue:
    """When a clock reaches a step of its ladder if nothing happens, in UTC."""

    step: str
    level: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SlaClock:
    """A clock reduced from the facts: everything about it that does not depend on now.

    Instants are UTC, amounts are seconds of counted time. `deadline_at` is the instant at which
    the promise is consumed; it is None before the start, while paused and when cancelled.
    `breached_at` may lie in the future: the instant at which the promise breaks if nothing
    happens. `counted_seconds` is what was counted before `running_since`. `steps` are the steps of
    the ladder that are to come or have come, soonest first; a clock that was stopped has those that
    had come by then, and one that was cancelled has none.
    """

    metric: SlaMetric
    cycle: int
    target: Target
    allowance_seconds: int | None
    started_at: datetime | None
    stopped_at: datetime | None
    cancelled_at: datetime | None
    paused_since: datetime | None
    running_since: datetime | None
    counted_seconds: int
    deadline_at: datetime | None
    breached_at: datetime | None
    at_risk_at: datetime | None
    stretches: tuple[Stretch, ...] = ()
    postponed_to: datetime | None = None
    earlier_results: tuple[ClockResult, ...] = ()
    steps: tuple[StepDue, ...] = ()
    terms_version: int = 1

    @property
    def is_breach_documented(self) -> bool:
        """Whether the promise was broken, and put off to a new date afterwards (rules R-SLA 5)."""
        return (
            self.postponed_to is not None
            and self.breached_at is not None
            and self.breached_at < self.postponed_to
        )

    def state(self, at: datetime) -> SlaState:
        """Return how the clock stands at `at`, an instant not before its last fact."""
        if self.cancelled_at is not None:
            return SlaState.CANCELLED
        if self.started_at is None:
            return SlaState.PENDING
        is_broken = self.breached_at is not None and self.breached_at <= at
        if self.stopped_at is not None:
            return SlaState.MISSED if is_broken else SlaState.MET
        return SlaState.BREACHED if is_broken else self._unbroken_state(at)

    def _unbroken_state(self, at: datetime) -> SlaState:
        if self.paused_since is not None:
            return SlaState.PAUSED
        is_at_risk = self.at_risk_at is not None and self.at_risk_at <= at
        return SlaState.AT_RISK if is_at_risk else SlaState.RUNNING

    def elapsed_seconds(self, at: datetime, timeline: Timeline) -> int:
        """Return the seconds of counted time up to `at`; pauses and closed hours do not count."""
        if self.running_since is None or at <= self.running_since:
            return self.counted_seconds
        return self.counted_seconds + timeline.elapsed(self.running_since, at)

    def reading(self, at: datetime, timeline: Timeline) -> "ClockReading":
        """Return what the clock shows at `at`: state, counted, left and overdue seconds."""
        state = self.state(at)
        elapsed = self.elapsed_seconds(at, timeline)
        allowance = self.allowance_seconds
        is_ended = state in {SlaState.MET, SlaState.MISSED, SlaState.CANCELLED}
        return ClockReading(
            state=state,
            elapsed_seconds=elapsed,
            remaining_seconds=None
            if is_ended or allowance is None
            else max(0, allowance - elapsed),
            overdue_seconds=0 if allowance is None else max(0, elapsed - allowance),
        )


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What a clock shows at an instant; `remaining_seconds` is None once it ended."""

    state: SlaState
    elapsed_seconds: int
    remaining_seconds: int | None
    overdue_seconds: int


def allowance_seconds(target: Target, start: datetime, timeline: Timeline) -> int:
    """Return how many seconds of counted time the promise gives to a clock that started at `start`.

    A day target is worth the opening time between its start and the instant that the n-th
    working day gives, so that pauses extend it in business time (rules R-CAL 3).
    """
    if target.unit is TargetUnit.BUSINESS_DAYS_SAME_TIME:
        return timeline.elapsed(start, timeline.same_time_days_later(start, target.amount))
    if target.unit is TargetUnit.BUSINESS_DAYS_END_OF_DAY:
        return timeline.elapsed(start, timeline.end_of_day_days_later(start, target.amount))
    return target.amount * 60


def due_edge(target: Target, start: datetime, timeline: Timeline) -> Edge:
    """Return whether a promise that is consumed at a closing is due then or at the next opening.

    It is due at closing time. Only a target of days at the same time names the hour: due on
    Wednesday at 09:00, it is not due on Tuesday at 18:00 (rules R-CAL 2 and 3).
    """
    if target.unit is not TargetUnit.BUSINESS_DAYS_SAME_TIME:
        return Edge.CLOSING
    due_at = timeline.same_time_days_later(start, target.amount)
    return Edge.OPENING if timeline.is_open(due_at) else Edge.CLOSING
