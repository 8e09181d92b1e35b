"""Quotes whose last day is over are let go, and the requests that waited for them go on."""

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.ids import AgencyId, QuoteId
from helpdesk.domain.quote_life import expired, is_expired
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.quote_step import take_up_ticket

AT_ONCE = 100


async def lapsed_quotes(
    desk: Desk, agency_id: AgencyId, *, limit: int = AT_ONCE
) -> tuple[QuoteId, ...]:
    """Return quotes of an agency that hold no more, so many at most: ask again for the rest."""
    async with desk.store.reading(agency_id) as records:
        return await records.quotes.lapsed(at=desk.now(), limit=limit)


async def expire_quote(desk: Desk, agency_id: AgencyId, quote_id: QuoteId) -> bool:
    """Let go of a quote and return True; False when it was answered meanwhile."""
    async with desk.store.transaction(agency_id) as records:
        quote = await records.quotes.quote(quote_id)
        if quote is None or not is_expired(quote, at=desk.now()):
            return False
        lapsed = expired(quote, at=desk.now())
        await records.quotes.save_step(lapsed)
        await take_up_ticket(desk, records, lapsed, Occasion(desk.now(), SYSTEM))
        return True
