"""Amounts of money: whole cents of a currency, rounded in one named way, with the VAT on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale

EURO = "EUR"
CENTS_A_UNIT = 100
BASIS_POINTS = 100_00
"""Hundredths of a percent in a whole: VAT of 5.5 % is 550 of them."""

CURRENCIES = frozenset({
    "AED", "AUD", "BAM", "BGN", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR",
    "GBP", "GEL", "HKD", "HUF", "IDR", "ILS", "INR", "MAD", "MDL", "MGA", "MKD", "MUR",
    "MXN", "MYR", "NOK", "NZD", "PEN", "PHP", "PLN", "QAR", "RON", "RSD", "SAR", "SEK",
    "SGD", "THB", "TRY", "TWD", "UAH", "USD", "ZAR",
})  # fmt: skip
"""The currencies that prices are in: those of ISO 4217 that are divided in hundredths."""

_SYMBOLS = {EURO: "€", "USD": "$", "GBP": "£"}
_NO_BREAK_SPACE = "\u00a0"
_NARROW_NO_BREAK_SPACE = "\u202f"


class CurrenciesDiffer(HelpdeskError):
    """Nobody agreed on a rate, so amounts of two currencies are never added."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{one} and {other} do not add up: bill each currency on its own."
    french: ClassVar[str] = (
        "{one} et {other} ne s'additionnent pas : facturez chaque devise à part."
    )


class CurrencyUnknown(HelpdeskError):
    """An amount that no bank knows cannot be invoiced."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "“{currency}” is not a currency that prices are in: give its three letters of ISO 4217,"
        " such as EUR."
    )
    french: ClassVar[str] = (
        "« {currency} » n'est pas une devise pour un prix : donnez ses trois lettres ISO 4217,"
        " comme EUR."
    )


class PriceNotPositive(HelpdeskError):
    """What costs nothing has no price; a gesture is written down as one, with its reason."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{price} is no price: give more than 0, or leave the price out."
    french: ClassVar[str] = (
        "{price} n'est pas un prix : donnez plus de 0, ou n'indiquez pas de prix."
    )


def half_up(numerator: int, denominator: int) -> int:
    """Return a fraction as a whole number, a half away from zero; the denominator is positive.

    So a credit is rounded as the charge that it takes back. Source: conventions of the cases,
    ROUND_HALF_UP once per line.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -3, 2)
    """
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole cents; a negative one is owed to the client."""

    cents: int
    currency: str = EURO

    def __add__(self, other: "Money") -> "Money":
        """Return the sum; raise CurrenciesDiffer for two currencies."""
        if self.currency != other.currency:
            raise CurrenciesDiffer(one=self.currency, other=other.currency)
        return Money(self.cents + other.cents, self.currency)

    def __neg__(self) -> "Money":
        """Return the same amount owed the other way."""
        return Money(-self.cents, self.currency)

    def share(self, numerator: int, denominator: int) -> "Money":
        """Return a fraction of the amount, rounded half-up to the cent, once.

        >>> Money(199_00).share(15, 30)
        Money(cents=9950, currency='EUR')
        """
        return Money(half_up(self.cents * numerator, denominator), self.currency)

    def shown(self, locale: Locale) -> str:
        """Return the amount as the readers of a language write it.

        >>> Money(1_234_50).shown(Locale.EN)
        '€1,234.50'
        >>> Money(-1_234_50).shown(Locale.FR)
        '-1\\u202f234,50\\xa0€'
        """
        units, cents = divmod(abs(self.cents), CENTS_A_UNIT)
        sign = "-" if self.cents < 0 else ""
        symbol = _SYMBOLS.get(self.currency)
        if locale is Locale.FR:
            grouped = f"{units:,}".replace(",", _NARROW_NO_BREAK_SPACE)
            return f"{sign}{grouped},{cents:02}{_NO_BREAK_SPACE}{symbol or self.currency}"
        lead = symbol or f"{self.currency}{_NO_BREAK_SPACE}"
        return f"{sign}{lead}{units:,}.{cents:02}"

    @override
    def __str__(self) -> str:
        """Return the amount as programs write it, such as 99.50 EUR."""
        units, cents = divmod(abs(self.cents), CENTS_A_UNIT)
        return f"{'-' if self.cents < 0 else ''}{units}.{cents:02} {self.currency}"


def require_price(price: Money | None, *, path: tuple[str, ...]) -> None:
    """Refuse a price that nobody can be asked for; none at all is no mistake of the price.

    Raises PriceNotPositive and CurrencyUnknown, which name the input at `path`.
    """
    if price is None:
        return
    require_currency(price, path=path)
    if price.cents <= 0:
        raise PriceNotPositive(path=path, price=price)


def require_currency(amount: Money, *, path: tuple[str, ...]) -> None:
    """Refuse an amount in a currency that prices are not in. Raises CurrencyUnknown."""
    if amount.currency not in CURRENCIES:
        raise CurrencyUnknown(path=path, currency=amount.currency)


class VatRegime(StrEnum):
    """Under which rule of taxation an agency bills (rules R-VAT)."""

    STANDARD = "standard"
    FRANCHISE = "franchise"
    REVERSE_CHARGE = "reverse_charge"
    NET_OF_TAX = "net_de_taxe"

    def rate(self, basis_points: int) -> int:
        """Return the rate that is billed: the given one under the standard regime, else none.

        >>> VatRegime.STANDARD.rate(20_00), VatRegime.FRANCHISE.rate(20_00)
        (2000, 0)
        """
        return basis_points if self is VatRegime.STANDARD else 0


@dataclass(frozen=True, slots=True)
class NetLine:
    """A line of an invoice: its amount before VAT, and its rate in basis points (20 % is 2000)."""

    net: Money
    vat_rate: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What lines come to: before VAT, the VAT, and what is paid."""

    net: Money
    vat: Money

    @property
    def gross(self) -> Money:
        """What is paid, VAT included."""
        return self.net + self.vat


def totals_of(lines: Iterable[NetLine], *, currency: str = EURO) -> Totals:
    """Return what lines come to: VAT on the sum of the net lines of each rate, half-up once.

    Line by line, the VAT of three lines of 0.33 would be 21 cents; the law asks for 20. Raises
    CurrenciesDiffer. Source: conventions of the cases, docs/rules/retainer.md.

    >>> totals_of([NetLine(Money(19_90), 20_00), NetLine(Money(10_00), 10_00)])
    Totals(net=Money(cents=2990, currency='EUR'), vat=Money(cents=498, currency='EUR'))
    """
    net_by_rate: dict[int, Money] = {}
    nothing = Money(0, currency)
    for line in lines:
        net_by_rate[line.vat_rate] = net_by_rate.get(line.vat_rate, nothing) + line.net
    net = sum(net_by_rate.values(), start=nothing)
    vat = sum((money.share(rate, BASIS_POINTS) for rate, money in net_by_rate.items()), nothing)
    return Totals(net, vat)
