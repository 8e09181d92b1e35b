"""The working days of a calendar: the dates on which something opens, counted in O(1)."""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate

from helpdesk.domain.horizon import Horizon
from helpdesk.domain.opening_seconds import UtcInterval


class WorkingDays:
    """The dates of a horizon on which an interval opens, numbered in order.

    A night belongs to the day it starts on, so its end makes no working day. `openings` holds the
    intervals that start on each date of the horizon, in UTC seconds.
    """

    __slots__ = ("_dates", "_horizon", "_openings", "_rank")

    def __init__(self, horizon: Horizon, openings: Sequence[Sequence[UtcInterval]]) -> None:
        first = horizon.first.toordinal()
        self._horizon = horizon
        self._openings = openings
        self._dates = [date.fromordinal(first + n) for n, day in enumerate(openings) if day]
        self._rank = list(accumulate((bool(day) for day in openings), initial=0))

    def openings_on(self, day: date) -> Sequence[UtcInterval]:
        """Return the intervals that open on the date, none when it is not worked."""
        return self._openings[self._horizon.day_number(day)]

    def add(self, start: date, days: int) -> date:
        """Return the date `days` working days later, the start not counted; negative: earlier.

        Zero is the start itself, worked or not. Raises `DaysBeyondHorizon`.
        """
        number = self._horizon.day_number(start)
        if days == 0:
            return start
        position = self._rank[number + 1] + days - 1 if days > 0 else self._rank[number] + days
        if not 0 <= position < len(self._dates):
            raise self._horizon.days_beyond(start, days)
        return self._dates[position]
