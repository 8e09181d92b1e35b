"""An accepted quote becomes work, once: a project, bought hours held for it, or an invoice line."""

from dataclasses import dataclass
from typing import Any, ClassVar

from helpdesk.domain.access import Viewer
from helpdesk.domain.agency import Contact, Site
from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale
from helpdesk.domain.ids import QuoteId, TicketId
from helpdesk.domain.message import required_text
from helpdesk.domain.quote import ConversionKind, Quote
from helpdesk.domain.quote_life import converted
from helpdesk.domain.ticket import LinkKind, Ticket, TicketKind
from helpdesk.domain.ticket_life import Occasion
from helpdesk.domain.ticket_pair import linked
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.idempotency import KEY_LIMIT
from helpdesk.usecases.open_ticket import OpenTicket, Parties, opened_ticket
from helpdesk.usecases.ports import Records
from helpdesk.usecases.quote_ports import QuotedWork
from helpdesk.usecases.quote_step import quote_to_change, quoted_ticket
from helpdesk.usecases.quoted_time import buy_and_hold
from helpdesk.usecases.ticket_clocks import save_change

MOST_MINUTES = 2**31 - 1


class HoldIncomplete(HelpdeskError):
    """A hold is an amount of bought time under a contract, kept for one request."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = (
        "Quote {number} holds no hours: give `minutes`, and quote a ticket that has a contract."
    )
    french: ClassVar[str] = (
        "Le devis {number} ne réserve pas d'heures : donnez `minutes`, pour un ticket sous contrat."
    )


class ConvertedOtherwise(HelpdeskError):
    """A key stands for one conversion; with another kind it would hide a second one."""

    code: ClassVar[ErrorCode] = ErrorCode.IDEMPOTENCY_KEY_REUSED
    english: ClassVar[str] = "The key {key} made quote {number} a {kind}: it stays one."
    french: ClassVar[str] = "La clé {key} a fait du devis {number} un {kind} : il le reste."


@dataclass(frozen=True, slots=True)
class ConvertQuote:
    """Which quote, under which key, into what; `minutes` are those that a RUN_HOLD buys."""

    quote_id: QuoteId
    key: str
    kind: ConversionKind
    minutes: int | None = None


async def convert_quote(desk: Desk, *, viewer: Viewer, request: ConvertQuote) -> QuotedWork:
    """Turn an accepted quote into work and return what it became; the same key gives the same.

    Raises NotFound, AgencyOnly, ScopeMissing, QuoteStepRefused, TextRequired, TextTooLong,
    ConvertedOtherwise, and HoldIncomplete for a hold without minutes or without a contract.
    """
    async with desk.store.transaction(viewer.agency_id) as records:
        quote = await quote_to_change(records, viewer, request.quote_id)
        key = required_text(request.key, field="key", limit=KEY_LIMIT)
        on = Occasion(desk.now(), viewer.actor)
        done = converted(quote, key, request.kind, at=on.at)
        if done is quote:
            return await _made_before(records, quote, request)
        ticket_id, record = None, _record(quote, request)
        if request.kind is ConversionKind.PROJECT_TICKET:
            ticket_id = await _project(desk, records, viewer, quote, on)
        if request.kind is ConversionKind.RUN_HOLD:
            record["is_posted"] = await _bought(desk, records, quote, record["minutes"], on)
        assert done.conversion is not None  # noqa: S101 - the step has just made it
        work = QuotedWork(quote.id, done.conversion, ticket_id, record)
        await records.quotes.save_conversion(done, work)
        return work


async def _made_before(records: Records, quote: Quote, request: ConvertQuote) -> QuotedWork:
    work = await records.quotes.work_of(quote.id)
    assert work is not None  # noqa: S101 - kept in the transaction that converted the quote
    if work.conversion.kind is not request.kind:
        raise ConvertedOtherwise(
            path=("kind",), key=request.key, number=quote.number, kind=work.conversion.kind
        )
    return work


def _record(quote: Quote, request: ConvertQuote) -> dict[str, Any]:  # Any: a JSON document
    """Return what invoicing or the ledger takes over: amounts in cents, times in minutes."""
    totals = quote.totals
    record: dict[str, Any] = {
        "quote": quote.number,
        "version": quote.version,
        "currency": quote.currency,
        "net_cents": totals.net.cents,
        "vat_cents": totals.vat.cents,
    }
    if request.kind is ConversionKind.INVOICE_LINE:
        record["lines"] = [
            {
                "description": line.description,
                "quantity": line.quantity,
                "unit_cents": line.unit_price.cents,
                "vat_basis_points": line.vat_rate,
            }
            for line in quote.lines
        ]
    if request.kind is ConversionKind.RUN_HOLD:
        record |= _hold(quote, request)
    return record


def _hold(quote: Quote, request: ConvertQuote) -> dict[str, Any]:  # Any: likewise
    minutes = request.minutes
    is_amount = minutes is not None and 1 <= minutes <= MOST_MINUTES
    if not is_amount or quote.ticket_id is None or quote.contract_id is None:
        raise HoldIncomplete(path=("minutes",), number=quote.number)
    return {
        "contract_id": quote.contract_id,
        "ticket_id": quote.ticket_id,
        "minutes": minutes,
    }


async def _bought(desk: Desk, records: Records, quote: Quote, minutes: int, on: Occasion) -> bool:
    """Put the bought minutes into the forfait; False where the contract keeps no book of them."""
    ticket = await quoted_ticket(records, quote)
    assert ticket is not None  # noqa: S101 - a hold without a ticket was refused
    return await buy_and_hold(desk, records, quote, ticket, minutes, on.actor)


async def _project(
    desk: Desk, records: Records, viewer: Viewer, quote: Quote, on: Occasion
) -> TicketId:
    """Open the ticket of the project, which follows the request; nobody promised its delays."""
    origin = await quoted_ticket(records, quote)
    agency = await records.agencies.agency()
    asked = OpenTicket(quote.title, _scope(quote, agency.locale), kind=TicketKind.EVOLUTION)
    requester, site = await _people(records, origin)
    parties = Parties(quote.client_id, requester, site, contract=None)
    project = (await opened_ticket(desk, records, viewer, asked, parties)).ticket
    if origin is not None:
        change = linked(project, origin, on=on)
        await records.tickets.link(project, origin, LinkKind.FOLLOWS, at=on.at)
        await save_change(desk, records, change)
    return project.id


async def _people(records: Records, origin: Ticket | None) -> tuple[Contact | None, Site | None]:
    if origin is None:
        return None, None
    requester_id, site_id = origin.requester_id, origin.site_id
    requester = None if requester_id is None else await records.clients.contact(requester_id)
    return requester, None if site_id is None else await records.clients.site(site_id)


def _scope(quote: Quote, locale: Locale) -> str:
    """Return what was ordered, line by line, as the client accepted it."""
    lines = [
        f"- {line.description} ({line.quantity} × {line.unit_price.shown(locale)})"
        for line in quote.lines
    ]
    return "\n".join([f"{quote.number} v{quote.version}", *lines])
