"""An invoice and a credit note of each client, put there past the verbs."""

from dataclasses import replace
from datetime import UTC, date, datetime

from helpdesk.domain.access import Viewer
from helpdesk.domain.credit_note_content import canonical
from helpdesk.domain.credit_note_series import Numbering, chained_hash, numbered
from helpdesk.domain.credit_note_use import ExternalInvoice
from helpdesk.domain.ids import ContractId, CreditNoteId, InvoiceId
from helpdesk.domain.money import Money
from helpdesk.usecases.credit_note_ports import PaperKind, Sealed
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.read_models import Noun
from tests.einvoice.documents import BRUNO, a_draft, a_line, a_share

AUGUST = datetime(2026, 8, 3, 7, tzinfo=UTC)


async def add_credit_note(desk: Desk, client: Viewer, name: str) -> dict[Noun, str]:
    """Add them to a client of this name, and return their identities."""
    assert client.client_id is not None
    contract_id = ContractId(f"contract-{name}")
    invoice = ExternalInvoice(
        id=InvoiceId(f"invoice-{name}"),
        agency_id=client.agency_id,
        client_id=client.client_id,
        number=f"F-{name}",
        issued_on=date(2026, 7, 1),
        nets={20_00: Money(199_00)},
        contract_id=contract_id,
    )
    draft = a_draft(
        id=CreditNoteId(f"credit-note-{name}"),
        agency_id=client.agency_id,
        client_id=client.client_id,
        contract_id=contract_id,
        buyer=replace(BRUNO, name=f"Client {name}"),
        lines=(a_line(credit_id=None, label=f"A breach of {name}"),),
        shares=(a_share(invoice_id=invoice.id, number=invoice.number),),
    )
    async with desk.store.transaction(client.agency_id) as records:
        await records.credit_notes.save_client_identity(client.client_id, draft.buyer, at=AUGUST)
        await records.credit_notes.add_invoice(invoice, at=AUGUST)
        series = await records.credit_notes.series("AV2026-", Numbering())
        note = numbered(draft, series, on=date(2026, 8, 3))
        content = canonical(note)
        digest = chained_hash(series.last_hash, content)
        papers = {kind: f"{kind} of {name}".encode() for kind in PaperKind}
        await records.credit_notes.save_series(series.after(note, digest))
        sealed = Sealed(note, content, digest, papers, AUGUST, "A manager")
        await records.credit_notes.add(sealed)
    return {Noun.CREDIT_NOTE: note.id, Noun.INVOICE: invoice.id}
