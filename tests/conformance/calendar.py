"""The cases of calendar_vectors.json, put to the public functions of business time."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.business_time import (
    Anchor,
    BeyondHorizon,
    BusinessHours,
    CalendarNeverOpens,
    Edge,
    OpenInterval,
    Overflow,
    Span,
    Timeline,
    Weekday,
    compile_timeline,
    whole_minutes,
)
from tests.conformance.outcome import Outcome

Case = Mapping[str, Any]  # decoded JSON, whose fields depend on the operation
"""One decoded case of the file."""

# Years compiled on both sides of a case: few first, for speed, then more for answers far away.
REACHES = (2, 20, 200)
WEEKDAYS = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), Weekday, strict=True))


def run(paths: Iterable[Path]) -> Iterator[Outcome]:
    """Return the outcome of every case of the files."""
    for path in paths:
        for case in json.loads(path.read_text(encoding="utf-8")):
            yield _outcome(case)


def _outcome(case: Case) -> Outcome:
    wanted = case.get("expected")
    try:
        got = _answer(case)
        wanted = _comparable(wanted, case)
    except Exception as error:  # a case that raises is a failed case, whatever it raises
        return Outcome(
            case.get("id", "?"), f"{type(error).__name__}: {error}", wanted, passed=False
        )
    return Outcome(case["id"], got, wanted, passed=got == wanted)


def _answer(case: Case) -> object:
    operation = OPERATIONS[case["op"]]
    for reach in REACHES[:-1]:
        try:
            return operation(case, _timeline(case, reach))
        except (BeyondHorizon, CalendarNeverOpens):
            continue
    return operation(case, _timeline(case, REACHES[-1]))


def _timeline(case: Case, reach: int) -> Timeline:
    years = [int(case[name][:4]) for name in ("start", "end") if name in case]
    first, last = max(2, min(years) - reach), min(9998, max(years) + reach)
    return _compiled(json.dumps(case["calendar"], sort_keys=True), first, last)


@cache
def _compiled(calendar: str, first_year: int, last_year: int) -> Timeline:
    hours = business_hours(json.loads(calendar))
    return compile_timeline(hours, date(first_year, 1, 1), date(last_year, 12, 31))


def business_hours(calendar: Mapping[str, Any]) -> BusinessHours:  # decoded JSON
    """Return the opening hours that the calendar of a case describes."""
    return BusinessHours(
        calendar["tz"],
        {WEEKDAYS[name]: _spans(spans) for name, spans in calendar["hours"].items()},
        holidays=frozenset(map(date.fromisoformat, calendar.get("holidays", ()))),
        overrides=_spans_by_date(calendar.get("days", {})),
        breaks=_spans_by_date(calendar.get("breaks", {})),
        holiday_truncates=calendar.get("holiday_truncates", False),
        yearly_holidays=frozenset(map(_month_and_day, calendar.get("holidays_md", ()))),
    )


def _spans(spans: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    return tuple(Span.between(opens, closes) for opens, closes in spans)


def _spans_by_date(spans: Mapping[str, Sequence[Sequence[str]]]) -> dict[date, tuple[Span, ...]]:
    return {date.fromisoformat(day): _spans(intervals) for day, intervals in spans.items()}


def _month_and_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def _instant(text: str, case: Case) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZoneInfo(case["calendar"]["tz"]))
    return instant.astimezone(UTC)


def _start(case: Case) -> datetime:
    return _instant(case["start"], case)


def _comparable(expected: object, case: Case) -> object:
    if isinstance(expected, list):
        return [OpenInterval(_instant(start, case), _instant(end, case)) for start, end in expected]
    if not isinstance(expected, str):
        return expected
    if case["op"] == "add_days_date":
        return date.fromisoformat(expected)
    return _instant(expected, case)


def _add(case: Case, timeline: Timeline) -> datetime:
    edge = Edge(case.get("edge", Edge.CLOSING))
    if case.get("direction") == "before":
        return timeline.before(_start(case), -case["seconds"], edge=edge)
    return timeline.after(_start(case), case["seconds"], edge=edge)


def _between(case: Case, timeline: Timeline) -> int:
    elapsed = timeline.elapsed_or_zero if case.get("reversed") == "zero" else timeline.elapsed
    seconds = elapsed(_start(case), _instant(case["end"], case))
    return whole_minutes(seconds) if case.get("rounding") == "whole minutes" else seconds


def _intervals(case: Case, timeline: Timeline) -> list[OpenInterval]:
    is_before = case.get("direction") == "before"
    intervals = timeline.intervals_before if is_before else timeline.intervals_after
    return list(islice(intervals(_start(case)), len(case["expected"])))


def _add_days(case: Case, timeline: Timeline) -> datetime:
    anchor = Anchor(case.get("anchor", Anchor.NONE))
    if case.get("at") == "close":
        return timeline.end_of_day_days_later(_start(case), case["days"], anchor=anchor)
    overflow = Overflow(case.get("overflow", Overflow.CLAMP))
    return timeline.add_days(_start(case), case["days"], anchor=anchor, overflow=overflow)


def _add_days_date(case: Case, timeline: Timeline) -> date:
    return timeline.add_days_date(date.fromisoformat(case["start"]), case["days"])


OPERATIONS: Mapping[str, Callable[[Case, Timeline], object]] = {
    "add": _add,
    "between": _between,
    "is_open": lambda case, timeline: timeline.is_open(_start(case)),
    "next_open": lambda case, timeline: timeline.next_open(_start(case)),
    "last_open": lambda case, timeline: timeline.last_open(_start(case)),
    "intervals": _intervals,
    "add_days": _add_days,
    "add_days_date": _add_days_date,
}
