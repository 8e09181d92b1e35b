"""A credit note is used: it pays the client's next invoice, or is given back in money."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.credit_note import CreditNoteStep, require_step
from helpdesk.domain.credit_note_use import Application, applied, require_left
from helpdesk.domain.ids import CreditNoteId, InvoiceId
from helpdesk.domain.message import required_text
from helpdesk.domain.money import Money
from helpdesk.usecases.credit_note_ports import CreditNoteUse, KeptCreditNote, UseKind
from helpdesk.usecases.credits_on_documents import used_up
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.require_manager import require_manager

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ApplyCreditNotes:
    """Which invoice is paid with what the client has in hand."""

    invoice_id: InvoiceId


@dataclass(frozen=True, slots=True)
class RefundCreditNote:
    """Which credit note is given back, how much of it in cents (what is left), and why or how."""

    credit_note_id: CreditNoteId
    reason: str
    amount_cents: int | None = None


async def apply_credit_notes(
    desk: Desk, *, viewer: Viewer, request: ApplyCreditNotes
) -> Application:
    """Pay an invoice with the client's open credit notes, the oldest first, and return how.

    What is left of them waits for the next invoice; an invoice that is paid takes nothing. Raises
    NotFound and ManagersOnly. Source: R-CN 3.
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        invoice = await records.credit_notes.invoice(request.invoice_id)
        if invoice is None:
            raise NotFound(path=("invoiceId",), what="Invoice", id=request.invoice_id)
        await records.contracts.lock_contracts_of(invoice.client_id)
        paid = await records.credit_notes.applied_to(invoice.id, invoice.currency)
        kept = await records.credit_notes.open_credit_notes(invoice.client_id, invoice.currency)
        application = applied((one.open_credit for one in kept), invoice.totals.gross + -paid)
        by_id = {one.note.id: one for one in kept}
        for part in application.parts:
            use = CreditNoteUse(
                id=desk.new_id(),
                credit_note_id=part.credit.id,
                kind=UseKind.APPLIED,
                amount=part.amount,
                at=desk.now(),
                actor=viewer.name,
                invoice_id=invoice.id,
            )
            await _used(desk, records, viewer, by_id[part.credit.id], use)
        return application


async def refund_credit_note(
    desk: Desk, *, viewer: Viewer, request: RefundCreditNote
) -> KeptCreditNote:
    """Note that a credit note was given back in money, whole or in part, and return it.

    Raises NotFound, ManagersOnly, TextRequired, StepNotPossible for one that is used up, and
    CreditExhausted for more than is left. Source: R-CN 3, no silent expiry.
    """
    viewer.require_agency(Scope.AGENCY_WRITE)
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        kept = await _held(records, request.credit_note_id)
        reason = required_text(request.reason, field="reason", limit=REASON_LIMIT)
        require_step(kept.state, CreditNoteStep.REFUND, number=kept.note.number)
        cents = kept.left.cents if request.amount_cents is None else request.amount_cents
        amount = Money(cents, kept.note.currency)
        require_left(kept.open_credit, amount)
        use = CreditNoteUse(
            id=desk.new_id(),
            credit_note_id=kept.note.id,
            kind=UseKind.REFUNDED,
            amount=amount,
            at=desk.now(),
            actor=viewer.name,
            reason=reason,
        )
        return await _used(desk, records, viewer, kept, use)


async def _held(records: Records, note_id: CreditNoteId) -> KeptCreditNote:
    """Return a document, locked after the contracts of its client, as issuing locks them."""
    client_id = await records.credit_notes.holder_of(note_id)
    if client_id is not None:
        await records.contracts.lock_contracts_of(client_id)
    kept = await records.credit_notes.credit_note(note_id)
    if kept is None:
        raise NotFound(path=("creditNoteId",), what="CreditNote", id=note_id)
    return kept


async def _used(
    desk: Desk, records: Records, viewer: Viewer, kept: KeptCreditNote, use: CreditNoteUse
) -> KeptCreditNote:
    """Keep a use and return the document after it; its credits follow once nothing is left."""
    await records.credit_notes.add_use(use)
    nothing = Money(0, use.amount.currency)
    is_refund = use.kind is UseKind.REFUNDED
    after = replace(
        kept,
        applied=kept.applied + (nothing if is_refund else use.amount),
        refunded=kept.refunded + (use.amount if is_refund else nothing),
    )
    await used_up(desk, records, viewer, after)
    return after
