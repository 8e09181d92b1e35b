"""What every step on a quote has in common: whose it is, and the request that waits for it."""

from typing import ClassVar

from helpdesk.domain.access import ActorKind, NotFound, Scope, Viewer
from helpdesk.domain.agency import Contact
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import QuoteId
from helpdesk.domain.quote import Quote
from helpdesk.domain.quote_wait import going_on
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.ticket_clocks import save_change


class QuoteAnswerClientOnly(HelpdeskError):
    """An answer binds the client, so a person of his gives it under his own name."""

    code: ClassVar[ErrorCode] = ErrorCode.FORBIDDEN
    english: ClassVar[str] = "Only a person of the client answers a quote: {name} is none."
    french: ClassVar[str] = "Seule une personne du client répond à un devis : {name} n'en est pas."


async def visible_quote(records: Records, viewer: Viewer, quote_id: QuoteId) -> Quote:
    """Return a quote that exists for the viewer, locked; NotFound otherwise.

    A draft does not exist for the client: he was offered nothing yet.
    """
    quote = await records.quotes.quote(quote_id)
    if quote is None or not viewer.sees_client(quote.client_id):
        raise NotFound(path=("quoteId",), what="Quote", id=quote_id)
    if quote.sent_at is None and not viewer.is_of_agency:
        raise NotFound(path=("quoteId",), what="Quote", id=quote_id)
    return quote


async def quote_to_change(records: Records, viewer: Viewer, quote_id: QuoteId) -> Quote:
    """Return a quote that the agency may change, locked.

    Raises NotFound when it does not exist for the viewer, then AgencyOnly or ScopeMissing.
    """
    quote = await visible_quote(records, viewer, quote_id)
    viewer.require_agency(Scope.TICKETS_WRITE)
    return quote


async def quote_to_answer(
    records: Records, viewer: Viewer, quote_id: QuoteId
) -> tuple[Quote, Contact]:
    """Return a quote that the viewer answers, locked, and the person of the client that he is.

    Raises NotFound, then ScopeMissing or QuoteAnswerClientOnly.
    """
    quote = await visible_quote(records, viewer, quote_id)
    viewer.require(Scope.TICKETS_WRITE)
    if viewer.kind is not ActorKind.CONTACT or viewer.contact_id is None:
        raise QuoteAnswerClientOnly(name=viewer.name)
    contact = await records.clients.contact(viewer.contact_id)
    assert contact is not None  # noqa: S101 - the viewer is this contact
    return quote, contact


async def quoted_ticket(records: Records, quote: Quote) -> Ticket | None:
    """Return the request that a quote is about, locked after the quote; None without one."""
    if quote.ticket_id is None:
        return None
    ticket = await records.tickets.ticket(quote.ticket_id)
    assert ticket is not None  # noqa: S101 - the quote names it, and none is ever removed
    return ticket


async def take_up_ticket(desk: Desk, records: Records, quote: Quote, on: Occasion) -> None:
    """End the wait of the request, unless another quote about it waits for an answer still."""
    ticket = await quoted_ticket(records, quote)
    if ticket is None or await records.quotes.has_another_unanswered(quote):
        return
    change = going_on(ticket, on=on)
    if change is not None:
        await save_change(desk, records, change)
