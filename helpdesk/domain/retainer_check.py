"""What must be true of a book whatever happened to it: the invariants, by name.

A violation is no refusal but a defect, or a row that somebody changed by hand. They are checked
from the entries alone, so that a kept balance can be proved.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum

from helpdesk.domain.period import Period
from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_close import statement_of
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotNumber


class Invariant(StrEnum):
    """What must be true (R-LED 2)."""

    NUMBERED_WITHOUT_A_HOLE = "NUMBERED_WITHOUT_A_HOLE"
    HELD_WITHIN_LEFT = "HELD_WITHIN_LEFT"
    MOVES_MAKE_LOTS = "MOVES_MAKE_LOTS"
    HOLDS_MAKE_HELD = "HOLDS_MAKE_HELD"
    PERIODS_CLOSE = "PERIODS_CLOSE"


def violations(book: Book, entries: Sequence[Entry]) -> tuple[Invariant, ...]:
    """Return which invariants the kept book and all of its entries break together; none is right.

    The book may be the kept rows, loaded in full. Source: R-LED 2.
    """
    return tuple(dict.fromkeys(_violations(book, entries)))


def _violations(book: Book, entries: Sequence[Entry]) -> Iterator[Invariant]:
    if [entry.number for entry in entries] != list(range(1, book.last_number + 1)):
        yield Invariant.NUMBERED_WITHOUT_A_HOLE
    left: Counter[LotNumber] = Counter()
    held: Counter[LotNumber] = Counter()
    for entry in entries:
        if entry.lot is not None:
            left[entry.lot] += entry.left_change
            held[entry.lot] += entry.held_change
            if not 0 <= held[entry.lot] <= left[entry.lot]:
                yield Invariant.HELD_WITHIN_LEFT
    kept = {number: (lot.left, lot.held) for number, lot in book.lots.items()}
    if kept != {number: (left[number], held[number]) for number in left}:
        yield Invariant.MOVES_MAKE_LOTS
    if _open_holds(entries) != {one.number: one.quantity for one in book.holds.values()}:
        yield Invariant.HOLDS_MAKE_HELD
    if not all(_closes(entries, period) for period in _periods(entries)):
        yield Invariant.PERIODS_CLOSE


def _open_holds(entries: Sequence[Entry]) -> dict[int, int]:
    open_holds: dict[int, int] = defaultdict(int)
    for entry in entries:
        if entry.kind is EntryKind.HOLD:
            open_holds[entry.number] += entry.quantity
        elif entry.move.hold is not None:
            open_holds[entry.move.hold] -= entry.quantity
    return {number: quantity for number, quantity in open_holds.items() if quantity}


def _periods(entries: Sequence[Entry]) -> tuple[Period, ...]:
    return tuple(sorted({entry.period for entry in entries}))


def _closes(entries: Sequence[Entry], period: Period) -> bool:
    """Return whether a period closes, and what its lots are left with is what it says."""
    statement = statement_of(entries, period)
    return statement.is_balanced and statement.closing >= 0
