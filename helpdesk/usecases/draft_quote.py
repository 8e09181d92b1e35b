"""The agency writes down what work would cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from zoneinfo import ZoneInfo

from helpdesk.domain.access import NotFound, Scope, Viewer
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ClientId, QuoteId, TicketId
from helpdesk.domain.message import SUBJECT_LIMIT, required_text, storable
from helpdesk.domain.money import require_price
from helpdesk.domain.quote import USUAL_VALIDITY_DAYS, Quote, QuoteLine
from helpdesk.domain.quote_life import edited
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import answered_before, question, remember_answer
from helpdesk.usecases.open_ticket import ClientRequired
from helpdesk.usecases.ports import Records
from helpdesk.usecases.quote_step import quote_to_change, visible_quote
from helpdesk.usecases.ticket_step import visible_ticket

MOST_LINES = 200
MOST_CENTS = 2**31 - 1
MOST_VALIDITY_DAYS = 3650


class QuoteTooLarge(HelpdeskError):
    """What no client could read or pay is a slip of the keyboard."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A quote has at most {lines} lines and comes to at most {cents} cents."
    french: ClassVar[str] = "Un devis a au plus {lines} lignes et s'élève au plus à {cents} cents."


class QuoteValidityTooLong(HelpdeskError):
    """A price that holds for ten years is a slip of the keyboard."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "A quote holds for at most {most} days, not for {days}."
    french: ClassVar[str] = "Un devis vaut au plus {most} jours, et non {days}."


@dataclass(frozen=True, slots=True)
class DraftQuote:
    """What is offered to whom; the client may be left out where the request says it."""

    title: str
    lines: tuple[QuoteLine, ...]
    client_id: ClientId | None = None
    ticket_id: TicketId | None = None
    validity_days: int = USUAL_VALIDITY_DAYS
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class EditQuote:
    """What a draft says from now on."""

    quote_id: QuoteId
    title: str
    lines: tuple[QuoteLine, ...]


async def draft_quote(desk: Desk, *, viewer: Viewer, request: DraftQuote) -> Quote:
    """Draft a quote and return it; the client does not see it before it is sent.

    Raises AgencyOnly, ScopeMissing, NotFound, ClientRequired, TextRequired, TextTooLong,
    QuoteValidityInvalid, QuoteValidityTooLong, QuoteLineInvalid, QuoteTooLarge,
    IdempotencyKeyReused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        ticket = (
            None
            if request.ticket_id is None
            else await visible_ticket(records, viewer, request.ticket_id)
        )
        client_id = await _client(records, viewer, request, ticket)
        viewer.require_agency(Scope.TICKETS_WRITE)
        asked = question(viewer, "draftQuote", request.idempotency_key, request)
        before = await answered_before(desk, records, asked)
        if before is not None:
            return await visible_quote(records, viewer, QuoteId(before["quoteId"]))
        quote = await _drafted(desk, records, request, client_id, ticket)
        await records.quotes.add_quote(quote)
        await remember_answer(records, asked, {"quoteId": quote.id})
        return quote


async def edit_quote(desk: Desk, *, viewer: Viewer, request: EditQuote) -> Quote:
    """Write other lines into a draft and return it.

    Raises NotFound, AgencyOnly, ScopeMissing, QuoteStepRefused once it was sent, TextRequired,
    TextTooLong, QuoteTooLarge.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        quote = await quote_to_change(records, viewer, request.quote_id)
        lines = quotable(request.lines)
        draft = payable(edited(quote, lines, title=quote_title(request.title)))
        await records.quotes.save_draft(draft)
        return draft


def quote_title(title: str) -> str:
    """Return what a quote is about, in a line. Raises TextRequired and TextTooLong."""
    return required_text(title, field="title", limit=SUBJECT_LIMIT)


def quotable(lines: Sequence[QuoteLine]) -> tuple[QuoteLine, ...]:
    """Return lines that can be kept. Raises QuoteTooLarge, QuoteLineInvalid, PriceNotPositive."""
    if len(lines) > MOST_LINES:
        raise QuoteTooLarge(path=("lines",), lines=MOST_LINES, cents=MOST_CENTS)
    for line in lines:
        if line.unit_price.cents == 0:
            require_price(line.unit_price, path=("lines",))
    return tuple(replace(line, description=storable(line.description).strip()) for line in lines)


def payable(quote: Quote) -> Quote:
    """Return the quote if somebody could pay it: its discounts leave something to pay.

    A draft without lines is written on later. Raises QuoteTooLarge and PriceNotPositive.
    """
    totals = quote.totals
    require_price(totals.net if quote.lines else None, path=("lines",))
    amounts = [totals.net, totals.vat, totals.gross, *(line.net for line in quote.lines)]
    if any(abs(amount.cents) > MOST_CENTS for amount in amounts):
        raise QuoteTooLarge(path=("lines",), lines=MOST_LINES, cents=MOST_CENTS)
    return quote


async def _drafted(
    desk: Desk,
    records: Records,
    request: DraftQuote,
    client_id: ClientId,
    ticket: Ticket | None,
) -> Quote:
    now = desk.now()
    agency = await records.agencies.agency()
    zone = ZoneInfo(agency.zone)
    year = now.astimezone(zone).year
    if request.validity_days > MOST_VALIDITY_DAYS:
        raise QuoteValidityTooLong(
            path=("validityDays",), days=request.validity_days, most=MOST_VALIDITY_DAYS
        )
    title, lines = quote_title(request.title), quotable(request.lines)
    number = await records.agencies.next_number(f"quote-{year}")
    return payable(
        Quote(
            id=QuoteId(desk.new_id()),
            agency_id=agency.id,
            client_id=client_id,
            number=f"D{year}-{number:04}",
            version=1,
            title=title,
            lines=lines,
            zone=zone,
            created_at=now,
            ticket_id=None if ticket is None else ticket.id,
            contract_id=None if ticket is None else ticket.contract_id,
            validity_days=request.validity_days,
        )
    )


async def _client(
    records: Records, viewer: Viewer, request: DraftQuote, ticket: Ticket | None
) -> ClientId:
    client_id = request.client_id or (None if ticket is None else ticket.client_id)
    if client_id is None:
        raise ClientRequired(path=("clientId",))
    known = await records.clients.client(client_id)
    of_ticket = client_id if ticket is None else ticket.client_id
    if known is None or not viewer.sees_client(client_id) or client_id != of_ticket:
        raise NotFound(path=("clientId",), what="Client", id=client_id)
    return client_id
