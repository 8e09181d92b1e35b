"""Amounts of money: rounding, VAT by rate, and how they are written."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import ErrorCode, Locale
from helpdesk.domain.money import (
    CurrenciesDiffer,
    Money,
    NetLine,
    Totals,
    VatRegime,
    half_up,
    totals_of,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(1, 2, 1), (-1, 2, -1), (149, 100, 1), (150, 100, 2), (-149, 100, -1), (0, 7, 0), (6, 3, 2)],
)
def test_a_half_is_rounded_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_rounding_never_moves_by_more_than_a_half(numerator: int, denominator: int) -> None:
    error = abs(half_up(numerator, denominator) - Fraction(numerator, denominator))

    assert error <= Fraction(1, 2)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_a_credit_is_rounded_as_the_charge_it_takes_back(numerator: int, denominator: int) -> None:
    assert half_up(-numerator, denominator) == -half_up(numerator, denominator)


def test_vat_is_counted_on_the_sum_of_the_lines_of_a_rate() -> None:
    three_small_lines = [NetLine(Money(33), 20_00)] * 3

    assert totals_of(three_small_lines) == Totals(Money(99), Money(20))


def test_each_rate_has_its_vat_and_they_add_up() -> None:
    totals = totals_of([NetLine(Money(19_90), 20_00), NetLine(Money(10_00), 5_50)])

    assert (totals.net, totals.vat, totals.gross) == (Money(29_90), Money(4_53), Money(34_43))


def test_no_line_comes_to_nothing() -> None:
    assert totals_of([], currency="USD") == Totals(Money(0, "USD"), Money(0, "USD"))


@pytest.mark.parametrize("regime", set(VatRegime) - {VatRegime.STANDARD})
def test_vat_is_billed_under_the_standard_regime_only(regime: VatRegime) -> None:
    assert regime.rate(20_00) == 0
    assert VatRegime.STANDARD.rate(20_00) == 20_00


def test_amounts_of_two_currencies_are_not_added() -> None:
    with pytest.raises(CurrenciesDiffer) as refusal:
        totals_of([NetLine(Money(1), 0), NetLine(Money(1, "USD"), 0)])

    assert refusal.value.code is ErrorCode.BAD_INPUT


@pytest.mark.parametrize(
    ("money", "english", "french"),
    [
        (Money(0), "€0.00", "0,00\u00a0€"),
        (Money(-5), "-€0.05", "-0,05\u00a0€"),
        (Money(1_234_567_89), "€1,234,567.89", "1\u202f234\u202f567,89\u00a0€"),
        (Money(133_00, "USD"), "$133.00", "133,00\u00a0$"),
        (Money(133_00, "CHF"), "CHF\u00a0133.00", "133,00\u00a0CHF"),
    ],
)
def test_an_amount_is_written_as_the_reader_writes_it(
    money: Money, english: str, french: str
) -> None:
    assert (money.shown(Locale.EN), money.shown(Locale.FR)) == (english, french)


def test_programs_write_an_amount_with_two_decimals_and_its_currency() -> None:
    assert [str(Money(9_950)), str(Money(-5, "USD"))] == ["99.50 EUR", "-0.05 USD"]
