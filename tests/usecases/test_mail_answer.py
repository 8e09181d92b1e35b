"""A mail that belongs to a ticket is added to it, as what its sender may say there."""

import pytest

from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.domain.ticket import (
    Ticket,
    TicketStatus,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import ALICE as ALICE_AGENT
from tests.factories import BRUNO, at
from tests.usecases.mails import ALICE, CHLOE, Door, a_bounce, a_mail, an_answer
from tests.usecases.world import World

FIRST = "first@bruno.example"
ABSENT = {"Auto-Submitted": "auto-replied", "Subject": "Absence du bureau"}


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


@pytest.fixture
async def ticket(door: Door) -> Ticket:
    """What Bruno wrote on Monday at nine; it is ten now."""
    ticket = await door.open()
    door.world.now.advance(hours=1)
    return ticket


async def test_a_clients_words_are_a_public_message(door: Door, ticket: Ticket) -> None:
    await door.receive(an_answer(FIRST))

    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["sent_at"]) == ("It still is.", at("07-06 10:00"))
    assert (message["author_kind"], message["author_name"]) == ("CONTACT", "Bruno")
    assert message["contact_id"] == BRUNO.contact_id
    assert message["channel"] == "MAIL"
    assert (message["is_internal"], message["is_automatic"]) == (False, False)
    event = (await door.world.history(ticket.id))[-1]
    assert (event.kind.value, event.message_id) == ("CLIENT_REPLIED", message["id"])
    assert (event.actor, event.at) == (BRUNO, at("07-06 10:00"))


async def test_a_client_who_answers_an_agent_waits_for_the_next_answer(
    door: Door, ticket: Ticket
) -> None:
    await _answer(door, ticket)
    door.world.now.advance(hours=1)

    await door.receive(an_answer(FIRST))

    clock = (await door.world.clocks(ticket.id))["NEXT_RESPONSE", 1]
    assert (clock["started_at"], clock["stopped_at"]) == (at("07-06 11:00"), None)


async def test_a_clients_words_are_acknowledged_only_once(door: Door, ticket: Ticket) -> None:
    promised = await door.world.outbox()

    await door.receive(an_answer(FIRST))

    assert await door.world.outbox() == promised
    assert [mail.idempotency_key for mail in promised] == [f"acknowledgement:{ticket.id}"]


async def test_a_mail_ends_the_wait_for_the_client(door: Door, ticket: Ticket) -> None:
    await _wait(door, ticket, WaitingOn.CLIENT)

    await door.receive(an_answer(FIRST))

    after = await door.world.kept(ticket.id)
    assert (after.status, after.waiting_on) == (TicketStatus.IN_PROGRESS, None)
    assert (await door.kinds(ticket.id))[-2:] == ["CLIENT_REPLIED", "RESUMED"]


async def test_a_mail_does_not_end_another_wait(door: Door, ticket: Ticket) -> None:
    await _wait(door, ticket, WaitingOn.THIRD_PARTY)

    await door.receive(an_answer(FIRST))

    after = await door.world.kept(ticket.id)
    assert (after.status, after.waiting_on) == (TicketStatus.WAITING, WaitingOn.THIRD_PARTY)
    assert (await door.kinds(ticket.id))[-1] == "CLIENT_REPLIED"


async def test_a_mail_reopens_a_resolved_ticket(door: Door, ticket: Ticket) -> None:
    await _resolve(door, ticket)

    await door.receive(an_answer(FIRST))

    after = await door.world.kept(ticket.id)
    assert (after.status, after.resolved_at) == (TicketStatus.IN_PROGRESS, None)
    assert await door.kinds(ticket.id) == ["OPENED", "RESOLVED", "CLIENT_REPLIED", "REOPENED"]


@pytest.mark.parametrize("state", ["NEW", "WAITING", "RESOLVED", "CLOSED"])
async def test_an_absence_notice_is_kept_and_moves_nothing(
    door: Door, ticket: Ticket, state: str
) -> None:
    await _bring(door, ticket, state)
    before, clocks = await door.world.kept(ticket.id), await door.world.clocks(ticket.id)
    promised = await door.world.outbox()
    door.world.now.advance(hours=1)
    notice = an_answer(FIRST, "I am away.", subject=None)
    for name, value in ABSENT.items():
        notice[name] = value

    outcome = await door.receive(notice)

    assert (outcome.state, outcome.reason, outcome.ticket_id) == (
        InboundMailState.DONE,
        InboundMailReason.ANSWERED_TICKET,
        ticket.id,
    )
    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["is_automatic"]) == ("I am away.", True)
    assert (await door.kinds(ticket.id))[-1] == "AUTOMATIC_MESSAGE"
    after = await door.world.kept(ticket.id)
    assert (after.status, after.waiting_on) == (before.status, before.waiting_on)
    assert (after.resolved_at, after.closed_at) == (before.resolved_at, before.closed_at)
    assert await door.world.clocks(ticket.id) == clocks
    assert len(await door.tickets()) == 1
    assert await door.world.outbox() == promised


async def test_an_answer_without_an_envelope_sender_is_a_machines(
    door: Door, ticket: Ticket
) -> None:
    await door.receive(an_answer(FIRST), envelope_from="")

    assert (await door.messages(ticket.id))[-1]["is_automatic"] is True


async def test_a_bounce_of_our_mail_stays_out_of_the_ticket(door: Door, ticket: Ticket) -> None:
    raw = a_bounce(more=f"In-Reply-To: <{FIRST}>\r\n".encode())

    outcome = await door.receive(raw, envelope_from="")

    assert (outcome.state, outcome.reason) == (InboundMailState.IGNORED, InboundMailReason.BOUNCE)
    assert await door.kinds(ticket.id) == ["OPENED"]


async def test_a_wish_for_no_automatic_answer_is_no_machine(door: Door, ticket: Ticket) -> None:
    await _resolve(door, ticket)

    await door.receive(an_answer(FIRST, X_Auto_Response_Suppress="All"))

    assert (await door.messages(ticket.id))[-1]["is_automatic"] is False
    assert (await door.world.kept(ticket.id)).status is TicketStatus.IN_PROGRESS


async def test_a_mail_from_an_agents_address_is_a_note_and_moves_no_clock(
    door: Door, ticket: Ticket
) -> None:
    clocks, promised = await door.world.clocks(ticket.id), await door.world.outbox()

    outcome = await door.receive(an_answer(FIRST, "Fixed.", sender=ALICE))

    assert outcome.reason is InboundMailReason.ANSWERED_TICKET
    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["author_kind"]) == ("Fixed.", "AGENT")
    assert (message["is_internal"], message["is_automatic"]) == (True, False)
    event = (await door.world.history(ticket.id))[-1]
    assert (event.kind.value, event.actor) == ("NOTE_ADDED", ALICE_AGENT)
    assert event.is_visible_to_client is False
    after = await door.world.kept(ticket.id)
    assert (after.status, after.first_responded_at) == (TicketStatus.NEW, None)
    assert await door.world.clocks(ticket.id) == clocks
    assert await door.world.outbox() == promised


async def test_an_agents_note_on_a_closed_ticket_is_a_persons(door: Door, ticket: Ticket) -> None:
    await _bring(door, ticket, "CLOSED")

    outcome = await door.receive(an_answer(FIRST, sender=ALICE))

    assert outcome.ticket_id == ticket.id
    message = (await door.messages(ticket.id))[-1]
    assert (message["is_internal"], message["is_automatic"]) == (True, False)
    assert (await door.world.kept(ticket.id)).status is TicketStatus.CLOSED


async def test_an_agents_absence_notice_is_an_automatic_note(door: Door, ticket: Ticket) -> None:
    await door.receive(an_answer(FIRST, sender=ALICE, Auto_Submitted="auto-replied"))

    message = (await door.messages(ticket.id))[-1]
    assert (message["is_internal"], message["is_automatic"]) == (True, True)


async def test_the_new_words_are_shown_and_the_whole_mail_is_kept(
    door: Door, ticket: Ticket
) -> None:
    quoted = "It still is.\n\nLe lun. 6 juil. 2026 à 09:00, Alice a écrit :\n> Vraiment ?\n"

    await door.receive(an_answer(FIRST, quoted))

    message = (await door.messages(ticket.id))[-1]
    assert message["body"] == "It still is."
    assert message["whole_text"] == quoted.strip()


async def test_nothing_cut_is_not_kept_twice(door: Door, ticket: Ticket) -> None:
    await door.receive(an_answer(FIRST))

    assert (await door.messages(ticket.id))[-1]["whole_text"] is None


@pytest.mark.parametrize(("subject", "body"), [("Re: photo", "Re: photo"), (None, "—")])
async def test_a_mail_with_only_a_file_says_at_least_its_subject(
    door: Door, ticket: Ticket, subject: str | None, body: str
) -> None:
    mail = an_answer(FIRST, "\n", subject=subject)
    mail.add_attachment(b"photo", maintype="image", subtype="png", filename="shop.png")

    await door.receive(mail)

    assert (await door.messages(ticket.id))[-1]["body"] == body


async def test_chloe_answers_her_own_ticket_only(door: Door, ticket: Ticket) -> None:
    hers = await door.open(a_mail(sender=CHLOE, message_id="hers@chloe.example"))
    before = await door.world.history(ticket.id)

    outcome = await door.receive(an_answer("hers@chloe.example", sender=CHLOE, message_id="x@y"))

    assert outcome.ticket_id == hers.id
    assert await door.world.history(ticket.id) == before


async def _answer(door: Door, ticket: Ticket) -> None:
    request = ReplyToTicket(ticket.id, "We look into it.")
    await reply_to_ticket(door.world.desk, viewer=door.world.alice, request=request)


async def _resolve(door: Door, ticket: Ticket) -> None:
    step = TicketStepRequest(ticket.id)
    await resolve_ticket(door.world.desk, viewer=door.world.alice, request=step)


async def _wait(door: Door, ticket: Ticket, waiting_on: WaitingOn) -> None:
    await _answer(door, ticket)
    request = WaitForClient(ticket.id, "Which browser?", waiting_on)
    await wait_for_client(door.world.desk, viewer=door.world.alice, request=request)


async def _bring(door: Door, ticket: Ticket, state: str) -> None:
    """Bring a new ticket into a state."""
    if state == "WAITING":
        await _wait(door, ticket, WaitingOn.CLIENT)
    if state in {"RESOLVED", "CLOSED"}:
        await _resolve(door, ticket)
    if state == "CLOSED":
        step = TicketStepRequest(ticket.id)
        await close_ticket(door.world.desk, viewer=door.world.alice, request=step)
