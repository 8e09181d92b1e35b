"""What can be asked about quotes, credit notes and the invoices that they reduce."""

import strawberry

from helpdesk.graphql.connection import Connection
from helpdesk.graphql.credit_note import (
    CreditNote,
    CreditNoteFilter,
    CreditNoteOrder,
    ExternalInvoice,
    InvoiceFilter,
    InvoiceOrder,
)
from helpdesk.graphql.fields import paged
from helpdesk.graphql.ordering import QuoteOrder
from helpdesk.graphql.quote import Quote, QuoteFilter
from helpdesk.usecases.read_models import Noun, Order, OrderField


@strawberry.type(description="What can be asked about quotes and credit notes.")
class BillingQuery:
    """What can be asked about quotes and credit notes."""

    quotes: Connection[Quote] = paged(
        "The quotes, the latest first; drafts for the agency alone.",
        Noun.QUOTE,
        order=Order(OrderField.CREATED_AT, is_descending=True),
        orders=QuoteOrder,
        filters=QuoteFilter,
    )
    credit_notes: Connection[CreditNote] = paged(
        "The credit notes and penalty statements, the latest first.",
        Noun.CREDIT_NOTE,
        order=Order(OrderField.ISSUED_AT, is_descending=True),
        orders=CreditNoteOrder,
        filters=CreditNoteFilter,
    )
    invoices: Connection[ExternalInvoice] = paged(
        "The invoices that were recorded, the latest first.",
        Noun.INVOICE,
        order=Order(OrderField.RECORDED_AT, is_descending=True),
        orders=InvoiceOrder,
        filters=InvoiceFilter,
    )
