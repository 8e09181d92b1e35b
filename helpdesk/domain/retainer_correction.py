"""Putting right what was consumed: at its own date while its period is open, afterwards in today's.

A sent report is never rewritten. What a closed period got wrong is an entry of the open one that
names it, and the client reads it as a "Régularisation" (R-LED 10).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import SiteId
from helpdesk.domain.period import Period
from helpdesk.domain.retainer import Book, QuantityNotPositive, require_positive
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotSource, LotTerms, Move, Posting
from helpdesk.domain.retainer_terms import OverageClaim
from helpdesk.domain.retainer_use import Work, consumed

USES = frozenset({EntryKind.CONSUME, EntryKind.OVERAGE})
_TITLE = {Locale.FR: "Régularisation {period}", Locale.EN: "Correction of {period}"}


class NothingToReverse(HelpdeskError):
    """Only a consumption is taken back, and only once."""

    code: ClassVar[ErrorCode] = ErrorCode.ALREADY_REVERSED
    english: ClassVar[str] = (
        "{quantity} of entry {number} ({kind}) cannot be taken back: {remaining} are left of it."
    )
    french: ClassVar[str] = (
        "{quantity} de l'écriture {number} ({kind}) ne peuvent pas être annulés : il en reste"
        " {remaining}."
    )


def reverse(
    book: Book,
    posting: Posting,
    entry: Entry,
    quantity: int,
) -> tuple[Entry, ...]:
    """Return the entry that takes back a consumption, or a part of it.

    While its period is open, at its own date and to its own lot, which the close then ends if it
    has expired. Once its period is closed, as `correct` does. A ticket that turned out to be free
    of quota says so in `posting.cause`. Raises NothingToReverse, QuantityNotPositive,
    EntryInClosedPeriod and KeyReused.
    """
    request = posting.request("reverse", quantity, "of", entry.number)
    if (answered := book.answer(posting, request)) is not None:
        return answered
    require_positive(quantity)
    left = remaining(book, entry)
    if entry.kind not in USES or quantity > left:
        raise NothingToReverse(
            quantity=quantity, number=entry.number, kind=entry.kind, remaining=left
        )
    if is_closed(book, entry.period):
        posting = _correcting(book, posting, entry.period)
        return book.written([_given_back(book, posting, entry, quantity)], posting, request)
    move = _reversal(book, entry, quantity, entry.move.effective_at)
    return book.written([move], posting, request)


def correct(
    book: Book,
    posting: Posting,
    entries: Sequence[Entry],
    quantity: int,
    *,
    site_id: SiteId | None = None,
) -> tuple[Entry, ...]:
    """Return the entries that make a consumption come to another quantity; 0 takes it back.

    `entries` are all the entries of the consumption. While their period is open they are reversed
    and the right quantity is consumed at the original date. Once one is closed, the difference is
    posted at `posting.effective_at` in the open period, naming the closed one: more is consumed,
    or what was too much is given back, to its lot or, when that has expired, as a lot of the open
    period. Raises NothingToReverse, QuantityNotPositive below 0, EntryInClosedPeriod and KeyReused.
    Source: R-LED 10, case L16.
    """
    uses = [entry for entry in entries if entry.kind in USES]
    request = posting.request("correct to", quantity, *(entry.number for entry in uses))
    if (answered := book.answer(posting, request)) is not None:
        return answered
    if quantity < 0:
        raise QuantityNotPositive(path=("quantity",), quantity=quantity)
    if not uses:
        raise NothingToReverse(quantity=quantity, number="-", kind="-", remaining=0)
    closed = [use.period for use in uses if is_closed(book, use.period)]
    if closed:
        posting = _correcting(book, posting, closed[0])
        moves = list(_difference(book, posting, uses, quantity, site_id))
    else:
        moves = list(_replaced(book, posting, uses, quantity, site_id))
    return book.written(moves, posting, request)


def is_closed(book: Book, period: Period) -> bool:
    """Return whether a period was closed."""
    return period.end <= book.open_from


def correction_title(period: Period, zone: ZoneInfo, locale: Locale) -> str:
    """Return how the report names the correction of a closed period.

    >>> from datetime import UTC, datetime
    >>> from helpdesk.domain.period import PeriodRule
    >>> paris = ZoneInfo("Europe/Paris")
    >>> july = PeriodRule(paris).period_of(datetime(2026, 7, 6, tzinfo=UTC))
    >>> correction_title(july, paris, Locale.FR)
    'Régularisation juillet 2026'
    """
    return _TITLE[locale].format(period=period.named(zone, locale))


def remaining(book: Book, entry: Entry) -> int:
    """Return how much of a consumption was not taken back."""
    return entry.quantity - book.reversed.get(entry.number, 0)


def _correcting(book: Book, posting: Posting, period: Period) -> Posting:
    book.check_open(posting)
    return replace(posting, corrects=period)


def _replaced(
    book: Book, posting: Posting, uses: Sequence[Entry], quantity: int, site_id: SiteId | None
) -> Iterator[Move]:
    reversals = [
        _reversal(book, use, left, use.move.effective_at)
        for use in uses
        if (left := remaining(book, use))
    ]
    yield from reversals
    if quantity:
        given_back = book.after(book.written(reversals, posting, ""))
        yield from consumed(given_back, Work(quantity, site_id), uses[0].move.effective_at)


def _difference(
    book: Book, posting: Posting, uses: Sequence[Entry], quantity: int, site_id: SiteId | None
) -> Iterator[Move]:
    more = quantity - sum(remaining(book, use) for use in uses)
    if more > 0:
        yield from consumed(book, Work(more, site_id), posting.effective_at)
    too_much = max(0, -more)
    # What was over the allowance was taken last, so it is given back first.
    for use in reversed(uses):
        given_back = min(too_much, remaining(book, use))
        if given_back:
            yield _given_back(book, posting, use, given_back)
        too_much -= given_back


def _given_back(book: Book, posting: Posting, entry: Entry, quantity: int) -> Move:
    """Return what a closed period took too much of, as something the client can still use."""
    move = _reversal(book, entry, quantity, posting.effective_at)
    if entry.lot is None or not book.lots[entry.lot].is_expired(posting.at):
        return move
    end = book.terms.periods.period_of(posting.effective_at).end
    # Carried over from the closed period: drawn before the plan, and never carried again.
    terms = LotTerms(LotSource.ROLLOVER, posting.effective_at, end)
    return replace(move, lot=None, opens=terms)


def _reversal(book: Book, entry: Entry, quantity: int, at: datetime) -> Move:
    return Move(
        EntryKind.REVERSE,
        quantity,
        at,
        lot=entry.lot,
        reverses=entry.number,
        claim=_claim_taken_back(book, entry, quantity),
    )


def _claim_taken_back(book: Book, entry: Entry, quantity: int) -> OverageClaim | None:
    """Return the claim that is given up: parts taken back one by one add up to the whole."""
    claim = entry.move.claim
    if claim is None or claim.amount is None:
        return claim
    left = remaining(book, entry)
    before = claim.amount.share(left, entry.quantity)
    after = claim.amount.share(left - quantity, entry.quantity)
    return OverageClaim(claim.status, after + -before)
