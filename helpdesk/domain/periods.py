"""Sets of instants as periods that neither overlap nor touch: united, cut, taken out of each other.

Every function here returns its periods in order and apart from each other.
"""

from collections.abc import Iterable
from datetime import timedelta

from helpdesk.domain.period import Period


def united(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the instants that lie in any of the periods; what overlaps or touches becomes one.

    >>> from datetime import UTC, datetime
    >>> def on_monday(start: int, end: int) -> Period:
    ...     monday = datetime(2026, 7, 6, tzinfo=UTC)
    ...     return Period(monday + timedelta(hours=start), monday + timedelta(hours=end))
    >>> united([on_monday(3, 5), on_monday(1, 2), on_monday(2, 4)]) == (on_monday(1, 5),)
    True
    """
    apart: list[Period] = []
    for period in sorted(periods):
        if apart and period.start <= apart[-1].end:
            apart[-1] = Period(apart[-1].start, max(apart[-1].end, period.end))
        else:
            apart.append(period)
    return tuple(apart)


def shared(ones: Iterable[Period], others: Iterable[Period]) -> tuple[Period, ...]:
    """Return the instants that lie in a period of both sides."""
    others = united(others)
    return tuple(
        Period(max(one.start, other.start), min(one.end, other.end))
        for one in united(ones)
        for other in others
        if one.start < other.end and other.start < one.end
    )


def without(periods: Iterable[Period], holes: Iterable[Period]) -> tuple[Period, ...]:
    """Return the instants of the periods that lie in no hole."""
    holes = united(holes)
    return tuple(piece for period in united(periods) for piece in _cut(period, holes))


def duration(periods: Iterable[Period]) -> timedelta:
    """Return how long the periods last together, an instant that lies in two counting once."""
    return sum((period.end - period.start for period in united(periods)), timedelta(0))


def _cut(period: Period, holes: tuple[Period, ...]) -> list[Period]:
    """Return what the holes, in order and apart, leave of a period."""
    pieces, start = [], period.start
    for hole in holes:
        if hole.end <= start or hole.start >= period.end:
            continue
        if hole.start > start:
            pieces.append(Period(start, hole.start))
        start = hole.end
    if start < period.end:
        pieces.append(Period(start, period.end))
    return pieces
