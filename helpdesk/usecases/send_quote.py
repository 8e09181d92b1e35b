"""A quote is sent to the client, and the request that it is about waits for his answer."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.domain.agency import Contact
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContactId, QuoteId
from helpdesk.domain.quote import Quote
from helpdesk.domain.quote_life import sent
from helpdesk.domain.quote_wait import waiting_for_answer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.letters import promise_quote_letter
from helpdesk.usecases.ports import Records
from helpdesk.usecases.quote_step import quote_to_change, quoted_ticket
from helpdesk.usecases.ticket_clocks import save_change


class QuoteWithoutReader(HelpdeskError):
    """A quote that nobody reads would only let the request wait."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = "Nobody is known to read quote {number}: give `recipientId`."
    french: ClassVar[str] = "Personne n'est connu pour lire le devis {number} : `recipientId`."


@dataclass(frozen=True, slots=True)
class SendQuote:
    """Which quote, and who reads it: the requester unless said."""

    quote_id: QuoteId
    recipient_id: ContactId | None = None


async def send_quote(desk: Desk, *, viewer: Viewer, request: SendQuote) -> Quote:
    """Send a quote and return it: the mail is promised and the request waits, or nothing happens.

    Its clocks that can wait pause from now on; a P0 waits for no quote. Raises NotFound,
    AgencyOnly, ScopeMissing, QuoteStepRefused, QuoteWithoutLines, QuoteWithoutReader,
    TicketAlreadyWaiting.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        draft = await quote_to_change(records, viewer, request.quote_id)
        on = Occasion(desk.now(), viewer.actor)
        quote = sent(draft, at=on.at)
        ticket = await quoted_ticket(records, quote)
        reader = await _reader(records, request, quote, ticket)
        await records.quotes.save_step(quote)
        change = None if ticket is None else waiting_for_answer(ticket, quote, on=on)
        if change is not None:
            ticket = (await save_change(desk, records, change)).ticket
        await promise_quote_letter(desk, records, quote, ticket, reader)
        return quote


async def _reader(
    records: Records, request: SendQuote, quote: Quote, ticket: Ticket | None
) -> Contact:
    requester_id = None if ticket is None else ticket.requester_id
    contact_id = request.recipient_id or requester_id
    if contact_id is None:
        raise QuoteWithoutReader(path=("recipientId",), number=quote.number)
    contact = await records.clients.contact(contact_id)
    if contact is None or contact.client_id != quote.client_id:
        raise NotFound(path=("recipientId",), what="Contact", id=contact_id)
    return contact
