"""Who chooses when somebody is told, and what cannot be chosen."""

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing, Viewer
from helpdesk.domain.ids import AgentId, ContactId
from helpdesk.domain.notification import (
    Delivery,
    DeliveryNotOffered,
    NotificationTopic,
    ReaderKind,
    TopicOfOthers,
)
from helpdesk.domain.unsubscribe import Reader
from helpdesk.storage.tables.notification import NOTIFICATION_PREFERENCE
from helpdesk.usecases.notification_preferences import (
    Choice,
    ReaderRequired,
    SetPreferences,
    notification_preferences,
    set_notification_preferences,
)
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.require_manager import ManagersOnly
from tests.factories import a_viewer
from tests.usecases.mails import Door, a_mail
from tests.usecases.notifications import DORA, add_agent, choose
from tests.usecases.world import World

ALICE = Reader(ReaderKind.AGENT, AgentId("alice"))
BRUNO = Reader(ReaderKind.CONTACT, ContactId("bruno"))
QUIET = (Choice(NotificationTopic.NOTES, Delivery.DIGEST),)


def _asked(reader: Reader | None, *choices: Choice) -> SetPreferences:
    return SetPreferences(choices or QUIET, reader)


async def test_a_person_chooses_for_himself_and_it_is_kept_who_did(both_worlds: World) -> None:
    world = both_worlds
    shown = await set_notification_preferences(world.desk, viewer=world.alice, request=_asked(None))

    notes = next(one for one in shown if one.topic is NotificationTopic.NOTES)
    assert (notes.delivery, notes.set_by, notes.set_at) == (
        Delivery.DIGEST,
        "Alice",
        world.now(),
    )
    others = [one for one in shown if one.topic is not NotificationTopic.NOTES]
    assert {one.delivery for one in others} == {Delivery.NOW}
    assert {one.set_by for one in others} == {None}


async def test_the_last_choice_counts(both_worlds: World) -> None:
    world = both_worlds
    for delivery in (Delivery.OFF, Delivery.DIGEST, Delivery.WORKING_HOURS):
        await choose(world, world.alice, NotificationTopic.NOTES, delivery)

    (row,) = await world.rows(NOTIFICATION_PREFERENCE)
    assert (row["delivery"], row["way"]) == ("WORKING_HOURS", "API")


async def test_a_manager_chooses_for_a_client_and_for_a_colleague(world: World) -> None:
    await add_agent(world, DORA)
    dora = Reader(ReaderKind.AGENT, AgentId("dora"))
    await set_notification_preferences(world.desk, viewer=world.alice, request=_asked(dora))
    of_bruno = Choice(NotificationTopic.PROGRESS, Delivery.OFF)
    await set_notification_preferences(
        world.desk, viewer=world.robot, request=_asked(BRUNO, of_bruno)
    )

    rows = {row["reader_id"]: row["set_by"] for row in await world.rows(NOTIFICATION_PREFERENCE)}
    assert rows == {"dora": "Alice", "bruno": "Deployment robot"}


async def test_an_agent_who_is_no_manager_chooses_for_nobody_else(world: World) -> None:
    await add_agent(world, DORA)
    async with world.refused(ManagersOnly):
        await set_notification_preferences(world.desk, viewer=DORA, request=_asked(ALICE))


@pytest.mark.parametrize(
    "reader",
    [
        ALICE,
        Reader(ReaderKind.CONTACT, ContactId("chloe")),
        Reader(ReaderKind.CONTACT, ContactId("nobody")),
        Reader(ReaderKind.AGENT, AgentId("nobody")),
    ],
)
async def test_for_a_client_others_do_not_exist(world: World, reader: Reader) -> None:
    async with world.refused(NotFound):
        await set_notification_preferences(world.desk, viewer=world.bruno, request=_asked(reader))
    async with world.refused(NotFound):
        await notification_preferences(world.desk, viewer=world.bruno, reader=reader)


async def test_another_agency_does_not_know_them(world: World) -> None:
    async with world.refused(NotFound):
        await set_notification_preferences(world.desk, viewer=world.zoe, request=_asked(ALICE))


async def test_a_client_does_not_choose_for_his_colleague(world: World) -> None:
    async with world.refused(AgencyOnly):
        await set_notification_preferences(
            world.desk, viewer=world.brunos_robot, request=_asked(BRUNO)
        )
    async with world.refused(AgencyOnly):
        await notification_preferences(world.desk, viewer=world.brunos_robot, reader=BRUNO)


async def test_a_program_says_whose_preferences_it_means(world: World) -> None:
    async with world.refused(ReaderRequired):
        await set_notification_preferences(world.desk, viewer=world.robot, request=_asked(None))


async def test_who_may_only_read_chooses_nothing(world: World) -> None:
    reading: Viewer = a_viewer(scopes=frozenset())
    async with world.refused(ScopeMissing):
        await set_notification_preferences(world.desk, viewer=reading, request=_asked(None))
    async with world.refused(ScopeMissing):
        await notification_preferences(world.desk, viewer=reading)


async def test_one_choice_that_is_refused_leaves_all_as_they_were(world: World) -> None:
    wrong = Choice(NotificationTopic.ALERTS, Delivery.OFF)
    async with world.refused(DeliveryNotOffered):
        await set_notification_preferences(
            world.desk, viewer=world.alice, request=_asked(None, *QUIET, wrong)
        )
    async with world.refused(TopicOfOthers):
        await set_notification_preferences(world.desk, viewer=world.bruno, request=_asked(None))


async def test_preferences_are_read_by_the_reader_and_by_the_agency(world: World) -> None:
    await choose(world, world.bruno, NotificationTopic.RECEIPTS, Delivery.OFF)

    own = await notification_preferences(world.desk, viewer=world.bruno)
    seen = await notification_preferences(world.desk, viewer=world.alice, reader=BRUNO)

    assert own == seen
    receipts = next(one for one in own if one.topic is NotificationTopic.RECEIPTS)
    assert (receipts.delivery, receipts.is_mandatory) == (Delivery.OFF, False)
    assert receipts.choices == (Delivery.NOW, Delivery.OFF)


async def test_who_left_receipts_gets_none(world: World) -> None:
    door = Door(world)
    await choose(world, world.bruno, NotificationTopic.RECEIPTS, Delivery.OFF)
    stored = await door.store(a_mail())
    await receive_email(world.desk, world.alice.agency_id, stored.id)

    assert await world.outbox() == ()


async def test_a_receipt_says_how_to_leave_receipts(world: World) -> None:
    door = Door(world)
    stored = await door.store(a_mail())
    await receive_email(world.desk, world.alice.agency_id, stored.id)

    (mail,) = await world.outbox()
    assert mail.mail.unsubscribe[0].startswith("mailto:support@alice.example?subject=unsubscribe")
