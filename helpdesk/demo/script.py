"""The script of the demo: which deed is done at which instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk.demo.cast import House
from helpdesk.demo.deeds import Case, Deed
from helpdesk.domain.business_time import Timeline
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import SlaMetric, allowance_seconds

_A_MINUTE = timedelta(minutes=1)
_SECONDS_A_MINUTE = 60
_USUAL_SECONDS: Mapping[SlaMetric, int] = {
    SlaMetric.FIRST_RESPONSE: 16 * 3600,
    SlaMetric.NEXT_RESPONSE: 16 * 3600,
    SlaMetric.RESOLUTION: 24 * 3600,
    SlaMetric.DELIVERY: 56 * 3600,
}
"""How much working time the agency takes where nothing was promised."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A deed and its instant."""

    at: datetime
    deed: Deed
    is_opening: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the agency works for a client: the promises of the contract, or its habit."""

    house: House
    priority: Priority

    def due(self, metric: SlaMetric, start: datetime, share: float) -> datetime:
        """Return when this share of the time for a metric has passed; above 1 it is too late."""
        terms = self.house.terms
        target = None if terms is None else terms.sla.target(metric, self.priority)
        if target is None or target.calendar_id is None:
            return self.worked(start, _USUAL_SECONDS[metric] * share / _SECONDS_A_MINUTE)
        timeline = self.house.timelines[target.calendar_id]
        allowance = allowance_seconds(target, start, timeline)
        return timeline.after(start, int(allowance * share))

    def worked(self, start: datetime, minutes: float) -> datetime:
        """Return when so many minutes of the agency's working hours have passed."""
        return self.house.working.after(start, int(minutes * _SECONDS_A_MINUTE))


@dataclass
class Thread:
    """The beats of one case, in order: none is earlier than the one before."""

    case: Case
    beats: list[Beat] = field(default_factory=list)

    @property
    def last(self) -> datetime:
        """Return the instant of the last deed."""
        return self.beats[-1].at

    def add(self, at: datetime, deed: Deed) -> None:
        """Add a deed at an instant, or a minute after the last one if that is later."""
        earliest = self.last + _A_MINUTE if self.beats else at
        self.beats.append(Beat(max(at, earliest), deed, is_opening=not self.beats))

    def soon(self, deed: Deed) -> None:
        """Add a deed a minute after the last one."""
        self.add(self.last + _A_MINUTE, deed)


def minutes_before(now: datetime, minutes: int, timeline: Timeline) -> datetime:
    """Return the instant from which so many counted minutes lead to `now`."""
    return timeline.before(now, minutes * _SECONDS_A_MINUTE)
