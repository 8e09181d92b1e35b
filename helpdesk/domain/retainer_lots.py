"""What fills a book: allowances, packs, gestures, adjustments; and what ends or prolongs a lot.

Every verb returns the entries to append, or those of the first time when its key comes again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.period import Period, days_later
from helpdesk.domain.retainer import Book, Lot, require_positive
from helpdesk.domain.retainer_entry import (
    OPENING_KINDS,
    Entry,
    EntryKind,
    LotNumber,
    LotSource,
    LotTerms,
    Move,
    Posting,
)
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.domain.suspension import Suspension


class AdjustmentWithoutReason(HelpdeskError):
    """Who changes a balance by hand says why: the client reads it in the report."""

    code: ClassVar[ErrorCode] = ErrorCode.REASON_REQUIRED
    english: ClassVar[str] = "An adjustment needs a reason: the client reads it in the report."
    french: ClassVar[str] = (
        "Un ajustement demande un motif : le client le lit dans le compte rendu."
    )


class LotUnknown(HelpdeskError):
    """Only a lot of the book can be adjusted."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = "There is no lot {lot} in this book."
    french: ClassVar[str] = "Il n'y a pas de lot {lot} dans ce livre."


class LotExpired(HelpdeskError):
    """Nobody can use what is added to a lot that has expired, and nothing is left to take."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "Lot {lot} expired at {expires_at}: offer a gesture instead of adjusting it."
    )
    french: ClassVar[str] = (
        "Le lot {lot} a expiré à {expires_at} : faites un geste plutôt que de l'ajuster."
    )


def open_lot(book: Book, posting: Posting, quantity: int, terms: LotTerms) -> tuple[Entry, ...]:
    """Return the entry that grants, sells, offers or carries over a quantity, by its source.

    The lot counts from its own `effective_at`; one that began in a closed period is posted in the
    open one. Raises QuantityNotPositive, EntryInClosedPeriod and
    KeyReused. Source: R-LED 1 and 2.
    """
    kind = OPENING_KINDS[terms.source]
    request = posting.request(kind, quantity, "from", terms.effective_at, "to", terms.expires_at)
    if (answered := book.answer(posting, request)) is not None:
        return answered
    require_positive(quantity)
    book.check_open(posting)
    move = Move(kind, quantity, terms.effective_at, opens=terms)
    return book.written([move], posting, request)


def grants_due(
    book: Book, periods: Iterable[Period], suspensions: Iterable[Suspension]
) -> Iterator[Period]:
    """Return the periods that get their allowance: not those that begin in a suspension.

    Source: R-LIFE 5.
    """
    zone, pauses = book.terms.periods.zone, tuple(suspensions)
    for period in periods:
        first = period.start.astimezone(zone).date()
        if not any(first in pause for pause in pauses):
            yield period


def adjust(
    book: Book, posting: Posting, lot: LotNumber, quantity: int, *, approved_by: Actor
) -> tuple[Entry, ...]:
    """Return the entry that adds to a lot, or takes from it, with a reason and an approval.

    Never more than is free of it is taken. Raises AdjustmentWithoutReason, LotUnknown,
    LotExpired, QuantityNotPositive for 0, InsufficientAllowance, EntryInClosedPeriod and KeyReused.
    """
    request = posting.request("adjust", quantity, "of", lot)
    if (answered := book.answer(posting, request)) is not None:
        return answered
    if not posting.reason.strip():
        raise AdjustmentWithoutReason(path=("reason",))
    require_positive(abs(quantity))
    book.check_open(posting)
    found = book.lots.get(lot)
    if found is None:
        raise LotUnknown(path=("lot",), lot=lot)
    if found.is_expired(posting.effective_at):
        raise LotExpired(path=("lot",), lot=lot, expires_at=found.terms.expires_at)
    if found.free + quantity < 0:
        raise InsufficientAllowance(quantity=-quantity, unit=book.terms.unit, available=found.free)
    at = max(posting.effective_at, found.terms.effective_at)
    move = Move(EntryKind.ADJUST, quantity, at, lot=lot, approved_by=approved_by)
    return book.written([move], posting, request)


def expire_lots(
    book: Book,
    posting: Posting,
    *,
    by: datetime | None = None,
    suspended_since: datetime | None = None,
) -> tuple[Entry, ...]:
    """Return the entries that end what is free of the lots that have expired by an instant.

    By `posting.at` unless another one is given. What is held stays with its lot until the ticket
    is finished. A pack that would expire in a
    suspension that still lasts waits for its end, which prolongs it. Source: R-LED 4, R-LIFE 5.
    """
    request = posting.request("expire")
    if (answered := book.answer(posting, request)) is not None:
        return answered
    by = posting.at if by is None else by
    moves = [
        expiry(lot, by) for lot in ended_lots(book, by, suspended_since=suspended_since) if lot.free
    ]
    return book.written(moves, posting, request)


def extend_lots(book: Book, posting: Posting, suspension: Suspension) -> tuple[Entry, ...]:
    """Return the entries that prolong the purchased lots by the days that a suspension took.

    Only packs, which were paid for in advance; one bought meanwhile gets the days that followed.
    What had expired before stays expired. Source: R-LIFE 5, case L21.
    """
    request = posting.request("extend", suspension.first, suspension.end)
    if (answered := book.answer(posting, request)) is not None:
        return answered
    zone = book.terms.periods.zone
    moves = []
    for lot in book.lots.values():
        expires_at = lot.terms.expires_at
        days = suspension.days_since(lot.terms.effective_at.astimezone(zone).date())
        if lot.terms.source is not LotSource.PURCHASE or expires_at is None or not days:
            continue
        if expires_at.astimezone(zone).date() < suspension.first:
            continue
        later = days_later(expires_at, days, zone)
        at = max(posting.effective_at, lot.terms.effective_at)
        moves.append(Move(EntryKind.EXTEND, 0, at, lot=lot.number, expires_at=later))
    return book.written(moves, posting, request)


def ended_lots(
    book: Book, at: datetime, *, suspended_since: datetime | None = None
) -> tuple[Lot, ...]:
    """Return the lots that have expired by an instant, but for packs that a suspension prolongs."""
    return tuple(
        lot for lot in book.lots.values() if lot.is_expired(at) and not _waits(lot, suspended_since)
    )


def expiry(lot: Lot, by: datetime, *, kept: int = 0) -> Move:
    """Return the move that ends what is free of a lot expired by an instant, but for some of it."""
    at = lot.terms.expires_at or by
    return Move(EntryKind.EXPIRE, lot.free - kept, at, lot=lot.number)


def _waits(lot: Lot, suspended_since: datetime | None) -> bool:
    if lot.terms.source is not LotSource.PURCHASE or suspended_since is None:
        return False
    return not lot.is_expired(suspended_since)
