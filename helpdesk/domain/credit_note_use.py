"""What credit notes may come to: no more than was invoiced, never less than nothing to pay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from helpdesk.domain.credit_note import InvoiceShare
from helpdesk.domain.credit_note_series import NumberInvalid
from helpdesk.domain.en16931 import ProfileRuleBroken
from helpdesk.domain.en16931_rules import number_is_valid
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, CreditNoteId, InvoiceId
from helpdesk.domain.money import EURO, Money, NetLine, Totals, totals_of
from helpdesk.domain.vat import FRENCH_RATES

MOST_CENTS = 2**31 - 1
"""The largest amount that is kept: 21 million and a half, in cents."""


class InvoiceAmountInvalid(HelpdeskError):
    """An invoice is what credit notes are measured by, so it says what was billed at each rate."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "Invoice {number} says {amount} at {rate} basis points: give an amount above nothing for"
        " each rate, each rate once, and no more than 21 million in all."
    )
    french: ClassVar[str] = (
        "La facture {number} indique {amount} à {rate} points de base : donnez un montant positif"
        " par taux, chaque taux une fois, et 21 millions au plus en tout."
    )


class CreditAboveInvoice(HelpdeskError):
    """A credit note gives back what was billed; more than that would be a gift, or an error."""

    code: ClassVar[ErrorCode] = ErrorCode.CREDIT_ABOVE_INVOICE
    english: ClassVar[str] = (
        "{requested} were asked for and the invoices leave {granted}: name another invoice for the"
        " {excess} that remain, or pay them back."
    )
    french: ClassVar[str] = (
        "{requested} demandés, les factures en laissent {granted} : indiquez une autre facture pour"
        " les {excess} restants, ou remboursez-les."
    )


class CreditExhausted(HelpdeskError):
    """A credit is worth its amount once."""

    code: ClassVar[ErrorCode] = ErrorCode.CREDIT_ABOVE_INVOICE
    english: ClassVar[str] = "{number} has {left} left and {asked} were asked for."
    french: ClassVar[str] = "Il reste {left} sur {number} et {asked} sont demandés."


class RateAmbiguous(HelpdeskError):
    """A credit bears the VAT of what it reduces, so the rate must be that of the invoices."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "The invoices bear the rates {rates} (basis points): say which one of them is reduced."
    )
    french: ClassVar[str] = (
        "Les factures portent les taux {rates} (points de base) : dites lequel est réduit."
    )


@dataclass(frozen=True, slots=True)
class ExternalInvoice:
    """An invoice that another tool issued: number, date, what it bills without tax at each rate.

    `nets` are amounts by rate in basis points. Raises NumberInvalid, ProfileRuleBroken for a rate
    that France does not know, and InvoiceAmountInvalid. Source: R-CN 4.
    """

    id: InvoiceId
    agency_id: AgencyId
    client_id: ClientId
    number: str
    issued_on: date
    nets: Mapping[int, Money]
    contract_id: ContractId | None = None
    currency: str = EURO

    def __post_init__(self) -> None:
        """Refuse what no credit note could refer to."""
        if not number_is_valid(self.number):
            raise NumberInvalid(path=("number",), number=self.number[:60])
        if not self.nets:
            raise InvoiceAmountInvalid(path=("amounts",), number=self.number, amount="-", rate="-")
        for rate, net in self.nets.items():
            if rate not in FRENCH_RATES:
                what = f"{rate / 100} % is no French rate"
                raise ProfileRuleBroken(
                    path=("amounts",), rule="BR-FR-16", terms="BT-119", what=what
                )
            if net.cents <= 0 or net.currency != self.currency:
                raise InvoiceAmountInvalid(
                    path=("amounts",), number=self.number, amount=net, rate=rate
                )

        if self.totals.gross.cents > MOST_CENTS:
            raise InvoiceAmountInvalid(
                path=("amounts",), number=self.number, amount=self.totals.gross, rate="-"
            )

    @property
    def totals(self) -> Totals:
        """What it comes to, VAT on the sum of each rate."""
        lines = (NetLine(net, rate) for rate, net in sorted(self.nets.items()))
        return totals_of(lines, currency=self.currency)


@dataclass(frozen=True, slots=True)
class Grant:
    """How far a credit fits: what the invoices take of it, invoice by invoice, and the excess."""

    shares: tuple[InvoiceShare, ...]
    granted: Money
    excess: Money


@dataclass(frozen=True, slots=True)
class Reducible:
    """An invoice with what credit notes took of it already, without tax, by rate."""

    invoice: ExternalInvoice
    credited: Mapping[int, Money] = field(default_factory=dict)

    def left(self, rate: int) -> Money:
        """Return what can still be credited at a rate."""
        nothing = Money(0, self.invoice.currency)
        billed = self.invoice.nets.get(rate, nothing)
        return billed + -self.credited.get(rate, nothing)


def granted(requested: Money, rate: int, invoices: Iterable[Reducible]) -> Grant:
    """Return how much of a credit the invoices take, one after the other, at one rate.

    The sum of the credit notes of an invoice stays within it at each rate (R-CN 2).

    >>> bill = ExternalInvoice(InvoiceId("f"), AgencyId("a"), ClientId("c"), "F1",
    ...                        date(2026, 7, 1), {20_00: Money(99_00)})
    >>> fit = granted(Money(49_50), 20_00, [Reducible(bill, {20_00: Money(80_00)})])
    >>> str(fit.granted), str(fit.excess)
    ('19.00 EUR', '30.50 EUR')
    """
    excess, shares = requested, []
    for one in invoices:
        part = min(excess.cents, one.left(rate).cents)
        if part > 0:
            invoice, net = one.invoice, Money(part, requested.currency)
            shares.append(InvoiceShare(invoice.id, invoice.number, invoice.issued_on, rate, net))
            excess = excess + -net
    return Grant(tuple(shares), requested + -excess, excess)


def require_granted(requested: Money, rate: int, invoices: Iterable[Reducible]) -> Grant:
    """Return the same, but refuse with CreditAboveInvoice what does not fit whole."""
    grant = granted(requested, rate, invoices)
    if grant.excess.cents > 0:
        raise CreditAboveInvoice(
            path=("invoiceIds",),
            requested=requested,
            granted=grant.granted,
            excess=grant.excess,
        )
    return grant


def rate_of(invoices: Sequence[Reducible], wanted: int | None = None) -> int:
    """Return the rate at which the invoices are reduced: their only one, or the one of them wanted.

    Raises RateAmbiguous.
    """
    rates = sorted({rate for one in invoices for rate in one.invoice.nets})
    if wanted in rates:
        return wanted
    if wanted is None and len(rates) == 1:
        return rates[0]
    raise RateAmbiguous(path=("vatBasisPoints",), rates=", ".join(map(str, rates)))


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """A credit note of which something is left, with its tax; `issued_on` and `number` order it."""

    id: CreditNoteId
    number: str
    issued_on: date
    left: Money


@dataclass(frozen=True, slots=True)
class Part:
    """What one credit note pays of an invoice, and what is left of it afterwards."""

    credit: OpenCredit
    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Application:
    """What credit notes pay of an invoice, the oldest first, and what the client still pays."""

    parts: tuple[Part, ...]
    payable: Money

    @property
    def applied(self) -> Money:
        """What the credit notes pay together."""
        return sum((one.amount for one in self.parts), Money(0, self.payable.currency))


def applied(credits_open: Iterable[OpenCredit], payable: Money) -> Application:
    """Return how open credit notes pay an invoice, with its VAT: the oldest first, down to zero.

    What is left of a credit note waits for the next invoice. Source: R-CN 3.

    >>> old = OpenCredit(CreditNoteId("1"), "AV2026-000001", date(2026, 7, 1), Money(35_82))
    >>> new = OpenCredit(CreditNoteId("2"), "AV2026-000002", date(2026, 8, 1), Money(61_20))
    >>> paid = applied([new, old], Money(50_00))
    >>> [(one.credit.number, one.amount.cents, one.left.cents) for one in paid.parts]
    [('AV2026-000001', 3582, 0), ('AV2026-000002', 1418, 4702)]
    >>> paid.payable.cents
    0
    """
    parts: list[Part] = []
    for credit in sorted(credits_open, key=lambda one: (one.issued_on, one.number)):
        amount = Money(min(credit.left.cents, payable.cents), payable.currency)
        if amount.cents > 0:
            parts.append(Part(credit, amount, credit.left + -amount))
            payable = payable + -amount
    return Application(tuple(parts), payable)


def require_left(credit: OpenCredit, asked: Money) -> None:
    """Refuse, with CreditExhausted, to use more of a credit note than is left, or nothing of it."""
    if not 0 < asked.cents <= (credit.left + -Money(0, asked.currency)).cents:
        raise CreditExhausted(
            path=("amountCents",), number=credit.number, left=credit.left, asked=asked
        )
