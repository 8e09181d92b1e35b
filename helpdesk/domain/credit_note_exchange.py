"""A credit note in the terms of EN 16931: what the file for the client's platform says."""

from decimal import Decimal

from helpdesk.domain.credit_note import CreditNote, CreditNoteKind, CreditNoteLine
from helpdesk.domain.en16931 import (
    CREDIT_NOTE_CODE,
    DISCOUNT,
    FREE_TEXT,
    GLOBAL_CREDIT_NOTE_CODE,
    LATE_PENALTIES,
    RECOVERY_FEE,
    TREATMENT,
    ExchangeDocument,
    ExchangeLine,
    ExchangeNote,
    ExchangeParty,
    ExchangeReference,
    ExchangeTax,
    ExchangeTotals,
    treatment_of,
)
from helpdesk.domain.en16931_rules import check
from helpdesk.domain.errors import Locale
from helpdesk.domain.money import CENTS_A_UNIT, Money
from helpdesk.domain.vat import EXEMPTIONS, VatShare, category_of

TYPE_CODES = {
    CreditNoteKind.CREDIT_NOTE: CREDIT_NOTE_CODE,
    CreditNoteKind.YEARLY_CREDIT_NOTE: GLOBAL_CREDIT_NOTE_CODE,
}

_CORRECTS = {
    Locale.FR: "Avoir sur facture {numbers}, contrat {contract}.",
    Locale.EN: "Credit note on invoice {numbers}, contract {contract}.",
}
_DATED = {Locale.FR: "n° {number} du {day}", Locale.EN: "no. {number} of {day}"}
_NO_PENALTY_STATEMENT = "a penalty is damages, outside VAT, and no electronic invoice"


def exchange_document(note: CreditNote) -> ExchangeDocument:
    """Return an issued credit note as its file says it; a penalty statement has none."""
    issuing = note.issuing
    assert issuing is not None, "a draft has no file"  # noqa: S101
    assert note.kind in TYPE_CODES, _NO_PENALTY_STATEMENT  # noqa: S101
    return ExchangeDocument(
        number=issuing.number,
        issued_on=issuing.issued_on,
        type_code=TYPE_CODES[note.kind],
        seller=ExchangeParty.of(note.seller),
        buyer=ExchangeParty.of(note.buyer),
        lines=tuple(_line(note, line) for line in note.lines),
        taxes=tuple(_tax(note, share) for share in note.vat_shares),
        totals=_totals(note),
        notes=_notes(note),
        preceding=tuple(_references(note)),
        contract=note.contract_reference,
        delivered_on=note.last_day,
        first_day=note.first_day,
        last_day=note.last_day,
        currency=note.currency,
        is_vat_on_debits=note.mentions.is_vat_on_debits,
    )


def require_exchangeable(note: CreditNote) -> None:
    """Refuse, with ProfileRuleBroken, a numbered credit note that a platform would refuse.

    It is asked in the transaction that numbers, so that a refusal burns no number. A penalty
    statement is never sent to a platform.
    """
    if note.kind.bears_vat:
        check(exchange_document(note))


def reference_text(note: CreditNote) -> str:
    """Return which invoices a document corrects, by number and date, and the contract."""
    dated = _DATED[note.locale]
    numbers = ", ".join(
        dated.format(number=one.number, day=_day(one, note.locale)) for one in _references(note)
    )
    return _CORRECTS[note.locale].format(numbers=numbers, contract=note.contract_reference)


def decimal_of(money: Money) -> Decimal:
    """Return an amount in units of its currency, with two decimals.

    >>> str(decimal_of(Money(29_85)))
    '29.85'
    """
    return (Decimal(money.cents) / CENTS_A_UNIT).quantize(Decimal("0.01"))


def percent_of(rate: int) -> Decimal:
    """Return a rate in basis points as the percentage that files show.

    >>> str(percent_of(5_50))
    '5.50'
    """
    return (Decimal(rate) / 100).quantize(Decimal("0.01"))


def _line(note: CreditNote, line: CreditNoteLine) -> ExchangeLine:
    rate = note.taxed_as.rate(line.vat_rate)
    return ExchangeLine(
        label=line.label,
        net=decimal_of(line.net),
        category=category_of(note.taxed_as, rate).value,
        rate=percent_of(rate),
        note=line.evidence,
    )


def _tax(note: CreditNote, share: VatShare) -> ExchangeTax:
    why = EXEMPTIONS.get(note.taxed_as)
    return ExchangeTax(
        net=decimal_of(share.net),
        vat=decimal_of(share.vat),
        category=share.category.value,
        rate=percent_of(share.rate),
        exemption_code=why.code if why else "",
        exemption_reason=why.reason[note.locale] if why else "",
    )


def _totals(note: CreditNote) -> ExchangeTotals:
    net, gross = decimal_of(note.net), decimal_of(note.gross)
    return ExchangeTotals(lines=net, net=net, vat=decimal_of(note.vat), gross=gross, due=gross)


def _notes(note: CreditNote) -> tuple[ExchangeNote, ...]:
    says = note.mentions
    return (
        ExchangeNote(FREE_TEXT, reference_text(note)),
        ExchangeNote(DISCOUNT, says.discount),
        ExchangeNote(LATE_PENALTIES, says.late_penalties),
        ExchangeNote(RECOVERY_FEE, says.recovery_fee),
        ExchangeNote(TREATMENT, treatment_of(note.buyer)),
    )


def _references(note: CreditNote) -> list[ExchangeReference]:
    """Return the invoices that are reduced, each once, the oldest first."""
    found = {(one.issued_on, one.number) for one in note.shares}
    return [ExchangeReference(number, day) for day, number in sorted(found)]


def _day(one: ExchangeReference, locale: Locale) -> str:
    assert one.issued_on is not None  # noqa: S101 - it comes from an invoice
    return f"{one.issued_on:%d/%m/%Y}" if locale is Locale.FR else one.issued_on.isoformat()
