"""Somebody looks at a message before he decides what becomes of it."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.usecases.preview_message import (
    TEXT_LIMIT,
    MessagePreview,
    original_message,
    preview_message,
)
from tests.factories import a_viewer
from tests.usecases.mails import Door, a_mail
from tests.usecases.set_aside import UNREADABLE, at_a_desk_that_cannot_read
from tests.usecases.world import World


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


async def test_a_message_shows_who_wrote_what_to_whom(door: Door) -> None:
    stored = await door.store(a_mail("x" * (TEXT_LIMIT + 1)))

    found = await preview_message(door.world.desk, viewer=door.world.alice, mail_id=stored.id)

    assert found.is_readable
    assert found.author is not None
    assert (found.author.email, found.subject) == (
        "bruno@bruno.example",
        "The contact form is silent",
    )
    assert [address.email for address in found.to] == ["support@alice.example"]
    assert found.text == "x" * TEXT_LIMIT


async def test_what_no_answer_can_carry_is_replaced(door: Door) -> None:
    stored = await door.store(a_mail())
    desk = door.world.desk

    def parse(raw: bytes) -> InboundEmail:
        return replace(desk.parse_email(raw), text="a\x00b\udc80")

    found = await preview_message(
        replace(desk, parse_email=parse), viewer=door.world.alice, mail_id=stored.id
    )

    assert found.text == "a\ufffdb\ufffd"


async def test_of_a_message_that_cannot_be_read_only_that_is_shown(door: Door) -> None:
    stored = await door.store(UNREADABLE)
    desk = at_a_desk_that_cannot_read(door.world.desk)

    found = await preview_message(desk, viewer=door.world.alice, mail_id=stored.id)

    assert found == MessagePreview(is_readable=False)


async def test_its_bytes_are_as_they_came(door: Door) -> None:
    stored = await door.store(UNREADABLE)

    found = await original_message(door.world.desk, viewer=door.world.alice, mail_id=stored.id)

    assert (found.content, found.sha256) == (UNREADABLE, stored.raw_sha256)


async def test_a_message_is_for_its_agency(door: Door) -> None:
    stored = await door.store(a_mail())
    for viewer, error in (
        (door.world.bruno, AgencyOnly),
        (a_viewer(scopes=frozenset({Scope.MAIL_WRITE})), ScopeMissing),
        (door.world.zoe, NotFound),
    ):
        async with door.world.refused(error):
            await preview_message(door.world.desk, viewer=viewer, mail_id=stored.id)
        async with door.world.refused(error):
            await original_message(door.world.desk, viewer=viewer, mail_id=stored.id)
