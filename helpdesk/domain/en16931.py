"""A fiscal document in the terms of EN 16931, the European standard of electronic invoices.

Each field names its term (BT-) or group (BG-) of the standard; amounts are decimals, as the file
will show them. What the French profile asks of such a document is in `en16931_rules`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.party import DIRECTORY_SCHEME, Party, PostalAddress

CREDIT_NOTE_CODE = "381"
GLOBAL_CREDIT_NOTE_CODE = "262"
SERVICES_PROCESS = "S1"
PROFILE = "urn:cen.eu:en16931:2017"

RECOVERY_FEE, LATE_PENALTIES, DISCOUNT = "PMT", "PMD", "AAB"
PAYMENT_NOTES = (DISCOUNT, LATE_PENALTIES, RECOVERY_FEE)
TREATMENT, FREE_TEXT = "BAR", "AAI"
BETWEEN_FRENCH_COMPANIES, WITH_FOREIGN_COMPANY, WITH_CONSUMER = "B2B", "B2BINT", "B2C"


_UNWRITABLE = dict.fromkeys(
    {*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF} - {0x09, 0x0A, 0x0D}
)


class ProfileRuleBroken(HelpdeskError):
    """A file that the receiving platform will refuse must not take a number of the series."""

    code: ClassVar[ErrorCode] = ErrorCode.PROFILE_RULE_BROKEN
    english: ClassVar[str] = "Rule {rule} of electronic invoices would be broken ({terms}): {what}."
    french: ClassVar[str] = (
        "La règle {rule} des factures électroniques serait enfreinte ({terms}) : {what}."
    )


@dataclass(frozen=True, slots=True)
class ExchangeNote:
    """A note (BG-1): its subject by UNTDID 4451 (BT-21), and what it says (BT-22)."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ExchangeParty:
    """Seller (BG-4) or buyer (BG-7); `siren` is BT-30 or BT-47, `routed_to` BT-34 or BT-49."""

    name: str
    address: PostalAddress
    siren: str
    vat_number: str
    routed_to: str
    scheme: str = DIRECTORY_SCHEME

    @classmethod
    def of(cls, party: Party) -> "ExchangeParty":
        """Return a party as the file names it."""
        return cls(
            name=party.name,
            address=party.address,
            siren=party.siren,
            vat_number=party.vat_number,
            routed_to=party.routed_to,
            scheme=party.routing_scheme,
        )


@dataclass(frozen=True, slots=True)
class ExchangeReference:
    """An invoice that is reduced (BG-3): its number (BT-25) and its date (BT-26)."""

    number: str
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """A line (BG-25) of quantity 1: label (BT-153), what proves it (BT-127), net (BT-131), VAT."""

    label: str
    net: Decimal
    category: str
    rate: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeTax:
    """What a rate comes to (BG-23): net (BT-116), VAT (BT-117), category (118), rate (119)."""

    net: Decimal
    vat: Decimal
    category: str
    rate: Decimal
    exemption_code: str = ""
    exemption_reason: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeTotals:
    """The sums (BG-22): lines (BT-106), net (109), VAT (110), gross (112), due (115)."""

    lines: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    due: Decimal


@dataclass(frozen=True, slots=True)
class ExchangeDocument:
    """A credit note as a file says it: number (BT-1), date (BT-2), type (BT-3), contract (BT-12).

    `first_day` and `last_day` are the period (BG-14), `delivered_on` is BT-72, `process` BT-23;
    `is_vat_on_debits` is written as BT-8.
    """

    number: str
    issued_on: date
    type_code: str
    seller: ExchangeParty
    buyer: ExchangeParty
    lines: tuple[ExchangeLine, ...]
    taxes: tuple[ExchangeTax, ...]
    totals: ExchangeTotals
    notes: tuple[ExchangeNote, ...]
    preceding: tuple[ExchangeReference, ...]
    contract: str
    delivered_on: date
    first_day: date | None = None
    last_day: date | None = None
    currency: str = "EUR"
    process: str = SERVICES_PROCESS
    is_vat_on_debits: bool = False

    @property
    def treatment(self) -> str:
        """Between whom it passes, as its note BAR says; empty without one."""
        return next((note.text for note in self.notes if note.code == TREATMENT), "")


def writable(text: str) -> str:
    r"""Return a text without the characters that XML 1.0 has no way to write.

    >>> writable("a\x01b\n")
    'ab\n'
    """
    return text.translate(_UNWRITABLE)


def treatment_of(buyer: Party) -> str:
    """Return what the note BAR says: between whom the document passes."""
    if buyer.is_consumer:
        return WITH_CONSUMER
    return BETWEEN_FRENCH_COMPANIES if buyer.is_french else WITH_FOREIGN_COMPANY
