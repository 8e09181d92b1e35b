"""Months of a place: where they begin and end, and how they are written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import ClassVar
from zoneinfo import ZoneInfo

from typing_extensions import override

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale

FIRST_YEAR, LAST_YEAR = 2000, 2099
MONTHS_A_YEAR = 12
MONTH_NAMES: Mapping[Locale, tuple[str, ...]] = MappingProxyType(
    {
        Locale.FR: (
            *("janvier", "février", "mars", "avril", "mai", "juin"),
            *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        ),
        Locale.EN: (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
    }
)
"""The names of the months, January first."""

_WRITTEN = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


class MonthInvalid(HelpdeskError):
    """A month is written as ISO 8601 writes it, so that nobody takes 07-06 for the other one."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "“{given}” is not a month: write it as 2026-07, from 2000 to 2099."
    french: ClassVar[str] = "« {given} » n'est pas un mois : écrivez 2026-07, de 2000 à 2099."


class MonthsReversed(HelpdeskError):
    """A period begins before it ends; turning it around by guess would hide a slip."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The period ends in {last}, before it begins in {first}: swap them."
    french: ClassVar[str] = (
        "La période finit en {last}, avant son début en {first} : échangez les deux."
    )


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar, without a place; its bounds depend on the time zone."""

    year: int
    number: int

    @classmethod
    def parsed(cls, text: str, *, path: tuple[str, ...] = ()) -> "Month":
        """Return the month that a text such as 2026-07 names. Raises MonthInvalid.

        >>> Month.parsed("2026-07")
        Month(year=2026, number=7)
        """
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise MonthInvalid(path=path, given=text[:20])
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> "Month":
        """Return the month that the wall calendar of a zone shows at an instant."""
        local = instant.astimezone(zone)
        return cls(local.year, local.month)

    @property
    def following(self) -> "Month":
        """The month after this one."""
        if self.number == MONTHS_A_YEAR:
            return Month(self.year + 1, 1)
        return Month(self.year, self.number + 1)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """Return the instant, in UTC, at which the month begins in a zone.

        >>> Month(2026, 4).starts_at(ZoneInfo("Europe/Paris")).isoformat()
        '2026-03-31T22:00:00+00:00'
        """
        return datetime(self.year, self.number, 1, tzinfo=zone).astimezone(UTC)

    @override
    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


def month_named(month: Month, locale: Locale) -> str:
    """Return a month as people say it.

    >>> month_named(Month(2026, 8), Locale.FR)
    'août 2026'
    """
    return f"{MONTH_NAMES[locale][month.number - 1]} {month.year}"


@dataclass(frozen=True, slots=True)
class Months:
    """The months from `first` to `last`, both included. Raises MonthsReversed."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.last < self.first:
            raise MonthsReversed(path=("to",), first=self.first, last=self.last)

    def __len__(self) -> int:
        """Return how many months there are."""
        years = self.last.year - self.first.year
        return years * MONTHS_A_YEAR + self.last.number - self.first.number + 1

    def __iter__(self) -> Iterator[Month]:
        """Give the months in order."""
        month = self.first
        while month <= self.last:
            yield month
            month = month.following

    def __contains__(self, month: Month) -> bool:
        """Return whether a month is one of them."""
        return self.first <= month <= self.last
