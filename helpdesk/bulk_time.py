"""Business time of many clocks at once, on arrays over all calendars."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from helpdesk.domain.business_time import Edge, Timeline

Integers = npt.NDArray[np.int64]
"""Positions of calendars, UTC seconds since 1970, or open seconds."""

_Rows = npt.NDArray[np.void]
"""Rows of integers with names, of which `first` says from which second on they hold."""
_Integer = type[np.int32] | type[np.int64]

# Speed is a matter of what stays in the processor's cache: as few buckets as leave about one
# opening in each (open time has fewer seconds than time), rows of 16 or 8 bytes that are fetched
# whole, and a number of clocks whose intermediate results are still there at the next step.
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
        integer = np.int32 if self._lengths.max() <= _LAST_INT32 else np.int64
        self._by_second = _Axis(
            [opening.rows_by_second(integer) for opening in openings],
            self._lengths,
            _SECOND_BUCKET_BITS,
        )
        self._by_open_second = _Axis(
            [opening.rows_by_open_second(integer) for opening in openings],
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
        rows = self._by_second.rows_at(calendars, ticks)
        consumed: Integers = np.minimum(ticks, rows["end"]) - rows["offset"]
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
        rows = self._by_open_second.rows_at(calendars, opens)
        answers: Integers = opens + rows["offset"] + self._first_seconds.take(calendars) + ends
        return answers


class _Opening:
    """The open intervals of a timeline as arrays, in seconds from the start of its horizon."""

    def __init__(self, timeline: Timeline) -> None:
        self.first_second, last_second = timeline.seconds.bounds
        self.length = last_second - self.first_second
        intervals = np.array(list(timeline.seconds.following(self.first_second)), np.int64)
        # An empty interval at the very start, as BusinessSeconds has it, spares special cases.
        self._starts, self._ends = np.insert(intervals - self.first_second, 0, 0, axis=0).T
        open_until = np.cumsum(self._ends - self._starts)
        self.total = int(open_until[-1])
        # What separates a second of an interval from the open seconds up to it.
        self._offsets = self._ends - open_until

    def rows_by_second(self, integer: _Integer) -> _Rows:
        rows = np.zeros(
            len(self._starts), [(name, integer) for name in ("first", "end", "offset", "padding")]
        )
        rows["first"], rows["end"], rows["offset"] = self._starts, self._ends, self._offsets
        return rows

    def rows_by_open_second(self, integer: _Integer) -> _Rows:
        rows = np.zeros(len(self._starts), [(name, integer) for name in ("first", "offset")])
        rows["first"], rows["offset"] = self._starts - self._offsets, self._offsets
        return rows


class _Axis:
    """The rows of every calendar, found by its position and a second through one bucket index."""

    def __init__(self, rows: Sequence[_Rows], lengths: Integers, bucket_bits: int) -> None:
        self._bucket_bits = bucket_bits
        buckets = (lengths >> bucket_bits) + 1
        first_rows = _positions(np.array([len(some) for some in rows]))
        self._first_buckets = _positions(buckets)
        self._rows = np.concatenate(rows)
        self._buckets = np.concatenate(
            [
                self._last_rows(some["first"], count) + first_row
                for some, count, first_row in zip(rows, buckets, first_rows, strict=True)
            ]
        ).astype(np.int32)

    def rows_at(self, calendars: Integers, seconds: Integers) -> _Rows:
        """Return for each second, known to be within its calendar, the last row from it on."""
        numbers = self._buckets.take(
            (seconds >> self._bucket_bits) + self._first_buckets.take(calendars)
        )
        rows = self._rows.take(numbers)
        late = np.flatnonzero(rows["first"] > seconds)
        while late.size:
            numbers[late] -= 1
            rows[late] = self._rows.take(numbers[late])
            late = late[rows["first"][late] > seconds[late]]
        return rows

    def _last_rows(self, firsts: Integers, count: int) -> Integers:
        """Return, bucket by bucket, the last row that starts before the bucket's end."""
        ends = np.arange(1, count + 1) << self._bucket_bits
        return np.searchsorted(firsts, ends) - 1


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
