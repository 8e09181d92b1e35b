"""Credit notes between Alice's agency and Bruno SA, whole and in the terms of the standard."""

from dataclasses import replace
from datetime import date
from typing import Any

from helpdesk.domain.compensation import CreditId
from helpdesk.domain.credit_note import (
    CreditNote,
    CreditNoteKind,
    CreditNoteLine,
    InvoiceShare,
)
from helpdesk.domain.credit_note_exchange import exchange_document
from helpdesk.domain.credit_note_series import Series, numbered
from helpdesk.domain.en16931 import ExchangeDocument
from helpdesk.domain.errors import Locale
from helpdesk.domain.fiscal_identity import USUAL_MENTIONS
from helpdesk.domain.ids import AgencyId, ClientId, ContractId, CreditNoteId, InvoiceId
from helpdesk.domain.money import Money, VatRegime
from helpdesk.domain.party import Party, PostalAddress, french_vat_number

ALICE_SIREN, BRUNO_SIREN = "732829320", "552100554"
TODAY = date(2026, 8, 3)

ALICE = Party(
    name="Atelier Alice",
    address=PostalAddress("12 rue des Lilas", "69003", "Lyon", complement="Bâtiment B"),
    siren=ALICE_SIREN,
    vat_number=french_vat_number(ALICE_SIREN),
    legal_notice="SAS au capital de 10 000 € — RCS Lyon 732 829 320",
)
BRUNO = Party(
    name="Bruno SA",
    address=PostalAddress("4 avenue du Port", "13002", "Marseille"),
    siren=BRUNO_SIREN,
    vat_number=french_vat_number(BRUNO_SIREN),
)


def a_line(**given: Any) -> CreditNoteLine:
    """Return a line of 29.85 at 20 %. Any: its fields."""
    return CreditNoteLine(
        **{
            "label": "P0 résolu en 10 h 20 au lieu de 8 h : 3 heures entamées à 5 %",
            "net": Money(29_85),
            "vat_rate": 20_00,
            "evidence": "Ticket n° 4211, pris en charge le 6 juillet 2026 à 9 h 12",
            "credit_id": CreditId("credit-1"),
            **given,
        }
    )


def a_share(**given: Any) -> InvoiceShare:
    """Return 29.85 of the invoice of July. Any: its fields."""
    return InvoiceShare(
        **{
            "invoice_id": InvoiceId("invoice-july"),
            "number": "F2026-0711",
            "issued_on": date(2026, 7, 1),
            "vat_rate": 20_00,
            "net": Money(29_85),
            **given,
        }
    )


def a_draft(**given: Any) -> CreditNote:
    """Return the credit note of July before it is issued. Any: its fields."""
    return CreditNote(
        **{
            "id": CreditNoteId("note-1"),
            "agency_id": AgencyId("agency-of-alice"),
            "client_id": ClientId("bruno-sa"),
            "contract_id": ContractId("contract-of-bruno"),
            "contract_reference": "TMA-BRUNO",
            "kind": CreditNoteKind.CREDIT_NOTE,
            "locale": Locale.FR,
            "first_day": date(2026, 7, 1),
            "last_day": date(2026, 7, 31),
            "seller": ALICE,
            "buyer": BRUNO,
            "regime": VatRegime.STANDARD,
            "mentions": USUAL_MENTIONS[Locale.FR],
            "lines": (a_line(),),
            "shares": (a_share(),),
            **given,
        }
    )


def a_note(series: Series | None = None, **given: Any) -> CreditNote:
    """Return the credit note of July as the first of its series. Any: its fields."""
    return numbered(a_draft(**given), series or Series("AV2026-", 6), on=TODAY)


def a_document(**given: Any) -> ExchangeDocument:
    """Return what the file of the credit note of July says. Any: fields to replace."""
    return replace(exchange_document(a_note()), **given)
