"""A document is issued: number, frozen content, hash and papers in one transaction, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.access import Viewer
from helpdesk.domain.compensation import CreditLine
from helpdesk.domain.contract import Contract
from helpdesk.domain.credit_note import (
    CreditNote,
    CreditNoteKind,
    CreditNoteLine,
    InvoiceShare,
    NothingToCredit,
)
from helpdesk.domain.credit_note_content import canonical
from helpdesk.domain.credit_note_exchange import require_exchangeable
from helpdesk.domain.credit_note_series import chained_hash, numbered
from helpdesk.domain.credit_note_use import Reducible, rate_of, require_granted
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.fiscal_identity import STATEMENTS, FiscalIdentity
from helpdesk.domain.ids import CreditNoteId, InvoiceId
from helpdesk.domain.money import Money, VatRegime
from helpdesk.domain.party import Party
from helpdesk.usecases.credit_note_ports import KeptCreditNote, Sealed
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records


class AgencyIdentityMissing(HelpdeskError):
    """A document without its seller is none."""

    code: ClassVar[ErrorCode] = ErrorCode.PARTY_INVALID
    english: ClassVar[str] = (
        "The agency has not said how it invoices: give its address, SIREN and VAT number first."
    )
    french: ClassVar[str] = (
        "L'agence n'a pas dit comment elle facture : donnez d'abord adresse, SIREN et n° de TVA."
    )


class ClientIdentityMissing(HelpdeskError):
    """A document without its buyer is none."""

    code: ClassVar[ErrorCode] = ErrorCode.PARTY_INVALID
    english: ClassVar[str] = (
        "Nobody has said who {client} is on documents: give the address and the SIREN first."
    )
    french: ClassVar[str] = (
        "Personne n'a dit qui est {client} sur les documents : donnez d'abord adresse et SIREN."
    )


class NoInvoiceToReduce(HelpdeskError):
    """A credit note corrects an invoice; until there is one, the credit waits as approved."""

    code: ClassVar[ErrorCode] = ErrorCode.NOT_FOUND
    english: ClassVar[str] = (
        "No invoice of {contract} is known for this period: record it and issue again, or take the"
        " approved credit off the coming invoice."
    )
    french: ClassVar[str] = (
        "Aucune facture de {contract} n'est connue pour cette période : enregistrez-la puis émettez"
        " de nouveau, ou déduisez le crédit approuvé de la facture à venir."
    )


class InvoiceOfAnother(HelpdeskError):
    """A credit note reduces what its own client was billed."""

    code: ClassVar[ErrorCode] = ErrorCode.OTHER_CLIENT
    english: ClassVar[str] = "Invoice {number} is another client's, or is in another currency."
    french: ClassVar[str] = "La facture {number} est d'un autre client, ou d'une autre devise."


@dataclass(frozen=True, slots=True)
class DocumentOrder:
    """What is to be issued: approved credits of a contract, for a period, both days included.

    Without `invoice_ids` it reduces the invoices of the contract that are dated in the period.
    `vat_rate` says which rate of theirs is reduced, where they have several; `is_net_of_tax`
    leaves their VAT as it is; `number` is that of a shared series.
    """

    contract: Contract
    kind: CreditNoteKind
    credits: Sequence[CreditLine]
    first_day: date
    last_day: date
    invoice_ids: tuple[InvoiceId, ...] = ()
    vat_rate: int | None = None
    is_net_of_tax: bool = False
    number: str = ""
    locale: Locale | None = None


@dataclass(frozen=True, slots=True)
class _Parties:
    identity: FiscalIdentity
    buyer: Party
    locale: Locale
    today: date


async def issued_document(
    desk: Desk, records: Records, viewer: Viewer, order: DocumentOrder
) -> KeptCreditNote:
    """Issue a document and return it; whatever refuses it takes back the number as well.

    Raises NothingToCredit, AgencyIdentityMissing, ClientIdentityMissing, NoInvoiceToReduce,
    InvoiceOfAnother, RateAmbiguous, CreditAboveInvoice, ProfileRuleBroken and what `numbered`
    raises.
    """
    if not order.credits:
        raise NothingToCredit(first_day=order.first_day, last_day=order.last_day)
    parties = await _parties(desk, records, order)
    draft = await _draft(desk, records, order, parties)
    numbering = parties.identity.numbering if order.kind.bears_vat else STATEMENTS
    prefix = numbering.series_of(parties.today.year)
    series = await records.credit_notes.series(prefix, numbering)
    note = numbered(draft, series, on=parties.today, given=order.number)
    require_exchangeable(note)
    content = canonical(note)
    digest = chained_hash(series.last_hash, content)
    at = desk.now()
    papers = await desk.papers.papers(note, digest=digest, at=at)
    await records.credit_notes.save_series(series.after(note, digest))
    await records.credit_notes.add(Sealed(note, content, digest, papers, at, viewer.name))
    nothing = Money(0, note.currency)
    return KeptCreditNote(note, digest, nothing, nothing)


async def _parties(desk: Desk, records: Records, order: DocumentOrder) -> _Parties:
    identity = await records.credit_notes.agency_identity()
    if identity is None:
        raise AgencyIdentityMissing
    client_id = order.contract.client_id
    buyer = await records.credit_notes.client_identity(client_id)
    if buyer is None:
        client = await records.clients.client(client_id)
        assert client is not None  # noqa: S101 - the contract names it
        raise ClientIdentityMissing(client=client.name)
    agency = await records.agencies.agency()
    today = desk.now().astimezone(ZoneInfo(agency.zone)).date()
    if order.is_net_of_tax:
        identity = replace(identity, regime=VatRegime.NET_OF_TAX)
    return _Parties(identity, buyer, order.locale or agency.locale, today)


async def _draft(
    desk: Desk, records: Records, order: DocumentOrder, parties: _Parties
) -> CreditNote:
    total = sum((one.net for one in order.credits[1:]), start=order.credits[0].net)
    rate, shares = 0, tuple[InvoiceShare, ...]()
    if order.kind.bears_vat:
        invoices = await _invoices(records, order, total.currency)
        rate = rate_of(invoices, order.vat_rate)
        shares = require_granted(total, rate, invoices).shares
    locale = parties.locale
    return CreditNote(
        id=CreditNoteId(desk.new_id()),
        agency_id=order.contract.agency_id,
        client_id=order.contract.client_id,
        contract_id=order.contract.id,
        contract_reference=order.contract.reference,
        kind=order.kind,
        locale=locale,
        first_day=order.first_day,
        last_day=order.last_day,
        seller=parties.identity.seller,
        buyer=parties.buyer,
        regime=parties.identity.regime,
        mentions=parties.identity.mentions(locale),
        lines=tuple(_line(one, rate, locale) for one in order.credits),
        shares=shares,
        currency=total.currency,
    )


def _line(credit: CreditLine, rate: int, locale: Locale) -> CreditNoteLine:
    return CreditNoteLine(
        label=credit.label[locale],
        net=credit.net,
        vat_rate=rate,
        evidence=credit.evidence[locale],
        credit_id=credit.id,
    )


async def _invoices(records: Records, order: DocumentOrder, currency: str) -> tuple[Reducible, ...]:
    """Return the invoices to reduce, locked, so that two credit notes never fill the same room."""
    contract = order.contract
    ids = order.invoice_ids or await records.credit_notes.invoices_of(
        contract.id, order.first_day, order.last_day
    )
    found = await records.credit_notes.reducible(ids)
    if not found:
        raise NoInvoiceToReduce(path=("invoiceIds",), contract=contract.reference)
    for one in found:
        invoice = one.invoice
        if (invoice.client_id, invoice.currency) != (contract.client_id, currency):
            raise InvoiceOfAnother(path=("invoiceIds",), number=invoice.number)
    return found
