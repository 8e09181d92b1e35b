"""The clocks of tickets as they are shown: the kept columns, read at the instant asked for."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, exists, select

from helpdesk.domain.agency import CalendarVersion
from helpdesk.domain.sla import SlaClock, SlaMetric
from helpdesk.storage.documents import target_of
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.calendar_reads import VersionKey, calendars_of
from helpdesk.storage.reads.loader import Loader
from helpdesk.storage.reads.noun_table import AnySelect, Values, of_the_client
from helpdesk.storage.tables.ticket import SLA_CLOCK, TICKET
from helpdesk.usecases.read_models import THINGS, Branch, Noun, Thing, Wanted, thing_of
from helpdesk.usecases.shown_clocks import target_thing

_READINGS = frozenset({"elapsed_seconds", "remaining_seconds", "overdue_seconds"})
_NAMES = (
    "ticket_id",
    "metric",
    "cycle",
    "target",
    "calendar_id",
    "calendar_version",
    "terms_version",
    "allowance_seconds",
    "counted_seconds",
    "started_at",
    "stopped_at",
    "cancelled_at",
    "paused_since",
    "running_since",
    "deadline_at",
    "breached_at",
    "at_risk_at",
)
_CLOCK = THINGS[Noun.SLA_CLOCK]


async def read_clocks(
    loader: Loader, tickets: Sequence[Thing], branch: Branch, wanted: Wanted
) -> None:
    """Give each ticket its clocks, those of all tickets in one query."""
    parents = list(dict.fromkeys(ticket.id for ticket in tickets))
    rows = await loader.rows("clocks", _clocks, parents=parents)
    kept = [dict(zip(_NAMES, row, strict=True)) for row in rows]
    clocks = [_clock(values) for values in kept]
    versions: Mapping[VersionKey, CalendarVersion] = {}
    if wanted.leaves & _READINGS:
        versions = await loader.calendars.versions(loader, _version_keys(kept))
    for values, clock in zip(kept, clocks, strict=True):
        values["state"] = clock.state(loader.at)
        if wanted.leaves & _READINGS:
            version = versions.get((values["calendar_id"], values["calendar_version"]))
            _read(loader, values, clock, version)
        if clock.breached_at is not None and clock.breached_at > loader.at:
            values["breached_at"] = None
    if Branch("target") in wanted.branches:
        await _give_targets(loader, kept, clocks, wanted.along("target"))
    things = [thing_of(_CLOCK, values) for values in kept]
    loader.clocks += things
    by_ticket: dict[str, list[Thing]] = {parent: [] for parent in parents}
    for thing in things:
        by_ticket[thing.ticket_id].append(thing)
    for ticket in tickets:
        ticket.keep(branch, by_ticket[ticket.id])


def _clocks(is_client: bool) -> AnySelect:  # noqa: FBT001 - called back by the reader
    of_the_viewer = exists().where(
        TICKET.c.agency_id == SLA_CLOCK.c.agency_id,
        TICKET.c.id == SLA_CLOCK.c.ticket_id,
        of_the_client(TICKET.c.client_id),
    )
    return (
        select(*(SLA_CLOCK.c[name] for name in _NAMES))
        .where(
            SLA_CLOCK.c.agency_id == bindparam("agency_id"),
            in_list(SLA_CLOCK.c.ticket_id, "parents"),
            *([of_the_viewer] if is_client else []),
        )
        .order_by(SLA_CLOCK.c.ticket_id, SLA_CLOCK.c.metric, SLA_CLOCK.c.cycle)
    )


def _clock(values: Values) -> SlaClock:
    return SlaClock(
        metric=SlaMetric(values["metric"]),
        cycle=values["cycle"],
        target=target_of(values["target"]),
        allowance_seconds=values["allowance_seconds"],
        started_at=values["started_at"],
        stopped_at=values["stopped_at"],
        cancelled_at=values["cancelled_at"],
        paused_since=values["paused_since"],
        running_since=values["running_since"],
        counted_seconds=values["counted_seconds"],
        deadline_at=values["deadline_at"],
        breached_at=values["breached_at"],
        at_risk_at=values["at_risk_at"],
    )


def _read(loader: Loader, values: Values, clock: SlaClock, version: CalendarVersion | None) -> None:
    timeline = loader.calendars.timeline(clock.target, version, clock.running_since or loader.at)
    reading = clock.reading(loader.at, timeline)
    values["elapsed_seconds"] = reading.elapsed_seconds
    values["remaining_seconds"] = reading.remaining_seconds
    values["overdue_seconds"] = reading.overdue_seconds


async def _give_targets(
    loader: Loader, kept: Sequence[Values], clocks: Sequence[SlaClock], wanted: Wanted
) -> None:
    calendars: Mapping[VersionKey, Thing] = {}
    if Branch("calendar") in wanted.branches:
        calendars = await calendars_of(loader, _version_keys(kept))
    for values, clock in zip(kept, clocks, strict=True):
        calendar = calendars.get((values["calendar_id"], values["calendar_version"]))
        values["target"] = target_thing(clock.target, calendar=calendar)


def _version_keys(kept: Sequence[Values]) -> set[VersionKey]:
    return {
        (values["calendar_id"], values["calendar_version"])
        for values in kept
        if values["calendar_id"] is not None and values["calendar_version"] is not None
    }
