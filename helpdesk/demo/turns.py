"""When the months of the demo end, and what the agency's first working days after them are."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk.demo.cast import Cast
from helpdesk.domain.business_time import Timeline
from helpdesk.domain.month import Month

HOURS_A_DAY = 8
_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Turn:
    """A month, with the agency's working hours during and after it."""

    month: Month
    zone: ZoneInfo
    working: Timeline

    def within(self, day: int, hours: float = 1) -> datetime:
        """Return an instant of the month: so many hours into one of its working days, from 1."""
        return self._worked(self.month.starts_at(self.zone), day, hours)

    def after(self, day: int, hours: float = 1) -> datetime:
        """Return an instant of the month that follows, counted likewise."""
        return self._worked(self.month.following.starts_at(self.zone), day, hours)

    def _worked(self, start: datetime, day: int, hours: float) -> datetime:
        return self.working.after(start, int(((day - 1) * HOURS_A_DAY + hours) * _SECONDS_AN_HOUR))


def turns(cast: Cast, since: datetime, until: datetime) -> tuple[Turn, ...]:
    """Return the months that were settled by an instant, the first one at the front.

    A month is settled in the first working hour after it.
    """
    zone = ZoneInfo(cast.agency.zone)
    working = next(iter(cast.houses.values())).working
    found = [Turn(Month.of(since, zone), zone, working)]
    while found[-1].after(1) <= until:
        found.append(Turn(found[-1].month.following, zone, working))
    return tuple(found[:-1])
