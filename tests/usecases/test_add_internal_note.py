"""An agent writes for the agency alone."""

from dataclasses import replace

import pytest

from helpdesk.domain.ids import TicketId
from helpdesk.domain.message import BODY_LIMIT, Message, TextRequired, TextTooLong
from helpdesk.domain.ticket import Channel, TicketEvent, TicketEventKind, TicketStatus
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.reply_to_ticket import Reply
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import AGENCY_ID, ALICE, at
from tests.usecases.world import World


async def _noted(world: World, ticket_id: TicketId, body: str, key: str | None = None) -> Reply:
    request = AddInternalNote(ticket_id, body, key)
    return await add_internal_note(world.desk, viewer=world.alice, request=request)


async def test_a_note_moves_no_clock_and_is_mailed_to_nobody(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    clocks = await world.clocks(ticket.id)
    world.now.set(at("07-06 10:00"))

    reply = await _noted(world, ticket.id, " Bruno is in a hurry. ")

    assert reply.ticket == replace(ticket, version=2)
    assert await world.kept(ticket.id) == reply.ticket
    assert await world.clocks(ticket.id) == clocks
    assert await world.outbox() == ()
    assert (await world.history(ticket.id))[1:] == (
        TicketEvent(
            ticket_id=ticket.id,
            sequence=2,
            at=at("07-06 10:00"),
            kind=TicketEventKind.NOTE_ADDED,
            actor=ALICE,
            before={},
            after={},
            message_id=reply.message.id,
        ),
    )


async def test_a_note_is_kept_as_internal(world: World) -> None:
    ticket = await world.ticket()

    reply = await _noted(world, ticket.id, " Bruno is in a hurry. ")

    assert reply.message == Message(
        id=reply.message.id,
        agency_id=AGENCY_ID,
        ticket_id=ticket.id,
        sent_at=at("07-06 09:00"),
        author=ALICE,
        channel=Channel.API,
        body="Bruno is in a hurry.",
        is_internal=True,
    )
    kept = {row["id"]: row["is_internal"] for row in await world.messages(ticket.id)}
    assert kept[reply.message.id] is True


async def test_a_note_is_possible_on_a_ticket_that_ended(world: World) -> None:
    ticket = await world.ticket()
    await mark_spam(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))

    reply = await _noted(world, ticket.id, "It was spam indeed.")

    assert reply.ticket.status is TicketStatus.SPAM


async def test_the_same_key_and_note_are_one_note(world: World) -> None:
    ticket = await world.ticket()
    first = await _noted(world, ticket.id, "Bruno is in a hurry.", "k1")
    before = await world.everything()

    again = await _noted(world, ticket.id, "Bruno is in a hurry.", "k1")

    assert again == first
    assert await world.everything() == before


async def test_the_same_key_for_another_note_is_refused(world: World) -> None:
    ticket = await world.ticket()
    await _noted(world, ticket.id, "Bruno is in a hurry.", "k1")

    async with world.refused(IdempotencyKeyReused):
        await _noted(world, ticket.id, "Bruno has time.", "k1")


@pytest.mark.parametrize(
    ("body", "error"), [("\t ", TextRequired), ("x" * (BODY_LIMIT + 1), TextTooLong)]
)
async def test_an_empty_or_endless_note_is_refused(
    world: World, body: str, error: type[TextRequired | TextTooLong]
) -> None:
    ticket = await world.ticket()

    async with world.refused(error) as refusal:
        await _noted(world, ticket.id, body)

    assert refusal.value.path == ("bodyMarkdown",)
