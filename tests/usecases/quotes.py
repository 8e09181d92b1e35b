"""Quotes that Alice makes for Bruno, and what he answers."""

from typing import Any

from helpdesk.domain.access import Viewer
from helpdesk.domain.money import Money
from helpdesk.domain.quote import AfterRefusal, ConversionKind, Quote, QuoteLine
from helpdesk.domain.ticket import Ticket
from helpdesk.storage.tables.quote import QUOTE_ANSWER
from helpdesk.usecases.answer_quote import AcceptQuote, RefuseQuote, accept_quote, refuse_quote
from helpdesk.usecases.convert_quote import ConvertQuote, convert_quote
from helpdesk.usecases.draft_quote import DraftQuote, draft_quote
from helpdesk.usecases.expire_quotes import AT_ONCE, expire_quote, lapsed_quotes
from helpdesk.usecases.quote_ports import QuotedWork
from helpdesk.usecases.revise_quote import ReviseQuote, revise_quote
from helpdesk.usecases.send_quote import SendQuote, send_quote
from tests.factories import AGENCY_ID, BRUNOS_CLIENT
from tests.usecases.world import RowOf, World

PAGE = QuoteLine("Opening hours page", 2, Money(450_00), vat_rate=20_00)
DISCOUNT = QuoteLine("A gesture", 1, Money(-100_00), vat_rate=20_00)
ADDRESS = "192.0.2.7"


async def drafted(world: World, ticket: Ticket | None = None, **changes: Any) -> Quote:
    """Return a draft for Bruno. Any: the fields of the request."""
    request = DraftQuote(
        title=changes.pop("title", "Opening hours"),
        lines=changes.pop("lines", (PAGE, DISCOUNT)),
        client_id=changes.pop("client_id", BRUNOS_CLIENT),
        ticket_id=None if ticket is None else ticket.id,
        **changes,
    )
    return await draft_quote(world.desk, viewer=world.alice, request=request)


async def sent(world: World, ticket: Ticket | None = None, **changes: Any) -> Quote:
    """Return a quote in Bruno's hands. Any: likewise."""
    draft = await drafted(world, ticket, **changes)
    request = SendQuote(draft.id, world.bruno.contact_id)
    return await send_quote(world.desk, viewer=world.alice, request=request)


async def accept(world: World, quote: Quote, *, viewer: Viewer | None = None) -> Quote:
    """Return the quote that Bruno accepts now, having read it."""
    request = AcceptQuote(quote.id, quote.document_hash, ADDRESS)
    return await accept_quote(world.desk, viewer=viewer or world.bruno, request=request)


async def refuse(
    world: World, quote: Quote, then: AfterRefusal = AfterRefusal.RETURN_TO_CLIENT
) -> Quote:
    """Return the quote that Bruno refuses now."""
    request = RefuseQuote(quote.id, "Too dear", then)
    return await refuse_quote(world.desk, viewer=world.bruno, request=request)


async def revise(world: World, quote: Quote, **changes: Any) -> Quote:
    """Return the next version of a quote, as a draft. Any: the fields of the request."""
    request = ReviseQuote(quote.id, (PAGE,), **changes)
    return await revise_quote(world.desk, viewer=world.alice, request=request)


async def convert(world: World, quote: Quote, kind: ConversionKind, **changes: Any) -> QuotedWork:
    """Return what Alice makes of a quote. Any: likewise."""
    request = ConvertQuote(quote.id, changes.pop("key", "key-1"), kind, **changes)
    return await convert_quote(world.desk, viewer=world.alice, request=request)


async def kept(world: World, quote: Quote) -> Quote:
    """Return a quote as the database has it."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        found = await records.quotes.quote(quote.id)
    assert found is not None
    return found


async def answers(world: World) -> list[RowOf]:
    """Return every answer to a quote."""
    return await world.rows(QUOTE_ANSWER)


async def expire_quotes(world: World, *, limit: int = AT_ONCE) -> int:
    """Let go of the quotes of Alice's agency that hold no more; return how many."""
    lapsed = await lapsed_quotes(world.desk, AGENCY_ID, limit=limit)
    return sum([await expire_quote(world.desk, AGENCY_ID, one) for one in lapsed])
