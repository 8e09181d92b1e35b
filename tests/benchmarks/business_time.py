"""Business time beside engines that walk from interval to interval, measured in one run."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.business_time import (
    BusinessHours,
    Span,
    Timeline,
    Weekday,
    compile_timeline,
)

Call = Callable[[], object]

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2022, 1, 1), date(2028, 12, 31)
START = datetime(2025, 3, 4, 10, 7, 3, tzinfo=UTC)
A_DAY = 7 * 3600 + 1800
DISTANCES = {"1 h": 3600, "1 day": A_DAY, "1 month": 21 * A_DAY, "1 year": 252 * A_DAY}
HOLIDAYS = frozenset(
    date(year, month, day)
    for year in range(FIRST.year, LAST.year + 1)
    for month, day in ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
)
HOURS = BusinessHours(
    "Europe/Paris",
    dict.fromkeys(
        list(Weekday)[:5], (Span.between("09:00", "12:30"), Span.between("14:00", "18:00"))
    ),
    holidays=HOLIDAYS,
)


def run() -> Iterator[str]:
    """Return the lines of the report: microseconds a call, and times our integer core."""
    yield "Business time, Mon-Fri 9-12:30 14-18 Europe/Paris, µs a call (times the integer core)"
    yield f"compiling {FIRST.year}-{LAST.year}: {_best(_compile, repeat=5) / 1000:.1f} ms"
    timeline = _compile()
    engines = ["int core", "UTC datetimes", "local datetimes", "walking"]
    if find_spec("businesstimedelta"):
        engines.append("businesstimedelta")
    yield f"{'':16}" + "".join(f"{engine:>24}" for engine in engines)
    for label, seconds in DISTANCES.items():
        yield _row(f"add {label}", _adding(timeline, seconds))
        yield _row(f"between {label}", _counting(timeline, seconds))


def _compile() -> Timeline:
    return compile_timeline(HOURS, FIRST, LAST)


def _row(label: str, calls: Mapping[str, Call]) -> str:
    figures = [_best(call) for call in calls.values()]
    cells = (f"{figure:,.2f} (x{figure / figures[0]:,.1f})" for figure in figures)
    return f"{label:16}" + "".join(f"{cell:>24}" for cell in cells)


def _best(call: Call, *, repeat: int = 7) -> float:
    """Return the microseconds of one call, the best of several short runs, overhead taken off."""
    once = _seconds_of(call, 1)
    number = max(1, min(20_000, int(0.02 / max(once, 1e-7))))
    empty = min(_seconds_of(_nothing, number) for _ in range(repeat))
    best = min(_seconds_of(call, number) for _ in range(repeat))
    return (best - empty) / number * 1e6


def _seconds_of(call: Call, number: int) -> float:
    begin = perf_counter()
    for _ in range(number):
        call()
    return perf_counter() - begin


def _nothing() -> None:
    return None


def _adding(timeline: Timeline, seconds: int) -> Mapping[str, Call]:
    due, after = timeline.seconds.due, timeline.after
    second, local = int(START.timestamp()), START.astimezone(PARIS)
    calls: dict[str, Call] = {
        "int core": lambda: due(second, seconds),
        "UTC datetimes": lambda: after(START, seconds),
        "local datetimes": lambda: after(local, seconds),
        "walking": lambda: walked_after(HOURS, START, seconds),
    }
    if find_spec("businesstimedelta"):
        rules, delta = _foreign()
        calls["businesstimedelta"] = lambda: local + delta(rules, seconds=seconds)
    return _agreeing(calls, "UTC datetimes", "local datetimes", "walking")


def _counting(timeline: Timeline, seconds: int) -> Mapping[str, Call]:
    consumed, elapsed = timeline.seconds.consumed, timeline.elapsed
    end = timeline.after(START, seconds)
    second, last = int(START.timestamp()), int(end.timestamp())
    local, local_end = START.astimezone(PARIS), end.astimezone(PARIS)
    calls: dict[str, Call] = {
        "int core": lambda: consumed(last) - consumed(second),
        "UTC datetimes": lambda: elapsed(START, end),
        "local datetimes": lambda: elapsed(local, local_end),
        "walking": lambda: walked_between(HOURS, START, end),
    }
    if find_spec("businesstimedelta"):
        rules, _ = _foreign()
        calls["businesstimedelta"] = lambda: rules.difference(local, local_end)
    return _agreeing(calls, "int core", "UTC datetimes", "local datetimes", "walking")


def _agreeing(calls: Mapping[str, Call], *names: str) -> Mapping[str, Call]:
    # A fast wrong answer is worth nothing: engines that differ are not compared.
    answers = {str(calls[name]()) for name in names}
    if len(answers) != 1:
        raise AssertionError(f"the engines disagree: {answers}")
    return calls


def walked_after(hours: BusinessHours, start: datetime, seconds: int) -> datetime:
    """Return the same as `Timeline.after`, by walking through each interval from the start."""
    remaining = timedelta(seconds=seconds)
    for opens, closes in _walk(hours, start):
        if closes - opens >= remaining:
            return opens + remaining
        remaining -= closes - opens
    raise AssertionError("the walk has no end")


def walked_between(hours: BusinessHours, start: datetime, end: datetime) -> int:
    """Return the same as `Timeline.elapsed`, by walking through each interval from the start."""
    total = timedelta()
    for opens, closes in _walk(hours, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return int(total.total_seconds())


def _walk(hours: BusinessHours, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(hours.zone)
    day = start.astimezone(zone).date()
    while True:
        midnight = datetime.combine(day, time(), zone)
        for span in hours.spans_on(day):
            opens = (midnight + timedelta(minutes=span.start_minute)).astimezone(UTC)
            closes = (midnight + timedelta(minutes=span.end_minute)).astimezone(UTC)
            if closes > start:
                yield max(opens, start), closes
        day += timedelta(days=1)


def _foreign() -> tuple[Any, Any]:  # an untyped package that may be absent
    engine, paris = (
        import_module("businesstimedelta"),
        import_module("pytz").timezone("Europe/Paris"),
    )
    days = list(range(5))
    morning = engine.WorkDayRule(time(9), time(12, 30), working_days=days, tz=paris)
    afternoon = engine.WorkDayRule(time(14), time(18), working_days=days, tz=paris)
    holidays = engine.HolidayRule(dict.fromkeys(HOLIDAYS, "holiday"), tz=paris)
    return engine.Rules([morning, afternoon, holidays]), engine.BusinessTimeDelta
