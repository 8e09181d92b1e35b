"""An agency signs with a new key; the earlier ones verify until they are retired."""

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.mail_token import (
    MAX_KEYS,
    KeyInUse,
    KeysUsedUp,
    MailKey,
    key_number,
    signed_token,
    verified,
)
from helpdesk.usecases.rotate_mail_key import (
    RetireMailKey,
    mail_keys,
    retire_mail_key,
    rotate_mail_key,
)
from tests.factories import AGENCY_ID
from tests.usecases.mails import Door, a_mail
from tests.usecases.world import World


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def rotate(door: Door) -> list[int]:
    keys = await rotate_mail_key(door.world.desk, viewer=door.world.alice)
    return [key.number for key in keys]


async def retire(door: Door, number: int) -> None:
    request = RetireMailKey(number)
    await retire_mail_key(door.world.desk, viewer=door.world.alice, request=request)


async def a_token(door: Door) -> str:
    """Return the token of the last mail that we sent."""
    token = (await door.world.outbox())[-1].mail.token
    assert token is not None
    return token


async def an_answer_with(door: Door, token: str, **changes: str) -> str | None:
    """Return what became of an answer that bears nothing but the token."""
    address = f"support+{token}@alice.example"
    outcome = await door.receive(a_mail(to=address, **changes))
    return outcome.reason


async def test_the_new_key_signs(door: Door) -> None:
    await door.open()
    assert key_number(await a_token(door)) == 1

    assert await rotate(door) == [2, 1]
    await door.receive(a_mail(message_id="2@bruno.example"))

    assert key_number(await a_token(door)) == 2


async def test_the_first_rotation_of_an_agency_without_a_key_makes_the_first(door: Door) -> None:
    assert await rotate(door) == [1]


async def test_an_answer_to_a_mail_that_the_old_key_signed_finds_its_ticket(door: Door) -> None:
    await door.open()
    token = await a_token(door)
    await rotate(door)

    reason = await an_answer_with(door, token, message_id="2@bruno.example")

    assert reason == "ANSWERED_TICKET"


async def test_a_token_of_a_retired_key_leads_nowhere(both_worlds: World) -> None:
    door = Door(both_worlds)
    await door.open()
    token = await a_token(door)
    await rotate(door)

    await retire(door, 1)

    reason = await an_answer_with(door, token, message_id="2@bruno.example")
    assert reason == "OPENED_TICKET"
    keys = await mail_keys(door.world.desk, viewer=door.world.alice)
    assert [(key.number, key.retired_at is None) for key in keys] == [(2, True), (1, False)]


async def test_a_mail_of_our_own_is_known_by_a_retired_key(door: Door) -> None:
    await door.open()
    [ours] = await door.world.outbox()
    await rotate(door)
    await retire(door, 1)

    outcome = await door.receive(a_mail(message_id=ours.mail.message_id))

    assert outcome.reason == "LOOP"


async def test_retiring_again_changes_nothing(door: Door) -> None:
    await door.open()
    await rotate(door)
    await retire(door, 1)
    before = await door.world.everything()
    door.world.now.advance(hours=1)

    await retire(door, 1)

    assert await door.world.everything() == before


async def test_the_key_in_use_is_not_retired(door: Door) -> None:
    await rotate(door)

    async with door.world.refused(KeyInUse):
        await retire(door, 1)


@pytest.mark.parametrize("number", [0, 2])
async def test_a_key_that_is_not_there_is_not_found(door: Door, number: int) -> None:
    await rotate(door)

    async with door.world.refused(NotFound):
        await retire(door, number)


async def test_the_last_number_that_a_token_has_room_for_is_the_last_key(door: Door) -> None:
    last = MailKey(AGENCY_ID, MAX_KEYS, "secret")
    async with door.world.desk.store.transaction(AGENCY_ID) as records:
        await records.mail.add_mail_key(last, at=door.world.now())

    token = signed_token(last, ticket_number=1, reader="bruno@bruno.example")
    assert key_number(token) == MAX_KEYS
    assert verified(token, last) is not None
    async with door.world.refused(KeysUsedUp):
        await rotate(door)


async def test_only_a_manager_may(door: Door) -> None:
    desk, bruno = door.world.desk, door.world.bruno
    async with door.world.refused(AgencyOnly):
        await rotate_mail_key(desk, viewer=bruno)
    async with door.world.refused(AgencyOnly):
        await retire_mail_key(desk, viewer=bruno, request=RetireMailKey(1))
    async with door.world.refused(AgencyOnly):
        await mail_keys(desk, viewer=bruno)
