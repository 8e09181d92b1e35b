"""Clocks as they are shown: what they read at an instant, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.explanation import ClockSegment, explained
from helpdesk.domain.sla import ClockReading, SlaClock, Timelines
from helpdesk.usecases.ports import DerivedClock


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock, its reading at an instant, and the segments that add up to it."""

    clock: SlaClock
    reading: ClockReading
    segments: tuple[ClockSegment, ...]
    terms_version: int
    calendar_version: int | None


def clock_views(
    derived: Iterable[DerivedClock], timelines: Timelines, *, opened_at: datetime, at: datetime
) -> tuple[ClockView, ...]:
    """Return the clocks with their reading and explanation at `at`."""
    return tuple(
        ClockView(
            clock=one.clock,
            reading=one.clock.reading(at, timelines.of(one.clock.target)),
            segments=explained(one.clock, opened_at=opened_at, at=at, timelines=timelines),
            terms_version=one.terms_version,
            calendar_version=one.calendar_version,
        )
        for one in derived
    )
