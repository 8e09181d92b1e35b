"""Every kept value is compared with what the facts say, and mended on demand."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from helpdesk.domain.access import Scope, Viewer
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import TicketEventKind, changed
from helpdesk.domain.ticket_image import (
    Difference,
    as_told,
    clock_differences,
    difference,
    earliest_breach,
    earliest_deadline,
    ticket_differences,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.rederive import derived_in_bulk
from helpdesk.usecases.ticket_clocks import TicketClocks
from helpdesk.usecases.ticket_ports import DerivedClock
from helpdesk.usecases.upkeep_ports import KeptTicket

BATCH = 500
REPAIR_REASON = "helpdesk doctor"


@dataclass(frozen=True, slots=True)
class Finding:
    """A ticket of which something kept is not what its facts say; `is_mended` by the doctor."""

    ticket_id: TicketId
    number: str
    differences: tuple[Difference, ...]
    is_mended: bool


@dataclass(slots=True)
class Examination:
    """How far an examination is: tickets and clocks looked at, findings."""

    tickets: int = 0
    clocks: int = 0
    findings: int = 0


async def examine(
    desk: Desk, *, viewer: Viewer, repair: bool, done: Examination
) -> AsyncIterator[Finding]:
    """Return, one by one, the tickets of an agency of which something is kept wrongly.

    Tickets are read in bulk and their clocks recomputed from the facts. What differs is looked at
    once more under the lock of its ticket, so that an act in progress is no finding. With `repair`
    the kept values are mended and an event of the ticket says which; `done` tells how far it is.
    """
    viewer.require_agency(Scope.AGENCY_WRITE if repair else Scope.AGENCY_READ)
    after: TicketId | None = None
    while True:
        async with desk.store.reading(viewer.agency_id) as records:
            kept = await records.upkeep.kept_tickets(after=after, limit=BATCH)
            told = await _told(desk, records, kept)
        suspects = [
            one for one in kept if next(_differences(one, told[one.ticket.id]), None) is not None
        ]
        done.tickets += len(kept)
        done.clocks += sum(len(one.clocks) for one in kept)
        for suspect in suspects:
            finding = await _looked_at_again(desk, viewer, suspect.ticket.id, repair=repair)
            if finding is not None:
                done.findings += 1
                yield finding
        if len(kept) < BATCH:
            return
        after = kept[-1].ticket.id


async def _told(
    desk: Desk, records: Records, kept: Sequence[KeptTicket]
) -> dict[TicketId, TicketClocks]:
    tickets = [one.ticket for one in kept]
    pasts = {one.ticket.id: one.past for one in kept}
    return await derived_in_bulk(desk.timelines, records, tickets, pasts, at=desk.now())


async def _looked_at_again(
    desk: Desk, viewer: Viewer, ticket_id: TicketId, *, repair: bool
) -> Finding | None:
    async with desk.store.transaction(viewer.agency_id) as records:
        kept = await records.upkeep.kept_ticket(ticket_id)
        if kept is None:
            return None
        told = (await _told(desk, records, [kept]))[ticket_id]
        differences = tuple(_differences(kept, told))
        if not differences:
            return None
        if repair:
            await _mend(desk, records, viewer, kept, told, differences)
        return Finding(ticket_id, kept.ticket.number, differences, is_mended=repair)


async def _mend(  # noqa: PLR0917 - one ticket with all that was found
    desk: Desk,
    records: Records,
    viewer: Viewer,
    kept: KeptTicket,
    told: TicketClocks,
    differences: tuple[Difference, ...],
) -> None:
    """Write what the facts say, and a fact that says what was wrong."""
    ticket = as_told(kept.ticket, kept.past.history)
    change = changed(
        ticket, TicketEventKind.REPAIRED, at=desk.now(), actor=viewer.actor, reason=REPAIR_REASON
    )
    event = change.with_details(
        before={one.what: one.kept for one in differences},
        after={one.what: one.told for one in differences},
    )
    await records.tickets.save(event.ticket, event.events, told.clocks)


def _differences(kept: KeptTicket, told: TicketClocks) -> Iterator[Difference]:
    yield from ticket_differences(kept.ticket, kept.past.history)
    by_key = {(one.clock.metric, one.clock.cycle): one for one in told.clocks}
    yield from clock_differences(
        {key: one.clock for key, one in kept.clocks.items()},
        {key: one.clock for key, one in by_key.items()},
    )
    for key in kept.clocks.keys() & by_key.keys():
        yield from _kept_beside(f"{key[0]}#{key[1]}", kept.clocks[key], by_key[key])
    clocks = [one.clock for one in told.clocks]
    yield from difference("next_deadline_at", kept.next_deadline_at, earliest_deadline(clocks))
    yield from difference("breached_at", kept.breached_at, earliest_breach(clocks))


def _kept_beside(name: str, kept: DerivedClock, told: DerivedClock) -> Iterator[Difference]:
    yield from difference(f"{name}.calendar_version", kept.calendar_version, told.calendar_version)
    yield from difference(f"{name}.pending", _steps(kept), _steps(told))


def _steps(derived: DerivedClock) -> str:
    return ", ".join(f"{step.step} {step.at.isoformat()}" for step in derived.pending)
