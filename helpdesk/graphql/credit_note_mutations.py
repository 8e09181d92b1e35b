"""What can be done about credit notes: who bills whom, invoices, documents, and their use."""

from collections.abc import Mapping
from datetime import date

import strawberry

from helpdesk.domain.credit_note import CreditNoteKind
from helpdesk.domain.credit_note_series import USUAL_PREFIX, USUAL_WIDTH, Numbering
from helpdesk.domain.credit_note_use import InvoiceAmountInvalid
from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.fiscal_identity import FiscalIdentity
from helpdesk.domain.ids import ClientId, ContractId, CreditNoteId, InvoiceId
from helpdesk.domain.money import EURO, VatRegime
from helpdesk.domain.month import Month, Months
from helpdesk.domain.party import FRANCE, Party, party, postal_address
from helpdesk.graphql.agency import Agency
from helpdesk.graphql.client import Client
from helpdesk.graphql.credit_note import CreditNote, ExternalInvoice
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import IDEMPOTENCY_KEY, MutationInput, Outcome, payload
from helpdesk.graphql.request import Request
from helpdesk.graphql.scalars import LocaleCode
from helpdesk.usecases.issue_credit_note import IssueCreditNote, issue_credit_note
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.record_invoice import RecordInvoice, record_invoice
from helpdesk.usecases.update_identity import (
    UpdateClientIdentity,
    update_agency_identity,
    update_client_identity,
)
from helpdesk.usecases.use_credit_note import (
    ApplyCreditNotes,
    RefundCreditNote,
    apply_credit_notes,
    refund_credit_note,
)


@strawberry.input(description="A postal address on documents.")
class BillingAddressInput:
    """A postal address on documents."""

    street: str = attribute("Number and street.")
    postcode: str = attribute("The postcode.")
    city: str = attribute("The town.")
    country: str = optional("The country by two letters.", FRANCE)
    complement: str = optional("What else finds the door.", "")


@strawberry.input(description="Who sells or buys, as documents name him.")
class BillingIdentityInput:
    """Who sells or buys, as documents name him."""

    name: str = attribute("The legal name.")
    address: BillingAddressInput = attribute("The seat.")
    siren: str = optional("The SIREN; a French company needs one.", "")
    vat_number: str = optional("The VAT number.", "")
    electronic_address: str = optional(
        "The address for electronic invoices; the SIREN unless said, a mail address abroad.", ""
    )
    legal_notice: str = optional("Legal form, capital, register.", "")
    is_consumer: bool = optional("Whether he buys for himself, and has no SIREN.", default=False)


@strawberry.input(description="How the agency invoices from now on.")
class UpdateAgencyIdentityInput(MutationInput):
    """How the agency invoices from now on."""

    identity: BillingIdentityInput = attribute("Who it is on documents.")
    vat_regime: VatRegime = optional("Under which rule of taxation it bills.", VatRegime.STANDARD)
    is_vat_on_debits: bool = optional("Whether it opted for VAT on debits.", default=False)
    number_prefix: str = optional(
        "What the numbers of its credit notes begin with; `{year}` is the year.", USUAL_PREFIX
    )
    number_width: int = optional("How many digits its numbers have.", USUAL_WIDTH)
    is_numbering_shared: bool = optional(
        "Whether the invoicing tool gives the numbers, in the series of its invoices.",
        default=False,
    )


@strawberry.input(description="Who a client is on his documents from now on.")
class UpdateClientIdentityInput(MutationInput):
    """Who a client is on his documents from now on."""

    client_id: strawberry.ID = attribute("The client.")
    identity: BillingIdentityInput = attribute("Who he is.")


@strawberry.input(description="What an invoice bills at one VAT rate.")
class InvoiceAmountInput:
    """What an invoice bills at one VAT rate."""

    vat_basis_points: int = attribute("The rate in basis points: 20 % is 2000.")
    net_cents: int = attribute("What it bills at this rate without tax, in cents.")


@strawberry.input(description="An invoice that another tool issued.")
class RecordInvoiceInput(MutationInput):
    """An invoice that another tool issued."""

    client_id: strawberry.ID = attribute("To whom it was issued.")
    number: str = attribute("Its number.")
    issued_on: date = attribute("Its date.")
    amounts: list[InvoiceAmountInput] = attribute("What it bills, each rate once.")
    contract_id: strawberry.ID | None = optional("Under which contract.")
    currency: str = optional("The currency of its amounts.", EURO)


@strawberry.input(description="Approved credits to issue as one document.")
class IssueCreditNoteInput(MutationInput):
    """Approved credits to issue as one document."""

    contract_id: strawberry.ID = attribute("Under which contract.")
    month: str = attribute("The month whose approved credits are issued, such as `2026-07`.")
    through: str | None = optional("The last month, for a document of several.")
    kind: CreditNoteKind | None = optional(
        "What it is to be; what the approved credits ask for unless said."
    )
    invoice_ids: list[strawberry.ID] | None = optional(
        "The invoices to reduce, in this order; those of the contract in the period unless said."
    )
    vat_basis_points: int | None = optional("Which rate is reduced, where they bear several.")
    is_net_of_tax: bool = optional("Whether their VAT is left as it is.", default=False)
    number: str = optional("The number, where the invoicing tool gives it.", "")
    locale: LocaleCode | None = optional("Its language; the agency's unless said.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="An invoice to pay with what the client has in hand.")
class ApplyCreditNotesInput(MutationInput):
    """An invoice to pay with what the client has in hand."""

    invoice_id: strawberry.ID = attribute("The invoice.")


@strawberry.input(description="A credit note to pay back.")
class RefundCreditNoteInput(MutationInput):
    """A credit note to pay back."""

    credit_note_id: strawberry.ID = attribute("The credit note.")
    reason: str = attribute("Why and how, such as the reference of the transfer.")
    amount_cents: int | None = optional("How much, VAT included; all that is left unless said.")


_AGENCY_ = {"agency": (Agency, "The agency.")}
_CLIENT_ = {"client": (Client, "The client.")}
_INVOICE_ = {"invoice": (ExternalInvoice, "The invoice.")}
_NOTE_ = {"credit_note": (CreditNote, "The document.")}

UpdateAgencyIdentityPayload = payload(
    "UpdateAgencyIdentityPayload", "How an agency invoices.", **_AGENCY_
)
UpdateClientIdentityPayload = payload(
    "UpdateClientIdentityPayload", "Who a client is on documents.", **_CLIENT_
)
RecordInvoicePayload = payload("RecordInvoicePayload", "An invoice that is known.", **_INVOICE_)
IssueCreditNotePayload = payload("IssueCreditNotePayload", "A document that was issued.", **_NOTE_)
ApplyCreditNotesPayload = payload(
    "ApplyCreditNotesPayload", "An invoice after credit notes paid of it.", **_INVOICE_
)
RefundCreditNotePayload = payload(
    "RefundCreditNotePayload", "A credit note after a refund.", **_NOTE_
)


async def agency_identified(request: Request, given: UpdateAgencyIdentityInput) -> Outcome:
    """Say how the agency invoices."""
    identity = FiscalIdentity(
        seller=_party(given.identity),
        regime=given.vat_regime,
        numbering=Numbering(
            given.number_prefix, given.number_width, is_shared=given.is_numbering_shared
        ),
        is_vat_on_debits=given.is_vat_on_debits,
    )
    await update_agency_identity(request.desk, viewer=request.viewer, request=identity)
    return {"agency": request.viewer.agency_id}


async def client_identified(request: Request, given: UpdateClientIdentityInput) -> Outcome:
    """Say who a client is on his documents."""
    asked = UpdateClientIdentity(_client(given.client_id), _party(given.identity))
    await update_client_identity(request.desk, viewer=request.viewer, request=asked)
    return {"client": asked.client_id}


async def invoice_recorded(request: Request, given: RecordInvoiceInput) -> Outcome:
    """Record an invoice."""
    asked = RecordInvoice(
        client_id=_client(given.client_id),
        number=given.number,
        issued_on=given.issued_on,
        nets=_nets(given),
        contract_id=None if given.contract_id is None else _contract(given.contract_id),
        currency=given.currency,
    )
    invoice = await record_invoice(request.desk, viewer=request.viewer, request=asked)
    return {"invoice": invoice.id}


async def credit_note_issued(request: Request, given: IssueCreditNoteInput) -> Outcome:
    """Issue approved credits."""
    first = Month.parsed(given.month, path=("month",))
    last = first if given.through is None else Month.parsed(given.through, path=("through",))
    asked = IssueCreditNote(
        contract_id=_contract(given.contract_id),
        months=Months(first, last),
        kind=given.kind,
        invoice_ids=tuple(_invoice(one, "invoiceIds") for one in given.invoice_ids or ()),
        vat_rate=given.vat_basis_points,
        is_net_of_tax=given.is_net_of_tax,
        number=given.number,
        locale=None if given.locale is None else Locale(given.locale),
        idempotency_key=given.idempotency_key,
    )
    kept = await issue_credit_note(request.desk, viewer=request.viewer, request=asked)
    return {"credit_note": kept.note.id}


async def credit_notes_applied(request: Request, given: ApplyCreditNotesInput) -> Outcome:
    """Pay an invoice with open credit notes."""
    asked = ApplyCreditNotes(_invoice(given.invoice_id, "invoiceId"))
    await apply_credit_notes(request.desk, viewer=request.viewer, request=asked)
    return {"invoice": asked.invoice_id}


async def credit_note_refunded(request: Request, given: RefundCreditNoteInput) -> Outcome:
    """Pay a credit note back."""
    note_id = id_of(Noun.CREDIT_NOTE, given.credit_note_id, path=("creditNoteId",))
    asked = RefundCreditNote(CreditNoteId(note_id), given.reason, given.amount_cents)
    await refund_credit_note(request.desk, viewer=request.viewer, request=asked)
    return {"credit_note": asked.credit_note_id}


def _party(given: BillingIdentityInput) -> Party:
    try:
        address = postal_address(
            given.address.street,
            given.address.postcode,
            given.address.city,
            country=given.address.country,
            complement=given.address.complement,
        )
        return party(
            given.name,
            address,
            siren=given.siren,
            vat_number=given.vat_number,
            electronic_address=given.electronic_address,
            legal_notice=given.legal_notice,
            is_consumer=given.is_consumer,
        )
    except HelpdeskError as error:
        raise error.below("identity") from None


def _nets(given: RecordInvoiceInput) -> Mapping[int, int]:
    """Return the amounts by rate; a rate that is given twice is a slip."""
    nets: dict[int, int] = {}
    for one in given.amounts:
        if one.vat_basis_points in nets:
            raise InvoiceAmountInvalid(
                path=("amounts",),
                number=given.number[:60],
                amount=one.net_cents,
                rate=one.vat_basis_points,
            )
        nets[one.vat_basis_points] = one.net_cents
    return nets


def _client(given: strawberry.ID) -> ClientId:
    return ClientId(id_of(Noun.CLIENT, given, path=("clientId",)))


def _contract(given: strawberry.ID) -> ContractId:
    return ContractId(id_of(Noun.CONTRACT, given, path=("contractId",)))


def _invoice(given: strawberry.ID, path: str) -> InvoiceId:
    return InvoiceId(id_of(Noun.INVOICE, given, path=(path,)))
