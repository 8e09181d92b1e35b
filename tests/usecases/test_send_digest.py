"""One mail in the morning, one mail after a flood: nothing twice, nothing that is none of his."""

from dataclasses import replace

from helpdesk.domain.agency import Agency
from helpdesk.domain.digest import FLOOD_LIMIT
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgencyId, ClientId
from helpdesk.domain.notification import Delivery, NotificationTopic
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import TicketEventKind, changed
from helpdesk.storage.tables.notification import NOTIFICATION
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.create_webhook import CreateWebhook, create_webhook
from helpdesk.usecases.disable_webhook import DisableWebhook, disable_webhook
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.send_digest import put_off_digest, send_digest
from helpdesk.usecases.tell_news import office_days
from helpdesk.usecases.ticket_clocks import save_change
from helpdesk.worker.news import tell_due
from tests.factories import AGENCY_ID, CHLOES_CLIENT, at
from tests.usecases.notifications import (
    DORA,
    add_agent,
    choose,
    give,
    mails_to,
    step,
    told,
    waiting,
)
from tests.usecases.world import World

BRUNO, ALICE_MAIL = "bruno@bruno.example", "alice@alice.example"


async def test_what_waits_is_told_in_one_mail_at_eight_of_the_next_working_day(
    both_worlds: World,
) -> None:
    world = both_worlds
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    await world.ticket("A minor thing")
    await world.ticket("A shop that is slow", impact=Impact.MAJOR, urgency=Urgency.HIGH)
    await tell_due(world.desk)
    assert await mails_to(world, ALICE_MAIL) == []

    world.now.set(at("07-07 07:59"))
    await tell_due(world.desk)
    assert await mails_to(world, ALICE_MAIL) == []
    world.now.set(at("07-07 08:00"))
    await tell_due(world.desk)
    await tell_due(world.desk)

    (mail,) = await mails_to(world, ALICE_MAIL)
    assert mail.mail.subject == "Votre résumé du lundi 6 juillet"
    text = mail.mail.text
    assert text.index("Demande 2 : A shop that is slow") < text.index("Demande 1 : A minor thing")
    assert "lundi 6 juillet à 9 h 00, Bruno : nouvelle demande" in text
    assert mail.mail.ticket_number is None
    assert await waiting(world) == []
    told_by = {row["outbox_key"] for row in await world.rows(NOTIFICATION)}
    assert told_by == {mail.idempotency_key}


async def test_a_holiday_and_a_weekend_have_no_digest(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    world.now.set(at("07-13 12:00"))
    await world.ticket()
    await tell_due(world.desk)

    assert [row["due_at"] for row in await waiting(world)] == [at("07-15 08:00")]


async def test_what_happened_to_one_ticket_stands_together(world: World) -> None:
    await choose(world, world.bruno, NotificationTopic.PROGRESS, Delivery.DIGEST)
    await choose(world, world.bruno, NotificationTopic.YOUR_TURN, Delivery.DIGEST)
    one, other = await world.ticket("One"), await world.ticket("Other")
    for ticket in (one, other):
        await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await tell_due(world.desk)
    world.now.set(at("07-07 08:00"))
    await tell_due(world.desk)

    (mail,) = await mails_to(world, BRUNO)
    assert mail.mail.text.count("Demande 1 : One") == 1
    assert mail.mail.text.count("demande résolue") == 2


async def test_working_hours_only_means_now_by_day_and_the_digest_by_night(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.WORKING_HOURS)
    await world.ticket("By day")
    await tell_due(world.desk)
    assert len(await mails_to(world, ALICE_MAIL)) == 1

    world.now.set(at("07-06 23:00"))
    await world.ticket("By night")
    await tell_due(world.desk)

    assert len(await mails_to(world, ALICE_MAIL)) == 1
    assert [row["due_at"] for row in await waiting(world)] == [at("07-07 08:00")]


async def test_past_ten_mails_in_ten_minutes_the_rest_is_one_mail(both_worlds: World) -> None:
    world = both_worlds
    for number in range(FLOOD_LIMIT + 12):
        await world.ticket(f"Ticket {number}")
    while await tell_due(world.desk):
        pass
    assert len(await mails_to(world, ALICE_MAIL)) == FLOOD_LIMIT

    world.now.advance(minutes=10)
    await tell_due(world.desk)
    await tell_due(world.desk)

    mails = await mails_to(world, ALICE_MAIL)
    assert len(mails) == FLOOD_LIMIT + 1
    assert mails[-1].mail.subject == "12 autres nouvelles"
    assert all(f"Ticket {number}" in mails[-1].mail.text for number in range(10, 22))


async def test_a_critical_ticket_comes_through_a_flood(world: World) -> None:
    for number in range(FLOOD_LIMIT + 1):
        await world.ticket(f"Ticket {number}")
    await tell_due(world.desk)
    await world.ticket("All is down", impact=Impact.CRITICAL, urgency=Urgency.HIGH)
    await tell_due(world.desk)

    assert "All is down" in (await mails_to(world, ALICE_MAIL))[-1].mail.subject


async def test_after_the_flood_mails_come_one_by_one_again(world: World) -> None:
    for number in range(FLOOD_LIMIT + 2):
        await world.ticket(f"Ticket {number}")
    await tell_due(world.desk)
    world.now.advance(minutes=10)
    await tell_due(world.desk)
    world.now.advance(minutes=1)
    await world.ticket("Later")
    await tell_due(world.desk)

    assert (await mails_to(world, ALICE_MAIL))[-1].mail.subject == "[#13] Later"


async def test_a_flood_of_one_reader_is_none_of_another(world: World) -> None:
    await add_agent(world, DORA)
    for number in range(FLOOD_LIMIT + 1):
        await world.ticket(f"Ticket {number}")
    ticket = await world.ticket("For Dora")
    await give(world, ticket.id, DORA)
    await tell_due(world.desk)

    assert len(await mails_to(world, "dora@alice.example")) == 2


async def test_who_left_a_topic_meanwhile_is_not_told_of_it_in_the_morning(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    await world.ticket()
    await tell_due(world.desk)
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.OFF)
    world.now.set(at("07-07 08:00"))

    assert await send_digest(world.desk, AGENCY_ID, "alice")
    assert await mails_to(world, ALICE_MAIL) == []
    (row,) = await world.rows(NOTIFICATION)
    assert (row["due_at"], row["told_at"], row["outbox_key"]) == (None, world.now(), None)


async def test_spam_is_left_out_of_a_digest(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    await world.ticket("A true one")
    spam = await world.ticket("Buy now")
    await tell_due(world.desk)
    await mark_spam(world.desk, viewer=world.alice, request=step(spam.id))
    world.now.set(at("07-07 08:00"))
    await tell_due(world.desk)

    (mail,) = await mails_to(world, ALICE_MAIL)
    assert "A true one" in mail.mail.text
    assert "Buy now" not in mail.mail.text


async def test_a_ticket_that_went_to_another_client_is_left_out_of_a_digest(world: World) -> None:
    await choose(world, world.bruno, NotificationTopic.PROGRESS, Delivery.DIGEST)
    ticket = await world.ticket("Whose is it?")
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await tell_due(world.desk)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        kind, actor = TicketEventKind.REQUESTER_SET, world.alice.actor
        change = changed(
            await world.kept(ticket.id),
            kind,
            at=world.now(),
            actor=actor,
            client_id=ClientId(CHLOES_CLIENT),
            requester_id=None,
            site_id=None,
            contract_id=None,
        )
        await save_change(world.desk, records, change)
    world.now.set(at("07-07 08:00"))
    await tell_due(world.desk)

    assert await mails_to(world, BRUNO) == []
    assert await waiting(world) == []


async def test_a_reader_who_is_no_longer_there_is_told_nothing(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    await world.ticket()
    await tell_due(world.desk)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        (one,) = await records.notifications.waiting("alice", at=at("07-07 08:00"))
        gone = replace(one, id=world.desk.new_id(), reader_id="gone")  # type: ignore[arg-type]  # ids
        await records.notifications.add(gone)
    world.now.set(at("07-07 08:00"))

    assert await send_digest(world.desk, AGENCY_ID, "gone")
    assert [row["reader_id"] for row in await waiting(world)] == ["alice"]


async def test_nothing_is_sent_before_it_is_due(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    await world.ticket()
    await tell_due(world.desk)

    assert not await send_digest(world.desk, AGENCY_ID, "alice")
    assert len(await waiting(world)) == 1


async def test_a_digest_that_failed_is_put_off_and_nothing_of_it_is_lost(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    await world.ticket()
    await tell_due(world.desk)
    world.now.set(at("07-07 08:00"))
    await put_off_digest(world.desk, AGENCY_ID, "alice")
    assert not await send_digest(world.desk, AGENCY_ID, "alice")

    world.now.set(at("07-07 08:05"))

    assert await send_digest(world.desk, AGENCY_ID, "alice")


async def test_what_is_about_no_ticket_is_told_too(world: World) -> None:
    manager = DORA
    await add_agent(world, manager)
    await choose(world, world.alice, NotificationTopic.UPKEEP, Delivery.DIGEST)
    hook = CreateWebhook("Chat", "https://chat.example/hook")
    made = await create_webhook(world.desk, viewer=world.robot, request=hook)
    request = DisableWebhook(made.id)
    await disable_webhook(world.desk, viewer=world.robot, request=request)
    assert await told(world) == [("alice", "WEBHOOK_DISABLED")]
    world.now.set(at("07-07 08:00"))
    await tell_due(world.desk)

    (mail,) = await mails_to(world, ALICE_MAIL)
    assert "webhook désactivé (Chat)" in mail.mail.text


async def test_a_manager_hears_at_once_of_a_webhook_that_another_disabled(world: World) -> None:
    hook = CreateWebhook("Chat", "https://chat.example/hook")
    made = await create_webhook(world.desk, viewer=world.robot, request=hook)
    request = DisableWebhook(made.id)
    await disable_webhook(world.desk, viewer=world.robot, request=request)
    await tell_due(world.desk)

    (mail,) = await mails_to(world, ALICE_MAIL)
    assert mail.mail.subject == "Webhook désactivé : Chat"


async def test_who_is_assigned_reads_it_in_his_digest(world: World) -> None:
    await add_agent(world, DORA)
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.OFF)
    ticket = await world.ticket()
    await choose(world, DORA, NotificationTopic.ASSIGNMENTS, Delivery.DIGEST)
    request = AssignTicket(ticket.id, DORA.agent_id)
    await assign_ticket(world.desk, viewer=world.alice, request=request)
    await tell_due(world.desk)
    world.now.set(at("07-07 08:00"))
    await tell_due(world.desk)

    (*_, mail) = await mails_to(world, "dora@alice.example")
    assert "Alice : demande qui vous est confiée" in mail.mail.text


async def test_an_agency_without_that_calendar_works_from_monday_to_friday(world: World) -> None:
    agency_id = AgencyId("agency-without-calendar")
    agency = Agency(agency_id, "New", Locale.FR, "Europe/Paris", "new@new.example")
    async with world.desk.store.transaction(agency_id) as records:
        await records.agencies.add_agency(agency)

    office = await office_days(world.desk, agency)

    assert office.hours is None
