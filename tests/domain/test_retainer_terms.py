"""The clauses of a forfait, its alerts, and the invariants of its book."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.errors import ErrorCode
from helpdesk.domain.money import Money
from helpdesk.domain.period import midnight
from helpdesk.domain.retainer_alert import AlertKind, RetainerAlert, expiry_alerts, usage_alerts
from helpdesk.domain.retainer_check import Invariant, violations
from helpdesk.domain.retainer_entry import LotNumber, LotSource
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageStatus,
    OverageTerms,
    OverageWithoutPrice,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
    RolloverWithoutCap,
    percent_used,
)
from helpdesk.domain.retainer_use import Work, consume, hold, settle
from tests.domain.retainer_books import (
    BILLED,
    PARIS,
    QUOTED,
    Ledger,
    a_ledger,
    on,
    posting,
    terms,
)

NOON = on("07-06 12:00")
JANUARY_END = midnight(date(2027, 1, 31), PARIS)


@pytest.mark.parametrize(
    ("unit", "quantity", "cents"),
    [
        (RetainerUnit.RUN_MINUTES, 30, 45_00),
        (RetainerUnit.PACK_MINUTES, 1, 1_50),
        (RetainerUnit.CORRECTIVE_TICKETS, 3, 270_00),
    ],
)
def test_an_overage_is_billed_by_the_hour_or_by_the_ticket(
    unit: RetainerUnit, quantity: int, cents: int
) -> None:
    assert BILLED.claim(quantity, unit).amount == Money(cents)


def test_an_overage_to_be_quoted_has_no_price_yet() -> None:
    priced = replace(QUOTED, price=Money(90_00))

    claim = priced.claim(30, RetainerUnit.RUN_MINUTES)

    assert (claim.status, claim.amount) == (OverageStatus.PENDING_QUOTE, None)


def test_an_overage_is_not_billed_without_a_price() -> None:
    with pytest.raises(OverageWithoutPrice) as refusal:
        terms(overage=OverageTerms(OveragePolicy.BILL))

    assert refusal.value.code is ErrorCode.RETAINER_TERMS_INVALID


@pytest.mark.parametrize(
    ("rollover", "carried"),
    [
        (RolloverTerms(RolloverMode.FULL), 80),
        (RolloverTerms(RolloverMode.CAPPED, cap_percent=50), 60),
        (RolloverTerms(RolloverMode.CAPPED, cap_percent=33), 39),
        (RolloverTerms(RolloverMode.CAPPED, cap_quantity=30), 30),
        (RolloverTerms(RolloverMode.CAPPED, cap_quantity=90), 80),
        (RolloverTerms(RolloverMode.NONE), 0),
    ],
)
def test_a_rollover_carries_as_much_as_its_cap_allows(
    rollover: RolloverTerms, carried: int
) -> None:
    assert rollover.carried(80, 120) == carried


@pytest.mark.parametrize(
    ("mode", "percent", "quantity", "periods"),
    [
        (RolloverMode.CAPPED, None, None, 1),
        (RolloverMode.CAPPED, 50, 30, 1),
        (RolloverMode.FULL, 50, None, 1),
        (RolloverMode.FULL, None, None, 0),
    ],
)
def test_a_rollover_clause_that_says_nothing_or_two_things_is_refused(
    mode: RolloverMode, percent: int | None, quantity: int | None, periods: int
) -> None:
    with pytest.raises(RolloverWithoutCap):
        RolloverTerms(mode, percent, quantity, periods)


def test_the_share_that_was_used_is_rounded_half_up_and_unknown_of_nothing() -> None:
    assert [percent_used(105, 180), percent_used(1, 200), percent_used(0, 0)] == [58, 1, None]


@pytest.mark.parametrize(
    ("used", "total", "percents"),
    [
        (479, 600, []),
        (480, 600, [80]),
        (599, 600, [80]),
        (600, 600, [80, 100]),
        (900, 600, [80, 100]),
        (5, 0, []),
    ],
)
def test_an_alert_is_due_once_a_share_is_used_up(
    used: int, total: int, percents: list[int]
) -> None:
    alerts = usage_alerts(used=used, total=total)

    assert alerts == tuple(RetainerAlert(AlertKind.USAGE, percent) for percent in percents)


@pytest.mark.parametrize(
    ("today", "is_due"),
    [
        (date(2027, 1, 15), False),
        (date(2027, 1, 16), True),
        (date(2027, 1, 30), True),
        (date(2027, 1, 31), False),
    ],
)
def test_a_pack_is_announced_to_expire_fifteen_days_before(today: date, is_due: bool) -> None:  # noqa: FBT001
    ledger = Ledger(terms())
    pack = ledger.lot(60, LotSource.PURCHASE, expires_at=JANUARY_END)

    alerts = list(expiry_alerts(ledger.book.lots.values(), today=today, zone=PARIS))

    assert alerts == ([RetainerAlert(AlertKind.EXPIRY, 15, pack)] if is_due else [])


def test_only_a_pack_with_something_left_is_announced_to_expire() -> None:
    ledger = Ledger(terms())
    ledger.lot(60, LotSource.PURCHASE, expires_at=JANUARY_END, priority=-1)
    ledger.lot(60, LotSource.PLAN, expires_at=JANUARY_END)
    ledger.lot(60, LotSource.PURCHASE, expires_at=None)
    ledger.add(consume(ledger.book, posting(NOON), Work(60)))

    alerts = expiry_alerts(ledger.book.lots.values(), today=date(2027, 1, 20), zone=PARIS)

    assert list(alerts) == []


def a_used_ledger() -> Ledger:
    ledger = a_ledger(120)
    ledger.add(consume(ledger.book, posting(NOON, "work"), Work(45)))
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(10)))
    return ledger


def test_a_book_that_follows_its_entries_breaks_nothing() -> None:
    ledger = a_used_ledger()

    assert violations(ledger.book, ledger.entries) == ()


def test_what_no_lot_gives_moves_no_lot() -> None:
    ledger = a_ledger(5, overage=BILLED)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(8)))
    ledger.add(settle(ledger.book, posting(NOON, "settle"), Work(9)))

    over = [entry for entry in ledger.entries if entry.lot is None]

    assert [entry.kind.value for entry in over] == ["hold", "release", "overage"]
    assert {(entry.left_change, entry.held_change) for entry in over} == {(0, 0)}
    assert violations(ledger.book, ledger.entries) == ()


def test_a_kept_lot_that_somebody_changed_is_seen() -> None:
    ledger = a_used_ledger()
    one = LotNumber(1)
    book = replace(ledger.book, lots={one: replace(ledger.book.lots[one], left=76)})

    assert violations(book, ledger.entries) == (Invariant.MOVES_MAKE_LOTS,)


def test_a_kept_hold_that_somebody_removed_is_seen() -> None:
    ledger = a_used_ledger()

    broken = violations(replace(ledger.book, holds={}), ledger.entries)

    assert broken == (Invariant.HOLDS_MAKE_HELD,)


def test_an_entry_that_somebody_removed_is_seen() -> None:
    ledger = a_used_ledger()

    broken = violations(ledger.book, [ledger.entries[0], ledger.entries[2]])

    assert broken == (Invariant.NUMBERED_WITHOUT_A_HOLE, Invariant.MOVES_MAKE_LOTS)


def test_entries_that_take_more_than_there_is_are_seen() -> None:
    ledger = a_used_ledger()
    grant, work, held = ledger.entries
    too_much = replace(work, move=replace(work.move, quantity=121))

    broken = violations(ledger.book, [grant, too_much, held])

    assert broken == (
        Invariant.HELD_WITHIN_LEFT,
        Invariant.MOVES_MAKE_LOTS,
        Invariant.PERIODS_CLOSE,
    )
