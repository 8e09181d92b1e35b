"""What worked time takes of the forfait: the billed minutes after it, less those before it.

Time is rounded by contract over all the work of a ticket, so an entry alone has no price: three
entries of 8 minutes on a day are charged as 30 minutes and not 45 (R-TIME).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.access import Actor
from helpdesk.domain.billed_time import billed_minutes
from helpdesk.domain.retainer_correction import USES, remaining, reverse
from helpdesk.domain.retainer_entry import Entry, Posting
from helpdesk.domain.retainer_use import Work, consume
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook
from helpdesk.usecases.work_log_ports import LoggedWork


@dataclass(frozen=True, slots=True)
class Charge:
    """Work that was added to that of a ticket, by whom and when."""

    ticket: Ticket
    earlier: tuple[LoggedWork, ...]
    work: LoggedWork
    actor: Actor
    at: datetime

    @property
    def source(self) -> str:
        """What the entries refer to."""
        return f"work:{self.ticket.id}"

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


async def charge_work(records: Records, charge: Charge) -> tuple[Entry, ...]:
    """Take from the forfait what an entry of work adds to the billed minutes, or give back.

    Nothing where the work is free, or the contract keeps no book of the unit. Work of a closed
    period is put right in the open one. Returns the entries. Source: R-TIME, R-LED 10.
    """
    contract_id, unit = charge.ticket.contract_id, charge.work.charged_to
    if contract_id is None or unit is None:
        return ()
    kept = await records.retainer.book(BookAsk(contract_id, unit, source=charge.source))
    if kept is None:
        return ()
    more = _billed(kept, (*charge.earlier, charge.work)) - _billed(kept, charge.earlier)
    if more > 0:
        entries = consume(kept.book, _posting(kept, charge), Work(more, charge.ticket.site_id))
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


def _billed(kept: KeptBook, work: Iterable[LoggedWork]) -> int:
    zone = kept.book.terms.periods.zone
    entries = [one.entry for one in work if one.charged_to is kept.unit]
    return billed_minutes(entries, kept.rounding, zone=zone)
