"""Holding, consuming, settling and releasing: what a forfait gives, and from which lot."""

from datetime import timedelta

import pytest

from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.money import Money
from helpdesk.domain.retainer import (
    Balance,
    QuantityNotPositive,
)
from helpdesk.domain.retainer_close import close_period
from helpdesk.domain.retainer_entry import EntryKind, LotSource
from helpdesk.domain.retainer_lots import expire_lots
from helpdesk.domain.retainer_terms import FreeCause, OverageStatus
from helpdesk.domain.retainer_use import (
    InsufficientAllowance,
    ReleaseOfWhatIsNotHeld,
    Work,
    consume,
    hold,
    release,
    settle,
)
from tests.domain.retainer_books import (
    AUGUST,
    BILLED,
    BLOCKED,
    BLOG,
    JULY,
    JUNE,
    SHOP,
    Ledger,
    a_ledger,
    on,
    posting,
    terms,
    took,
)

NOON = on("07-06 12:00")


def test_work_takes_from_the_allowance() -> None:
    ledger = a_ledger(120)

    ledger.add(consume(ledger.book, posting(on("07-06 12:00")), Work(45)))
    ledger.add(consume(ledger.book, posting(on("07-09 12:00")), Work(60)))

    assert ledger.book.balance(NOON) == Balance(available=15, held=0)


def test_lots_are_drawn_by_priority_then_expiry_then_source_then_age() -> None:
    ledger = Ledger(terms(overage=BILLED))
    gesture, rollover, plan, bought = (
        LotSource.GESTURE,
        LotSource.ROLLOVER,
        LotSource.PLAN,
        LotSource.PURCHASE,
    )
    for_ever = ledger.lot(1, bought, expires_at=None)
    in_august = ledger.lot(1, bought, expires_at=AUGUST.end)
    purchased = ledger.lot(1, bought)
    granted = ledger.lot(1, plan)
    rolled = ledger.lot(1, rollover)
    given = ledger.lot(1, gesture)
    later = ledger.lot(1, gesture, effective_at=on("07-02 00:00"))
    twin = ledger.lot(1, gesture)
    preferred = ledger.lot(1, bought, expires_at=None, priority=-1)

    entries = consume(ledger.book, posting(NOON), Work(10))

    assert [entry.lot for entry in entries] == [
        *(preferred, given, twin, later, rolled, granted, purchased, in_august, for_ever),
        None,
    ]
    assert {entry.quantity for entry in entries} == {1}
    assert entries[-1].kind is EntryKind.OVERAGE


def test_a_lot_gives_nothing_before_it_begins_nor_from_its_expiry_on() -> None:
    ledger = Ledger(terms(), JUNE.start)
    ledger.lot(10)
    eve = JULY.start - timedelta(microseconds=1)

    available = [ledger.book.balance(at).available for at in (eve, JULY.start, JULY.end)]

    assert available == [0, 10, 0]


def test_a_lot_for_one_site_serves_no_other_and_no_request_without_a_site() -> None:
    ledger = Ledger(terms())
    shop = ledger.lot(10, scope=frozenset({SHOP}))
    anywhere = ledger.lot(10, LotSource.PURCHASE, expires_at=None)

    def drawn(work: Work) -> list[int | None]:
        return [entry.lot for entry in hold(ledger.book, posting(NOON), work)]

    assert drawn(Work(10, SHOP)) == [shop]
    assert drawn(Work(10, BLOG)) == [anywhere]
    assert drawn(Work(10)) == [anywhere]
    assert ledger.book.balance(NOON, site_id=SHOP).available == 20
    assert ledger.book.balance(NOON).available == 10


def test_a_ticket_is_held_and_then_consumed_in_the_period_of_its_opening() -> None:
    ledger = a_ledger(2)
    opened, resolved = on("07-31 10:00"), on("08-03 10:00")

    ledger.add(hold(ledger.book, posting(opened), Work(1)))
    held = ledger.book.balance(opened)
    entries = ledger.add(settle(ledger.book, posting(resolved), Work(1)))

    assert held == Balance(available=1, held=1)
    assert took(entries) == [("consume", 1, 1)]
    assert entries[0].move.effective_at == opened
    assert entries[0].period == JULY
    assert ledger.left() == {1: (1, 0)}


def test_a_hold_keeps_its_lot_after_the_close_and_is_consumed_from_it() -> None:
    ledger = a_ledger(2)
    ledger.add(hold(ledger.book, posting(on("07-31 10:00")), Work(1)))
    ledger.add(close_period(ledger.book, posting(JULY.end, source="close"), JULY))
    ledger.book = ledger.book.closed_until(JULY.end)

    (entry,) = ledger.add(settle(ledger.book, posting(on("08-03 10:00")), Work(1)))

    assert (entry.kind, entry.lot) == (EntryKind.CONSUME, 1)
    assert (entry.move.effective_at, entry.period) == (on("07-31 10:00"), AUGUST)
    assert ledger.left() == {1: (0, 0)}


def test_what_is_released_after_its_lot_expired_expires_at_once() -> None:
    ledger = a_ledger(1)
    ledger.add(hold(ledger.book, posting(on("07-30 10:00")), Work(1)))
    ledger.add(expire_lots(ledger.book, posting(JULY.end, source="sweep")))

    entries = ledger.add(release(ledger.book, posting(on("08-05 02:00"))))

    assert took(entries) == [("release", 1, 1), ("expire", 1, 1)]
    assert ledger.left() == {1: (0, 0)}


def test_a_release_gives_back_the_last_lot_first_and_says_why_the_ticket_is_free() -> None:
    ledger = Ledger(terms())
    first = ledger.lot(2, LotSource.GESTURE)
    last = ledger.lot(2)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(4)))

    free = posting(NOON, "release", cause=FreeCause.MERGED_DUPLICATE)
    entries = ledger.add(release(ledger.book, free, 3))

    assert took(entries) == [("release", last, 2), ("release", first, 1)]
    assert {entry.posting.cause for entry in entries} == {FreeCause.MERGED_DUPLICATE}
    assert ledger.left() == {first: (2, 1), last: (2, 0)}


def test_a_part_of_one_lot_can_be_released() -> None:
    ledger = Ledger(terms())
    ledger.lot(2, LotSource.GESTURE)
    ledger.lot(2)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(4)))

    entries = release(ledger.book, posting(NOON, "release"), 1)

    assert took(entries) == [("release", 2, 1)]


@pytest.mark.parametrize("quantity", [None, 1, 3])
def test_what_is_not_held_is_not_released(quantity: int | None) -> None:
    ledger = a_ledger(5)
    ledger.add(hold(ledger.book, posting(NOON, source="ticket:1"), Work(2)))
    source = "ticket:1" if quantity == 3 else "ticket:2"

    with pytest.raises(ReleaseOfWhatIsNotHeld) as refusal:
        release(ledger.book, posting(on("07-07 10:00"), source=source), quantity)

    assert refusal.value.code is ErrorCode.NOT_HELD
    assert ledger.left() == {1: (5, 2)}


def test_a_hold_ends_once() -> None:
    ledger = a_ledger(5)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(2)))
    ledger.add(settle(ledger.book, posting(NOON, "settle"), Work(2)))

    with pytest.raises(ReleaseOfWhatIsNotHeld, match="0"):
        settle(ledger.book, posting(NOON, "again"), Work(2))


def test_a_ticket_that_took_less_than_was_held_releases_the_rest() -> None:
    ledger = Ledger(terms())
    ledger.lot(60, LotSource.GESTURE)
    ledger.lot(60)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(120)))

    entries = ledger.add(settle(ledger.book, posting(NOON, "settle"), Work(50)))

    assert took(entries) == [("consume", 1, 50), ("release", 1, 10), ("release", 2, 60)]
    assert ledger.book.balance(NOON) == Balance(available=70, held=0)


def test_a_ticket_that_took_more_than_was_held_goes_on_in_the_next_lots() -> None:
    ledger = Ledger(terms(overage=BLOCKED))
    ledger.lot(60)
    ledger.lot(15, LotSource.PURCHASE, expires_at=None)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(60)))

    entries = ledger.add(settle(ledger.book, posting(NOON, "settle"), Work(90)))

    assert took(entries) == [("consume", 1, 60), ("consume", 2, 15), ("overage", None, 15)]


@pytest.mark.parametrize(
    ("overage", "status", "amount"),
    [
        (BILLED, OverageStatus.BILLABLE, Money(45_00)),
        (terms().overage, OverageStatus.PENDING_QUOTE, None),
        (BLOCKED, OverageStatus.UNBILLABLE, None),
    ],
)
def test_work_already_done_is_recorded_and_the_policy_says_who_pays(
    overage: object, status: OverageStatus, amount: Money | None
) -> None:
    ledger = a_ledger(120, overage=overage)

    entries = consume(ledger.book, posting(NOON), Work(150))

    assert took(entries) == [("consume", 1, 120), ("overage", None, 30)]
    claim = entries[-1].move.claim
    assert claim is not None
    assert (claim.status, claim.amount) == (status, amount)


@pytest.mark.parametrize("overage", [terms().overage, BLOCKED])
def test_without_a_price_for_more_too_little_is_not_held_at_all(overage: object) -> None:
    ledger = a_ledger(1, overage=overage)

    with pytest.raises(InsufficientAllowance) as refusal:
        hold(ledger.book, posting(NOON), Work(2))

    assert refusal.value.code is ErrorCode.INSUFFICIENT_ALLOWANCE
    assert "Il faudrait 2 en minutes.run, et le disponible est de 1 :" in refusal.value.message(
        Locale.FR
    )


def test_a_p0_is_never_held_up_by_the_quota() -> None:
    ledger = a_ledger(1, overage=BLOCKED)

    entries = ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(2, is_p0=True)))

    assert took(entries) == [("hold", 1, 1), ("hold", None, 1)]
    assert ledger.book.balance(NOON) == Balance(available=0, held=2)


def test_what_was_held_over_the_allowance_is_drawn_anew_when_the_ticket_is_finished() -> None:
    ledger = a_ledger(1, overage=BILLED)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(3)))
    pack = ledger.lot(1, LotSource.PURCHASE, expires_at=None)

    entries = ledger.add(settle(ledger.book, posting(on("07-08 10:00"), "settle"), Work(3)))

    assert took(entries) == [
        ("consume", 1, 1),
        ("release", None, 2),
        ("consume", pack, 1),
        ("overage", None, 1),
    ]
    assert ledger.book.balance(NOON) == Balance(available=0, held=0)


def test_what_was_held_over_the_allowance_can_be_released() -> None:
    ledger = a_ledger(1, overage=BILLED)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(3)))

    entries = ledger.add(release(ledger.book, posting(NOON, "release")))

    assert took(entries) == [("release", None, 2), ("release", 1, 1)]
    assert ledger.book.holds == {}


def test_an_unlimited_forfait_is_counted_and_never_limited() -> None:
    ledger = Ledger(terms(is_unlimited=True))
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(7)))

    entries = [
        *ledger.add(settle(ledger.book, posting(NOON, "settle"), Work(9))),
        *ledger.add(consume(ledger.book, posting(NOON, "work"), Work(3))),
    ]

    assert took(entries) == [("consume", None, 7), ("consume", None, 2), ("consume", None, 3)]
    assert ledger.book.balance(NOON) == Balance(available=0, held=0)


@pytest.mark.parametrize("quantity", [0, -1])
def test_no_work_is_refused(quantity: int) -> None:
    with pytest.raises(QuantityNotPositive):
        Work(quantity)


def test_a_release_of_nothing_is_refused() -> None:
    ledger = a_ledger(5)
    ledger.add(hold(ledger.book, posting(NOON, "hold"), Work(2)))

    with pytest.raises(QuantityNotPositive):
        release(ledger.book, posting(NOON, "release"), 0)
