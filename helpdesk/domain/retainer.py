"""The book of a forfait: its lots, what is held of them, and the balance that follows.

A book belongs to one contract and counts one unit. Its truth is the list of its **entries**
(`retainer_entry.py`): numbered from 1 without a hole, only ever added to. A book is what a list of
entries comes to, and so is every balance. The verbs of the files beside this one are functions: a
book and a request give the entries to append, or a refusal, and change nothing.

How it is kept. Beside the entries stand rows that are a cache of them, rewritten in the transaction
that appends:

- the **book**: `last_number`, and `open_from`, the end of the last closed period;
- a **lot** for each entry that opened one: `left`, `held`, `expires_at`, `version`.

A balance is one indexed query: the sum of `left - held` over the lots of a book that are effective,
not expired and not empty. Two requests at once never spend the same unit: whoever appends updates
each lot it touched *where its version is still the one that was read*, and the next entry number
of a book can be taken once. The loser of either reads again and decides again; what is left then
may be too little, which is what he is told. `Book` may be loaded in part: a verb looks at the lots
that are not empty, those of the entries it names, the open holds of its source, the
entries of its key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar, Self

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.period import Period
from helpdesk.domain.retainer_entry import (
    Entry,
    EntryKind,
    EntryNumber,
    LotNumber,
    LotSource,
    LotTerms,
    Move,
    Posting,
)
from helpdesk.domain.retainer_terms import RetainerTerms

_DRAW_ORDER = {source: place for place, source in enumerate(LotSource)}
_THE_MOMENT_BEFORE = timedelta(microseconds=1)
# These happen as a period ends, so they belong to it and not to the one that begins.
_AT_THE_END = frozenset({EntryKind.EXPIRE, EntryKind.ROLLOVER_OUT})


class QuantityNotPositive(HelpdeskError):
    """A movement moves something, and its kind says in which direction."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A quantity of {quantity} moves nothing: give a positive whole number."
    french: ClassVar[str] = (
        "Une quantité de {quantity} ne déplace rien : donnez un nombre entier positif."
    )


class EntryInClosedPeriod(HelpdeskError):
    """The report of a closed period was sent; what it says is put right in the open one."""

    code: ClassVar[ErrorCode] = ErrorCode.PERIOD_CLOSED
    english: ClassVar[str] = (
        "{effective_at} lies in a closed period: everything before {open_from} was reported. Write"
        " it in the open period as a correction of that one."
    )
    french: ClassVar[str] = (
        "{effective_at} est dans une période close : tout ce qui précède {open_from} a été rendu."
        " Passez une régularisation dans la période ouverte."
    )


class CorrectedPeriodOpen(HelpdeskError):
    """What is still open is corrected at its own date, so that its report is right at once."""

    code: ClassVar[ErrorCode] = ErrorCode.PERIOD_OPEN
    english: ClassVar[str] = (
        "The period from {start} is not closed: write the entry at its own date instead."
    )
    french: ClassVar[str] = (
        "La période du {start} n'est pas close : passez l'écriture à sa propre date."
    )


class KeyReused(HelpdeskError):
    """The same key means the same request; another one under it would be lost in silence."""

    code: ClassVar[ErrorCode] = ErrorCode.IDEMPOTENCY_KEY_REUSED
    english: ClassVar[str] = (
        "The key {key} was used for “{before}”, not for “{now}”: take a new key."
    )
    french: ClassVar[str] = (
        "La clé {key} a servi à « {before} », non à « {now} » : prenez une nouvelle clé."
    )


class LotOverdrawn(HelpdeskError):
    """Of a lot, no more can be held than is left, and no more taken than is free."""

    code: ClassVar[ErrorCode] = ErrorCode.INSUFFICIENT_ALLOWANCE
    english: ClassVar[str] = (
        "Lot {lot} would have {left} left and {held} held: take no more than is free of it."
    )
    french: ClassVar[str] = (
        "Le lot {lot} aurait un reste de {left} et une réserve de {held} : n'en prenez pas plus"
        " que le disponible."
    )


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of a quantity that was granted, bought, offered or carried over.

    `held` is the part of `left` that open tickets reserve; always 0 <= held <= left. `version`
    counts the entries that moved it. Raises LotOverdrawn.
    """

    number: LotNumber
    terms: LotTerms
    quantity: int
    left: int
    held: int = 0
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not 0 <= self.held <= self.left:
            raise LotOverdrawn(lot=self.number, left=self.left, held=self.held)

    @property
    def free(self) -> int:
        """What can still be held or consumed."""
        return self.left - self.held

    def is_expired(self, at: datetime) -> bool:
        """Return whether it can no longer be drawn from at an instant."""
        return self.terms.expires_at is not None and self.terms.expires_at <= at

    def is_usable(self, at: datetime, site_id: SiteId | None) -> bool:
        """Return whether work at an instant, on a site, may draw from it.

        Work that names no site draws only from lots for every site.
        """
        if self.terms.effective_at > at or self.is_expired(at):
            return False
        return not self.terms.scope or site_id in self.terms.scope

    def moved(self, entry: Entry) -> "Lot":
        """Return the lot after an entry. Raises LotOverdrawn."""
        terms = self.terms
        if entry.kind is EntryKind.EXTEND:
            terms = replace(terms, expires_at=entry.move.expires_at)
        return Lot(
            self.number,
            terms,
            self.quantity,
            self.left + entry.left_change,
            self.held + entry.held_change,
            self.version + 1,
        )


@dataclass(frozen=True, slots=True)
class Held:
    """An open hold: for which source, of which lot (None: over the allowance), since when."""

    number: EntryNumber
    source: str
    lot: LotNumber | None
    quantity: int
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class Draw:
    """What is to be taken from one lot."""

    lot: LotNumber
    quantity: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What a book shows at an instant: free for new work, and reserved by open tickets."""

    available: int
    held: int


@dataclass(frozen=True, slots=True)
class Book:
    """What the entries of a contract's unit come to. `open_from` (UTC) ends what is closed."""

    terms: RetainerTerms
    open_from: datetime
    lots: Mapping[LotNumber, Lot] = field(default_factory=dict)
    holds: Mapping[EntryNumber, Held] = field(default_factory=dict)
    answers: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    reversed: Mapping[EntryNumber, int] = field(default_factory=dict)
    last_number: int = 0

    @classmethod
    def opened(cls, terms: RetainerTerms, at: datetime) -> Self:
        """Return an empty book whose first period is the one an instant lies in."""
        return cls(terms, terms.periods.period_of(at).start)

    @classmethod
    def replayed(cls, terms: RetainerTerms, open_from: datetime, entries: Iterable[Entry]) -> Self:
        """Return what entries come to, in the order of their numbers."""
        return cls(terms, open_from).after(entries)

    @property
    def open_period(self) -> Period:
        """The first period that is not closed."""
        return self.terms.periods.period_of(self.open_from)

    def balance(self, at: datetime, *, site_id: SiteId | None = None) -> Balance:
        """Return what is available and held at an instant; 0 available in an unlimited book."""
        usable = (lot.free for lot in self.lots.values() if lot.is_usable(at, site_id))
        return Balance(sum(usable), sum(held.quantity for held in self.holds.values()))

    def after(self, entries: Iterable[Entry]) -> Self:
        """Return the book with entries appended. Raises LotOverdrawn."""
        lots, holds, answers = dict(self.lots), dict(self.holds), dict(self.answers)
        reversed_ = dict(self.reversed)
        number = self.last_number
        for entry in entries:
            number = entry.number
            _move_lot(lots, entry)
            _move_hold(holds, entry)
            if entry.move.reverses is not None:
                taken_back = reversed_.get(entry.move.reverses, 0)
                reversed_[entry.move.reverses] = taken_back + entry.quantity
            answers[entry.posting.key] = (*answers.get(entry.posting.key, ()), entry)
        return replace(
            self,
            lots=MappingProxyType(lots),
            holds=MappingProxyType(holds),
            answers=MappingProxyType(answers),
            reversed=MappingProxyType(reversed_),
            last_number=number,
        )

    def closed_until(self, end: datetime) -> Self:
        """Return the book in which everything before an instant is closed."""
        return replace(self, open_from=end)

    # What the verbs are made of.

    def answer(self, posting: Posting, request: str) -> tuple[Entry, ...] | None:
        """Return what was answered to a key before; None when it is new. Raises KeyReused."""
        before = self.answers.get(posting.key)
        if before is not None and before[0].request != request:
            raise KeyReused(key=posting.key, before=before[0].request, now=request)
        return before

    def check_open(self, posting: Posting) -> None:
        """Refuse what counts in a closed period, and a correction of one that is open.

        Raises EntryInClosedPeriod and CorrectedPeriodOpen.
        """
        if posting.effective_at < self.open_from:
            raise EntryInClosedPeriod(
                effective_at=posting.effective_at.isoformat(), open_from=self.open_from.isoformat()
            )
        if posting.corrects is not None and posting.corrects.end > self.open_from:
            raise CorrectedPeriodOpen(start=posting.corrects.start.isoformat())

    def draws(
        self, quantity: int, at: datetime, *, site_id: SiteId | None = None
    ) -> tuple[Draw, ...]:
        """Return from which lots a quantity comes, as far as they go, in the order of R-LED 3.

        By priority, then the soonest expiry, then gesture before rollover before plan before
        purchase, then the earliest lot. What is missing comes from none.
        """
        usable = [lot for lot in self.lots.values() if lot.free and lot.is_usable(at, site_id)]
        drawn = []
        for lot in sorted(usable, key=_draw_order):
            taken = min(lot.free, quantity)
            if taken:
                drawn.append(Draw(lot.number, taken))
            quantity -= taken
        return tuple(drawn)

    def held_for(self, source: str) -> tuple[Held, ...]:
        """Return the open holds of a source, the first first."""
        return tuple(held for held in self.holds.values() if held.source == source)

    def written(self, moves: Sequence[Move], posting: Posting, request: str) -> tuple[Entry, ...]:
        """Return moves as entries: numbered, and posted in the period in which they count.

        What counts in a closed period is posted in the open one.
        """
        return tuple(
            Entry(EntryNumber(number), move, self._period_of(move), posting, request)
            for number, move in enumerate(moves, start=self.last_number + 1)
        )

    def _period_of(self, move: Move) -> Period:
        at = move.effective_at
        if move.kind in _AT_THE_END:
            at -= _THE_MOMENT_BEFORE
        return self.terms.periods.period_of(max(at, self.open_from))


def balance_of(
    terms: RetainerTerms, entries: Iterable[Entry], at: datetime, *, site_id: SiteId | None = None
) -> Balance:
    """Return the balance that entries come to at an instant."""
    return Book.replayed(terms, at, entries).balance(at, site_id=site_id)


def require_positive(quantity: int) -> None:
    """Refuse a quantity that moves nothing. Raises QuantityNotPositive."""
    if quantity <= 0:
        raise QuantityNotPositive(path=("quantity",), quantity=quantity)


def _draw_order(lot: Lot) -> tuple[object, ...]:
    expires_at, effective_at = lot.terms.expires_at, lot.terms.effective_at
    return (
        lot.terms.priority,
        expires_at is None,
        expires_at or effective_at,
        _DRAW_ORDER[lot.terms.source],
        effective_at,
        lot.number,
    )


def _move_lot(lots: dict[LotNumber, Lot], entry: Entry) -> None:
    opens, lot = entry.move.opens, entry.lot
    if opens is not None:
        number = LotNumber(entry.number)
        lots[number] = Lot(number, opens, entry.quantity, entry.quantity)
    elif lot is not None:
        lots[lot] = lots[lot].moved(entry)


def _move_hold(holds: dict[EntryNumber, Held], entry: Entry) -> None:
    ended = entry.move.hold
    if entry.kind is EntryKind.HOLD:
        holds[entry.number] = Held(
            entry.number,
            entry.posting.source,
            entry.lot,
            entry.quantity,
            entry.move.effective_at,
        )
    elif ended is not None:
        left = holds[ended].quantity - entry.quantity
        if left:
            holds[ended] = replace(holds[ended], quantity=left)
        else:
            del holds[ended]
