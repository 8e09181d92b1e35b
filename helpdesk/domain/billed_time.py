"""The minutes a client is charged for: real minutes, weighed by the hour and rounded by contract.

Minutes are summed before they are rounded: three entries of 8 minutes on one day are 24 minutes,
hence 30 in quarters of an hour, and not three quarters. Source: R-TIME, peers.md 3 (multipliers:
the highest wins, none are compounded).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.business_time import Timeline
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import TicketId
from helpdesk.domain.money import half_up
from helpdesk.domain.period import midnight
from helpdesk.domain.work_log import SECONDS_A_MINUTE, WorkEntry, WorkNumber, counting_work

WHOLE_PERCENT = 100
_A_SECOND = timedelta(seconds=1)

MOST_PERCENT = 1000

Weigher = Callable[[WorkEntry], int]
"""Weighs an entry, in seconds times percent: an hour at the plain rate is 360 000."""


class RoundingMode(StrEnum):
    """How minutes become units of the increment; a half is rounded up to the nearest."""

    NONE = "none"
    UP = "up"
    NEAREST = "nearest"


class RoundingScope(StrEnum):
    """What is summed before it is rounded."""

    ENTRY = "entry"
    TICKET_DAY = "ticket_day"
    TICKET = "ticket"


class IncrementNotPositive(HelpdeskError):
    """Time is rounded to a number of minutes."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "An increment of {increment} and a minimum of {minimum} minutes round nothing: give a"
        " positive increment, and a minimum of 0 or more."
    )
    french: ClassVar[str] = (
        "Un pas de {increment} et un minimum de {minimum} minutes n'arrondissent rien : donnez un"
        " pas positif, et un minimum de 0 ou plus."
    )


class RateImpossible(HelpdeskError):
    """Work out of hours counts for more, or the same; never for nothing, nor without measure."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "A rate of {percent} % is none: give 1 to {most}, 100 being the plain one."
    )
    french: ClassVar[str] = (
        "Un taux de {percent} % n'en est pas un : donnez 1 à {most}, 100 étant le taux normal."
    )


@dataclass(frozen=True, slots=True)
class RatedTime:
    """The seconds of some work that count for a percentage of their length."""

    percent: int
    seconds: int


@dataclass(frozen=True, slots=True)
class RoundingTerms:
    """How a contract rounds: quarters of an hour, up, per ticket and day, unless it says otherwise.

    A part that has any time comes to `minimum` minutes at least. Raises IncrementNotPositive.
    """

    increment: int = 15
    mode: RoundingMode = RoundingMode.UP
    scope: RoundingScope = RoundingScope.TICKET_DAY
    minimum: int = 0

    def __post_init__(self) -> None:
        """Refuse an increment that rounds nothing."""
        if self.increment < 1 or self.minimum < 0:
            raise IncrementNotPositive(increment=self.increment, minimum=self.minimum)

    def rounded(self, weight: int) -> int:
        """Return the minutes that a weight (seconds times percent) is charged as.

        >>> RoundingTerms().rounded(24 * 60 * 100)
        30
        """
        if weight == 0:
            return 0
        a_minute = SECONDS_A_MINUTE * WHOLE_PERCENT
        unit = self.increment * a_minute
        if self.mode is RoundingMode.NONE:
            minutes = half_up(weight, a_minute)
        elif self.mode is RoundingMode.UP:
            minutes = -(-weight // unit) * self.increment
        else:
            minutes = half_up(weight, unit) * self.increment
        return max(minutes, self.minimum)


@dataclass(frozen=True, slots=True)
class RateTerms:
    """What an hour counts for when the office is closed, or on a holiday, in percent.

    The highest of the rates that apply wins; they are never multiplied. Raises RateImpossible.
    """

    after_hours: int = WHOLE_PERCENT
    holiday: int = WHOLE_PERCENT

    def __post_init__(self) -> None:
        """Refuse a rate that charges nothing, or a slip of the keyboard."""
        for percent in (self.after_hours, self.holiday):
            if not 1 <= percent <= MOST_PERCENT:
                raise RateImpossible(path=("rates",), percent=percent, most=MOST_PERCENT)

    def parts(self, entry: WorkEntry, timeline: Timeline) -> tuple[RatedTime, ...]:
        """Return an entry by the rates that its parts count for on a calendar, the lowest first.

        One that crosses closing time is split there. A holiday is one from local midnight to local
        midnight. Raises BeyondHorizon for work outside the calendar.
        """
        start = entry.started_at
        end = start + timedelta(minutes=entry.minutes)
        seconds: Counter[int] = Counter()
        for day in _days(start, end, timeline):
            seconds.update(self._rated(timeline, day))
        return tuple(RatedTime(percent, seconds[percent]) for percent in sorted(+seconds))

    def weigher(self, timeline: Timeline) -> Weigher:
        """Return what weighs entries on a calendar. It raises BeyondHorizon as `parts` does."""
        return lambda entry: weight_of(self.parts(entry, timeline))

    def _rated(self, timeline: Timeline, part: "_DayPart") -> Counter[int]:
        plain = timeline.elapsed(part.start, part.end)
        closed = (part.end - part.start) // _A_SECOND - plain
        floor = self.holiday if timeline.hours_at(part.start).is_holiday(part.day) else 0
        rated = Counter({max(WHOLE_PERCENT, floor): plain})
        rated[max(self.after_hours, floor)] += closed
        return rated


@dataclass(frozen=True, slots=True)
class _DayPart:
    """The part of some work that falls on one local day."""

    day: date
    start: datetime
    end: datetime


def _days(start: datetime, end: datetime, timeline: Timeline) -> Iterator[_DayPart]:
    while start < end:
        zone = ZoneInfo(timeline.hours_at(start).zone)
        day = start.astimezone(zone).date()
        until = min(end, midnight(day + timedelta(days=1), zone))
        yield _DayPart(day, start, until)
        start = until


def plain_parts(entry: WorkEntry) -> tuple[RatedTime, ...]:
    """Return an entry whose every minute counts once; nothing of one without minutes."""
    if not entry.minutes:
        return ()
    return (RatedTime(WHOLE_PERCENT, entry.minutes * SECONDS_A_MINUTE),)


def weight_of(parts: Iterable[RatedTime]) -> int:
    """Return what rated parts weigh, in seconds times percent."""
    return sum(part.percent * part.seconds for part in parts)


def plain_weight(entry: WorkEntry) -> int:
    """Return the weight of an entry whose every minute counts once."""
    return weight_of(plain_parts(entry))


@dataclass(frozen=True, slots=True)
class BilledPart:
    """What was summed before it was rounded: a ticket, its day, or one entry of it."""

    ticket_id: TicketId
    day: date | None = None
    entry: WorkNumber | None = None


def billed_parts(
    entries: Iterable[WorkEntry],
    terms: RoundingTerms,
    *,
    zone: ZoneInfo,
    weigh: Weigher = plain_weight,
) -> dict[BilledPart, int]:
    """Return the billed minutes of each part of some work, in the order in which it was written.

    `entries` are whole tickets' work, or whole days of it: what is left out is not summed.
    Corrections are applied. When work is added, the forfait consumes the difference between this
    view before and after. Source: R-TIME, cases T02, T03, T05.
    """
    by_ticket: dict[TicketId, list[WorkEntry]] = {}
    for entry in entries:
        by_ticket.setdefault(entry.ticket_id, []).append(entry)
    weights: dict[BilledPart, int] = {}
    for of_ticket in by_ticket.values():
        for entry in counting_work(of_ticket):
            part = part_of(entry, terms.scope, zone)
            weights[part] = weights.get(part, 0) + weigh(entry)
    return {part: terms.rounded(weight) for part, weight in weights.items()}


def billed_minutes(
    entries: Iterable[WorkEntry],
    terms: RoundingTerms,
    *,
    zone: ZoneInfo,
    weigh: Weigher = plain_weight,
) -> int:
    """Return the billed minutes of some work in all."""
    return sum(billed_parts(entries, terms, zone=zone, weigh=weigh).values())


def part_of(entry: WorkEntry, scope: RoundingScope, zone: ZoneInfo) -> BilledPart:
    """Return with what an entry of work is summed before it is rounded."""
    if scope is RoundingScope.TICKET:
        return BilledPart(entry.ticket_id)
    if scope is RoundingScope.TICKET_DAY:
        return BilledPart(entry.ticket_id, entry.worked_on(zone))
    return BilledPart(entry.ticket_id, entry=entry.number)
