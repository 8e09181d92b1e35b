"""Clocks are reduced from the facts of a ticket: same facts, same clocks, whenever one looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.business_time import Edge, Timeline
from helpdesk.domain.clock_tape import ClockFact, Tape, answer_cycles, single_tape
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
    due_edge,
)


def reduced_clocks(
    facts: Sequence[ClockFact], policy: SlaPolicy, timelines: Timelines
) -> tuple[SlaClock, ...]:
    """Return the clocks of a ticket from its facts, in the order in which they happened.

    The first fact is the opening. A metric without a target under any priority that the ticket
    had has no clock. Source: design of the SLA clock, white paper 4.3.
    """
    tapes = [
        single_tape(SlaMetric.FIRST_RESPONSE, facts, policy, ClockStart.OPENING),
        *answer_cycles(facts),
        single_tape(SlaMetric.RESOLUTION, facts, policy, _resolution_start(facts, policy)),
        single_tape(SlaMetric.DELIVERY, facts, policy, ClockStart.OPENING),
    ]
    clocks = (_measured(tape, facts, policy, timelines) for tape in tapes)
    return tuple(clock for clock in clocks if clock is not None)


def _resolution_start(facts: Sequence[ClockFact], policy: SlaPolicy) -> ClockStart:
    """Return what starts the resolution: the first promise says it, a later one keeps the origin.

    A later promise that moved the start would erase a breach that was recorded.
    """
    for fact in facts:
        if fact.priority is not None:
            target = policy.target(SlaMetric.RESOLUTION, fact.priority)
            if target is not None:
                return target.starts_on
    return ClockStart.FIRST_RESPONSE


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
    edge: Edge


@dataclass(frozen=True, slots=True)
class _Piece:
    """A counted part of a clock's life on one calendar."""

    start: datetime
    end: datetime | None
    timeline: Timeline


def _measured(
    tape: Tape, facts: Sequence[ClockFact], policy: SlaPolicy, timelines: Timelines
) -> SlaClock | None:
    epochs = [
        epoch
        for epoch in _priority_epochs(facts[: tape.heard])
        if epoch.end is None or epoch.end > tape.since
    ]
    targets = [policy.target(tape.metric, epoch.priority) for epoch in epochs]
    promised = len(targets)
    while promised and targets[promised - 1] is None:
        promised -= 1
    latest = targets[promised - 1] if promised else None
    if latest is None:
        return None
    if promised < len(targets):
        tape.cancel(epochs[promised].start)
    terms = _terms(tape, list(zip(epochs, targets, strict=True))[:promised], latest, timelines)
    return _clock(tape, latest, terms, policy)


def _terms(
    tape: Tape,
    promises: Sequence[tuple[_Epoch, Target | None]],
    latest: Target,
    timelines: Timelines,
) -> list[_Term]:
    """Return what each epoch promised; one without a promise is counted as the next one counts."""
    terms: list[_Term] = []
    counted_on = latest
    for epoch, target in reversed(promises):
        counted_on = target or counted_on
        timeline = timelines.of(counted_on)
        allowance, edge = None, Edge.CLOSING
        if target is not None and tape.started_at is not None:
            allowance = allowance_seconds(target, tape.started_at, timeline)
            edge = due_edge(target, tape.started_at, timeline)
        terms.append(_Term(epoch.start, epoch.end, target, counted_on, timeline, allowance, edge))
    terms.reverse()
    return terms


def _clock(tape: Tape, target: Target, terms: Sequence[_Term], policy: SlaPolicy) -> SlaClock:
    pieces = _pieces(tape.stretches, terms)
    latest = terms[-1]
    possible = pieces
    if tape.stopped_at is not None:
        possible = [*pieces, _Piece(_whole(tape.stopped_at), None, latest.timeline)]
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
        deadline_at=_deadline(tape, possible, latest),
        breached_at=_breach(tape, possible, terms),
        at_risk_at=None
        if running is None or allowance is None
        else _reached(pieces, -(-allowance * policy.at_risk_percent // 100), Edge.CLOSING),
        stretches=tuple(_split(tape.stretches, terms)),
    )


def _paused_since(tape: Tape) -> datetime | None:
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


def _deadline(tape: Tape, pieces: Sequence[_Piece], latest: _Term) -> datetime | None:
    """Return when the promise is or was due; a stopped clock shows what it was measured against."""
    if tape.cancelled_at is not None or latest.allowance is None:
        return None
    return _reached(pieces, latest.allowance, latest.edge)


def _breach(tape: Tape, pieces: Sequence[_Piece], terms: Iterable[_Term]) -> datetime | None:
    """Return when a promise first broke or will break.

    A target that is already exceeded when it comes into force breaches at that instant, and a
    breach under an earlier target stays, whatever the priority became.
    """
    for term in terms:
        if term.target is None or term.allowance is None:
            continue
        edge = term.edge if term.target.is_strict else Edge.OPENING
        reached_at = _reached(pieces, term.allowance, edge)
        if reached_at is None or _was_kept(tape, term.target, reached_at):
            continue
        broken_at = max(reached_at, term.start)
        if term.end is None or broken_at < term.end:
            return broken_at
    return None


def _was_kept(tape: Tape, target: Target, reached_at: datetime) -> bool:
    """Return whether the clock stopped in time; on the dot is late for a strict promise alone."""
    if tape.stopped_at is None:
        return False
    stopped_at = _whole(tape.stopped_at)
    return stopped_at < reached_at if target.is_strict else stopped_at <= reached_at


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
