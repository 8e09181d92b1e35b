"""Machines that answer each other: ours falls silent, and people hear of it."""

import pytest

from helpdesk.domain.mail_loop import LOOP_EXCHANGES, LOOP_WINDOW
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from tests.usecases.mails import CHLOE, Door, a_mail, an_answer
from tests.usecases.world import World

FIRST = "first@bruno.example"


@pytest.fixture
def door(both_worlds: World) -> Door:
    return Door(both_worlds)


async def test_who_opens_many_tickets_at_once_is_acknowledged_a_few_times(door: Door) -> None:
    for number in range(7):
        await door.open(a_mail(subject=f"Ticket {number}", message_id=f"{number}@bruno.example"))
    assert len(await door.world.outbox()) == 5
    assert len(await door.tickets()) == 7

    await door.open(a_mail(sender=CHLOE, message_id="hers@chloe.example"))
    assert len(await door.world.outbox()) == 6

    door.world.now.advance(minutes=11)
    await door.open(a_mail(message_id="later@bruno.example"))
    assert len(await door.world.outbox()) == 7


@pytest.mark.parametrize(("pause", "mails"), [(1, 5), (4, 10), (40, 20)])
async def test_a_machine_that_answers_every_acknowledgement_is_soon_not_answered(
    door: Door, pause: float, mails: int
) -> None:
    answered = True
    while answered:
        before = len(await door.world.outbox())
        tickets = len(await door.tickets())
        await door.open(a_mail(subject=f"Away {tickets}", message_id=f"{tickets}@bruno.example"))
        answered = len(await door.world.outbox()) > before
        door.world.now.advance(minutes=pause)

    assert len(await door.world.outbox()) == mails
    assert len(await door.tickets()) == mails + 1


async def test_a_robot_that_is_answered_by_a_robot_falls_silent(door: Door) -> None:
    ticket = await door.open()
    await _exchange(door, ticket, LOOP_EXCHANGES + 2)

    mails = [promised.mail for promised in await door.world.outbox()]

    to_bruno = [mail for mail in mails if mail.recipient.email == "bruno@bruno.example"]
    assert len(to_bruno) == 1 + LOOP_EXCHANGES - 1
    (alert,) = [mail for mail in mails if mail.recipient.email == "alice@alice.example"]
    assert "des mails et des réponses automatiques se suivent" in alert.text
    assert alert.is_automatic
    assert len(await door.messages(ticket.id)) == 1 + 2 * (LOOP_EXCHANGES + 2)


async def test_what_a_person_writes_is_sent_all_the_same(door: Door) -> None:
    ticket = await door.open()
    await _exchange(door, ticket, LOOP_EXCHANGES)

    await _reply(door, ticket, "A person at last.", is_robots=False)
    await _reply(door, ticket, "And its robot.", is_robots=True)

    texts = [promised.mail.text for promised in await door.world.outbox()]
    assert "A person at last." in texts[-2]
    assert "And its robot." in texts[-1]


async def test_after_some_silence_the_robot_is_heard_again(door: Door) -> None:
    ticket = await door.open()
    await _exchange(door, ticket, LOOP_EXCHANGES)
    door.world.now.advance(minutes=LOOP_WINDOW.total_seconds() / 60 + 1)

    await _reply(door, ticket, "Deployed.", is_robots=True)

    assert "Deployed." in (await door.world.outbox())[-1].mail.text


async def _exchange(door: Door, ticket: Ticket, times: int) -> None:
    """Have a robot of ours answer each mail of theirs."""
    for number in range(times):
        door.world.now.advance(minutes=0.25)
        await door.receive(an_answer(FIRST, f"Noted {number}", message_id=f"n{number}@x"))
        door.world.now.advance(minutes=0.25)
        await _reply(door, ticket, f"Noted too {number}", is_robots=True)


async def _reply(door: Door, ticket: Ticket, text: str, *, is_robots: bool) -> None:
    viewer = door.world.robot if is_robots else door.world.alice
    await reply_to_ticket(door.world.desk, viewer=viewer, request=ReplyToTicket(ticket.id, text))
