"""The mails that a ticket promises its client: one acknowledgement, then what people answer."""

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import Address
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.ticket import Ticket
from helpdesk.storage.tables.mail import MAIL_REFERENCE, OUTBOX_MAIL
from helpdesk.usecases.letters import promise_acknowledgement
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, MONDAY, at
from tests.usecases.mails import CHLOE, STRANGER, ZOES_MAILBOX, Door, a_mail, an_answer
from tests.usecases.world import MAILBOX, World


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def test_an_acknowledgement_says_the_number_and_the_promised_time(door: Door) -> None:
    ticket = await door.open()

    (promised,) = await door.world.outbox()
    deadline = (await door.world.clocks(ticket.id))["FIRST_RESPONSE", 1]["deadline_at"]
    assert deadline == at("07-09 09:00")
    assert promised.mail.subject == "[#1] The contact form is silent"
    assert promised.mail.text == (
        "-- Répondez au-dessus de cette ligne --\n\n"
        "Bonjour Bruno,\n\n"
        "Nous avons bien reçu votre demande « The contact form is silent ». "
        "Elle porte le numéro 1.\n\n"
        "Une personne de l'équipe vous répondra au plus tard le jeudi 9 juillet à 9 h 00.\n\n"
        "Un détail à ajouter, une capture d'écran ? Répondez simplement à ce message.\n\n"
        "À bientôt,\nAgency of Alice\n"
    )


async def test_an_acknowledgement_cannot_loop(door: Door) -> None:
    ticket = await door.open()

    (promised,) = await door.world.outbox()
    mail = promised.mail
    assert (promised.ticket_id, promised.created_at) == (ticket.id, MONDAY)
    assert promised.idempotency_key == f"acknowledgement:{ticket.id}"
    assert mail.sender == Address("Agency of Alice", MAILBOX)
    assert mail.recipient == Address("Bruno", "bruno@bruno.example")
    assert mail.auto_submitted is AutoSubmitted.AUTO_REPLIED
    assert mail.envelope_sender == ""
    assert (mail.in_reply_to, mail.references) == ("first@bruno.example", ("first@bruno.example",))
    assert mail.message_id.endswith(f".{mail.token}@alice.example")
    assert (mail.locale, mail.ticket_number, mail.sent_at) == (Locale.FR, 1, MONDAY)
    references = await door.world.rows(MAIL_REFERENCE)
    assert {row["message_id"]: row["ticket_id"] for row in references} == {
        "first@bruno.example": ticket.id,
        mail.message_id: ticket.id,
    }


async def test_an_acknowledgement_is_no_first_response(door: Door) -> None:
    ticket = await door.open()

    assert ticket.first_responded_at is None
    clock = (await door.world.clocks(ticket.id))["FIRST_RESPONSE", 1]
    assert (clock["started_at"], clock["stopped_at"]) == (MONDAY, None)


async def test_an_acknowledgement_is_in_the_language_of_its_reader(door: Door) -> None:
    await door.open(a_mail(sender=CHLOE))

    (promised,) = await door.world.outbox()
    assert promised.mail.locale is Locale.EN
    assert "will answer you by Thursday 9 July at 09:00.\n" in promised.mail.text


async def test_a_stranger_is_promised_no_time(door: Door) -> None:
    await door.open(a_mail(sender=STRANGER))

    (promised,) = await door.world.outbox()
    assert promised.mail.recipient == Address("Dora", "dora@nowhere.example")
    assert "Une personne de l'équipe la lit et vous répond dès que possible." in promised.mail.text


async def test_a_nameless_sender_is_greeted_without_his_address(door: Door) -> None:
    await door.open(a_mail(sender="dora@nowhere.example"))

    (promised,) = await door.world.outbox()
    assert "\nBonjour,\n" in promised.mail.text


async def test_a_message_without_an_id_is_acknowledged_outside_any_thread(door: Door) -> None:
    await door.open(a_mail(message_id=None))

    (promised,) = await door.world.outbox()
    assert (promised.mail.in_reply_to, promised.mail.references) == (None, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"X_Auto_Response_Suppress": "All"},
        {"X_Auto_Response_Suppress": "DR, OOF"},
        {"to": ZOES_MAILBOX},
        {"to": "undisclosed-recipients:;"},
        {"sender": "bruno@bruno.example, chloe@chloe.example"},
    ],
    ids=["wished", "wished-by-outlook", "blind-copy", "undisclosed", "two-senders"],
)
async def test_what_should_not_be_answered_still_opens_a_ticket(
    door: Door, changes: dict[str, str]
) -> None:
    ticket = await door.open(a_mail(**changes))

    assert ticket.client_id == BRUNOS_CLIENT
    assert await door.world.outbox() == ()


async def test_the_same_promise_twice_is_one_mail(door: Door) -> None:
    ticket = await door.open()
    promised = await door.world.rows(OUTBOX_MAIL)

    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        assert ticket.requester_id is not None
        contact = await records.clients.contact(ticket.requester_id)
        assert contact is not None
        await promise_acknowledgement(door.world.desk, records, ticket, contact, None)

    assert await door.world.rows(OUTBOX_MAIL) == promised


async def test_an_agents_answer_is_mailed_in_the_thread(door: Door) -> None:
    ticket = await door.open()
    await door.receive(an_answer("first@bruno.example"))
    door.world.now.advance(minutes=5)

    reply = await reply_to_ticket(
        door.world.desk,
        viewer=door.world.alice,
        request=ReplyToTicket(ticket.id, "The form is repaired."),
    )

    acknowledgement, promised = await door.world.outbox()
    mail = promised.mail
    assert promised.idempotency_key == f"message:{reply.message.id}"
    assert mail.subject == "Re: [#1] The contact form is silent"
    assert "Alice vous a répondu au sujet de « The contact form is silent »" in mail.text
    assert "\n\nThe form is repaired.\n\n" in mail.text
    assert mail.auto_submitted is AutoSubmitted.NO
    assert mail.envelope_sender == mail.bounces_to
    assert mail.message_id.startswith(f"{promised.id}.")
    assert mail.in_reply_to == mail.references[-1]
    assert set(mail.references) == {
        "first@bruno.example",
        "second@bruno.example",
        acknowledgement.mail.message_id,
    }


async def test_references_stand_in_the_order_in_which_they_came(door: Door) -> None:
    ticket = await door.open()
    door.world.now.advance(minutes=5)
    await door.receive(an_answer("first@bruno.example"))
    door.world.now.advance(minutes=5)
    request = ReplyToTicket(ticket.id, "The form is repaired.")

    await reply_to_ticket(door.world.desk, viewer=door.world.alice, request=request)

    answer = (await door.world.outbox())[-1].mail
    assert answer.in_reply_to == "second@bruno.example"
    assert answer.references[-1] == "second@bruno.example"
    assert answer.references.index("first@bruno.example") < 2


async def test_a_programs_answer_says_that_it_is_one(door: Door) -> None:
    ticket = await door.open()
    request = ReplyToTicket(ticket.id, "Deployed.")

    await reply_to_ticket(door.world.desk, viewer=door.world.robot, request=request)

    answer = (await door.world.outbox())[-1].mail
    assert answer.auto_submitted is AutoSubmitted.AUTO_GENERATED
    assert (answer.is_automatic, answer.envelope_sender) == (True, answer.bounces_to)


async def test_a_ticket_without_a_requester_is_answered_to_nobody(door: Door) -> None:
    ticket = await _nobodys_ticket(door.world)

    await reply_to_ticket(
        door.world.desk, viewer=door.world.alice, request=ReplyToTicket(ticket.id, "Done.")
    )

    assert await door.world.outbox() == ()
    assert [row["body"] for row in await door.messages(ticket.id)][-1] == "Done."


async def _nobodys_ticket(world: World) -> Ticket:
    asked = OpenTicket("The disk is full", "At 98 %.", client_id=BRUNOS_CLIENT)
    return await open_ticket(world.desk, viewer=world.robot, request=asked)
