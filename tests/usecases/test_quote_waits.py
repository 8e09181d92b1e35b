"""From sending to the answer the request waits, and its clocks with it; the mail says so."""

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.explanation import SegmentKind
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.quote import AfterRefusal, Quote, QuoteStatus
from helpdesk.domain.sla import SlaMetric
from helpdesk.domain.ticket import Ticket, TicketStatus
from helpdesk.domain.ticket_life import TicketAlreadyWaiting
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.create_contact import CreateContact, create_contact
from helpdesk.usecases.explain_deadline import explain_deadline
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resume_ticket import resume_ticket
from helpdesk.usecases.revise_quote import CancelQuote, cancel_quote
from helpdesk.usecases.send_quote import SendQuote, send_quote
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import BRUNOS_CLIENT, at
from tests.usecases.quotes import accept, drafted, expire_quotes, kept, refuse, revise, sent
from tests.usecases.world import World


async def _answered_ticket(world: World) -> Ticket:
    """Return a ticket of 09:00 with a delivery to come, which Alice answered at 10:00."""
    ticket = await world.ticket(impact=Impact.MINOR)
    world.now.set(at("07-06 10:00"))
    request = ReplyToTicket(ticket.id, "We shall quote it.")
    return (await reply_to_ticket(world.desk, viewer=world.alice, request=request)).ticket


async def _pauses(world: World, ticket: Ticket) -> list[tuple[object, object, str | None]]:
    told = await explain_deadline(world.desk, viewer=world.bruno, ticket_ids=[ticket.id])
    [delivery] = [one for one in told[ticket.id] if one.clock.metric is SlaMetric.DELIVERY]
    return [
        (segment.start, segment.end, segment.reason)
        for segment in delivery.segments
        if segment.kind is SegmentKind.PAUSED
    ]


async def test_the_clocks_pause_from_sending_to_the_answer(both_worlds: World) -> None:
    world = both_worlds
    ticket = await _answered_ticket(world)
    draft = await drafted(world, ticket)
    world.now.set(at("07-06 11:00"))
    quote = await send_quote(world.desk, viewer=world.alice, request=SendQuote(draft.id))

    waiting = await world.kept(ticket.id)
    assert (waiting.status, waiting.waiting_on) == (TicketStatus.WAITING, WaitingOn.QUOTE_ANSWER)
    assert (await world.clocks(ticket.id))["DELIVERY", 1]["paused_since"] == at("07-06 11:00")
    assert (await world.history(ticket.id))[-1].reason == quote.number

    world.now.set(at("07-08 15:00"))
    await accept(world, quote)
    world.now.set(at("07-08 16:00"))

    going = await world.kept(ticket.id)
    assert (going.status, going.waiting_on) == (TicketStatus.IN_PROGRESS, None)
    assert await _pauses(world, ticket) == [
        (at("07-06 11:00"), at("07-08 15:00"), WaitingOn.QUOTE_ANSWER.value)
    ]
    clock = (await world.clocks(ticket.id))["DELIVERY", 1]
    assert clock["paused_since"] is None
    # Five days end on Monday 13 at 09:00; the nineteen office hours of the wait come on top.
    assert clock["deadline_at"] == at("07-16 12:00")


async def test_a_refused_quote_gives_the_request_back_with_the_reason(both_worlds: World) -> None:
    world = both_worlds
    ticket = await _answered_ticket(world)
    await refuse(world, await sent(world, ticket))

    back = await world.kept(ticket.id)

    assert (back.status, back.waiting_on) == (TicketStatus.WAITING, WaitingOn.CLIENT)
    assert (await world.history(ticket.id))[-1].reason == "Too dear"


async def test_a_refused_quote_closes_the_request_if_the_client_says_so(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await _answered_ticket(world)
    await refuse(world, await sent(world, ticket), AfterRefusal.CLOSE)

    assert (await world.kept(ticket.id)).status is TicketStatus.CANCELLED
    assert (await world.history(ticket.id))[-1].reason == "Too dear"


@pytest.mark.parametrize("end", ["revise", "cancel", "expire"])
async def test_a_quote_that_ends_unanswered_lets_the_request_go_on(
    both_worlds: World, end: str
) -> None:
    world = both_worlds
    ticket = await _answered_ticket(world)
    quote = await sent(world, ticket)
    if end == "revise":
        await revise(world, quote)
    elif end == "cancel":
        await cancel_quote(world.desk, viewer=world.alice, request=CancelQuote(quote.id))
    else:
        world.now.set(at("08-06 00:00"))
        assert await expire_quotes(world) == 1

    going = await world.kept(ticket.id)
    assert (going.status, going.waiting_on) == (TicketStatus.IN_PROGRESS, None)


async def test_the_request_waits_until_the_last_quote_about_it_is_answered(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await _answered_ticket(world)
    quotes = [await sent(world, ticket) for _ in range(3)]

    await accept(world, quotes[0])
    await refuse(world, quotes[1], AfterRefusal.CLOSE)
    assert (await world.kept(ticket.id)).waiting_on is WaitingOn.QUOTE_ANSWER
    await accept(world, quotes[2])

    assert (await world.kept(ticket.id)).status is TicketStatus.IN_PROGRESS


async def test_a_p0_waits_for_no_quote(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket(impact=Impact.CRITICAL, urgency=Urgency.HIGH)
    assert ticket.priority.value == "P0"

    quote = await sent(world, ticket)
    assert await world.kept(ticket.id) == ticket
    await refuse(world, quote, AfterRefusal.CLOSE)

    assert await world.kept(ticket.id) == ticket


async def test_a_request_that_waits_for_somebody_else_takes_no_second_wait(world: World) -> None:
    ticket = await world.ticket()
    request = WaitForClient(ticket.id, "The host is down", WaitingOn.THIRD_PARTY)
    await wait_for_client(world.desk, viewer=world.alice, request=request)
    draft = await drafted(world, ticket)

    async with world.refused(TicketAlreadyWaiting):
        await send_quote(world.desk, viewer=world.alice, request=SendQuote(draft.id))


async def test_the_answer_finds_a_request_that_somebody_took_up_meanwhile(world: World) -> None:
    ticket = await world.ticket()
    quote = await sent(world, ticket)
    await resume_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))
    going = await world.kept(ticket.id)

    await accept(world, quote)

    assert await world.kept(ticket.id) == going


async def test_a_finished_request_neither_waits_nor_comes_back(world: World) -> None:
    ticket = await world.ticket()
    over = await cancel_ticket(
        world.desk, viewer=world.alice, request=ReasonedStepRequest(ticket.id, "Not needed")
    )

    quote = await sent(world, ticket)
    await refuse(world, quote)

    assert await world.kept(ticket.id) == over


async def _mailed(world: World) -> str:
    [mail] = [one for one in await world.outbox() if one.idempotency_key.startswith("quote:")]
    assert mail.mail.auto_submitted is AutoSubmitted.AUTO_GENERATED
    return f"{mail.mail.recipient.email} | {mail.mail.subject} | {mail.mail.text}"


async def test_the_requester_is_sent_the_quote_in_french(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    world.now.set(at("07-06 11:00"))

    quote = await sent(world, ticket)

    text = (await _mailed(world)).replace("\u00a0", " ").replace("\u202f", " ")
    assert text.startswith("bruno@bruno.example | [#1] The contact form is silent | ")
    for part in (
        "Votre demande « The contact form is silent » (numéro 1) fait l'objet d'un devis.",
        f"Voici le devis {quote.number} (version 1), « Opening hours » :",
        "- Opening hours page : 2 × 450,00 € HT\n- A gesture : 1 × -100,00 € HT",
        "Total : 800,00 € HT, TVA 160,00 €, soit 960,00 € TTC.",
        "Il est valable jusqu'au mercredi 5 août à 23 h 59.",
        "attend votre réponse",
    ):
        assert part in text
    assert (await world.outbox())[-1].ticket_id == ticket.id


async def test_who_reads_english_is_sent_it_in_english_and_without_a_request(
    both_worlds: World,
) -> None:
    world = both_worlds
    request = CreateContact(
        name="Brenda", email="brenda@bruno.example", client_id=BRUNOS_CLIENT, locale=Locale.EN
    )
    brenda = await create_contact(world.desk, viewer=world.alice, request=request)
    draft = await drafted(world, title="Opening\nhours {name}")

    asked = SendQuote(draft.id, brenda.id)
    quote = await send_quote(world.desk, viewer=world.alice, request=asked)

    text = await _mailed(world)
    assert text.startswith(
        f"brenda@bruno.example | Quote {quote.number}: Opening hours {{name}} | "
    )
    for part in (
        f"Here is quote {quote.number} (version 1), “Opening\nhours {{name}}”:",
        "- Opening hours page: 2 × €450.00 before VAT\n- A gesture: 1 × -€100.00 before VAT",
        "Total: €800.00 before VAT, VAT €160.00, €960.00 in all.",
        "It holds until Wednesday 5 August at 23:59.",
    ):
        assert part in text
    assert "waits for your answer" not in text


async def test_a_refused_sending_promises_no_mail(world: World) -> None:
    ticket = await open_ticket(
        world.desk,
        viewer=world.alice,
        request=OpenTicket("The form", "Is silent.", client_id=BRUNOS_CLIENT),
    )
    draft: Quote = await drafted(world, ticket)

    with pytest.raises(Exception, match="recipientId"):
        await send_quote(world.desk, viewer=world.alice, request=SendQuote(draft.id))

    assert (await kept(world, draft)).status is QuoteStatus.DRAFT
    assert await world.outbox() == ()
