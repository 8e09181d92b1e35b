"""An agent hands a client's mail on to the desk, or writes there himself."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from helpdesk.domain.inbox import InboundMailReason
from helpdesk.domain.priority import Impact
from helpdesk.domain.ticket import Ticket, TicketStatus
from helpdesk.storage.tables.client import CONTACT
from helpdesk.storage.tables.ticket import ATTACHMENT
from helpdesk.usecases.confirm_requester import ConfirmRequester, confirm_requester
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from tests.factories import ALICE as ALICE_AGENT
from tests.factories import BRUNO, BRUNOS_CLIENT, MONDAY, at
from tests.usecases.mails import ALICE, CHLOE, a_mail, an_answer
from tests.usecases.mails import BRUNO as BRUNOS_ADDRESS
from tests.usecases.trusted import VouchingDoor, vouching
from tests.usecases.world import MAILBOX, World

PASS, NONE, FAIL = "dmarc=pass", "dmarc=none", "dmarc=fail"
OWN_WORDS = "Bruno est fâché, à traiter vite."


@pytest.fixture
def door(both_worlds: World) -> VouchingDoor:
    return vouching(both_worlds)


def handed_on(original: str = BRUNOS_ADDRESS, *, sender: str = ALICE) -> EmailMessage:
    """Return a mail that retells another one in its text, as Gmail does."""
    text = (
        f"{OWN_WORDS}\n\n---------- Forwarded message ---------\n"
        f"From: {original}\nDate: Sun, 5 Jul 2026 22:15:00 +0200\n"
        f"Subject: Formulaire muet\nTo: alice@alice.example\n\nLe formulaire est muet.\n"
    )
    return a_mail(
        text, sender=sender, subject="Fwd: Formulaire muet", message_id="fwd@alice.example"
    )


def handed_on_whole(original: EmailMessage) -> EmailMessage:
    """Return a mail that carries another one as a file."""
    mail = a_mail(OWN_WORDS, sender=ALICE, subject="Fwd: voir ci-joint", message_id="whole@x")
    mail.add_attachment(BytesParser(policy=policy.default).parsebytes(bytes(original)))
    return mail


async def _open(door: VouchingDoor, mail: EmailMessage, said: str = PASS) -> Ticket:
    outcome = await door.vouched(mail, said)
    assert outcome.reason is InboundMailReason.OPENED_TICKET
    return await door.ticket_of(outcome)


async def test_a_mail_that_an_agent_hands_on_is_its_authors_request(door: VouchingDoor) -> None:
    ticket = await _open(door, handed_on())

    assert (ticket.client_id, ticket.requester_id) == (BRUNOS_CLIENT, BRUNO.contact_id)
    assert ticket.contract_id == "contract-of-bruno"
    assert (ticket.subject, ticket.description) == ("Formulaire muet", "Le formulaire est muet.")
    assert (ticket.opened_at, ticket.is_requester_unconfirmed) == (MONDAY, True)


async def test_the_original_is_public_with_its_date_and_the_agents_words_are_a_note(
    door: VouchingDoor,
) -> None:
    ticket = await _open(door, handed_on())

    original, note = await door.messages(ticket.id)
    assert (original["body"], original["contact_id"]) == ("Le formulaire est muet.", "bruno")
    assert original["is_internal"] is False
    assert (original["written_at"], original["sent_at"]) == (at("07-05 22:15"), MONDAY)
    assert OWN_WORDS not in f"{original['html']}{original['whole_text']}"
    assert (note["body"], note["is_internal"]) == (OWN_WORDS, True)
    assert note["agent_id"] == ALICE_AGENT.agent_id
    events = await door.world.history(ticket.id)
    assert [(event.kind.value, event.actor) for event in events] == [
        ("OPENED", BRUNO),
        ("NOTE_ADDED", ALICE_AGENT),
    ]


async def test_an_attached_original_comes_before_what_a_text_retells(door: VouchingDoor) -> None:
    original = a_mail("Le panier est vide.", sender=CHLOE, subject="Panier")

    ticket = await _open(door, handed_on_whole(original))

    assert ticket.client_id == door.world.chloe.client_id
    assert (ticket.subject, ticket.description) == ("Panier", "Le panier est vide.")
    assert [row["content_type"] for row in await door.world.rows(ATTACHMENT)] == ["message/rfc822"]


async def test_who_was_read_in_a_forwarded_mail_gets_nothing_automatic(door: VouchingDoor) -> None:
    ticket = await _open(door, handed_on())
    desk, alice = door.world.desk, door.world.alice

    weight = SetPriority(ticket.id, impact=Impact.CRITICAL)
    await set_priority(desk, viewer=alice, request=weight)

    assert await door.world.outbox() == ()


async def test_what_a_person_writes_to_him_is_sent(door: VouchingDoor) -> None:
    ticket = await _open(door, handed_on())

    request = ReplyToTicket(ticket.id, "We look into it.")
    await reply_to_ticket(door.world.desk, viewer=door.world.alice, request=request)

    (mail,) = [one.mail for one in await door.world.outbox()]
    assert mail.recipient.email == "bruno@bruno.example"


async def test_confirming_the_requester_sends_the_acknowledgement(door: VouchingDoor) -> None:
    ticket = await _open(door, handed_on())

    after = await confirm_requester(
        door.world.desk, viewer=door.world.alice, request=ConfirmRequester(ticket.id)
    )

    assert (after.is_requester_unconfirmed, after.requester_id) == (False, BRUNO.contact_id)
    (mail,) = await door.world.outbox()
    assert mail.idempotency_key == f"acknowledgement:{ticket.id}"
    assert mail.mail.recipient.email == "bruno@bruno.example"


async def test_an_answer_to_the_original_joins_the_ticket(door: VouchingDoor) -> None:
    ticket = await _open(door, handed_on())

    outcome = await door.vouched(an_answer("fwd@alice.example"), PASS)

    assert outcome.ticket_id == ticket.id


async def test_somebody_new_becomes_a_contact_of_the_client_that_owns_his_domain(
    door: VouchingDoor,
) -> None:
    ticket = await _open(door, handed_on("Béa <Bea@bruno.example>"))

    (bea,) = [row for row in await door.world.rows(CONTACT) if row["name"] == "Béa"]
    assert (ticket.requester_id, ticket.client_id) == (bea["id"], BRUNOS_CLIENT)


@pytest.mark.parametrize("original", [ALICE, MAILBOX, "support@zoe.example"])
async def test_a_mail_of_the_house_has_no_requester_yet(door: VouchingDoor, original: str) -> None:
    ticket = await _open(door, handed_on(original))

    assert (ticket.requester_id, ticket.is_requester_unconfirmed) == (None, True)
    assert len(await door.world.rows(CONTACT)) == 3
    assert await door.world.outbox() == ()


@pytest.mark.parametrize("said", [NONE, FAIL])
async def test_an_agent_who_is_not_vouched_for_hands_nothing_on(
    door: VouchingDoor, said: str
) -> None:
    ticket = await _open(door, handed_on(), said)

    assert ticket.requester_id != BRUNO.contact_id
    assert ticket.client_id != BRUNOS_CLIENT
    assert ticket.is_requester_unconfirmed is False


async def test_a_client_who_hands_a_mail_on_keeps_his_request(door: VouchingDoor) -> None:
    ticket = await _open(door, handed_on(CHLOE, sender=BRUNOS_ADDRESS))

    assert (ticket.requester_id, ticket.is_requester_unconfirmed) == (BRUNO.contact_id, False)
    (message,) = await door.messages(ticket.id)
    assert "Le formulaire est muet." in message["body"]
    assert OWN_WORDS in message["body"]


async def test_what_an_agent_writes_himself_waits_for_a_requester(door: VouchingDoor) -> None:
    mail = a_mail("Bruno a appelé : le site est lent.", sender=ALICE, subject="Appel")

    ticket = await _open(door, mail)

    assert (ticket.requester_id, ticket.is_requester_unconfirmed) == (None, True)
    assert (ticket.status, ticket.subject) == (TicketStatus.NEW, "Appel")
    (opening,) = await door.world.history(ticket.id)
    assert opening.actor == ALICE_AGENT
    assert len(await door.world.rows(CONTACT)) == 3
    assert await door.world.outbox() == ()


async def test_what_an_agent_writes_to_a_client_with_a_copy_to_the_desk_is_about_him(
    door: VouchingDoor,
) -> None:
    to = f"nobody@elsewhere.example, {BRUNOS_ADDRESS}"
    mail = a_mail("As agreed.", sender=ALICE, to=to, Cc=MAILBOX, message_id="copy@alice.example")

    ticket = await _open(door, mail)

    assert (ticket.requester_id, ticket.client_id) == (BRUNO.contact_id, BRUNOS_CLIENT)
    assert ticket.is_requester_unconfirmed is False
    (opening,) = await door.world.history(ticket.id)
    assert opening.actor == ALICE_AGENT
    assert await door.world.outbox() == ()
    answer = an_answer("copy@alice.example", "Fine.", message_id="fine@x")
    assert (await door.vouched(answer, PASS)).ticket_id == ticket.id


async def test_a_machine_in_an_agents_name_opens_nothing(door: VouchingDoor) -> None:
    mail = handed_on()
    mail["Auto-Submitted"] = "auto-generated"

    outcome = await door.vouched(mail, PASS)

    assert outcome.reason is InboundMailReason.AUTOMATIC


async def test_a_date_to_come_is_not_shown(door: VouchingDoor) -> None:
    mail = handed_on()
    mail.set_content(mail.get_content().replace("5 Jul 2026", "5 Jul 2027"))

    ticket = await _open(door, mail)

    assert (await door.messages(ticket.id))[0]["written_at"] is None
