"""VAT as documents show it: what each rate comes to, its category, and why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.domain.errors import Locale
from helpdesk.domain.money import BASIS_POINTS, Money, NetLine, VatRegime

FRENCH_RATES = frozenset(
    {0, 90, 105, 175, 210, 550, 700, 850, 920, 960, 10_00, 13_00, 19_60, 20_00, 20_60}
)
"""The rates, in basis points, that the French e-invoicing profile knows (rule BR-FR-16)."""


class VatCategory(StrEnum):
    """How an amount stands to VAT, by the codes of UNTDID 5305 that EN 16931 uses."""

    STANDARD = "S"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why no VAT is asked for: its code in the list VATEX, and the mention the law wants."""

    code: str
    reason: Mapping[Locale, str]


EXEMPTIONS: Mapping[VatRegime, Exemption] = {
    VatRegime.FRANCHISE: Exemption(
        "VATEX-FR-FRANCHISE",
        {
            Locale.FR: "TVA non applicable, art. 293 B du CGI",
            Locale.EN: "VAT not applicable, art. 293 B of the French tax code (CGI)",
        },
    ),
    VatRegime.REVERSE_CHARGE: Exemption(
        "VATEX-EU-AE",
        {
            Locale.FR: "Autoliquidation : TVA due par le preneur, art. 283-2 du CGI",
            Locale.EN: "Reverse charge: VAT due by the customer, art. 283-2 of the CGI",
        },
    ),
    VatRegime.NET_OF_TAX: Exemption(
        "VATEX-FR-CNWVAT",
        {
            Locale.FR: "Avoir net de taxe : la TVA de la facture d'origine n'est pas rectifiée,"
            " art. 272 du CGI",
            Locale.EN: "Credit note net of tax: the VAT of the original invoice stands,"
            " art. 272 of the CGI",
        },
    ),
}
"""What each regime without VAT says on its documents; the standard one exempts nothing."""


@dataclass(frozen=True, slots=True)
class VatShare:
    """What the lines of one rate come to: before VAT, and the VAT on their sum."""

    category: VatCategory
    rate: int
    net: Money
    vat: Money


def category_of(regime: VatRegime, rate: int) -> VatCategory:
    """Return how a line at a rate, in basis points, stands to VAT.

    >>> category_of(VatRegime.STANDARD, 20_00).value, category_of(VatRegime.FRANCHISE, 0).value
    ('S', 'E')
    """
    if regime is VatRegime.REVERSE_CHARGE:
        return VatCategory.REVERSE_CHARGE
    return VatCategory.STANDARD if rate else VatCategory.EXEMPT


def vat_shares(lines: Iterable[NetLine], regime: VatRegime) -> tuple[VatShare, ...]:
    """Return what each rate comes to, the highest first: VAT half-up once, on the sum of its lines.

    The rate of a line is the one of the invoice that it reduces; a regime without VAT asks for
    none whatever that was. Raises CurrenciesDiffer. Source: rules R-VAT.

    >>> share = vat_shares([NetLine(Money(29_85), 20_00)], VatRegime.STANDARD)[0]
    >>> str(share.net), str(share.vat)
    ('29.85 EUR', '5.97 EUR')
    """
    sums: dict[int, Money] = {}
    for line in lines:
        rate = regime.rate(line.vat_rate)
        sums[rate] = sums[rate] + line.net if rate in sums else line.net
    return tuple(
        VatShare(category_of(regime, rate), rate, net, net.share(rate, BASIS_POINTS))
        for rate, net in sorted(sums.items(), key=lambda one: one[0], reverse=True)
    )
