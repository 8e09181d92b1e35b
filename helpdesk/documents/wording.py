"""How documents write days, instants, times and shares, in French and in English."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import Locale

NO_BREAK_SPACE = "\u00a0"
MINUTES_AN_HOUR = 60

_MONTHS: Mapping[Locale, tuple[str, ...]] = {
    Locale.FR: (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    Locale.EN: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_MARKS = {Locale.FR: ",", Locale.EN: "."}


def month_name(month: str, locale: Locale) -> str:
    """Return a month such as 2026-03 in words.

    >>> month_name("2026-03", Locale.FR)
    'mars 2026'
    """
    year, number = month.split("-")
    return f"{_MONTHS[locale][int(number) - 1]} {year}"


def day_name(day: date, locale: Locale, *, has_year: bool = True) -> str:
    r"""Return a day in words.

    >>> day_name(date(2026, 4, 1), Locale.FR)
    '1er\xa0avril 2026'
    """
    number = "1er" if locale is Locale.FR and day.day == 1 else str(day.day)
    name = f"{number}{NO_BREAK_SPACE}{_MONTHS[locale][day.month - 1]}"
    return f"{name} {day.year}" if has_year else name


def short_day(day: date, locale: Locale) -> str:
    """Return a day for a narrow column.

    >>> short_day(date(2026, 4, 1), Locale.FR), short_day(date(2026, 4, 1), Locale.EN)
    ('01/04/2026', '2026-04-01')
    """
    return day.strftime("%d/%m/%Y") if locale is Locale.FR else day.isoformat()


def instant_name(at: datetime, zone: ZoneInfo, locale: Locale) -> str:
    r"""Return an instant as the clock on the wall of a zone shows it, without its year.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 12, 9, 5, tzinfo=UTC)
    >>> instant_name(at, ZoneInfo("Europe/Paris"), Locale.FR)
    '12\xa0mars à 10\xa0h\xa005'
    """
    local = at.astimezone(zone)
    day = day_name(local.date(), locale, has_year=False)
    if locale is Locale.FR:
        time = f"{local.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{local:%M}"
        return f"{day} à {time}"
    return f"{day}, {local:%H:%M}"


def minutes_name(minutes: int) -> str:
    r"""Return an amount of time in hours and minutes.

    >>> minutes_name(105), minutes_name(45), minutes_name(120), minutes_name(-15)
    ('1\xa0h\xa045', '45\xa0min', '2\xa0h', '−15\xa0min')
    """
    sign = "\u2212" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), MINUTES_AN_HOUR)
    if not hours:
        return f"{sign}{rest}{NO_BREAK_SPACE}min"
    tail = f"{NO_BREAK_SPACE}{rest:02}" if rest else ""
    return f"{sign}{hours}{NO_BREAK_SPACE}h{tail}"


def seconds_name(seconds: int) -> str:
    r"""Return an amount of time to the minute, and to the second below one.

    >>> seconds_name(9_300), seconds_name(40)
    ('2\xa0h\xa035', '40\xa0s')
    """
    if 0 < seconds < MINUTES_AN_HOUR:
        return f"{seconds}{NO_BREAK_SPACE}s"
    return minutes_name(seconds // MINUTES_AN_HOUR)


def milliseconds_name(milliseconds: int, locale: Locale) -> str:
    r"""Return a time of a page in tenths of seconds, cut off.

    >>> milliseconds_name(1_890, Locale.FR), milliseconds_name(1_890, Locale.EN)
    ('1,8\xa0s', '1.8\xa0s')
    """
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds}{_MARKS[locale]}{rest // 100}{NO_BREAK_SPACE}s"


def share_name(hundredths: int, locale: Locale) -> str:
    r"""Return a share given in hundredths of a percent; the figure was cut off, never rounded.

    >>> share_name(99_89, Locale.FR), share_name(99_50, Locale.EN)
    ('99,89\xa0%', '99.50%')
    """
    figure = f"{hundredths // 100}{_MARKS[locale]}{hundredths % 100:02}"
    return f"{figure}{NO_BREAK_SPACE}%" if locale is Locale.FR else f"{figure}%"


def percent_name(percent: int, locale: Locale) -> str:
    r"""Return a whole percentage.

    >>> percent_name(58, Locale.FR)
    '58\xa0%'
    """
    return f"{percent}{NO_BREAK_SPACE}%" if locale is Locale.FR else f"{percent}%"
