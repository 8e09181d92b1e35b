"""Our own copy of the rules that a credit note passes before it takes a number.

The names are those of EN 16931 (BR-) and of the French profile (BR-FR-). The rules that the
standard lacks, and whose breach a receiver would not see, are ours (HD-). Source: R-EINV,
checked against the Schematron files of the profile.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from helpdesk.domain.en16931 import (
    BETWEEN_FRENCH_COMPANIES,
    CREDIT_NOTE_CODE,
    GLOBAL_CREDIT_NOTE_CODE,
    PAYMENT_NOTES,
    TREATMENT,
    WITH_CONSUMER,
    WITH_FOREIGN_COMPANY,
    ExchangeDocument,
    ExchangeParty,
    ProfileRuleBroken,
    writable,
)
from helpdesk.domain.money import BASIS_POINTS
from helpdesk.domain.party import DIRECTORY_SCHEME, siren_adds_up
from helpdesk.domain.vat import FRENCH_RATES, VatCategory

LONGEST_NUMBER = 35
LONGEST_ADDRESS = 125
FIRST_YEAR, LAST_YEAR = 2000, 2099

TYPE_CODES = frozenset(
    {"380", "389", "393", "501", "386", "500", "384", "471", "472", "473"}
    | {"261", "262", "381", "396", "502", "503"}
)
CREDIT_CODES = frozenset({"261", CREDIT_NOTE_CODE, "396", "502", "503"})
CORRECTION_CODES = frozenset({"384", "471", "472", "473"})
PROCESSES = frozenset(
    {"B1", "S1", "M1", "B2", "S2", "M2", "S3", "B4", "S4", "M4"}
    | {"S5", "S6", "B7", "S7", "B8", "S8", "M8", "B9", "S9", "M9"}
)
TREATMENTS = frozenset(
    {BETWEEN_FRENCH_COMPANIES, WITH_FOREIGN_COMPANY, WITH_CONSUMER}
    | {"B2CINT", "OUTOFSCOPE", "ARCHIVEONLY"}
)

_NUMBER = re.compile(r"[A-Za-z0-9+\-_/]+", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z0-9+\-_.]+", re.ASCII)
_NINE_DIGITS = re.compile(r"[0-9]{9}", re.ASCII)
_CENT = Decimal("0.01")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a document breaks: its name, the terms at fault, and what is wrong there."""

    rule: str
    terms: str
    what: str


Findings = Iterator[Finding]


def number_is_valid(number: str) -> bool:
    """Return whether a number may name a document: 1 to 35 letters, digits, + - _ or /.

    Source: BR-FR-01 and BR-FR-02.

    >>> number_is_valid("AV2026-000001"), number_is_valid("AV 2026 1"), number_is_valid("")
    (True, False, False)
    """
    return len(number) <= LONGEST_NUMBER and _NUMBER.fullmatch(number) is not None


def findings(document: ExchangeDocument) -> tuple[Finding, ...]:
    """Return every rule that a document breaks, none when it is good."""
    return tuple(finding for rule in _RULES for finding in rule(document))


def check(document: ExchangeDocument) -> None:
    """Refuse, with ProfileRuleBroken, a document that breaks a rule."""
    for finding in findings(document):
        raise ProfileRuleBroken(rule=finding.rule, terms=finding.terms, what=finding.what)


def _numbers(document: ExchangeDocument) -> Findings:
    if not document.number:
        yield Finding("BR-02", "BT-1", "the number is missing")
    named = [("BT-1", document.number), *(("BT-25", one.number) for one in document.preceding)]
    for term, number in named:
        if len(number) > LONGEST_NUMBER:
            yield Finding("BR-FR-01", term, f"“{number}” has more than 35 characters")
        elif number and _NUMBER.fullmatch(number) is None:
            yield Finding("BR-FR-02", term, f"“{number}” has more than letters, digits and + - _ /")


def _dates(document: ExchangeDocument) -> Findings:
    dates: list[tuple[str, date | None]] = [
        ("BT-2", document.issued_on),
        ("BT-72", document.delivered_on),
        ("BT-73", document.first_day),
        ("BT-74", document.last_day),
        *(("BT-26", one.issued_on) for one in document.preceding),
    ]
    for term, day in dates:
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield Finding("BR-FR-03", term, f"the year of {day} is not between 2000 and 2099")
    if document.first_day and document.last_day and document.last_day < document.first_day:
        yield Finding("BR-29", "BT-73, BT-74", "the period ends before it starts")
    for one in document.preceding:
        if one.issued_on is not None and one.issued_on > document.issued_on:
            yield Finding(
                "HD-DATES", "BT-26", f"invoice {one.number} is later than its credit note"
            )


def _kind(document: ExchangeDocument) -> Findings:
    if document.type_code not in TYPE_CODES:
        yield Finding("BR-FR-04", "BT-3", f"the type “{document.type_code}” is not allowed")
    if document.process not in PROCESSES:
        yield Finding("BR-FR-08", "BT-23", f"the process “{document.process}” is not allowed")
    if document.currency != "EUR":
        yield Finding("BR-FR-CO-12", "BT-5", "the VAT in euro is missing; bill in EUR")


def _notes(document: ExchangeDocument) -> Findings:
    codes = [note.code for note in document.notes]
    for code in PAYMENT_NOTES:
        if code not in codes:
            yield Finding("BR-FR-05", f"BT-21 {code}", f"the note {code} is missing")
        elif codes.count(code) > 1:
            yield Finding("BR-FR-06", f"BT-21 {code}", f"the note {code} stands there twice")
    treatments = [note.text for note in document.notes if note.code == TREATMENT]
    if len(treatments) > 1:
        yield Finding("BR-FR-31", "BT-21 BAR", "the note BAR stands there twice")
    for treatment in treatments:
        if treatment not in TREATMENTS:
            yield Finding("BR-FR-20", "BT-22 BAR", f"“{treatment}” is no treatment")


def _seller(document: ExchangeDocument) -> Findings:
    seller = document.seller
    if _NINE_DIGITS.fullmatch(seller.siren) is None:
        yield Finding("BR-FR-10", "BT-30", "the SIREN of the seller is missing or not 9 digits")
    elif not siren_adds_up(seller.siren):
        yield Finding("HD-SIREN", "BT-30", f"the key of the SIREN {seller.siren} is wrong")
    if not seller.routed_to:
        yield Finding("BR-FR-13", "BT-34", "the electronic address of the seller is missing")
    yield from _party(seller, "BR-06 BT-27 BT-34")


def _buyer(document: ExchangeDocument) -> Findings:
    buyer = document.buyer
    is_in_france = document.treatment == BETWEEN_FRENCH_COMPANIES
    if is_in_france and _NINE_DIGITS.fullmatch(buyer.siren) is None:
        yield Finding("BR-FR-11", "BT-47", "the SIREN of the buyer is missing or not 9 digits")
    elif buyer.siren and not siren_adds_up(buyer.siren):
        yield Finding("HD-SIREN", "BT-47", f"the key of the SIREN {buyer.siren} is wrong")
    if not buyer.routed_to:
        yield Finding("BR-FR-12", "BT-49", "the electronic address of the buyer is missing")
    elif is_in_france and not (
        buyer.scheme == DIRECTORY_SCHEME and buyer.routed_to.startswith(buyer.siren)
    ):
        yield Finding("BR-FR-21", "BT-49", "the address of the buyer must begin with his SIREN")
    yield from _party(buyer, "BR-07 BT-44 BT-49")


def _party(party: ExchangeParty, terms: str) -> Findings:
    """Check what both have in common: the rule and term of the name, the term of the address."""
    rule, name, address = terms.split()
    if not writable(party.name).strip():
        yield Finding(rule, name, "the name is missing")
    if len(party.routed_to) > LONGEST_ADDRESS:
        yield Finding("BR-FR-25", address, "the electronic address has more than 125 characters")
    elif party.scheme == DIRECTORY_SCHEME and not _ADDRESS.fullmatch(party.routed_to or "-"):
        yield Finding("BR-FR-23", address, "the electronic address has forbidden characters")


def _references(document: ExchangeDocument) -> Findings:
    dated = [one for one in document.preceding if one.number and one.issued_on is not None]
    if document.type_code in CREDIT_CODES and not dated:
        yield Finding("BR-FR-CO-05", "BT-25, BT-26", "no invoice is named by number and date")
    if document.type_code in CORRECTION_CODES and len(dated) != 1:
        yield Finding("BR-FR-CO-04", "BT-25, BT-26", "exactly one invoice must be named")
    if any(not one.number for one in document.preceding):
        yield Finding("BR-55", "BT-25", "an invoice is named without its number")
    if document.type_code == GLOBAL_CREDIT_NOTE_CODE:
        yield from _yearly(document)


def _yearly(document: ExchangeDocument) -> Findings:
    """Ask a credit note over a year for its contract and for the period that it is about."""
    if not document.contract:
        yield Finding("BR-FR-CO-03", "BT-12", "the contract is missing")
    if not (document.first_day and document.last_day):
        yield Finding("BR-FR-CO-03", "BG-14", "the period is missing")


def _rates(document: ExchangeDocument) -> Findings:
    rates = [("BT-152", one.category, one.rate) for one in document.lines]
    rates += [("BT-119", one.category, one.rate) for one in document.taxes]
    for term, category, rate in rates:
        if category not in set(VatCategory):
            yield Finding("BR-FR-15", term, f"the category “{category}” is not used here")
        if rate * 100 not in FRENCH_RATES:
            yield Finding("BR-FR-16", term, f"{rate} % is no French rate")
        elif category == VatCategory.STANDARD and not rate:
            yield Finding("BR-S-05", term, "the category S asks for a rate above 0")
        elif category == VatCategory.EXEMPT and rate:
            yield Finding("BR-E-05", term, "the category E has the rate 0")
        elif category == VatCategory.REVERSE_CHARGE and rate:
            yield Finding("BR-AE-05", term, "the category AE has the rate 0")
    yield from _exemptions(document)


def _exemptions(document: ExchangeDocument) -> Findings:
    for tax in document.taxes:
        says_why = tax.exemption_code or tax.exemption_reason
        if tax.category == VatCategory.EXEMPT and not says_why:
            yield Finding("BR-E-10", "BT-120", "nothing says why there is no VAT")
        if tax.category == VatCategory.REVERSE_CHARGE:
            if not says_why:
                yield Finding("BR-AE-10", "BT-120", "nothing says why there is no VAT")
            if not (document.seller.vat_number and document.buyer.vat_number):
                yield Finding("BR-AE-02", "BT-31, BT-48", "both VAT numbers are needed")
        if tax.category == VatCategory.STANDARD and not document.seller.vat_number:
            yield Finding("BR-S-02", "BT-31", "the VAT number of the seller is missing")


def _decimals(document: ExchangeDocument) -> Findings:
    totals = document.totals
    amounts = [("BR-DEC-23", "BT-131", one.net) for one in document.lines]
    amounts += [
        ("BR-DEC-09", "BT-106", totals.lines),
        ("BR-DEC-12", "BT-109", totals.net),
        ("BR-DEC-13", "BT-110", totals.vat),
        ("BR-DEC-14", "BT-112", totals.gross),
        ("BR-DEC-18", "BT-115", totals.due),
    ]
    for tax in document.taxes:
        amounts += [("BR-DEC-19", "BT-116", tax.net), ("BR-DEC-20", "BT-117", tax.vat)]
    for rule, term, amount in amounts:
        if amount != amount.quantize(_CENT):
            yield Finding(rule, term, f"{amount} has more than two decimals")


def _sums(document: ExchangeDocument) -> Findings:
    totals, taxes = document.totals, document.taxes
    if totals.lines != sum(one.net for one in document.lines):
        yield Finding("BR-CO-10", "BT-106", f"{totals.lines} is not the sum of the lines")
    if totals.net != totals.lines:
        yield Finding("BR-CO-13", "BT-109", f"{totals.net} is not the sum of the lines")
    if totals.vat != sum(one.vat for one in taxes):
        yield Finding("BR-CO-14", "BT-110", f"{totals.vat} is not the sum of the VAT of each rate")
    if totals.gross != totals.net + totals.vat:
        yield Finding("BR-CO-15", "BT-112", f"{totals.gross} is not the net amount with the VAT")
    if totals.due != totals.gross:
        yield Finding("BR-CO-16", "BT-115", f"{totals.due} is not what the document comes to")


def _taxes(document: ExchangeDocument) -> Findings:
    """Compare each rate with its lines; a VAT is right within one unit, as the standard has it."""
    keys = {(one.category, one.rate) for one in document.taxes}
    if {(one.category, one.rate) for one in document.lines} != keys:
        yield Finding("BR-CO-18", "BG-23", "each rate of the lines has one sum, and no other does")
    for tax in document.taxes:
        of_rate = [
            line.net
            for line in document.lines
            if (line.category, line.rate) == (tax.category, tax.rate)
        ]
        if of_rate and tax.net != sum(of_rate):
            yield Finding(f"BR-{tax.category}-08", "BT-116", f"{tax.net} is not what its lines say")
        exact = tax.net * tax.rate * 100 / BASIS_POINTS
        if abs(tax.vat - exact.quantize(_CENT, ROUND_HALF_UP)) >= _ONE:
            yield Finding("BR-CO-17", "BT-117", f"{tax.vat} is not {tax.rate} % of {tax.net}")


def _lines(document: ExchangeDocument) -> Findings:
    if not document.lines:
        yield Finding("BR-16", "BG-25", "there is no line")
    for line in document.lines:
        if not writable(line.label).strip():
            yield Finding("BR-25", "BT-153", "a line has no label")
        if line.net < 0:
            yield Finding("BR-27", "BT-146", f"{line.net} is negative: the type carries the sign")
        elif line.net == 0:
            yield Finding("HD-POSITIVE", "BT-131", "a line of nothing credits nothing")
    if document.lines and document.totals.gross <= 0:
        yield Finding("HD-POSITIVE", "BT-112", f"{document.totals.gross} is not positive")


_RULES: tuple[Callable[[ExchangeDocument], Findings], ...] = (
    _numbers,
    _dates,
    _kind,
    _notes,
    _seller,
    _buyer,
    _references,
    _lines,
    _rates,
    _decimals,
    _sums,
    _taxes,
)
