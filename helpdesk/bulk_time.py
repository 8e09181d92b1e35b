"""Business time of many clocks at once, on arrays over all calendars."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from helpdesk.domain.business_time import Edge, Timeline

Integers = npt.NDArray[np.int64]
"""Calendar positions, UTC seconds since 1970 or open seconds."""

# About one opening to a bucket, as few buckets as that allows: what limits the speed is how much of
# the index stays in the processor's cache. Open time has fewer seconds than time.
_SECOND_BUCKET_BITS = 14
_OPEN_BUCKET_BITS = 12
# Clocks answered in one go, so that what is computed on the way stays in the cache as well.
_CHUNK = 65_536
_LAST_INT32 = 2**31 - 1

_Rows = npt.NDArray[np.void]
"""Rows of one or two to four integers, of which `first` says from where they hold."""


class BulkTime:
    """Several timelines packed together, each answering for its position in the sequence.

    The answers are those of `Timeline.seconds`, value by value, and so are the refusals, that of
    the first value refused. Arguments are arrays of one length, or single values for all. Packing
    takes milliseconds a timeline: keep the result. Clocks sorted by calendar go twice as fast.
    Source: design/sla.md (Algorithm).
    """

    def __init__(self, timelines: Sequence[Timeline]) -> None:
        self._timelines = tuple(timelines)
        openings = [_Opening(timeline) for timeline in self._timelines]
        self._firsts = np.array([opening.first_second for opening in openings], np.int64)
        self._lengths = np.array([opening.length for opening in openings], np.int64)
        self._totals = np.array([opening.total for opening in openings], np.int64)
        integer = np.int32 if self._lengths.max(initial=0) <= _LAST_INT32 else np.int64
        self._by_second = _Axis(
            [opening.by_second(integer) for opening in openings], self._lengths, _SECOND_BUCKET_BITS
        )
        self._by_open_second = _Axis(
            [opening.by_open_second(integer) for opening in openings],
            self._totals,
            _OPEN_BUCKET_BITS,
        )

    def consumed(self, calendars: Integers, seconds: Integers) -> Integers:
        """Return the open seconds from the start of each horizon to the second.

        Raises `BeyondHorizon`.
        """
        calendars, seconds = np.broadcast_arrays(calendars, seconds)
        answers = np.empty(calendars.shape, np.int64)
        for chunk in _chunks(calendars):
            answers[chunk] = self._consumed(calendars[chunk], seconds[chunk])
        return answers

    def due(
        self, calendars: Integers, starts: Integers, amounts: Integers, *, edge: Edge = Edge.CLOSING
    ) -> Integers:
        """Return the second at which each amount of open seconds has passed since its start.

        With `Edge.CLOSING` the earliest such second, with `Edge.OPENING` the latest; zero while
        closed is the next opening for both. Raises `BeyondHorizon`.
        """
        calendars, starts, amounts = np.broadcast_arrays(calendars, starts, amounts)
        answers = np.empty(calendars.shape, np.int64)
        for chunk in _chunks(calendars):
            answers[chunk] = self._due(calendars[chunk], starts[chunk], amounts[chunk], edge)
        return answers

    def _consumed(self, calendars: Integers, seconds: Integers) -> Integers:
        ticks = seconds - self._firsts.take(calendars)
        is_outside = (ticks < 0) | (ticks > self._lengths.take(calendars))
        if is_outside.any():
            worst = int(is_outside.argmax())
            self._timelines[calendars[worst]].seconds.consumed(int(seconds[worst]))
        rows = self._by_second.rows_at(calendars, ticks)
        return np.minimum(ticks, rows["end"]) - rows["offset"]

    def _due(
        self, calendars: Integers, starts: Integers, amounts: Integers, edge: Edge
    ) -> Integers:
        # The last open second that passes, or for an opening the one after it: where that one lies
        # is the answer, and which of the two is asked tells a closing from the opening after it.
        step = (amounts != 0) if edge is Edge.CLOSING else np.zeros(amounts.shape, np.bool_)
        targets = self._consumed(calendars, starts) + amounts - step
        is_outside = (targets < 0) | (targets >= self._totals.take(calendars))
        if is_outside.any():
            worst = int(is_outside.argmax())
            seconds = self._timelines[calendars[worst]].seconds
            due = seconds.due if edge is Edge.CLOSING else seconds.due_at_opening
            due(int(starts[worst]), int(amounts[worst]))
        rows = self._by_open_second.rows_at(calendars, targets)
        return targets + rows["offset"] + self._firsts.take(calendars) + step


class _Opening:
    """The open intervals of a timeline as arrays, in seconds from the start of its horizon."""

    def __init__(self, timeline: Timeline) -> None:
        self.first_second, last_second = timeline.seconds.bounds
        intervals = np.array(list(timeline.seconds.following(self.first_second)), np.int64)
        # An empty interval at the very start, as BusinessSeconds has it, spares special cases.
        self._intervals = np.insert(intervals - self.first_second, 0, 0, axis=0)
        self.length = last_second - self.first_second
        starts, ends = self._intervals.T
        open_until = np.cumsum(ends - starts)
        self.total = int(open_until[-1])
        self._offsets = ends - open_until

    def by_second(self, integer: type[np.signedinteger]) -> _Rows:
        rows = np.zeros(len(self._intervals), [("first", integer), ("end", integer), ("offset", integer), ("pad", integer)])
        rows["first"], rows["end"] = self._intervals.T
        rows["offset"] = self._offsets
        return rows
