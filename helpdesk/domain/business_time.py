"""Business time: how much of it passed between two instants, and when a given amount has passed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import starmap
from zoneinfo import ZoneInfo

from helpdesk.domain.business_hours import BusinessHours, ClosedReason, Span, Weekday
from helpdesk.domain.business_seconds import BusinessSeconds
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.horizon import BeyondHorizon, Horizon
from helpdesk.domain.hours_history import HoursHistory, HoursVersion
from helpdesk.domain.opening_seconds import Opening
from helpdesk.domain.utc_seconds import (
    EPOCH,
    MARK_BITS,
    MARK_MASK,
    SECONDS_A_DAY,
    NaiveDatetime,
    marks_between,
    since_epoch,
    spans_below_a_mark,
    utc_instant,
)
from helpdesk.domain.working_days import WorkingDays

__all__ = [
    "Anchor",
    "BeyondHorizon",
    "BusinessHours",
    "CalendarNeverOpens",
    "ClosedReason",
    "Edge",
    "HoursVersion",
    "NaiveDatetime",
    "OpenInterval",
    "Overflow",
    "Span",
    "Timeline",
    "Weekday",
    "compile_timeline",
    "compile_versions",
    "whole_minutes",
]

_SECONDS_A_MINUTE = 60


class CalendarNeverOpens(HelpdeskError):
    """Time never passes in a calendar that never opens, so its deadlines would never come."""

    code = ErrorCode.CALENDAR_NEVER_OPEN
    english = "The calendar never opens from {first} to {last}: add opening hours to its week."
    french = (
        "Le calendrier n'ouvre jamais du {first} au {last} : ajoutez des horaires à sa semaine."
    )


class Edge(StrEnum):
    """Which instant answers when a closing and the next opening both do."""

    CLOSING = "closing"
    OPENING = "opening"


# Looked up once: `after` is asked for every clock of every list.
_CLOSING = Edge.CLOSING


class Anchor(StrEnum):
    """From where working days are counted: the start itself, or the opening it waits for."""

    NONE = "none"
    NEXT_OPEN = "next_open"


class Overflow(StrEnum):
    """Where a day target goes when its wall time is outside opening hours.

    `CLAMP` stays on the day: its next opening, or its last closing when there is none.
    """

    CLAMP = "clamp"
    NEXT_OPEN = "next_open"
    LAST_OPEN = "last_open"


@dataclass(frozen=True, slots=True)
class OpenInterval:
    """A stretch of open time in UTC, half-open."""

    start: datetime
    end: datetime


def compile_timeline(hours: BusinessHours, first: date, last: date) -> "Timeline":
    """Return the hours laid out from the first date to the last, both included.

    Compile once per version of a calendar: every question is then answered in constant time.
    Raises `CalendarNeverOpens` when nothing is open in between, and `HorizonImpossible` when the
    dates are reversed.

    >>> week = {day: (Span.between("09:00", "18:00"),) for day in list(Weekday)[:5]}
    >>> hours = BusinessHours("Europe/Paris", week)
    >>> timeline = compile_timeline(hours, date(2026, 1, 1), date(2026, 12, 31))
    >>> friday = datetime(2026, 7, 10, 17, tzinfo=ZoneInfo("Europe/Paris"))
    >>> timeline.after(friday, 4 * 3600).isoformat()
    '2026-07-13T10:00:00+00:00'
    """
    return compile_versions((HoursVersion(EPOCH, hours),), first, last)


def compile_versions(versions: Sequence[HoursVersion], first: date, last: date) -> "Timeline":
    """Return the versions of a calendar laid out together from the first date to the last.

    What was open before a version's `effective_from` stays as the version before it said; from
    that instant on, its own hours count. Working days, their openings and their closing times are
    those of the version in force at the local midnight of the day, for the whole day. Raises
    `VersionsMissing`, `VersionsOutOfOrder`, and what `compile_timeline` raises.

    >>> week = dict.fromkeys(list(Weekday)[:5], (Span.between("09:00", "17:00"),))
    >>> shorter = dict.fromkeys(list(Weekday)[:4], (Span.between("09:00", "17:00"),))
    >>> timeline = compile_versions(
    ...     (
    ...         HoursVersion(EPOCH, BusinessHours("UTC", week)),
    ...         HoursVersion(datetime(2026, 7, 1, tzinfo=UTC), BusinessHours("UTC", shorter)),
    ...     ),
    ...     date(2026, 1, 1),
    ...     date(2026, 12, 31),
    ... )
    >>> timeline.is_open(datetime(2026, 6, 26, 10, tzinfo=UTC))
    True
    >>> timeline.is_open(datetime(2026, 7, 3, 10, tzinfo=UTC))
    False
    """
    horizon = Horizon(first, last)
    history = HoursHistory(versions)
    opening = history.opening(first, last)
    if not opening.intervals:
        raise CalendarNeverOpens(first=first, last=last)
    return Timeline(history, horizon, opening)


def whole_minutes(seconds: int) -> int:
    """Return the seconds of the whole minutes in an elapsed time, cut towards zero.

    >>> whole_minutes(119), whole_minutes(-119)
    (60, -60)
    """
    rest = abs(seconds) % _SECONDS_A_MINUTE
    return seconds - rest if seconds > 0 else seconds + rest


class Timeline:
    """Opening hours compiled over a horizon: elapsed business time and its inverse, in O(1).

    An instant counts as the whole second it lies in: microseconds neither add to business time
    nor take from it. So `elapsed` is additive, and reaches an amount exactly at `after`. Instants
    come back in UTC, on whole seconds, except an open instant that is its own answer.

    Every method raises `NaiveDatetime` for a datetime without a zone and `BeyondHorizon` for a
    question or an answer outside the horizon. Source: design/sla.md (Algorithm).

    `seconds` answers the same questions on integers, for sweeps over many clocks.
    """

    __slots__ = (
        "_first_second",
        "_history",
        "_marks",
        "_spans",
        "_start",
        "_start_since_epoch",
        "_ticks",
        "_wall_start",
        "_working_days",
        "_zone",
        "horizon",
        "seconds",
    )

    def __init__(self, history: HoursHistory, horizon: Horizon, opening: Opening) -> None:
        self.horizon = horizon
        self.seconds = BusinessSeconds(horizon, opening)
        self._history = history
        self._zone = ZoneInfo(self.hours.zone)
        # Between datetimes, seconds are counted from the start of the horizon, a UTC instant of
        # which the local reading is that of no zone: only differences to it are taken.
        self._ticks = self.seconds.from_its_start()
        self._first_second = opening.first_second
        self._start = utc_instant(opening.first_second)
        self._start_since_epoch = self._start - EPOCH
        self._wall_start = self._start.replace(tzinfo=self._zone)
        self._marks = marks_between(opening.first_second, opening.last_second)
        self._spans = spans_below_a_mark()
        self._working_days = WorkingDays(horizon, opening.days)

    @property
    def versions(self) -> tuple[HoursVersion, ...]:
        """Return the versions that were compiled, in the order in which they take over."""
        return self._history.versions

    @property
    def hours(self) -> BusinessHours:
        """Return the opening hours of the last version."""
        return self.versions[-1].hours

    def version_at(self, instant: datetime) -> HoursVersion:
        """Return the version in force at the instant, also outside the horizon."""
        return self._history.at(self._second(instant))

    def hours_at(self, instant: datetime) -> BusinessHours:
        """Return the opening hours in force at the instant, also outside the horizon."""
        return self.version_at(instant).hours

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Return the open seconds from `start` to `end`, negative when `end` is the earlier."""
        # The body of _tick twice, and once in after: the commonest questions are spared a call.
        begun = start - self._start if start.tzinfo is UTC else self._since_start(start)
        ended = end - self._start if end.tzinfo is UTC else self._since_start(end)
        return self._ticks.elapsed(
            begun.days * SECONDS_A_DAY + begun.seconds, ended.days * SECONDS_A_DAY + ended.seconds
        )

    def elapsed_or_zero(self, start: datetime, end: datetime) -> int:
        """Return the open seconds from `start` to `end`, 0 when `end` is the earlier."""
        return max(0, self.elapsed(start, end))

    def after(self, start: datetime, seconds: int, *, edge: Edge = Edge.CLOSING) -> datetime:
        """Return the instant at which `seconds` of open time have passed since `start`.

        A target that ends at closing time is due at closing time; `Edge.OPENING` gives the next
        opening instead. Zero while closed is the next opening. Negative seconds walk backwards.
        Source: R-CAL 2.
        """
        if seconds and edge is _CLOSING:
            since = start - self._start if start.tzinfo is UTC else self._since_start(start)
            tick = self._ticks.due(since.days * SECONDS_A_DAY + since.seconds, seconds)
            return self._marks[tick >> MARK_BITS] + self._spans[tick & MARK_MASK]
        if seconds == 0:
            return self.next_open(start)
        return utc_instant(self.seconds.due_at_opening(self._second(start), seconds))

    def before(self, start: datetime, seconds: int, *, edge: Edge = Edge.CLOSING) -> datetime:
        """Return the instant from which `seconds` of open time lead to `start`.

        Zero while closed is the last closing.
        """
        if seconds == 0:
            return self.last_open(start)
        return self.after(start, -seconds, edge=edge)

    def is_open(self, instant: datetime) -> bool:
        """Return whether time counts at the instant: an opening is open, a closing is not."""
        return self.seconds.is_open(self._second(instant))

    def next_open(self, instant: datetime) -> datetime:
        """Return the instant itself while open, or the next opening."""
        second = self._second(instant)
        opening = self.seconds.next_open(second)
        return instant.astimezone(UTC) if opening == second else utc_instant(opening)

    def last_open(self, instant: datetime) -> datetime:
        """Return the instant itself while open, or the last closing."""
        second = self._second(instant)
        if self.seconds.is_open(second):
            return instant.astimezone(UTC)
        return utc_instant(self.seconds.last_open(second))

    def open_intervals(self, start: datetime, end: datetime) -> tuple[OpenInterval, ...]:
        """Return the open intervals between two instants, clipped at both; none when reversed."""
        return tuple(
            starmap(_open_interval, self.seconds.between(self._second(start), self._second(end)))
        )

    def intervals_after(self, start: datetime) -> Iterator[OpenInterval]:
        """Return, one by one, the open intervals from `start` to the horizon, clipped at `start`.

        Open time that goes on without a break, from day to day, is one interval.
        """
        return starmap(_open_interval, self.seconds.following(self._second(start)))

    def intervals_before(self, start: datetime) -> Iterator[OpenInterval]:
        """Return, nearest first, the open intervals back to the horizon, clipped at `start`."""
        return starmap(_open_interval, self.seconds.preceding(self._second(start)))

    # Working days: the dates on which an interval opens.

    def add_days_date(self, start: date, days: int) -> date:
        """Return the date `days` working days later, the start not counted; negative: earlier."""
        return self._working_days.add(start, days)

    def add_days(
        self,
        start: datetime,
        days: int,
        *,
        anchor: Anchor = Anchor.NONE,
        overflow: Overflow = Overflow.CLAMP,
    ) -> datetime:
        """Return the same wall time `days` working days later; negative: earlier.

        The day of the start is its date on the wall clock, also for the end of a night. A result
        outside opening hours goes where `overflow` says.
        """
        moved = self._anchored(start, anchor)
        local = self._local(moved)
        day = self.add_days_date(local.date(), days)
        if days != 0:
            # fold=0: a time that a clock change repeats or skips resolves as opening hours do.
            wall = local.time().replace(fold=0)
            zone = ZoneInfo(self._history.on(day).hours.zone)
            moved = datetime.combine(day, wall, zone).astimezone(UTC)
        return moved if self.is_open(moved) else self._into_hours(moved, day, overflow)

    def same_time_days_later(self, start: datetime, days: int) -> datetime:
        """Return when a target of `days` working days at the same time is due.

        The same local time on the n-th following working day; a start outside hours counts from
        the next opening. Source: R-CAL 3, `same_time`.
        """
        return self.add_days(start, days, anchor=Anchor.NEXT_OPEN)

    def end_of_day_days_later(
        self, start: datetime, days: int, *, anchor: Anchor = Anchor.NONE
    ) -> datetime:
        """Return the closing time of the n-th working day, the day of the start not counted.

        Zero days from a day that is not worked is the closing of the next one. Source: R-CAL 3,
        `end_of_day`.
        """
        start_day = self._local(self._anchored(start, anchor)).date()
        day = self.add_days_date(start_day, days)
        if not self._working_days.openings_on(day):
            day = self.add_days_date(day, 1)
        return utc_instant(self._working_days.openings_on(day)[-1][1])

    def _second(self, instant: datetime) -> int:
        since = instant - self._start if instant.tzinfo is UTC else self._since_start(instant)
        return since.days * SECONDS_A_DAY + since.seconds + self._first_second

    def _since_start(self, instant: datetime) -> timedelta:
        if instant.tzinfo is not self._zone:
            return since_epoch(instant) - self._start_since_epoch
        # A local instant of this calendar: asking the zone itself takes half the time. The offset
        # is None for no instant, which its type does not say.
        return instant - self._wall_start - self._zone.utcoffset(instant)  # type: ignore[operator]

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.hours_at(instant).zone))

    def _anchored(self, start: datetime, anchor: Anchor) -> datetime:
        self._second(start)  # refuses a start without a zone, which astimezone would guess
        return self.next_open(start) if anchor is Anchor.NEXT_OPEN else start.astimezone(UTC)

    def _into_hours(self, closed: datetime, day: date, overflow: Overflow) -> datetime:
        openings = self._working_days.openings_on(day)
        if overflow is Overflow.LAST_OPEN:
            return self.last_open(closed)
        if overflow is Overflow.NEXT_OPEN or not openings:
            return self.next_open(closed)
        second = self._second(closed)
        return utc_instant(
            next((opens for opens, _ in openings if opens > second), openings[-1][1])
        )


def _open_interval(start: int, end: int) -> OpenInterval:
    return OpenInterval(utc_instant(start), utc_instant(end))
