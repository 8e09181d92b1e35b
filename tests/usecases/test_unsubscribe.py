"""A reader leaves topics by the word in a mail: without a login, and without any other right."""

from dataclasses import replace
from urllib.parse import unquote

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgencyId, AgentId, ContactId
from helpdesk.domain.mail_token import MailKey
from helpdesk.domain.notification import Delivery, NotificationTopic, ReaderKind
from helpdesk.domain.unsubscribe import Reader, unsubscribe_word
from helpdesk.storage.tables.notification import NOTIFICATION_PREFERENCE
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.desk import MailHabits
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.unsubscribe import leave, show_leaving
from tests.factories import AGENCY_ID, at
from tests.usecases.mails import Door, a_mail, an_answer
from tests.usecases.notifications import choose, mails_to, step, told
from tests.usecases.world import ZOES_AGENCY, World

BRUNO = "bruno@bruno.example"
URL = "https://desk.example"


async def _word(world: World) -> str:
    """Return the word in a mail that Bruno got about his request."""
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await told(world)
    (mail,) = await mails_to(world, BRUNO)
    return unquote(mail.mail.unsubscribe[-1]).rpartition(" ")[2]


async def _keys(world: World) -> MailKey:
    async with world.desk.store.reading(AGENCY_ID) as records:
        return (await records.mail.mail_keys())[0]


async def test_the_link_of_a_mail_leaves_its_topic_and_nothing_else(both_worlds: World) -> None:
    world = both_worlds
    word = await _word(world)

    view = await leave(world.desk, word, Delivery.OFF)

    assert view is not None
    assert view.is_left
    (row,) = await world.rows(NOTIFICATION_PREFERENCE)
    assert (row["reader_id"], row["topic"], row["delivery"], row["way"], row["set_by"]) == (
        "bruno",
        "PROGRESS",
        "OFF",
        "LINK",
        "Bruno",
    )


async def test_what_a_retired_key_signed_lets_nobody_choose(world: World) -> None:
    word, key = await _word(world), await _keys(world)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await records.mail.add_mail_key(replace(key, number=2, secret="new"), at=world.now())
        await records.mail.retire_mail_key(key.number, at=world.now())

    assert await show_leaving(world.desk, word) is None
    assert await leave(world.desk, word, Delivery.OFF) is None
    assert await world.rows(NOTIFICATION_PREFERENCE) == []


async def test_to_look_changes_nothing(world: World) -> None:
    word = await _word(world)
    before = await world.everything()

    view = await show_leaving(world.desk, word)

    assert view is not None
    assert (view.agency_name, view.locale) == ("Agency of Alice", Locale.FR)
    assert view.chosen == {NotificationTopic.PROGRESS: Delivery.NOW}
    assert view.offers_digest
    assert await world.everything() == before


async def test_who_left_takes_it_up_again_from_the_same_link(world: World) -> None:
    word = await _word(world)
    await leave(world.desk, word, Delivery.OFF)

    view = await leave(world.desk, word, None)

    assert view is not None
    assert view.chosen == {NotificationTopic.PROGRESS: Delivery.NOW}


async def test_a_digest_instead_is_offered_where_the_topic_has_one(world: World) -> None:
    word = await _word(world)
    view = await leave(world.desk, word, Delivery.DIGEST)
    key, reader = await _keys(world), Reader(ReaderKind.CONTACT, ContactId("bruno"))
    receipts = unsubscribe_word(key, reader, [NotificationTopic.RECEIPTS])
    other = await leave(world.desk, receipts, Delivery.DIGEST)

    assert view is not None
    assert view.chosen == {NotificationTopic.PROGRESS: Delivery.DIGEST}
    assert other is not None
    assert other.chosen == {NotificationTopic.RECEIPTS: Delivery.OFF}
    assert not other.offers_digest


async def test_the_link_of_a_digest_leaves_all_that_can_be_left(world: World) -> None:
    await choose(world, world.alice, NotificationTopic.NEW_TICKETS, Delivery.DIGEST)
    await choose(world, world.alice, NotificationTopic.CLIENT_NEWS, Delivery.DIGEST)
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    door = Door(world)
    await told(world)
    first = (await mails_to(world, BRUNO))[0].mail.message_id
    await door.receive(an_answer(first, "It is back."))
    await told(world)
    world.now.set(at("07-07 08:00"))
    await told(world)

    (mail,) = await mails_to(world, "alice@alice.example")
    view = await leave(
        world.desk, unquote(mail.mail.unsubscribe[-1]).rpartition(" ")[2], Delivery.OFF
    )
    assert view is not None
    assert set(view.chosen) == {NotificationTopic.NEW_TICKETS, NotificationTopic.CLIENT_NEWS}
    assert view.is_left


@pytest.mark.parametrize("wanted", [Delivery.OFF, None])
async def test_a_word_of_another_key_does_nothing(world: World, wanted: Delivery | None) -> None:
    await _word(world)
    key = replace(await _keys(world), secret="guessed")
    reader = Reader(ReaderKind.AGENT, AgentId("alice"))
    forged = unsubscribe_word(key, reader, [NotificationTopic.NOTES])

    assert await leave(world.desk, forged, wanted) is None
    assert await show_leaving(world.desk, forged) is None
    assert await world.rows(NOTIFICATION_PREFERENCE) == []


async def test_a_key_of_one_agency_signs_nothing_for_another(world: World) -> None:
    await _word(world)
    key = replace(await _keys(world), agency_id=ZOES_AGENCY)
    reader = Reader(ReaderKind.AGENT, AgentId("zoe"))
    forged = unsubscribe_word(key, reader, [NotificationTopic.NOTES])

    assert await leave(world.desk, forged, Delivery.OFF) is None
    assert await world.rows(NOTIFICATION_PREFERENCE) == []


async def test_a_word_for_nobody_or_of_no_agency_does_nothing(world: World) -> None:
    await _word(world)
    key = await _keys(world)
    for made_by, person in ((key, "gone"), (replace(key, agency_id=AgencyId("none")), "bruno")):
        reader = Reader(ReaderKind.CONTACT, ContactId(person))
        word = unsubscribe_word(made_by, reader, [NotificationTopic.PROGRESS])
        assert await leave(world.desk, word, Delivery.OFF) is None
        assert await show_leaving(world.desk, word) is None
    assert await leave(world.desk, "no word", Delivery.OFF) is None
    assert await show_leaving(world.desk, "no word") is None


async def test_a_signed_word_leaves_nothing_that_is_mandatory(world: World) -> None:
    await _word(world)
    reader = Reader(ReaderKind.CONTACT, ContactId("bruno"))
    word = unsubscribe_word(await _keys(world), reader, [NotificationTopic.CONTRACT])

    view = await leave(world.desk, word, Delivery.OFF)

    assert view is not None
    assert view.chosen == {NotificationTopic.CONTRACT: Delivery.NOW}


async def test_a_mail_with_the_word_in_its_subject_leaves_and_opens_no_ticket(
    both_worlds: World,
) -> None:
    world = both_worlds
    word = await _word(world)
    door = Door(world)
    tickets = await world.rows(TICKET)

    mail = await door.receive(a_mail("", subject=f"unsubscribe {word}"))

    assert (mail.state, mail.reason) == ("IGNORED", "UNSUBSCRIBED")
    assert await world.rows(TICKET) == tickets
    (row,) = await world.rows(NOTIFICATION_PREFERENCE)
    assert (row["delivery"], row["way"]) == ("OFF", "MAIL")


async def test_a_mail_with_a_forged_word_is_an_ordinary_mail(world: World) -> None:
    await _word(world)
    key = replace(await _keys(world), secret="guessed")
    reader = Reader(ReaderKind.CONTACT, ContactId("bruno"))
    word = unsubscribe_word(key, reader, [NotificationTopic.PROGRESS])

    mail = await Door(world).receive(a_mail(subject=f"unsubscribe {word}"))

    assert mail.reason == "OPENED_TICKET"
    assert await world.rows(NOTIFICATION_PREFERENCE) == []


async def test_a_word_of_another_agency_and_what_only_looks_like_one_are_ordinary_words(
    world: World,
) -> None:
    await _word(world)
    theirs = replace(await _keys(world), agency_id=ZOES_AGENCY)
    reader = Reader(ReaderKind.AGENT, AgentId("zoe"))
    word = unsubscribe_word(theirs, reader, [NotificationTopic.NOTES])

    mail = await Door(world).receive(a_mail(subject=f"unsubscribe {word} u.AAAAAAAAAAAA"))

    assert mail.reason == "OPENED_TICKET"
    assert await world.rows(NOTIFICATION_PREFERENCE) == []


async def test_a_word_for_who_is_gone_is_taken_and_changes_nothing(world: World) -> None:
    await _word(world)
    reader = Reader(ReaderKind.CONTACT, ContactId("gone"))
    word = unsubscribe_word(await _keys(world), reader, [NotificationTopic.PROGRESS])

    mail = await Door(world).receive(a_mail("", subject=f"unsubscribe {word}"))

    assert mail.reason == "UNSUBSCRIBED"
    assert await world.rows(NOTIFICATION_PREFERENCE) == []


async def test_an_answer_that_quotes_the_link_leaves_nothing_and_joins_its_ticket(
    world: World,
) -> None:
    world.desk = replace(world.desk, mail_habits=MailHabits(public_url=URL))
    ticket = await world.ticket()
    await resolve_ticket(world.desk, viewer=world.alice, request=step(ticket.id))
    await told(world)
    (mail,) = await mails_to(world, BRUNO)
    quoted = "\n".join(f"> {line}" for line in mail.mail.text.splitlines())

    answer = an_answer(mail.mail.message_id, f"It is back.\n\n{quoted}")
    received = await Door(world).receive(answer)

    assert URL in quoted
    assert (received.reason, received.ticket_id) == ("ANSWERED_TICKET", ticket.id)
    assert await world.rows(NOTIFICATION_PREFERENCE) == []


async def test_where_readers_reach_the_engine_the_link_comes_first(world: World) -> None:
    world.desk = replace(world.desk, mail_habits=MailHabits(public_url=URL))
    word = await _word(world)

    (mail,) = await mails_to(world, BRUNO)
    link, by_mail = mail.mail.unsubscribe
    assert link == f"{URL}/mail/unsubscribe/{word}"
    assert by_mail == f"mailto:support@alice.example?subject=unsubscribe%20{word}"
    assert link in mail.mail.text
