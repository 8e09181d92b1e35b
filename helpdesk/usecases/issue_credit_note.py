"""The approved credits of a contract become one document: a credit note, or a statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.compensation import CreditLine
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.credit_note import CreditNoteKind
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import ContractId, CreditNoteId, InvoiceId
from helpdesk.domain.month import Month, Months
from helpdesk.usecases.contract_step import manageable
from helpdesk.usecases.credit_note_ports import KeptCreditNote
from helpdesk.usecases.credits_on_documents import approved_lines, mark_issued, of_nature
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.issue_document import DocumentOrder, issued_document
from helpdesk.usecases.ports import Records
from helpdesk.usecases.tell_of_credits import send_document

_NATURES: Mapping[CreditNoteKind, CompensationNature] = {
    CreditNoteKind.CREDIT_NOTE: CompensationNature.PRICE_REDUCTION,
    CreditNoteKind.YEARLY_CREDIT_NOTE: CompensationNature.PRICE_REDUCTION,
    CreditNoteKind.PENALTY_STATEMENT: CompensationNature.PENALTY,
}


class KindsMixed(HelpdeskError):
    """A price reduction bears VAT and a penalty does not, so no document holds both."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "There are price reductions and penalties for this period: say in `kind` which document."
    )
    french: ClassVar[str] = (
        "Il y a des réductions de prix et des pénalités : dites dans `kind` quel document émettre."
    )


class OneMonthOnly(HelpdeskError):
    """A credit note is of a month; several months make a global one, which names its period."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A {kind} is of one month: several make a YEARLY_CREDIT_NOTE."
    french: ClassVar[str] = "Un document {kind} porte sur un mois ; au-delà, YEARLY_CREDIT_NOTE."


@dataclass(frozen=True, slots=True)
class IssueCreditNote:
    """Of which contract and months; the rest is as in a DocumentOrder.

    Without `kind` it is what the approved credits ask for: a credit note of a month, a global one
    of several, a penalty statement.
    """

    contract_id: ContractId
    months: Months
    kind: CreditNoteKind | None = None
    invoice_ids: tuple[InvoiceId, ...] = ()
    vat_rate: int | None = None
    is_net_of_tax: bool = False
    number: str = ""
    locale: Locale | None = None
    idempotency_key: str | None = None


async def issue_credit_note(
    desk: Desk, *, viewer: Viewer, request: IssueCreditNote
) -> KeptCreditNote:
    """Issue the approved credits of a contract's months as one document and return it.

    Each credit stands on one document, once; what is approved later makes another document. The
    client is sent it, and the same key gives the same document. Raises NotFound, ManagersOnly,
    KindsMixed, OneMonthOnly and what `issued_document` raises; nothing is numbered then.
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    asked = question(viewer, "issueCreditNote", request.idempotency_key, request)
    async with desk.store.transaction(viewer.agency_id) as records:
        hand = await manageable(desk, records, viewer, request.contract_id)
        known = await answered_before(desk, records, asked)
        if known is not None:
            return await _issued_before(records, CreditNoteId(known["credit_note_id"]))
        await _require_invoices(records, request)
        lines = await approved_lines(records, hand.contract.id, request.months, hand.zone)
        kind = _kind(request, lines)
        first_day, last_day = _days(request.months, hand.zone)
        order = DocumentOrder(
            contract=hand.contract,
            kind=kind,
            credits=of_nature(lines, _NATURES[kind]),
            first_day=first_day,
            last_day=last_day,
            invoice_ids=request.invoice_ids,
            vat_rate=request.vat_rate,
            is_net_of_tax=request.is_net_of_tax,
            number=request.number.strip(),
            locale=request.locale,
        )
        kept = await issued_document(desk, records, viewer, order)
        await mark_issued(desk, records, viewer, kept.note)
        await send_document(desk, records, kept)
        await remember_answer(records, asked, {"credit_note_id": kept.note.id})
    return kept


async def _require_invoices(records: Records, request: IssueCreditNote) -> None:
    for invoice_id in request.invoice_ids:
        if await records.credit_notes.invoice(invoice_id) is None:
            raise NotFound(path=("invoiceIds",), what="Invoice", id=invoice_id)


async def _issued_before(records: Records, note_id: CreditNoteId) -> KeptCreditNote:
    kept = await records.credit_notes.credit_note(note_id)
    assert kept is not None  # noqa: S101 - the key was remembered with the document
    return kept


def _kind(request: IssueCreditNote, lines: tuple[CreditLine, ...]) -> CreditNoteKind:
    kind = request.kind
    if kind is None:
        natures = {line.nature for line in lines}
        if len(natures) > 1:
            raise KindsMixed(path=("kind",))
        is_monthly = len(request.months) == 1
        kind = CreditNoteKind.CREDIT_NOTE if is_monthly else CreditNoteKind.YEARLY_CREDIT_NOTE
        if natures == {CompensationNature.PENALTY}:
            kind = CreditNoteKind.PENALTY_STATEMENT
    if kind is CreditNoteKind.CREDIT_NOTE and len(request.months) > 1:
        raise OneMonthOnly(path=("kind",), kind=kind.value)
    return kind


def _days(months: Months, zone: ZoneInfo) -> tuple[date, date]:
    first: Month = months.first
    end = months.last.following.starts_at(zone).astimezone(zone).date()
    return date(first.year, first.number, 1), end - timedelta(days=1)
