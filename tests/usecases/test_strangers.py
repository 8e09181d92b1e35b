"""Senders that belong to nobody yet share a client for want of a better one, and nothing else."""

import pytest

from helpdesk.domain.ticket import Ticket
from tests.usecases.mails import ALICE, BRUNO, STRANGER, Door, a_mail
from tests.usecases.world import World

OTHER_STRANGER = "Emma <emma@elsewhere.example>"


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


@pytest.fixture
async def ticket(door: Door) -> Ticket:
    """The ticket that Dora, a stranger, opened."""
    return await door.open(a_mail(sender=STRANGER, message_id="first@nowhere.example"))


async def test_a_stranger_answers_his_own_ticket(door: Door, ticket: Ticket) -> None:
    outcome = await door.receive(
        a_mail("It is me again.", sender=STRANGER, message_id="second@nowhere.example"),
    )
    answer = await door.receive(
        a_mail(
            "And again.",
            sender=STRANGER,
            message_id="third@nowhere.example",
            In_Reply_To="<first@nowhere.example>",
        )
    )

    assert outcome.ticket_id != ticket.id
    assert (answer.ticket_id, answer.reason) == (ticket.id, "ANSWERED_TICKET")


@pytest.mark.parametrize(
    "thread",
    [
        {"subject": "Re: [#1] The contact form is silent"},
        {"In_Reply_To": "<first@nowhere.example>"},
        {"References": "<first@nowhere.example>"},
    ],
)
async def test_a_stranger_writes_on_no_other_strangers_ticket(
    door: Door, ticket: Ticket, thread: dict[str, str]
) -> None:
    await door.open(a_mail(sender=OTHER_STRANGER, message_id="known@elsewhere.example"))
    before = await door.world.history(ticket.id)

    outcome = await door.receive(
        a_mail("Mine too.", sender=OTHER_STRANGER, message_id="forged@elsewhere.example", **thread)
    )

    opened = await door.ticket_of(outcome)
    assert outcome.reason == "OPENED_TICKET"
    assert opened.id != ticket.id
    assert opened.client_id == ticket.client_id
    assert opened.requester_id != ticket.requester_id
    assert await door.world.history(ticket.id) == before


async def test_an_agent_notes_on_a_strangers_ticket(door: Door, ticket: Ticket) -> None:
    outcome = await door.receive(
        a_mail(sender=ALICE, message_id="a@alice.example", In_Reply_To="<first@nowhere.example>")
    )

    assert outcome.ticket_id == ticket.id


@pytest.mark.parametrize("sender", [f"{BRUNO}, {OTHER_STRANGER}", f"{ALICE}, {OTHER_STRANGER}"])
async def test_a_mail_of_two_senders_is_nobodys_answer(door: Door, sender: str) -> None:
    brunos = await door.open()
    before = await door.world.history(brunos.id)

    outcome = await door.receive(
        a_mail(sender=sender, message_id="two@senders.example", subject="[#1] Close it")
    )

    assert outcome.ticket_id != brunos.id
    assert await door.world.history(brunos.id) == before
    assert len(await door.world.outbox()) == 1
