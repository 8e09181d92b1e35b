"""Business time of many clocks at once, on arrays over all calendars."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from helpdesk.domain.business_time import Edge, Timeline

Integers = npt.NDArray[np.int64]
"""Positions of calendars, UTC seconds since 1970, or open seconds."""

_Packed = npt.NDArray[np.int32] | npt.NDArray[np.int64]

# Speed is a matter of what stays in the processor's cache: as few buckets as leave about one
# opening in each (open time has fewer seconds than time), numbers of 32 bits where they suffice,
# and so many clocks at once that their intermediate results are still there at the next step.
_SECOND_BUCKET_BITS = 14
_OPEN_BUCKET_BITS = 12
_CLOCKS_AT_ONCE = 65_536
_LAST_INT32 = 2**31 - 1


class BulkTime:
    """One or more timelines packed one after the other; each is asked for by its position.

    The answers are those of `Timeline.seconds`, value by value; where it refuses a value, so does
    this, with the same error. Arguments are arrays of one length, or single values for all. Packing
    takes milliseconds a timeline: keep the result. Clocks sorted by calendar go twice as fast.
    Source: design/sla.md (Algorithm).
    """

    def __init__(self, timelines: Sequence[Timeline]) -> None:
        self._timelines = tuple(timelines)
        openings = [_Opening(timeline) for timeline in self._timelines]
        self._first_seconds = np.array([opening.first_second for opening in openings], np.int64)
        self._lengths = np.array([opening.length for opening in openings], np.int64)
        self._totals = np.array([opening.total for opening in openings], np.int64)
        self._ends = _packed([opening.ends for opening in openings])
        self._offsets = _packed([opening.offsets for opening in openings])
        self._by_second = _Index(
            [opening.starts for opening in openings], self._lengths, _SECOND_BUCKET_BITS
        )
        self._by_open_second = _Index(
            [opening.starts - opening.offsets for opening in openings],
            self._totals,
            _OPEN_BUCKET_BITS,
        )

    def consumed(self, calendars: Integers, seconds: Integers) -> Integers:
        """Return the open seconds from the start of each calendar's horizon to the second.

        Raises `BeyondHorizon`.
        """
        calendars, seconds = np.broadcast_arrays(calendars, seconds)
        answers = np.empty(calendars.shape, np.int64)
        for some in _slices(calendars):
            answers[some] = self._consumed(calendars[some], seconds[some])
        return answers

    def due(
        self, calendars: Integers, starts: Integers, amounts: Integers, *, edge: Edge = Edge.CLOSING
    ) -> Integers:
        """Return the seconds at which the amounts of open seconds have passed since the starts.

        With `Edge.CLOSING` the earliest such second, with `Edge.OPENING` the latest; for both, zero
        while closed is the next opening. Raises `BeyondHorizon`.
        """
        calendars, starts, amounts = np.broadcast_arrays(calendars, starts, amounts)
        answers = np.empty(calendars.shape, np.int64)
        for some in _slices(calendars):
            answers[some] = self._due(calendars[some], starts[some], amounts[some], edge)
        return answers

    def _consumed(self, calendars: Integers, seconds: Integers) -> Integers:
        ticks = seconds - self._first_seconds.take(calendars)
        is_refused = (ticks < 0) | (ticks > self._lengths.take(calendars))
        if is_refused.any():
            one = is_refused.argmax()
            self._timelines[calendars[one]].seconds.consumed(int(seconds[one]))
        numbers = self._by_second.numbers_at(calendars, ticks)
        consumed: Integers = np.minimum(ticks, self._ends.take(numbers))
        consumed -= self._offsets.take(numbers)
        return consumed

    def _due(
        self, calendars: Integers, starts: Integers, amounts: Integers, edge: Edge
    ) -> Integers:
        # A closing is the end of the last open second that passed; an opening is the start of the
        # open second after it, and so is the answer to zero.
        ends = (amounts != 0) if edge is Edge.CLOSING else np.zeros(amounts.shape, np.bool_)
        opens = self._consumed(calendars, starts) + amounts - ends
        is_refused = (opens < 0) | (opens >= self._totals.take(calendars))
        if is_refused.any():
            one = is_refused.argmax()
            seconds = self._timelines[calendars[one]].seconds
            due = seconds.due if edge is Edge.CLOSING else seconds.due_at_opening
            due(int(starts[one]), int(amounts[one]))
        numbers = self._by_open_second.numbers_at(calendars, opens)
        ticks = opens + self._offsets.take(numbers) + ends
        return ticks + self._first_seconds.take(calendars)


class _Opening:
    """The open intervals of a timeline as arrays, in seconds from the start of its horizon."""

    def __init__(self, timeline: Timeline) -> None:
        self.first_second, last_second = timeline.seconds.bounds
        self.length = last_second - self.first_second
        boundaries = chain.from_iterable(timeline.seconds.following(self.first_second))
        intervals = np.fromiter(boundaries, np.int64).reshape(-1, 2) - self.first_second
        # An empty interval at the very start, as BusinessSeconds has it, spares special cases.
        self.starts, self.ends = np.insert(intervals, 0, 0, axis=0).T
        open_until = np.cumsum(self.ends - self.starts)
        self.total = int(open_until[-1])
        # What separates a second of an interval from the open seconds up to it.
        self.offsets = self.ends - open_until


class _Index:
    """Finds, for a second of a calendar, the last interval that starts at or before it.

    Intervals are numbered through all calendars. A bucket holds the last that starts before its
    end; from there, as many steps back as a bucket has starts at most.
    """

    def __init__(self, starts: Sequence[Integers], lengths: Integers, bucket_bits: int) -> None:
        self._bits = bucket_bits
        self._starts = _packed(starts)
        sizes = (lengths >> bucket_bits) + 1
        self._first_buckets = _positions(sizes)
        first_numbers = _positions(np.array([len(some) for some in starts]))
        self._buckets = _packed(
            [
                np.searchsorted(some, np.arange(1, size + 1) << bucket_bits) - 1 + first_number
                for some, size, first_number in zip(starts, sizes, first_numbers, strict=True)
            ]
        )
        # The first interval of a calendar is the empty one, which nothing needs to step back from.
        self._steps = max(int(np.bincount(some[1:] >> bucket_bits).max()) for some in starts)

    def numbers_at(self, calendars: Integers, seconds: Integers) -> _Packed:
        """Return the numbers of the intervals; the seconds are known to be within the calendars."""
        buckets = (seconds >> self._bits) + self._first_buckets.take(calendars)
        numbers = self._buckets.take(buckets)
        for _ in range(self._steps):
            numbers -= self._starts.take(numbers) > seconds
        return numbers


def _packed(parts: Sequence[Integers]) -> _Packed:
    """Return the parts one after the other, of 32 bits if all their numbers fit."""
    packed = np.concatenate(parts)
    return packed.astype(np.int32) if packed.max() <= _LAST_INT32 else packed


def _positions(sizes: Integers) -> Integers:
    """Return where each of several parts begins when they lie one after the other."""
    positions: Integers = np.cumsum(sizes) - sizes
    return positions


def _slices(calendars: Integers) -> Iterator[slice]:
    if calendars.size and calendars.min() < 0:
        # Numpy would count a negative position from the end, and answer for another calendar.
        raise IndexError(f"there is no calendar {calendars.min()}")
    for start in range(0, calendars.size, _CLOCKS_AT_ONCE):
        yield slice(start, start + _CLOCKS_AT_ONCE)
