"""What can be done about credit notes and the invoices that they reduce."""

import strawberry

from helpdesk.graphql import credit_note_mutations as credit_note
from helpdesk.graphql.mutating import mutation


@strawberry.type(description="What can be done about credit notes.")
class BillingMutation:
    """What can be done about credit notes."""

    update_agency_identity = mutation(
        "Say how the agency invoices: who it is, its rule of taxation, its numbers. Issued "
        "documents keep what they said. Managers alone may.",
        credit_note.agency_identified,
        given=credit_note.UpdateAgencyIdentityInput,
        gives=credit_note.UpdateAgencyIdentityPayload,
    )
    update_client_identity = mutation(
        "Say who a client is on his documents; issued ones keep what they said. Managers alone "
        "may.",
        credit_note.client_identified,
        given=credit_note.UpdateClientIdentityInput,
        gives=credit_note.UpdateClientIdentityPayload,
    )
    record_invoice = mutation(
        "Record an invoice that another tool issued, so that credit notes can reduce it. The same "
        "one again changes nothing. Managers alone may.",
        credit_note.invoice_recorded,
        given=credit_note.RecordInvoiceInput,
        gives=credit_note.RecordInvoicePayload,
    )
    issue_credit_note = mutation(
        "Issue the approved credits of a contract's month as one document: number, content, hash "
        "and papers at once, or nothing. It is never changed afterwards. Managers alone may.",
        credit_note.credit_note_issued,
        given=credit_note.IssueCreditNoteInput,
        gives=credit_note.IssueCreditNotePayload,
    )
    apply_credit_notes = mutation(
        "Pay an invoice with the client's open credit notes, the oldest first and never below "
        "zero; what is left of them waits for the next one. Managers alone may.",
        credit_note.credit_notes_applied,
        given=credit_note.ApplyCreditNotesInput,
        gives=credit_note.ApplyCreditNotesPayload,
    )
    refund_credit_note = mutation(
        "Note that a credit note was paid back, whole or in part. Managers alone may.",
        credit_note.credit_note_refunded,
        given=credit_note.RefundCreditNoteInput,
        gives=credit_note.RefundCreditNotePayload,
    )
