"""The public holidays that a calendar takes, as use-cases ask for them: dates, and no library."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Protocol

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale

FIRST_YEAR, END_YEAR = 1900, 2200
MOST_YEARS = 30


class HolidayYearsImpossible(HelpdeskError):
    """Holidays are frozen for a first and a last year, a few of them: laws change."""

    code: ClassVar[ErrorCode] = ErrorCode.CALENDAR_INVALID
    english: ClassVar[str] = (
        "No holidays are taken from {first} to {last}: give a first year, then a last one, "
        "{most} years at most."
    )
    french: ClassVar[str] = (
        "Aucun jour férié n'est repris de {first} à {last} : donnez une première année, puis une "
        "dernière, soit {most} ans au plus."
    )


@dataclass(frozen=True, slots=True)
class HolidayChoice:
    """Whose holidays close a calendar, of which years, and which of them are worked all the same.

    `subdivision` is a part of the country: Alsace and Moselle have two more. Without years, those
    around the present are taken. `excluded_names` switches a holiday off in every year, as it is
    listed in the viewer's language; `excluded_dates` switches off single ones. The *journée de
    solidarité* is Whit Monday. Raises HolidayYearsImpossible.
    """

    country: str
    subdivision: str | None = None
    years: tuple[int, int] | None = None
    excluded_names: frozenset[str] = frozenset()
    excluded_dates: frozenset[date] = frozenset()
    is_solidarity_day_worked: bool = False

    def __post_init__(self) -> None:
        """Refuse years that are reversed, too many, or of no calendar."""
        first, last = self.years or (FIRST_YEAR, FIRST_YEAR)
        if not FIRST_YEAR <= first <= last < END_YEAR or last - first >= MOST_YEARS:
            raise HolidayYearsImpossible(path=("years",), first=first, last=last, most=MOST_YEARS)


class PublicHolidays(Protocol):
    """Where the holidays of countries are known."""

    def listed(
        self, country: str, subdivision: str | None, year: int, *, locale: Locale
    ) -> Mapping[date, str]:
        """Return the holidays of a year with their names, in the order of the dates.

        Raises what the list refuses with CALENDAR_INVALID: a country or a subdivision unknown.
        """
        ...

    def frozen(
        self, choice: HolidayChoice, *, at: datetime, zone: str, locale: Locale
    ) -> frozenset[date]:
        """Return the dates that a calendar made at `at` takes, those switched off left out.

        Raises the same, and likewise for a holiday that is to be switched off but is none.
        """
        ...
