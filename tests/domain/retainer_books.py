"""Books for tests, in the words of a story: Bruno's forfait of two hours a month, in July 2026."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.ids import SiteId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.period import PeriodRule
from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_entry import Entry, LotNumber, LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import open_lot
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerTerms,
    RetainerUnit,
    RolloverTerms,
)
from tests.factories import ALICE

PARIS = ZoneInfo("Europe/Paris")
RULE = PeriodRule(PARIS)
JUNE, JULY, AUGUST, SEPTEMBER = (RULE.period(Month(2026, number)) for number in (6, 7, 8, 9))
BILLED = OverageTerms(OveragePolicy.BILL, Money(90_00))
QUOTED = OverageTerms(OveragePolicy.QUOTE)
BLOCKED = OverageTerms(OveragePolicy.BLOCK)
SHOP, BLOG = SiteId("shop"), SiteId("blog")


def on(text: str) -> datetime:
    """Return an instant of 2026 in Paris, such as 07-06 10:00."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=PARIS).astimezone(UTC)


def terms(
    *,
    unit: RetainerUnit = RetainerUnit.RUN_MINUTES,
    overage: OverageTerms = QUOTED,
    rollover: RolloverTerms | None = None,
    is_unlimited: bool = False,
) -> RetainerTerms:
    return RetainerTerms(
        unit, RULE, overage, rollover or RolloverTerms(), is_unlimited=is_unlimited
    )


def posting(
    at: datetime,
    key: str = "",
    *,
    source: str = "ticket:42",
    effective_at: datetime | None = None,
    **more: Any,  # the other fields of a posting
) -> Posting:
    """Return what Alice asks for, under a key that its instant and source make unique."""
    more.setdefault("reason", "asked by Bruno")
    return Posting(
        actor=ALICE,
        at=at,
        effective_at=effective_at or at,
        source=source,
        key=key or f"{source} {at}",
        **more,
    )


class Ledger:
    """A book beside all of its entries."""

    def __init__(self, terms: RetainerTerms, start: datetime = JULY.start) -> None:
        self.book = Book.opened(terms, start)
        self.entries: list[Entry] = []

    def add(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Append entries as they would be written, and return them."""
        self.book = self.book.after(entries)
        self.entries += entries
        return entries

    def lot(
        self,
        quantity: int,
        source: LotSource = LotSource.PLAN,
        *,
        effective_at: datetime = JULY.start,
        expires_at: datetime | None = JULY.end,
        **more: Any,  # the other fields of the terms of a lot
    ) -> LotNumber:
        """Open a lot: the allowance of July unless said."""
        at = max(effective_at, self.book.open_from)
        lot = LotTerms(source, effective_at, expires_at, **more)
        key = f"lot {self.book.last_number + 1}"
        (entry,) = self.add(open_lot(self.book, posting(at, key, source="plan"), quantity, lot))
        return LotNumber(entry.number)

    def left(self) -> dict[LotNumber, tuple[int, int]]:
        """Return what is left and held of each lot."""
        return {number: (lot.left, lot.held) for number, lot in self.book.lots.items()}


def a_ledger(quantity: int = 120, **more: Any) -> Ledger:
    """Return a book with the allowance of July."""
    ledger = Ledger(terms(**more))
    ledger.lot(quantity)
    return ledger


def took(entries: Sequence[Entry]) -> list[tuple[str, int | None, int]]:
    """Return what entries do: the kind, the lot, the quantity."""
    return [(entry.kind.value, entry.lot, entry.quantity) for entry in entries]
