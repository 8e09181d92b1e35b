"""Hours that a client bought with a quote go into his forfait and are held for his request."""

from dataclasses import replace

from helpdesk.domain.access import Actor
from helpdesk.domain.period import expires_after
from helpdesk.domain.quote import Quote
from helpdesk.domain.retainer_entry import LotNumber, LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import open_lot
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_use import hold_lot
from helpdesk.domain.ticket import UNFINISHED, Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.purchase_pack import A_YEAR
from helpdesk.usecases.retainer_ports import BookAsk
from helpdesk.usecases.ticket_retainer import quoted_source

RUN = RetainerUnit.RUN_MINUTES


async def buy_and_hold(  # noqa: PLR0917 - a purchase with all that it takes
    desk: Desk, records: Records, quote: Quote, ticket: Ticket, minutes: int, actor: Actor
) -> bool:
    """Post a bought lot, usable for a year, and hold it for the request; return whether it was.

    A request that is finished holds nothing any more: the client may use the lot for another one.

    False where the contract keeps no book of run time: the conversion is the only record then.
    """
    assert ticket.contract_id is not None  # noqa: S101 - the quote is about a ticket under one
    key = f"quote:{quote.id}"
    kept = await records.retainer.book(BookAsk(ticket.contract_id, RUN, key=key))
    if kept is None:
        return False
    now = desk.now()
    zone = kept.book.terms.periods.zone
    expires_at = expires_after(now.astimezone(zone).date(), A_YEAR, zone)
    posting = Posting(actor, now, now, quote.number, key, key)
    terms = LotTerms(LotSource.PURCHASE, now, expires_at)
    bought = open_lot(kept.book, posting, minutes, terms)
    kept = await records.retainer.append(kept, bought)
    if ticket.status in UNFINISHED:
        lot, source = LotNumber(bought[0].number), quoted_source(ticket)
        held = replace(posting, source=source, key=f"{key}:hold")
        await records.retainer.append(kept, hold_lot(kept.book, held, lot, minutes))
    return True
