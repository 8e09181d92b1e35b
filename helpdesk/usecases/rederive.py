"""The kept clocks of many tickets, derived again after a version that may move them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId, TicketId
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import (
    NO_CLOCKS,
    TicketClocks,
    clocks_of,
)
from helpdesk.usecases.ticket_ports import TicketPast
from helpdesk.usecases.timelines import CountedOn, TimelineShelf

CHUNK = 500


async def rederive_tickets(
    desk: Desk, records: Records, ticket_ids: Iterable[TicketId]
) -> tuple[TicketId, ...]:
    """Rewrite the kept clocks of tickets from their facts; return the tickets whose clocks moved.

    To be called in the transaction that published the version. Tickets are locked in the order of
    their ids, some hundreds at a time. No fact is added: nothing happened to the tickets, and their
    clocks are a cache of what did.
    """
    ordered = sorted(ticket_ids)
    moved: list[TicketId] = []
    for first in range(0, len(ordered), CHUNK):
        tickets = await records.tickets_in_bulk.tickets(ordered[first : first + CHUNK])
        pasts = await records.tickets_in_bulk.pasts([ticket.id for ticket in tickets])
        derived = await derived_in_bulk(desk.timelines, records, tickets, pasts, at=desk.now())
        moved += await records.tickets_in_bulk.rewrite_clocks(
            {ticket_id: told.clocks for ticket_id, told in derived.items()}
        )
    return tuple(moved)


@dataclass(frozen=True, slots=True)
class AsIf:
    """What would be true besides what is written: other terms, one more version of a calendar."""

    contract: Callable[[Contract], Contract] = lambda one: one
    calendar: tuple[CalendarVersion, ...] = ()


async def derived_in_bulk(
    shelf: TimelineShelf,
    records: Records,
    tickets: Sequence[Ticket],
    pasts: Mapping[TicketId, TicketPast],
    *,
    at: datetime,
    as_if: AsIf | None = None,
) -> dict[TicketId, TicketClocks]:
    """Return the clocks that the facts of each ticket make at `at`; none without a contract.

    All contracts are read at once, and so are all calendars. Whoever asks `as_if` something else
    were true brings a shelf of his own: nobody is to count on it.
    """
    true = as_if or AsIf()
    under = {ticket.contract_id for ticket in tickets if ticket.contract_id is not None}
    contracts = {one.id: true.contract(one) for one in await records.contracts.contracts(under)}
    named = frozenset().union(*(contract.calendar_ids() for contract in contracts.values()))
    written = await records.contracts.calendar_versions(named)
    calendars = _Calendars(shelf, (*written, *true.calendar))
    derived: dict[TicketId, TicketClocks] = {}
    for ticket in tickets:
        if ticket.contract_id is None:
            derived[ticket.id] = NO_CLOCKS
            continue
        contract = contracts[ticket.contract_id]
        counted_on = calendars.of(contract, ticket.opened_at)
        derived[ticket.id] = clocks_of(contract, counted_on, pasts[ticket.id], at=at)
    return derived


class _Calendars:
    """The compiled calendars of many contracts, each compiled once for a year of openings."""

    def __init__(self, shelf: TimelineShelf, versions: Sequence[CalendarVersion]) -> None:
        self._shelf = shelf
        self._versions = versions
        self._counted_on: dict[tuple[ContractId, object], CountedOn] = {}

    def of(self, contract: Contract, opened_at: datetime) -> CountedOn:
        """Return the compiled calendars of a contract, and the versions in force at an opening."""
        named = contract.calendar_ids()
        counting = [one for one in self._versions if one.calendar_id in named]
        # Which version is in force depends on the instant only where there are several.
        when = opened_at if len(counting) > len(named) else opened_at.year
        key = contract.id, when
        if key not in self._counted_on:
            self._counted_on[key] = self._shelf.counted_on(counting, opened_at)
        return self._counted_on[key]
