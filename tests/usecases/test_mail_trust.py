"""What a mail may do depends on who vouches for its author."""

import pytest

from helpdesk.domain.inbox import InboundMailReason, InboundMailState
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.ticket import Ticket, TicketStatus
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import ALICE as ALICE_AGENT
from tests.factories import BRUNO
from tests.usecases.mails import ALICE, STRANGER, a_mail, an_answer
from tests.usecases.trusted import SERVER, VouchingDoor, told, vouching
from tests.usecases.world import World

FIRST = "first@bruno.example"
PASS, FAIL, NONE = "dmarc=pass", "dmarc=fail", "dmarc=none"


@pytest.fixture
def door(both_worlds: World) -> VouchingDoor:
    return vouching(both_worlds)


@pytest.fixture
async def ticket(door: VouchingDoor) -> Ticket:
    """What Bruno wrote first."""
    return await door.open()


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (PASS, ("PASS", "DMARC", "bruno.example", SERVER)),
        (FAIL, ("FAIL", "DMARC", "bruno.example", SERVER)),
        (NONE, ("NONE", None, None, SERVER)),
    ],
)
async def test_the_verdict_of_our_server_is_kept_with_the_mail(
    door: VouchingDoor, said: str, verdict: tuple[str | None, ...]
) -> None:
    outcome = await door.vouched(a_mail(), said)

    assert outcome.reason is InboundMailReason.OPENED_TICKET
    assert verdict == (
        outcome.auth_outcome,
        outcome.auth_method,
        outcome.auth_domain,
        outcome.auth_server,
    )


async def test_a_verdict_that_the_sender_wrote_himself_counts_for_nothing(
    door: VouchingDoor,
) -> None:
    forged = a_mail(Authentication_Results=f"{SERVER}; dmarc=pass header.from=bruno.example")

    outcome = await door.vouched(forged, "iprev=pass")

    assert outcome.auth_outcome == "NONE"


async def test_a_client_who_is_vouched_for_reopens_his_ticket(
    door: VouchingDoor, ticket: Ticket
) -> None:
    await _resolve(door, ticket)

    await door.vouched(an_answer(FIRST), PASS)

    assert (await door.world.kept(ticket.id)).status is TicketStatus.IN_PROGRESS
    message = (await door.messages(ticket.id))[-1]
    assert (message["doubt"], message["is_internal"]) == (None, False)


@pytest.mark.parametrize(
    ("said", "doubt"), [(FAIL, "AUTHENTICATION_FAILED"), (NONE, "NOT_AUTHENTICATED")]
)
@pytest.mark.parametrize("state", [TicketStatus.RESOLVED, TicketStatus.CLOSED])
async def test_who_is_not_vouched_for_is_kept_with_a_mark_and_moves_nothing(
    door: VouchingDoor, ticket: Ticket, said: str, doubt: str, state: TicketStatus
) -> None:
    await _resolve(door, ticket, is_closed=state is TicketStatus.CLOSED)
    before, clocks = await door.world.kept(ticket.id), await door.world.clocks(ticket.id)
    promised = await door.world.outbox()

    outcome = await door.vouched(an_answer(FIRST, "Send me the password."), said)

    assert (outcome.reason, outcome.ticket_id) == (InboundMailReason.ANSWERED_TICKET, ticket.id)
    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["doubt"]) == ("Send me the password.", doubt)
    assert (message["is_internal"], message["contact_id"]) == (True, BRUNO.contact_id)
    assert (await door.kinds(ticket.id))[-1] == "NOTE_ADDED"
    assert (await door.world.kept(ticket.id)).status is before.status is state
    assert await door.world.clocks(ticket.id) == clocks
    assert await door.world.outbox() == promised
    assert len(await door.tickets()) == 1


@pytest.mark.parametrize("said", [FAIL, NONE])
async def test_the_token_of_a_mail_to_him_speaks_for_a_client(
    door: VouchingDoor, ticket: Ticket, said: str
) -> None:
    await _resolve(door, ticket)

    await door.vouched(an_answer((await door.world.outbox())[0].mail.message_id), said)

    assert (await door.messages(ticket.id))[-1]["doubt"] is None
    assert (await door.world.kept(ticket.id)).status is TicketStatus.IN_PROGRESS


async def test_the_token_of_a_colleague_does_not(door: VouchingDoor, ticket: Ticket) -> None:
    await door.open(a_mail(sender="bea@bruno.example", message_id="bea@x", subject="Hello"))
    token = (await door.world.outbox())[0].mail.token

    answer = a_mail(sender="bea@bruno.example", message_id="b@x", In_Reply_To=f"<{token}@x>")
    await door.vouched(answer, NONE)

    message = (await door.messages(ticket.id))[-1]
    assert (message["doubt"], message["author_name"]) == ("DIFFERENT_ADDRESS", "bea@bruno.example")


async def test_a_forged_address_finds_no_ticket_by_its_number(
    door: VouchingDoor, ticket: Ticket
) -> None:
    forged = a_mail("Hello.", subject="Re: [#1] form", message_id="forged@x")
    promised = await door.world.outbox()

    outcome = await door.vouched(forged, FAIL)

    assert outcome.reason is InboundMailReason.OPENED_TICKET
    assert outcome.ticket_id != ticket.id
    assert await door.kinds(ticket.id) == ["OPENED"]
    assert await door.world.outbox() == promised


async def test_an_unknown_author_whose_address_is_forged_is_not_written_to(
    door: VouchingDoor,
) -> None:
    outcome = await door.vouched(a_mail(sender=STRANGER), FAIL)

    assert (outcome.state, outcome.reason) == (
        InboundMailState.DONE,
        InboundMailReason.OPENED_TICKET,
    )
    assert await door.world.outbox() == ()


@pytest.mark.parametrize(
    ("said", "has_token", "doubt"),
    [
        (PASS, False, None),
        (NONE, True, None),
        (FAIL, True, None),
        (FAIL, False, "AUTHENTICATION_FAILED"),
        (NONE, False, "NOT_AUTHENTICATED"),
    ],
)
async def test_an_agent_who_is_not_proven_twice_writes_a_note(
    door: VouchingDoor, ticket: Ticket, said: str, *, has_token: bool, doubt: str | None
) -> None:
    answered = await told(door, ticket) if has_token else FIRST
    promised, clocks = await door.world.outbox(), await door.world.clocks(ticket.id)

    await door.vouched(an_answer(answered, "Fixed.", sender=ALICE), said)

    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["is_internal"]) == ("Fixed.", True)
    assert (message["author_kind"], message["doubt"]) == ("AGENT", doubt)
    assert (await door.kinds(ticket.id))[-1] == "NOTE_ADDED"
    assert await door.world.outbox() == promised
    assert await door.world.clocks(ticket.id) == clocks


async def test_an_agent_who_is_proven_twice_answers_the_client(
    door: VouchingDoor, ticket: Ticket
) -> None:
    letter = await told(door, ticket)

    await door.vouched(an_answer(letter, "It is repaired.", sender=ALICE), PASS)

    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["is_internal"]) == ("It is repaired.", False)
    event = (await door.world.history(ticket.id))[-1]
    assert (event.kind.value, event.actor) == ("AGENT_REPLIED", ALICE_AGENT)
    assert (await door.world.kept(ticket.id)).first_responded_at == door.world.now()
    reply = (await door.world.outbox())[-1].mail
    assert reply.recipient.email == "bruno@bruno.example"
    assert "It is repaired." in reply.text
    assert reply.auto_submitted is AutoSubmitted.NO


async def test_an_agents_absence_notice_is_no_answer(door: VouchingDoor, ticket: Ticket) -> None:
    letter = await told(door, ticket)
    promised = await door.world.outbox()

    notice = an_answer(letter, "I am away.", sender=ALICE, Auto_Submitted="auto-replied")
    await door.vouched(notice, PASS)

    message = (await door.messages(ticket.id))[-1]
    assert (message["is_internal"], message["is_automatic"]) == (True, True)
    assert await door.world.outbox() == promised


async def test_a_proven_agent_writes_a_note_where_no_answer_is_possible(
    door: VouchingDoor, ticket: Ticket
) -> None:
    letter = await told(door, ticket)
    await mark_spam(door.world.desk, viewer=door.world.alice, request=TicketStepRequest(ticket.id))

    await door.vouched(an_answer(letter, "Really spam.", sender=ALICE), PASS)

    assert (await door.messages(ticket.id))[-1]["is_internal"] is True


async def test_a_letter_to_an_agent_says_where_an_answer_goes(
    door: VouchingDoor, ticket: Ticket
) -> None:
    await told(door, ticket)

    text = (await door.world.outbox())[-1].mail.text
    (last,) = text.strip().splitlines()[-1:]
    assert last.startswith("Répondre à ce mail, c'est répondre au client sur la demande.")
    assert "/note en fait une note interne" in last


async def _resolve(door: VouchingDoor, ticket: Ticket, *, is_closed: bool = False) -> None:
    step = TicketStepRequest(ticket.id)
    await resolve_ticket(door.world.desk, viewer=door.world.alice, request=step)
    if is_closed:
        await close_ticket(door.world.desk, viewer=door.world.alice, request=step)
