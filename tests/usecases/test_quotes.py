"""A quote is drafted, sent, revised and withdrawn; what is refused changes nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing, Viewer
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import ContactId, QuoteId, TicketId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.money import Money
from helpdesk.domain.quote import (
    ConversionKind,
    QuoteLine,
    QuoteStatus,
    QuoteStepRefused,
    QuoteValidityInvalid,
    QuoteWithoutLines,
)
from helpdesk.usecases.answer_quote import AcceptQuote, RefuseQuote, accept_quote, refuse_quote
from helpdesk.usecases.convert_quote import ConvertQuote, convert_quote
from helpdesk.usecases.draft_quote import (
    MOST_CENTS,
    MOST_LINES,
    MOST_VALIDITY_DAYS,
    DraftQuote,
    EditQuote,
    QuoteTooLarge,
    QuoteValidityTooLong,
    draft_quote,
    edit_quote,
)
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.open_ticket import ClientRequired
from helpdesk.usecases.revise_quote import CancelQuote, ReviseQuote, cancel_quote, revise_quote
from helpdesk.usecases.send_quote import QuoteWithoutReader, SendQuote, send_quote
from tests.factories import CHLOES_CLIENT, MONDAY, at
from tests.usecases.quotes import ADDRESS, DISCOUNT, PAGE, accept, drafted, kept, revise, sent
from tests.usecases.world import ZOES_AGENCY, World

Attempt = Callable[[Viewer], Awaitable[object]]


async def test_a_draft_is_kept_as_it_was_written(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()

    draft = await drafted(world, ticket)
    second = await drafted(world)

    assert await kept(world, draft) == draft
    assert (draft.number, draft.version, draft.status) == ("D2026-0001", 1, QuoteStatus.DRAFT)
    assert second.number == "D2026-0002"
    assert (draft.ticket_id, draft.contract_id) == (ticket.id, ticket.contract_id)
    assert (second.ticket_id, second.contract_id) == (None, None)
    assert draft.zone.key == "Europe/Paris"
    assert str(draft.totals.gross) == "960.00 EUR"
    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert await records.quotes.quote(draft.id) is None


async def test_the_client_of_a_quote_is_the_one_of_its_request(world: World) -> None:
    ticket = await world.ticket()

    assert (await drafted(world, ticket, client_id=None)).client_id == ticket.client_id
    async with world.refused(NotFound):
        await drafted(world, ticket, client_id=CHLOES_CLIENT)
    async with world.refused(ClientRequired):
        await drafted(world, client_id=None)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": " "}, TextRequired),
        ({"validity_days": 0}, QuoteValidityInvalid),
        ({"validity_days": MOST_VALIDITY_DAYS + 1}, QuoteValidityTooLong),
        ({"lines": (PAGE,) * (MOST_LINES + 1)}, QuoteTooLarge),
        ({"lines": (QuoteLine("Gold", 1, Money(MOST_CENTS), 20_00),)}, QuoteTooLarge),
        ({"client_id": "made-up"}, NotFound),
    ],
)
async def test_a_draft_that_makes_no_sense_is_refused(
    world: World, changes: dict[str, Any], refusal: type[HelpdeskError]
) -> None:
    async with world.refused(refusal):
        await drafted(world, **changes)


async def test_the_same_key_is_one_draft(both_worlds: World) -> None:
    world = both_worlds

    first = await drafted(world, idempotency_key="k")

    assert await drafted(world, idempotency_key="k") == first
    async with world.refused(IdempotencyKeyReused):
        await drafted(world, title="Another", idempotency_key="k")


async def test_a_draft_is_edited_and_what_was_sent_is_not(both_worlds: World) -> None:
    world = both_worlds
    draft = await drafted(world)
    request = EditQuote(draft.id, " Winter hours ", (DISCOUNT, PAGE, PAGE))

    edited = await edit_quote(world.desk, viewer=world.alice, request=request)

    assert await kept(world, draft) == edited
    assert (edited.title, edited.lines) == ("Winter hours", (DISCOUNT, PAGE, PAGE))
    quote = await sent(world)
    async with world.refused(QuoteStepRefused):
        await edit_quote(
            world.desk, viewer=world.alice, request=replace(request, quote_id=quote.id)
        )


async def test_a_quote_of_nothing_is_not_sent(world: World) -> None:
    draft = await drafted(world, lines=())
    async with world.refused(QuoteWithoutLines):
        request = SendQuote(draft.id, world.bruno.contact_id)
        await send_quote(world.desk, viewer=world.alice, request=request)


async def test_a_quote_is_sent_once_to_somebody_of_its_client(both_worlds: World) -> None:
    world = both_worlds
    draft = await drafted(world)

    async with world.refused(QuoteWithoutReader):
        await send_quote(world.desk, viewer=world.alice, request=SendQuote(draft.id))
    for stranger in (world.chloe.contact_id, ContactId("made-up")):
        async with world.refused(NotFound):
            await send_quote(world.desk, viewer=world.alice, request=SendQuote(draft.id, stranger))
    request = SendQuote(draft.id, world.bruno.contact_id)
    quote = await send_quote(world.desk, viewer=world.alice, request=request)

    assert await kept(world, draft) == quote
    assert (quote.status, quote.sent_at) == (QuoteStatus.SENT, MONDAY)
    assert quote.expires_at == at("08-06 00:00")
    async with world.refused(QuoteStepRefused):
        await send_quote(world.desk, viewer=world.alice, request=request)


async def test_a_revision_is_the_next_version_and_the_old_one_stays_readable(
    both_worlds: World,
) -> None:
    world = both_worlds
    quote = await sent(world)
    world.now.set(at("07-07 10:00"))

    draft = await revise(world, quote)
    titled = await revise(world, await sent(world), title="Other hours")

    assert (draft.number, draft.version, draft.title) == (quote.number, 2, quote.title)
    assert await kept(world, draft) == draft
    old = await kept(world, quote)
    assert old == replace(quote, status=QuoteStatus.SUPERSEDED, ended_at=at("07-07 10:00"))
    assert titled.title == "Other hours"
    async with world.refused(QuoteStepRefused):
        await revise(world, quote)
    async with world.refused(QuoteStepRefused):
        await accept(world, quote)


async def test_a_quote_is_withdrawn(both_worlds: World) -> None:
    world = both_worlds
    for quote in (await drafted(world), await sent(world)):
        request = CancelQuote(quote.id)

        withdrawn = await cancel_quote(world.desk, viewer=world.alice, request=request)

        assert withdrawn.status is QuoteStatus.CANCELLED
        assert await kept(world, quote) == withdrawn
        async with world.refused(QuoteStepRefused):
            await cancel_quote(world.desk, viewer=world.alice, request=request)


async def test_quotes_are_made_by_the_agency(world: World) -> None:
    quote = await sent(world)
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.TICKETS_WRITE})
    for viewer, refusal in ((world.bruno, AgencyOnly), (reader, ScopeMissing)):
        for attempt in _attempts(world, quote.id):
            async with world.refused(refusal):
                await attempt(viewer)


async def test_a_quote_of_a_stranger_and_a_draft_do_not_exist(world: World) -> None:
    quote, draft = await sent(world), await drafted(world)
    for viewer, quote_id in (
        (world.zoe, quote.id),
        (world.chloe, quote.id),
        (world.bruno, draft.id),
        (world.alice, QuoteId("made-up")),
    ):
        for attempt in _attempts(world, quote_id)[1:] + _answers(world, quote_id):
            async with world.refused(NotFound):
                await attempt(viewer)


async def test_no_quote_is_drafted_for_the_request_of_a_stranger(world: World) -> None:
    ticket = await world.ticket()
    for viewer, ticket_id in ((world.zoe, ticket.id), (world.alice, TicketId("made-up"))):
        request = DraftQuote("Hours", (PAGE,), ticket_id=ticket_id)
        async with world.refused(NotFound):
            await draft_quote(world.desk, viewer=viewer, request=request)


def _attempts(world: World, quote_id: QuoteId) -> list[Attempt]:
    """Return every verb of the agency."""
    desk, draft = world.desk, DraftQuote("Hours", (PAGE,), client_id=world.bruno.client_id)
    return [
        lambda viewer: draft_quote(desk, viewer=viewer, request=draft),
        lambda viewer: edit_quote(desk, viewer=viewer, request=EditQuote(quote_id, "t", (PAGE,))),
        lambda viewer: send_quote(desk, viewer=viewer, request=SendQuote(quote_id)),
        lambda viewer: revise_quote(desk, viewer=viewer, request=ReviseQuote(quote_id, (PAGE,))),
        lambda viewer: cancel_quote(desk, viewer=viewer, request=CancelQuote(quote_id)),
        lambda viewer: convert_quote(
            desk,
            viewer=viewer,
            request=ConvertQuote(quote_id, "k", ConversionKind.INVOICE_LINE),
        ),
    ]


def _answers(world: World, quote_id: QuoteId) -> list[Attempt]:
    """Return what a client may do."""
    desk = world.desk
    return [
        lambda viewer: accept_quote(
            desk, viewer=viewer, request=AcceptQuote(quote_id, "h", ADDRESS)
        ),
        lambda viewer: refuse_quote(desk, viewer=viewer, request=RefuseQuote(quote_id, "r")),
    ]
