"""The clocks of a ticket, derived from its facts in the transaction that adds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.clock_reduction import reduced_clocks
from helpdesk.domain.contract import Contract, ContractTerms
from helpdesk.domain.sla import SlaMetric, Timelines
from helpdesk.domain.ticket import Ticket, TicketChange, TicketEvent
from helpdesk.domain.ticket_facts import clock_facts
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import DerivedClock, Records


@dataclass(frozen=True, slots=True)
class TicketClocks:
    """The clocks of a ticket with what they were counted on."""

    clocks: tuple[DerivedClock, ...]
    timelines: Timelines | None


NO_CLOCKS = TicketClocks((), None)


@dataclass(frozen=True, slots=True)
class SavedTicket:
    """A ticket as it was kept, with its clocks."""

    ticket: Ticket
    clocks: tuple[DerivedClock, ...]

    def deadline(self, metric: SlaMetric) -> datetime | None:
        """Return when this promise is due; None without such a promise, or before it starts."""
        deadlines = (one.clock.deadline_at for one in self.clocks if one.clock.metric is metric)
        return next(deadlines, None)


async def save_change(desk: Desk, records: Records, change: TicketChange) -> SavedTicket:
    """Keep a change with the clocks that follow from it, and return both."""
    earlier = await records.tickets.history(change.ticket.id)
    derived = await derived_clocks(desk, records, change.ticket, (*earlier, *change.events))
    return await _saved(records, change, derived)


async def save_opening(
    desk: Desk, records: Records, change: TicketChange, contract: Contract | None
) -> SavedTicket:
    """Keep a new ticket with the clocks that its contract starts, and return both."""
    derived = NO_CLOCKS
    if contract is not None:
        terms = contract.terms_at(change.ticket.opened_at)
        derived = await _under(desk, records, change.ticket, change.events, terms)
    return await _saved(records, change, derived)


async def _saved(records: Records, change: TicketChange, derived: TicketClocks) -> SavedTicket:
    await records.tickets.save(change.ticket, change.events, derived.clocks)
    return SavedTicket(change.ticket, derived.clocks)


async def derived_clocks(
    desk: Desk, records: Records, ticket: Ticket, history: Sequence[TicketEvent]
) -> TicketClocks:
    """Return the clocks of a ticket under the terms and calendars in force at its opening.

    A ticket without a contract was promised nothing and has no clock.
    """
    contract = (
        None if ticket.contract_id is None else await records.contracts.contract(ticket.contract_id)
    )
    if contract is None:
        return NO_CLOCKS
    return await _under(desk, records, ticket, history, contract.terms_at(ticket.opened_at))


async def _under(
    desk: Desk,
    records: Records,
    ticket: Ticket,
    history: Sequence[TicketEvent],
    terms: ContractTerms,
) -> TicketClocks:
    versions = await records.contracts.calendar_versions(terms.calendar_ids)
    counted_on = desk.timelines.counted_on(versions, ticket.opened_at)
    clocks = reduced_clocks(clock_facts(history), terms.sla, counted_on.timelines)
    return TicketClocks(
        tuple(
            DerivedClock(
                clock,
                terms.version,
                None
                if clock.target.calendar_id is None
                else counted_on.versions[clock.target.calendar_id],
            )
            for clock in clocks
        ),
        counted_on.timelines,
    )
