"""Periods of a contract: from one local midnight to another, a month or so apart."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.month import MONTH_NAMES, MONTHS_A_YEAR, Month
from helpdesk.domain.utc_seconds import since_epoch

FIRST_DAY, LAST_DAY = 1, 31

_SPAN = {Locale.FR: "du {first} au {last}", Locale.EN: "{first} to {last}"}


class AnchorDayImpossible(HelpdeskError):
    """A period begins on a day that some month has."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A period cannot begin on day {day}: give a day from 1 to 31."
    french: ClassVar[str] = (
        "Une période ne peut pas commencer le jour {day} : donnez un jour de 1 à 31."
    )


class PeriodReversed(HelpdeskError):
    """A period ends after it starts; an empty one could hold nothing."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "No period goes from {start} to {end}: give a later end."
    french: ClassVar[str] = "Aucune période ne va de {start} à {end} : donnez une fin plus tardive."


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which a day begins in a zone.

    Where a clock change skips midnight, the day begins at the change.

    >>> midnight(date(2026, 7, 1), ZoneInfo("Europe/Paris")).isoformat()
    '2026-06-30T22:00:00+00:00'
    """
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def clamped(year: int, month: int, day: int) -> date:
    """Return the day of a month, or the last one of a shorter month.

    >>> clamped(2026, 2, 31)
    datetime.date(2026, 2, 28)
    """
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month.

    Count from the first day each time, never from the answer before: 31 January plus one month
    twice would lose three days.

    >>> months_later(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    return clamped(day.year + years, month + 1, day.day)


def expires_after(bought_on: date, months: int, zone: ZoneInfo) -> datetime:
    """Return from when a pack cannot be used any more; the day before is its last usable day.

    Source: R-PER, case L19.

    >>> expires_after(date(2026, 1, 31), 12, ZoneInfo("Europe/Paris")).isoformat()
    '2027-01-30T23:00:00+00:00'
    """
    return midnight(months_later(bought_on, months), zone)


def days_later(instant: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the instant at the same time on the wall, some local days later, in UTC.

    >>> from zoneinfo import ZoneInfo
    >>> expiry = datetime(2027, 3, 27, 23, tzinfo=UTC)
    >>> days_later(expiry, 1, ZoneInfo("Europe/Paris")).isoformat()
    '2027-03-28T22:00:00+00:00'
    """
    return (instant.astimezone(zone) + timedelta(days=days)).astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` (UTC) up to, but without, `end`. Raises PeriodReversed and NaiveDatetime."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a period without a moment in it."""
        if since_epoch(self.end) <= since_epoch(self.start):
            raise PeriodReversed(start=self.start.isoformat(), end=self.end.isoformat())

    def __contains__(self, instant: datetime) -> bool:
        """Return whether an instant lies in it: its start does, its end does not."""
        return self.start <= instant < self.end

    def days(self, zone: ZoneInfo) -> int:
        """Return how many local days it has, the days of a clock change being days too."""
        return (self.end.astimezone(zone).date() - self.start.astimezone(zone).date()).days

    def named(self, zone: ZoneInfo, locale: Locale) -> str:
        """Return what people call it: a month, or its first and its last day.

        >>> paris = ZoneInfo("Europe/Paris")
        >>> PeriodRule(paris).period_of(datetime(2026, 7, 6, tzinfo=UTC)).named(paris, Locale.FR)
        'juillet 2026'
        >>> anniversary = PeriodRule(paris, anchor_day=15)
        >>> july = anniversary.period_of(datetime(2026, 7, 20, tzinfo=UTC))
        >>> july.named(paris, Locale.EN)
        '15 July 2026 to 14 August 2026'
        """
        first = self.start.astimezone(zone).date()
        end = self.end.astimezone(zone).date()
        months = MONTH_NAMES[locale]
        if first.day == FIRST_DAY and end == months_later(first, 1):
            return f"{months[first.month - 1]} {first.year}"
        return _SPAN[locale].format(
            first=day_named(first, locale), last=day_named(end - timedelta(days=1), locale)
        )


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """How a contract cuts time: at each local midnight of the anchor day.

    Day 1 gives calendar months. A month without the anchor day is cut on its last day, and the
    anchor is kept for the next one. Raises AnchorDayImpossible. Source: R-PER, case P01.
    """

    zone: ZoneInfo
    anchor_day: int = FIRST_DAY

    def __post_init__(self) -> None:
        """Refuse a day that no month has."""
        if not FIRST_DAY <= self.anchor_day <= LAST_DAY:
            raise AnchorDayImpossible(path=("anchorDay",), day=self.anchor_day)

    def period(self, month: Month) -> Period:
        """Return the period that begins in a month.

        >>> rule = PeriodRule(ZoneInfo("Europe/Paris"), anchor_day=31)
        >>> rule.period(Month(2026, 2)).end.isoformat()
        '2026-03-30T22:00:00+00:00'
        """
        return Period(self._cut(month), self._cut(month.following))

    def period_of(self, instant: datetime) -> Period:
        """Return the period in which an instant lies. Raises NaiveDatetime."""
        return self.period(self.month_of(instant))

    def month_of(self, instant: datetime) -> Month:
        """Return the month in which the period of an instant begins, the name of the period.

        >>> late = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
        >>> str(PeriodRule(ZoneInfo("Europe/Paris")).month_of(late))
        '2026-08'
        """
        since_epoch(instant)  # refuses an instant without a zone, which astimezone would guess
        local = instant.astimezone(self.zone).date()
        if local < clamped(local.year, local.month, self.anchor_day):
            local = months_later(local, -1)
        return Month(local.year, local.month)

    def periods_later(self, period: Period, count: int) -> Period:
        """Return the period that comes `count` periods after the one that a period starts in."""
        first = self.month_of(period.start)
        later = months_later(date(first.year, first.number, 1), count)
        return self.period(Month(later.year, later.month))

    def _cut(self, month: Month) -> datetime:
        return midnight(clamped(month.year, month.number, self.anchor_day), self.zone)


def day_named(day: date, locale: Locale) -> str:
    """Return a day as people write it.

    >>> day_named(date(2026, 7, 1), Locale.FR), day_named(date(2026, 7, 1), Locale.EN)
    ('1er juillet 2026', '1 July 2026')
    """
    number = "1er" if locale is Locale.FR and day.day == FIRST_DAY else str(day.day)
    return f"{number} {MONTH_NAMES[locale][day.month - 1]} {day.year}"
