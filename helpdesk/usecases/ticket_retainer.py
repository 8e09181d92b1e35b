"""What a ticket takes of the forfait: held once it is covered, consumed when it is done.

For verbs that have a transaction open and the ticket locked. Where the contract keeps no book of
the unit, nothing is taken and nothing is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.access import Actor
from helpdesk.domain.priority import Priority
from helpdesk.domain.retainer_correction import USES, remaining, reverse
from helpdesk.domain.retainer_entry import Entry, Posting
from helpdesk.domain.retainer_terms import FreeCause, RetainerUnit
from helpdesk.domain.retainer_use import InsufficientAllowance, Work, consume, hold, release, settle
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook

TICKETS = RetainerUnit.CORRECTIVE_TICKETS


def ticket_source(ticket: Ticket) -> str:
    """Return what entries refer to that a ticket holds or takes by its classification."""
    return f"ticket:{ticket.id}"


def quoted_source(ticket: Ticket) -> str:
    """Return what entries refer to that hold the minutes which a quote bought for a ticket."""
    return f"quoted:{ticket.id}"


def work_source(ticket: Ticket) -> str:
    """Return what entries refer to that the work on a ticket takes."""
    return f"work:{ticket.id}"


@dataclass(frozen=True, slots=True)
class TicketUse:
    """Which ticket takes how much of which unit, who says so and why.

    `is_quoted` names the minutes that a quote bought for it.
    """

    ticket: Ticket
    actor: Actor
    unit: RetainerUnit = TICKETS
    quantity: int = 1
    reason: str = ""
    cause: FreeCause | None = None
    is_quoted: bool = False

    @property
    def source(self) -> str:
        """What the entries refer to; minutes that a quote bought for the ticket stand apart."""
        return quoted_source(self.ticket) if self.is_quoted else ticket_source(self.ticket)

    @property
    def work(self) -> Work:
        """What is taken; a P0 is never held up."""
        is_p0 = self.ticket.priority is Priority.P0
        return Work(self.quantity, self.ticket.site_id, is_p0=is_p0)


async def hold_for_ticket(desk: Desk, records: Records, use: TicketUse) -> tuple[Entry, ...]:
    """Reserve the allowance for a ticket and return the entries; none when it has what it takes.

    What its opening could use comes first, so that the period of the opening pays; then what was
    sold or offered since. Raises InsufficientAllowance, when nothing was written. Source: R-LED 4.
    """
    kept = await _book(records, use)
    if kept is None or kept.book.held_for(use.source) or _uses(kept):
        return ()
    return await _appended(records, kept, _held(desk, kept, use, use.work))


async def reserve_minutes(desk: Desk, records: Records, use: TicketUse) -> tuple[Entry, ...]:
    """Make a ticket hold what is left of an estimate, and return the entries.

    `use.quantity` is the estimate in minutes; what its work was charged already is no more to
    come. The contract keeps a book of the unit. Raises InsufficientAllowance, when nothing was
    written. Source: R-LED 4 and 6.
    """
    assert use.ticket.contract_id is not None  # noqa: S101 - the caller has asked for its books
    worked, holder = work_source(use.ticket), use.source
    ask = BookAsk(use.ticket.contract_id, use.unit, source=worked, holders=frozenset({holder}))
    kept = await records.retainer.book(ask)
    assert kept is not None  # noqa: S101 - likewise
    charged = sum(left for _, left in _uses(kept))
    held = sum(one.quantity for one in kept.book.held_for(holder))
    more = max(0, use.quantity - charged) - held
    if more > 0:
        entries = _held(desk, kept, use, replace(use.work, quantity=more))
    elif more < 0:
        entries = release(kept.book, _posting(desk, kept, use, "release", desk.now()), -more)
    else:
        return ()
    return await _appended(records, kept, entries)


async def consume_for_ticket(desk: Desk, records: Records, use: TicketUse) -> tuple[Entry, ...]:
    """Take what a finished ticket took and return the entries; none when it was taken before.

    What is held for it ends; a ticket for which nothing was held is counted all the same.
    """
    kept = await _book(records, use)
    if kept is None:
        return ()
    if kept.book.held_for(use.source):
        posting = _posting(desk, kept, use, "settle", desk.now())
        return await _appended(records, kept, settle(kept.book, posting, use.work))
    if _uses(kept):
        return ()
    opened_at = max(use.ticket.opened_at, kept.book.open_from)
    posting = _posting(desk, kept, use, "consume", opened_at)
    return await _appended(records, kept, consume(kept.book, posting, use.work))


async def release_for_ticket(desk: Desk, records: Records, use: TicketUse) -> tuple[Entry, ...]:
    """Give back what a ticket holds, and what it consumed, and return the entries.

    For a ticket that turns out to be free of quota, by its cause. Source: R-LED 5.
    """
    kept = await _book(records, use)
    if kept is None:
        return ()
    written: list[Entry] = []
    decisions: list[Callable[[KeptBook, Posting], tuple[Entry, ...]]] = []
    if kept.book.held_for(use.source):
        decisions.append(lambda now_kept, posting: release(now_kept.book, posting))
    decisions += [_taken_back(entry, quantity) for entry, quantity in _uses(kept)]
    for decide in decisions:
        posting = _posting(desk, kept, use, "release", desk.now())
        entries = decide(kept, posting)
        kept = await records.retainer.append(kept, entries)
        written += entries
    return tuple(written)


async def _book(records: Records, use: TicketUse) -> KeptBook | None:
    contract_id = use.ticket.contract_id
    if contract_id is None:
        return None
    return await records.retainer.book(BookAsk(contract_id, use.unit, source=use.source))


def _held(desk: Desk, kept: KeptBook, use: TicketUse, work: Work) -> tuple[Entry, ...]:
    opened_at = max(use.ticket.opened_at, kept.book.open_from)
    try:
        return hold(kept.book, _posting(desk, kept, use, "hold", opened_at), work)
    except InsufficientAllowance:
        return hold(kept.book, _posting(desk, kept, use, "hold", desk.now()), work)


def _posting(desk: Desk, kept: KeptBook, use: TicketUse, verb: str, at: datetime) -> Posting:
    # A ticket may hold, release and hold again: each time is another request.
    key = f"{verb}:{use.source}:{kept.book.last_number + 1}"
    return Posting(use.actor, desk.now(), at, use.reason, use.source, key, cause=use.cause)


async def _appended(
    records: Records, kept: KeptBook, entries: tuple[Entry, ...]
) -> tuple[Entry, ...]:
    await records.retainer.append(kept, entries)
    return entries


def _uses(kept: KeptBook) -> list[tuple[Entry, int]]:
    """Return what was consumed and how much of it was not taken back."""
    uses = ((one, remaining(kept.book, one)) for one in kept.entries if one.kind in USES)
    return [(entry, left) for entry, left in uses if left]


def _taken_back(entry: Entry, quantity: int) -> Callable[[KeptBook, Posting], tuple[Entry, ...]]:
    return lambda kept, posting: reverse(kept.book, posting, entry, quantity)
