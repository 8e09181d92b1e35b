"""Worked time as the doors show it: the real minutes, and what they are charged as."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from helpdesk.domain.billed_time import (
    BilledPart,
    RatedTime,
    RoundingTerms,
    billed_parts,
    part_of,
    weight_of,
)
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.work_log import WorkEntry, real_minutes
from helpdesk.usecases.read_models import Thing
from helpdesk.usecases.work_log_ports import LoggedWork
from helpdesk.usecases.work_rates import Rates


def worked_thing(logged: Sequence[LoggedWork], parts: Sequence[Thing]) -> Thing:
    """Return the time that was worked on a ticket: all of it, and the parts that are charged."""
    return Thing(
        real_minutes=real_minutes(one.entry for one in logged),
        billed_minutes=sum(part.billed_minutes for part in parts),
        parts=parts,
    )


def billed_things(
    entries: Sequence[WorkEntry],
    unit: RetainerUnit,
    rounding: RoundingTerms,
    *,
    zone: ZoneInfo,
    rated: Rates,
) -> Iterator[Thing]:
    """Return what was summed before it was rounded, as the contract bills it.

    `entries` are the work that stands and counts against the unit.
    """
    split = {entry.number: rated(entry) for entry in entries}
    billed = billed_parts(
        entries, rounding, zone=zone, weigh=lambda entry: weight_of(split[entry.number])
    )
    within: dict[BilledPart, list[WorkEntry]] = {}
    for entry in entries:
        within.setdefault(part_of(entry, rounding.scope, zone), []).append(entry)
    for part, minutes in billed.items():
        yield Thing(
            unit=unit,
            day=part.day,
            number=part.entry,
            real_minutes=sum(entry.minutes for entry in within[part]),
            billed_minutes=minutes,
            rates=_summed(rate for entry in within[part] for rate in split[entry.number]),
        )


def _summed(rates: Iterable[RatedTime]) -> list[RatedTime]:
    seconds: Counter[int] = Counter()
    for rate in rates:
        seconds[rate.percent] += rate.seconds
    return [RatedTime(percent, seconds[percent]) for percent in sorted(seconds)]
