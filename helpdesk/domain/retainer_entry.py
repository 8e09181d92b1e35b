"""The entries of a book: what moved, from which lot, who wrote it and why; never changed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, NewType

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.period import Period
from helpdesk.domain.retainer_terms import FreeCause, OverageClaim

EntryNumber = NewType("EntryNumber", int)
"""The place of an entry in its book, from 1 on, without a hole."""
LotNumber = NewType("LotNumber", int)
"""The number of the entry that opened the lot."""


class LotSource(StrEnum):
    """Where a lot comes from, in the order in which lots are drawn down (R-LED 3)."""

    GESTURE = "gesture"
    ROLLOVER = "rollover"
    PLAN = "plan"
    PURCHASE = "purchase"


class EntryKind(StrEnum):
    """What an entry does to its lot (R-LED 2); EXTEND moves the expiry of a lot and no quantity."""

    GRANT = "grant"
    PURCHASE = "purchase"
    GESTURE = "gesture"
    HOLD = "hold"
    RELEASE = "release"
    CONSUME = "consume"
    REVERSE = "reverse"
    ROLLOVER_OUT = "rollover_out"
    ROLLOVER_IN = "rollover_in"
    EXPIRE = "expire"
    ADJUST = "adjust"
    EXTEND = "extend"
    OVERAGE = "overage"


LEFT_CHANGES: Mapping[EntryKind, int] = MappingProxyType(
    {
        EntryKind.GRANT: 1,
        EntryKind.PURCHASE: 1,
        EntryKind.GESTURE: 1,
        EntryKind.ROLLOVER_IN: 1,
        EntryKind.ADJUST: 1,
        EntryKind.REVERSE: 1,
        EntryKind.CONSUME: -1,
        EntryKind.ROLLOVER_OUT: -1,
        EntryKind.EXPIRE: -1,
    }
)
"""Whether a kind adds to what is left of its lot, or takes from it; the others do neither."""

OPENING_KINDS: Mapping[LotSource, EntryKind] = MappingProxyType(
    {
        LotSource.PLAN: EntryKind.GRANT,
        LotSource.PURCHASE: EntryKind.PURCHASE,
        LotSource.GESTURE: EntryKind.GESTURE,
        LotSource.ROLLOVER: EntryKind.ROLLOVER_IN,
    }
)
"""The kind of entry that opens a lot of each source."""


class LotNeverUsable(HelpdeskError):
    """A lot can be used for a while before it expires."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "A lot that begins at {effective_at} cannot expire at {expires_at}: give a later expiry."
    )
    french: ClassVar[str] = (
        "Un lot qui commence à {effective_at} ne peut pas expirer à {expires_at} : donnez une"
        " expiration plus tardive."
    )


@dataclass(frozen=True, slots=True)
class LotTerms:
    """What a lot is: where it comes from, when and for what it can be used.

    Usable from `effective_at` (UTC) up to, but without, `expires_at`; None never expires. `scope`
    names the sites that may draw from it, empty means every site of the contract. A smaller
    `priority` is drawn first. Raises LotNeverUsable.
    """

    source: LotSource
    effective_at: datetime
    expires_at: datetime | None = None
    scope: frozenset[SiteId] = frozenset()
    priority: int = 0

    def __post_init__(self) -> None:
        """Refuse a lot that expires before it begins."""
        if self.expires_at is not None and self.expires_at <= self.effective_at:
            raise LotNeverUsable(effective_at=self.effective_at, expires_at=self.expires_at)


@dataclass(frozen=True, slots=True)
class Posting:
    """Who asks for a movement, and what of: what all entries of one request have in common.

    `at` is when it is written, `effective_at` when it counts: the opening of the ticket, the day
    of the work. `source` refers to what is behind it, such as `ticket:42`. A request that comes
    again with its `key` is answered with the entries it made. `corrects` names the closed period
    that is put right in the open one (R-LED 10). `cause` says why the ticket is free of quota.
    """

    actor: Actor
    at: datetime
    effective_at: datetime
    reason: str
    source: str
    key: str
    corrects: Period | None = None
    cause: FreeCause | None = None

    def request(self, verb: str, *details: object) -> str:
        """Return what the key stands for: who asks, when and why may differ when it comes again."""
        return " ".join(map(str, (verb, *details, "for", self.source)))


@dataclass(frozen=True, slots=True)
class Move:
    """What one entry does, before it has a number.

    `quantity` is positive, but for an adjustment, which may take away, and for an extension, where
    it is 0. `lot` is None for what no lot gives: an overage, or the use of an unlimited book.
    `opens` says what the lot is that this entry opens, `hold` which hold it ends, `reverses` which
    entry it takes back, `expires_at` until when it extends its lot.
    """

    kind: EntryKind
    quantity: int
    effective_at: datetime
    lot: LotNumber | None = None
    opens: LotTerms | None = None
    hold: EntryNumber | None = None
    reverses: EntryNumber | None = None
    expires_at: datetime | None = None
    claim: OverageClaim | None = None
    approved_by: Actor | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A move that was written down: numbered, in its period, with who asked for it and why.

    `period` is the one it is posted in, open when it was written; `corrects` in the posting names
    the one it puts right. `request` is what its key stands for.
    """

    number: EntryNumber
    move: Move
    period: Period
    posting: Posting
    request: str

    @property
    def kind(self) -> EntryKind:
        """What it does."""
        return self.move.kind

    @property
    def quantity(self) -> int:
        """How much it moves, in the unit of the book."""
        return self.move.quantity

    @property
    def lot(self) -> LotNumber | None:
        """The lot it moves: the one it opens, the one it names, or none."""
        return LotNumber(self.number) if self.move.opens else self.move.lot

    @property
    def left_change(self) -> int:
        """How much more is left of its lot."""
        return LEFT_CHANGES.get(self.kind, 0) * self.quantity if self.lot is not None else 0

    @property
    def held_change(self) -> int:
        """How much more is held of its lot."""
        if self.lot is None:
            return 0
        if self.kind is EntryKind.HOLD:
            return self.quantity
        return -self.quantity if self.move.hold is not None else 0
