"""What fills a forfait, what ends a lot, and what a suspension gives back."""

from datetime import date

import pytest

from helpdesk.domain.errors import ErrorCode
from helpdesk.domain.period import midnight
from helpdesk.domain.retainer import EntryInClosedPeriod, QuantityNotPositive
from helpdesk.domain.retainer_entry import (
    EntryKind,
    LotNeverUsable,
    LotNumber,
    LotSource,
    LotTerms,
)
from helpdesk.domain.retainer_lots import (
    AdjustmentWithoutReason,
    LotExpired,
    LotUnknown,
    adjust,
    expire_lots,
    extend_lots,
    grants_due,
    open_lot,
)
from helpdesk.domain.retainer_use import InsufficientAllowance, Work, hold
from helpdesk.domain.suspension import Suspension, SuspensionReversed
from tests.domain.retainer_books import (
    AUGUST,
    JULY,
    JUNE,
    PARIS,
    SEPTEMBER,
    Ledger,
    a_ledger,
    on,
    posting,
    terms,
    took,
)
from tests.factories import ALICE

NOON = on("07-06 12:00")
AUGUST_OFF = Suspension(date(2026, 8, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (LotSource.PLAN, "grant"),
        (LotSource.PURCHASE, "purchase"),
        (LotSource.GESTURE, "gesture"),
        (LotSource.ROLLOVER, "rollover_in"),
    ],
)
def test_each_source_has_its_kind_of_entry(source: LotSource, kind: str) -> None:
    ledger = Ledger(terms())
    ledger.lot(10, source)

    assert took(ledger.entries) == [(kind, 1, 10)]


def test_an_allowance_is_granted_once() -> None:
    ledger = Ledger(terms())
    july = LotTerms(LotSource.PLAN, JULY.start, JULY.end)
    asked = posting(JULY.start, "grant 2026-07", source="plan")
    granted = ledger.add(open_lot(ledger.book, asked, 120, july))

    assert open_lot(ledger.book, asked, 120, july) == granted


def test_a_lot_that_began_in_a_closed_period_is_posted_in_the_open_one() -> None:
    ledger = Ledger(terms(), JUNE.start)
    ledger.book = ledger.book.closed_until(JUNE.end)
    since_june = LotTerms(LotSource.PURCHASE, JUNE.start)

    (entry,) = open_lot(ledger.book, posting(NOON), 60, since_june)

    assert entry.period == JULY
    assert entry.move.opens == since_june


def test_nothing_is_sold_in_a_closed_period() -> None:
    ledger = Ledger(terms())
    ledger.book = ledger.book.closed_until(JULY.end)

    with pytest.raises(EntryInClosedPeriod):
        open_lot(ledger.book, posting(NOON), 60, LotTerms(LotSource.PURCHASE, NOON))


def test_a_lot_of_nothing_is_refused() -> None:
    with pytest.raises(QuantityNotPositive):
        Ledger(terms()).lot(0)


def test_a_lot_that_expires_as_it_begins_is_refused() -> None:
    with pytest.raises(LotNeverUsable) as refusal:
        LotTerms(LotSource.GESTURE, NOON, NOON)

    assert refusal.value.code is ErrorCode.BAD_INPUT


@pytest.mark.parametrize(("quantity", "left"), [(30, 150), (-120, 0)])
def test_an_adjustment_adds_or_takes_away_with_a_reason_and_an_approval(
    quantity: int, left: int
) -> None:
    ledger = a_ledger(120)
    asked = posting(NOON, reason="two hours counted twice")

    (entry,) = ledger.add(adjust(ledger.book, asked, LotNumber(1), quantity, approved_by=ALICE))

    assert (entry.kind, entry.move.approved_by) == (EntryKind.ADJUST, ALICE)
    assert ledger.left() == {1: (left, 0)}
    again = adjust(ledger.book, asked, LotNumber(1), quantity, approved_by=ALICE)
    assert again == (entry,)


def test_an_adjustment_takes_nothing_that_a_ticket_holds() -> None:
    ledger = a_ledger(120)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(100)))

    with pytest.raises(InsufficientAllowance):
        adjust(ledger.book, posting(NOON), LotNumber(1), -21, approved_by=ALICE)


def test_an_adjustment_without_a_reason_is_refused() -> None:
    with pytest.raises(AdjustmentWithoutReason) as refusal:
        adjust(a_ledger().book, posting(NOON, reason=" "), LotNumber(1), 5, approved_by=ALICE)

    assert refusal.value.code is ErrorCode.REASON_REQUIRED


def test_an_adjustment_by_nothing_is_refused() -> None:
    with pytest.raises(QuantityNotPositive):
        adjust(a_ledger().book, posting(NOON), LotNumber(1), 0, approved_by=ALICE)


def test_only_a_lot_of_the_book_is_adjusted() -> None:
    with pytest.raises(LotUnknown):
        adjust(a_ledger().book, posting(NOON), LotNumber(9), 5, approved_by=ALICE)


def test_a_lot_that_has_expired_is_not_adjusted() -> None:
    with pytest.raises(LotExpired):
        adjust(a_ledger().book, posting(JULY.end), LotNumber(1), 5, approved_by=ALICE)


def test_an_adjustment_of_a_lot_to_come_counts_from_its_beginning() -> None:
    ledger = Ledger(terms())
    ledger.lot(120, effective_at=AUGUST.start, expires_at=AUGUST.end)

    (entry,) = adjust(ledger.book, posting(NOON), LotNumber(1), -20, approved_by=ALICE)

    assert entry.period == AUGUST


def test_what_has_expired_is_ended_once_and_what_is_held_stays() -> None:
    ledger = a_ledger(120)
    reserved = ledger.lot(5, expires_at=on("07-10 00:00"))
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(20)))
    pack = ledger.lot(60, LotSource.PURCHASE, expires_at=None)
    sweep = posting(on("08-01 06:00"), "sweep")

    entries = ledger.add(expire_lots(ledger.book, sweep))

    assert took(entries) == [("expire", 1, 105)]
    assert (entries[0].move.effective_at, entries[0].period) == (JULY.end, JULY)
    assert ledger.left() == {1: (15, 15), reserved: (5, 5), pack: (60, 0)}
    assert expire_lots(ledger.book, sweep) == entries
    assert expire_lots(ledger.book, posting(on("08-01 07:00"))) == ()


def test_a_suspension_prolongs_the_packs_by_its_days() -> None:
    ledger = Ledger(terms())
    ends = midnight(date(2027, 1, 31), PARIS)
    pack = ledger.lot(600, LotSource.PURCHASE, expires_at=ends)
    ledger.lot(120, LotSource.PLAN, expires_at=ends)
    ledger.lot(60, LotSource.PURCHASE, expires_at=None)
    asked = posting(on("09-01 00:00"), "suspension")

    entries = ledger.add(extend_lots(ledger.book, asked, AUGUST_OFF))

    assert took(entries) == [("extend", pack, 0)]
    assert ledger.book.lots[pack].terms.expires_at == midnight(date(2027, 3, 3), PARIS)
    assert ledger.left()[pack] == (600, 0)
    assert extend_lots(ledger.book, asked, AUGUST_OFF) == entries


def test_a_pack_bought_during_a_suspension_gets_the_days_that_followed() -> None:
    ledger = Ledger(terms())
    pack = ledger.lot(
        60, LotSource.PURCHASE, effective_at=on("08-22 10:00"), expires_at=on("10-01 00:00")
    )

    ledger.add(extend_lots(ledger.book, posting(on("09-01 00:00")), AUGUST_OFF))

    assert ledger.book.lots[pack].terms.expires_at == on("10-11 00:00")


def test_a_pack_that_expired_before_the_suspension_or_came_after_it_is_not_prolonged() -> None:
    ledger = Ledger(terms())
    ledger.lot(60, LotSource.PURCHASE, expires_at=on("07-31 00:00"))
    ledger.lot(60, LotSource.PURCHASE, effective_at=on("09-01 10:00"), expires_at=None)
    ledger.lot(60, LotSource.PURCHASE, effective_at=on("09-01 10:00"), expires_at=on("12-01 00:00"))

    assert extend_lots(ledger.book, posting(on("09-02 00:00")), AUGUST_OFF) == ()


def test_a_pack_does_not_expire_while_its_contract_rests() -> None:
    ledger = Ledger(terms())
    pack = ledger.lot(60, LotSource.PURCHASE, expires_at=on("08-10 00:00"))
    ledger.lot(30, LotSource.PLAN, expires_at=on("08-10 00:00"))
    ledger.lot(15, LotSource.PURCHASE, expires_at=on("07-20 00:00"))
    since = midnight(date(2026, 8, 1), PARIS)

    swept = posting(on("08-20 06:00"), "sweep")
    entries = ledger.add(expire_lots(ledger.book, swept, suspended_since=since))
    ledger.add(extend_lots(ledger.book, posting(on("09-01 00:00"), "end"), AUGUST_OFF))

    assert took(entries) == [("expire", 2, 30), ("expire", 3, 15)]
    assert ledger.book.lots[pack].is_usable(on("09-09 10:00"), None)


def test_no_allowance_is_granted_for_a_period_that_begins_in_a_suspension() -> None:
    book = a_ledger().book
    periods = (JULY, AUGUST, SEPTEMBER)

    assert list(grants_due(book, periods, [AUGUST_OFF])) == [JULY, SEPTEMBER]
    assert list(grants_due(book, periods, [Suspension(date(2026, 8, 1))])) == [JULY]
    assert list(grants_due(book, periods, [])) == list(periods)


def test_a_suspension_that_lasts_prolongs_nothing_yet() -> None:
    assert Suspension(date(2026, 8, 1)).days_since(date(2026, 1, 1)) == 0


def test_a_suspension_without_a_day_is_refused() -> None:
    with pytest.raises(SuspensionReversed):
        Suspension(date(2026, 8, 1), date(2026, 8, 1))
