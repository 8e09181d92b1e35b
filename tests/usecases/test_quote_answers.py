"""A quote is answered once, in time, by a person of the client; then it becomes work, once."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.domain.access import NotFound, Scope, ScopeMissing
from helpdesk.domain.ids import ContactId, TicketId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.quote import AfterRefusal, ConversionKind, QuoteStatus, QuoteStepRefused
from helpdesk.domain.quote_life import (
    OtherDocumentAccepted,
    QuoteExpired,
    RefusalReasonRequired,
    ip_hash,
)
from helpdesk.domain.ticket import TicketKind
from helpdesk.storage.tables.ticket import TICKET_LINK
from helpdesk.usecases.answer_quote import AcceptQuote, RefuseQuote, accept_quote, refuse_quote
from helpdesk.usecases.convert_quote import ConvertedOtherwise, HoldIncomplete
from helpdesk.usecases.create_contact import CreateContact, create_contact
from helpdesk.usecases.quote_step import QuoteAnswerClientOnly
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, MONDAY, at
from tests.usecases.quotes import (
    ADDRESS,
    accept,
    answers,
    convert,
    drafted,
    expire_quotes,
    kept,
    refuse,
    revise,
    sent,
)
from tests.usecases.retainers import RUN, balance, entries, opened
from tests.usecases.world import World

LAST_SECOND, OVER = at("08-05 23:59:59"), at("08-06 00:00")


async def test_an_acceptance_keeps_who_when_and_which_document(both_worlds: World) -> None:
    world = both_worlds
    quote = await sent(world)
    world.now.set(LAST_SECOND)

    agreed = await accept(world, quote)

    assert agreed.status is QuoteStatus.ACCEPTED
    assert await kept(world, quote) == agreed
    [row] = await answers(world)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        secret = await records.quotes.evidence_secret("another one")
    assert row == {
        "agency_id": AGENCY_ID,
        "quote_id": quote.id,
        "kind": "ACCEPTED",
        "contact_id": world.bruno.contact_id,
        "name": "Bruno",
        "email": "bruno@bruno.example",
        "at": LAST_SECOND,
        "ip_hash": ip_hash(ADDRESS, secret=secret.encode()),
        "document_hash": quote.document_hash,
        "reason": None,
        "then": None,
    }
    assert ADDRESS not in str(await world.everything())


async def test_an_expired_quote_is_not_answered_noticed_or_not(both_worlds: World) -> None:
    world = both_worlds
    quote = await sent(world)
    world.now.set(OVER)

    async with world.refused(QuoteExpired):
        await accept(world, quote)
    async with world.refused(QuoteExpired):
        await refuse(world, quote)
    assert await expire_quotes(world) == 1
    async with world.refused(QuoteStepRefused):
        await accept(world, quote)


async def test_what_lapsed_is_let_go_dated_by_its_last_midnight(both_worlds: World) -> None:
    world = both_worlds
    first, longer = await sent(world), await sent(world, validity_days=31)
    answered = await accept(world, await sent(world))
    world.now.set(LAST_SECOND)
    assert await expire_quotes(world) == 0
    world.now.set(at("08-06 08:00"))

    assert await expire_quotes(world) == 1

    assert await kept(world, first) == replace(first, status=QuoteStatus.EXPIRED, ended_at=OVER)
    assert [await kept(world, one) for one in (longer, answered)] == [longer, answered]
    assert await expire_quotes(world) == 0


async def test_many_lapsed_quotes_are_let_go_a_few_at_once(world: World) -> None:
    for _ in range(3):
        await sent(world)
    world.now.set(OVER)

    assert [await expire_quotes(world, limit=2) for _ in range(3)] == [2, 1, 0]


async def test_a_quote_that_is_answered_while_it_is_let_go_stays_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = await sent(world)
    agreed = await accept(world, quote)
    records = type((await _reading(world)).quotes)

    async def as_before(*_: object, **__: object) -> tuple[object, ...]:
        return (quote.id, "made-up")

    monkeypatch.setattr(records, "lapsed", as_before)
    world.now.set(OVER)

    assert await expire_quotes(world) == 0
    assert await kept(world, quote) == agreed


async def test_only_the_document_that_was_read_is_accepted(world: World) -> None:
    quote = await sent(world)
    newer = await sent(world)
    for read in (newer.document_hash, "", "é\x00"):
        async with world.refused(OtherDocumentAccepted):
            await accept_quote(
                world.desk, viewer=world.bruno, request=AcceptQuote(quote.id, read, ADDRESS)
            )


async def test_a_superseded_quote_is_not_accepted_and_its_successor_is(both_worlds: World) -> None:
    world = both_worlds
    quote = await sent(world)
    await revise(world, quote)

    async with world.refused(QuoteStepRefused):
        await accept(world, quote)


async def test_only_a_person_of_the_client_answers(world: World) -> None:
    quote = await sent(world)
    for viewer in (world.alice, world.robot, world.brunos_robot):
        async with world.refused(QuoteAnswerClientOnly):
            await accept(world, quote, viewer=viewer)
        async with world.refused(QuoteAnswerClientOnly):
            await refuse_quote(world.desk, viewer=viewer, request=RefuseQuote(quote.id, "r"))
    reader = replace(world.bruno, scopes=frozenset({Scope.TICKETS_READ}))
    async with world.refused(ScopeMissing):
        await accept(world, quote, viewer=reader)
    async with world.refused(NotFound):
        await accept(world, quote, viewer=world.chloe)


async def test_of_two_people_who_accept_at_once_one_does(both_worlds: World) -> None:
    world = both_worlds
    request = CreateContact(
        name="Brigitte", email="brigitte@bruno.example", client_id=BRUNOS_CLIENT
    )
    contact = await create_contact(world.desk, viewer=world.alice, request=request)
    brigitte = replace(world.bruno, name="Brigitte", contact_id=ContactId(contact.id))
    ticket = await world.ticket()
    quote = await sent(world, ticket)

    outcomes = await asyncio.gather(
        *(accept(world, quote, viewer=viewer) for viewer in (world.bruno, brigitte)),
        return_exceptions=True,
    )

    [refusal] = [one for one in outcomes if isinstance(one, BaseException)]
    assert isinstance(refusal, QuoteStepRefused)
    [agreed] = [one for one in outcomes if not isinstance(one, BaseException)]
    assert await kept(world, quote) == agreed
    assert len(await answers(world)) == 1
    kinds = [event.kind.value for event in await world.history(ticket.id)]
    assert kinds == ["OPENED", "WAITING", "RESUMED"]


async def test_a_refusal_keeps_who_and_why(both_worlds: World) -> None:
    world = both_worlds
    quote = await sent(world)

    async with world.refused(RefusalReasonRequired):
        await refuse_quote(world.desk, viewer=world.bruno, request=RefuseQuote(quote.id, "  "))
    turned_down = await refuse(world, quote, AfterRefusal.CLOSE)

    assert await kept(world, quote) == turned_down
    [row] = await answers(world)
    assert (row["kind"], row["name"], row["at"], row["reason"], row["then"]) == (
        "REFUSED",
        "Bruno",
        MONDAY,
        "Too dear",
        "CLOSE",
    )
    async with world.refused(QuoteStepRefused):
        await accept(world, quote)
    async with world.refused(QuoteStepRefused):
        await convert(world, quote, ConversionKind.INVOICE_LINE)


async def test_a_quote_becomes_an_invoice_line_once(both_worlds: World) -> None:
    world = both_worlds
    quote = await accept(world, await sent(world))

    work = await convert(world, quote, ConversionKind.INVOICE_LINE)

    assert work.ticket_id is None
    assert work.record == {
        "quote": quote.number,
        "version": 1,
        "currency": "EUR",
        "net_cents": 800_00,
        "vat_cents": 160_00,
        "lines": [
            {
                "description": line.description,
                "quantity": line.quantity,
                "unit_cents": line.unit_price.cents,
                "vat_basis_points": 20_00,
            }
            for line in quote.lines
        ],
    }
    done = await kept(world, quote)
    assert (done.status, done.conversion) == (QuoteStatus.CONVERTED, work.conversion)
    before = await world.everything()
    assert await convert(world, quote, ConversionKind.INVOICE_LINE) == work
    assert await world.everything() == before
    async with world.refused(ConvertedOtherwise):
        await convert(world, quote, ConversionKind.PROJECT_TICKET)
    async with world.refused(QuoteStepRefused):
        await convert(world, quote, ConversionKind.INVOICE_LINE, key="key-2")


async def test_a_quote_becomes_a_project_that_follows_the_request(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    quote = await accept(world, await sent(world, ticket))

    work = await convert(world, quote, ConversionKind.PROJECT_TICKET)

    assert work.ticket_id is not None
    project = await world.kept(TicketId(work.ticket_id))
    assert (project.subject, project.kind) == (quote.title, TicketKind.EVOLUTION)
    assert (project.client_id, project.requester_id) == (ticket.client_id, ticket.requester_id)
    assert project.contract_id is None
    assert project.description.startswith("D2026-0001 v1\n- Opening hours page (2 × 450,00")
    [link] = await world.rows(TICKET_LINK)
    assert (link["ticket_id"], link["other_id"], link["kind"]) == (project.id, ticket.id, "FOLLOWS")
    assert await convert(world, quote, ConversionKind.PROJECT_TICKET) == work


async def test_a_quote_without_a_request_becomes_a_project_of_its_own(world: World) -> None:
    quote = await accept(world, await sent(world))

    work = await convert(world, quote, ConversionKind.PROJECT_TICKET)

    assert work.ticket_id is not None
    project = await world.kept(TicketId(work.ticket_id))
    assert (project.client_id, project.requester_id) == (BRUNOS_CLIENT, None)
    assert await world.rows(TICKET_LINK) == []


async def test_a_hold_says_how_many_minutes_for_which_request(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    quote = await accept(world, await sent(world, ticket))
    alone = await accept(world, await sent(world))

    for minutes in (None, 0, 2**31):
        async with world.refused(HoldIncomplete):
            await convert(world, quote, ConversionKind.RUN_HOLD, minutes=minutes)
    async with world.refused(HoldIncomplete):
        await convert(world, alone, ConversionKind.RUN_HOLD, minutes=120)
    work = await convert(world, quote, ConversionKind.RUN_HOLD, minutes=120)

    assert (work.record["minutes"], work.record["is_posted"]) == (120, False)
    assert (work.record["ticket_id"], work.record["contract_id"]) == (ticket.id, ticket.contract_id)


async def test_bought_hours_go_into_the_forfait_and_are_held_for_the_request(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, RUN)
    ticket = await world.ticket()
    quote = await accept(world, await sent(world, ticket))

    work = await convert(world, quote, ConversionKind.RUN_HOLD, minutes=120)

    assert work.record["is_posted"] is True
    assert [(one.kind.value, one.quantity) for one in await entries(world, RUN)] == [
        ("purchase", 120),
        ("hold", 120),
    ]
    shown = await balance(world, RUN)
    assert (shown.granted, shown.held, shown.left) == (120, 120, 0)
    before = await world.everything()
    assert await convert(world, quote, ConversionKind.RUN_HOLD, minutes=120) == work
    assert await world.everything() == before


async def test_only_what_was_accepted_becomes_work_and_under_a_key(world: World) -> None:
    for quote in (await drafted(world), await sent(world)):
        async with world.refused(QuoteStepRefused):
            await convert(world, quote, ConversionKind.INVOICE_LINE)
    agreed = await accept(world, await sent(world))
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.quotes.work_of(agreed.id) is None
    async with world.refused(TextRequired):
        await convert(world, agreed, ConversionKind.INVOICE_LINE, key=" ")


async def _reading(world: World):  # type: ignore[no-untyped-def]  # the records of a database
    async with world.desk.store.reading(AGENCY_ID) as records:
        return records
