"""Opening hours resolved from the wall clock to UTC seconds, date by date."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from helpdesk.domain.business_hours import BusinessHours, Span, Weekday
from helpdesk.domain.recurring_closures import recurring_dates
from helpdesk.domain.utc_seconds import EPOCH, SECONDS_A_DAY

_EPOCH_ORDINAL = EPOCH.toordinal()
_SECONDS_A_MINUTE = 60

UtcInterval = tuple[int, int]
"""An open interval, half-open, in UTC seconds since 1970."""

_Wall = tuple[int, int]
"""Open wall-clock seconds after a midnight, half-open."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is open between two local midnights, in UTC seconds since 1970.

    `days[0]` holds the intervals that start on the first date, and so on up to the last; a night
    of theirs may run past `last_second`. `intervals` is the union of them all and of the night
    before, sorted, cut at both ends.
    """

    first_second: int
    last_second: int
    days: Sequence[Sequence[UtcInterval]]
    intervals: Sequence[UtcInterval]


def resolve_opening(hours: BusinessHours, first: date, last: date) -> Opening:
    """Return what is open on the dates from `first` to `last`, both included.

    A wall-clock boundary resolves by the "compatible" rule: inside the gap of spring it moves
    forward, inside the overlap of autumn its first occurrence counts (design/sla.md, Calendar).
    """
    zone = ZoneInfo(hours.zone)
    # One day early for the night that reaches into the first date, and two midnights more than
    # days, because the last night may reach into the day after.
    ordinals = range(first.toordinal() - 1, last.toordinal() + 1)
    midnights = [wall_second(zone, day, 0) for day in range(ordinals.start, ordinals.stop + 2)]
    walls = _walls_by_day(hours, ordinals)
    days = [
        _resolved(zone, ordinal, wall, midnights[index : index + 3])
        for index, (ordinal, wall) in enumerate(zip(ordinals, walls, strict=True))
    ]
    first_second, last_second = midnights[1], midnights[-2]
    intervals = union(chain.from_iterable(days), first_second, last_second)
    return Opening(first_second, last_second, days[1:], intervals)


def wall_second(zone: ZoneInfo, ordinal: int, second: int) -> int:
    """Return the UTC second of a wall-clock second after the midnight of a date."""
    local = datetime.fromordinal(ordinal) + timedelta(seconds=second)
    # fold=0 is the "compatible" rule: the first occurrence in an overlap, forward in a gap. Asking
    # the zone itself takes a third of the time that a datetime of the zone does; it is None never.
    offset: timedelta = zone.utcoffset(local)  # type: ignore[assignment]
    days = ordinal - _EPOCH_ORDINAL - offset.days
    return days * SECONDS_A_DAY + second - offset.seconds


def union(
    intervals: Iterable[UtcInterval], first_second: int, last_second: int
) -> list[UtcInterval]:
    """Return the intervals sorted, joined where they touch or overlap, and cut at both seconds."""
    joined: list[UtcInterval] = []
    latest_end = first_second
    # Sorted because a gap of spring can push a span past the one that follows it.
    for start, end in sorted(intervals):
        if end <= latest_end or start >= last_second:
            continue
        opens = joined.pop()[0] if joined and start <= latest_end else start
        joined.append((max(opens, first_second), min(end, last_second)))
        latest_end = end
    return joined


def _walls_by_day(hours: BusinessHours, ordinals: range) -> list[list[_Wall]]:
    week = [_walls(hours.week[weekday]) for weekday in Weekday]
    walls = [week[(ordinal - 1) % len(week)] for ordinal in ordinals]
    for day in _exceptional_days(hours, ordinals):
        walls[day.toordinal() - ordinals.start] = _open_walls(hours, day)
    return walls


def _exceptional_days(hours: BusinessHours, ordinals: range) -> Iterator[date]:
    """Yield the dates that the week alone does not settle, with the nights around them."""
    first_year, last_year = (date.fromordinal(ordinals[end]).year for end in (0, -1))
    years = range(max(date.min.year, first_year - 1), last_year + 2)
    yearly = (
        date(year, month, day)
        for year in years
        for month, day in hours.yearly_holidays
        if day <= monthrange(year, month)[1]
    )
    recurring = recurring_dates(hours.recurring_closures, years)
    named = chain(hours.holidays, hours.overrides, hours.breaks, yearly, recurring)
    around = {day.toordinal() + step for day in named for step in (-1, 0, 1)}
    return (date.fromordinal(ordinal) for ordinal in around if ordinal in ordinals)


def _open_walls(hours: BusinessHours, day: date) -> list[_Wall]:
    walls = _walls(hours.spans_on(day))
    for step in (-1, 0, 1):
        for closure in hours.closures_on(date.fromordinal(day.toordinal() + step)):
            shift = step * SECONDS_A_DAY
            opens, closes = _walls((closure,))[0]
            walls = list(_without(walls, opens + shift, closes + shift))
    return walls


def _walls(spans: tuple[Span, ...]) -> list[_Wall]:
    return [
        (span.start_minute * _SECONDS_A_MINUTE, span.end_minute * _SECONDS_A_MINUTE)
        for span in spans
    ]


def _without(walls: list[_Wall], closes: int, reopens: int) -> Iterator[_Wall]:
    for start, end in walls:
        if start < closes:
            yield start, min(end, closes)
        if end > reopens:
            yield max(start, reopens), end


def _resolved(
    zone: ZoneInfo, ordinal: int, walls: list[_Wall], midnights: list[int]
) -> list[UtcInterval]:
    midnight, tomorrow, day_after = midnights
    if tomorrow - midnight == SECONDS_A_DAY == day_after - tomorrow:
        # No clock change tonight or tomorrow: adding is exact and spares a look-up per boundary.
        return [(midnight + start, midnight + end) for start, end in walls]
    resolved = [
        (wall_second(zone, ordinal, start), wall_second(zone, ordinal, end)) for start, end in walls
    ]
    # A span that starts in the gap of spring can end before its start: nothing of it is left.
    return [(start, end) for start, end in resolved if start < end]
