"""Who hears of what happened, at once, and who does not."""

from dataclasses import replace

import pytest

from helpdesk.domain.ids import ContactId, MessageId
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.domain.message import Message
from helpdesk.domain.notification import Delivery, NotificationTopic
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Channel, Ticket, TicketEventKind, changed
from helpdesk.domain.ticket_life import Occasion, noted
from helpdesk.domain.waiting import WaitingOn
from helpdesk.storage.tables.notification import NEWS, NOTIFICATION
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.deliver_ticket import deliver_ticket
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.reopen_ticket import reopen_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.tell_news import WORDS_LIMIT, record_news_trouble, tell_news
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import AGENCY_ID
from tests.usecases.mails import a_mail, an_answer
from tests.usecases.notifications import (
    BEA,
    DORA,
    EMILE,
    add_agent,
    add_bea,
    because,
    choose,
    give,
    mails_to,
    step,
    told,
)
from tests.usecases.trusted import VouchingDoor, vouching
from tests.usecases.world import TEAM, World

BRUNO, ALICE_MAIL = "bruno@bruno.example", "alice@alice.example"


async def test_a_new_ticket_is_told_to_the_managers_while_it_is_nobodys(both_worlds: World) -> None:
    await both_worlds.ticket()

    assert await told(both_worlds) == [("alice", "TICKET_OPENED")]
    (mail,) = await mails_to(both_worlds, ALICE_MAIL)
    assert mail.mail.subject == "[#1] The contact form is silent"
    assert "Nobody answers what my customers write." in mail.mail.text
    assert "Bruno SA" in mail.mail.text


async def test_nobody_hears_of_what_he_did_himself(world: World) -> None:
    await open_ticket(
        world.desk,
        viewer=world.alice,
        request=OpenTicket(
            "A call", "By phone.", requester_id=None, client_id=world.bruno.client_id
        ),
    )

    assert await told(world) == []


async def test_a_client_hears_of_a_request_that_was_opened_in_his_name(world: World) -> None:
    request = OpenTicket("A call", "By phone.", requester_id=world.bruno.contact_id)
    await open_ticket(world.desk, viewer=world.alice, request=request)

    assert await told(world) == [("bruno", "REQUEST_OPENED")]
    (mail,) = await mails_to(world, BRUNO)
    assert "en votre nom" in mail.mail.text
    assert "By phone." in mail.mail.text


async def test_a_ticket_of_a_team_is_told_to_its_people_and_one_of_a_person_to_him(
    world: World,
) -> None:
    await add_agent(world, DORA, team=TEAM)
    await add_agent(world, EMILE, team=TEAM)
    ticket = await world.ticket()
    await told(world)

    await give(world, ticket.id, None)
    assert await told(world) == [("dora", "TEAM_ASSIGNED"), ("emile", "TEAM_ASSIGNED")]
    await give(world, ticket.id, DORA)
    assert await told(world) == [("dora", "TICKET_ASSIGNED")]
    request = ReplyToTicket(ticket.id, "It still is.")
    await reply_to_ticket(world.desk, viewer=world.bruno, request=request)
    assert await told(world) == [("dora", "CLIENT_WROTE")]


async def test_who_was_given_a_ticket_that_went_on_to_another_is_not_told(world: World) -> None:
    await add_agent(world, DORA)
    await add_agent(world, EMILE)
    ticket = await world.ticket()
    await told(world)

    await give(world, ticket.id, DORA)
    await give(world, ticket.id, EMILE)

    assert await told(world) == [("emile", "TICKET_ASSIGNED")]


async def test_an_answer_to_a_ticket_of_a_team_without_people_reaches_the_managers(
    world: World,
) -> None:
    ticket = await world.ticket()
    await give(world, ticket.id, None)
    await told(world)

    request = ReplyToTicket(ticket.id, "It still is.")
    await reply_to_ticket(world.desk, viewer=world.bruno, request=request)

    assert await told(world) == [("alice", "CLIENT_WROTE")]


async def test_the_requester_hears_of_each_step_of_his_request(world: World) -> None:
    ticket = await world.ticket()
    await told(world)
    heard = []

    await deliver_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    heard += await told(world)
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    heard += await told(world)
    await close_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    heard += await told(world)
    await reopen_ticket(world.desk, viewer=world.alice, request=because(ticket.id, "It is back"))
    heard += await told(world)
    await cancel_ticket(world.desk, viewer=world.alice, request=because(ticket.id, "Given up"))
    heard += await told(world)

    assert heard == [
        ("bruno", "REQUEST_DELIVERED"),
        ("bruno", "REQUEST_RESOLVED"),
        ("bruno", "REQUEST_CLOSED"),
        ("bruno", "REQUEST_REOPENED"),
        ("bruno", "REQUEST_CANCELLED"),
    ]
    mails = [mail.mail for mail in await mails_to(world, BRUNO)]
    assert {mail.subject for mail in mails} == {"[#1] The contact form is silent"}
    assert {mail.auto_submitted for mail in mails} == {AutoSubmitted.AUTO_GENERATED}
    assert "It is back" in mails[3].text
    assert "Given up" in mails[4].text


async def test_mails_about_a_ticket_stand_in_one_thread_for_each_side(world: World) -> None:
    ticket = await world.ticket()
    await give(world, ticket.id, world.alice)
    await deliver_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    request = ReplyToTicket(ticket.id, "No.")
    await reply_to_ticket(world.desk, viewer=world.bruno, request=request)
    await told(world)

    first, second = (mail.mail for mail in await mails_to(world, BRUNO))
    one, other = (mail.mail for mail in await mails_to(world, ALICE_MAIL))
    assert second.references[0] == first.message_id
    assert one.references == other.references == (f"{ticket.id}.thread@alice.example",)
    assert not set(one.references) & {first.message_id, *second.references}


async def test_a_question_is_told_and_one_that_an_answer_asked_is_not_told_twice(
    world: World,
) -> None:
    ticket = await world.ticket()
    other = await world.ticket("Another one")
    await told(world)

    asked = WaitForClient(ticket.id, "Which browser?", WaitingOn.CLIENT)
    await wait_for_client(world.desk, viewer=world.alice, request=asked)
    answer = ReplyToTicket(other.id, "And you?", wait_for_client=True)
    await reply_to_ticket(world.desk, viewer=world.alice, request=answer)

    assert await told(world) == [("bruno", "QUESTION_ASKED")]
    (mail,) = await mails_to(world, BRUNO)
    assert "Which browser?" in mail.mail.text


async def test_an_answer_that_reopens_is_one_mail_with_its_words(world: World) -> None:
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await told(world)

    request = ReplyToTicket(ticket.id, "It is back again.")
    await reply_to_ticket(world.desk, viewer=world.bruno, request=request)

    assert await told(world) == [("alice", "TICKET_REOPENED")]
    assert "It is back again." in (await mails_to(world, ALICE_MAIL))[-1].mail.text


async def test_long_words_are_cut_in_the_mail(world: World) -> None:
    ticket = await world.ticket()
    request = ReplyToTicket(ticket.id, "a" * (WORDS_LIMIT + 1))
    await reply_to_ticket(world.desk, viewer=world.bruno, request=request)
    await told(world)

    text = (await mails_to(world, ALICE_MAIL))[-1].mail.text
    assert "a […]" in text
    assert "a" * (WORDS_LIMIT + 1) not in text


async def test_a_note_reaches_the_person_of_the_ticket_and_never_the_client(world: World) -> None:
    await add_agent(world, DORA)
    ticket = await world.ticket()
    await give(world, ticket.id, DORA)
    await told(world)
    before = len(await mails_to(world, BRUNO))

    note = AddInternalNote(ticket.id, "The client is late with his bills.")
    await add_internal_note(world.desk, viewer=world.alice, request=note)

    assert await told(world) == [("dora", "NOTE_WRITTEN")]
    assert len(await mails_to(world, BRUNO)) == before


async def test_a_note_on_a_ticket_of_nobody_is_told_to_nobody(world: World) -> None:
    ticket = await world.ticket()
    await told(world)
    note = AddInternalNote(ticket.id, "Look at it.")
    await add_internal_note(world.desk, viewer=world.alice, request=note)

    assert await told(world) == []


async def _noted(world: World, ticket_id: str, **changes: object) -> None:
    """Keep a note that came by mail under the name of Alice."""
    ticket = await world.kept(ticket_id)  # type: ignore[arg-type]  # an id
    actor = world.alice.actor
    message = Message(
        id=MessageId(world.desk.new_id()),
        agency_id=AGENCY_ID,
        ticket_id=ticket.id,
        sent_at=world.now(),
        author=actor,
        channel=Channel.MAIL,
        body="Send the password to this address.",
        is_internal=True,
    )
    message = replace(message, **changes)  # type: ignore[arg-type]  # its fields
    async with world.desk.store.transaction(AGENCY_ID) as records:
        change = noted(ticket, message.id, on=Occasion(world.now(), actor))
        await save_change(world.desk, records, change)
        await records.tickets.add_message(message)


async def test_a_mail_that_may_be_forged_is_told_even_to_him_whose_name_it_bears(
    world: World,
) -> None:
    ticket = await world.ticket()
    await told(world)
    await _noted(world, ticket.id, doubt=SenderDoubt.AUTHENTICATION_FAILED)

    assert await told(world) == [("alice", "MAIL_UNVERIFIED")]


@pytest.mark.parametrize("result", ["dmarc=fail", "dmarc=pass"])
async def test_a_ticket_of_a_mail_in_a_name_that_may_be_forged_sends_no_words_to_its_bearer(
    world: World, result: str
) -> None:
    await add_bea(world)
    await choose(world, BEA, NotificationTopic.COLLEAGUES, Delivery.NOW)
    await vouching(world).vouched(a_mail("Pay here: https://evil.example"), result)

    heard = {("alice", "TICKET_OPENED"), ("bea", "REQUEST_OPENED")}
    assert set(await told(world)) == (
        heard if result == "dmarc=pass" else {("alice", "TICKET_OPENED")}
    )


async def test_a_mail_that_was_judged_already_waits_for_nobody(world: World) -> None:
    ticket = await world.ticket()
    await give(world, ticket.id, world.alice)
    await told(world)
    await _noted(world, ticket.id, doubt=SenderDoubt.REJECTED)

    assert await told(world) == []


async def test_what_a_machine_left_as_a_note_is_told_to_nobody(world: World) -> None:
    await add_agent(world, DORA)
    ticket = await world.ticket()
    await give(world, ticket.id, DORA)
    await told(world)
    await _noted(world, ticket.id, is_automatic=True)

    assert await told(world) == []


async def test_spam_is_told_to_nobody_any_more(world: World) -> None:
    ticket = await world.ticket()
    await mark_spam(world.desk, viewer=world.alice, request=step(ticket.id))

    assert await told(world) == []


async def test_a_critical_ticket_is_told_at_once_whatever_was_chosen(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    await world.ticket(impact=Impact.CRITICAL, urgency=Urgency.HIGH)

    assert await told(world) == [("alice", "TICKET_CRITICAL")]
    (mail,) = await mails_to(world, ALICE_MAIL)
    assert mail.mail.unsubscribe == ()


async def test_a_critical_request_opened_for_a_client_is_one_mail_to_him(world: World) -> None:
    request = OpenTicket(
        "All is down",
        "Since nine.",
        requester_id=world.bruno.contact_id,
        impact=Impact.CRITICAL,
        urgency=Urgency.HIGH,
    )
    await open_ticket(world.desk, viewer=world.alice, request=request)
    await told(world)

    to_bruno = [one for one in await world.outbox() if one.mail.recipient.email == BRUNO]
    assert [one.idempotency_key.partition(":")[0] for one in to_bruno] == ["acknowledgement"]


async def test_a_merged_request_says_where_it_goes_on(world: World) -> None:
    one, other = await world.ticket("One"), await world.ticket("Other")
    await told(world)
    await merge_tickets(world.desk, viewer=world.alice, request=MergeTickets(one.id, other.id))

    assert await told(world) == [("bruno", "REQUEST_MERGED")]
    (mail,) = await mails_to(world, BRUNO)
    assert f"demande {other.number}" in mail.mail.text


async def test_who_left_a_topic_is_told_nothing_of_it(world: World) -> None:
    await choose(world, world.bruno, NotificationTopic.PROGRESS, Delivery.OFF)
    ticket = await world.ticket()
    await told(world)
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))

    assert await told(world) == []
    assert await mails_to(world, BRUNO) == []


async def test_a_colleague_hears_of_the_requests_of_others_when_he_asked_to(world: World) -> None:
    await add_bea(world)
    ticket = await world.ticket()
    await told(world)
    await choose(world, BEA, NotificationTopic.COLLEAGUES, Delivery.NOW)
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await world.ticket("Another one")

    assert await told(world) == [
        ("alice", "TICKET_OPENED"),
        ("bea", "REQUEST_OPENED"),
        ("bea", "REQUEST_RESOLVED"),
        ("bruno", "REQUEST_RESOLVED"),
    ]
    resolved, opened = (mail.mail for mail in await mails_to(world, "bea@bruno.example"))
    assert "La demande « The contact form is silent »" in resolved.text
    assert "Bruno a ouvert une demande" in opened.text


async def test_a_client_hears_nothing_of_another_client(world: World) -> None:
    await choose(world, world.chloe, NotificationTopic.COLLEAGUES, Delivery.NOW)
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))

    assert "chloe" not in {reader for reader, _ in await told(world)}


async def test_a_follower_who_asked_himself_hears_once(world: World) -> None:
    await choose(world, world.bruno, NotificationTopic.COLLEAGUES, Delivery.NOW)
    ticket = await world.ticket()
    await told(world)
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))

    assert await told(world) == [("bruno", "REQUEST_RESOLVED")]


async def test_a_ticket_without_requester_has_nobody_to_tell(world: World) -> None:
    request = OpenTicket("A probe", "It fails.", client_id=world.bruno.client_id)
    ticket = await open_ticket(world.desk, viewer=world.robot, request=request)
    await told(world)
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))

    assert await told(world) == []


async def test_news_are_told_once(world: World) -> None:
    await world.ticket()
    ((news_id,),) = [(row["id"],) for row in await world.rows(NEWS)]

    assert await tell_news(world.desk, AGENCY_ID, news_id)
    assert not await tell_news(world.desk, AGENCY_ID, news_id)
    assert len(await mails_to(world, ALICE_MAIL)) == 1


async def test_a_step_that_is_refused_is_no_news(world: World) -> None:
    ticket = await world.ticket()
    before = await world.rows(NEWS)
    with pytest.raises(Exception, match="closeTicket"):
        await close_ticket(world.desk, viewer=world.alice, request=step(ticket.id))

    assert await world.rows(NEWS) == before


async def test_trouble_with_news_is_kept_with_growing_pauses(world: World) -> None:
    await world.ticket()
    (row,) = await world.rows(NEWS)
    for _ in range(2):
        await record_news_trouble(world.desk, AGENCY_ID, row["id"], "no letter")

    (kept,) = await world.rows(NEWS)
    assert (kept["attempts"], kept["last_error"]) == (2, "no letter")
    assert (kept["tell_after"] - world.now()).total_seconds() == 120


async def test_trouble_with_news_that_were_told_meanwhile_is_none(world: World) -> None:
    await world.ticket()
    (row,) = await world.rows(NEWS)
    await tell_news(world.desk, AGENCY_ID, row["id"])

    await record_news_trouble(world.desk, AGENCY_ID, row["id"], "late")

    assert await world.rows(NEWS) == []


async def test_what_was_told_is_kept_with_the_mail_that_told_it(world: World) -> None:
    await world.ticket()
    await told(world)

    (row,) = await world.rows(NOTIFICATION)
    (mail,) = await mails_to(world, ALICE_MAIL)
    assert row["outbox_key"] == mail.idempotency_key
    assert (row["due_at"], row["told_at"]) == (None, world.now())


async def test_who_was_read_in_a_forwarded_mail_hears_nothing_before_he_is_confirmed(
    world: World,
) -> None:
    ticket = await world.ticket()
    await told(world)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        kept = await world.kept(ticket.id)
        kind, actor = TicketEventKind.REQUESTER_SET, world.alice.actor
        change = changed(kept, kind, at=world.now(), actor=actor, is_requester_unconfirmed=True)
        await save_change(world.desk, records, change)
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))

    assert await told(world) == []
    assert (await world.kept(ticket.id)).requester_id == ContactId("bruno")


async def _note_told_to_dora(world: World, door: VouchingDoor) -> tuple[Ticket, str]:
    """Return a ticket of Dora's, and the id of the mail that told her of a note on it."""
    await add_agent(world, DORA)
    ticket = await world.ticket()
    await give(world, ticket.id, DORA)
    await told(world)
    note = AddInternalNote(ticket.id, "The client is late with his bills.")
    await add_internal_note(world.desk, viewer=world.alice, request=note)
    await told(world)
    mail = (await mails_to(door.world, "dora@alice.example"))[-1].mail
    assert "reste une note interne" in mail.text
    assert "c'est répondre au client" not in mail.text
    return ticket, mail.message_id


async def test_the_answer_to_a_mail_about_a_note_is_a_note(world: World) -> None:
    door = vouching(world)
    ticket, message_id = await _note_told_to_dora(world, door)

    answer = an_answer(message_id, "I know, let him wait.", sender="Dora <dora@alice.example>")
    received = await door.vouched(answer, "dmarc=pass")

    assert received.reason == "ANSWERED_TICKET"
    last = (await world.messages(ticket.id))[-1]
    assert (last["is_internal"], last["doubt"]) == (True, None)
    to_bruno = [one for one in await world.outbox() if one.mail.recipient.email == BRUNO]
    assert to_bruno == []


async def test_the_answer_to_a_mail_about_a_clients_words_goes_to_the_client(world: World) -> None:
    door = vouching(world)
    ticket, _ = await _note_told_to_dora(world, door)
    request = ReplyToTicket(ticket.id, "It still is.")
    await reply_to_ticket(world.desk, viewer=world.bruno, request=request)
    await told(world)
    mail = (await mails_to(world, "dora@alice.example"))[-1].mail
    assert "c'est répondre au client" in mail.text

    answer = an_answer(mail.message_id, "We look at it.", sender="Dora <dora@alice.example>")
    await door.vouched(answer, "dmarc=pass")

    assert not (await world.messages(ticket.id))[-1]["is_internal"]
    assert [one.mail.recipient.email for one in await world.outbox()][-1] == BRUNO
