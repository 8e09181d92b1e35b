"""Business time of a million clocks over two hundred calendars, recomputed at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import thread_time

import numpy as np

from helpdesk.bulk_time import BulkTime, Integers
from helpdesk.domain.business_time import Timeline, compile_timeline
from tests.benchmarks.business_time import DISTANCES, FIRST, HOURS, LAST

CLOCKS = 1_000_000
CALENDARS = 200


def run() -> Iterator[str]:
    """Return the lines of the report: milliseconds for all clocks."""
    timelines = [_compiled(number) for number in range(CALENDARS)]
    yield f"{CLOCKS:,} clocks over {CALENDARS} calendars of {FIRST.year}-{LAST.year}, ms"
    begin = thread_time()
    bulk = BulkTime(timelines)
    yield f"packing, once: {(thread_time() - begin) * 1000:,.0f}"
    first, last = timelines[0].seconds.bounds
    random = np.random.default_rng(1)
    calendars = random.integers(0, CALENDARS, CLOCKS)
    starts = random.integers(first, (first + last) // 2, CLOCKS)
    amounts = random.integers(1, DISTANCES["1 month"], CLOCKS)
    _check(timelines, bulk, (calendars, starts, amounts))
    by_calendar = np.sort(calendars)
    for order, some in (("any order", calendars), ("sorted by calendar", by_calendar)):
        consumed = _milliseconds(partial(bulk.consumed, some, starts))
        due = _milliseconds(partial(bulk.due, some, starts, amounts))
        yield f"{order}: consumed {consumed:.0f}, due {due:.0f}"


def _compiled(number: int) -> Timeline:
    # Each calendar has a week of closures of its own, so that no two are alike.
    monday = FIRST + timedelta(days=7 * number)
    days = {monday + timedelta(days=day): () for day in range(7)}
    return compile_timeline(replace(HOURS, overrides=days), FIRST, LAST)


def _check(
    timelines: list[Timeline], bulk: BulkTime, clocks: tuple[Integers, Integers, Integers]
) -> None:
    # A fast wrong answer is worth nothing.
    some = tuple(column[:1000] for column in clocks)
    alone = [timelines[c].seconds.due(s, a) for c, s, a in zip(*map(list, some), strict=True)]
    if bulk.due(*some).tolist() != alone:
        raise AssertionError("together and alone disagree")


def _milliseconds(call: Callable[[], object], *, repeat: int = 7) -> float:
    durations = []
    for _ in range(repeat):
        begin = thread_time()
        call()
        durations.append(thread_time() - begin)
    return min(durations) * 1000
