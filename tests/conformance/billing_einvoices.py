"""The cases of electronic invoices, put to the rules that a document passes before its number."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from helpdesk.domain.credit_note_exchange import decimal_of
from helpdesk.domain.en16931 import (
    ExchangeDocument,
    ExchangeLine,
    ExchangeNote,
    ExchangeReference,
    ExchangeTax,
    ExchangeTotals,
)
from helpdesk.domain.en16931_rules import findings
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import Money, NetLine, VatRegime
from helpdesk.domain.vat import EXEMPTIONS, vat_shares
from tests.conformance.billing_values import Given, basis_points, money
from tests.einvoice.documents import a_document

Answer = dict[str, Any]  # JSON

TOTALS = {
    "BT-106": "lines",
    "BT-109": "net",
    "BT-110": "vat",
    "BT-112": "gross",
    "BT-115": "due",
}
PARTY = {
    "siren": "siren",
    "vat": "vat_number",
    "vat_number": "vat_number",
    "address": "routed_to",
    "name": "name",
}


def _totals(given: Given) -> Answer:
    regime = VatRegime(given.get("vat_regime", VatRegime.STANDARD))
    document = _with_lines(a_document(), given["lines"], regime)
    totals = document.totals
    broken = _broken(document)
    return {
        "BT-106": str(totals.lines),
        "BT-109": str(totals.net),
        "BT-110": str(totals.vat),
        "BT-112": str(totals.gross),
        "BT-115": str(totals.due),
        "BG-23": [
            {
                "BT-116": str(one.net),
                "BT-117": str(one.vat),
                "BT-118": one.category,
                "BT-119": str(one.rate),
                **({"BT-121": one.exemption_code} if one.exemption_code else {}),
            }
            for one in document.taxes
        ],
        **broken,
    }


def _with_lines(
    document: ExchangeDocument, given: list[Given], regime: VatRegime
) -> ExchangeDocument:
    nets = [_net(one) for one in given]
    rates = [regime.rate(basis_points(one.get("vat_rate", "20"))) for one in given]
    if regime is VatRegime.STANDARD and not any(rates):
        regime = VatRegime.FRANCHISE
    shares = vat_shares(
        [NetLine(_rounded(net), rate) for net, rate in zip(nets, rates, strict=True)], regime
    )
    category = {one.rate: one.category.value for one in shares}
    why = EXEMPTIONS.get(regime)
    taxes = tuple(
        ExchangeTax(
            decimal_of(one.net),
            decimal_of(one.vat),
            one.category.value,
            _percent(one.rate),
            why.code if why and not one.rate else "",
            why.reason[Locale.FR] if why and not one.rate else "",
        )
        for one in shares
    )
    net = sum((one.net for one in taxes), Decimal(0))
    vat = sum((one.vat for one in taxes), Decimal(0))
    lines = tuple(
        ExchangeLine("Line", one, category[rate], _percent(rate))
        for one, rate in zip(nets, rates, strict=True)
    )
    totals = ExchangeTotals(net, net, vat, net + vat, net + vat)
    return replace(document, lines=lines, taxes=taxes, totals=totals)


def _net(line: Given) -> Decimal:
    """Return the net of a line; a price and a quantity give it rounded to the cent."""
    if "price" in line:
        exact = Decimal(line["price"]) * Decimal(line.get("qty", "1"))
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Decimal(line.get("net", line.get("ht")))


def _rounded(net: Decimal) -> Money:
    return money(str(net.quantize(Decimal("0.01"), ROUND_HALF_UP)))


def _percent(rate: int) -> Decimal:
    return (Decimal(rate) / 100).quantize(Decimal("0.01"))


def _rules(given: Given) -> Answer:
    rates = given.get("vat_rates", [])
    if isinstance(rates, list) and rates:
        answers = [_rules({**given, "vat_rates": rate}) for rate in rates]
        return next((one for one in answers if not one["accepted"]), answers[0])
    # A period is asked of some types only: a document has the one that the case names.
    document = a_document(first_day=None, last_day=None)
    for name, value in given.items():
        change = _CHANGES.get(name)
        if change is not None:
            document = change(document, value)
    if "totals" in given or TOTALS.keys() & given.keys():
        document = _with_totals(document, {**given, **given.get("totals", {})})
    return _broken(document)


def _broken(document: ExchangeDocument) -> Answer:
    broken = findings(document)
    return {
        "accepted": not broken,
        "rule": broken[0].rule if broken else None,
        "rules": [one.rule for one in broken],
        "missing": [
            term.rpartition(" ")[2]
            for one in broken
            if one.what.endswith("is missing")
            for term in one.terms.split(", ")
        ],
    }


def _with_totals(document: ExchangeDocument, given: Given) -> ExchangeDocument:
    changed = {TOTALS[term]: Decimal(given[term]) for term in TOTALS if term in given}
    return replace(document, totals=replace(document.totals, **changed))


def _with_notes(document: ExchangeDocument, given: list[Any]) -> ExchangeDocument:
    """Take the payment notes that are named; who treats the document stays as it is."""
    named = [
        (one, "Note") if isinstance(one, str) else (one["code"], one.get("text", "Note"))
        for one in given
    ]
    kept = [one for one in document.notes if one.code == "BAR" and "BAR" not in dict(named)]
    return replace(document, notes=(*(ExchangeNote(*one) for one in named), *kept))


def _with_preceding(document: ExchangeDocument, given: list[Any]) -> ExchangeDocument:
    return replace(document, preceding=tuple(_reference(one) for one in given or []))


def _reference(given: Any) -> ExchangeReference:  # Any: a number, or an object
    if isinstance(given, str):
        return ExchangeReference(given, None)
    number = given.get("number", given.get("BT-25")) or ""
    day = given.get("date", given.get("BT-26"))
    return ExchangeReference(number, date.fromisoformat(day) if day else None)


def _with_period(document: ExchangeDocument, given: Any) -> ExchangeDocument:  # Any: two days
    if isinstance(given, Mapping):
        given = [given[name] for name in ("from", "start", "to", "end") if name in given]
    days = [date.fromisoformat(one[:10]) for one in given or []]
    first, last = days if len(days) == 2 else (None, None)
    return replace(document, first_day=first, last_day=last)


def _of(side: str, field: str) -> Callable[[ExchangeDocument, Any], ExchangeDocument]:
    def changed(document: ExchangeDocument, value: Any) -> ExchangeDocument:
        party = replace(getattr(document, side), **{field: value or ""})
        return _replaced(document, side, party)

    return changed


def _with_party(document: ExchangeDocument, side: str, told: Given) -> ExchangeDocument:
    for name, value in told.items():
        document = _of(side, PARTY[name])(document, value)
    return document


def _replaced(document: ExchangeDocument, field: str, value: Any) -> ExchangeDocument:  # Any: of it
    changes: dict[str, Any] = {field: value}
    return replace(document, **changes)


def _with(field: str) -> Callable[[ExchangeDocument, Any], ExchangeDocument]:
    return lambda document, value: _replaced(document, field, value or "")


def _at_rate(document: ExchangeDocument, percent: str) -> ExchangeDocument:
    return _with_lines(document, [{"net": "29.85", "vat_rate": percent}], VatRegime.STANDARD)


def _of_amount(document: ExchangeDocument, net: str) -> ExchangeDocument:
    return _with_lines(document, [{"net": net, "vat_rate": "20"}], VatRegime.STANDARD)


_CHANGES: Mapping[str, Callable[[ExchangeDocument, Any], ExchangeDocument]] = {
    **{name: _with(name) for name in ("type_code", "number", "contract", "currency", "process")},
    "preceding": _with_preceding,
    "period": _with_period,
    "notes": _with_notes,
    "seller_siren": _of("seller", "siren"),
    "buyer_siren": _of("buyer", "siren"),
    "seller_vat": _of("seller", "vat_number"),
    "seller_address": _of("seller", "routed_to"),
    "buyer_address": _of("buyer", "routed_to"),
    "vat_rates": _at_rate,
    "amount": _of_amount,
    "seller": lambda document, told: _with_party(document, "seller", told),
    "buyer": lambda document, told: _with_party(document, "buyer", told),
    "lines": lambda document, lines: _with_lines(document, lines, VatRegime.STANDARD),
}


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {
    "einvoice.rules": _rules,
    "einvoice.totals": _totals,
}
