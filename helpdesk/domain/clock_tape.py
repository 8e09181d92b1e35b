"""The tapes of a ticket's clocks: what each of them counted or not, recorded fact by fact."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, SlaPolicy, Stretch, StretchKind


class ClockFactKind(StrEnum):
    """What a clock takes notice of."""

    OPENED = "OPENED"
    AGENT_ANSWERED = "AGENT_ANSWERED"
    CLIENT_WROTE = "CLIENT_WROTE"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    DELIVERED = "DELIVERED"
    RESOLVED = "RESOLVED"
    REOPENED = "REOPENED"
    CANCELLED = "CANCELLED"
    PRIORITY_SET = "PRIORITY_SET"


@dataclass(frozen=True, slots=True)
class ClockFact:
    """A fact that moves clocks: the priority of an opening or change, the reason of a pause."""

    at: datetime
    kind: ClockFactKind
    priority: Priority | None = None
    pause_reason: str | None = None
    is_third_party: bool = False


PAUSABLE = frozenset({SlaMetric.RESOLUTION, SlaMetric.DELIVERY})
"""A wait for the client never excuses a missing answer (rules R-SLA 3)."""

_STOPS: dict[SlaMetric, frozenset[ClockFactKind]] = {
    SlaMetric.FIRST_RESPONSE: frozenset({ClockFactKind.AGENT_ANSWERED, ClockFactKind.RESOLVED}),
    SlaMetric.NEXT_RESPONSE: frozenset({ClockFactKind.AGENT_ANSWERED, ClockFactKind.RESOLVED}),
    SlaMetric.RESOLUTION: frozenset({ClockFactKind.RESOLVED}),
    SlaMetric.DELIVERY: frozenset({ClockFactKind.DELIVERED, ClockFactKind.RESOLVED}),
}

_PAUSE_ENDS = frozenset(
    {
        ClockFactKind.RESUMED,
        ClockFactKind.DELIVERED,
        ClockFactKind.RESOLVED,
        ClockFactKind.CANCELLED,
    }
)


@dataclass(slots=True)
class Tape:
    """The life of one clock being recorded: what was counted, paused or closed, and its end.

    `since` is when the ticket gave rise to it, `heard` how many facts came before it was over.
    """

    metric: SlaMetric
    since: datetime
    cycle: int = 1
    heard: int = 0
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    cancelled_at: datetime | None = None
    stretches: list[Stretch] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether it stopped or was cancelled."""
        return self.stopped_at is not None or self.cancelled_at is not None

    @property
    def is_running(self) -> bool:
        """Whether it started, counting or paused, and is not over."""
        return self.started_at is not None and not self.is_over

    def start(self, at: datetime) -> None:
        """Begin to count."""
        self.started_at = at
        self.stretches.append(Stretch(at, None, StretchKind.COUNTED))

    def turn(self, at: datetime, kind: StretchKind, reason: str | None = None) -> None:
        """Go on as another kind of stretch, unless it is one already."""
        if self.stretches[-1].kind is kind:
            return
        self._finish_last(at)
        self.stretches.append(Stretch(at, None, kind, reason))

    def stop(self, at: datetime) -> None:
        """End with the fact that was promised."""
        self.started_at = self.started_at or at
        self._finish_last(at)
        self.stopped_at = at

    def cancel(self, at: datetime) -> None:
        """End without it; what was recorded after `at` never was."""
        self.stretches = [
            replace(stretch, end=min(stretch.end or at, at))
            for stretch in self.stretches
            if stretch.start < at
        ]
        if self.started_at is not None and at < self.started_at:
            self.started_at = None
        self.stopped_at, self.cancelled_at = None, at

    def go_on(self, at: datetime) -> None:
        """Count again after the end; the time in between was closed."""
        ended_at = self.stopped_at or self.cancelled_at or at
        if self.started_at is not None:
            self.stretches.append(Stretch(ended_at, at, StretchKind.TICKET_CLOSED))
            self.stretches.append(Stretch(at, None, StretchKind.COUNTED))
        self.stopped_at = self.cancelled_at = None

    def _finish_last(self, at: datetime) -> None:
        if self.stretches and self.stretches[-1].end is None:
            self.stretches[-1] = replace(self.stretches[-1], end=at)


def single_tape(
    metric: SlaMetric, facts: Sequence[ClockFact], policy: SlaPolicy, starts_on: ClockStart
) -> Tape:
    """Return the tape of a metric that a ticket has once."""
    tape = Tape(metric, since=facts[0].at)
    start_kind = (
        ClockFactKind.OPENED if starts_on is ClockStart.OPENING else ClockFactKind.AGENT_ANSWERED
    )
    pause: ClockFact | None = None
    for count, fact in enumerate(facts, 1):
        if fact.kind is ClockFactKind.PAUSED and _pauses(metric, fact, policy):
            pause = fact
        elif fact.kind in _PAUSE_ENDS:
            pause = None
        if fact.kind is start_kind and tape.started_at is None and not tape.is_over:
            tape.start(fact.at)
        _record(tape, fact, pause, count)
    return tape


def answer_cycles(facts: Sequence[ClockFact]) -> list[Tape]:
    """Return a tape for each time the client waited for an answer after the first response."""
    tapes: list[Tape] = []
    is_responded = False
    for count, fact in enumerate(facts, 1):
        latest = tapes[-1] if tapes else None
        is_new_wait = is_responded and (latest is None or latest.is_over)
        if fact.kind is ClockFactKind.CLIENT_WROTE and is_new_wait:
            latest = Tape(SlaMetric.NEXT_RESPONSE, since=fact.at, cycle=len(tapes) + 1)
            latest.start(fact.at)
            tapes.append(latest)
        if latest is not None:
            _record(latest, fact, None, count)
        is_responded = is_responded or fact.kind in _STOPS[SlaMetric.FIRST_RESPONSE]
    return tapes


def _pauses(metric: SlaMetric, fact: ClockFact, policy: SlaPolicy) -> bool:
    return metric in PAUSABLE and (not fact.is_third_party or policy.third_party_pauses)


def _record(tape: Tape, fact: ClockFact, pause: ClockFact | None, count: int) -> None:
    if tape.is_over:
        if fact.kind is ClockFactKind.REOPENED and _goes_on_when_reopened(tape):
            tape.go_on(fact.at)
        return
    tape.heard = count
    if fact.kind is ClockFactKind.CANCELLED:
        tape.cancel(fact.at)
    elif fact.kind in _STOPS[tape.metric]:
        tape.stop(fact.at)
    elif tape.is_running and pause is not None:
        tape.turn(fact.at, StretchKind.PAUSED, pause.pause_reason)
    elif tape.is_running:
        tape.turn(fact.at, StretchKind.COUNTED)


def _goes_on_when_reopened(tape: Tape) -> bool:
    return tape.metric is SlaMetric.RESOLUTION or tape.cancelled_at is not None
