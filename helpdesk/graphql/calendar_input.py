"""The hours of a calendar as they are given: read into the hours that the rules know."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

import strawberry

from helpdesk.domain.business_hours import BusinessHours, Span, Weekday
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.graphql.fields import attribute, optional
from helpdesk.usecases.public_holidays import HolidayChoice

_MONTH_AND_DAY = re.compile(r"(\d{2})-(\d{2})")
_INPUT_NAMES = {"week": "opening_hours", "overrides": "exceptions"}
"""What the API calls the parts of opening hours that have another name here."""


class DayGivenTwice(HelpdeskError):
    """A date has one list of hours: of two, one would be lost."""

    code: ClassVar[ErrorCode] = ErrorCode.CALENDAR_INVALID
    english: ClassVar[str] = "{day} is given twice: write all of its hours in one place."
    french: ClassVar[str] = (
        "Le {day} est donné deux fois : écrivez tous ses horaires au même endroit."
    )


class YearlyHolidayUnreadable(HelpdeskError):
    """A guessed date would close the wrong day of every year."""

    code: ClassVar[ErrorCode] = ErrorCode.CALENDAR_INVALID
    english: ClassVar[str] = "“{text}” is no day of every year: write it as MM-DD, such as 12-24."
    french: ClassVar[str] = (
        "« {text} » n'est pas un jour de l'année : écrivez-le MM-JJ, par exemple 12-24."
    )


class HolidayYearMissing(HelpdeskError):
    """Years have a first and a last one, or they are those around the present."""

    code: ClassVar[ErrorCode] = ErrorCode.CALENDAR_INVALID
    english: ClassVar[str] = "Give `firstYear` and `lastYear`, or neither."
    french: ClassVar[str] = "Donnez « firstYear » et « lastYear », ou aucune des deux."


@strawberry.input(description="Hours between an opening and a closing, on the wall clock.")
class OpenHoursInput:
    """Hours between an opening and a closing."""

    opens_at: str = attribute("When it opens, such as `09:00`.")
    closes_at: str = attribute(
        "When it closes, such as `18:00` or `24:00`; at or before the opening, it is the next day."
    )


@strawberry.input(description="Hours of every week.")
class WeeklyHoursInput(OpenHoursInput):
    """Hours of every week."""

    weekday: Weekday = attribute("The day on which the hours begin.")


@strawberry.input(description="A date with hours of its own.")
class CalendarDayInput:
    """A date with hours of its own."""

    day: date = attribute("The date.", name="date")
    hours: list[OpenHoursInput] = attribute("The hours.")


def _empty(description: str) -> Any:  # Any: the declared type of the field
    return strawberry.field(description=description, default_factory=list)


@strawberry.input(description="When a calendar is open.")
class OpeningHoursInput:
    """When a calendar is open."""

    zone: str = attribute("The time zone of the hours, such as `Europe/Paris`.")
    opening_hours: list[WeeklyHoursInput] = attribute("The hours of the week.")
    holidays: list[date] = _empty("Dates on which nothing opens.")
    yearly_holidays: list[str] = _empty("Days of every year without opening, as `MM-DD`.")
    exceptions: list[CalendarDayInput] = _empty(
        "Dates whose hours replace those of the week, and of a holiday; without hours, the day is "
        "closed."
    )
    breaks: list[CalendarDayInput] = _empty("Hours that are cut out of a date.")
    recurring_closures: list[str] = _empty(
        "Days that are closed again and again, as rules of RFC 5545, such as "
        "`RRULE:FREQ=MONTHLY;BYDAY=-1FR`."
    )
    holiday_truncates: bool = optional(
        "Whether a night that begins before a holiday ends at its midnight.",
        default=False,
    )


@strawberry.input(
    description="The public holidays that close a calendar: copied into it, as dates."
)
class HolidaysInput:
    """The public holidays that close a calendar."""

    country: str = attribute("The country, as ISO 3166 calls it, such as `FR`.")
    subdivision: str | None = optional("A part of it: `57` or `6AE` for Moselle and Alsace.")
    first_year: int | None = optional("The first year; two years back if left out.")
    last_year: int | None = optional("The last year; ten years ahead if left out.")
    excluded_names: list[str] = _empty(
        "Holidays that are worked in every year, as `publicHolidays` names them."
    )
    excluded_dates: list[date] = _empty("Holidays that are worked once.")
    is_solidarity_day_worked: bool = optional(
        "Whether Whit Monday is worked as journée de solidarité.",
        default=False,
    )


def hours_given(given: OpeningHoursInput) -> BusinessHours:
    """Return the opening hours. Raises what makes them impossible, with the input at fault."""
    try:
        return BusinessHours(
            zone=given.zone,
            week=_week(given.opening_hours),
            holidays=frozenset(given.holidays),
            overrides=_days("overrides", given.exceptions),
            breaks=_days("breaks", given.breaks),
            holiday_truncates=given.holiday_truncates,
            yearly_holidays=frozenset(_month_and_day(text) for text in given.yearly_holidays),
            recurring_closures=tuple(given.recurring_closures),
        )
    except HelpdeskError as error:
        error.path = tuple(_INPUT_NAMES.get(name, name) for name in error.path)
        raise error.below("hours") from None


def holidays_given(given: HolidaysInput | None) -> HolidayChoice | None:
    """Return the choice of holidays, if any. Raises HolidayYearMissing, HolidayYearsImpossible."""
    if given is None:
        return None
    first, last = given.first_year, given.last_year
    try:
        if (first is None) is not (last is None):
            raise HolidayYearMissing(path=("last_year" if last is None else "first_year",))
        return HolidayChoice(
            country=given.country,
            subdivision=given.subdivision,
            years=None if first is None or last is None else (first, last),
            excluded_names=frozenset(given.excluded_names),
            excluded_dates=frozenset(given.excluded_dates),
            is_solidarity_day_worked=given.is_solidarity_day_worked,
        )
    except HelpdeskError as error:
        raise error.below("holidays") from None


def _week(given: Iterable[WeeklyHoursInput]) -> dict[Weekday, tuple[Span, ...]]:
    week: dict[Weekday, tuple[Span, ...]] = {}
    for index, hours in enumerate(given):
        span = _span(hours, ("week", str(index)))
        week[hours.weekday] = (*week.get(hours.weekday, ()), span)
    return week


def _days(field: str, given: Sequence[CalendarDayInput]) -> dict[date, tuple[Span, ...]]:
    days: dict[date, tuple[Span, ...]] = {}
    for index, one in enumerate(given):
        if one.day in days:
            raise DayGivenTwice(path=(field, str(index), "date"), day=one.day)
        days[one.day] = tuple(
            _span(hours, (field, str(index), "hours", str(number)))
            for number, hours in enumerate(one.hours)
        )
    return days


def _span(hours: OpenHoursInput, path: tuple[str, ...]) -> Span:
    try:
        return Span.between(hours.opens_at, hours.closes_at)
    except HelpdeskError as error:
        raise error.below(*path) from None


def _month_and_day(text: str) -> tuple[int, int]:
    found = _MONTH_AND_DAY.fullmatch(text)
    if found is None:
        raise YearlyHolidayUnreadable(path=("yearly_holidays",), text=text)
    return int(found[1]), int(found[2])
