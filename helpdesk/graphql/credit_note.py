"""Credit notes, the invoices that they reduce, and who bills whom."""

from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry

from helpdesk.domain.credit_note import CreditNoteKind, CreditNoteState
from helpdesk.graphql.client import Client
from helpdesk.graphql.connection import OrderDirection
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.fields import attribute, computed, condition, described_enum
from helpdesk.graphql.global_ids import global_id
from helpdesk.graphql.node import Node
from helpdesk.usecases.credit_note_ports import UseKind
from helpdesk.usecases.read_models import Noun

described_enum(
    CreditNoteKind,
    "CreditNoteKind",
    "What a document is before tax law.",
    {
        CreditNoteKind.CREDIT_NOTE: "An avoir of a month: it reduces invoices, with their VAT.",
        CreditNoteKind.YEARLY_CREDIT_NOTE: "An avoir of several months under a contract.",
        CreditNoteKind.PENALTY_STATEMENT: "Penalties: damages outside VAT, in no series of avoirs.",
    },
)
described_enum(
    CreditNoteState,
    "CreditNoteState",
    "Where a document stands.",
    {
        CreditNoteState.DRAFT: "It has no number yet and binds nobody.",
        CreditNoteState.ISSUED: "It was issued, and something of it is left.",
        CreditNoteState.APPLIED: "It paid invoices whole.",
        CreditNoteState.REFUNDED: "Nothing is left of it; the last of it was paid back.",
    },
)
described_enum(
    UseKind,
    "CreditNoteUseKind",
    "What became of a part of a credit note.",
    {
        UseKind.APPLIED: "It paid a part of an invoice.",
        UseKind.REFUNDED: "It was paid back.",
    },
)


@strawberry.enum(description="What credit notes can be ordered by.")
class CreditNoteOrderField(Enum):
    """What credit notes can be ordered by."""

    ISSUED_AT = strawberry.enum_value("ISSUED_AT", description="When the document was issued.")


@strawberry.input(description="The order of a list of credit notes.")
class CreditNoteOrder:
    """The order of a list of credit notes."""

    field: CreditNoteOrderField = attribute("What the documents are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.enum(description="What invoices can be ordered by.")
class InvoiceOrderField(Enum):
    """What invoices can be ordered by."""

    RECORDED_AT = strawberry.enum_value("RECORDED_AT", description="When it was recorded here.")


@strawberry.input(description="The order of a list of invoices.")
class InvoiceOrder:
    """The order of a list of invoices."""

    field: InvoiceOrderField = attribute("What the invoices are ordered by.")
    direction: OrderDirection = attribute("Which way.")


@strawberry.type(description="A line of a credit note: what one breach gives back.")
class CreditNoteLine:
    """A line of a credit note."""

    label: str = attribute("What it is for, as the document says it.")
    evidence: str = attribute("What proves it: clocks, deadlines, versions.")
    net_cents: int = attribute("What it gives back without tax, in cents.")
    vat_basis_points: int = attribute(
        "The rate of the invoice that is reduced, in basis points: 20 % is 2000."
    )


@strawberry.type(description="What the lines of one VAT rate come to.")
class CreditNoteVat:
    """What the lines of one VAT rate come to."""

    category: str = attribute("Its code in UNTDID 5305: S, E or AE.")
    vat_basis_points: int = attribute("The rate that was applied, in basis points.")
    net_cents: int = attribute("The sum of its lines without tax, in cents.")
    vat_cents: int = attribute("The VAT on that sum, in cents.")


@strawberry.type(description="How much of an invoice a credit note takes back.")
class CreditedInvoice:
    """How much of an invoice a credit note takes back."""

    number: str = attribute("The number of the invoice.")
    issued_on: date = attribute("Its date.")
    vat_basis_points: int = attribute("At which of its rates, in basis points.")
    net_cents: int = attribute("How much, without tax, in cents.")


@strawberry.type(description="A part of a credit note that was used.")
class CreditNoteUse:
    """A part of a credit note that was used."""

    kind: UseKind = attribute("What became of it.")
    cents: int = attribute("How much, VAT included, in cents.")
    at: datetime = attribute("When.")
    actor: str = attribute("Who noted it, by the name of that day.")
    reason: str = attribute("Why and how it was paid back; empty for an invoice.")
    invoice_number: str | None = attribute("The invoice that it paid; absent for a refund.")


def _url(kind: str) -> Any:  # Any: the type of the field
    def address(note: Any, request: Any) -> str:  # Any: a thing, and who asked for it
        return f"{request.public_url}/credit-notes/{global_id(Noun.CREDIT_NOTE, note.id)}.{kind}"

    return computed(
        f"Where it is downloaded as {kind.upper()}, with the same token.", address, needs=("id",)
    )


@strawberry.type(description="A credit note (“avoir”) or a penalty statement, as it was issued.")
class CreditNote(Node):
    """A credit note or a penalty statement."""

    number: str = attribute("Its number in its series.")
    kind: CreditNoteKind = attribute("What it is before tax law.")
    state: CreditNoteState = attribute("Where it stands.")
    issued_on: date = attribute("Its date.")
    issued_at: datetime = attribute("When it was issued.")
    issued_by: str | None = attribute("Who issued it; it does not exist for a client.")
    first_day: date = attribute("The first day that it is about.")
    last_day: date = attribute("The last day that it is about.")
    currency: str = attribute("The currency of its amounts, such as `EUR`.")
    lines: list[CreditNoteLine] = attribute("What it gives back, breach by breach.", points=5)
    vat_shares: list[CreditNoteVat] = attribute("What each VAT rate comes to.", points=2)
    invoices: list[CreditedInvoice] = attribute(
        "Which invoices it reduces; none for a penalty statement.", points=2
    )
    uses: list[CreditNoteUse] = attribute("What became of its parts, in order.", points=5)
    net_cents: int = attribute("What it gives back without tax, in cents.")
    vat_cents: int = attribute("The VAT that goes with it, in cents.")
    gross_cents: int = attribute("What the client has in hand by it, VAT included, in cents.")
    applied_cents: int = attribute("What of it paid invoices, in cents.", points=2)
    refunded_cents: int = attribute("What of it was paid back, in cents.", points=2)
    left_cents: int = attribute("What of it is left, in cents.", points=2)
    client: Client = attribute("To whom it was issued.")
    contract: Contract | None = attribute("Under which contract.")
    hash: str = attribute("The SHA-256 of its content and of `previousHash`.")
    previous_hash: str = attribute("The hash of the document before it in its series.")
    pdf_url: str = _url("pdf")
    xml_url: str = _url("xml")
    json_url: str = _url("json")
    csv_url: str = _url("csv")


@strawberry.input(description="Conditions on credit notes that all hold.")
class CreditNoteFilter:
    """Conditions on credit notes that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "To whom it was issued: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
    contract_id: list[strawberry.ID] | None = condition(
        "Under which contract: any of these.", "contract_ids", ids_of=Noun.CONTRACT
    )
    kind: list[CreditNoteKind] | None = condition("What it is: any of these.", "kinds")
    is_open: bool | None = condition("Whether something of it is left.", "is_open")


@strawberry.type(description="What an invoice bills at one VAT rate.")
class InvoiceAmount:
    """What an invoice bills at one VAT rate."""

    vat_rate: int = attribute("The rate in basis points.", name="vatBasisPoints")
    net_cents: int = attribute("What it bills without tax, in cents.")
    credited_cents: int = attribute("What credit notes took of it, without tax, in cents.")


@strawberry.type(description="An invoice that another tool issued, recorded to be referred to.")
class ExternalInvoice(Node):
    """An invoice that another tool issued."""

    number: str = attribute("Its number.")
    issued_on: date = attribute("Its date.")
    recorded_at: datetime = attribute("When it was recorded here.")
    currency: str = attribute("The currency of its amounts, such as `EUR`.")
    amounts: list[InvoiceAmount] = attribute("What it bills, the highest rate first.", points=2)
    net_cents: int = attribute("What it comes to without tax, in cents.")
    vat_cents: int = attribute("The VAT, on the sum of each rate, in cents.")
    gross_cents: int = attribute("What it comes to, VAT included, in cents.")
    applied_cents: int = attribute("What credit notes paid of it, in cents.", points=2)
    payable_cents: int = attribute("What the client still pays, in cents.", points=2)
    client: Client = attribute("To whom it was issued.")
    contract: Contract | None = attribute("Under which contract; absent when it was not said.")


@strawberry.input(description="Conditions on invoices that all hold.")
class InvoiceFilter:
    """Conditions on invoices that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "To whom it was issued: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
    contract_id: list[strawberry.ID] | None = condition(
        "Under which contract: any of these.", "contract_ids", ids_of=Noun.CONTRACT
    )
