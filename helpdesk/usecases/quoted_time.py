"""Hours that a client bought with a quote go into his forfait and are held for his request."""

from helpdesk.domain.access import Actor
from helpdesk.domain.period import expires_after
from helpdesk.domain.quote import Quote
from helpdesk.domain.retainer_entry import LotSource, LotTerms, Posting
from helpdesk.domain.retainer_lots import open_lot
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records
from helpdesk.usecases.purchase_pack import A_YEAR
from helpdesk.usecases.retainer_ports import BookAsk
from helpdesk.usecases.ticket_retainer import TicketUse, hold_for_ticket

RUN = RetainerUnit.RUN_MINUTES


async def buy_and_hold(  # noqa: PLR0917 - a purchase with all that it takes
    desk: Desk, records: Records, quote: Quote, ticket: Ticket, minutes: int, actor: Actor
) -> bool:
    """Post a bought lot, usable for a year, and hold it for the request; return whether it was.

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
    await records.retainer.append(kept, open_lot(kept.book, posting, minutes, terms))
    await hold_for_ticket(desk, records, TicketUse(ticket, actor, RUN, minutes, quote.number))
    return True
