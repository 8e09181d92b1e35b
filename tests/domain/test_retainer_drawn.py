"""Work that draws on what is held for it, and a hold on the lot that was sold with it."""

import pytest

from helpdesk.domain.retainer import KeyReused, LotOverdrawn, QuantityNotPositive
from helpdesk.domain.retainer_entry import LotSource
from helpdesk.domain.retainer_use import Work, consume, hold, hold_lot
from tests.domain.retainer_books import BILLED, Ledger, a_ledger, on, posting, terms, took

MONDAY, TUESDAY = on("07-06 12:00"), on("07-07 12:00")
WORK = "work:42"


def drawn(ledger: Ledger, quantity: int, key: str = "drawn") -> list[tuple[str, int | None, int]]:
    held = ledger.book.held_for("ticket:42")
    asked = posting(TUESDAY, key, source=WORK)
    return took(ledger.add(consume(ledger.book, asked, Work(quantity), held=held)))


def test_work_draws_on_what_is_held_before_what_is_free() -> None:
    ledger = a_ledger(120)
    ledger.add(hold(ledger.book, posting(MONDAY), Work(45)))

    assert drawn(ledger, 30) == [("consume", 1, 30)]
    assert ledger.left() == {1: (90, 15)}
    assert drawn(ledger, 60, "more") == [("consume", 1, 15), ("consume", 1, 45)]
    assert ledger.left() == {1: (30, 0)}


def test_work_draws_on_several_holds_in_their_order_and_leaves_the_rest() -> None:
    ledger = a_ledger(10)
    second = ledger.lot(50, LotSource.PURCHASE, expires_at=None)
    ledger.add(hold(ledger.book, posting(MONDAY), Work(40)))

    assert drawn(ledger, 10) == [("consume", 1, 10)]
    assert drawn(ledger, 10, "more") == [("consume", second, 10)]
    assert ledger.left() == {1: (0, 0), second: (40, 20)}


def test_a_held_lot_that_has_expired_is_drawn_on_still() -> None:
    ledger = Ledger(terms())
    first = ledger.lot(30, expires_at=on("07-07 00:00"))
    ledger.add(hold(ledger.book, posting(MONDAY), Work(30)))

    assert drawn(ledger, 30) == [("consume", first, 30)]


def test_what_is_held_over_the_allowance_is_drawn_anew() -> None:
    ledger = a_ledger(10, overage=BILLED)
    ledger.add(hold(ledger.book, posting(MONDAY), Work(30)))
    bought = ledger.lot(15, LotSource.PURCHASE)

    assert drawn(ledger, 30) == [
        ("consume", 1, 10),
        ("release", None, 20),
        ("consume", bought, 15),
        ("overage", None, 5),
    ]
    assert not ledger.book.holds


def test_less_than_is_held_over_the_allowance_leaves_the_rest_held() -> None:
    ledger = Ledger(terms(overage=BILLED))
    ledger.add(hold(ledger.book, posting(MONDAY), Work(10)))
    ledger.add(hold(ledger.book, posting(MONDAY, "another"), Work(10)))

    assert drawn(ledger, 10) == [("release", None, 10), ("overage", None, 10)]
    assert [one.quantity for one in ledger.book.holds.values()] == [10]


def test_an_unlimited_book_counts_what_is_held() -> None:
    ledger = Ledger(terms(is_unlimited=True))
    ledger.add(hold(ledger.book, posting(MONDAY), Work(30)))

    assert drawn(ledger, 45) == [("consume", None, 30), ("consume", None, 15)]
    assert not ledger.book.holds


def test_what_was_sold_for_a_ticket_is_held_on_its_own_lot() -> None:
    ledger = a_ledger(120)
    bought = ledger.lot(90, LotSource.PURCHASE)
    asked = posting(MONDAY, "once", source="quoted:42")

    entries = ledger.add(hold_lot(ledger.book, asked, bought, 60))

    assert took(entries) == [("hold", bought, 60)]
    assert ledger.left() == {1: (120, 0), bought: (90, 60)}
    assert hold_lot(ledger.book, asked, bought, 60) == entries
    with pytest.raises(KeyReused):
        hold_lot(ledger.book, asked, bought, 61)


@pytest.mark.parametrize(("quantity", "error"), [(91, LotOverdrawn), (0, QuantityNotPositive)])
def test_no_more_is_held_of_a_lot_than_is_free_of_it(quantity: int, error: type[Exception]) -> None:
    ledger = a_ledger(90)
    with pytest.raises(error):
        hold_lot(ledger.book, posting(MONDAY), next(iter(ledger.book.lots)), quantity)
