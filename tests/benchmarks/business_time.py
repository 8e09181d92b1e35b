"""Business time beside engines that walk from interval to interval, measured in one run.

The engines of others are measured where they can be imported, and named where they cannot: they
are no dependency of the project. `docs/performance.md` says how to put them on the path.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from math import inf
from time import thread_time
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.business_time import (
    BusinessHours,
    HoursVersion,
    Span,
    Timeline,
    Weekday,
    compile_timeline,
    compile_versions,
)
from helpdesk.public_holidays import public_holidays

Call = Callable[[], object]

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2022, 1, 1), date(2028, 12, 31)
START = datetime(2025, 3, 4, 10, 7, 3, tzinfo=UTC)
LOCAL_START = START.astimezone(PARIS)
AN_HOUR = 3600
A_DAY = 7 * AN_HOUR + 1800
DISTANCES = {"1 h": AN_HOUR, "1 day": A_DAY, "1 month": 21 * A_DAY, "1 year": 252 * A_DAY}
ROUNDS = 3
DAYS = {"1 day": 1, "1 month": 21, "1 year": 252}
HOLIDAYS = frozenset(public_holidays("FR", None, range(FIRST.year, LAST.year + 1)))
HOURS = BusinessHours(
    "Europe/Paris",
    dict.fromkeys(
        list(Weekday)[:5], (Span.between("09:00", "12:30"), Span.between("14:00", "18:00"))
    ),
    holidays=HOLIDAYS,
)


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine under measure: it adds an amount of open seconds to a start, and counts it again.

    Any: a start, and what it gives back, are of the engine's own types. `unit` is what its amounts
    are whole multiples of, in seconds.
    """

    name: str
    start: Any
    add: Callable[[Any, int], Any]
    between: Callable[[Any, Any], Any] | None
    unit: int = 1


def run() -> Iterator[str]:
    """Return the lines of the report: microseconds a call, and times our integer core."""
    timeline = _compile()
    yield "Business time, Mon-Fri 9-12:30 14-18 Europe/Paris, French holidays"
    yield f"compiling {FIRST.year}-{LAST.year}: {_best(_compile, repeat=5) / 1000:.1f} ms"
    yield f"the same in 7 yearly versions: {_best(_compile_yearly, repeat=5) / 1000:.1f} ms"
    engines = [*_ours(timeline), *(build() for name, build in PEERS.items() if find_spec(name))]
    yield from _table("add, µs", {e.name: dict(_adding(e, timeline)) for e in engines})
    yield from _table("between, µs", {e.name: dict(_counting(e)) for e in engines if e.between})
    yield from _table("working days, µs", _days(timeline))
    absent = [name for name in (*PEERS, "workalendar") if not find_spec(name)]
    yield f"absent: {', '.join(absent) or 'none'}"


def _compile() -> Timeline:
    return compile_timeline(HOURS, FIRST, LAST)


def _compile_yearly() -> Timeline:
    years = range(FIRST.year, LAST.year + 1)
    versions = [HoursVersion(datetime(year, 1, 1, tzinfo=UTC), HOURS) for year in years]
    return compile_versions(versions, FIRST, LAST)


def _table(title: str, rows: Mapping[str, Mapping[str, Call]]) -> Iterator[str]:
    """Return the figures of the calls, row by row, and times those of the first row."""
    cells = {(name, label): call for name, row in rows.items() for label, call in row.items()}
    figures = dict.fromkeys(cells, inf)
    # In rounds, because a machine that others use is slower for a while, and not for all alike.
    for _ in range(ROUNDS):
        for cell, call in cells.items():
            figures[cell] = min(figures[cell], _best(call))
    yield _line(title, next(iter(rows.values())))
    core = next(iter(rows))
    for name, row in rows.items():
        found = ((figures[name, label], figures[core, label]) for label in row)
        yield _line(name, (f"{figure:,.2f} (x{figure / least:,.1f})" for figure, least in found))


def _line(title: str, cells: Iterable[str]) -> str:
    return f"{title:32}" + "".join(f"{cell:>24}" for cell in cells)


def _adding(engine: Engine, timeline: Timeline) -> Iterator[tuple[str, Call]]:
    for label, seconds in DISTANCES.items():
        amount = seconds // engine.unit * engine.unit
        answer = engine.add(engine.start, amount)
        _check(engine, answer, timeline.after(START, amount).timestamp())
        yield label, partial(engine.add, engine.start, amount)


def _counting(engine: Engine) -> Iterator[tuple[str, Call]]:
    if engine.between is None:
        return
    for label, seconds in DISTANCES.items():
        end = engine.add(engine.start, seconds)
        _check(engine, engine.between(engine.start, end), seconds)
        yield label, partial(engine.between, engine.start, end)


def _check(engine: Engine, answer: Any, wanted: float) -> None:  # Any: of the engine's own type
    # A fast wrong answer is worth nothing: engines that differ are not compared.
    if isinstance(answer, datetime):
        local = answer if answer.tzinfo else answer.replace(tzinfo=PARIS)
        answer = local.timestamp()
    span = getattr(answer, "timedelta", answer)
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    if seconds != wanted:
        raise AssertionError(f"{engine.name} answers {seconds}, not {wanted}")


def _best(call: Call, *, repeat: int = 12) -> float:
    """Return the microseconds of one call, the best of several short runs, overhead taken off.

    Of the processor's time: on a machine that others use too, the clock on the wall counts them.
    """
    once = min(_seconds_of(call, 1) for _ in range(2))
    number = max(1, min(5_000, int(0.003 / max(once, 1e-7))))
    empty = min(_seconds_of(_nothing, number) for _ in range(repeat))
    best = min(_seconds_of(call, number) for _ in range(repeat))
    return (best - empty) / number * 1e6


def _seconds_of(call: Call, number: int) -> float:
    begin = thread_time()
    for _ in range(number):
        call()
    return thread_time() - begin


def _nothing() -> None:
    return None


def _ours(timeline: Timeline) -> Iterator[Engine]:
    seconds = timeline.seconds
    yield Engine("integers", int(START.timestamp()), seconds.due, seconds.elapsed)
    yield Engine("UTC datetimes", START, timeline.after, timeline.elapsed)
    yield Engine("local datetimes", LOCAL_START, timeline.after, timeline.elapsed)
    yield Engine("plain walker", START, walked_after, walked_between)


def walked_after(start: datetime, seconds: int) -> datetime:
    """Return the same as `Timeline.after`, by walking through each interval from the start."""
    remaining = timedelta(seconds=seconds)
    for opens, closes in _walk(start):
        if closes - opens >= remaining:
            return opens + remaining
        remaining -= closes - opens
    raise AssertionError("the walk has no end")


def walked_between(start: datetime, end: datetime) -> int:
    """Return the same as `Timeline.elapsed`, by walking through each interval from the start."""
    total = timedelta()
    for opens, closes in _walk(start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return int(total.total_seconds())


def _walk(start: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(PARIS).date()
    while True:
        midnight = datetime.combine(day, time(), PARIS)
        for span in HOURS.spans_on(day):
            opens = (midnight + timedelta(minutes=span.start_minute)).astimezone(UTC)
            closes = (midnight + timedelta(minutes=span.end_minute)).astimezone(UTC)
            if closes > start:
                yield max(opens, start), closes
        day += timedelta(days=1)


def _workclock() -> Engine:
    engine = import_module("workclock")
    schedule = engine.Schedule(
        [
            engine.WorkDay(time(9), time(18)),
            engine.Break(time(12, 30), time(14)),
            engine.Holidays(sorted(HOLIDAYS)),
        ],
        time_zone=PARIS,
    )
    return Engine(
        _titled("workclock"),
        START,
        lambda start, seconds: schedule.add(start, seconds=seconds),
        schedule.between,
    )


def _django_bizcal() -> Engine:
    providers = import_module("django_bizcal.providers")
    hours = [("09:00", "12:30"), ("14:00", "18:00")]
    calendar = import_module("django_bizcal").WorkingCalendar(
        tz="Europe/Paris",
        weekly_schedule=dict.fromkeys(range(5), hours),
        holiday_provider=providers.SetHolidayProvider(HOLIDAYS),
    )
    return Engine(
        _titled("django-bizcal"),
        LOCAL_START,
        lambda start, seconds: calendar.add_business_time(start, timedelta(seconds=seconds)),
        calendar.business_time_between,
    )


def _businesstimedelta() -> Engine:
    engine = import_module("businesstimedelta")
    paris = import_module("pytz").timezone("Europe/Paris")
    days = list(range(5))
    morning = engine.WorkDayRule(time(9), time(12, 30), working_days=days, tz=paris)
    afternoon = engine.WorkDayRule(time(14), time(18), working_days=days, tz=paris)
    holidays = engine.HolidayRule(dict.fromkeys(HOLIDAYS, "holiday"), tz=paris)
    rules, delta = engine.Rules([morning, afternoon, holidays]), engine.BusinessTimeDelta
    return Engine(
        _titled("businesstimedelta"),
        LOCAL_START,
        lambda start, seconds: start + delta(rules, seconds=seconds),
        rules.difference,
    )


def _pandas() -> Engine:
    pandas = import_module("pandas")
    hour = pandas.offsets.CustomBusinessHour(
        start=["09:00", "14:00"], end=["12:30", "18:00"], holidays=sorted(HOLIDAYS)
    )
    return Engine(
        f"{_titled('pandas')}, whole hours, no zone",
        pandas.Timestamp(LOCAL_START.replace(tzinfo=None)),
        lambda start, seconds: start + seconds // AN_HOUR * hour,
        None,
        unit=AN_HOUR,
    )


def _titled(package: str) -> str:
    return f"{package} {version(package)}"


PEERS: Mapping[str, Callable[[], Engine]] = {
    "workclock": _workclock,
    "django_bizcal": _django_bizcal,
    "pandas": _pandas,
    "businesstimedelta": _businesstimedelta,
}


def _days(timeline: Timeline) -> Mapping[str, Mapping[str, Call]]:
    day = START.date()
    counters: dict[str, Callable[[date, int], date]] = {"our dates": timeline.add_days_date}
    if find_spec("workalendar"):
        france = import_module("workalendar.europe").France()
        counters[_titled("workalendar")] = france.add_working_days
    if len({add(day, days) for add in counters.values() for days in DAYS.values()}) != len(DAYS):
        raise AssertionError("the engines disagree over working days")
    return {
        name: {label: partial(add, day, days) for label, days in DAYS.items()}
        for name, add in counters.items()
    }
