"""What a credit is a share of: the recurring fee of the month of the breach (R-CMP 1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.contract import Contract
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.money import EURO, Money, half_up
from helpdesk.domain.month import MONTHS_A_YEAR, Month
from helpdesk.domain.period import midnight
from helpdesk.domain.plan import TaxBasis
from helpdesk.domain.proration import Share

_INSTANT = timedelta(microseconds=1)


class FeeIncludesTax(HelpdeskError):
    """A credit is a part of the price before tax, and no contract says which rate is in the fee."""

    code: ClassVar[ErrorCode] = ErrorCode.CONTRACT_INCOMPLETE
    english: ClassVar[str] = (
        "The fee of contract {reference} has tax in it: amend the contract with the price HT."
    )
    french: ClassVar[str] = (
        "La redevance du contrat {reference} est TTC : faites un avenant avec le prix HT."
    )


@dataclass(frozen=True, slots=True)
class FeeDays:
    """A monthly fee before tax, and for how many days of the month it held."""

    monthly: Money
    days: int


@dataclass(frozen=True, slots=True)
class CompensationBase:
    """The recurring fee of a month before tax: each fee for the days on which it held.

    Packs, overage and one-off items are no part of it. Raises ShareImpossible and
    CurrenciesDiffer.
    """

    parts: tuple[FeeDays, ...]
    period_days: int

    def __post_init__(self) -> None:
        """Refuse more days than the month has, and two currencies."""
        Share(sum(part.days for part in self.parts), self.period_days)
        sum((part.monthly for part in self.parts), start=Money(0, self.currency))

    @property
    def currency(self) -> str:
        """The currency of the fee; the euro without one."""
        return self.parts[0].monthly.currency if self.parts else EURO

    @property
    def cents(self) -> Fraction:
        """The base in cents, exactly: it is rounded with the line and never before."""
        held = sum(part.monthly.cents * part.days for part in self.parts)
        return Fraction(held, self.period_days)

    @property
    def shown(self) -> Money:
        """The base as it is shown, half-up to the cent."""
        return Money(half_up(self.cents.numerator, self.cents.denominator), self.currency)

    @property
    def full_cents(self) -> Fraction:
        """What the whole month costs at the fee that held last."""
        return Fraction(self.parts[-1].monthly.cents) if self.parts else Fraction(0)


def twelfth(yearly_cents: int) -> Fraction:
    """Return the base in cents of a contract that is sold by the year (R-CMP 1, case M14).

    >>> twelfth(1596_00)
    Fraction(13300, 1)
    """
    return Fraction(yearly_cents, MONTHS_A_YEAR)


def month_days(month: Month) -> Iterator[date]:
    """Give the days of a month in order."""
    day = date(month.year, month.number, 1)
    while day.month == month.number:
        yield day
        day += timedelta(days=1)


def base_of(contract: Contract, month: Month, zone: ZoneInfo) -> CompensationBase:
    """Return what credits of a month are a share of, by local days.

    A day costs what the terms say at its end, so a plan that changed on the 16th counts from the
    16th on, as its charge does (R-PLAN). A day before the contract or after it, and one without a
    price, costs nothing. Raises FeeIncludesTax.
    """
    days = list(month_days(month))
    fees = (_fee(contract, day, zone) for day in days)
    parts = [FeeDays(fee, len(list(same))) for fee, same in groupby(fees) if fee is not None]
    return CompensationBase(tuple(parts), len(days))


def _fee(contract: Contract, day: date, zone: ZoneInfo) -> Money | None:
    if day < contract.starts_on or (contract.ends_on is not None and day >= contract.ends_on):
        return None
    terms = contract.terms_at(midnight(day + timedelta(days=1), zone) - _INSTANT)
    price = None if terms.commercial is None else terms.commercial.price
    if price is None:
        return None
    if price.value.tax_basis is TaxBasis.TTC:
        raise FeeIncludesTax(reference=contract.reference)
    return price.value.monthly
