"""A proven agent orders in the first lines of his answer; what cannot be done undoes it all."""

import asyncio

import pytest

from helpdesk.domain.agency import AgentRole
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgentId
from helpdesk.domain.inbox import InboundMail, InboundMailReason
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.ticket import Ticket, TicketStatus
from helpdesk.domain.waiting import WaitingOn
from helpdesk.storage.tables.ticket import ATTACHMENT
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.ticket_step import ReasonedStepRequest
from tests.factories import ALICE as ALICE_AGENT
from tests.usecases.mails import ALICE, BRUNO, an_answer
from tests.usecases.trusted import VouchingDoor, told, vouching
from tests.usecases.world import TEAM, World

FIRST = "first@bruno.example"
PASS, NONE = "dmarc=pass", "dmarc=none"


@pytest.fixture
def door(both_worlds: World) -> VouchingDoor:
    return vouching(both_worlds)


@pytest.fixture
async def ticket(door: VouchingDoor) -> Ticket:
    """What Bruno wrote first."""
    return await door.open()


async def _write(door: VouchingDoor, ticket: Ticket, text: str) -> InboundMail:
    """Have Alice answer a mail that was written to her."""
    letter = await told(door, ticket)
    return await door.vouched(an_answer(letter, text, sender=ALICE), PASS)


async def test_orders_are_carried_out_and_the_client_reads_the_words_alone(
    door: VouchingDoor, ticket: Ticket
) -> None:
    text = "/attribuer moi\n/priorité P1 parce que la boutique ne vend plus\n/résoudre\n\nRéparé."

    outcome = await _write(door, ticket, text)

    assert (outcome.reason, outcome.ticket_id) == (InboundMailReason.ANSWERED_TICKET, ticket.id)
    after = await door.world.kept(ticket.id)
    assert (after.assignee_id, after.priority.value) == (ALICE_AGENT.agent_id, "P1")
    assert after.priority_reason == "la boutique ne vend plus"
    assert after.status is TicketStatus.RESOLVED
    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["is_internal"]) == ("Réparé.", False)
    assert (message["whole_text"], message["html"]) == (None, None)
    replies = [one.mail for one in await door.world.outbox() if "Réparé." in one.mail.text]
    assert [mail.recipient.email for mail in replies] == ["bruno@bruno.example"]
    assert "/" not in replies[0].text.partition("Réparé.")[0].rpartition("demande")[2]
    assert "attribuer" not in replies[0].text


async def test_the_history_names_the_agent_and_the_mail(door: VouchingDoor, ticket: Ticket) -> None:
    await _write(door, ticket, "/assign me\n/resolve\n\nIt is repaired.")

    events = (await door.world.history(ticket.id))[1:]
    assert [event.kind.value for event in events] == ["ASSIGNED", "AGENT_REPLIED", "RESOLVED"]
    assert {event.actor for event in events} == {ALICE_AGENT}
    message = (await door.messages(ticket.id))[-1]
    assert {event.message_id for event in events} == {message["id"]}
    assert message["channel"] == "MAIL"


async def test_a_note_stays_in_the_agency(door: VouchingDoor, ticket: Ticket) -> None:
    before = len(await door.world.outbox()) + 1

    await _write(door, ticket, "/note il rappelle demain\nNe rien lui écrire.")

    message = (await door.messages(ticket.id))[-1]
    assert message["body"] == "il rappelle demain\nNe rien lui écrire."
    assert message["is_internal"] is True
    assert (await door.world.kept(ticket.id)).first_responded_at is None
    assert len(await door.world.outbox()) == before


async def test_orders_alone_send_nothing_and_are_kept_as_a_note(
    door: VouchingDoor, ticket: Ticket
) -> None:
    before = len(await door.world.outbox()) + 1

    await _write(door, ticket, "#assign Care")

    assert (await door.world.kept(ticket.id)).team_id == TEAM
    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["is_internal"]) == ("#assign Care", True)
    assert len(await door.world.outbox()) == before


async def test_a_signature_below_orders_is_nothing_for_the_client(
    door: VouchingDoor, ticket: Ticket
) -> None:
    before = len(await door.world.outbox()) + 1

    await _write(door, ticket, "/assign me\n\nCordialement,\nAlice\nAgency of Alice")

    assert (await door.world.kept(ticket.id)).assignee_id == ALICE_AGENT.agent_id
    message = (await door.messages(ticket.id))[-1]
    assert message["body"] == "/assign me\n\nCordialement,\nAlice\nAgency of Alice"
    assert message["is_internal"] is True
    assert len(await door.world.outbox()) == before


async def test_a_colleague_takes_the_ticket_within_its_team(
    door: VouchingDoor, ticket: Ticket
) -> None:
    asked = CreateAgent("Chloé Martin", "cm@alice.example", AgentRole.AGENT, Locale.FR)
    colleague = await create_agent(door.world.desk, viewer=door.world.alice, request=asked)
    await _write(door, ticket, "/assign care")

    await door.vouched(
        an_answer(
            (await door.world.outbox())[-1].mail.message_id, "/attribuer chloe", sender=ALICE
        ),
        PASS,
    )

    after = await door.world.kept(ticket.id)
    assert (after.assignee_id, after.team_id) == (AgentId(colleague.id), TEAM)


async def test_the_question_stands_before_the_wait_for_its_answer(
    door: VouchingDoor, ticket: Ticket
) -> None:
    await _write(door, ticket, "/attendre client : vos accès\n\nQuels sont vos accès ?")

    after = await door.world.kept(ticket.id)
    assert (after.status, after.waiting_on) == (TicketStatus.WAITING, WaitingOn.CLIENT)
    events = await door.world.history(ticket.id)
    assert [event.kind.value for event in events[-2:]] == ["AGENT_REPLIED", "WAITING"]
    assert events[-1].reason == "vos accès"


async def test_every_step_can_be_ordered(door: VouchingDoor, ticket: Ticket) -> None:
    letter = await told(door, ticket)
    stories = (
        ("/wait third-party: the host", TicketStatus.WAITING),
        ("/resume", TicketStatus.IN_PROGRESS),
        ("/deliver", TicketStatus.DELIVERED),
        ("/resolve\n/close", TicketStatus.CLOSED),
        ("/reopen it came back", TicketStatus.IN_PROGRESS),
        ("/cancel the client found it", TicketStatus.CANCELLED),
        ("/reopen", TicketStatus.IN_PROGRESS),
        ("/spam\nNobody wrote this.", TicketStatus.SPAM),
    )

    for number, (text, status) in enumerate(stories):
        mail = an_answer(letter, text, sender=ALICE, message_id=f"{number}@alice.example")
        await door.vouched(mail, PASS)
        assert (await door.world.kept(ticket.id)).status is status

    assert (await door.messages(ticket.id))[-1]["is_internal"] is True


@pytest.mark.parametrize(
    ("text", "told_why"),
    [
        ("/assign me\n/assign Zorro\n\nDone.", "déjà été donnée"),
        ("/assign me\n/attribuer", "déjà été donnée"),
        ("/assign me\n/resovle\n\nDone.", "« /resovle » : cette commande n'existe pas."),
        ("/assign me\n/close\n\nDone.", "closeTicket n'est pas possible"),
        ("/assign me\n/priority P1\n\nDone.", "P1"),
        ("/assign me\n/priority urgent\n\nDone.", "« urgent » n'est pas une priorité"),
        ("/assign me\n/wait client\n\nDone.", "demande un motif"),
        ("/resolve\n/assign Zorro\n\nDone.", "« Zorro » ne désigne personne"),
        ("/resolve now\n\nDone.", "rien ne suit cette commande"),
        ("/wait\n\nDone.", "il manque quelque chose"),
    ],
)
async def test_a_wrong_order_undoes_everything_and_its_author_hears_why(
    door: VouchingDoor, ticket: Ticket, text: str, told_why: str
) -> None:
    letter = await told(door, ticket)
    before, clocks = await door.world.kept(ticket.id), await door.world.clocks(ticket.id)
    promised = await door.world.outbox()

    outcome = await door.vouched(an_answer(letter, text, sender=ALICE), PASS)

    assert outcome.reason is InboundMailReason.ANSWERED_TICKET
    after = await door.world.kept(ticket.id)
    assert (await door.kinds(ticket.id)) == ["OPENED", "NOTE_ADDED"]
    assert (after.assignee_id, after.status, after.priority) == (
        before.assignee_id,
        before.status,
        before.priority,
    )
    assert await door.world.clocks(ticket.id) == clocks
    (note,) = (await door.messages(ticket.id))[1:]
    assert note["is_internal"] is True
    assert note["body"].startswith(text)
    assert told_why in note["body"]
    (refusal,) = (await door.world.outbox())[len(promised) :]
    assert refusal.mail.recipient.email == "alice@alice.example"
    assert told_why in refusal.mail.text
    assert "/attribuer moi" in refusal.mail.text
    assert refusal.mail.auto_submitted is AutoSubmitted.AUTO_REPLIED


async def test_a_refused_mail_is_put_right_by_an_answer_to_the_refusal(
    door: VouchingDoor, ticket: Ticket
) -> None:
    await _write(door, ticket, "/resovle\n\nIt is repaired.")
    refusal = (await door.world.outbox())[-1].mail.message_id

    again = an_answer(refusal, "/resolve\n\nIt is repaired.", sender=ALICE, message_id="again@x")
    await door.vouched(again, PASS)

    assert (await door.world.kept(ticket.id)).status is TicketStatus.RESOLVED


async def test_two_readers_of_one_refused_mail_keep_it_once(
    door: VouchingDoor, ticket: Ticket
) -> None:
    letter = await told(door, ticket)
    promised = len(await door.world.outbox())
    stored = await door.store(
        door.noted(an_answer(letter, "/assign Zorro\n\nDone.", sender=ALICE), PASS)
    )

    await asyncio.gather(door.understand(stored), door.understand(stored))

    assert await door.kinds(ticket.id) == ["OPENED", "NOTE_ADDED"]
    assert len(await door.world.outbox()) == promised + 1


@pytest.mark.parametrize(("said", "has_token"), [(PASS, False), (NONE, True), (NONE, False)])
async def test_who_is_not_proven_twice_orders_nothing(
    door: VouchingDoor, ticket: Ticket, said: str, *, has_token: bool
) -> None:
    answered = await told(door, ticket) if has_token else FIRST
    promised, clocks = await door.world.outbox(), await door.world.clocks(ticket.id)

    await door.vouched(an_answer(answered, "/resolve\n\nFixed.", sender=ALICE), said)

    assert (await door.world.kept(ticket.id)).status is TicketStatus.NEW
    message = (await door.messages(ticket.id))[-1]
    assert message["is_internal"] is True
    assert message["body"].startswith("/resolve\n\nFixed.")
    assert "[Commandes non exécutées" in message["body"]
    assert await door.world.outbox() == promised
    assert await door.world.clocks(ticket.id) == clocks


async def test_what_a_client_writes_is_never_an_order(door: VouchingDoor, ticket: Ticket) -> None:
    await door.vouched(an_answer(FIRST, "/resolve\n\nPlease.", sender=BRUNO), PASS)

    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["is_internal"]) == ("/resolve\n\nPlease.", False)
    assert (await door.world.kept(ticket.id)).status is TicketStatus.NEW


async def test_an_absence_notice_orders_nothing(door: VouchingDoor, ticket: Ticket) -> None:
    letter = await told(door, ticket)

    notice = an_answer(letter, "/resolve", sender=ALICE, Auto_Submitted="auto-replied")
    await door.vouched(notice, PASS)

    assert (await door.world.kept(ticket.id)).status is TicketStatus.NEW
    assert (await door.messages(ticket.id))[-1]["body"] == "/resolve"


async def test_an_answer_to_the_client_waits_for_a_reopening(
    door: VouchingDoor, ticket: Ticket
) -> None:
    step = ReasonedStepRequest(ticket.id, "a slip")
    await cancel_ticket(door.world.desk, viewer=door.world.alice, request=step)

    await _write(door, ticket, "/rouvrir\n\nWe look into it.")

    assert (await door.messages(ticket.id))[-1]["is_internal"] is False
    assert (await door.world.kept(ticket.id)).status is TicketStatus.IN_PROGRESS


async def test_the_files_of_an_ordered_answer_come_along(
    door: VouchingDoor, ticket: Ticket
) -> None:
    letter = await told(door, ticket)
    mail = an_answer(letter, "/resolve\n\nSee the picture.", sender=ALICE)
    mail.add_attachment(b"photo", maintype="image", subtype="png", filename="after.png")

    await door.vouched(mail, PASS)

    assert [row["filename"] for row in await door.world.rows(ATTACHMENT)] == ["after.png"]


async def test_what_an_agent_quotes_is_not_shown_to_the_client(
    door: VouchingDoor, ticket: Ticket
) -> None:
    quoted = "Repaired.\n\nLe lun. 6 juil. 2026 à 09:00, Alice a écrit :\n> Look at it.\n"

    await _write(door, ticket, quoted)

    message = (await door.messages(ticket.id))[-1]
    assert (message["body"], message["whole_text"]) == ("Repaired.", None)


async def test_a_mail_that_a_proven_agent_passes_on_is_a_note(
    door: VouchingDoor, ticket: Ticket
) -> None:
    passed_on = (
        "For us only.\n\n---------- Forwarded message ---------\n"
        "From: Host <host@host.example>\nDate: Mon, 6 Jul 2026 08:00 +0200\n"
        "Subject: The server\nTo: alice@alice.example\n\nIt burns.\n"
    )
    letter = await told(door, ticket)

    await door.vouched(an_answer(letter, passed_on, sender=ALICE, subject="Fwd: The server"), PASS)

    assert (await door.messages(ticket.id))[-1]["is_internal"] is True
