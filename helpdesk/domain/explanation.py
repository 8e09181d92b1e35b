"""Why a deadline is what it is: every second of a clock's life, counted or not, with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from helpdesk.domain.business_time import Timeline
from helpdesk.domain.sla import SlaClock, Stretch, StretchKind, Timelines


class SegmentKind(StrEnum):
    """Why a segment counted or did not."""

    BEFORE_START = "BEFORE_START"
    COUNTED = "COUNTED"
    CLOSED_HOURS = "CLOSED_HOURS"
    HOLIDAY = "HOLIDAY"
    PAUSED = "PAUSED"
    TICKET_CLOSED = "TICKET_CLOSED"


@dataclass(frozen=True, slots=True)
class ClockSegment:
    """A part `[start, end)` of the story; `seconds` is what it added, `running_total` the sum."""

    start: datetime
    end: datetime
    kind: SegmentKind
    reason: str | None
    seconds: int
    running_total: int


def explained(
    clock: SlaClock, *, opened_at: datetime, at: datetime, timelines: Timelines
) -> tuple[ClockSegment, ...]:
    """Return the ordered segments from the opening of the ticket to `at` or the clock's end.

    They touch without gap or overlap, and the counted seconds add up to the clock's elapsed time
    at `at` exactly. They begin and end on whole seconds, as business time is counted.
    """
    segments: list[ClockSegment] = []
    total = 0
    for start, end, kind, reason, seconds in _parts(
        clock, _whole(opened_at), _whole(at), timelines
    ):
        total += seconds
        segments.append(ClockSegment(start, end, kind, reason, seconds, total))
    return tuple(segments)


_Part = tuple[datetime, datetime, SegmentKind, str | None, int]


def _parts(
    clock: SlaClock, opened_at: datetime, at: datetime, timelines: Timelines
) -> Iterator[_Part]:
    began_at = min(_whole(clock.started_at or clock.cancelled_at or at), at)
    if opened_at < began_at:
        yield opened_at, began_at, SegmentKind.BEFORE_START, None, 0
    for stretch in clock.stretches:
        start = _whole(stretch.start)
        end = at if stretch.end is None else min(_whole(stretch.end), at)
        if end <= start:
            continue
        if stretch.kind is StretchKind.COUNTED and stretch.target is not None:
            yield from _counted_parts(stretch, start, end, timelines.of(stretch.target))
        else:
            yield start, end, SegmentKind(stretch.kind), stretch.reason, 0


def _counted_parts(
    stretch: Stretch, start: datetime, end: datetime, timeline: Timeline
) -> Iterator[_Part]:
    position = start
    for interval in timeline.open_intervals(start, end):
        if position < interval.start:
            yield from _closed_parts(position, interval.start, timeline)
        seconds = timeline.elapsed(interval.start, interval.end)
        yield interval.start, interval.end, SegmentKind.COUNTED, stretch.reason, seconds
        position = interval.end
    if position < end:
        yield from _closed_parts(position, end, timeline)


def _closed_parts(start: datetime, end: datetime, timeline: Timeline) -> Iterator[_Part]:
    """Split closed time at the local midnights around holidays, so that each reason is named."""
    zone = ZoneInfo(timeline.hours.zone)
    position = start
    is_holiday = timeline.hours.is_holiday(start.astimezone(zone).date())
    for midnight in _midnights(start, end, zone):
        next_is_holiday = timeline.hours.is_holiday(midnight.astimezone(zone).date())
        if next_is_holiday is not is_holiday:
            yield _closed(position, midnight, is_holiday=is_holiday)
            position, is_holiday = midnight, next_is_holiday
    yield _closed(position, end, is_holiday=is_holiday)


def _closed(start: datetime, end: datetime, *, is_holiday: bool) -> _Part:
    kind = SegmentKind.HOLIDAY if is_holiday else SegmentKind.CLOSED_HOURS
    return start, end, kind, None, 0


def _midnights(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    day = start.astimezone(zone).date() + timedelta(days=1)
    while True:
        local = datetime(day.year, day.month, day.day, tzinfo=zone)
        midnight = local.astimezone(start.tzinfo)
        if midnight >= end:
            return
        yield midnight
        day += timedelta(days=1)


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
