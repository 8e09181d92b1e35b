"""The clocks of a ticket, derived from its facts in the transaction that adds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.calendar import CalendarVersion
from helpdesk.domain.clock_reduction import clocks_under
from helpdesk.domain.contract import Contract
from helpdesk.domain.escalation import pending_steps
from helpdesk.domain.sla import SlaClock, SlaMetric, Timelines
from helpdesk.domain.ticket import Ticket, TicketChange, TicketEvent
from helpdesk.domain.ticket_facts import clock_facts
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.fund_ticket import fund_after
from helpdesk.usecases.keep_news import keep_news
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_ports import DerivedClock, TicketPast
from helpdesk.usecases.timelines import CountedOn


@dataclass(frozen=True, slots=True)
class TicketClocks:
    """The clocks of a ticket with what they were counted on."""

    clocks: tuple[DerivedClock, ...]
    timelines: Timelines | None


NO_CLOCKS = TicketClocks((), None)
NO_PAST = TicketPast((), {})


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
    """Keep a change with the clocks that follow from it, and return both.

    What the ticket takes of the forfait follows too, and who waits for such news will hear of it.
    """
    past = await records.tickets.past(change.ticket.id)
    derived = await derived_clocks(desk, records, change.ticket, past, change.events)
    saved = await _saved(records, change, derived)
    await fund_after(desk, records, change)
    await keep_news(desk, records, change)
    return saved


async def save_opening(
    desk: Desk, records: Records, change: TicketChange, contract: Contract | None
) -> SavedTicket:
    """Keep a new ticket with the clocks that its contract starts, and return both."""
    derived = NO_CLOCKS
    if contract is not None:
        counted_on = await counted_on_by(desk, records, contract, change.ticket.opened_at)
        derived = clocks_of(contract, counted_on, NO_PAST, change.events, at=desk.now())
    saved = await _saved(records, change, derived)
    await keep_news(desk, records, change)
    return saved


async def _saved(records: Records, change: TicketChange, derived: TicketClocks) -> SavedTicket:
    await records.tickets.save(change.ticket, change.events, derived.clocks)
    return SavedTicket(change.ticket, derived.clocks)


async def derived_clocks(
    desk: Desk,
    records: Records,
    ticket: Ticket,
    past: TicketPast,
    new_events: Sequence[TicketEvent] = (),
) -> TicketClocks:
    """Return the clocks of a ticket under the versions of its contract and of its calendars.

    A ticket without a contract was promised nothing and has no clock.
    """
    contract = (
        None if ticket.contract_id is None else await records.contracts.contract(ticket.contract_id)
    )
    if contract is None:
        return NO_CLOCKS
    counted_on = await counted_on_by(desk, records, contract, ticket.opened_at)
    return clocks_of(contract, counted_on, past, new_events, at=desk.now())


async def counted_on_by(
    desk: Desk, records: Records, contract: Contract, opened_at: datetime
) -> CountedOn:
    """Return the compiled calendars of a contract, over the years around an opening."""
    return desk.timelines.counted_on(await calendar_versions_of(records, contract), opened_at)


async def calendar_versions_of(records: Records, contract: Contract) -> tuple[CalendarVersion, ...]:
    """Return every version of the calendars that a version of the contract names."""
    named = frozenset().union(*(terms.calendar_ids for terms in contract.terms))
    return await records.contracts.calendar_versions(named)


def clocks_of(
    contract: Contract,
    counted_on: CountedOn,
    past: TicketPast,
    new_events: Sequence[TicketEvent] = (),
    *,
    at: datetime,
) -> TicketClocks:
    """Return the clocks that the facts of a ticket make at `at` under a contract.

    Terms that take over later move nothing yet.
    """
    facts = clock_facts((*past.history, *new_events))
    clocks = clocks_under(contract.policies(), facts, counted_on.timelines, at=at)
    return TicketClocks(
        tuple(_derived(clock, counted_on, past) for clock in clocks), counted_on.timelines
    )


def _derived(clock: SlaClock, counted_on: CountedOn, past: TicketPast) -> DerivedClock:
    calendar_id = clock.target.calendar_id
    return DerivedClock(
        clock,
        clock.terms_version,
        None if calendar_id is None else counted_on.versions[calendar_id],
        pending_steps(clock, past.fired.get((clock.metric, clock.cycle), frozenset())),
    )
