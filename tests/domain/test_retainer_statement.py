"""The statement of a period: each movement with what is left after it, and sums that balance."""

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.gauge import Gauge
from helpdesk.domain.money import Money
from helpdesk.domain.period import Period
from helpdesk.domain.retainer_close import close_period, statement_of
from helpdesk.domain.retainer_correction import correct
from helpdesk.domain.retainer_entry import EntryKind, LotSource
from helpdesk.domain.retainer_statement import (
    RetainerStatement,
    movement_title,
    retainer_statement,
)
from helpdesk.domain.retainer_use import Work, consume, hold
from tests.domain.retainer_books import AUGUST, BILLED, JULY, PARIS, Ledger, a_ledger, on, posting


def of(ledger: Ledger, period: Period) -> RetainerStatement:
    """Return a statement as it is read: earlier entries are only summed."""
    earlier = [one for one in ledger.entries if one.period.start < period.start]
    own = [one for one in ledger.entries if one.period == period]
    opening = sum(one.left_change for one in earlier)
    statement = retainer_statement(ledger.book.terms, opening, own, period)
    assert statement.sums == statement_of(ledger.entries, period)
    assert statement.sums.is_balanced
    return statement


def a_summer() -> Ledger:
    """Return a book with July used up and over, a pack, and a correction of July in August."""
    ledger = a_ledger(120, overage=BILLED)
    ledger.add(hold(ledger.book, posting(on("07-05 10:00"), source="ticket:1"), Work(30)))
    taken = consume(ledger.book, posting(on("07-06 10:00")), Work(150))
    ledger.add(taken)
    ledger.add(close_period(ledger.book, posting(AUGUST.start, "close", source="close"), JULY))
    ledger.book = ledger.book.closed_until(JULY.end)
    ledger.lot(600, LotSource.PURCHASE, effective_at=on("08-02 10:00"), expires_at=None)
    ledger.add(correct(ledger.book, posting(on("08-10 10:00"), "less"), taken, 75))
    return ledger


def test_every_line_says_what_is_left_after_it() -> None:
    july = of(a_summer(), JULY)

    assert [(line.entry.kind, line.entry.quantity, line.left) for line in july.lines] == [
        (EntryKind.GRANT, 120, 120),
        (EntryKind.HOLD, 30, 120),
        (EntryKind.CONSUME, 90, 30),
        (EntryKind.OVERAGE, 60, 30),
    ]
    assert (july.sums.opening, july.sums.closing, july.period) == (0, 30, JULY)
    assert july.gauge == Gauge(july.terms.unit, total=120, used=150, over=60)


def test_a_period_opens_with_what_the_last_one_left() -> None:
    august = of(a_summer(), AUGUST)

    assert august.sums.opening == 30
    assert august.lines[0].left == 630
    assert august.lines[-1].left == august.sums.closing


def test_work_over_the_allowance_is_summed_at_its_price() -> None:
    ledger = a_summer()

    assert of(ledger, JULY).amounts == (Money(90_00),)
    assert of(ledger, AUGUST).amounts == (Money(-90_00),)
    assert of(a_ledger(120), JULY).amounts == ()


def test_a_correction_names_the_month_that_it_puts_right() -> None:
    ledger = a_summer()
    titles = [movement_title(one, PARIS, Locale.FR) for one in ledger.entries]

    assert titles[:4] == ["Dotation", "Réservation", "Consommation", "Dépassement"]
    assert set(titles[5:]) == {"Régularisation juillet 2026"}
    assert movement_title(ledger.entries[-1], PARIS, Locale.EN) == "Correction of July 2026"


@pytest.mark.parametrize("locale", Locale)
def test_every_movement_has_a_name_of_its_own(locale: Locale) -> None:
    entry = a_ledger(1).entries[0]
    titles = set()
    for kind in EntryKind:
        move = type(entry.move)(kind, 1, entry.move.effective_at)
        renamed = type(entry)(entry.number, move, entry.period, entry.posting, "")
        titles.add(movement_title(renamed, PARIS, locale))

    assert len(titles) == len(EntryKind)
