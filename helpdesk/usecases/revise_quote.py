"""A quote that was sent is replaced by a new version, or withdrawn."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import Viewer
from helpdesk.domain.ids import QuoteId
from helpdesk.domain.quote import Quote, QuoteLine
from helpdesk.domain.quote_life import cancelled, revised
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.draft_quote import payable, quotable, quote_title
from helpdesk.usecases.quote_step import quote_to_change, take_up_ticket


@dataclass(frozen=True, slots=True)
class ReviseQuote:
    """Which quote, and what its next version says; the title is None where it stays."""

    quote_id: QuoteId
    lines: tuple[QuoteLine, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class CancelQuote:
    """Which quote is withdrawn."""

    quote_id: QuoteId


async def revise_quote(desk: Desk, *, viewer: Viewer, request: ReviseQuote) -> Quote:
    """Replace a sent quote and return the draft of its next version.

    The old one is superseded and stays readable; the request goes on until the new one is sent.
    Raises NotFound, AgencyOnly, ScopeMissing, QuoteStepRefused, QuoteTooLarge, TextRequired.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        quote = await quote_to_change(records, viewer, request.quote_id)
        on = Occasion(desk.now(), viewer.actor)
        lines, new_id = quotable(request.lines), QuoteId(desk.new_id())
        revision = revised(quote, lines, new_id=new_id, at=on.at)
        draft = revision.draft
        if request.title is not None:
            draft = replace(draft, title=quote_title(request.title))
        await records.quotes.save_step(revision.superseded)
        await records.quotes.add_quote(payable(draft))
        await take_up_ticket(desk, records, revision.superseded, on)
        return draft


async def cancel_quote(desk: Desk, *, viewer: Viewer, request: CancelQuote) -> Quote:
    """Withdraw a quote and return it; the request goes on.

    Raises NotFound, AgencyOnly, ScopeMissing, QuoteStepRefused.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        quote = await quote_to_change(records, viewer, request.quote_id)
        on = Occasion(desk.now(), viewer.actor)
        withdrawn = cancelled(quote, at=on.at)
        await records.quotes.save_step(withdrawn)
        await take_up_ticket(desk, records, withdrawn, on)
        return withdrawn
