"""What comes of itself in the forfait of a contract: periods end and begin, and lots expire.

Everything here can be done again without being done twice: a book that is locked says itself what
is closed, and the allowance of a period is granted under its key. So several workers may turn the
same contract, and one that was away catches up, period by period, with the same entries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from helpdesk.domain.access import SYSTEM, Actor
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_facts import recorded_suspensions
from helpdesk.domain.ids import AgencyId, ContractId
from helpdesk.domain.pack_clause import PackClause
from helpdesk.domain.period import Period, midnight
from helpdesk.domain.retainer_close import close_period
from helpdesk.domain.retainer_entry import LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import expire_lots, grants_due, open_lot
from helpdesk.domain.retainer_terms import RetainerTerms, RetainerUnit
from helpdesk.domain.retainer_turn import next_turn
from helpdesk.domain.suspension import Suspension
from helpdesk.usecases.contract_step import ContractInHand, in_hand
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.grant_allowance import PLAN
from helpdesk.usecases.open_contract_books import books_sold
from helpdesk.usecases.open_retainer import opened_retainer
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_ports import BookAsk, KeptBook
from helpdesk.usecases.retainer_step import book_to_move

IN_FORCE = frozenset({ContractStatus.ACTIVE, ContractStatus.SUSPENDED, ContractStatus.ENDING})
CLOSING = "close"
EXPIRY = "expiry"
_THE_MOMENT_BEFORE = timedelta(microseconds=1)


async def contracts_to_turn(desk: Desk) -> tuple[tuple[AgencyId, ContractId], ...]:
    """Return the contracts, of whichever agency, of whose forfait something has ended by now."""
    return await desk.store.queue().books_to_turn(at=desk.now())


async def turn_periods(desk: Desk, agency_id: AgencyId, contract_id: ContractId) -> None:
    """Bring the forfait of a contract up to now: close, grant and expire what is due.

    Every period that is over is closed, the oldest first, and the next one gets its full allowance
    by the terms in force as it begins. None in a suspension, and none after the end. Safe to
    repeat. Source: R-PER, R-LED 7, R-LIFE 5.
    """
    async with desk.store.transaction(agency_id) as records:
        contract = await records.contracts.contract_to_turn(contract_id)
        if contract is not None:
            await turn_books(await in_hand(desk, records, contract, SYSTEM))


async def turn_what_is_due(desk: Desk, records: Records, contract_id: ContractId) -> None:
    """Bring the forfait up to now within a transaction that is about to use it.

    So that nobody is refused, or billed, because no worker has come by yet. The books are locked
    and the contract is not: what changes it takes the books last, as this does. A unit that is
    counted anew gets its book from the worker; until then its work takes nothing.
    """
    if not await records.retainer.is_due(contract_id, at=desk.now()):
        return
    units = await records.retainer.units_of(contract_id)
    contract = await records.contracts.contract(contract_id)
    assert contract is not None  # noqa: S101 - a book of it was found
    await _turn_each(_turning(await in_hand(desk, records, contract, SYSTEM)), units)


async def turn_books(held: ContractInHand) -> None:
    """Do what `turn_periods` does within a transaction, for the contract in hand.

    A unit that the terms in force count gets a book, and the clauses of every book follow them:
    what is closed stays as it was.
    """
    turning = _turning(held)
    await _turn_each(turning, await _all_units(turning))


async def grant_begun(held: ContractInHand) -> None:
    """Grant the open period of each book its allowance, once, if it has begun."""
    turning = _turning(held)
    for unit in await held.records.retainer.units_of(held.contract.id):
        ask = BookAsk(held.contract.id, unit)
        kept = await book_to_move(held.records, held.contract, ask)
        await _granted(turning, kept, await _answered(turning, kept))


def packs_wait_since(held: ContractInHand) -> datetime | None:
    """Return since when packs wait for the end of a rest; None when none lasts, or none prolongs.

    Source: R-LIFE 5.
    """
    sold = held.contract.terms_at(held.desk.now()).commercial
    packs = PackClause() if sold is None else sold.packs
    resting = [one.days for one in recorded_suspensions(held.facts) if one.days.end is None]
    waits = packs.is_prolonged_by_rests and resting
    return midnight(resting[0].first, held.zone) if waits else None


def closing_of(period: Period, *, actor: Actor, at: datetime) -> Posting:
    """Return what the entries that close a period have in common."""
    return Posting(actor, at, period.end, "", CLOSING, f"{CLOSING}:{period.start.isoformat()}")


@dataclass(frozen=True, slots=True)
class _Turning:
    """A contract whose books are brought up to `now`, and what of its life they depend on."""

    held: ContractInHand
    now: datetime
    rests: tuple[Suspension, ...]
    packs_wait_since: datetime | None
    ends_at: datetime | None

    @property
    def contract(self) -> Contract:
        return self.held.contract

    def is_over(self, at: datetime) -> bool:
        """Return whether the contract has nothing to say about an instant: it is over by then."""
        return self.ends_at is not None and at >= self.ends_at

    def sold(self, at: datetime) -> CommercialTerms | None:
        """Return what the contract is sold by at an instant, as it was agreed by now."""
        return self.contract.terms_at(at).commercial

    def allowance(self, kept: KeptBook, period: Period) -> int:
        """Return what the plan grants for a whole period; 0 where it grants nothing for it.

        The share of a first period that was under way was granted as the contract came into force.
        """
        sold = self.sold(period.start)
        if sold is None or self.contract.status not in IN_FORCE or self.is_over(period.start):
            return 0
        begins = midnight(self.contract.starts_on, self.held.zone)
        if not begins <= period.start <= self.now:
            return 0
        if not list(grants_due(kept.book, [period], self.rests)):
            return 0
        granted = sold.units.get(kept.unit)
        return 0 if granted is None else granted.allowance.value or 0


def _turning(held: ContractInHand) -> _Turning:
    ends_on = held.contract.ends_on
    return _Turning(
        held,
        held.desk.now(),
        tuple(one.days for one in recorded_suspensions(held.facts)),
        packs_wait_since(held),
        None if ends_on is None else midnight(ends_on, held.zone),
    )


async def _all_units(turning: _Turning) -> tuple[RetainerUnit, ...]:
    """Return the units that the contract has a book of, once it has one of each that it counts."""
    held, sold = turning.held, turning.sold(turning.now)
    known = await held.records.retainer.units_of(held.contract.id)
    if sold is None or turning.contract.status not in IN_FORCE:
        return known
    begins = midnight(held.contract.starts_on, held.zone)
    for unit, terms in books_sold(sold, held.zone).items():
        if unit not in known:
            at = max(turning.now, begins)
            await opened_retainer(held.records, held.contract, terms, sold.rounding, at=at)
            known = (*known, unit)
    return known


async def _turn_each(turning: _Turning, units: Iterable[RetainerUnit]) -> None:
    held = turning.held
    for unit in units:
        ask = BookAsk(held.contract.id, unit)
        await _turn(turning, await book_to_move(held.records, held.contract, ask))


async def _turn(turning: _Turning, kept: KeptBook) -> None:
    retainer, as_it_was = turning.held.records.retainer, kept
    answered = await _answered(turning, kept)
    kept = await _granted(turning, kept, answered)
    while (due := _next(turning, kept)) is not None and due <= turning.now:
        if due < kept.book.open_period.end:
            kept = await _expired(turning, kept, due)
        else:
            kept = await _granted(turning, await _closed(turning, kept), answered)
    kept = _as_agreed(turning, kept, turning.now)
    if (kept.book.terms, kept.rounding) != (as_it_was.book.terms, as_it_was.rounding):
        await retainer.keep_clauses(kept)
    if kept.book.open_from == as_it_was.book.open_from or due != next_turn(kept.book):
        await retainer.turn_next(kept, at=due)  # as no closed period has said it already


def _next(turning: _Turning, kept: KeptBook) -> datetime | None:
    """Return when something of the book ends next; None when nothing will, or its contract first.

    The end of the contract comes first, because then nothing is carried over. After it a book is
    looked at until nobody holds anything of it.
    """
    due = next_turn(kept.book, suspended_since=turning.packs_wait_since)
    status = turning.contract.status
    if status is ContractStatus.ENDED:
        has_lots = any(lot.left for lot in kept.book.lots.values())
        return due if has_lots or not turning.is_over(kept.book.open_from) else None
    return None if status is ContractStatus.DRAFT or turning.is_over(due) else due


async def _answered(turning: _Turning, kept: KeptBook) -> frozenset[str]:
    """Return under which keys the periods from the open one to now were granted before."""
    keys, period = [], kept.book.open_period
    while period.start <= turning.now:
        if turning.allowance(kept, period):
            keys.append(_key(period))
        period = kept.book.terms.periods.periods_later(period, 1)
    return await turning.held.records.retainer.answered(kept, keys) if keys else frozenset()


async def _granted(turning: _Turning, kept: KeptBook, answered: frozenset[str]) -> KeptBook:
    """Grant the open period its allowance, unless something was granted under its key before."""
    period = kept.book.open_period
    quantity = turning.allowance(kept, period)
    key = _key(period)
    if not quantity or key in answered:
        return kept
    posting = Posting(turning.held.actor, turning.now, period.start, "", PLAN, key)
    entries = open_lot(kept.book, posting, quantity, LotTerms(LotSource.PLAN, *_bounds(period)))
    return await turning.held.records.retainer.append(kept, entries)


async def _expired(turning: _Turning, kept: KeptBook, by: datetime) -> KeptBook:
    key = f"{EXPIRY}:{by.isoformat()}:{kept.book.last_number}"
    posting = Posting(turning.held.actor, turning.now, by, "", EXPIRY, key)
    entries = expire_lots(kept.book, posting, by=by, suspended_since=turning.packs_wait_since)
    return await turning.held.records.retainer.append(kept, entries)


async def _closed(turning: _Turning, kept: KeptBook) -> KeptBook:
    """Close the open period by the clauses that it ended under."""
    period = kept.book.open_period
    kept = _as_agreed(turning, kept, period.end - _THE_MOMENT_BEFORE)
    posting = closing_of(period, actor=turning.held.actor, at=turning.now)
    entries = close_period(kept.book, posting, period, suspended_since=turning.packs_wait_since)
    return await turning.held.records.retainer.append(kept, entries, closed_until=period.end)


def _as_agreed(turning: _Turning, kept: KeptBook, at: datetime) -> KeptBook:
    """Return the book kept by the clauses of an instant; how it cuts time never changes."""
    sold = turning.sold(at)
    clauses: Mapping[RetainerUnit, RetainerTerms] = (
        {} if sold is None else books_sold(sold, turning.held.zone)
    )
    if sold is None or kept.unit not in clauses:
        return kept
    terms = replace(clauses[kept.unit], periods=kept.book.terms.periods)
    return replace(kept, book=replace(kept.book, terms=terms), rounding=sold.rounding)


def _key(period: Period) -> str:
    return f"{PLAN}:{period.start.isoformat()}"


def _bounds(period: Period) -> tuple[datetime, datetime]:
    return period.start, period.end
