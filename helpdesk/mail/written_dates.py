"""Dates as people's mail programs write them into a text, in the languages clients write in."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from helpdesk.mail.headers import instant

MAX_DATE = 120
LONGEST = 8

# the beginnings of each month's name, enough to tell it from the others
_MONTHS = (
    "jan gen ene ian led stycz sty sij tam oca янв січ ιαν ינו ינא ينا",
    "feb fév fev úno uno lut vel hel şub фев лют φεβ פבר فبر",
    "mar mär maa már mrt ožu бер βρε bře bře мар μαρ μάρ מרץ مار",
    "apr avr abr ápr dub kwi tra huh nis апр кві απρ אפר أبر ابر",
    "mai may maj mag mei máj kvě svi tou май мая тра μαΐ μάι מאי ماي",
    "jun juin giu iun czer červen cze lipa lipn kes haz jún июн чер ιουν ιούν יונ يوني",
    "jul juil lug iul lip červenec července srpa hei tem júl июл лип ιουλ ιούλ יול يولي",
    "aug aoû aou ago agu sie srp kol elo ağu авг сер αυγ αύγ אוג أغس اغس",
    "sep set szep wrz zář ruj syy eyl сен вер σεπ ספט سبت",
    "oct okt ott out paź říj lok eki окт жов οκτ אוק أكت اكت",
    "nov noi lis listo stu marras kas ноя лис νοε νοέ נוב نوف",
    "dec déc dez dic des gru pro jou ara дек гру δεκ דצמ ديس",
)
_NUMBERS = {
    beginning: number
    for number, month in enumerate(_MONTHS, start=1)
    for beginning in month.split()
}
_WORD = re.compile(r"[^\W\d_]{3,15}")
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)"
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?((?:19|20)?\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DAY = re.compile(r"(?<![\d:.h])([0-3]?\d)(?![\d:h]|\.\d)")
_TIME = re.compile(
    r"(?<![\d.])([01]?\d|2[0-3])\s?(?:[:h時시点]|[.](?=\d\d(?!\d|\.)))\s?([0-5]\d)(?:[:.]([0-5]\d))?"
)
_AFTERNOON = re.compile(r"\b(?:p\.?\s?m\b\.?)|下午|午後|오후", re.IGNORECASE)
_MORNING = re.compile(r"\b(?:a\.?\s?m\b\.?)|上午|午前|오전", re.IGNORECASE)
_OFFSET = re.compile(r"(?:(?:GMT|UTC)\s?|(?<=\s))([+-])(\d{1,2}):?(\d\d)?(?!\d)")
_UTC = re.compile(r"\b(?:UTC|GMT|Z)\b")
_NOON = 12


def written_date(value: str, *, zone: tzinfo = UTC) -> datetime | None:
    """Return the UTC instant that a line tells, None when it tells none.

    `zone` is meant when the line names none. Of 3/4/2026 the day comes first, unless the hour is
    told the American way.

    >>> written_date("lun. 2 mars 2026 à 09:00").isoformat()
    '2026-03-02T09:00:00+00:00'
    >>> written_date("Monday, March 2, 2026 9:05 PM").isoformat()
    '2026-03-02T21:05:00+00:00'
    """
    text = value[:MAX_DATE]
    if "," in text and re.search(r"[+-]\d{4}\b", text):
        exact = instant(text.encode())
        if exact is not None:
            return exact
    clock = _TIME.search(text)
    day = _day_in(text if clock is None else f"{text[: clock.start()]} {text[clock.end() :]}")
    if day is None:
        return None
    try:
        told = datetime(*day, *_hour_in(text, clock), tzinfo=_zone_in(text) or zone)
        return told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day_in(text: str) -> tuple[int, int, int] | None:
    """Return the year, the month and the day."""
    first = _YEAR_FIRST.search(text)
    if first:
        return int(first[1]), int(first[2]), int(first[3])
    numeric = _NUMERIC.search(text)
    if numeric:
        one, other, year = int(numeric[1]), int(numeric[2]), int(numeric[3])
        is_american = _AFTERNOON.search(text) or _MORNING.search(text)
        is_month_first = other > _NOON or (is_american and "/" in numeric[0] and one <= _NOON)
        day, month = (other, one) if is_month_first else (one, other)
        return year + (0 if year > 99 else 2000), month, day  # noqa: PLR2004 - two digits
    return _named_day_in(text)


def _named_day_in(text: str) -> tuple[int, int, int] | None:
    year = _YEAR.search(text)
    if year is None:
        return None
    month = _month_in(text)
    rest = f"{text[: year.start()]} {text[year.end() :]}"
    days = [int(found[1]) for found in _DAY.finditer(_OFFSET.sub(" ", rest))]
    day = next((day for day in days if day), None)
    return (int(year[1]), month, day) if month and day else None


def _month_in(text: str) -> int | None:
    """Return the month that a word names by its longest known beginning.

    The last such word wins: the day of the week stands before, and `mar.` is also a Tuesday.
    """
    found = None
    for word in _WORD.findall(text.lower()):
        beginnings = (word[:length] for length in range(min(len(word), LONGEST), 2, -1))
        known = next((_NUMBERS[each] for each in beginnings if each in _NUMBERS), None)
        found = known or found
    return found


def _hour_in(text: str, clock: re.Match[str] | None) -> tuple[int, int, int]:
    if clock is None:
        return 0, 0, 0
    hour = int(clock[1])
    if hour < _NOON and _AFTERNOON.search(text):
        hour += _NOON
    elif hour == _NOON and _MORNING.search(text):
        hour = 0
    return hour, int(clock[2]), int(clock[3] or 0)


def _zone_in(text: str) -> tzinfo | None:
    found = _OFFSET.search(text)
    if found:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
    return UTC if _UTC.search(text) else None
