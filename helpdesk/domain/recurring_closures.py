"""The dates that a calendar closes again and again, written as recurrence rules of RFC 5545."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, takewhile

from dateutil.rrule import rrulestr

from helpdesk.domain.errors import ErrorCode, HelpdeskError

MOST_RULES = 50
MOST_OCCURRENCES = 10_000
EARLIEST_START = date(1900, 1, 1)

_LONGEST_RULE = 500
_DECADES_KEPT = 256
_YEARS_A_DECADE = 10
# dateutil looks for a next date up to the year 9999: seconds, where there is none. But weekdays and
# leap years repeat every 400 years, so a rule is asked in the cycle before that end, and gives up
# after 500 years at most.
_CYCLE_YEARS = 400
_LATEST_ASKED_YEAR = 9900

_SHAPE = re.compile(
    r"(?:DTSTART(?:;VALUE=DATE)?:(?P<start>\d{8})(?:T000000)? )?(?:RRULE:)?(?P<parts>\S+)"
)
_WEEKDAY = "(MO|TU|WE|TH|FR|SA|SU)"
_LIST = "({0})(,({0}))*"
_PART_SHAPES: Mapping[str, str] = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,3}",
    "COUNT": r"[1-9]\d{0,17}",
    "UNTIL": r"\d{8}(T000000)?",
    "BYMONTH": _LIST.format("[1-9]|1[0-2]"),
    "BYWEEKNO": _LIST.format(r"[+-]?[1-9]\d?"),
    "BYYEARDAY": _LIST.format(r"[+-]?[1-9]\d{0,2}"),
    "BYMONTHDAY": _LIST.format(r"[+-]?[1-9]\d?"),
    "BYDAY": _LIST.format(rf"([+-]?[1-9]\d?)?{_WEEKDAY}"),
    "BYSETPOS": _LIST.format(r"[+-]?[1-9]\d?"),
    "WKST": _WEEKDAY,
}
_WITHIN_DAY = frozenset({"HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND"})
_NAMING_DAYS = frozenset({"BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"})
_PATH = ("recurring_closures",)


class RecurringClosureUnreadable(HelpdeskError):
    """A rule read otherwise than it was meant would close the wrong days, so it is not guessed."""

    code = ErrorCode.CALENDAR_INVALID
    english = (
        "The recurring closure “{rule}” is not understood: write one rule of whole days such as "
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR, if need be after DTSTART:20260101."
    )
    french = (
        "La fermeture récurrente « {rule} » n'est pas comprise : écrivez une seule règle de jours "
        "entiers, par exemple RRULE:FREQ=MONTHLY;BYDAY=-1FR, au besoin après DTSTART:20260101."
    )


class RecurringClosureWithinDay(HelpdeskError):
    """A closure is of whole days; hours that differ are the week's, an override's or a break's."""

    code = ErrorCode.CALENDAR_INVALID
    english = (
        "The recurring closure “{rule}” closes parts of a day: repeat it DAILY, WEEKLY, MONTHLY or "
        "YEARLY without BYHOUR, BYMINUTE or BYSECOND, and write shorter hours into the week."
    )
    french = (
        "La fermeture récurrente « {rule} » ferme une partie de la journée : répétez-la DAILY, "
        "WEEKLY, MONTHLY ou YEARLY sans BYHOUR, BYMINUTE ni BYSECOND, et réduisez les horaires de "
        "la semaine."
    )


class RecurringClosureUndated(HelpdeskError):
    """An interval, a count or an unnamed day is taken from the start, which nobody should guess."""

    code = ErrorCode.CALENDAR_INVALID
    english = (
        "The recurring closure “{rule}” depends on where it starts: put DTSTART:20260101, with "
        "your date, before it, or name its days with BYDAY or BYMONTHDAY."
    )
    french = (
        "La fermeture récurrente « {rule} » dépend de son début : faites-la précéder de "
        "DTSTART:20260101, à votre date, ou nommez ses jours avec BYDAY ou BYMONTHDAY."
    )


class RecurringClosureOutOfReach(HelpdeskError):
    """A rule is followed from its start, so that a remote start or a huge count costs too much."""

    code = ErrorCode.CALENDAR_INVALID
    english = (
        "The recurring closure “{rule}” reaches too far: start it in {first_year} or later, and "
        "count {most} occurrences at most."
    )
    french = (
        "La fermeture récurrente « {rule} » va trop loin : faites-la commencer en {first_year} ou "
        "plus tard, pour {most} occurrences au plus."
    )


class RecurringClosureNeverComes(HelpdeskError):
    """A closure that names no date at all is a slip in its rule."""

    code = ErrorCode.CALENDAR_INVALID
    english = "The recurring closure “{rule}” names no date: correct its days, start or end."
    french = (
        "La fermeture récurrente « {rule} » ne désigne aucune date : corrigez ses jours, son début "
        "ou sa fin."
    )


class RecurringClosuresTooMany(HelpdeskError):
    """Every rule is followed at each compilation of the calendar, so their number is bounded."""

    code = ErrorCode.CALENDAR_INVALID
    english = "{count} recurring closures are too many: join them into {most} rules at most."
    french = "{count} fermetures récurrentes sont trop : réunissez-les en {most} règles au plus."


def check_recurring_closures(rules: tuple[str, ...]) -> None:
    """Refuse, with an error of the code CALENDAR_INVALID, rules that cannot be followed.

    A rule is one RRULE repeated DAILY, WEEKLY, MONTHLY or YEARLY, after an optional DTSTART, both
    of local dates. Without DTSTART it holds in every year; with an INTERVAL, a COUNT or days that
    it does not name itself it needs one. DTSTART is closed only when the rule names it too.
    Exceptions to a rule are overrides. Source: RFC 5545, 3.3.10.

    >>> check_recurring_closures(("FREQ=MONTHLY;BYDAY=-1FR",))
    """
    if len(rules) > MOST_RULES:
        raise RecurringClosuresTooMany(count=len(rules), most=MOST_RULES, path=_PATH)
    for text in rules:
        rule = _read(text)
        if next(_dates_from(rule, rule.start or EARLIEST_START), None) is None:
            raise RecurringClosureNeverComes(rule=text, path=_PATH)


def is_recurring_closure(rules: tuple[str, ...], day: date) -> bool:
    """Return whether one of the rules, already checked, closes the date.

    >>> is_recurring_closure(("FREQ=MONTHLY;BYDAY=-1FR",), date(2026, 7, 31))
    True
    """
    return bool(rules) and day in _closed_in_decade(rules, day.year // _YEARS_A_DECADE)


def recurring_dates(rules: tuple[str, ...], years: range) -> Iterator[date]:
    """Return the dates that the rules, already checked, close in the years and around them."""
    decades = range(years[0] // _YEARS_A_DECADE, years[-1] // _YEARS_A_DECADE + 1)
    return chain.from_iterable(_closed_in_decade(rules, decade) for decade in decades if rules)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that was read; its end stands apart, because it is compared and not followed."""

    start: date | None
    until: date
    repetition: str


def _read(text: str) -> _Rule:
    shape = _SHAPE.fullmatch(" ".join(text.upper().split()))
    if shape is None or len(text) > _LONGEST_RULE:
        raise RecurringClosureUnreadable(rule=text[:_LONGEST_RULE], path=_PATH)
    pairs = [pair.partition("=") for pair in shape["parts"].split(";")]
    parts = {name: value for name, _, value in pairs}
    if parts.get("FREQ") in _WITHIN_DAY or parts.keys() & _WITHIN_DAY:
        raise RecurringClosureWithinDay(rule=text, path=_PATH)
    if len(parts) != len(pairs) or not _is_repetition(parts):
        raise RecurringClosureUnreadable(rule=text, path=_PATH)
    start = _local_date(text, shape["start"]) if shape["start"] else None
    until = _local_date(text, parts.pop("UNTIL")) if "UNTIL" in parts else date.max
    _check_start(text, start, parts)
    return _Rule(start, until, ";".join(f"{name}={value}" for name, value in parts.items()))


def _is_repetition(parts: Mapping[str, str]) -> bool:
    if "FREQ" not in parts or not parts.keys() <= _PART_SHAPES.keys():
        return False
    if not all(re.fullmatch(_PART_SHAPES[name], value) for name, value in parts.items()):
        return False
    # “The 2nd Monday” means something in a month or a year only; dateutil would close every Monday.
    is_long = parts["FREQ"] in {"MONTHLY", "YEARLY"}
    return is_long or not any(map(str.isdigit, parts.get("BYDAY", "")))


def _local_date(text: str, digits: str) -> date:
    try:
        return date.fromisoformat(digits[: len("20260101")])
    except ValueError:
        raise RecurringClosureUnreadable(rule=text, path=_PATH) from None


def _check_start(text: str, start: date | None, parts: Mapping[str, str]) -> None:
    is_remote = start is not None and start < EARLIEST_START
    if is_remote or int(parts.get("COUNT", 1)) > MOST_OCCURRENCES:
        raise RecurringClosureOutOfReach(
            rule=text, first_year=EARLIEST_START.year, most=MOST_OCCURRENCES, path=_PATH
        )
    names_days = parts["FREQ"] == "DAILY" or parts.keys() & _NAMING_DAYS
    counts = "COUNT" in parts or parts.get("INTERVAL", "1") != "1"
    if start is None and (counts or not names_days):
        raise RecurringClosureUndated(rule=text, path=_PATH)


@lru_cache(maxsize=_DECADES_KEPT)
def _closed_in_decade(rules: tuple[str, ...], decade: int) -> frozenset[date]:
    year = decade * _YEARS_A_DECADE
    first, last = date(max(1, year), 1, 1), date(year + _YEARS_A_DECADE - 1, 12, 31)
    read = (_read(text) for text in rules)
    begun = [rule for rule in read if rule.start is None or rule.start <= last]
    return frozenset(
        chain.from_iterable(takewhile(last.__ge__, _dates_from(rule, first)) for rule in begun)
    )


def _dates_from(rule: _Rule, first: date) -> Iterator[date]:
    """Yield the dates of the rule from `first` on, up to the end of its cycle of years."""
    years = max(0, _LATEST_ASKED_YEAR - first.year) // _CYCLE_YEARS * _CYCLE_YEARS
    asked = datetime(first.year + years, first.month, first.day)  # noqa: DTZ001 - a local date
    if rule.start is None:
        # A year early, so that no week or month of the asked years is cut.
        start = asked.replace(year=asked.year - 1, month=1, day=1)
    else:
        start = asked.replace(rule.start.year + years, rule.start.month, rule.start.day)
    for found in rrulestr(rule.repetition, dtstart=start).xafter(asked, inc=True):
        day = date(found.year - years, found.month, found.day)
        if day > rule.until:
            return
        yield day
