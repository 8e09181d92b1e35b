"""A message that could not be understood leaves nothing half-written and is tried again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import RETRY_LIMIT, InboundMail, InboundMailReason, InboundMailState
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.usecases.inbound_mail_trouble import (
    CRASHED,
    ERROR_LIMIT,
    record_inbound_trouble,
    set_crasher_aside,
)
from helpdesk.usecases.mail_ports import SuspectMail
from helpdesk.usecases.receive_email import receive_email
from tests.factories import AGENCY_ID
from tests.usecases.mails import STRANGER, Door, a_mail, at_a_torn_desk
from tests.usecases.world import World


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def test_a_failure_at_the_end_leaves_nothing_half_written(both_worlds: World) -> None:
    door = Door(both_worlds)
    mail = a_mail(sender=STRANGER)
    mail.add_attachment(b"photo", maintype="image", subtype="png", filename="shop.png")
    stored = await door.store(mail)
    before = await door.world.everything()
    desk = at_a_torn_desk(door.world.desk, [RuntimeError("no ink")])

    with pytest.raises(RuntimeError, match="no ink"):
        await receive_email(desk, AGENCY_ID, stored.id)

    assert await door.world.everything() == before
    assert (await receive_email(desk, AGENCY_ID, stored.id)).state is InboundMailState.DONE
    assert [row["number"] for row in await door.tickets()] == ["1"]


async def test_trouble_is_written_down_with_the_time_of_the_next_try(door: Door) -> None:
    stored = await door.store(a_mail())

    troubled = await record_inbound_trouble(door.world.desk, AGENCY_ID, stored.id, "no ink")

    assert troubled == await door.kept(stored.id)
    assert (troubled.state, troubled.reason) == (InboundMailState.FAILED, InboundMailReason.TROUBLE)
    assert (troubled.attempts, troubled.last_error) == (1, "no ink")
    assert troubled.retry_at == door.world.now() + timedelta(minutes=1)
    assert troubled.raw_sha256 == stored.raw_sha256


async def test_the_pauses_double_until_people_have_to_look(door: Door) -> None:
    stored = await door.store(a_mail())

    tries = [await _trouble(door, stored) for _ in range(RETRY_LIMIT)]

    pauses = [each.retry_at and each.retry_at - door.world.now() for each in tries]
    assert pauses == [*(timedelta(minutes=2**n) for n in range(RETRY_LIMIT - 1)), None]
    assert {each.state for each in tries[:-1]} == {InboundMailState.FAILED}
    last = tries[-1]
    assert (last.state, last.reason) == (InboundMailState.QUARANTINED, InboundMailReason.TROUBLE)
    assert last.attempts == RETRY_LIMIT == 8


async def test_a_message_is_understood_after_trouble(door: Door) -> None:
    stored = await door.store(a_mail())
    await _trouble(door, stored)

    outcome = await receive_email(door.world.desk, AGENCY_ID, stored.id)

    assert (outcome.state, outcome.reason) == (
        InboundMailState.DONE,
        InboundMailReason.OPENED_TICKET,
    )
    assert (outcome.attempts, outcome.last_error, outcome.retry_at) == (2, None, None)


async def test_an_error_is_kept_as_far_as_a_database_keeps_it(both_worlds: World) -> None:
    door = Door(both_worlds)
    stored = await door.store(a_mail())

    await record_inbound_trouble(
        door.world.desk, AGENCY_ID, stored.id, "bad \x00 \udc80 " + "x" * 2 * ERROR_LIMIT
    )

    error = (await door.kept(stored.id)).last_error
    assert error == ("bad \ufffd \ufffd " + "x" * ERROR_LIMIT)[:ERROR_LIMIT]


@pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "auto-generated"}])
async def test_a_message_that_was_understood_meanwhile_stays_so(
    door: Door, headers: dict[str, str]
) -> None:
    outcome = await door.receive(a_mail(**headers))
    before = await door.world.everything()

    answer = await record_inbound_trouble(door.world.desk, AGENCY_ID, outcome.id, "too late")

    assert answer == outcome
    assert await door.world.everything() == before


async def test_trouble_with_a_message_that_is_not_there_changes_nothing(door: Door) -> None:
    nothing = InboundMailId("nothing")

    assert await record_inbound_trouble(door.world.desk, AGENCY_ID, nothing, "?") is None

    assert await door.world.rows(INBOUND_MAIL) == []


async def test_a_message_that_ends_its_readers_waits_for_people(door: Door) -> None:
    stored = await door.store(a_mail())
    await _trouble(door, stored)

    aside = await set_crasher_aside(door.world.desk, SuspectMail(stored, crashes=4))

    assert aside == await door.kept(stored.id)
    assert (aside.state, aside.reason) == (InboundMailState.QUARANTINED, InboundMailReason.TROUBLE)
    assert (aside.attempts, aside.retry_at) == (4, None)
    assert aside.last_error == CRASHED.format(crashes=4)


async def test_a_crash_at_a_message_that_is_not_there_changes_nothing(door: Door) -> None:
    stored = await door.store(a_mail())
    gone = replace(stored, id=InboundMailId("gone"))

    assert await set_crasher_aside(door.world.desk, SuspectMail(gone, crashes=4)) == gone

    assert await door.inbox() == [("STORED", None)]


async def test_a_crash_at_a_message_that_was_understood_meanwhile_changes_nothing(
    door: Door,
) -> None:
    outcome = await door.receive(a_mail())

    assert await set_crasher_aside(door.world.desk, SuspectMail(outcome, crashes=4)) == outcome


async def _trouble(door: Door, mail: InboundMail) -> InboundMail:
    troubled = await record_inbound_trouble(door.world.desk, AGENCY_ID, mail.id, "no ink")
    assert troubled is not None
    return troubled
