"""A ticket waits from the start, for one at a time, and only the agency lets it."""

import pytest

from helpdesk.domain.access import AgencyOnly
from helpdesk.domain.priority import Impact
from helpdesk.domain.ticket import StepReasonRequired, Ticket, TicketEventKind, TicketStatus
from helpdesk.domain.ticket_life import TicketAlreadyWaiting
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.open_ticket import OpenTicket, WaitIncomplete, open_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import BRUNOS_CLIENT, MONDAY
from tests.usecases.world import World


async def opened(world: World, **asked: object) -> Ticket:
    request = OpenTicket(
        "The form",
        "Is silent.",
        client_id=BRUNOS_CLIENT,
        impact=Impact.MINOR,
        **asked,  # type: ignore[arg-type]  # the fields of the request
    )
    return await open_ticket(world.desk, viewer=world.alice, request=request)


async def waiting(world: World, waiting_on: WaitingOn) -> Ticket:
    ticket = await world.ticket()
    request = WaitForClient(ticket.id, "The host is down", waiting_on)
    return await wait_for_client(world.desk, viewer=world.alice, request=request)


async def test_a_ticket_waits_from_its_opening(both_worlds: World) -> None:
    world = both_worlds

    ticket = await opened(
        world, waiting_on=WaitingOn.QUOTE_ANSWER, waiting_reason=" The quote is out "
    )

    assert ticket == await world.kept(ticket.id)
    assert (ticket.status, ticket.waiting_on) == (TicketStatus.WAITING, WaitingOn.QUOTE_ANSWER)
    facts = [(one.sequence, one.kind, one.at, one.reason) for one in await world.history(ticket.id)]
    assert facts == [
        (1, TicketEventKind.OPENED, MONDAY, None),
        (2, TicketEventKind.WAITING, MONDAY, "The quote is out"),
    ]
    clocks = await world.clocks(ticket.id)
    assert clocks["DELIVERY", 1]["paused_since"] == MONDAY
    assert clocks["FIRST_RESPONSE", 1]["paused_since"] is None


@pytest.mark.parametrize("reason", [None, " "])
async def test_a_wait_from_the_start_has_a_reason(world: World, reason: str | None) -> None:
    async with world.refused(StepReasonRequired) as refusal:
        await opened(world, waiting_on=WaitingOn.CLIENT, waiting_reason=reason)

    assert refusal.value.path == ("waitingReason",)


async def test_a_reason_to_wait_says_for_whom(world: World) -> None:
    async with world.refused(WaitIncomplete) as refusal:
        await opened(world, waiting_reason="The quote is out")

    assert refusal.value.path == ("waitingOn",)


async def test_a_client_lets_no_ticket_wait(world: World) -> None:
    async with world.refused(AgencyOnly):
        await world.ticket(waiting_on=WaitingOn.THIRD_PARTY, waiting_reason="The host")


async def test_a_ticket_waits_for_one_at_a_time(world: World) -> None:
    ticket = await waiting(world, WaitingOn.THIRD_PARTY)

    async with world.refused(TicketAlreadyWaiting):
        await wait_for_client(
            world.desk, viewer=world.alice, request=WaitForClient(ticket.id, "A question")
        )


async def test_a_question_does_not_end_the_wait_for_somebody_else(world: World) -> None:
    ticket = await waiting(world, WaitingOn.THIRD_PARTY)
    request = ReplyToTicket(ticket.id, "Which browser?", wait_for_client=True)

    async with world.refused(TicketAlreadyWaiting) as refusal:
        await reply_to_ticket(world.desk, viewer=world.alice, request=request)

    assert refusal.value.values["waiting_on"] is WaitingOn.THIRD_PARTY


async def test_who_waits_for_the_client_may_ask_him_again(world: World) -> None:
    ticket = await waiting(world, WaitingOn.CLIENT)
    request = ReplyToTicket(ticket.id, "And which browser?", wait_for_client=True)

    reply = await reply_to_ticket(world.desk, viewer=world.alice, request=request)

    assert reply.ticket.waiting_on is WaitingOn.CLIENT
    kinds = [event.kind for event in await world.history(ticket.id)]
    assert kinds.count(TicketEventKind.WAITING) == 1


async def test_a_client_waits_for_nobody(world: World) -> None:
    ticket = await world.ticket()
    request = ReplyToTicket(ticket.id, "Well?", wait_for_client=True)

    async with world.refused(AgencyOnly) as refusal:
        await reply_to_ticket(world.desk, viewer=world.bruno, request=request)

    assert refusal.value.path == ("waitForClient",)
