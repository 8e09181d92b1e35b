"""The clocks of tickets as they are shown: the kept columns, read at the instant asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, exists, select

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.exclusion import ExclusionCause
from helpdesk.domain.postponement import promise_outcome
from helpdesk.domain.sla import ClockStart, SlaClock, SlaMetric, Target, TargetUnit
from helpdesk.storage.policy_documents import target_of
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.calendar_reads import VersionKey, calendars_of
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect, Values, of_the_client
from helpdesk.storage.tables.classification import EXCLUSION
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, Wanted, thing_of
from helpdesk.usecases.shown_clocks import target_thing

_READINGS = frozenset({"elapsed_seconds", "remaining_seconds", "overdue_seconds"})
_FOR_READINGS = frozenset(
    {"target", "calendar_id", "calendar_version", "counted_seconds", "running_since"}
)
_FOR_TARGET = frozenset({"target", "calendar_id", "calendar_version"})
_FOR_STATE = frozenset(
    {"started_at", "stopped_at", "cancelled_at", "paused_since", "breached_at", "at_risk_at"}
)
_ALWAYS = frozenset({"ticket_id", "metric", "cycle", "allowance_seconds"})
_CLOCK = THINGS[Noun.SLA_CLOCK]
# The state of a clock does not depend on what was promised.
_ANY_TARGET = Target(
    SlaMetric.FIRST_RESPONSE,
    1,
    TargetUnit.CALENDAR_MINUTES,
    None,
    is_strict=True,
    starts_on=ClockStart.OPENING,
)


async def read_clocks(
    loader: Loader, tickets: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each ticket its clocks, those of all tickets in one query."""
    names = _names(wanted)
    parents = list(dict.fromkeys(ticket.id for ticket in tickets))
    rows = await loader.rows(
        ("clocks", names), lambda is_client: _clocks(names, is_client=is_client), parents=parents
    )
    kept = [dict(zip(names, row, strict=True)) for row in rows]
    if Branch("target") in wanted.branches or wanted.leaves & _READINGS:
        for values in kept:
            values["target"] = _target(tuple(values["target"].items()))
    if wanted.leaves & (_READINGS | _OUTCOMES | {"state"}):
        await _read(loader, kept, wanted)
    if "breached_at" in names:
        _hide_the_future(kept, loader.at)
    await _read_compensation(loader, kept, wanted)
    if Branch("target") in wanted.branches:
        await _show_targets(loader, kept, wanted.along("target"))
    things = [thing_of(_CLOCK, values) for values in kept]
    loader.clocks += things
    by_ticket: dict[str, list[Thing]] = {parent: [] for parent in parents}
    for thing in things:
        by_ticket[thing.ticket_id].append(thing)
    for ticket in tickets:
        ticket.keep(branch, by_ticket[ticket.id])


_COMPENSATION = frozenset({"compensable", "excluded_by"})
_OUTCOMES = frozenset({"outcome", "is_breach_documented"})


def _names(wanted: Wanted) -> tuple[str, ...]:
    names = set(_ALWAYS | (wanted.leaves & frozenset(SLA_CLOCK.c.keys())))
    if "state" in wanted.leaves:
        names |= _FOR_STATE
    if wanted.leaves & _READINGS:
        names |= _FOR_READINGS | _FOR_STATE
    if wanted.leaves & _OUTCOMES:
        names |= _FOR_STATE | {"deadline_at", "postponed_to"}
    if wanted.leaves & _COMPENSATION:
        names.add("breached_at")
    if Branch("target") in wanted.branches:
        names |= _FOR_TARGET
    return tuple(sorted(names))


def _clocks(names: tuple[str, ...], *, is_client: bool) -> AnySelect:
    of_the_viewer = exists().where(
        TICKET.c.agency_id == SLA_CLOCK.c.agency_id,
        TICKET.c.id == SLA_CLOCK.c.ticket_id,
        of_the_client(TICKET.c.client_id),
    )
    return (
        select(*(SLA_CLOCK.c[name] for name in names))
        .where(
            SLA_CLOCK.c.agency_id == bindparam("agency_id"),
            in_list(SLA_CLOCK.c.ticket_id, "parents"),
            *([of_the_viewer] if is_client else []),
        )
        .order_by(SLA_CLOCK.c.ticket_id, SLA_CLOCK.c.metric, SLA_CLOCK.c.cycle)
    )


@lru_cache(maxsize=1000)
def _target(document: tuple[tuple[str, Any], ...]) -> Target:  # Any: JSON
    # An agency makes few promises, and each of its clocks carries one of them.
    return target_of(dict(document))


async def _read(loader: Loader, kept: Sequence[Values], wanted: Wanted) -> None:
    has_readings = bool(wanted.leaves & _READINGS)
    versions: Mapping[str, Sequence[CalendarVersion]] = {}
    calendar_ids = {values["calendar_id"] for values in kept} - {None} if has_readings else set()
    if calendar_ids:
        versions = await loader.calendars.versions(loader, calendar_ids)
    for values in kept:
        clock = _clock(values)
        values["state"] = clock.state(loader.at)
        if wanted.leaves & _OUTCOMES:
            values["outcome"] = promise_outcome(clock, at=loader.at)
            values["is_breach_documented"] = clock.is_breach_documented
        if has_readings:
            since = clock.running_since or loader.at
            timeline = loader.calendars.timeline(
                clock.target, versions.get(values["calendar_id"], ()), since
            )
            reading = clock.reading(loader.at, timeline)
            values["elapsed_seconds"] = reading.elapsed_seconds
            values["remaining_seconds"] = reading.remaining_seconds
            values["overdue_seconds"] = reading.overdue_seconds


def _clock(values: Values) -> SlaClock:
    """Return a clock as far as its columns were read; its metric and cycle do not matter here."""
    return SlaClock(
        metric=SlaMetric.FIRST_RESPONSE,
        cycle=1,
        target=values.get("target", _ANY_TARGET),
        allowance_seconds=values["allowance_seconds"],
        started_at=values["started_at"],
        stopped_at=values["stopped_at"],
        cancelled_at=values["cancelled_at"],
        paused_since=values["paused_since"],
        running_since=values.get("running_since"),
        counted_seconds=values.get("counted_seconds", 0),
        deadline_at=values.get("deadline_at"),
        breached_at=values["breached_at"],
        at_risk_at=values["at_risk_at"],
        postponed_to=values.get("postponed_to"),
    )


def _hide_the_future(kept: Sequence[Values], at: datetime) -> None:
    """Leave out the instants at which promises would break if nothing happened."""
    for values in kept:
        if values["breached_at"] is not None and values["breached_at"] > at:
            values["breached_at"] = None


async def _read_compensation(loader: Loader, kept: Sequence[Values], wanted: Wanted) -> None:
    """Say of each breach whether it earns compensation: the first standing exclusion counts."""
    if not wanted.leaves & _COMPENSATION:
        return
    broken = sorted({values["ticket_id"] for values in kept if values["breached_at"] is not None})
    rows = await loader.agency_rows("standing", _standing, parents=broken) if broken else []
    causes = {ticket_id: ExclusionCause(cause) for ticket_id, cause in reversed(rows)}
    for values in kept:
        is_broken = values["breached_at"] is not None
        cause = causes.get(values["ticket_id"]) if is_broken else None
        values["compensable"] = cause is None if is_broken else None
        values["excluded_by"] = cause


def _standing() -> AnySelect:
    return (
        select(EXCLUSION.c.ticket_id, EXCLUSION.c.cause)
        .where(
            EXCLUSION.c.agency_id == bindparam("agency_id"),
            in_list(EXCLUSION.c.ticket_id, "parents"),
            EXCLUSION.c.lifted_at.is_(None),
        )
        .order_by(EXCLUSION.c.recorded_at, EXCLUSION.c.id)
    )


async def _show_targets(loader: Loader, kept: Sequence[Values], wanted: Wanted) -> None:
    calendars: Mapping[VersionKey, Thing] = {}
    if Branch("calendar") in wanted.branches:
        calendars = await calendars_of(loader, _version_keys(kept))
    for values in kept:
        calendar = calendars.get((values["calendar_id"], values["calendar_version"]))
        values["target"] = target_thing(values["target"], calendar=calendar)


def _version_keys(kept: Sequence[Values]) -> set[VersionKey]:
    return {
        (values["calendar_id"], values["calendar_version"])
        for values in kept
        if values["calendar_id"] is not None and values["calendar_version"] is not None
    }
