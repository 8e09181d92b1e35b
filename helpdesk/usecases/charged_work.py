"""What worked time takes of the forfait: the billed minutes after it, less those before it.

Time is rounded by contract over all the work of a ticket, so an entry alone has no price: three
entries of 8 minutes on a day are charged as 30 minutes and not 45 (R-TIME).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import Actor
from helpdesk.domain.billed_time import billed_minutes
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_correction import USES, remaining, reverse
from helpdesk.domain.retainer_entry import Entry, Posting
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_use import Work, consume
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook
from helpdesk.usecases.ticket_retainer import quoted_source, ticket_source, work_source
from helpdesk.usecases.timelines import TimelineShelf
from helpdesk.usecases.turn_periods import turn_what_is_due
from helpdesk.usecases.work_log_ports import LoggedWork
from helpdesk.usecases.work_rates import WorkRates, counting_for, work_rates


@dataclass(frozen=True, slots=True)
class Charge:
    """Work that was added to that of a ticket, by whom and when.

    `timelines` are the compiled calendars that rates are counted on.
    """

    ticket: Ticket
    earlier: tuple[LoggedWork, ...]
    work: LoggedWork
    actor: Actor
    at: datetime
    timelines: TimelineShelf

    @property
    def source(self) -> str:
        """What the entries refer to."""
        return work_source(self.ticket)

    @property
    def units(self) -> tuple[RetainerUnit, ...]:
        """The units whose billed minutes change: that of what is corrected, and its own."""
        corrects = self.work.entry.corrects
        before = None if corrects is None else self.earlier[corrects - 1].charged_to
        return tuple(dict.fromkeys(one for one in (before, self.work.charged_to) if one))

    def key(self, number: int) -> str:
        """Return the key of what an entry of work takes."""
        return f"{self.source}:{number}"

    def corrected_keys(self) -> frozenset[str]:
        """Return the keys of what the corrected work took, and of what corrected it before."""
        keys = set()
        number = self.work.entry.corrects
        while number is not None:
            keys.add(self.key(number))
            number = self.earlier[number - 1].entry.corrects
        return frozenset(keys)


async def added_work(
    desk: Desk,
    records: Records,
    ticket: Ticket,
    earlier: tuple[LoggedWork, ...],
    work: LoggedWork,
) -> LoggedWork:
    """Keep an entry of work and charge it, and return it."""
    entry = work.entry
    charge = Charge(ticket, earlier, work, entry.actor, entry.written_at, desk.timelines)
    await records.work_logs.add_work(work)
    if ticket.contract_id is not None:
        await turn_what_is_due(desk, records, ticket.contract_id)
    await charge_work(records, charge)
    return work


async def charge_work(records: Records, charge: Charge) -> tuple[Entry, ...]:
    """Take from the forfait what an entry of work adds to the billed minutes, or give back.

    What is held for the ticket is drawn on first. Nothing where the work is free, or the contract
    keeps no book of the unit. Work of a closed period is put right in the open one. Returns the
    entries. Source: R-TIME, R-LED 4 and 10.
    """
    contract_id = charge.ticket.contract_id
    written: list[Entry] = []
    if contract_id is not None:
        for unit in charge.units:
            written += await _charged(records, charge, contract_id, unit)
    return tuple(written)


async def _charged(
    records: Records, charge: Charge, contract_id: ContractId, unit: RetainerUnit
) -> tuple[Entry, ...]:
    # What was estimated comes before what a quote bought: it is the first to be given back.
    holders = (ticket_source(charge.ticket), quoted_source(charge.ticket))
    ask = BookAsk(contract_id, unit, source=charge.source, holders=frozenset(holders))
    kept = await records.retainer.book(ask)
    if kept is None:
        return ()
    rates = await work_rates(records, charge.timelines, contract_id)
    before = _billed(kept, rates, charge.earlier)
    more = _billed(kept, rates, (*charge.earlier, charge.work)) - before
    if more > 0:
        held = [one for holder in holders for one in kept.book.held_for(holder)]
        work = Work(more, charge.ticket.site_id)
        entries = consume(kept.book, _posting(kept, charge), work, held=held)
        await records.retainer.append(kept, entries)
        return entries
    return await _given_back(records, kept, charge, -more)


async def _given_back(
    records: Records, kept: KeptBook, charge: Charge, quantity: int
) -> tuple[Entry, ...]:
    written: list[Entry] = []
    for entry, part in _last_taken(kept, charge, quantity):
        key = f"{charge.key(charge.work.entry.number)}:{kept.book.last_number + 1}"
        reason = charge.work.entry.reason
        posting = Posting(charge.actor, charge.at, charge.at, reason, charge.source, key)
        entries = reverse(kept.book, posting, entry, part)
        kept = await records.retainer.append(kept, entries)
        written += entries
    return tuple(written)


def _last_taken(kept: KeptBook, charge: Charge, quantity: int) -> Iterator[tuple[Entry, int]]:
    """Give what the corrected work took, then the rest, and of each what was taken last first.

    So what was over the allowance is given back before a lot.
    """
    own = charge.corrected_keys()
    uses = [one for one in reversed(kept.entries) if one.kind in USES]
    for entry in sorted(uses, key=lambda one: one.posting.key not in own):
        part = min(quantity, remaining(kept.book, entry))
        if part:
            yield entry, part
        quantity -= part


def _posting(kept: KeptBook, charge: Charge) -> Posting:
    entry, open_from = charge.work.entry, kept.book.open_from
    is_late = entry.started_at < open_from
    return Posting(
        actor=charge.actor,
        at=charge.at,
        effective_at=charge.at if is_late else entry.started_at,
        reason=entry.reason,
        source=charge.source,
        key=charge.key(entry.number),
        corrects=kept.book.terms.periods.period_of(entry.started_at) if is_late else None,
    )


def _billed(kept: KeptBook, rates: WorkRates, work: Iterable[LoggedWork]) -> int:
    """Return the billed minutes of the work that stands and counts against the unit of a book."""
    zone = kept.book.terms.periods.zone
    entries = counting_for(work, kept.unit)
    return billed_minutes(entries, kept.rounding, zone=zone, weigh=rates.weigh)
