"""The cases of credit notes and of electronic invoices, put to the rules that issue them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from helpdesk.domain.credit_note import CreditNoteState, CreditNoteStep, require_step
from helpdesk.domain.credit_note_exchange import decimal_of
from helpdesk.domain.credit_note_series import USUAL_WIDTH, Numbering, Series, numbered
from helpdesk.domain.credit_note_use import (
    Application,
    ExternalInvoice,
    OpenCredit,
    Reducible,
    applied,
    granted,
)
from helpdesk.domain.en16931 import (
    ExchangeDocument,
    ExchangeLine,
    ExchangeNote,
    ExchangeReference,
    ExchangeTax,
    ExchangeTotals,
)
from helpdesk.domain.en16931_rules import findings, number_is_valid
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.ids import AgencyId, ClientId, CreditNoteId, InvoiceId
from helpdesk.domain.money import Money, NetLine, VatRegime
from helpdesk.domain.vat import EXEMPTIONS, vat_shares
from tests.conformance.billing_values import Given, amount, basis_points, money
from tests.einvoice.documents import a_document, a_draft

Answer = dict[str, Any]  # JSON

TOTALS = {
    "BT-106": "lines",
    "BT-109": "net",
    "BT-110": "vat",
    "BT-112": "gross",
    "BT-115": "due",
}
_SOME_DAY = date(2026, 7, 31)
_ACTS = {
    "issue": CreditNoteStep.ISSUE,
    "apply": CreditNoteStep.APPLY,
    "refund": CreditNoteStep.REFUND,
    "delete": CreditNoteStep.DISCARD,
    "discard": CreditNoteStep.DISCARD,
    "remove": CreditNoteStep.DISCARD,
}


def _limit(given: Given) -> Answer:
    invoices = given.get("invoices") or [given]
    usual = basis_points(given.get("vat_rate", "20"))
    fits = {
        rate: granted(requested, rate, [_reducible(one, rate) for one in invoices])
        for rate, requested in _by_rate(given["requested_ht"], usual).items()
    }
    excess = sum((fit.excess for fit in fits.values()), Money(0))
    shares = [share for fit in fits.values() for share in fit.shares]
    return {
        "granted_ht": amount(sum((fit.granted for fit in fits.values()), Money(0))),
        "excess_ht": amount(excess),
        "accepted": excess.cents == 0,
        "shares": [{"id": one.number, "ht": amount(one.net)} for one in shares],
        "granted_by_rate": {str(rate // 100): amount(fit.granted) for rate, fit in fits.items()},
        "excess_by_rate": {str(rate // 100): amount(fit.excess) for rate, fit in fits.items()},
    }


def _reducible(given: Given, rate: int) -> Reducible:
    billed = _by_rate(given.get("invoice_ht", given.get("ht")), rate)
    credited = _by_rate(given.get("already_credited_ht", "0"), rate)
    number = str(given.get("number", given.get("id", "F1")))
    invoice = ExternalInvoice(
        InvoiceId(number), AgencyId("a"), ClientId("c"), number, _SOME_DAY, billed
    )
    return Reducible(invoice, credited)


def _by_rate(given: Any, rate: int) -> dict[int, Money]:  # Any: an amount, or one for each rate
    if isinstance(given, Mapping):
        return {basis_points(one): money(net) for one, net in given.items()}
    return {rate: money(given)}


def _apply(given: Given) -> Answer:
    credits_open = _open_credits(given["open_credits_ttc"])
    if "next_invoices_ttc" in given:
        return _apply_to_several(credits_open, given)
    invoice = _gross(given.get("next_invoice"))
    paid = applied(credits_open, money(invoice or "0"))
    left = {one.credit.number: one.left for one in paid.parts}
    kept = [(one.number, left.get(one.number, one.left)) for one in credits_open]
    carried = sum((one for _, one in kept), Money(0))
    has_ended = given.get("contract") == "ended"
    action = "refund" if has_ended and carried.cents else "apply" if invoice else "carry"
    return {
        "action": action,
        "amount": amount(paid.applied if action == "apply" else carried),
        "applied": [{"id": one.credit.number, "amount": amount(one.amount)} for one in paid.parts],
        "applied_total": amount(paid.applied),
        "payable": amount(paid.payable),
        "to_pay": amount(paid.payable),
        "invoice_due": amount(paid.payable),
        "remaining": [{"id": number, "remaining": amount(one)} for number, one in kept],
        "carried": amount(carried),
        **({} if isinstance(given["open_credits_ttc"], list) else _alone(paid, carried)),
    }


def _alone(paid: Application, left: Money) -> Answer:
    """Return what one credit without a name comes to, as it was given."""
    return {"applied": amount(paid.applied), "remaining": amount(left)}


def _apply_to_several(credits_open: list[OpenCredit], given: Given) -> Answer:
    """Return what becomes of credits on some invoices, one after the other."""
    parts, due = [], []
    for invoice in given["next_invoices_ttc"]:
        paid = applied(credits_open, money(_gross(invoice) or "0"))
        left = {part.credit.id: part.left for part in paid.parts}
        credits_open = [replace(one, left=left.get(one.id, one.left)) for one in credits_open]
        parts.append(amount(paid.applied))
        due.append(amount(paid.payable))
    rest = amount(sum((one.left for one in credits_open), Money(0)))
    has_ended = given.get("contract") == "ended" and rest != "0.00"
    return {
        **dict.fromkeys(("to_pay", "payable", "invoice_due"), due),
        **dict.fromkeys(("applied", "applied_total"), parts),
        **dict.fromkeys(("carried", "remaining"), rest),
        "action": "refund" if has_ended else "apply",
    }


def _gross(invoice: Any) -> str | None:  # Any: an amount with tax, or an object with it
    if isinstance(invoice, Mapping):
        invoice = invoice.get("ttc", invoice.get("amount"))
    return None if invoice is None else str(invoice)


def _open_credits(given: Any) -> list[OpenCredit]:  # Any: one amount, or several credits
    told = given if isinstance(given, list) else [given]
    return [
        _open_credit(one if isinstance(one, Mapping) else {"id": f"AV{number}", "remaining": one})
        for number, one in enumerate(told, start=1)
    ]


def _open_credit(given: Given) -> OpenCredit:
    day = given.get("date", given.get("issued", given.get("issued_on")))
    issued_on = date.fromisoformat(day[:10]) if day else _SOME_DAY
    return OpenCredit(CreditNoteId(given["id"]), given["id"], issued_on, money(given["remaining"]))


def _number_format(given: Given) -> Answer:
    rules = []
    for number in given["numbers"]:
        broken = [one.rule for one in findings(a_document(number=number))]
        rules.append(broken[0] if broken else None)
    return {"valid": [number_is_valid(one) for one in given["numbers"]], "rules": rules}


def _sequence(given: Given) -> Answer:
    numbering = Numbering(given["series"], given.get("width", USUAL_WIDTH))
    acts = list(_acts(given))
    named = given.get("last_date") or next((day for _, day in acts if day), None)
    usual = date.fromisoformat(named) if named else _SOME_DAY
    first = Series(
        numbering.series_of(usual.year),
        numbering.width,
        last=int(given.get("start", 0)),
        last_on=usual if "last_date" in given else None,
    )
    series: dict[str, Series] = {first.prefix: first}
    numbers: list[str | None] = []
    for name, day in acts:
        on = date.fromisoformat(day) if day else usual
        prefix = numbering.series_of(on.year)
        stand = series.get(prefix, Series(prefix, numbering.width))
        try:
            note = numbered(a_draft(), stand, on=on)
        except HelpdeskError:
            numbers.append(None)
            continue
        if name == "issue":
            series[prefix] = stand.after(note, stand.last_hash)
        numbers.append(note.number if name == "issue" else None)
    return {
        "numbers": numbers,
        "last": max(one.last for one in series.values()),
        "accepted": None not in numbers,
    }


def _acts(given: Given) -> Iterator[tuple[str, str | None]]:
    """Yield what is done with a series, and on which day where the case says it."""
    told = given.get("ops", ["issue"] * given.get("concurrent", 1))
    days = given.get("dates", [given.get("issue_date")] * len(told))
    for act, usual in zip(told, days, strict=True):
        if isinstance(act, Mapping) and "op" not in act and "date" not in act:
            yield from act.items()
        elif isinstance(act, Mapping):
            yield act.get("op", "issue"), act.get("date", usual)
        elif isinstance(act, list):
            yield act[0], act[1] if len(act) > 1 else usual
        else:
            yield act, usual


def _edit(given: Given) -> Answer:
    step = _ACTS.get(given["action"], CreditNoteStep.EDIT)
    try:
        require_step(CreditNoteState(given["state"].upper()), step)
    except HelpdeskError as error:
        return {"accepted": False, "error": error.code.value.lower()}
    return {"accepted": True, "error": None}


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
    **dict.fromkeys(("type_code", "BT-3"), _with("type_code")),
    **dict.fromkeys(("number", "BT-1"), _with("number")),
    **dict.fromkeys(("contract", "contract_reference", "contract_ref", "BT-12"), _with("contract")),
    **dict.fromkeys(("preceding", "BG-3"), _with_preceding),
    **dict.fromkeys(("period", "billing_period", "BG-14"), _with_period),
    **dict.fromkeys(("notes", "BG-1"), _with_notes),
    **dict.fromkeys(("seller_siren", "BT-30"), _of("seller", "siren")),
    **dict.fromkeys(("buyer_siren", "BT-47"), _of("buyer", "siren")),
    **dict.fromkeys(("seller_vat", "BT-31"), _of("seller", "vat_number")),
    **dict.fromkeys(("seller_address", "BT-34"), _of("seller", "routed_to")),
    **dict.fromkeys(("buyer_address", "BT-49"), _of("buyer", "routed_to")),
    **dict.fromkeys(("vat_rates", "BT-119"), _at_rate),
    "amount": _of_amount,
    **dict.fromkeys(("currency", "BT-5"), _with("currency")),
    **dict.fromkeys(("process", "BT-23"), _with("process")),
    "lines": lambda document, lines: _with_lines(document, lines, VatRegime.STANDARD),
}


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {
    "creditnote.limit": _limit,
    "creditnote.apply": _apply,
    "creditnote.number_format": _number_format,
    "creditnote.sequence": _sequence,
    "creditnote.edit": _edit,
    "einvoice.rules": _rules,
    "einvoice.totals": _totals,
}
