"""Clocks are reduced from the facts of a ticket: same facts, same clocks, whenever one looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.business_time import Edge, Timeline
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import (
    ClockStart,
    SlaClock,
    SlaMetric,
    SlaPolicy,
    Stretch,
    StretchKind,
    Target,
    Timelines,
    allowance_seconds,
    breach_edge,
)


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

_PAUSE_ENDS = frozenset({ClockFactKind.RESUMED, ClockFactKind.DELIVERED, ClockFactKind.RESOLVED})


@dataclass(slots=True)
class _Tape:
    """The life of one clock being recorded: what was counted, paused or closed, and its end."""

    metric: SlaMetric
    cycle: int = 1
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    cancelled_at: datetime | None = None
    stretches: list[Stretch] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.stopped_at is not None or self.cancelled_at is not None

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and not self.is_over

    def start(self, at: datetime, kind: StretchKind, reason: str | None = None) -> None:
        self.started_at = at
        self.stretches.append(Stretch(at, None, kind, reason))

    def turn(self, at: datetime, kind: StretchKind, reason: str | None = None) -> None:
        last = self.stretches[-1]
        if last.kind is kind:
            return
        self._finish_last(at)
        self.stretches.append(Stretch(at, None, kind, reason))

    def stop(self, at: datetime) -> None:
        self.started_at = self.started_at or at
        self._finish_last(at)
        self.stopped_at = at

    def cancel(self, at: datetime) -> None:
        self._finish_last(at)
        self.cancelled_at = at

    def go_on(self, at: datetime) -> None:
        ended_at = self.stopped_at or self.cancelled_at or at
        if self.started_at is not None:
            self.stretches.append(Stretch(ended_at, at, StretchKind.TICKET_CLOSED))
            self.stretches.append(Stretch(at, None, StretchKind.COUNTED))
        self.stopped_at = self.cancelled_at = None

    def _finish_last(self, at: datetime) -> None:
        if self.stretches and self.stretches[-1].end is None:
            last = self.stretches.pop()
            self.stretches.append(Stretch(last.start, at, last.kind, last.reason))


def reduced_clocks(
    facts: Sequence[ClockFact], policy: SlaPolicy, timelines: Timelines
) -> tuple[SlaClock, ...]:
    """Return the clocks of a ticket from its facts, in the order in which they happened.

    The first fact is the opening. A metric without a target under any priority that the ticket
    had has no clock. Source: design of the SLA clock, white paper 4.3.
    """
    tapes = [
        _single_tape(SlaMetric.FIRST_RESPONSE, facts, policy, ClockStart.OPENING),
        *_answer_cycles(facts),
        _single_tape(SlaMetric.RESOLUTION, facts, policy, _resolution_start(facts, policy)),
        _single_tape(SlaMetric.DELIVERY, facts, policy, ClockStart.OPENING),
    ]
    epochs = _priority_epochs(facts)
    clocks = (_measured(tape, epochs, policy, timelines) for tape in tapes)
    return tuple(clock for clock in clocks if clock is not None)


def _resolution_start(facts: Sequence[ClockFact], policy: SlaPolicy) -> ClockStart:
    for fact in reversed(facts):
        if fact.priority is not None:
            target = policy.target(SlaMetric.RESOLUTION, fact.priority)
            if target is not None:
                return target.starts_on
    return ClockStart.FIRST_RESPONSE


def _single_tape(
    metric: SlaMetric, facts: Iterable[ClockFact], policy: SlaPolicy, starts_on: ClockStart
) -> _Tape:
    tape = _Tape(metric)
    start_kind = (
        ClockFactKind.OPENED if starts_on is ClockStart.OPENING else ClockFactKind.AGENT_ANSWERED
    )
    pause: ClockFact | None = None
    for fact in facts:
        if fact.kind is ClockFactKind.PAUSED and _pauses(metric, fact, policy):
            pause = fact
        elif fact.kind in _PAUSE_ENDS:
            pause = None
        if fact.kind is start_kind and tape.started_at is None and not tape.is_over:
            tape.start(fact.at, StretchKind.COUNTED)
        _record(tape, fact, pause)
    return tape


def _pauses(metric: SlaMetric, fact: ClockFact, policy: SlaPolicy) -> bool:
    return metric in PAUSABLE and (not fact.is_third_party or policy.third_party_pauses)


def _record(tape: _Tape, fact: ClockFact, pause: ClockFact | None) -> None:
    if tape.is_over:
        if fact.kind is ClockFactKind.REOPENED and _goes_on_when_reopened(tape):
            tape.go_on(fact.at)
        return
    if fact.kind is ClockFactKind.CANCELLED:
        tape.cancel(fact.at)
    elif fact.kind in _STOPS[tape.metric]:
        tape.stop(fact.at)
    elif tape.is_running and pause is not None:
        tape.turn(fact.at, StretchKind.PAUSED, pause.pause_reason)
    elif tape.is_running:
        tape.turn(fact.at, StretchKind.COUNTED)


def _goes_on_when_reopened(tape: _Tape) -> bool:
    return tape.metric is SlaMetric.RESOLUTION or tape.cancelled_at is not None


def _answer_cycles(facts: Iterable[ClockFact]) -> list[_Tape]:
    """Return a tape for each time the client waited for an answer after the first response."""
    tapes: list[_Tape] = []
    is_responded = False
    for fact in facts:
        waiting = tapes[-1] if tapes and not tapes[-1].is_over else None
        if fact.kind is ClockFactKind.CLIENT_WROTE and is_responded and waiting is None:
            tape = _Tape(SlaMetric.NEXT_RESPONSE, cycle=len(tapes) + 1)
            tape.start(fact.at, StretchKind.COUNTED)
            tapes.append(tape)
        elif waiting is not None:
            _record(waiting, fact, None)
        is_responded = is_responded or fact.kind is ClockFactKind.AGENT_ANSWERED
    return tapes


@dataclass(frozen=True, slots=True)
class _Epoch:
    """A time `[start, end)` during which a ticket kept its priority."""

    start: datetime
    end: datetime | None
    priority: Priority


def _priority_epochs(facts: Iterable[ClockFact]) -> list[_Epoch]:
    epochs: list[_Epoch] = []
    for fact in facts:
        if fact.priority is None or (epochs and epochs[-1].priority is fact.priority):
            continue
        if epochs:
            last = epochs.pop()
            epochs.append(_Epoch(last.start, fact.at, last.priority))
        epochs.append(_Epoch(fact.at, None, fact.priority))
    return epochs


@dataclass(frozen=True, slots=True)
class _Term:
    """What an epoch means for one clock: its promise (None: no promise) and what it counts on."""

    start: datetime
    end: datetime | None
    target: Target | None
    counted_on: Target
    timeline: Timeline
    allowance: int | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A counted part of a clock's life on one calendar."""

    start: datetime
    end: datetime | None
    timeline: Timeline


def _measured(
    tape: _Tape, epochs: Sequence[_Epoch], policy: SlaPolicy, timelines: Timelines
) -> SlaClock | None:
    ended_at = tape.stopped_at or tape.cancelled_at
    lived = [epoch for epoch in epochs if ended_at is None or epoch.start < ended_at] or epochs[:1]
    targets = [policy.target(tape.metric, epoch.priority) for epoch in lived]
    latest = next((target for target in reversed(targets) if target is not None), None)
    if latest is None:
        return None
    if targets[-1] is None and not tape.is_over:
        tape.cancel(lived[-1].start)
    terms = _terms(tape, lived, targets, timelines)
    return _clock(tape, latest, terms, policy)


def _terms(
    tape: _Tape,
    epochs: Sequence[_Epoch],
    targets: Sequence[Target | None],
    timelines: Timelines,
) -> list[_Term]:
    terms: list[_Term] = []
    following: Target | None = None
    for epoch, target in zip(reversed(epochs), reversed(targets), strict=True):
        counted_on = target or following or next(t for t in targets if t is not None)
        timeline = timelines.of(counted_on)
        allowance = (
            None
            if target is None or tape.started_at is None
            else allowance_seconds(target, tape.started_at, timeline)
        )
        terms.append(_Term(epoch.start, epoch.end, target, counted_on, timeline, allowance))
        following = target or following
    terms.reverse()
    return terms


def _clock(tape: _Tape, target: Target, terms: Sequence[_Term], policy: SlaPolicy) -> SlaClock:
    pieces = _pieces(tape.stretches, terms)
    latest = next(term for term in reversed(terms) if term.target is target)
    running = pieces[-1] if pieces and pieces[-1].end is None else None
    allowance = latest.allowance
    return SlaClock(
        metric=tape.metric,
        cycle=tape.cycle,
        target=target,
        allowance_seconds=allowance,
        started_at=tape.started_at,
        stopped_at=tape.stopped_at,
        cancelled_at=tape.cancelled_at,
        paused_since=_paused_since(tape),
        running_since=running.start if running else None,
        counted_seconds=_counted(pieces),
        deadline_at=_deadline(tape, pieces, latest),
        breached_at=_breach(pieces, terms),
        at_risk_at=None
        if running is None or allowance is None
        else _reached(pieces, -(-allowance * policy.at_risk_percent // 100), Edge.CLOSING),
        stretches=tuple(_split(tape.stretches, terms)),
    )


def _paused_since(tape: _Tape) -> datetime | None:
    if tape.is_running and tape.stretches[-1].kind is StretchKind.PAUSED:
        return tape.stretches[-1].start
    return None


def _split(stretches: Iterable[Stretch], terms: Sequence[_Term]) -> list[Stretch]:
    """Return the stretches cut where the promise changed, each with the promise in force."""
    parts: list[Stretch] = []
    for stretch in stretches:
        for index, term in enumerate(terms):
            start = stretch.start if index == 0 else max(stretch.start, term.start)
            end = _earlier(stretch.end, term.end)
            if end is None or start < end:
                parts.append(replace(stretch, start=start, end=end, target=term.counted_on))
    return parts


def _pieces(stretches: Iterable[Stretch], terms: Sequence[_Term]) -> list[_Piece]:
    timelines = {term.counted_on: term.timeline for term in terms}
    return [
        _Piece(part.start, part.end, timelines[part.target])
        for part in _split(stretches, terms)
        if part.kind is StretchKind.COUNTED and part.target is not None
    ]


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _counted(pieces: Iterable[_Piece]) -> int:
    return sum(
        piece.timeline.elapsed(piece.start, piece.end) for piece in pieces if piece.end is not None
    )


def _reached(pieces: Iterable[_Piece], amount: int, edge: Edge) -> datetime | None:
    """Return the instant at which `amount` seconds were counted, None when they never are."""
    left = amount
    for piece in pieces:
        if piece.end is None:
            return piece.timeline.after(piece.start, left, edge=edge)
        seconds = piece.timeline.elapsed(piece.start, piece.end)
        if left < seconds or (left == seconds and edge is Edge.CLOSING):
            return piece.timeline.after(piece.start, left, edge=edge)
        left -= seconds
    return None


def _deadline(tape: _Tape, pieces: list[_Piece], latest: _Term) -> datetime | None:
    """Return when the promise is or was due; a stopped clock shows what it was measured against."""
    if tape.cancelled_at is not None or latest.allowance is None or not pieces:
        return None
    if tape.stopped_at is not None:
        last = pieces[-1]
        pieces = [*pieces[:-1], _Piece(last.start, None, last.timeline)]
    return _reached(pieces, latest.allowance, Edge.CLOSING)


def _breach(pieces: Sequence[_Piece], terms: Iterable[_Term]) -> datetime | None:
    """Return when a promise first broke or will break.

    A target that is already exceeded when it comes into force breaches at that instant, and a
    breach under an earlier target stays, whatever the priority became.
    """
    for term in terms:
        if term.target is None or term.allowance is None:
            continue
        reached_at = _reached(pieces, term.allowance, breach_edge(term.target))
        if reached_at is None:
            continue
        broken_at = max(reached_at, term.start)
        if term.end is None or broken_at < term.end:
            return broken_at
    return None
