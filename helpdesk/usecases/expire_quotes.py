"""Quotes whose last day is over are let go, and the requests that waited for them go on."""

from helpdesk.domain.access import SYSTEM
from helpdesk.domain.ids import AgencyId, QuoteId
from helpdesk.domain.quote_life import expired, is_expired
from helpdesk.domain.ticket_life import Occasion
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.quote_step import take_up_ticket

AT_ONCE = 100


async def expire_quotes(desk: Desk, *, limit: int = AT_ONCE) -> int:
    """Let go of quotes that hold no more, in every agency; return how many.

    At most `limit` an agency, each in a transaction of its own; calling it again finds the rest.
    """
    count = 0
    for agency in await desk.store.agencies():
        async with desk.store.reading(agency.id) as records:
            lapsed = await records.quotes.lapsed(at=desk.now(), limit=limit)
        for quote_id in lapsed:
            count += await _expire(desk, agency.id, quote_id)
    return count


async def _expire(desk: Desk, agency_id: AgencyId, quote_id: QuoteId) -> bool:
    """Let go of a quote and return True; False when it was answered meanwhile."""
    async with desk.store.transaction(agency_id) as records:
        quote = await records.quotes.quote(quote_id)
        if quote is None or not is_expired(quote, at=desk.now()):
            return False
        lapsed = expired(quote, at=desk.now())
        await records.quotes.save_step(lapsed)
        await take_up_ticket(desk, records, lapsed, Occasion(desk.now(), SYSTEM))
        return True
