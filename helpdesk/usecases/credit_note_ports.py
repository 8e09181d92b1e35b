"""What the verbs of credit notes need from outside: their records, and who makes the papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from helpdesk.domain.credit_note import CreditNote, CreditNoteState, state_after
from helpdesk.domain.credit_note_series import Link, Numbering, Series
from helpdesk.domain.credit_note_use import ExternalInvoice, OpenCredit, Reducible
from helpdesk.domain.fiscal_identity import FiscalIdentity
from helpdesk.domain.ids import ClientId, ContractId, CreditNoteId, InvoiceId
from helpdesk.domain.money import Money
from helpdesk.domain.party import Party


class PaperKind(StrEnum):
    """The papers of a document: the page for people, and the file for the client's platform."""

    PDF = "pdf"
    XML = "xml"


class UseKind(StrEnum):
    """What became of a part of a credit note."""

    APPLIED = "APPLIED"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True, slots=True)
class CreditNoteUse:
    """A part of a credit note that was used: it paid an invoice, or was given back, and when (UTC).

    `reason` is what the agency wrote about a refund, such as the reference of the transfer.
    """

    id: str
    credit_note_id: CreditNoteId
    kind: UseKind
    amount: Money
    at: datetime
    actor: str
    invoice_id: InvoiceId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KeptCreditNote:
    """An issued document with the hash of its content, and what was used of it."""

    note: CreditNote
    hash: str
    applied: Money
    refunded: Money

    @property
    def left(self) -> Money:
        """What can still be used."""
        return self.note.gross + -self.applied + -self.refunded

    @property
    def state(self) -> CreditNoteState:
        """Where it stands."""
        return state_after(self.note.gross, applied=self.applied, refunded=self.refunded)

    @property
    def open_credit(self) -> OpenCredit:
        """What of it can still be used, in the order of its date."""
        issuing = self.note.issuing
        assert issuing is not None  # noqa: S101 - only issued documents are kept
        return OpenCredit(self.note.id, issuing.number, issuing.issued_on, self.left)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A document on its way into the records: its frozen content, its hash and its papers."""

    note: CreditNote
    content: str
    hash: str
    papers: Mapping[PaperKind, bytes]
    issued_at: datetime
    issued_by: str


class CreditNotePapers(Protocol):
    """Makes the papers of a document."""

    async def papers(
        self, note: CreditNote, *, digest: str, at: datetime
    ) -> Mapping[PaperKind, bytes]:
        """Return the page of an issued document, and its file unless it is a penalty statement.

        `digest` is the hash of the document, which the page shows.
        """
        ...


class CreditNoteRecords(Protocol):
    """Who bills whom, the invoices elsewhere, the series, the documents and their use."""

    async def agency_identity(self) -> FiscalIdentity | None:
        """Return how the agency invoices; None while it has not said so."""
        ...

    async def save_agency_identity(self, identity: FiscalIdentity, *, at: datetime) -> None:
        """Write how the agency invoices from now on."""
        ...

    async def client_identity(self, client_id: ClientId) -> Party | None:
        """Return who a client is on his documents; None while nobody has said so."""
        ...

    async def save_client_identity(
        self, client_id: ClientId, party: Party, *, at: datetime
    ) -> None:
        """Write who a client is on his documents from now on."""
        ...

    async def add_invoice(self, invoice: ExternalInvoice, *, at: datetime) -> bool:
        """Add an invoice; False when there is one of this number."""
        ...

    async def invoice(self, invoice_id: InvoiceId) -> ExternalInvoice | None:
        """Return an invoice; None when there is none."""
        ...

    async def invoice_by_number(self, number: str) -> ExternalInvoice | None:
        """Return the invoice of a number; None when there is none."""
        ...

    async def reducible(self, invoice_ids: Sequence[InvoiceId]) -> tuple[Reducible, ...]:
        """Return the invoices that exist of these, in their order, with what was credited already.

        They are locked until the transaction ends.
        """
        ...

    async def invoices_of(
        self, contract_id: ContractId, first_day: date, last_day: date
    ) -> tuple[InvoiceId, ...]:
        """Return the invoices of a contract that are dated within two days, the oldest first."""
        ...

    async def applied_to(self, invoice_id: InvoiceId, currency: str) -> Money:
        """Return what credit notes paid of an invoice already."""
        ...

    async def series(self, prefix: str, numbering: Numbering) -> Series:
        """Return a series, begun with this numbering if it is new, locked until the end."""
        ...

    async def locked_series(self, prefix: str) -> Series:
        """Return a series that was begun, locked until the transaction ends."""
        ...

    async def save_series(self, series: Series) -> None:
        """Write where a series stands."""
        ...

    async def all_series(self) -> tuple[Series, ...]:
        """Return every series, by prefix."""
        ...

    async def links(self, prefix: str, *, after: int, limit: int) -> tuple[Link, ...]:
        """Return documents of a series, in their order, those after a place."""
        ...

    async def add(self, sealed: Sealed) -> None:
        """Add a document with its papers."""
        ...

    async def holder_of(self, note_id: CreditNoteId) -> ClientId | None:
        """Return the client of a document; None when there is none."""
        ...

    async def credit_note(self, note_id: CreditNoteId) -> KeptCreditNote | None:
        """Return a document, locked until the transaction ends; None when there is none."""
        ...

    async def open_credit_notes(
        self, client_id: ClientId, currency: str
    ) -> tuple[KeptCreditNote, ...]:
        """Return the documents of a client of which something is left, locked, the oldest first."""
        ...

    async def issued_within(self, first_day: date, last_day: date) -> tuple[KeptCreditNote, ...]:
        """Return the documents that are dated within two days, the oldest first."""
        ...

    async def add_use(self, use: CreditNoteUse) -> None:
        """Add a use of a document."""
        ...

    async def paper(self, note_id: CreditNoteId, kind: PaperKind) -> bytes | None:
        """Return a paper of a document as it was issued; None when there is none."""
        ...
