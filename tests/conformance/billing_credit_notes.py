"""The cases of credit notes and of electronic invoices, put to the rules that issue them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from helpdesk.domain.credit_note import CreditNoteState, CreditNoteStep, require_step
from helpdesk.domain.credit_note_series import USUAL_WIDTH, Numbering, Series, numbered
from helpdesk.domain.credit_note_use import (
    Application,
    ExternalInvoice,
    OpenCredit,
    Reducible,
    applied,
    granted,
)
from helpdesk.domain.en16931_rules import findings, number_is_valid
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import AgencyId, ClientId, CreditNoteId, InvoiceId
from helpdesk.domain.money import Money
from tests.conformance.billing_values import Given, amount, basis_points, money
from tests.einvoice.documents import a_document, a_draft

Answer = dict[str, Any]  # JSON

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
        require_step(_state(given["state"]), step)
    except HelpdeskError as error:
        return {"accepted": False, "error": error.code.value.lower()}
    return {"accepted": True, "error": None}


def _state(name: str) -> CreditNoteState:
    """Return the state of a document; what is proposed or approved has no number yet."""
    is_open = name in {"proposed", "approved"}
    return CreditNoteState.DRAFT if is_open else CreditNoteState(name.upper())


OPERATIONS: Mapping[str, Callable[[Given], Answer]] = {
    "creditnote.limit": _limit,
    "creditnote.apply": _apply,
    "creditnote.number_format": _number_format,
    "creditnote.sequence": _sequence,
    "creditnote.edit": _edit,
}
