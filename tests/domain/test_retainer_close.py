"""Closing a period: what is carried over, what expires, and the identity that must hold."""

import pytest

from helpdesk.domain.errors import ErrorCode
from helpdesk.domain.period import Period, midnight
from helpdesk.domain.retainer import KeyReused
from helpdesk.domain.retainer_close import (
    PeriodNotOver,
    PeriodOutOfOrder,
    close_period,
    statement_of,
)
from helpdesk.domain.retainer_entry import EntryKind, LotSource
from helpdesk.domain.retainer_terms import RolloverMode, RolloverTerms
from helpdesk.domain.retainer_use import Work, consume, hold
from tests.domain.retainer_books import (
    AUGUST,
    JULY,
    PARIS,
    SEPTEMBER,
    Ledger,
    a_ledger,
    on,
    posting,
    terms,
    took,
)

HALF = RolloverTerms(RolloverMode.CAPPED, cap_percent=50)


def closed(ledger: Ledger, period: Period) -> list[tuple[str, int | None, int]]:
    asked = posting(period.end, f"close {period.start}", source="close")
    entries = ledger.add(close_period(ledger.book, asked, period))
    ledger.book = ledger.book.closed_until(period.end)
    return took(entries)


def test_nothing_is_carried_over_unless_the_contract_says_so() -> None:
    ledger = a_ledger(120)

    assert closed(ledger, JULY) == [("expire", 1, 120)]


def test_a_capped_rollover_carries_a_share_of_the_allowance_and_the_rest_expires() -> None:
    ledger = a_ledger(120, rollover=HALF)
    ledger.add(consume(ledger.book, posting(on("07-06 10:00")), Work(40)))

    assert closed(ledger, JULY) == [
        ("rollover_out", 1, 60),
        ("expire", 1, 20),
        ("rollover_in", 5, 60),
    ]
    rolled = ledger.book.lots[5]  # type: ignore[index]  # a number is a number
    assert (rolled.terms.effective_at, rolled.terms.expires_at) == (AUGUST.start, AUGUST.end)


def test_what_was_carried_over_is_used_first_and_not_carried_again() -> None:
    ledger = a_ledger(120, rollover=RolloverTerms(RolloverMode.FULL))
    closed(ledger, JULY)
    ledger.lot(120, effective_at=AUGUST.start, expires_at=AUGUST.end)

    used = ledger.add(consume(ledger.book, posting(on("08-06 10:00")), Work(70)))

    assert took(used) == [("consume", 3, 70)]
    assert closed(ledger, AUGUST) == [
        ("expire", 3, 50),
        ("rollover_out", 4, 120),
        ("rollover_in", 8, 120),
    ]


def test_a_rollover_may_be_valid_for_two_periods() -> None:
    two = RolloverTerms(RolloverMode.CAPPED, cap_quantity=30, valid_periods=2)
    ledger = a_ledger(120, rollover=two)

    closed(ledger, JULY)

    assert closed(ledger, AUGUST) == []
    assert closed(ledger, SEPTEMBER) == [("expire", 4, 30)]


def test_the_cap_is_shared_by_the_lots_of_an_allowance_that_grew() -> None:
    ledger = a_ledger(100, rollover=HALF)
    ledger.lot(20, effective_at=on("07-16 00:00"))

    assert closed(ledger, JULY) == [
        ("rollover_out", 1, 60),
        ("expire", 1, 40),
        ("expire", 2, 20),
        ("rollover_in", 6, 60),
    ]


def test_packs_gestures_and_what_is_held_are_not_carried_over() -> None:
    ledger = a_ledger(10, rollover=RolloverTerms(RolloverMode.FULL))
    ledger.add(hold(ledger.book, posting(on("07-06 10:00")), Work(10)))
    ledger.lot(5, LotSource.GESTURE)
    ledger.lot(60, LotSource.PURCHASE, expires_at=None)
    ledger.lot(7, LotSource.PLAN, expires_at=on("07-20 00:00"))

    assert closed(ledger, JULY) == [("expire", 3, 5), ("expire", 5, 7)]
    assert ledger.left()[1] == (10, 10)  # type: ignore[index]  # a number is a number


def test_a_pack_waits_for_the_end_of_a_suspension() -> None:
    ledger = Ledger(terms())
    ledger.lot(60, LotSource.PURCHASE, expires_at=on("07-20 00:00"))
    since = midnight(on("07-10 12:00").date(), PARIS)

    entries = close_period(ledger.book, posting(JULY.end), JULY, suspended_since=since)

    assert entries == ()


def test_a_close_that_runs_twice_changes_nothing() -> None:
    ledger = a_ledger(120, rollover=HALF)
    asked = posting(on("08-03 09:00"), "close july", source="close")
    first = ledger.add(close_period(ledger.book, asked, JULY))

    assert close_period(ledger.book, asked, JULY) == first
    ledger.book = ledger.book.closed_until(JULY.end)
    assert close_period(ledger.book, asked, JULY) == first
    assert close_period(ledger.book, posting(on("08-04 09:00"), source="close"), JULY) == ()


def test_the_key_of_one_close_does_not_close_another_period() -> None:
    ledger = a_ledger(120)
    ledger.add(close_period(ledger.book, posting(JULY.end, "close"), JULY))
    ledger.book = ledger.book.closed_until(JULY.end)

    with pytest.raises(KeyReused):
        close_period(ledger.book, posting(AUGUST.end, "close"), AUGUST)


def test_a_period_is_closed_when_it_is_over() -> None:
    with pytest.raises(PeriodNotOver) as refusal:
        close_period(a_ledger().book, posting(on("07-31 23:59")), JULY)

    assert refusal.value.code is ErrorCode.PERIOD_OPEN


def test_periods_are_closed_in_order() -> None:
    with pytest.raises(PeriodOutOfOrder):
        close_period(a_ledger().book, posting(SEPTEMBER.start), AUGUST)


def test_what_came_in_is_what_went_out_and_what_is_left() -> None:
    ledger = a_ledger(120, rollover=HALF)
    ledger.lot(30, LotSource.GESTURE, expires_at=AUGUST.end)
    ledger.add(consume(ledger.book, posting(on("07-06 10:00")), Work(70)))
    closed(ledger, JULY)
    ledger.lot(120, effective_at=AUGUST.start, expires_at=AUGUST.end)
    ledger.add(consume(ledger.book, posting(on("08-06 10:00")), Work(400)))

    july, august = (statement_of(ledger.entries, period) for period in (JULY, AUGUST))

    assert july.moved == {
        EntryKind.GRANT: 120,
        EntryKind.GESTURE: 30,
        EntryKind.CONSUME: 70,
        EntryKind.ROLLOVER_OUT: 50,
    }
    assert (july.opening, july.closing, july.is_balanced) == (0, 30, True)
    assert (august.opening, august.closing, august.is_balanced) == (30, 0, True)
    assert (august.of(EntryKind.ROLLOVER_IN), august.overage) == (50, 200)


def test_an_unlimited_forfait_has_a_statement_too() -> None:
    ledger = Ledger(terms(is_unlimited=True))
    ledger.add(hold(ledger.book, posting(on("07-06 10:00"), "hold"), Work(2)))
    ledger.add(consume(ledger.book, posting(on("07-06 10:00"), "work"), Work(5)))

    statement = statement_of(ledger.entries, JULY)

    assert (statement.uncounted, statement.overage, statement.closing) == (5, 0, 0)
    assert statement.is_balanced
