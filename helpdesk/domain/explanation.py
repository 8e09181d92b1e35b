"""Why a deadline is what it is: every second of a clock's life, counted or not, with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from helpdesk.domain.business_time import ClosedReason, HoursVersion, Timeline
from helpdesk.domain.sla import SlaClock, StretchKind, Timelines


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
    """A part `[start, end)` of the story; `seconds` is what it added, `running_total` the sum.

    `reason` is whom a pause waited for, or CLOSURE and RECURRING_CLOSURE for days that the
    calendar closes by name. `calendar_version` says which version of the hours was read and is
    None where no calendar decided; `terms_version` says the same of the contract.
    """

    start: datetime
    end: datetime
    kind: SegmentKind
    reason: str | None
    seconds: int
    running_total: int
    calendar_version: int | None = None
    terms_version: int | None = None


def explained(
    clock: SlaClock, *, opened_at: datetime, at: datetime, timelines: Timelines
) -> tuple[ClockSegment, ...]:
    """Return the ordered segments from the opening of the ticket to `at` or the clock's end.

    They touch without gap or overlap, and the counted seconds add up to the clock's elapsed time
    at `at` exactly. They begin and end on whole seconds, as business time is counted. A segment
    ends where another version of the calendar takes over.
    """
    segments: list[ClockSegment] = []
    total = 0
    for part, terms_version in _parts(clock, _whole(opened_at), _whole(at), timelines):
        total += part.seconds
        segments.append(
            ClockSegment(
                start=part.start,
                end=part.end,
                kind=part.kind,
                reason=part.reason,
                seconds=part.seconds,
                running_total=total,
                calendar_version=part.calendar_version,
                terms_version=terms_version,
            )
        )
    return tuple(segments)


class _Part(NamedTuple):
    """A segment before anything is summed up."""

    start: datetime
    end: datetime
    kind: SegmentKind
    reason: str | None = None
    seconds: int = 0
    calendar_version: int | None = None


def _parts(
    clock: SlaClock, opened_at: datetime, at: datetime, timelines: Timelines
) -> Iterator[tuple[_Part, int | None]]:
    """Yield each part with the version of the contract's terms that it falls under."""
    began_at = min(_whole(clock.started_at or clock.cancelled_at or at), at)
    if opened_at < began_at:
        yield _Part(opened_at, began_at, SegmentKind.BEFORE_START), None
    for stretch in clock.stretches:
        start = _whole(stretch.start)
        end = at if stretch.end is None else min(_whole(stretch.end), at)
        if end <= start:
            continue
        if stretch.kind is StretchKind.COUNTED and stretch.target is not None:
            parts = _counted_parts(stretch.reason, start, end, timelines.of(stretch.target))
        else:
            parts = iter([_Part(start, end, SegmentKind(stretch.kind), stretch.reason)])
        for part in parts:
            yield part, stretch.terms_version


def _counted_parts(
    reason: str | None, start: datetime, end: datetime, timeline: Timeline
) -> Iterator[_Part]:
    for began_at, ended_at in pairwise(_version_starts(start, end, timeline)):
        version = timeline.version_at(began_at)
        position = began_at
        for interval in timeline.open_intervals(began_at, ended_at):
            yield from _closed_parts(position, interval.start, version)
            seconds = timeline.elapsed(interval.start, interval.end)
            yield _Part(
                interval.start, interval.end, SegmentKind.COUNTED, reason, seconds, version.number
            )
            position = interval.end
        yield from _closed_parts(position, ended_at, version)


def _version_starts(start: datetime, end: datetime, timeline: Timeline) -> list[datetime]:
    """Return both instants, and between them those at which another version takes over."""
    takeovers = (
        _whole(version.effective_from).astimezone(UTC) for version in timeline.versions[1:]
    )
    return [start, *(instant for instant in takeovers if start < instant < end), end]


def _closed_parts(start: datetime, end: datetime, version: HoursVersion) -> Iterator[_Part]:
    """Split closed time at the local midnights around closed days, so that each reason is named."""
    if start == end:
        return
    hours, zone = version.hours, ZoneInfo(version.hours.zone)
    position, why = start, hours.closed_reason(start.astimezone(zone).date())
    for midnight in _midnights(start, end, zone):
        next_why = hours.closed_reason(midnight.astimezone(zone).date())
        if next_why is not why:
            yield _closed(position, midnight, why, version)
            position, why = midnight, next_why
    yield _closed(position, end, why, version)


def _closed(
    start: datetime, end: datetime, why: ClosedReason | None, version: HoursVersion
) -> _Part:
    if why is ClosedReason.HOLIDAY:
        return _Part(start, end, SegmentKind.HOLIDAY, calendar_version=version.number)
    reason = None if why is None else why.value
    return _Part(start, end, SegmentKind.CLOSED_HOURS, reason, calendar_version=version.number)


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
