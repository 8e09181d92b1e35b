"""When a clock reaches an amount of counted time, and the steps of its ladder."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from helpdesk.domain.business_time import Edge, Timeline
from helpdesk.domain.escalation import LadderStep
from helpdesk.domain.sla import StepDue

_SECONDS_A_MINUTE = 60

# Looked up once: reading a member of an enumeration takes as long as a call.
_CLOSING = Edge.CLOSING


class Piece(NamedTuple):
    """A counted part `[start, end)` of a clock's life on one calendar; the last may go on.

    `seconds` are those it counted, None while it goes on. A named tuple: every clock has some.
    """

    start: datetime
    end: datetime | None
    timeline: Timeline
    seconds: int | None


def piece(start: datetime, end: datetime | None, timeline: Timeline) -> Piece:
    """Return the part from one instant to another, or without an end, with what it counted."""
    return Piece(start, end, timeline, None if end is None else timeline.elapsed(start, end))


def counted(pieces: Iterable[Piece], *, until: datetime | None = None) -> int:
    """Return the seconds counted in the pieces that ended, or in all of them up to an instant."""
    if until is None:
        return sum([one.seconds or 0 for one in pieces])
    return sum(
        one.timeline.elapsed(one.start, until if one.end is None else min(one.end, until))
        for one in pieces
        if one.start < until
    )


def reached(pieces: Iterable[Piece], amount: int, edge: Edge) -> datetime | None:
    """Return the instant at which `amount` seconds were counted, None when they never are."""
    left = amount
    for start, _, timeline, seconds in pieces:
        if seconds is None or left < seconds or (left == seconds > 0 and edge is _CLOSING):
            return timeline.after(start, left, edge=edge)
        left -= seconds
    return None


def steps_due(
    steps: Iterable[LadderStep],
    pieces: Sequence[Piece],
    allowance: int | None,
    edge: Edge,
    deadline_at: datetime | None,
) -> tuple[StepDue, ...]:
    """Return when each step of a ladder comes or came, soonest first.

    The instants are the inverse of consumed time: they fall in business time, and a pause moves
    those that had not come. A paused clock shows only what it reached before.
    """
    if allowance is None:
        return ()
    instants = _instants(steps, pieces, allowance, edge, deadline_at)
    return tuple(sorted(instants, key=lambda step: step.at))


def _instants(
    steps: Iterable[LadderStep],
    pieces: Sequence[Piece],
    allowance: int,
    edge: Edge,
    deadline_at: datetime | None,
) -> Iterator[StepDue]:
    for step in steps:
        if step.days is not None:
            at = None if deadline_at is None else _days_from(deadline_at, step.days, pieces)
        else:
            at = reached(pieces, max(0, _amount(step, allowance)), edge)
        if at is not None:
            yield StepDue(step.key, step.level, at)


def _amount(step: LadderStep, allowance: int) -> int:
    if step.percent is not None:
        return -(-allowance * step.percent // 100)
    assert step.minutes is not None  # noqa: S101 - a step says one of three, see Ladder
    return allowance + step.minutes * _SECONDS_A_MINUTE


def _days_from(deadline_at: datetime, days: int, pieces: Sequence[Piece]) -> datetime:
    return pieces[-1].timeline.add_days(deadline_at, days)
