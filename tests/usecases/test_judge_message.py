"""A person says whose words a doubtful mail is."""

import asyncio

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.doubtful_mail import (
    AgentsMailNotAccepted,
    FinishedBeforeTheMail,
    JudgedByProgram,
    MessageNotInDoubt,
)
from helpdesk.domain.ids import MessageId
from helpdesk.domain.ticket import Ticket, TicketStatus, TransitionRefused
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.judge_message import JudgeMessage, accept_message, reject_message
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.reply_to_ticket import Reply, ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.resume_ticket import resume_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import ALICE as ALICE_AGENT
from tests.factories import BRUNO, at
from tests.usecases.mails import ALICE, STRANGER, an_answer
from tests.usecases.test_doctor import examined
from tests.usecases.trusted import VouchingDoor, vouching
from tests.usecases.world import World

FIRST = "first@bruno.example"
NONE = "dmarc=none"


@pytest.fixture
def door(both_worlds: World) -> VouchingDoor:
    return vouching(both_worlds)


@pytest.fixture
async def ticket(door: VouchingDoor) -> Ticket:
    """What Bruno wrote on Monday at nine, and was answered at ten; it is eleven now."""
    ticket = await door.open()
    door.world.now.advance(hours=1)
    await _answer(door, ticket)
    door.world.now.advance(hours=1)
    return ticket


async def test_an_accepted_mail_is_the_clients_from_its_arrival_on(
    door: VouchingDoor, ticket: Ticket
) -> None:
    message_id = await _doubtful(door, ticket)
    door.world.now.advance(hours=2)

    reply = await _accept(door, message_id)

    message = (await door.messages(ticket.id))[-1]
    assert (message["is_internal"], message["doubt"]) == (False, None)
    assert (reply.message.is_internal, reply.message.doubt) == (False, None)
    written, accepted = (await door.world.history(ticket.id))[-2:]
    assert (written.kind.value, written.at) == ("CLIENT_REPLIED", at("07-06 11:00"))
    assert (written.actor, written.message_id) == (BRUNO, message_id)
    assert written.recorded_at == door.world.now()
    assert (accepted.kind.value, accepted.actor) == ("MESSAGE_ACCEPTED", ALICE_AGENT)
    assert accepted.before["doubt"] == "NOT_AUTHENTICATED"
    clock = (await door.world.clocks(ticket.id))["NEXT_RESPONSE", 1]
    assert (clock["started_at"], clock["stopped_at"]) == (at("07-06 11:00"), None)


async def test_an_answer_since_then_stops_the_clock_that_the_mail_starts(
    door: VouchingDoor, ticket: Ticket
) -> None:
    message_id = await _doubtful(door, ticket)
    door.world.now.advance(minutes=30)
    await _answer(door, ticket)
    door.world.now.advance(hours=2)

    await _accept(door, message_id)

    clock = (await door.world.clocks(ticket.id))["NEXT_RESPONSE", 1]
    assert (clock["started_at"], clock["stopped_at"]) == (at("07-06 11:00"), at("07-06 11:30"))


async def test_a_wait_that_had_begun_ended_when_the_mail_came(
    door: VouchingDoor, ticket: Ticket
) -> None:
    await _wait(door, ticket)
    door.world.now.advance(hours=1)
    message_id = await _doubtful(door, ticket)
    door.world.now.advance(hours=2)

    reply = await _accept(door, message_id)

    assert (reply.ticket.status, reply.ticket.waiting_on) == (TicketStatus.IN_PROGRESS, None)
    resumed = (await door.world.history(ticket.id))[-2]
    assert (resumed.kind.value, resumed.at) == ("RESUMED", at("07-06 12:00"))
    assert (await door.world.clocks(ticket.id))["DELIVERY", 1]["paused_since"] is None


async def test_a_wait_that_began_later_goes_on(door: VouchingDoor, ticket: Ticket) -> None:
    message_id = await _doubtful(door, ticket)
    door.world.now.advance(hours=1)
    await _wait(door, ticket)
    await resume_ticket(
        door.world.desk, viewer=door.world.alice, request=TicketStepRequest(ticket.id)
    )
    await _wait(door, ticket)

    reply = await _accept(door, message_id)

    assert (reply.ticket.status, reply.ticket.waiting_on) == (
        TicketStatus.WAITING,
        WaitingOn.CLIENT,
    )


@pytest.mark.parametrize("is_closed", [True, False])
async def test_work_that_was_finished_goes_on_since_the_mail_came(
    door: VouchingDoor, ticket: Ticket, *, is_closed: bool
) -> None:
    await _end(door, ticket, is_closed=is_closed)
    door.world.now.advance(hours=1)
    message_id = await _doubtful(door, ticket)
    door.world.now.advance(hours=2)

    reply = await _accept(door, message_id)

    assert (reply.ticket.status, reply.ticket.closed_at) == (TicketStatus.IN_PROGRESS, None)
    reopened = (await door.world.history(ticket.id))[-2]
    assert (reopened.kind.value, reopened.at) == ("REOPENED", at("07-06 12:00"))
    assert (await door.world.clocks(ticket.id))["DELIVERY", 1]["stopped_at"] is None


async def test_work_that_was_finished_after_the_mail_stays_finished(
    door: VouchingDoor, ticket: Ticket
) -> None:
    message_id = await _doubtful(door, ticket)
    door.world.now.advance(hours=1)
    await _end(door, ticket, is_closed=True)
    door.world.now.advance(hours=1)

    reply = await _accept(door, message_id)

    assert reply.ticket.status is TicketStatus.CLOSED
    assert (await door.kinds(ticket.id))[-2:] == ["CLIENT_REPLIED", "MESSAGE_ACCEPTED"]


async def test_a_mail_long_after_the_end_is_for_somebody_to_place(
    door: VouchingDoor, ticket: Ticket
) -> None:
    await _end(door, ticket, is_closed=True)
    door.world.now.advance(hours=24 * 15)
    message_id = await _doubtful(door, ticket)

    async with door.world.refused(FinishedBeforeTheMail):
        await _accept(door, message_id)


async def test_a_rejected_mail_stays_a_note(door: VouchingDoor, ticket: Ticket) -> None:
    message_id = await _doubtful(door, ticket)
    before, clocks = await door.world.kept(ticket.id), await door.world.clocks(ticket.id)

    reply = await _reject(door, message_id)

    message = (await door.messages(ticket.id))[-1]
    assert (message["is_internal"], message["doubt"]) == (True, "REJECTED")
    assert reply.ticket.status is before.status
    event = (await door.world.history(ticket.id))[-1]
    assert (event.kind.value, event.actor) == ("MESSAGE_REJECTED", ALICE_AGENT)
    assert event.before["doubt"] == "NOT_AUTHENTICATED"
    assert await door.world.clocks(ticket.id) == clocks


async def test_a_rejection_can_be_a_slip(door: VouchingDoor, ticket: Ticket) -> None:
    message_id = await _doubtful(door, ticket)
    await _reject(door, message_id)

    await _accept(door, message_id)

    assert (await door.messages(ticket.id))[-1]["is_internal"] is False


async def test_nothing_is_judged_twice(door: VouchingDoor, ticket: Ticket) -> None:
    message_id = await _doubtful(door, ticket)
    await _reject(door, message_id)
    async with door.world.refused(MessageNotInDoubt):
        await _reject(door, message_id)
    await _accept(door, message_id)

    for judge in (_accept, _reject):
        async with door.world.refused(MessageNotInDoubt):
            await judge(door, message_id)


async def test_two_people_who_accept_at_once_accept_once(
    door: VouchingDoor, ticket: Ticket
) -> None:
    message_id = await _doubtful(door, ticket)

    outcomes = await asyncio.gather(
        _accept(door, message_id), _accept(door, message_id), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["MessageNotInDoubt", "Reply"]
    assert (await door.kinds(ticket.id)).count("MESSAGE_ACCEPTED") == 1


async def test_a_stranger_who_is_accepted_is_called_by_his_address(
    door: VouchingDoor, ticket: Ticket
) -> None:
    shown = (await door.world.outbox())[0].mail.message_id
    await door.vouched(an_answer(shown, "I am his boss.", sender=STRANGER), NONE)
    message = (await door.messages(ticket.id))[-1]
    assert message["doubt"] == "DIFFERENT_ADDRESS"

    await _accept(door, MessageId(message["id"]))

    message = (await door.messages(ticket.id))[-1]
    assert (message["author_name"], message["contact_id"]) == ("dora@nowhere.example", None)
    assert (message["is_internal"], message["doubt"]) == (False, None)
    assert (await door.kinds(ticket.id))[-2:] == ["CLIENT_REPLIED", "MESSAGE_ACCEPTED"]


async def test_an_agents_doubtful_mail_does_not_reach_the_client(
    door: VouchingDoor, ticket: Ticket
) -> None:
    message_id = await _doubtful(door, ticket, sender=ALICE)

    async with door.world.refused(AgentsMailNotAccepted):
        await _accept(door, message_id)


async def test_only_a_person_of_the_agency_judges(door: VouchingDoor, ticket: Ticket) -> None:
    message_id = await _doubtful(door, ticket)
    world, request = door.world, JudgeMessage(message_id)
    for verb in (accept_message, reject_message):
        async with world.refused(JudgedByProgram):
            await verb(world.desk, viewer=world.robot, request=request)
        for viewer in (world.bruno, world.chloe, world.zoe):
            async with world.refused(NotFound):
                await verb(world.desk, viewer=viewer, request=request)


async def test_a_client_judges_nothing_that_he_sees(door: VouchingDoor, ticket: Ticket) -> None:
    public = MessageId((await door.messages(ticket.id))[0]["id"])

    async with door.world.refused(AgencyOnly):
        await accept_message(door.world.desk, viewer=door.world.bruno, request=JudgeMessage(public))


async def test_a_message_that_is_not_there_is_not_found(door: VouchingDoor, ticket: Ticket) -> None:
    assert ticket.number == "1"
    async with door.world.refused(NotFound):
        await _accept(door, MessageId("nothing"))


async def test_what_was_found_to_be_spam_is_not_accepted(
    door: VouchingDoor, ticket: Ticket
) -> None:
    message_id = await _doubtful(door, ticket)
    await mark_spam(door.world.desk, viewer=door.world.alice, request=TicketStepRequest(ticket.id))

    async with door.world.refused(TransitionRefused):
        await _accept(door, message_id)


async def test_what_is_kept_is_what_the_history_says(door: VouchingDoor, ticket: Ticket) -> None:
    await _end(door, ticket, is_closed=True)
    door.world.now.advance(hours=1)
    await _accept(door, await _doubtful(door, ticket))

    found, _ = await examined(door.world)

    assert found == []


async def _doubtful(door: VouchingDoor, ticket: Ticket, **changes: str) -> MessageId:
    """Have a mail come on the ticket that nothing vouches for, and return its message."""
    await door.vouched(an_answer(FIRST, "It still is.", **changes), NONE)
    message = (await door.messages(ticket.id))[-1]
    assert (message["doubt"], message["is_internal"]) == ("NOT_AUTHENTICATED", True)
    return MessageId(message["id"])


async def _accept(door: VouchingDoor, message_id: MessageId) -> Reply:
    request = JudgeMessage(message_id)
    return await accept_message(door.world.desk, viewer=door.world.alice, request=request)


async def _reject(door: VouchingDoor, message_id: MessageId) -> Reply:
    request = JudgeMessage(message_id)
    return await reject_message(door.world.desk, viewer=door.world.alice, request=request)


async def _answer(door: VouchingDoor, ticket: Ticket) -> None:
    request = ReplyToTicket(ticket.id, "We look into it.")
    await reply_to_ticket(door.world.desk, viewer=door.world.alice, request=request)


async def _wait(door: VouchingDoor, ticket: Ticket) -> None:
    request = WaitForClient(ticket.id, "Which browser?")
    await wait_for_client(door.world.desk, viewer=door.world.alice, request=request)


async def _end(door: VouchingDoor, ticket: Ticket, *, is_closed: bool) -> None:
    step = TicketStepRequest(ticket.id)
    await resolve_ticket(door.world.desk, viewer=door.world.alice, request=step)
    if is_closed:
        await close_ticket(door.world.desk, viewer=door.world.alice, request=step)
