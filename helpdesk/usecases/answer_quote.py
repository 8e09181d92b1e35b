"""A person of the client accepts or refuses a quote; the request goes on."""

from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import QuoteId
from helpdesk.domain.message import storable
from helpdesk.domain.notification_catalogue import NotificationKind
from helpdesk.domain.quote import Acceptance, AfterRefusal, Quote, Refusal
from helpdesk.domain.quote_life import accepted, ip_hash, refused
from helpdesk.domain.quote_wait import after_refusal
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.keep_news import keep_quote_news
from helpdesk.usecases.ports import Records
from helpdesk.usecases.quote_step import quote_to_answer, quoted_ticket, take_up_ticket
from helpdesk.usecases.ticket_clocks import save_change


@dataclass(frozen=True, slots=True)
class AcceptQuote:
    """Which quote, the hash of the document that was read, and the IP address it came from.

    The address itself is not kept.
    """

    quote_id: QuoteId
    document_hash: str
    address: str


@dataclass(frozen=True, slots=True)
class RefuseQuote:
    """Which quote, why, and what becomes of the request."""

    quote_id: QuoteId
    reason: str
    then: AfterRefusal = AfterRefusal.RETURN_TO_CLIENT


async def accept_quote(desk: Desk, *, viewer: Viewer, request: AcceptQuote) -> Quote:
    """Accept a quote with the evidence and return it; the request is in work again.

    Raises NotFound, ScopeMissing, QuoteAnswerClientOnly, QuoteStepRefused, QuoteExpired,
    OtherDocumentAccepted.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        quote, contact = await quote_to_answer(records, viewer, request.quote_id)
        on = Occasion(desk.now(), viewer.actor)
        secret = await records.quotes.evidence_secret(desk.new_secret())
        acceptance = Acceptance(
            name=contact.name,
            email=contact.email,
            at=on.at,
            ip_hash=ip_hash(request.address, secret=secret.encode()),
            document_hash=storable(request.document_hash).encode("ascii", "replace").decode(),
        )
        agreed = accepted(quote, acceptance)
        await records.quotes.save_answer(agreed, contact.id)
        await take_up_ticket(desk, records, agreed, on)
        await keep_quote_news(desk, records, agreed, on.actor, NotificationKind.QUOTE_ACCEPTED)
        return agreed


async def refuse_quote(desk: Desk, *, viewer: Viewer, request: RefuseQuote) -> Quote:
    """Refuse a quote and return it; the request is closed or given back with the reason.

    Raises NotFound, ScopeMissing, QuoteAnswerClientOnly, QuoteStepRefused, QuoteExpired,
    RefusalReasonRequired.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        quote, contact = await quote_to_answer(records, viewer, request.quote_id)
        on = Occasion(desk.now(), viewer.actor)
        reason = storable(request.reason).strip()
        refusal = Refusal(contact.name, on.at, reason, request.then)
        turned_down = refused(quote, refusal)
        await records.quotes.save_answer(turned_down, contact.id)
        await _give_back(desk, records, turned_down, refusal, on)
        await keep_quote_news(desk, records, turned_down, on.actor, NotificationKind.QUOTE_REFUSED)
        return turned_down


async def _give_back(
    desk: Desk, records: Records, quote: Quote, refusal: Refusal, on: Occasion
) -> None:
    """Do with the request what was said, unless another quote about it waits for an answer."""
    ticket = await quoted_ticket(records, quote)
    if ticket is None or await records.quotes.has_another_unanswered(quote):
        return
    change = after_refusal(ticket, refusal, on=on)
    if change is not None:
        await save_change(desk, records, change)
