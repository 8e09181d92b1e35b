"""The frozen content of a document: one text that says all of it, is hashed, and reads back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from helpdesk.domain.compensation import CreditId
from helpdesk.domain.credit_note import (
    CreditNote,
    CreditNoteKind,
    CreditNoteLine,
    InvoiceShare,
    Issuing,
    Mentions,
)
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, CreditNoteId, InvoiceId
from helpdesk.domain.money import Money, VatRegime
from helpdesk.domain.party import Party, PostalAddress

FORMAT = "helpdesk/credit-note/1"

Document = Mapping[str, Any]  # decoded JSON of our own


def canonical(note: CreditNote) -> str:
    """Return all that an issued document says, as the one text that its hash covers.

    The same document gives the same text: names in order, no blanks, amounts in whole cents.
    """
    return json.dumps(_document(note), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(content: str) -> CreditNote:
    """Return the document that a canonical text says."""
    said: Document = json.loads(content)
    currency = said["currency"]
    return CreditNote(
        id=CreditNoteId(said["id"]),
        agency_id=AgencyId(said["agency_id"]),
        client_id=ClientId(said["client_id"]),
        contract_id=ContractId(said["contract_id"]),
        contract_reference=said["contract_reference"],
        kind=CreditNoteKind(said["kind"]),
        locale=Locale(said["locale"]),
        first_day=date.fromisoformat(said["first_day"]),
        last_day=date.fromisoformat(said["last_day"]),
        seller=party_of(said["seller"]),
        buyer=party_of(said["buyer"]),
        regime=VatRegime(said["regime"]),
        mentions=Mentions(**said["mentions"]),
        lines=tuple(_line(one, currency) for one in said["lines"]),
        shares=tuple(_share(one, currency) for one in said["invoices"]),
        currency=currency,
        issuing=_issuing(said["issuing"]),
    )


def _document(note: CreditNote) -> dict[str, Any]:  # Any: JSON
    issuing = note.issuing
    assert issuing is not None, "a draft has no frozen content"  # noqa: S101
    return {
        "format": FORMAT,
        "id": note.id,
        "agency_id": note.agency_id,
        "client_id": note.client_id,
        "contract_id": note.contract_id,
        "contract_reference": note.contract_reference,
        "kind": note.kind.value,
        "locale": note.locale.value,
        "first_day": note.first_day.isoformat(),
        "last_day": note.last_day.isoformat(),
        "seller": asdict(note.seller),
        "buyer": asdict(note.buyer),
        "regime": note.regime.value,
        "mentions": asdict(note.mentions),
        "issuing": {**asdict(issuing), "issued_on": issuing.issued_on.isoformat()},
        **_amounts(note),
    }


def _amounts(note: CreditNote) -> dict[str, Any]:  # Any: JSON
    return {
        "currency": note.currency,
        "lines": [
            {
                "label": one.label,
                "evidence": one.evidence,
                "net_cents": one.net.cents,
                "vat_basis_points": one.vat_rate,
                "credit_id": one.credit_id,
            }
            for one in note.lines
        ],
        "invoices": [
            {
                "invoice_id": one.invoice_id,
                "number": one.number,
                "issued_on": one.issued_on.isoformat(),
                "net_cents": one.net.cents,
                "vat_basis_points": one.vat_rate,
            }
            for one in note.shares
        ],
        "vat": [
            {
                "category": one.category.value,
                "vat_basis_points": one.rate,
                "net_cents": one.net.cents,
                "vat_cents": one.vat.cents,
            }
            for one in note.vat_shares
        ],
        "net_cents": note.net.cents,
        "vat_cents": note.vat.cents,
        "gross_cents": note.gross.cents,
    }


def party_of(said: Document) -> Party:
    """Return a party from its fields, as `asdict` gives them."""
    return Party(**{**said, "address": PostalAddress(**said["address"])})


def _line(said: Document, currency: str) -> CreditNoteLine:
    credit = said["credit_id"]
    return CreditNoteLine(
        label=said["label"],
        net=Money(said["net_cents"], currency),
        vat_rate=said["vat_basis_points"],
        evidence=said["evidence"],
        credit_id=None if credit is None else CreditId(credit),
    )


def _share(said: Document, currency: str) -> InvoiceShare:
    return InvoiceShare(
        invoice_id=InvoiceId(said["invoice_id"]),
        number=said["number"],
        issued_on=date.fromisoformat(said["issued_on"]),
        vat_rate=said["vat_basis_points"],
        net=Money(said["net_cents"], currency),
    )


def _issuing(said: Document) -> Issuing:
    return Issuing(**{**said, "issued_on": date.fromisoformat(said["issued_on"])})
