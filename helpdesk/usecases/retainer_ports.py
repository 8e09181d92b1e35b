"""Forfaits as use-cases need them: books that are loaded in part, and entries that are appended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from helpdesk.domain.billed_time import RoundingTerms
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer import Book, Lot
from helpdesk.domain.retainer_entry import Entry, LotNumber
from helpdesk.domain.retainer_terms import RetainerTerms, RetainerUnit, percent_used


@dataclass(frozen=True, slots=True)
class KeptBook:
    """A book as it is kept: whose it is, and how the contract rounds the time that it counts.

    `entries` are those of the source that was asked for, by number.
    """

    contract_id: ContractId
    book: Book
    rounding: RoundingTerms = field(default=RoundingTerms())
    entries: tuple[Entry, ...] = ()

    @property
    def unit(self) -> RetainerUnit:
        """What it counts."""
        return self.book.terms.unit


@dataclass(frozen=True, slots=True)
class BookAsk:
    """Which book, and what of it beside the lots that are not empty.

    The open holds and the entries of a `source`, with the lots that they name; the open holds of
    other `holders`; the entries of a `key`; further `lots`, empty ones too.
    """

    contract_id: ContractId
    unit: RetainerUnit
    key: str = ""
    source: str = ""
    holders: frozenset[str] = frozenset()
    lots: frozenset[LotNumber] = frozenset()


@dataclass(frozen=True, slots=True)
class KeptBalance:
    """What a book shows at an instant, in its unit.

    `granted` is the sum of the lots that can be used, on one site or on all, `consumed` what was
    taken of them and what no lot gave in the period of today, which `over` alone counts. `left` is
    free for new work: without what is `held`. `expires_at` is the next instant at which something
    that is left expires. `newest_lot` is the last lot of these that was opened, 0 when there are
    none.
    """

    contract_id: ContractId
    unit: RetainerUnit
    terms: RetainerTerms
    granted: int
    held: int
    consumed: int
    over: int
    left: int
    expires_at: datetime | None
    newest_lot: LotNumber

    @property
    def is_unlimited(self) -> bool:
        """Whether it is counted without a limit."""
        return self.terms.is_unlimited

    @property
    def percent(self) -> int | None:
        """How much of what was granted is used, in percent; None of nothing."""
        return percent_used(self.consumed, self.granted)


@dataclass(frozen=True, slots=True)
class KeptLot:
    """A lot, and the book that it is in."""

    contract_id: ContractId
    unit: RetainerUnit
    lot: Lot


class RetainerRecords(Protocol):
    """Books of forfaits. Whoever appends has read the book in the same transaction, locked."""

    async def add_book(self, kept: KeptBook) -> bool:
        """Add an empty book; False when the contract has one of this unit."""
        ...

    async def book(self, ask: BookAsk) -> KeptBook | None:
        """Return a book in part, locked until the transaction ends; None when there is none."""
        ...

    async def append(
        self, kept: KeptBook, entries: Sequence[Entry], *, closed_until: datetime | None = None
    ) -> KeptBook:
        """Write entries and what they change, and return the book after them.

        `closed_until` is the end of the period that they close. Nothing is written twice: a book
        that has changed since it was read raises the storage's TransactionConflict.
        """
        ...

    async def turn_next(self, kept: KeptBook, *, at: datetime | None) -> None:
        """Say when the worker has to look at a book next; None for not any more.

        Each `append` says it too, by `next_turn`.
        """
        ...

    async def is_due(self, contract_id: ContractId, *, at: datetime) -> bool:
        """Return whether something of a book of a contract has ended by an instant."""
        ...

    async def keep_clauses(self, kept: KeptBook) -> None:
        """Write the clauses that a book is kept by from now on: its terms and its rounding."""
        ...

    async def answered(self, kept: KeptBook, keys: Iterable[str]) -> frozenset[str]:
        """Return under which of these keys entries were written to a book, in one query."""
        ...

    async def units_of(self, contract_id: ContractId) -> tuple[RetainerUnit, ...]:
        """Return the units that a contract has a book of, its books locked in their order.

        Who moves several books at once asks first, so that two who do never wait for each other.
        """
        ...

    async def entries_of(
        self, contract_id: ContractId, unit: RetainerUnit, *, source: str | None = None
    ) -> tuple[Entry, ...]:
        """Return the entries of a book, or those of a source, by number."""
        ...

    async def whole_book(self, contract_id: ContractId, unit: RetainerUnit) -> KeptBook | None:
        """Return a book with every kept lot and hold, for those who prove it against its entries.

        What was answered to which key is left out.
        """
        ...

    async def balances(
        self, contract_ids: Iterable[ContractId], *, at: datetime
    ) -> tuple[KeptBalance, ...]:
        """Return the balances of contracts by contract and unit, in one query."""
        ...

    async def expiring_packs(self, *, after: datetime, until: datetime) -> tuple[KeptLot, ...]:
        """Return the packs of the agency that are not used up and expire in `(after, until]`."""
        ...
