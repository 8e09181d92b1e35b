"""Clocks as they are shown: what they read at an instant, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation import ClockSegment, explained
from helpdesk.domain.explanation_prose import clock_sentences
from helpdesk.domain.sla import ClockReading, SlaClock, Timelines
from helpdesk.usecases.ticket_ports import DerivedClock


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock, its reading at the instant `at`, and the segments that add up to it.

    `opened_at` is when its ticket was opened, `zone` the one of the agency.
    """

    clock: SlaClock
    reading: ClockReading
    segments: tuple[ClockSegment, ...]
    terms_version: int
    calendar_version: int | None
    opened_at: datetime
    at: datetime
    zone: str

    def sentences(self, locale: Locale) -> tuple[str, ...]:
        """Return what a client may be told about the clock, on the agency's wall clock."""
        return clock_sentences(
            self.clock,
            self.reading,
            self.segments,
            opened_at=self.opened_at,
            locale=locale,
            zone=self.zone,
        )


def clock_views(
    derived: Iterable[DerivedClock],
    timelines: Timelines,
    *,
    opened_at: datetime,
    at: datetime,
    zone: str,
) -> tuple[ClockView, ...]:
    """Return the clocks with their reading and explanation at `at`."""
    return tuple(
        ClockView(
            clock=one.clock,
            reading=one.clock.reading(at, timelines.of(one.clock.target)),
            segments=explained(one.clock, opened_at=opened_at, at=at, timelines=timelines),
            terms_version=one.terms_version,
            calendar_version=one.calendar_version,
            opened_at=opened_at,
            at=at,
            zone=zone,
        )
        for one in derived
    )
