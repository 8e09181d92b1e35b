"""The gauge of a forfait: its figure, its colour and its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import Locale
from helpdesk.domain.gauge import Gauge, GaugeState, gauge_of, unit_named
from helpdesk.domain.retainer_close import close_period, statement_of
from helpdesk.domain.retainer_correction import correct
from helpdesk.domain.retainer_entry import LotSource
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_use import Work, consume
from tests.domain.retainer_books import AUGUST, BILLED, JULY, Ledger, a_ledger, on, posting

RUN = RetainerUnit.RUN_MINUTES
TICKETS = RetainerUnit.CORRECTIVE_TICKETS


def used(ledger: Ledger, quantity: int, text: str = "07-06 10:00") -> None:
    ledger.add(consume(ledger.book, posting(on(text)), Work(quantity)))


def shown(ledger: Ledger, *, is_unlimited: bool = False) -> Gauge:
    return gauge_of(statement_of(ledger.entries, JULY), RUN, is_unlimited=is_unlimited)


@pytest.mark.parametrize(
    ("total", "consumed", "percent", "state"),
    [
        (180, 105, 58, GaugeState.OK),
        (1000, 744, 74, GaugeState.OK),
        (1000, 745, 75, GaugeState.WARNING),
        (4, 3, 75, GaugeState.WARNING),
        (1000, 994, 99, GaugeState.WARNING),
        (5, 5, 100, GaugeState.FULL),
        (5, 0, 0, GaugeState.OK),
        (0, 0, None, GaugeState.NONE),
    ],
)
def test_the_colour_follows_the_percentage_that_is_shown(
    total: int, consumed: int, percent: int | None, state: GaugeState
) -> None:
    gauge = Gauge(RUN, total, consumed)
    assert (gauge.percent, gauge.state) == (percent, state)


def test_what_is_over_the_allowance_shows_whatever_the_total() -> None:
    assert Gauge(RUN, total=120, used=150, over=30).state is GaugeState.OVER
    assert Gauge(RUN, total=120, used=150, over=30).percent == 125
    assert Gauge(RUN, total=0, used=30, over=30).state is GaugeState.OVER
    assert Gauge(RUN, total=0, used=30, over=30).percent is None


def test_an_unlimited_book_has_no_percentage() -> None:
    gauge = Gauge(TICKETS, total=0, used=7, is_unlimited=True)
    assert (gauge.percent, gauge.left, gauge.state) == (None, None, GaugeState.UNLIMITED)


def test_nothing_is_left_of_what_is_used_up() -> None:
    assert Gauge(RUN, 120, 45).left == 75
    assert Gauge(RUN, 120, 150, over=30).left == 0


@pytest.mark.parametrize(
    ("gauge", "english", "french"),
    [
        (
            Gauge(RUN, 180, 105),
            "105 of 180 minutes of small changes used (58%)",
            "105 sur 180 minutes de run évolutif (58 %)",
        ),
        (
            Gauge(TICKETS, 2, 3, over=1),
            "3 of 2 corrective tickets used (150%), 1 of them over the allowance",
            "3 sur 2 tickets correctifs (150 %), dont 1 au-delà du forfait",
        ),
        (
            Gauge(TICKETS, 0, 7, is_unlimited=True),
            "7 corrective tickets used, without a limit",
            "7 tickets correctifs, sans limite",
        ),
        (
            Gauge(RetainerUnit.PACK_MINUTES, 0, 0),
            "no allowance, 0 minutes of time packs used",
            "aucune dotation, 0 minutes de crédit-temps",
        ),
    ],
)
def test_the_gauge_is_told_in_words(gauge: Gauge, english: str, french: str) -> None:
    assert gauge.told(Locale.EN) == english
    assert gauge.told(Locale.FR) == french


@pytest.mark.parametrize("locale", Locale)
def test_every_unit_has_a_name(locale: Locale) -> None:
    assert len({unit_named(unit, locale) for unit in RetainerUnit}) == len(RetainerUnit)


def test_all_that_came_in_is_in_the_total() -> None:
    ledger = a_ledger(120)
    ledger.lot(60, LotSource.ROLLOVER)
    ledger.lot(15, LotSource.GESTURE)
    ledger.lot(300, LotSource.PURCHASE, expires_at=None)
    used(ledger, 105)

    assert shown(ledger) == Gauge(RUN, total=495, used=105)


def test_a_pack_of_an_earlier_month_is_in_the_total() -> None:
    ledger = a_ledger(120, overage=BILLED)
    ledger.lot(600, LotSource.PURCHASE, expires_at=None)
    used(ledger, 220)
    closing = posting(AUGUST.start, "close", source="close")
    ledger.add(close_period(ledger.book, closing, JULY))
    used(ledger, 600, "08-06 10:00")

    august = gauge_of(statement_of(ledger.entries, AUGUST), RUN)

    assert august == Gauge(RUN, total=500, used=600, over=100)


def test_what_no_lot_gave_is_used_too() -> None:
    ledger = a_ledger(120, overage=BILLED)
    used(ledger, 150)

    assert shown(ledger) == Gauge(RUN, total=120, used=150, over=30)


def test_an_unlimited_book_counts_what_was_used() -> None:
    ledger = a_ledger(10, is_unlimited=True)
    used(ledger, 30)

    assert shown(ledger, is_unlimited=True).used == 30


def test_what_a_closed_month_took_too_much_of_came_into_the_open_one() -> None:
    ledger = a_ledger(120)
    taken = consume(ledger.book, posting(on("07-06 10:00")), Work(60))
    ledger.add(taken)
    ledger.add(close_period(ledger.book, posting(AUGUST.start, "close", source="close"), JULY))
    ledger.book = ledger.book.closed_until(JULY.end)
    ledger.add(correct(ledger.book, posting(on("08-10 10:00"), "less"), taken, 45))

    august = gauge_of(statement_of(ledger.entries, AUGUST), RUN)

    assert august == Gauge(RUN, total=15, used=0)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_gauge_is_over_exactly_when_something_is(total: int, taken: int, over: int) -> None:
    gauge = Gauge(RUN, total, taken + over, over)

    assert (gauge.state is GaugeState.OVER) is (over > 0)
    assert (gauge.percent is None) is (total == 0)
