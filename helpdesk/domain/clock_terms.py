"""What each part of a clock's life promised, and the parts of it that counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from helpdesk.domain.business_time import Edge, Timeline
from helpdesk.domain.clock_facts import ClockFactKind, Scene
from helpdesk.domain.clock_steps import Piece, counted, piece
from helpdesk.domain.clock_tape import Mark, Tape
from helpdesk.domain.sla import (
    SlaMetric,
    Stretch,
    StretchKind,
    Target,
    TargetUnit,
    Timelines,
    allowance_seconds,
    due_edge,
)

# Looked up once: reading a member of an enumeration takes as long as a call.
_POSTPONED = ClockFactKind.POSTPONED
_COUNTED = StretchKind.COUNTED
_CLOSING = Edge.CLOSING
_SAME_TIME = TargetUnit.BUSINESS_DAYS_SAME_TIME


class _Epoch(NamedTuple):
    """A time from `start` on with one priority, one version of the terms and one new date."""

    start: datetime
    scene: Scene
    target: Target | None
    postponed_to: datetime | None


@dataclass(slots=True)
class Term:
    """What a time `[start, end)` means for one clock.

    Its promise (`target`, None: no promise), and what it counts on all the same. `allowance` is in
    seconds of counted time, None before the clock started. `edge` says whether a promise consumed
    at a closing is due then or at the next opening.
    """

    start: datetime
    end: datetime | None
    scene: Scene
    target: Target | None
    counted_on: Target
    timeline: Timeline
    postponed_to: datetime | None
    allowance: int | None = None
    edge: Edge = _CLOSING


def turning_points(played: Sequence[Scene]) -> list[int]:
    """Return the scenes from which on something else is agreed: the promises, or a new date."""
    return [
        index
        for index, (before, scene) in enumerate(pairwise(played), start=1)
        if scene.targets is not before.targets
        or scene.kind is _POSTPONED
        or scene.terms_version != before.terms_version
    ]


def terms_of(
    tape: Tape, played: Sequence[Scene], turns: Sequence[int], timelines: Timelines
) -> list[Term]:
    """Return the terms that a clock lived under, as far as it listened; none without a promise.

    A clock whose promise was no longer made at the end is withdrawn from when it was not. A time
    without a promise is counted as the next promise counts. Before a clock was known to count, it
    promised nothing: a delivery that waited for its batch cannot have been late then.
    """
    inside = [index for index in turns if tape.first < index < tape.heard]
    epochs = _epochs(tape, played, inside)
    promised = len(epochs)
    while promised and epochs[promised - 1].target is None:
        promised -= 1
    if not promised:
        return []
    end = tape.cancelled_at if tape.is_withdrawn else None
    if promised < len(epochs):
        end = epochs[promised].start
        tape.withdraw(end)
    terms: list[Term] = []
    following: Target | None = None
    for epoch in reversed(epochs[:promised]):
        counted_on = following = epoch.target or following
        assert counted_on is not None  # noqa: S101 - the last one has a target
        is_early = tape.began_at is not None and end is not None and end <= tape.began_at
        target = None if is_early else epoch.target
        timeline = timelines.of(counted_on)
        terms.append(
            Term(epoch.start, end, epoch.scene, target, counted_on, timeline, epoch.postponed_to)
        )
        end = epoch.start
    terms.reverse()
    if tape.started_at is not None:
        _allow(tape, tape.started_at, terms)
    return terms


def _epochs(tape: Tape, played: Sequence[Scene], turns: Sequence[int]) -> list[_Epoch]:
    """Return the epochs of a clock; what was replaced at the same instant never held.

    What was agreed while the ticket was finished holds from its reopening.
    Terms that change nothing for the metric are an epoch all the same: the explanation names them.
    A delivery that does not count yet has no date to put off.
    """
    metric = tape.metric
    last = played[tape.first]
    postponed_to: datetime | None = None
    epochs = [_Epoch(last.at, last, last.targets.get(metric), None)]
    for index in turns:
        scene = played[index]
        is_postponed = (
            scene.kind is _POSTPONED
            and metric is SlaMetric.DELIVERY
            and tape.began_at is not None
            and tape.began_at <= scene.at
        )
        is_agreed = scene.targets is last.targets and scene.terms_version == last.terms_version
        if is_agreed and not is_postponed:
            continue
        target = scene.targets.get(metric)
        if is_postponed:
            postponed_to = scene.postponed_to
        elif target != last.targets.get(metric):
            postponed_to = None
        last = scene
        start = tape.out_of_the_end(scene.at) if tape.earlier else scene.at
        if epochs[-1].start == start:
            epochs.pop()
        epochs.append(_Epoch(start, scene, target, postponed_to))
    return epochs


def _allow(tape: Tape, started_at: datetime, terms: list[Term]) -> None:
    """Say what each promise gives, and whether it is due at a closing or an opening.

    A new date gives what was counted when it was set, and the open time from then to it.
    """
    for index, term in enumerate(terms):
        target = term.target
        if target is None:
            continue
        if term.postponed_to is None:
            term.allowance = allowance_seconds(target, started_at, term.timeline)
            if target.unit is _SAME_TIME:
                term.edge = due_edge(target, started_at, term.timeline)
            continue
        before = counted(pieces_of(stretches_of(tape, terms[:index]), terms), until=term.start)
        term.allowance = before + term.timeline.elapsed_or_zero(term.start, term.postponed_to)
        if term.timeline.is_open(term.postponed_to):
            term.edge = Edge.OPENING


def stretches_of(
    tape: Tape, terms: Sequence[Term], marks: Sequence[Mark] | None = None
) -> list[Stretch]:
    """Return the life of a clock cut where the promise changed, each part with that in force.

    What came before the first term falls under it: a clock may count from before its promise.
    """
    lasting = _lasting(tape, tape.marks if marks is None else marks)
    if len(terms) == 1 and terms[0].end is None:
        only = terms[0].counted_on, terms[0].scene.terms_version
        return [Stretch(start, end, kind, reason, *only) for start, end, kind, reason in lasting]
    parts: list[Stretch] = []
    for start, end, kind, reason in lasting:
        position = start
        for term in terms:
            until = _earlier(end, term.end)
            if until is None or position < until:
                version = term.scene.terms_version
                parts.append(Stretch(position, until, kind, reason, term.counted_on, version))
                if until is None or until == end:
                    break
                position = until
    return parts


def _lasting(
    tape: Tape, marks: Sequence[Mark]
) -> Iterator[tuple[datetime, datetime | None, StretchKind, str | None]]:
    last = len(marks) - 1
    for index, mark in enumerate(marks):
        if index < last:
            end: datetime | None = marks[index + 1].start
        elif len(marks) < len(tape.marks):
            end = tape.marks[len(marks)].start
        else:
            end = tape.ended_at
        if end is None or mark.start < end:
            yield mark.start, end, mark.kind, mark.reason


def pieces_of(stretches: Sequence[Stretch], terms: Sequence[Term]) -> list[Piece]:
    """Return the parts that counted, each on its calendar."""
    if len(terms) == 1:
        timeline = terms[0].timeline
        return [
            piece(part.start, part.end, timeline) for part in stretches if part.kind is _COUNTED
        ]
    timelines = {term.counted_on: term.timeline for term in terms}
    return [
        piece(part.start, part.end, timelines[part.target])
        for part in stretches
        if part.kind is _COUNTED and part.target is not None
    ]


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
