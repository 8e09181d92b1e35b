"""When something of a book ends next, and how its lots end with the contract."""

from datetime import datetime, timedelta

from helpdesk.domain.retainer import Book
from helpdesk.domain.retainer_check import violations
from helpdesk.domain.retainer_entry import Entry, LotSource, LotTerms
from helpdesk.domain.retainer_lots import expire_lots, open_lot
from helpdesk.domain.retainer_turn import end_lots, next_turn
from helpdesk.domain.retainer_use import Work, hold, release
from tests.domain.retainer_books import JULY, Ledger, on, posting, terms

END = on("07-20 00:00")


def with_lot(
    book: Book, quantity: int, source: LotSource, since: datetime, until: datetime | None
) -> tuple[Book, tuple[Entry, ...]]:
    asked = posting(JULY.start, source=f"{source} {since} {until}")
    entries = open_lot(book, asked, quantity, LotTerms(source, since, until))
    return book.after(entries), entries


def test_the_open_period_ends_next_unless_a_lot_does() -> None:
    book = Ledger(terms()).book
    assert next_turn(book) == JULY.end
    book, _ = with_lot(book, 60, LotSource.PURCHASE, JULY.start, END)
    assert next_turn(book) == END
    book, _ = with_lot(book, 60, LotSource.GESTURE, JULY.start, None)
    assert next_turn(book) == END
    held = book.after(hold(book, posting(JULY.start, source="ticket:1"), Work(60)))
    assert next_turn(held) == JULY.end


def test_a_pack_that_waits_for_the_end_of_a_rest_ends_nothing() -> None:
    book, _ = with_lot(Ledger(terms()).book, 60, LotSource.PURCHASE, JULY.start, END)

    assert next_turn(book, suspended_since=END - timedelta(days=1)) == JULY.end
    assert next_turn(book, suspended_since=END) == END


def test_lots_expire_by_the_instant_that_is_named() -> None:
    book, _ = with_lot(Ledger(terms()).book, 60, LotSource.PURCHASE, JULY.start, END)
    late = posting(JULY.end, source="expiry")

    assert expire_lots(book, late, by=END - timedelta(seconds=1)) == ()
    [entry] = expire_lots(book, late, by=END)
    assert entry.move.effective_at == END


def test_every_lot_ends_with_the_contract_in_its_own_period() -> None:
    book, plan = with_lot(Ledger(terms()).book, 60, LotSource.PLAN, JULY.start, JULY.end)
    book, pack = with_lot(book, 90, LotSource.PURCHASE, JULY.start, None)
    book, later = with_lot(book, 30, LotSource.PLAN, JULY.end, JULY.end + timedelta(days=31))
    asked = posting(END, source="end")

    ended = end_lots(book, asked, END, refunds_packs=True)

    assert [(one.kind.value, one.quantity, one.lot) for one in ended] == [
        ("expire", 60, 1),
        ("adjust", -90, 2),
        ("expire", 30, 3),
    ]
    after = book.after(ended)
    assert violations(after, (*plan, *pack, *later, *ended)) == ()
    assert end_lots(after, asked, END, refunds_packs=True) == ended
    lost = end_lots(book, asked, END, refunds_packs=False)
    assert [(one.kind.value, one.quantity) for one in lost][1] == ("expire", 90)


def test_what_is_held_is_kept_and_ends_when_it_is_given_back() -> None:
    book, _ = with_lot(Ledger(terms()).book, 60, LotSource.PURCHASE, JULY.start, None)
    book = book.after(hold(book, posting(JULY.start, source="ticket:1"), Work(60)))

    book = book.after(end_lots(book, posting(END, source="end"), END, refunds_packs=False))

    assert book.lots[next(iter(book.lots))].left == 60
    back = release(book, posting(END + timedelta(days=3), source="ticket:1"))
    assert [(one.kind.value, one.quantity) for one in back] == [("release", 60), ("expire", 60)]
