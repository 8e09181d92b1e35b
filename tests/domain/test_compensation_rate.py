"""What a breach is worth before any bound: every mode, to the fraction of a cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.compensation_base import (
    CompensationBase,
    FeeDays,
    FeeIncludesTax,
    base_of,
    month_days,
    twelfth,
)
from helpdesk.domain.compensation_clause import (
    ResolutionCredit,
    ResolutionMode,
    UptimeCredit,
    UptimeMode,
    UptimeTier,
)
from helpdesk.domain.compensation_rate import (
    Overrun,
    UptimeFigure,
    resolution_cents,
    uptime_cents,
    uptime_percent,
)
from helpdesk.domain.money import CurrenciesDiffer, Money
from helpdesk.domain.month import Month
from helpdesk.domain.period import midnight
from helpdesk.domain.plan import TaxBasis
from helpdesk.domain.proration import ShareImpossible
from tests.domain.commercial import PARIS
from tests.domain.compensations import HOUR, JULY, LONG_AGO, at_a_price, compensating, sold
from tests.factories import a_contract, some_terms

FEE = Fraction(199_00)
MONTH = 744 * HOUR
OVER = Overrun(8 * HOUR, 8 * HOUR + 140 * 60)
FIVE = Decimal(5)


@pytest.mark.parametrize(
    ("credit", "cents"),
    [
        (ResolutionCredit(ResolutionMode.PER_STARTED_HOUR, FIVE), 29_85),
        (ResolutionCredit(ResolutionMode.PER_MINUTE, FIVE), FEE * 5 / 100 * 140 / 60),
        (ResolutionCredit(ResolutionMode.RATIO_TO_TARGET), FEE * 140 / 480),
        (ResolutionCredit(ResolutionMode.PRORATA_TEMPORIS), FEE * 140 / (744 * 60)),
        (ResolutionCredit(ResolutionMode.FIXED, fixed=Money(50_00)), 50_00),
        (ResolutionCredit(ResolutionMode.NONE), 0),
    ],
)
def test_each_mode_is_worth_its_own_share(credit: ResolutionCredit, cents: Fraction) -> None:
    assert resolution_cents(credit, FEE, OVER, month_seconds=MONTH) == cents


@pytest.mark.parametrize("mode", ResolutionMode)
def test_a_promise_broken_on_the_dot_is_worth_nothing_but_a_fixed_amount(
    mode: ResolutionMode,
) -> None:
    credit = ResolutionCredit(mode, FIVE, Money(50_00))
    on_the_dot = Overrun(8 * HOUR, 8 * HOUR)

    cents = resolution_cents(credit, FEE, on_the_dot, month_seconds=MONTH)

    assert cents == (50_00 if mode is ResolutionMode.FIXED else 0)


def test_a_second_over_begins_an_hour_and_a_minute() -> None:
    over = Overrun(HOUR, HOUR + 1)

    assert (over.over_seconds, over.started_hours, over.started_minutes) == (1, 1, 1)
    assert Overrun(HOUR, 0).started_hours == 0


def test_the_ratio_to_the_target_is_never_more_than_the_fee() -> None:
    credit = ResolutionCredit(ResolutionMode.RATIO_TO_TARGET)

    assert resolution_cents(credit, FEE, Overrun(10, 1000), month_seconds=MONTH) == FEE
    assert resolution_cents(credit, FEE, Overrun(0, 1000), month_seconds=MONTH) == 0


TIERS = (
    UptimeTier(Decimal("99.0"), Decimal(10)),
    UptimeTier(Decimal("95.0"), Decimal(25)),
    UptimeTier(Decimal("90.0"), Decimal(50)),
)


def of_month(up: str) -> UptimeFigure:
    return UptimeFigure(Fraction(up) / 100, Fraction(995, 1000))


@pytest.mark.parametrize(
    ("up", "percent"),
    [
        ("99.5", 0),
        ("99.4999", 10),
        ("99", 10),
        ("98.99999", 25),
        ("95", 25),
        ("94.99", 50),
        ("3", 50),
    ],
)
def test_a_lower_bound_belongs_to_its_tier_and_the_last_one_has_none(up: str, percent: int) -> None:
    credit = UptimeCredit(UptimeMode.TIERS, TIERS)

    assert uptime_percent(credit, of_month(up)) == percent
    assert uptime_cents(credit, FEE, of_month(up)) == FEE * percent / 100


@pytest.mark.parametrize(("up", "steps"), [("99.5", 0), ("99.49999", 1), ("99.4", 1), ("99.31", 2)])
def test_a_step_of_points_that_began_counts(up: str, steps: int) -> None:
    credit = UptimeCredit(UptimeMode.PER_STEP, percent_per_step=Decimal(2))

    assert uptime_percent(credit, of_month(up)) == 2 * steps


def test_the_fee_of_the_time_without_service_is_given_back() -> None:
    assert uptime_percent(UptimeCredit(UptimeMode.PRORATA), of_month("98")) == 2
    assert uptime_percent(UptimeCredit(UptimeMode.PRORATA), of_month("99.6")) == 0
    assert uptime_percent(UptimeCredit(UptimeMode.NONE), of_month("10")) == 0


def test_the_base_is_the_fee_of_a_whole_month() -> None:
    base = base_of(compensating(), JULY, PARIS)

    assert base == CompensationBase((FeeDays(Money(199_00), 31),), 31)
    assert base.cents == base.full_cents == 199_00
    assert base.shown == Money(199_00)


def test_the_base_of_a_part_of_a_month_is_prorated_by_local_days_and_not_rounded() -> None:
    contract = compensating(starts_on=date(2026, 7, 22), ends_on=date(2026, 8, 15))

    july, august = (base_of(contract, month, PARIS) for month in (JULY, Month(2026, 8)))

    assert (july.parts[0].days, august.parts[0].days) == (10, 14)
    assert july.cents == Fraction(199_00 * 10, 31)
    assert july.shown == Money(64_19)


def test_a_change_of_plan_counts_from_its_local_day_on() -> None:
    changed = midnight(date(2026, 9, 16), PARIS)
    contract = a_contract(
        terms=(
            some_terms(1, LONG_AGO, commercial=sold()),
            some_terms(2, changed, commercial=sold(price=at_a_price(299_00))),
        )
    )

    base = base_of(contract, Month(2026, 9), PARIS)

    assert base.parts == (FeeDays(Money(199_00), 15), FeeDays(Money(299_00), 15))
    assert base.cents == 249_00
    assert base.full_cents == 299_00


@pytest.mark.parametrize("commercial", [None, sold(price=None)])
def test_without_a_price_there_is_nothing_to_share(commercial: CommercialTerms | None) -> None:
    contract = a_contract(terms=(some_terms(1, LONG_AGO, commercial=commercial),))

    base = base_of(contract, JULY, PARIS)

    assert base == CompensationBase((), 31)
    assert base.cents == base.full_cents == 0
    assert base.currency == "EUR"


def test_the_fee_of_a_year_has_twelve_parts() -> None:
    assert twelfth(1596_00) == 133_00
    assert twelfth(100) == Fraction(100, 12)


def test_a_fee_with_tax_in_it_is_no_base() -> None:
    terms = some_terms(commercial=sold(price=at_a_price(199_00, TaxBasis.TTC)))

    with pytest.raises(FeeIncludesTax):
        base_of(a_contract(terms=(terms,)), JULY, PARIS)


def test_a_base_has_no_more_days_than_its_month_and_one_currency() -> None:
    with pytest.raises(ShareImpossible):
        CompensationBase((FeeDays(Money(1), 32),), 31)
    with pytest.raises(CurrenciesDiffer):
        CompensationBase((FeeDays(Money(1), 1), FeeDays(Money(1, "USD"), 1)), 31)


def test_a_month_has_its_own_days() -> None:
    days = list(month_days(Month(2028, 2)))

    assert (days[0], days[-1]) == (date(2028, 2, 1), date(2028, 2, 29))
    assert list(month_days(Month(2026, 12)))[-1] == date(2026, 12, 31)


def test_a_contract_over_before_the_month_has_no_base() -> None:
    contract = replace(compensating(), ends_on=date(2026, 7, 1))

    assert base_of(contract, JULY, PARIS).parts == ()
