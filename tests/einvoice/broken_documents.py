"""Documents that break one rule each, by the name of the rule and what is wrong."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from helpdesk.domain.credit_note import CreditNoteKind
from helpdesk.domain.credit_note_exchange import exchange_document
from helpdesk.domain.en16931 import ExchangeDocument, ExchangeNote, ExchangeReference
from helpdesk.domain.money import VatRegime
from tests.einvoice.documents import BRUNO_SIREN, a_document, a_note

INVOICE = ExchangeReference("F2026-0711", date(2026, 7, 1))


def _with(**changes: Any) -> ExchangeDocument:  # Any: fields of a document
    return a_document(**changes)


def _party(side: str, **changes: Any) -> ExchangeDocument:  # Any: fields of a party
    document = a_document()
    return replace(document, **{side: replace(getattr(document, side), **changes)})


def _line(**changes: Any) -> ExchangeDocument:  # Any: fields of the line
    document = a_document()
    return replace(document, lines=(replace(document.lines[0], **changes),))


def _tax(document: ExchangeDocument | None = None, **changes: Any) -> ExchangeDocument:
    """Return a document whose sum of a rate is changed. Any: fields of the sum."""
    document = document or a_document()
    return replace(document, taxes=(replace(document.taxes[0], **changes),))


def _totals(**changes: str) -> ExchangeDocument:
    document = a_document()
    amounts = {name: Decimal(text) for name, text in changes.items()}
    return replace(document, totals=replace(document.totals, **amounts))


def _rate(rate: str, category: str, vat: str = "0.00") -> ExchangeDocument:
    """Return a document all of whose amounts are at a rate of a category."""
    document = _line(rate=Decimal(rate), category=category)
    document = _tax(document, rate=Decimal(rate), category=category, vat=Decimal(vat))
    gross = Decimal("29.85") + Decimal(vat)
    totals = replace(document.totals, vat=Decimal(vat), gross=gross, due=gross)
    return replace(document, totals=totals)


def _exempt(regime: VatRegime, **changes: Any) -> ExchangeDocument:  # Any: fields of the sum
    return _tax(exchange_document(a_note(regime=regime)), **changes)


def _yearly(**changes: Any) -> ExchangeDocument:  # Any: fields of the document
    note = a_note(kind=CreditNoteKind.YEARLY_CREDIT_NOTE)
    return replace(exchange_document(note), **changes)


def _notes(*, without: str = "", more: tuple[ExchangeNote, ...] = ()) -> ExchangeDocument:
    document = a_document()
    kept = tuple(note for note in document.notes if note.code != without)
    return replace(document, notes=(*kept, *more))


def _with_treatment(text: str) -> ExchangeDocument:
    return _notes(without="BAR", more=(ExchangeNote("BAR", text),))


def _reverse_without(side: str) -> ExchangeDocument:
    document = exchange_document(a_note(regime=VatRegime.REVERSE_CHARGE))
    return replace(document, **{side: replace(getattr(document, side), vat_number="", siren="")})


FINE = Decimal("29.855")

BROKEN: Mapping[str, tuple[str, ExchangeDocument]] = {
    "no_number": ("BR-02", _with(number="")),
    "number_of_36_characters": ("BR-FR-01", _with(number="A" * 36)),
    "number_with_a_blank": ("BR-FR-02", _with(number="AV 2026 1")),
    "number_with_a_hash": ("BR-FR-02", _with(number="AV#1")),
    "invoice_of_36_characters": (
        "BR-FR-01",
        _with(preceding=(replace(INVOICE, number="F" * 36),)),
    ),
    "invoice_with_a_blank": ("BR-FR-02", _with(preceding=(replace(INVOICE, number="F 1"),))),
    "no_invoice": ("BR-FR-CO-05", _with(preceding=())),
    "invoice_without_number": ("BR-FR-CO-05", _with(preceding=(replace(INVOICE, number=""),))),
    "invoice_without_date": ("BR-FR-CO-05", _with(preceding=(replace(INVOICE, issued_on=None),))),
    "correction_of_two": (
        "BR-FR-CO-04",
        _with(type_code="384", preceding=(INVOICE, replace(INVOICE, number="F2"))),
    ),
    "issued_in_1999": ("BR-FR-03", _with(issued_on=date(1999, 12, 31))),
    "delivered_in_2100": ("BR-FR-03", _with(delivered_on=date(2100, 1, 1))),
    "period_ends_first": ("BR-29", _with(last_day=date(2026, 6, 30))),
    "unknown_type": ("BR-FR-04", _with(type_code="83")),
    "unknown_process": ("BR-FR-08", _with(process="S0")),
    "dollars": ("BR-FR-CO-12", _with(currency="USD")),
    "no_PMT": ("BR-FR-05", _notes(without="PMT")),
    "no_PMD": ("BR-FR-05", _notes(without="PMD")),
    "no_AAB": ("BR-FR-05", _notes(without="AAB")),
    "two_PMT": ("BR-FR-06", _notes(more=(ExchangeNote("PMT", "40 €"),))),
    "two_BAR": ("BR-FR-31", _notes(more=(ExchangeNote("BAR", "B2BINT"),))),
    "unknown_treatment": ("BR-FR-20", _with_treatment("B2X")),
    "seller_without_siren": ("BR-FR-10", _party("seller", siren="")),
    "seller_with_ten_digits": ("BR-FR-10", _party("seller", siren="7328293200")),
    "seller_without_address": ("BR-FR-13", _party("seller", routed_to="")),
    "seller_without_name": ("BR-06", _party("seller", name="")),
    "buyer_without_siren": ("BR-FR-11", _party("buyer", siren="")),
    "buyer_without_address": ("BR-FR-12", _party("buyer", routed_to="")),
    "buyer_at_another_address": ("BR-FR-21", _party("buyer", routed_to="732829320")),
    "buyer_with_a_star": ("BR-FR-23", _party("buyer", routed_to=f"{BRUNO_SIREN}*")),
    "buyer_with_a_long_address": ("BR-FR-25", _party("buyer", routed_to=BRUNO_SIREN + "A" * 117)),
    "yearly_without_contract": ("BR-FR-CO-03", _yearly(contract="")),
    "yearly_without_period": ("BR-FR-CO-03", _yearly(first_day=None, last_day=None)),
    "rate_of_21": ("BR-FR-16", _rate("21.00", "S", "6.27")),
    "unknown_category": ("BR-FR-15", _rate("0.00", "L")),
    "standard_at_0": ("BR-S-05", _rate("0.00", "S")),
    "exempt_at_20": ("BR-E-05", _rate("20.00", "E", "5.97")),
    "reverse_charge_at_20": ("BR-AE-05", _rate("20.00", "AE", "5.97")),
    "exempt_without_reason": (
        "BR-E-10",
        _exempt(VatRegime.FRANCHISE, exemption_code="", exemption_reason=""),
    ),
    "reverse_charge_without_reason": (
        "BR-AE-10",
        _exempt(VatRegime.REVERSE_CHARGE, exemption_code="", exemption_reason=""),
    ),
    "reverse_charge_without_buyer": ("BR-AE-02", _reverse_without("buyer")),
    "line_of_three_decimals": ("BR-DEC-23", _line(net=FINE)),
    "sum_of_three_decimals": ("BR-DEC-09", _totals(lines="29.851")),
    "net_of_three_decimals": ("BR-DEC-12", _totals(net="29.851")),
    "vat_of_three_decimals": ("BR-DEC-13", _totals(vat="5.971")),
    "gross_of_three_decimals": ("BR-DEC-14", _totals(gross="35.821")),
    "due_of_three_decimals": ("BR-DEC-18", _totals(due="35.821")),
    "base_of_three_decimals": ("BR-DEC-19", _tax(net=FINE)),
    "tax_of_three_decimals": ("BR-DEC-20", _tax(vat=Decimal("5.971"))),
    "lines_do_not_add_up": ("BR-CO-10", _totals(lines="29.84")),
    "net_is_not_the_lines": ("BR-CO-13", _totals(net="29.84", gross="35.81", due="35.81")),
    "wrong_vat": ("BR-CO-14", _totals(vat="5.98", gross="35.83", due="35.83")),
    "wrong_gross": ("BR-CO-15", _totals(gross="35.83", due="35.83")),
    "wrong_due": ("BR-CO-16", _totals(due="35.83")),
    "vat_is_far_off": ("BR-CO-17", _tax(vat=Decimal("7.97"))),
    "rate_without_its_sum": ("BR-CO-18", _with(taxes=())),
    "base_is_not_its_lines": ("BR-S-08", _tax(net=Decimal("29.00"))),
    "no_line": ("BR-16", _with(lines=())),
    "line_without_label": ("BR-25", _line(label="")),
    "negative_line": ("BR-27", _line(net=Decimal("-29.85"))),
}
"""What the judges outside refuse as well."""

OURS: Mapping[str, tuple[str, ExchangeDocument]] = {
    "seller_of_another_key": ("HD-SIREN", _party("seller", siren="732829321")),
    "buyer_of_another_key": (
        "HD-SIREN",
        _party("buyer", siren="552100555", routed_to="552100555"),
    ),
    "invoice_of_tomorrow": (
        "HD-DATES",
        _with(preceding=(replace(INVOICE, issued_on=date(2026, 8, 4)),)),
    ),
    "line_of_nothing": ("HD-POSITIVE", _line(net=Decimal(0))),
    "total_of_nothing": ("HD-POSITIVE", _totals(gross="0.00")),
    "no_vat_number": ("BR-S-02", _party("seller", vat_number="")),
}
"""What the judges outside let pass, or cannot be shown."""
