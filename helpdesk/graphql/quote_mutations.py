"""What can be done to quotes: the agency makes them, the client answers them."""

import strawberry

from helpdesk.domain.ids import ClientId, ContactId, QuoteId, TicketId
from helpdesk.domain.money import Money
from helpdesk.domain.quote import USUAL_VALIDITY_DAYS, AfterRefusal, ConversionKind
from helpdesk.domain.quote import QuoteLine as Line
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import IDEMPOTENCY_KEY, MutationInput, Outcome, payload
from helpdesk.graphql.quote import Quote
from helpdesk.graphql.request import Request
from helpdesk.usecases.answer_quote import AcceptQuote, RefuseQuote, accept_quote, refuse_quote
from helpdesk.usecases.convert_quote import ConvertQuote, convert_quote
from helpdesk.usecases.draft_quote import DraftQuote, EditQuote, draft_quote, edit_quote
from helpdesk.usecases.read_models import Noun
from helpdesk.usecases.revise_quote import CancelQuote, ReviseQuote, cancel_quote, revise_quote
from helpdesk.usecases.send_quote import SendQuote, send_quote

_LINES = "What is offered, in this order."
_QUOTE_ID = "The quote."


@strawberry.input(description="A line of a quote; a discount has a negative price.")
class QuoteLineInput:
    """A line of a quote."""

    description: str = attribute("What it is.")
    quantity: int = optional("How many.", 1)
    unit_cents: int = attribute("The price of one before VAT, in cents.")
    vat_basis_points: int = attribute("The VAT rate in basis points: 20 % is 2000.")


@strawberry.input(description="A quote to draft.")
class DraftQuoteInput(MutationInput):
    """A quote to draft."""

    title: str = attribute("What it is about, in a line.")
    lines: list[QuoteLineInput] = attribute(_LINES)
    client_id: strawberry.ID | None = optional(
        "To whom it is offered; it may be left out with `ticketId`."
    )
    ticket_id: strawberry.ID | None = optional("The request that it is about.")
    validity_days: int | None = optional(
        f"For how many days it holds once it is sent; {USUAL_VALIDITY_DAYS} unless said."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="What a draft says from now on.")
class EditQuoteInput(MutationInput):
    """What a draft says from now on."""

    quote_id: strawberry.ID = attribute("The draft.")
    title: str = attribute("What it is about, in a line.")
    lines: list[QuoteLineInput] = attribute(_LINES)


@strawberry.input(description="A quote to send.")
class SendQuoteInput(MutationInput):
    """A quote to send."""

    quote_id: strawberry.ID = attribute("The draft.")
    recipient_id: strawberry.ID | None = optional(
        "The person of the client who reads it; the requester unless said."
    )


@strawberry.input(description="A quote to replace by its next version.")
class ReviseQuoteInput(MutationInput):
    """A quote to replace by its next version."""

    quote_id: strawberry.ID = attribute("The quote that was sent.")
    lines: list[QuoteLineInput] = attribute("What is offered instead, in this order.")
    title: str | None = optional("What it is about from now on; as before unless said.")


@strawberry.input(description="A quote to withdraw.")
class CancelQuoteInput(MutationInput):
    """A quote to withdraw."""

    quote_id: strawberry.ID = attribute(_QUOTE_ID)


@strawberry.input(description="A quote to accept.")
class AcceptQuoteInput(MutationInput):
    """A quote to accept."""

    quote_id: strawberry.ID = attribute(_QUOTE_ID)
    document_hash: str = attribute("The `documentHash` of what was read: it alone is accepted.")


@strawberry.input(description="A quote to refuse.")
class RefuseQuoteInput(MutationInput):
    """A quote to refuse."""

    quote_id: strawberry.ID = attribute(_QUOTE_ID)
    reason: str = attribute("Why; the agency reads it.")
    then: AfterRefusal = optional("What becomes of the request.", AfterRefusal.RETURN_TO_CLIENT)


@strawberry.input(description="An accepted quote to turn into work.")
class ConvertQuoteInput(MutationInput):
    """An accepted quote to turn into work."""

    quote_id: strawberry.ID = attribute(_QUOTE_ID)
    key: str = attribute("A name that you give to this conversion: it is done once under it.")
    kind: ConversionKind = attribute("What it becomes.")
    minutes: int | None = optional("The bought minutes to hold; for `RUN_HOLD` alone.")


_AFTER = (Quote, "The quote after it.")
DraftQuotePayload = payload("DraftQuotePayload", "A quote that was drafted.", quote=_AFTER)
EditQuotePayload = payload("EditQuotePayload", "A draft that was edited.", quote=_AFTER)
SendQuotePayload = payload("SendQuotePayload", "A quote that was sent.", quote=_AFTER)
ReviseQuotePayload = payload(
    "ReviseQuotePayload",
    "A quote that was replaced.",
    quote=(Quote, "The draft of its next version."),
)
CancelQuotePayload = payload("CancelQuotePayload", "A quote that was withdrawn.", quote=_AFTER)
AcceptQuotePayload = payload("AcceptQuotePayload", "A quote that was accepted.", quote=_AFTER)
RefuseQuotePayload = payload("RefuseQuotePayload", "A quote that was refused.", quote=_AFTER)
ConvertQuotePayload = payload("ConvertQuotePayload", "A quote that became work.", quote=_AFTER)


async def quote_drafted(request: Request, given: DraftQuoteInput) -> Outcome:
    """Draft a quote."""
    client_id, ticket_id, days = given.client_id, given.ticket_id, given.validity_days
    asked = DraftQuote(
        title=given.title,
        lines=_lines(given.lines),
        client_id=None
        if client_id is None
        else ClientId(id_of(Noun.CLIENT, client_id, path=("clientId",))),
        ticket_id=None
        if ticket_id is None
        else TicketId(id_of(Noun.TICKET, ticket_id, path=("ticketId",))),
        validity_days=USUAL_VALIDITY_DAYS if days is None else days,
        idempotency_key=given.idempotency_key,
    )
    return {"quote": (await draft_quote(request.desk, viewer=request.viewer, request=asked)).id}


async def quote_edited(request: Request, given: EditQuoteInput) -> Outcome:
    """Edit a draft."""
    asked = EditQuote(_quote(given.quote_id), given.title, _lines(given.lines))
    return {"quote": (await edit_quote(request.desk, viewer=request.viewer, request=asked)).id}


async def quote_sent(request: Request, given: SendQuoteInput) -> Outcome:
    """Send a quote."""
    reader = given.recipient_id
    recipient_id = None
    if reader is not None:
        recipient_id = ContactId(id_of(Noun.CONTACT, reader, path=("recipientId",)))
    asked = SendQuote(_quote(given.quote_id), recipient_id)
    return {"quote": (await send_quote(request.desk, viewer=request.viewer, request=asked)).id}


async def quote_revised(request: Request, given: ReviseQuoteInput) -> Outcome:
    """Replace a quote."""
    asked = ReviseQuote(_quote(given.quote_id), _lines(given.lines), given.title)
    return {"quote": (await revise_quote(request.desk, viewer=request.viewer, request=asked)).id}


async def quote_cancelled(request: Request, given: CancelQuoteInput) -> Outcome:
    """Withdraw a quote."""
    asked = CancelQuote(_quote(given.quote_id))
    return {"quote": (await cancel_quote(request.desk, viewer=request.viewer, request=asked)).id}


async def quote_accepted(request: Request, given: AcceptQuoteInput) -> Outcome:
    """Accept a quote."""
    asked = AcceptQuote(_quote(given.quote_id), given.document_hash, request.address)
    return {"quote": (await accept_quote(request.desk, viewer=request.viewer, request=asked)).id}


async def quote_refused(request: Request, given: RefuseQuoteInput) -> Outcome:
    """Refuse a quote."""
    asked = RefuseQuote(_quote(given.quote_id), given.reason, given.then)
    return {"quote": (await refuse_quote(request.desk, viewer=request.viewer, request=asked)).id}


async def quote_converted(request: Request, given: ConvertQuoteInput) -> Outcome:
    """Turn a quote into work."""
    asked = ConvertQuote(_quote(given.quote_id), given.key, given.kind, given.minutes)
    work = await convert_quote(request.desk, viewer=request.viewer, request=asked)
    return {"quote": work.quote_id}


def _quote(given: strawberry.ID) -> QuoteId:
    return QuoteId(id_of(Noun.QUOTE, given, path=("quoteId",)))


def _lines(given: list[QuoteLineInput]) -> tuple[Line, ...]:
    return tuple(
        Line(line.description, line.quantity, Money(line.unit_cents), line.vat_basis_points)
        for line in given
    )
