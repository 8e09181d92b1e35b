"""The book of a forfait: one unit is spent once, a closed period stays as it is."""

import pytest

from helpdesk.domain.errors import ErrorCode
from helpdesk.domain.retainer import (
    Balance,
    Book,
    CorrectedPeriodOpen,
    EntryInClosedPeriod,
    KeyReused,
    LotOverdrawn,
    balance_of,
)
from helpdesk.domain.retainer_entry import LotSource
from helpdesk.domain.retainer_use import (
    InsufficientAllowance,
    Work,
    consume,
    hold,
    release,
    settle,
)
from tests.domain.retainer_books import (
    AUGUST,
    JULY,
    SEPTEMBER,
    Ledger,
    a_ledger,
    on,
    posting,
    terms,
)

NOON = on("07-06 12:00")


def test_of_two_that_want_the_last_unit_the_second_to_write_is_refused() -> None:
    ledger = a_ledger(1)
    as_both_read_it = ledger.book
    first = hold(as_both_read_it, posting(NOON, "first", source="ticket:1"), Work(1))
    second = hold(as_both_read_it, posting(NOON, "second", source="ticket:2"), Work(1))
    ledger.add(first)

    with pytest.raises(LotOverdrawn):
        ledger.book.after(second)
    with pytest.raises(InsufficientAllowance):
        hold(ledger.book, posting(NOON, "second", source="ticket:2"), Work(1))

    assert second[0].number == first[0].number
    assert ledger.left() == {1: (1, 1)}


def test_a_request_that_comes_again_is_answered_with_the_entries_it_made() -> None:
    ledger = a_ledger(120)
    work, held = posting(NOON, "work"), posting(NOON, "hold")
    consumed = ledger.add(consume(ledger.book, work, Work(45)))
    reserved = ledger.add(hold(ledger.book, held, Work(5)))
    settled = ledger.add(settle(ledger.book, posting(NOON, "settle"), Work(2)))
    ledger.add(hold(ledger.book, posting(NOON, "hold more"), Work(5)))
    released = ledger.add(release(ledger.book, posting(NOON, "release")))

    assert consume(ledger.book, work, Work(45)) == consumed
    assert hold(ledger.book, held, Work(5)) == reserved
    assert settle(ledger.book, posting(on("07-07 10:00"), "settle"), Work(2)) == settled
    assert release(ledger.book, posting(on("07-07 10:00"), "release")) == released


@pytest.mark.parametrize("quantity", [44, 46])
def test_the_same_key_for_another_request_is_refused(quantity: int) -> None:
    ledger = a_ledger(120)
    ledger.add(consume(ledger.book, posting(NOON, "key"), Work(45)))

    with pytest.raises(KeyReused) as refusal:
        consume(ledger.book, posting(NOON, "key"), Work(quantity))

    assert refusal.value.code is ErrorCode.IDEMPOTENCY_KEY_REUSED


def test_nothing_is_written_in_a_closed_period() -> None:
    ledger = a_ledger(120)
    ledger.book = ledger.book.closed_until(JULY.end)
    late = posting(on("08-02 10:00"), effective_at=NOON)

    with pytest.raises(EntryInClosedPeriod) as refusal:
        consume(ledger.book, late, Work(15))
    with pytest.raises(EntryInClosedPeriod):
        hold(ledger.book, late, Work(15))

    assert refusal.value.code is ErrorCode.PERIOD_CLOSED


def test_forgotten_work_of_a_closed_period_is_consumed_in_the_open_one_and_names_it() -> None:
    ledger = Ledger(terms())
    ledger.lot(60, LotSource.PURCHASE, expires_at=None)
    ledger.book = ledger.book.closed_until(JULY.end)

    (entry,) = consume(ledger.book, posting(on("08-02 10:00"), corrects=JULY), Work(15))

    assert (entry.period, entry.posting.corrects) == (AUGUST, JULY)


def test_an_open_period_is_not_corrected_from_another() -> None:
    ledger = a_ledger(60)

    with pytest.raises(CorrectedPeriodOpen) as refusal:
        consume(ledger.book, posting(on("08-02 10:00"), corrects=JULY), Work(15))

    assert refusal.value.code is ErrorCode.PERIOD_OPEN


def test_a_balance_is_what_the_entries_come_to() -> None:
    ledger = a_ledger(120)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(30)))
    ledger.add(consume(ledger.book, posting(NOON, "work"), Work(45)))

    assert balance_of(ledger.book.terms, ledger.entries, NOON) == Balance(45, 30)
    assert Book.replayed(ledger.book.terms, JULY.start, ledger.entries) == ledger.book


def test_the_first_open_period_follows_the_last_closed_one() -> None:
    ledger = a_ledger(120)

    assert ledger.book.open_period == JULY
    assert ledger.book.closed_until(AUGUST.end).open_period == SEPTEMBER
