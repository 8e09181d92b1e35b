"""The close of a period: what is carried over, what expires, and the statement that stays.

A closed period was reported to the client. Its statement never changes again: what is put right
later is posted in the open period (R-LED 10).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.period import Period
from helpdesk.domain.retainer import Book, Lot
from helpdesk.domain.retainer_entry import (
    Entry,
    EntryKind,
    LotSource,
    LotTerms,
    Move,
    Posting,
)
from helpdesk.domain.retainer_lots import ended_lots, expiry
from helpdesk.domain.retainer_terms import RolloverMode


class PeriodNotOver(HelpdeskError):
    """A period is closed once all of its work can be in it."""

    code: ClassVar[ErrorCode] = ErrorCode.PERIOD_OPEN
    english: ClassVar[str] = "The period ends at {end}: close it then."
    french: ClassVar[str] = "La période s'achève à {end} : clôturez-la à ce moment."


class PeriodOutOfOrder(HelpdeskError):
    """Periods are closed one after the other, for each begins with what the last one left."""

    code: ClassVar[ErrorCode] = ErrorCode.PERIOD_OPEN
    english: ClassVar[str] = "Before the period from {start}, close the one from {first_open}."
    french: ClassVar[str] = "Avant la période du {start}, clôturez celle du {first_open}."


def close_period(
    book: Book, posting: Posting, period: Period, *, suspended_since: datetime | None = None
) -> tuple[Entry, ...]:
    """Return the entries that close a period; those of the first time when it is closed already.

    What is free of the plan lots that end with the period is carried over as the contract says, as
    one new lot. The rest, and every other lot that ended, expires; a pack waits for the end of a
    suspension. What is held stays with its lot. Then append them and move the book on with
    `closed_until(period.end)`. Raises PeriodNotOver, PeriodOutOfOrder and KeyReused. Source: R-LED
    7, R-PER.
    """
    request = posting.request("close", period.start.isoformat())
    if (answered := book.answer(posting, request)) is not None or period.end <= book.open_from:
        return answered or ()
    _check_closable(book, posting.at, period)
    ended = ended_lots(book, period.end, suspended_since=suspended_since)
    carried = _carried(book, [lot for lot in ended if _may_roll(lot, period)])
    moves: list[Move] = []
    for lot in ended:
        kept = min(carried, lot.free) if _may_roll(lot, period) else 0
        carried -= kept
        if kept:
            moves.append(Move(EntryKind.ROLLOVER_OUT, kept, period.end, lot=lot.number))
        if lot.free > kept:
            moves.append(expiry(lot, period.end, kept=kept))
    rolled = sum(move.quantity for move in moves if move.kind is EntryKind.ROLLOVER_OUT)
    if rolled:
        moves.append(_rolled_in(book, period, rolled))
    return book.written(moves, posting, request)


def _check_closable(book: Book, at: datetime, period: Period) -> None:
    if period.start != book.open_from:
        raise PeriodOutOfOrder(
            start=period.start.isoformat(), first_open=book.open_from.isoformat()
        )
    if at < period.end:
        raise PeriodNotOver(end=period.end.isoformat())


def _may_roll(lot: Lot, period: Period) -> bool:
    return lot.terms.source is LotSource.PLAN and lot.terms.expires_at == period.end


def _carried(book: Book, lots: Iterable[Lot]) -> int:
    lots = tuple(lots)
    rollover = book.terms.rollover
    if rollover.mode is RolloverMode.NONE:
        return 0
    return rollover.carried(sum(lot.free for lot in lots), sum(lot.quantity for lot in lots))


def _rolled_in(book: Book, period: Period, quantity: int) -> Move:
    last = book.terms.periods.periods_later(period, book.terms.rollover.valid_periods)
    terms = LotTerms(LotSource.ROLLOVER, effective_at=period.end, expires_at=last.end)
    return Move(EntryKind.ROLLOVER_IN, quantity, period.end, opens=terms)


@dataclass(frozen=True, slots=True)
class PeriodStatement:
    """What happened to a book in a period, in its unit.

    `consumed` and `reversed` are those of lots; `uncounted` is what an unlimited book was used for,
    and `overage` what no lot gave, each without what was taken back.
    """

    period: Period
    opening: int
    closing: int
    moved: Counter[EntryKind]
    uncounted: int
    overage: int

    def of(self, kind: EntryKind) -> int:
        """Return the sum of one kind of entry; an adjustment that takes away counts below zero."""
        return self.moved[kind]

    @property
    def is_balanced(self) -> bool:
        """Whether what came in is what went out and what is left (R-LED 2).

        opening + grant + purchase + gesture + rollover_in + adjust
        = consume - reverse + rollover_out + expire + closing.
        """
        came_in = sum(self.of(kind) for kind in CAME_IN)
        went_out = sum(self.of(kind) for kind in _WENT_OUT) - self.of(EntryKind.REVERSE)
        return self.opening + came_in == went_out + self.closing


CAME_IN = (
    EntryKind.GRANT,
    EntryKind.PURCHASE,
    EntryKind.GESTURE,
    EntryKind.ROLLOVER_IN,
    EntryKind.ADJUST,
)
_WENT_OUT = (EntryKind.CONSUME, EntryKind.ROLLOVER_OUT, EntryKind.EXPIRE)


def statement_of(entries: Iterable[Entry], period: Period, *, opening: int = 0) -> PeriodStatement:
    """Return what the entries of a book say of a period, by the period they are posted in.

    `opening` is what those came to that are not among them, all of an earlier period.
    """
    change = uncounted = overage = 0
    moved: Counter[EntryKind] = Counter()
    for entry in entries:
        if entry.period.start < period.start:
            opening += entry.left_change
        elif entry.period.start == period.start:
            change += entry.left_change
            if entry.lot is not None:
                moved[entry.kind] += entry.quantity
            elif entry.move.claim is not None:
                overage += _sign(entry) * entry.quantity
            elif entry.kind in {EntryKind.CONSUME, EntryKind.REVERSE}:
                uncounted += _sign(entry) * entry.quantity
    return PeriodStatement(period, opening, opening + change, moved, uncounted, overage)


def _sign(entry: Entry) -> int:
    return -1 if entry.kind is EntryKind.REVERSE else 1
