"""What comes of itself in a book: when something ends next, and what the end of a contract ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from helpdesk.domain.retainer import Book, Lot
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotSource, Move, Posting
from helpdesk.domain.retainer_lots import ended_lots

_A_MOMENT = timedelta(seconds=1)


def next_turn(book: Book, *, suspended_since: datetime | None = None) -> datetime:
    """Return when the open period ends, or sooner the first lot that still has something free.

    A pack that a suspension prolongs ends nothing. The instant may be past, when nobody looked.
    """
    end = book.open_period.end
    ended = ended_lots(book, end, suspended_since=suspended_since)
    return min([end, *(lot.terms.expires_at or end for lot in ended if lot.free)])


def end_lots(
    book: Book, posting: Posting, at: datetime, *, refunds_packs: bool
) -> tuple[Entry, ...]:
    """Return the entries that end every lot with its contract, at an instant.

    What is free of a pack is taken out as refunded where the contract refunds it; all else that is
    free expires. What is held stays with its lot, which expires at that instant: a ticket that is
    finished later consumes it, and what it gives back expires at once. Source: R-LIFE 6, R-LED 4.
    """
    request = posting.request("end", at.isoformat())
    if (answered := book.answer(posting, request)) is not None:
        return answered
    moves = [
        move
        for lot in book.lots.values()
        for move in _ended(lot, posting, at, refunds_packs=refunds_packs)
    ]
    return book.written(moves, posting, request)


def _ended(lot: Lot, posting: Posting, at: datetime, *, refunds_packs: bool) -> Iterator[Move]:
    has_begun = lot.terms.effective_at < at
    # What was granted for later ends as it begins, in its own period.
    on = at if has_begun else lot.terms.effective_at + _A_MOMENT
    if lot.free and refunds_packs and lot.terms.source is LotSource.PURCHASE:
        yield Move(EntryKind.ADJUST, -lot.free, on, lot=lot.number, approved_by=posting.actor)
    elif lot.free:
        yield Move(EntryKind.EXPIRE, lot.free, on, lot=lot.number)
    if lot.held and not lot.is_expired(on):
        yield Move(EntryKind.EXTEND, 0, on, lot=lot.number, expires_at=on)
