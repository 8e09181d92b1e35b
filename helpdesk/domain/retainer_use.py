"""Using a forfait: holding for a ticket, consuming, giving back what was held.

Every verb returns the entries to append, one per lot it touches, or those of the first time when
its key comes again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.retainer import Book, Draw, Held, require_positive
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotNumber, Move, Posting


class InsufficientAllowance(HelpdeskError):
    """Where the contract does not bill what is over the forfait, new work waits for the client."""

    code: ClassVar[ErrorCode] = ErrorCode.INSUFFICIENT_ALLOWANCE
    english: ClassVar[str] = (
        "{quantity} of {unit} were asked for and {available} are available: sell a pack, offer a"
        " gesture, or confirm the request as a quote."
    )
    french: ClassVar[str] = (
        "Il faudrait {quantity} en {unit}, et le disponible est de {available} : vendez un pack,"
        " faites un geste ou confirmez la demande sur devis."
    )


class ReleaseOfWhatIsNotHeld(HelpdeskError):
    """A hold ends once: as a consumption or as a release."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_HELD
    english: ClassVar[str] = "{quantity} of {source} are not held: its holds come to {held}."
    french: ClassVar[str] = (
        "{quantity} de {source} ne sont pas réservés : ses réserves s'élèvent à {held}."
    )


@dataclass(frozen=True, slots=True)
class Work:
    """How much work, on which site; None where no site was named. Raises QuantityNotPositive.

    A P0 is never held up by a quota (R-P0), so `is_p0` lifts the overage policy of a hold.
    """

    quantity: int
    site_id: SiteId | None = None
    is_p0: bool = False

    def __post_init__(self) -> None:
        """Refuse no work."""
        require_positive(self.quantity)


def hold(book: Book, posting: Posting, work: Work) -> tuple[Entry, ...]:
    """Return the entries that reserve the allowance for a ticket whose coverage is confirmed.

    All or nothing: where the contract does not bill the excess, too little refuses with
    InsufficientAllowance. Where it does, and for a P0, the missing part is held over the allowance.
    Raises EntryInClosedPeriod and KeyReused. Source: R-LED 4 and 6.
    """
    at = posting.effective_at
    request = posting.request("hold", work.quantity, "at", at.isoformat())
    if (answered := book.answer(posting, request)) is not None:
        return answered
    book.check_open(posting)
    draws = _draws(book, work, at)
    missing = work.quantity - _total(draws)
    moves = [Move(EntryKind.HOLD, draw.quantity, at, draw.lot) for draw in draws]
    if missing:
        if book.terms.overage.stops_holds and not (work.is_p0 or book.terms.is_unlimited):
            raise InsufficientAllowance(
                quantity=work.quantity, unit=book.terms.unit, available=_total(draws)
            )
        moves.append(Move(EntryKind.HOLD, missing, at))
    return book.written(moves, posting, request)


def hold_lot(book: Book, posting: Posting, lot: LotNumber, quantity: int) -> tuple[Entry, ...]:
    """Return the entry that reserves a part of one lot, for work that was sold with it.

    Raises LotOverdrawn, QuantityNotPositive, EntryInClosedPeriod and KeyReused.
    """
    request = posting.request("hold", quantity, "of lot", lot)
    if (answered := book.answer(posting, request)) is not None:
        return answered
    book.check_open(posting)
    require_positive(quantity)
    move = Move(EntryKind.HOLD, quantity, posting.effective_at, lot)
    entries = book.written([move], posting, request)
    book.after(entries)  # refuses more than is free of it
    return entries


def consume(
    book: Book, posting: Posting, work: Work, *, held: Sequence[Held] = ()
) -> tuple[Entry, ...]:
    """Return the entries of work that was done, drawn on what is `held` for it first.

    It is always recorded: what no lot gives becomes an overage, and the policy of the contract
    only decides who pays for it. What is held over the allowance is drawn anew. Raises
    EntryInClosedPeriod and KeyReused. Source: R-LED 3, 4 and 6.
    """
    request = posting.request("consume", work.quantity, "at", posting.effective_at.isoformat())
    if (answered := book.answer(posting, request)) is not None:
        return answered
    book.check_open(posting)
    moves: list[Move] = []
    missing = to_end = work.quantity
    for one in held:
        part = min(one.quantity, to_end)
        to_end -= part
        if one.lot is not None or _is_counted_only(book):
            moves += _taken(one, part, posting)
            missing -= part
        elif part:
            moves += _released(book, one, part, posting)
    if missing:
        after = book.after(book.written(moves, posting, request))
        moves += consumed(after, Work(missing, work.site_id), posting.effective_at)
    return book.written(moves, posting, request)


def settle(book: Book, posting: Posting, work: Work) -> tuple[Entry, ...]:
    """Return the entries that end the holds of a finished ticket: it took as much as it took.

    What was held is consumed first, as of the opening of the ticket: that is the period whose
    allowance it uses. More than was held is consumed as work without a hold, less is released.
    Raises ReleaseOfWhatIsNotHeld without any hold, and KeyReused. Source: R-LED 4.
    """
    request = posting.request("settle", work.quantity)
    if (answered := book.answer(posting, request)) is not None:
        return answered
    held = book.held_for(posting.source)
    if not held:
        raise ReleaseOfWhatIsNotHeld(quantity=work.quantity, source=posting.source, held=0)
    moves: list[Move] = []
    missing = work.quantity
    for one in held:
        taken = min(one.quantity, missing) if one.lot is not None or _is_counted_only(book) else 0
        moves += _ended(book, one, taken, posting)
        missing -= taken
    if missing:
        entries = book.written(moves, posting, request)
        rest = Work(missing, work.site_id)
        moves += consumed(book.after(entries), rest, held[0].effective_at)
    return book.written(moves, posting, request)


def release(book: Book, posting: Posting, quantity: int | None = None) -> tuple[Entry, ...]:
    """Return the entries that give back what a source holds, all of it unless a quantity is given.

    The last lot drawn is given back first. What comes back to a lot that has expired expires at
    once. Why a ticket is free of quota stands in `posting.cause`. Raises ReleaseOfWhatIsNotHeld,
    QuantityNotPositive and KeyReused. Source: R-LED 4 and 5.
    """
    request = posting.request("release", "all" if quantity is None else quantity)
    if (answered := book.answer(posting, request)) is not None:
        return answered
    held = book.held_for(posting.source)
    total = sum(one.quantity for one in held)
    asked = total if quantity is None else quantity
    if quantity is not None:
        require_positive(quantity)
    if not held or asked > total:
        raise ReleaseOfWhatIsNotHeld(quantity=asked, source=posting.source, held=total)
    moves: list[Move] = []
    for one in reversed(held):
        given_back = min(one.quantity, asked)
        if given_back:
            moves += _released(book, one, given_back, posting)
        asked -= given_back
    return book.written(moves, posting, request)


def consumed(book: Book, work: Work, at: datetime) -> list[Move]:
    """Return the moves of work done at an instant: one per lot, then the overage."""
    draws = _draws(book, work, at)
    moves = [Move(EntryKind.CONSUME, draw.quantity, at, draw.lot) for draw in draws]
    missing = work.quantity - _total(draws)
    if missing and _is_counted_only(book):
        moves.append(Move(EntryKind.CONSUME, missing, at))
    elif missing:
        claim = book.terms.overage.claim(missing, book.terms.unit)
        moves.append(Move(EntryKind.OVERAGE, missing, at, claim=claim))
    return moves


def _is_counted_only(book: Book) -> bool:
    return book.terms.is_unlimited


def _draws(book: Book, work: Work, at: datetime) -> tuple[Draw, ...]:
    if _is_counted_only(book):
        return ()
    return book.draws(work.quantity, at, site_id=work.site_id)


def _total(draws: Sequence[Draw]) -> int:
    return sum(draw.quantity for draw in draws)


def _taken(held: Held, quantity: int, posting: Posting) -> Iterator[Move]:
    if quantity:
        at = posting.effective_at
        yield Move(EntryKind.CONSUME, quantity, at, lot=held.lot, hold=held.number)


def _ended(book: Book, held: Held, taken: int, posting: Posting) -> Iterator[Move]:
    if taken:
        yield Move(EntryKind.CONSUME, taken, held.effective_at, lot=held.lot, hold=held.number)
    if held.quantity > taken:
        yield from _released(book, held, held.quantity - taken, posting)


def _released(book: Book, held: Held, quantity: int, posting: Posting) -> Iterator[Move]:
    at = posting.effective_at
    yield Move(EntryKind.RELEASE, quantity, at, lot=held.lot, hold=held.number)
    if held.lot is not None and book.lots[held.lot].is_expired(posting.at):
        yield Move(EntryKind.EXPIRE, quantity, at, lot=held.lot)
