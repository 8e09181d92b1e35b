"""Instants as whole UTC seconds since 1970, the integers that business time is counted on."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from helpdesk.domain.errors import ErrorCode, HelpdeskError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_A_DAY = 86_400

# An instant every 18 hours, and every number of seconds up to the next: CPython adds two that it
# has at hand in a quarter of the time that it takes to make one of a number.
MARK_BITS = 16
MARK_MASK = (1 << MARK_BITS) - 1


class NaiveDatetime(HelpdeskError):
    """A date and time without a zone is not an instant, and guessing its zone moves deadlines."""

    code = ErrorCode.NAIVE_DATETIME
    english = (
        "{instant} has no time zone: give an instant with its offset, such as {instant}+00:00."
    )
    french = (
        "{instant} n'a pas de fuseau horaire : donnez un instant avec son décalage, "
        "par exemple {instant}+00:00."
    )


def utc_instant(second: int) -> datetime:
    """Return the instant of a UTC second.

    >>> utc_instant(86_400).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return datetime.fromtimestamp(second, UTC)


def marks_between(first: int, last: int) -> list[datetime]:
    """Return the instants of `first` and of every 65 536th UTC second after it, up to `last`."""
    return [utc_instant(second) for second in range(first, last + 1, 1 << MARK_BITS)]


@lru_cache(maxsize=1)
def spans_below_a_mark() -> tuple[timedelta, ...]:
    """Return what lies between a mark and each second before the next: 0 s, 1 s, 2 s…

    >>> spans_below_a_mark()[61]
    datetime.timedelta(seconds=61)
    """
    return tuple(timedelta(seconds=seconds) for seconds in range(1 << MARK_BITS))


def since_epoch(instant: datetime) -> timedelta:
    """Return the time from 1970 to the instant; raise `NaiveDatetime` without a zone."""
    try:
        return instant - EPOCH
    except TypeError:
        raise NaiveDatetime(instant=instant.isoformat()) from None


def utc_second(instant: datetime) -> int:
    """Return the whole second an instant lies in, by integers: a float would round it.

    Raises `NaiveDatetime` for an instant without a zone.

    >>> utc_second(datetime(1970, 1, 2, microsecond=999_999, tzinfo=UTC))
    86400
    """
    since = since_epoch(instant)
    return since.days * SECONDS_A_DAY + since.seconds
