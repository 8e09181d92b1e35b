"""Business time on integers: open seconds of a horizon, counted and found again in O(1)."""

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import datetime
from typing import Self, TypeVar

from helpdesk.domain.horizon import Horizon
from helpdesk.domain.opening_seconds import Opening, UtcInterval
from helpdesk.domain.utc_seconds import utc_instant

# Buckets of 4096 s: about one opening in each, and a shift instead of a division.
_BUCKET_BITS = 12

# Plain tuples, because unpacking one is the fastest way to several numbers at once. Their seconds
# count from the start of the horizon: CPython computes fastest below 2**30, which is 34 years. The
# offset is what separates a second of the interval from the open seconds up to it.
_Stretch = tuple[int, int, int, int]
"""An open interval: its start, its end, its offset, its number."""
_Share = tuple[int, int, int]
"""The same interval by open seconds: how many came before it, its offset, its number."""
_Found = TypeVar("_Found")


class BusinessSeconds:
    """The open seconds of a horizon, seconds since 1970 in UTC going in and coming out.

    Sorted intervals with the open seconds before each, found through one bucket index over the
    seconds and one over the open seconds: the answer takes as long over an hour as over years.

    Every method raises `BeyondHorizon` for a question or an answer outside the horizon. Source:
    design/sla.md (Algorithm).
    """

    __slots__ = (
        "_by_consumed",
        "_by_second",
        "_epoch",
        "_first_second",
        "_horizon",
        "_length",
        "_shares",
        "_stretches",
        "_total",
    )

    def __init__(self, horizon: Horizon, opening: Opening) -> None:
        self._horizon = horizon
        self._epoch = 0
        self._first_second = opening.first_second
        self._length = opening.last_second - opening.first_second
        # An empty interval at the very start spares every search the question "is there one?".
        stretches: list[_Stretch] = [(0, 0, 0, 0)]
        offset = closed_since = 0
        for number, (opens, closes) in enumerate(opening.intervals, start=1):
            start, end = opens - opening.first_second, closes - opening.first_second
            offset += start - closed_since
            closed_since = end
            stretches.append((start, end, offset, number))
        shares: list[_Share] = [(start - off, off, number) for start, _, off, number in stretches]
        self._stretches = stretches
        self._shares = shares
        self._total = closed_since - offset
        self._by_second = _buckets(stretches, [start for start, _, _, _ in stretches], self._length)
        self._by_consumed = _buckets(shares, [before for before, _, _ in shares], self._total)

    def from_its_start(self) -> Self:
        """Return the same seconds, going in and coming out counted from the start of the horizon.

        Numbers below 2**30 are what CPython adds and multiplies fastest.
        """
        shifted = copy(self)
        shifted._epoch, shifted._first_second = self._first_second, 0  # noqa: SLF001 - our own
        return shifted

    @property
    def bounds(self) -> UtcInterval:
        """Return the first and the last second of the horizon."""
        return self._first_second, self._first_second + self._length

    def consumed(self, second: int) -> int:
        """Return the open seconds from the start of the horizon to the second."""
        # The body of _stretch_at again, as in elapsed and in due: a call would add a fifth.
        tick = second - self._first_second
        if not 0 <= tick <= self._length:
            raise self._horizon.beyond(self._instant(second))
        opens, closes, offset, number = self._by_second[tick >> _BUCKET_BITS]
        while opens > tick:
            opens, closes, offset, number = self._stretches[number - 1]
        return (tick if tick < closes else closes) - offset

    def elapsed(self, start: int, end: int) -> int:
        """Return the open seconds from `start` to `end`, negative when `end` is the earlier."""
        first, length, buckets = self._first_second, self._length, self._by_second
        tick, last = start - first, end - first
        if not (0 <= tick <= length and 0 <= last <= length):
            raise self._horizon.beyond(self._instant(end if 0 <= tick <= length else start))
        opens, closes, offset, number = buckets[tick >> _BUCKET_BITS]
        while opens > tick:
            opens, closes, offset, number = self._stretches[number - 1]
        before = (tick if tick < closes else closes) - offset
        opens, closes, offset, number = buckets[last >> _BUCKET_BITS]
        while opens > last:
            opens, closes, offset, number = self._stretches[number - 1]
        return (last if last < closes else closes) - offset - before

    def due(self, start: int, amount: int) -> int:
        """Return the earliest second at which `amount` open seconds have passed since `start`.

        Zero while closed is the next opening. A negative amount walks backwards, and still gives
        the earlier of a closing and the next opening.
        """
        tick = start - self._first_second
        if not 0 <= tick <= self._length:
            raise self._horizon.beyond(self._instant(start))
        if not amount:
            return self.next_open(start)
        opens, closes, offset, number = self._by_second[tick >> _BUCKET_BITS]
        while opens > tick:
            opens, closes, offset, number = self._stretches[number - 1]
        target = (tick if tick < closes else closes) - offset + amount
        if not 0 < target <= self._total:
            raise self._horizon.amount_beyond(self._instant(start), amount)
        before, offset, number = self._by_consumed[(target - 1) >> _BUCKET_BITS]
        while before >= target:
            before, offset, number = self._shares[number - 1]
        return target + offset + self._first_second

    def due_at_opening(self, start: int, amount: int) -> int:
        """Return the latest second at which `amount` open seconds have passed since `start`.

        Where `due` gives a closing, this gives the next opening. Zero while closed is the next
        opening for both.
        """
        target = self.consumed(start) + amount
        if not 0 <= target < self._total:
            raise self._horizon.amount_beyond(self._instant(start), amount)
        before, offset, number = self._by_consumed[target >> _BUCKET_BITS]
        while before > target:
            before, offset, number = self._shares[number - 1]
        return target + offset + self._first_second

    def is_open(self, second: int) -> bool:
        """Return whether the second counts."""
        _, end, _, _ = self._stretch_at(second)
        return second < end + self._first_second

    def next_open(self, second: int) -> int:
        """Return the second itself while open, or the next opening."""
        _, end, _, number = self._stretch_at(second)
        if second < end + self._first_second:
            return second
        if number + 1 == len(self._stretches):
            raise self._horizon.opening_beyond(self._instant(second))
        return self._stretches[number + 1][0] + self._first_second

    def last_open(self, second: int) -> int:
        """Return the second itself while open, or the last closing."""
        _, end, _, number = self._stretch_at(second)
        if number == 0:
            raise self._horizon.opening_beyond(self._instant(second))
        return min(second, end + self._first_second)

    def between(self, start: int, end: int) -> Iterator[UtcInterval]:
        """Return the open intervals from `start` to `end`, clipped at both; none when reversed."""
        first, last = self._stretch_at(start)[-1], self._stretch_at(end)[-1]
        for number in range(first, last + 1):
            opens, closes = self._interval(number)
            if opens < end and start < closes:
                yield max(opens, start), min(closes, end)

    def following(self, start: int) -> Iterator[UtcInterval]:
        """Return the open intervals from `start` to the end of the horizon, clipped at `start`."""
        return self.between(start, self.bounds[1])

    def preceding(self, start: int) -> Iterator[UtcInterval]:
        """Return, nearest first, the open intervals before `start`, clipped at `start`."""
        for number in range(self._stretch_at(start)[-1], 0, -1):
            opens, closes = self._interval(number)
            if opens < start:
                yield opens, min(closes, start)

    def _interval(self, number: int) -> UtcInterval:
        start, end, _, _ = self._stretches[number]
        return start + self._first_second, end + self._first_second

    def _instant(self, second: int) -> datetime:
        return utc_instant(second + self._epoch)

    def _stretch_at(self, second: int) -> _Stretch:
        """Return the last interval that opens at or before the second."""
        tick = second - self._first_second
        if not 0 <= tick <= self._length:
            raise self._horizon.beyond(self._instant(second))
        found = self._by_second[tick >> _BUCKET_BITS]
        while found[0] > tick:
            found = self._stretches[found[-1] - 1]
        return found


def _buckets(found: Sequence[_Found], positions: Sequence[int], length: int) -> list[_Found]:
    """Return, for each 4096 s of the length, the last of the found that starts before their end."""
    buckets: list[_Found] = []
    for one, following in zip(found, [*positions[1:], length + (1 << _BUCKET_BITS)], strict=True):
        buckets += [one] * ((following >> _BUCKET_BITS) - len(buckets))
    return buckets
