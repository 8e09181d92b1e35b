"""Random stories of a forfait, told to the engine and to the naive ledger at once."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import SiteId
from helpdesk.domain.money import Money
from helpdesk.domain.month import Month
from helpdesk.domain.period import Period
from helpdesk.domain.retainer import Balance, Book, KeyReused
from helpdesk.domain.retainer_close import close_period, statement_of
from helpdesk.domain.retainer_correction import correct, reverse
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotNumber, LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import adjust, expire_lots, extend_lots, open_lot
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    RetainerTerms,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
)
from helpdesk.domain.retainer_use import Work, consume, hold, release, settle
from helpdesk.domain.suspension import Suspension
from tests.domain.naive_ledger import (
    CAME_IN,
    HELD,
    MONTH_STARTS,
    WENT_OUT,
    Line,
    NaiveLedger,
    Refused,
)
from tests.domain.retainer_books import RULE, posting
from tests.factories import ALICE

START = datetime(2025, 12, 31, 23, tzinfo=UTC)
LAST_HOUR = MONTH_STARTS[20]
SITES = (None, None, "shop", "blog")
TICKETS = tuple(f"ticket:{number}" for number in range(6))
ROLLOVERS = (
    RolloverTerms(),
    RolloverTerms(RolloverMode.FULL),
    RolloverTerms(RolloverMode.FULL, valid_periods=2),
    RolloverTerms(RolloverMode.CAPPED, cap_percent=50),
    RolloverTerms(RolloverMode.CAPPED, cap_quantity=3, valid_periods=2),
)
_MOVED = (*CAME_IN, *WENT_OUT, "reverse")

Move = Callable[[Book, Posting], Sequence[Entry]]


def instant(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def period(month: int) -> Period:
    return RULE.period(Month(2026 + month // 12, month % 12 + 1))


def _refusal_of(deed: Callable[[], object]) -> str | None:
    """Return the name of the refusal that a deed meets, None when it is done."""
    try:
        deed()
    except Refused as refusal:
        return str(refusal)
    except HelpdeskError as refusal:
        return type(refusal).__name__
    return None


@dataclass
class Use:
    """A consumption, as the naive ledger and as the engine wrote it."""

    lines: list[Line]
    entries: list[Entry]


@dataclass
class Story:
    """One book, its two keepers, and chance."""

    chance: random.Random
    now: int = 0
    uses: list[Use] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    steps: int = 0

    def __post_init__(self) -> None:
        pick = self.chance.choice
        policy, rollover = pick(list(OveragePolicy)), pick(ROLLOVERS)
        overage = OverageTerms(policy, Money(60_00) if policy is OveragePolicy.BILL else None)
        is_unlimited = self.chance.random() < 0.1
        self.terms = RetainerTerms(
            RetainerUnit.RUN_MINUTES, RULE, overage, rollover, is_unlimited=is_unlimited
        )
        self.book = Book.opened(self.terms, START)
        self.naive = NaiveLedger(
            policy.value,
            rollover.mode.value,
            rollover.cap_percent,
            rollover.cap_quantity,
            rollover.valid_periods,
            is_unlimited,
        )

    # One step.

    def step(self) -> None:
        """Do one thing with both ledgers and compare them."""
        self.steps += 1
        verbs = (
            *(self._open, self._hold, self._hold, self._consume, self._settle, self._release),
            *(self._reverse, self._correct, self._adjust, self._sweep, self._wait, self._close),
            *(self._close, self._suspend),
        )
        self.chance.choice(verbs)()
        self.compare()

    def compare(self) -> None:
        """Both ledgers show the same lots, holds and balance."""
        naive = [(lot.left, lot.count(HELD)) for lot in self.naive.lots]
        assert [(lot.left, lot.held) for lot in self.book.lots.values()] == naive
        site = self.chance.choice(SITES)
        balance = self.book.balance(instant(self.now), site_id=SiteId(site) if site else None)
        assert balance == Balance(self.naive.available(self.now, site), self.naive.held())

    def told(self, source: str, hour: int, simply: Callable[[], object], verb: Move) -> list[Entry]:
        """Do one thing with both; return the entries, none where both refused alike."""
        asked = posting(
            instant(self.now), f"key {self.steps}", source=source, effective_at=instant(hour)
        )
        wanted = _refusal_of(simply)
        entries: list[Entry] = []
        refused = _refusal_of(lambda: entries.extend(verb(self.book, asked)))
        assert refused == wanted
        if refused is not None:
            self.refusals.append(refused)
        assert all(entry.quantity or entry.kind is EntryKind.EXTEND for entry in entries)
        self.book = self.book.after(entries)
        self.entries += entries
        if entries and self.chance.random() < 0.1:
            self._again(asked, verb, entries)
        return entries

    def _again(self, asked: Posting, verb: Move, entries: list[Entry]) -> None:
        assert list(verb(self.book, asked)) == entries
        other = _refusal_of(lambda: adjust(self.book, asked, LotNumber(1), 999, approved_by=ALICE))
        assert other == KeyReused.__name__
        self.refusals.append(other)

    # What can happen.

    def _hour(self) -> int:
        """Return now, or some hours earlier, which may lie in a closed month."""
        back = self.chance.choice((0, 0, 0, 5, 60, 400))
        return max(0, self.now - back)

    def _work(self) -> tuple[int, str | None, Work]:
        count, site = self.chance.randint(1, 9), self.chance.choice(SITES)
        return count, site, Work(count, SiteId(site) if site else None)

    def _open(self) -> None:
        count, source = self.chance.randint(1, 12), self.chance.choice(list(LotSource))
        month = self.naive.month_of(self.now)
        effective, expires = MONTH_STARTS[month], MONTH_STARTS[month + 1]
        if source is not LotSource.PLAN:
            effective = self.now + self.chance.choice((-40, 0, 0, 30))
            effective = max(0, effective)
            later = self.naive.month_of(effective) + self.chance.randint(1, 3)
            expires = MONTH_STARTS[later] + 24 * self.chance.choice((0, 0, 12))
        is_for_ever = source is LotSource.PURCHASE and self.chance.random() < 0.3
        ends = None if is_for_ever else expires
        sites = frozenset({"shop"}) if self.chance.random() < 0.2 else frozenset()
        priority = self.chance.choice((0, 0, 0, -1, 1))
        terms = LotTerms(
            source,
            instant(effective),
            None if ends is None else instant(ends),
            frozenset(map(SiteId, sites)),
            priority,
        )
        self.told(
            "shop",
            self.now,
            lambda: self.naive.open_lot(source.value, count, effective, ends, sites, priority),
            lambda book, asked: open_lot(book, asked, count, terms),
        )

    def _hold(self) -> None:
        (count, site, work), hour = self._work(), self._hour()
        ticket = self.chance.choice(TICKETS)
        self.told(
            ticket,
            hour,
            lambda: self.naive.hold(ticket, count, hour, site),
            lambda book, asked: hold(book, asked, work),
        )

    def _consume(self) -> None:
        (count, site, work), hour = self._work(), self._hour()
        lines: list[Line] = []
        entries = self.told(
            "work",
            hour,
            lambda: lines.extend(self.naive.consume("work", count, hour, site)),
            lambda book, asked: consume(book, asked, work),
        )
        self._remember(lines, entries)

    def _settle(self) -> None:
        count, site, work = self._work()
        ticket = self.chance.choice(TICKETS)
        lines: list[Line] = []
        entries = self.told(
            ticket,
            self.now,
            lambda: lines.extend(self.naive.settle(ticket, count, self.now, site)),
            lambda book, asked: settle(book, asked, work),
        )
        self._remember(lines, entries)

    def _remember(self, lines: list[Line], entries: list[Entry]) -> None:
        uses = [one for one in entries if one.kind in {EntryKind.CONSUME, EntryKind.OVERAGE}]
        assert [line.count for line in lines] == [entry.quantity for entry in uses]
        if uses:
            self.uses.append(Use(lines, uses))

    def _release(self) -> None:
        ticket = self.chance.choice(TICKETS)
        count = self.chance.choice((None, 1, 4))
        self.told(
            ticket,
            self.now,
            lambda: self.naive.release(ticket, count, self.now),
            lambda book, asked: release(book, asked, count),
        )

    def _reverse(self) -> None:
        if not self.uses:
            return
        use = self.chance.choice(self.uses)
        place, count = self.chance.randrange(len(use.lines)), self.chance.randint(1, 6)
        self.told(
            "correction",
            self.now,
            lambda: self.naive.reverse(use.lines[place], count, self.now),
            lambda book, asked: reverse(book, asked, use.entries[place], count),
        )

    def _correct(self) -> None:
        if not self.uses:
            return
        use, count = self.chance.choice(self.uses), self.chance.randint(0, 9)
        site = self.chance.choice(SITES)
        lines: list[Line] = []
        entries = self.told(
            "correction",
            self.now,
            lambda: lines.extend(self.naive.correct(use.lines, count, self.now, site)),
            lambda book, asked: correct(
                book, asked, use.entries, count, site_id=SiteId(site) if site else None
            ),
        )
        self._remember(lines, entries)

    def _adjust(self) -> None:
        if not self.naive.lots:
            return
        place, count = self.chance.randrange(len(self.naive.lots)), self.chance.randint(-4, 4)
        number = list(self.book.lots)[place]
        self.told(
            "adjustment",
            self.now,
            lambda: self.naive.adjust(place, count, self.now),
            lambda book, asked: adjust(book, asked, number, count, approved_by=ALICE),
        )

    def _sweep(self) -> None:
        self.told("sweep", self.now, lambda: self.naive.sweep(self.now), expire_lots)

    def _suspend(self) -> None:
        """The contract rested for some days that are just over."""
        day = (instant(self.now) + timedelta(hours=1)).date()
        midnight = RULE.period(Month(day.year, day.month)).start
        into = (instant(self.now) - midnight).days
        if into < 3 or self.chance.random() < 0.5:
            return
        first, end = date(day.year, day.month, 2), date(day.year, day.month, into)
        if end <= first:
            return
        hours = [
            MONTH_STARTS[self.naive.month_of(self.now)] + 24 * (one.day - 1) + 12
            for one in (first, end)
        ]
        self.told(
            f"suspension {self.steps}",
            self.now,
            lambda: self.naive.extend(*hours),
            lambda book, asked: extend_lots(book, asked, Suspension(first, end)),
        )

    def _wait(self) -> None:
        self.now = min(LAST_HOUR, self.now + self.chance.choice((1, 20, 100, 300, 700)))

    def _close(self) -> None:
        month = self.naive.first_open
        if self.now < MONTH_STARTS[month + 1]:
            return
        closed = period(month)
        self.told(
            "close",
            self.now,
            lambda: self.naive.close(month),
            lambda book, asked: close_period(book, asked, closed),
        )
        self.book = self.book.closed_until(closed.end)
        self._compare_statement(month, closed)

    def _compare_statement(self, month: int, closed: Period) -> None:
        statement, naive = statement_of(self.entries, closed), self.naive.moved[month]
        assert {kind: statement.of(EntryKind(kind)) for kind in _MOVED} == {
            kind: naive[kind] for kind in _MOVED
        }
        assert statement.overage == naive["overage"]
        assert statement.uncounted == naive["uncounted"]
        assert statement.closing == self.naive.left_after(month)
        assert statement.is_balanced
