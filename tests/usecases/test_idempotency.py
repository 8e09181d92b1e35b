"""The same key and the same input get the same answer, so that a client may safely ask twice."""

import asyncio
from dataclasses import replace

import pytest

from helpdesk.domain.access import ActorKind, system_viewer
from helpdesk.domain.errors import Locale
from helpdesk.domain.message import TextRequired
from helpdesk.domain.ticket import Ticket
from helpdesk.storage.tables.agency import IDEMPOTENCY
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.idempotency import (
    KEY_LIMIT,
    IdempotencyKeyReused,
    IdempotencyKeyTooLong,
    Question,
    question,
)
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.reply_to_ticket import Reply, ReplyToTicket, reply_to_ticket
from tests.factories import AGENCY_ID, a_viewer, bruno_as_viewer
from tests.usecases.world import World

ASKED = OpenTicket("The contact form is silent", "Nobody answers.", idempotency_key="k1")


async def _alice_answers(
    world: World, ticket: Ticket, body: str = "We are on it.", version: int | None = None
) -> Reply:
    request = ReplyToTicket(ticket.id, body, idempotency_key="k1", expected_version=version)
    return await reply_to_ticket(world.desk, viewer=world.alice, request=request)


async def test_the_same_key_and_answer_are_one_answer_and_one_mail(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    first = await _alice_answers(world, ticket, version=1)
    before = await world.everything()
    world.now.advance(hours=1)

    again = await _alice_answers(world, ticket, version=1)

    assert again == first
    assert await world.everything() == before
    assert len(await world.outbox()) == 1


async def test_the_same_key_for_other_words_is_refused(world: World) -> None:
    ticket = await world.ticket()
    await _alice_answers(world, ticket)

    async with world.refused(IdempotencyKeyReused) as refusal:
        await _alice_answers(world, ticket, "Other words")

    assert refusal.value.path == ("idempotencyKey",)
    assert refusal.value.values == {"key": "k1"}


async def test_the_same_key_on_another_ticket_is_refused(world: World) -> None:
    ticket, other = await world.ticket(), await world.ticket()
    await _alice_answers(world, ticket)

    async with world.refused(IdempotencyKeyReused):
        await _alice_answers(world, other)


async def test_the_same_key_for_another_verb_is_refused(world: World) -> None:
    ticket = await world.ticket()
    await _alice_answers(world, ticket)
    note = AddInternalNote(ticket.id, "We are on it.", idempotency_key="k1")

    async with world.refused(IdempotencyKeyReused):
        await add_internal_note(world.desk, viewer=world.alice, request=note)


async def test_the_same_key_of_another_person_is_his_own(world: World) -> None:
    ticket = await world.ticket()
    hers = await _alice_answers(world, ticket)
    request = ReplyToTicket(ticket.id, "We are on it.", idempotency_key="k1")

    his = await reply_to_ticket(world.desk, viewer=world.bruno, request=request)

    assert his.message.id != hers.message.id
    assert len(await world.messages(ticket.id)) == 3


async def test_a_refused_request_leaves_its_key_free(world: World) -> None:
    ticket = await world.ticket()
    async with world.refused(TextRequired):
        await _alice_answers(world, ticket, " ")

    reply = await _alice_answers(world, ticket)

    assert reply.message.body == "We are on it."


async def test_the_answer_to_a_key_is_the_ticket_as_it_is_now(world: World) -> None:
    first = await open_ticket(world.desk, viewer=world.bruno, request=ASKED)
    world.now.advance(hours=1)
    reply = await reply_to_ticket(
        world.desk, viewer=world.alice, request=ReplyToTicket(first.id, "We are on it.")
    )

    again = await open_ticket(world.desk, viewer=world.bruno, request=ASKED)

    assert again == reply.ticket


async def test_the_same_request_twice_at_once_is_one_ticket(both_worlds: World) -> None:
    world = both_worlds

    one, other = await asyncio.gather(
        open_ticket(world.desk, viewer=world.bruno, request=ASKED),
        open_ticket(world.desk, viewer=world.bruno, request=ASKED),
    )

    assert one == other
    assert len(await world.rows(TICKET)) == 1
    assert len(await world.rows(IDEMPOTENCY)) == 1


async def test_a_key_that_no_database_keeps_is_kept_as_one_that_it_keeps(
    both_worlds: World,
) -> None:
    world = both_worlds
    request = replace(ASKED, idempotency_key="k\x001\ud800")

    first = await open_ticket(world.desk, viewer=world.bruno, request=request)
    again = await open_ticket(world.desk, viewer=world.bruno, request=request)

    assert again == first


def test_a_request_without_a_key_is_not_remembered() -> None:
    assert question(a_viewer(), "openTicket", None, ASKED) is None


def test_a_key_has_at_most_200_characters() -> None:
    longest = "k" * KEY_LIMIT

    asked = question(a_viewer(), "openTicket", longest, ASKED)
    with pytest.raises(IdempotencyKeyTooLong) as refusal:
        question(a_viewer(), "openTicket", longest + "k", ASKED)

    assert asked is not None
    assert asked.key == longest
    assert refusal.value.path == ("idempotencyKey",)
    assert refusal.value.values == {"limit": 200}


def test_a_key_belongs_to_the_person_else_to_the_program() -> None:
    robot = a_viewer(kind=ActorKind.SERVICE_ACCOUNT, agent_id=None, token_id="robot")
    engine = system_viewer(AGENCY_ID, Locale.FR)

    asked = [
        question(viewer, "openTicket", "k1", ASKED)
        for viewer in (bruno_as_viewer(token_id="t"), a_viewer(token_id="t"), robot, engine)
    ]

    principals = [one.principal for one in asked if isinstance(one, Question)]
    assert principals == ["bruno", "alice", "robot", "SYSTEM"]
