"""The opening hours of a contract: what is open on which date, on the wall clock of its zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

from typing_extensions import override

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.recurring_closures import check_recurring_closures, is_recurring_closure

MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 1440
_A_LEAP_YEAR = 2000
_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class SpanOutsideDay(HelpdeskError):
    """A span starts within its day and lasts 24 hours at most; anything else is a slip."""

    code = ErrorCode.CALENDAR_INVALID
    english = (
        "Opening hours from minute {start_minute} to minute {end_minute} do not fit a day: "
        "give a start from 0 to 1439 and an end at most 24 hours later."
    )
    french = (
        "Les horaires de la minute {start_minute} à la minute {end_minute} ne tiennent pas dans "
        "une journée : indiquez un début de 0 à 1439 et une fin au plus 24 heures après."
    )


class ClockTimeUnreadable(HelpdeskError):
    """A guessed opening hour would move deadlines, so an unreadable one is refused."""

    code = ErrorCode.CALENDAR_INVALID
    english = "“{text}” is not a time of day: write it as 09:00, up to 24:00."
    french = "« {text} » n'est pas une heure : écrivez-la sous la forme 09:00, jusqu'à 24:00."


class SpansOverlap(HelpdeskError):
    """Open time is counted once, so two spans that share a minute are a mistake in one of them."""

    code = ErrorCode.CALENDAR_INVALID
    english = "On {day}, the hours {one} overlap {other}: shorten or join them."
    french = (
        "Pour {jour}, les horaires {one} chevauchent {other} : raccourcissez-les ou joignez-les."
    )


class ZoneUnknown(HelpdeskError):
    """Opening hours are wall-clock times, which mean nothing outside a known time zone."""

    code = ErrorCode.CALENDAR_INVALID
    english = "The time zone “{zone}” is unknown: give an IANA name such as Europe/Paris."
    french = (
        "Le fuseau horaire « {zone} » est inconnu : donnez un nom IANA, par exemple Europe/Paris."
    )


class YearlyHolidayImpossible(HelpdeskError):
    """A holiday of every year has a month and a day that exist in some year."""

    code = ErrorCode.CALENDAR_INVALID
    english = "There is no day {day} in month {month}: correct the yearly holiday."
    french = "Il n'y a pas de jour {day} dans le mois {month} : corrigez le jour férié annuel."


class Weekday(IntEnum):
    """A day of the week, numbered as `date.weekday()` numbers it."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class ClosedReason(StrEnum):
    """Why a date is closed that its week may open."""

    HOLIDAY = "HOLIDAY"
    CLOSURE = "CLOSURE"
    RECURRING_CLOSURE = "RECURRING_CLOSURE"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Opening hours in wall-clock minutes after the midnight of the day they start on, half-open.

    1440 is 24:00. An end at or before the start runs into the next day, and is kept as minutes
    after the first midnight, up to 2880.

    >>> Span(22 * 60, 6 * 60)
    Span(start_minute=1320, end_minute=1800)
    """

    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        start, end = self.start_minute, self.end_minute
        if 0 <= end <= start < MINUTES_A_DAY:
            end += MINUTES_A_DAY
        if not (0 <= start < MINUTES_A_DAY and start < end <= start + MINUTES_A_DAY):
            raise SpanOutsideDay(start_minute=start, end_minute=self.end_minute)
        object.__setattr__(self, "end_minute", end)

    @classmethod
    def between(cls, opens: str, closes: str) -> Self:
        """Return the span between two times of day; raise `ClockTimeUnreadable` for anything else.

        >>> Span.between("09:00", "24:00")
        Span(start_minute=540, end_minute=1440)
        """
        return cls(_minute_of_day(opens), _minute_of_day(closes))

    @override
    def __str__(self) -> str:
        return f"{_clock_time(self.start_minute)}-{_clock_time(self.end_minute)}"


@dataclass(frozen=True)
class BusinessHours:
    """When a contract's time counts: a week of spans and the dates that differ from it.

    A span belongs to the day it starts on. `overrides` replace the hours of a date and win over a
    holiday (a half-day, an exceptional opening; empty: closed all day). `breaks` are cut out of
    that date, whichever span they fall in. A holiday closes what starts on it; with
    `holiday_truncates` it closes its own 24 hours too, so the night before stops at midnight.
    `yearly_holidays` are (month, day) pairs. `recurring_closures` are RFC 5545 rules on local
    dates, as `check_recurring_closures` reads them; they close as a holiday does.

    Built from impossible hours it raises an error with the code CALENDAR_INVALID.
    Source: design/sla.md (Calendar), R-CAL 1.
    """

    zone: str
    week: Mapping[Weekday, tuple[Span, ...]]
    holidays: frozenset[date] = frozenset()
    overrides: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    breaks: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    holiday_truncates: bool = False
    yearly_holidays: frozenset[tuple[int, int]] = frozenset()
    recurring_closures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _is_known_zone(self.zone):
            raise ZoneUnknown(zone=self.zone, path=("zone",))
        for month, day_of_month in self.yearly_holidays:
            _check_yearly_holiday(month, day_of_month)
        check_recurring_closures(self.recurring_closures)
        week = {weekday: tuple(sorted(self.week.get(weekday, ()))) for weekday in Weekday}
        for weekday, spans in week.items():
            _check_apart(weekday, spans)
            _check_night(weekday, spans, week[Weekday((weekday + 1) % len(Weekday))])
        overrides = _sorted_spans(self.overrides)
        for day, spans in overrides.items():
            _check_apart(day, spans)
        # Copied behind a read-only view: a definition that changed after a deadline was computed
        # from it would move that deadline without a trace.
        object.__setattr__(self, "week", MappingProxyType(week))
        object.__setattr__(self, "overrides", MappingProxyType(overrides))
        object.__setattr__(self, "breaks", MappingProxyType(_sorted_spans(self.breaks)))

    @classmethod
    def always_open(cls, zone: str) -> Self:
        """Return the hours that never close, 24 hours on 7 days.

        >>> BusinessHours.always_open("Europe/Paris").spans_on(date(2026, 5, 1))
        (Span(start_minute=0, end_minute=1440),)
        """
        return cls(zone, dict.fromkeys(Weekday, (Span(0, MINUTES_A_DAY),)))

    def closed_reason(self, day: date) -> ClosedReason | None:
        """Return why the date is closed other than by its week; None when it is not.

        An override without hours is a closure, a holiday comes before a recurring closure.
        """
        if day in self.overrides:
            return None if self.overrides[day] else ClosedReason.CLOSURE
        if day in self.holidays or (day.month, day.day) in self.yearly_holidays:
            return ClosedReason.HOLIDAY
        if is_recurring_closure(self.recurring_closures, day):
            return ClosedReason.RECURRING_CLOSURE
        return None

    def is_holiday(self, day: date) -> bool:
        """Return whether the date is a holiday that no override replaces."""
        return self.closed_reason(day) is ClosedReason.HOLIDAY

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the hours that start on the date, before any break is cut out of them."""
        if day in self.overrides:
            return self.overrides[day]
        return () if self.closed_reason(day) else self.week[Weekday(day.weekday())]

    def closures_on(self, day: date) -> tuple[Span, ...]:
        """Return what is cut out of the date: its breaks, and all of it when it truncates."""
        breaks = self.breaks.get(day, ())
        if self.holiday_truncates and day not in self.overrides and self.closed_reason(day):
            return (*breaks, Span(0, MINUTES_A_DAY))
        return breaks


def _minute_of_day(text: str) -> int:
    hours, _, minutes = text.partition(":")
    is_clock_time = hours.isdecimal() and minutes.isdecimal() and len(minutes) == len("00")
    if not is_clock_time or int(minutes) >= MINUTES_AN_HOUR:
        raise ClockTimeUnreadable(text=text)
    minute = int(hours) * MINUTES_AN_HOUR + int(minutes)
    if minute > MINUTES_A_DAY:
        raise ClockTimeUnreadable(text=text)
    return minute


def _clock_time(minute: int) -> str:
    hours, minutes = divmod(
        minute if minute <= MINUTES_A_DAY else minute - MINUTES_A_DAY, MINUTES_AN_HOUR
    )
    return f"{hours:02}:{minutes:02}"


def _is_known_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        # An absent zone is a LookupError; zoneinfo refuses a path or a folder with the others.
        return False
    return True


def _check_yearly_holiday(month: int, day: int) -> None:
    try:
        date(_A_LEAP_YEAR, month, day)
    except ValueError:
        raise YearlyHolidayImpossible(month=month, day=day, path=("yearly_holidays",)) from None


def _check_apart(day: Weekday | date, spans: tuple[Span, ...]) -> None:
    for one, other in pairwise(spans):
        if other.start_minute < one.end_minute:
            raise _overlap(day, one, other)


def _check_night(day: Weekday, tonight: tuple[Span, ...], tomorrow: tuple[Span, ...]) -> None:
    if tonight and tomorrow:
        last, first = tonight[-1], tomorrow[0]
        if first.start_minute < last.end_minute - MINUTES_A_DAY:
            raise _overlap(day, last, first)


def _overlap(day: Weekday | date, one: Span, other: Span) -> SpansOverlap:
    if isinstance(day, Weekday):
        name = day.name.lower()
        return SpansOverlap(day=name, jour=_JOURS[day], one=one, other=other, path=("week", name))
    return SpansOverlap(day=day, jour=day, one=one, other=other, path=("overrides", str(day)))


def _sorted_spans(spans_by_day: Mapping[date, tuple[Span, ...]]) -> dict[date, tuple[Span, ...]]:
    return {day: tuple(sorted(spans)) for day, spans in spans_by_day.items()}
