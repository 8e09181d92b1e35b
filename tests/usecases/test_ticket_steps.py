"""The steps that the agency takes: what each one keeps, and when it is refused."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing, Viewer
from helpdesk.domain.ids import AgentId, TeamId, TicketId
from helpdesk.domain.ticket import (
    StepReasonRequired,
    Ticket,
    TicketChangedMeanwhile,
    TicketStatus,
    TransitionRefused,
    WaitingOn,
)
from helpdesk.usecases.add_internal_note import AddInternalNote, add_internal_note
from helpdesk.usecases.assign_ticket import AssignTicket, assign_ticket
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.close_ticket import close_ticket
from helpdesk.usecases.deliver_ticket import deliver_ticket
from helpdesk.usecases.link_tickets import (
    LinkTickets,
    UnlinkTickets,
    link_tickets,
    unlink_tickets,
)
from helpdesk.usecases.mark_spam import mark_spam
from helpdesk.usecases.merge_tickets import MergeTickets, merge_tickets
from helpdesk.usecases.reopen_ticket import reopen_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.resume_ticket import resume_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.ticket_step import ReasonedStepRequest, TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import at
from tests.usecases.world import World

Taken = Awaitable[object]
_Step = Callable[[World, Viewer, TicketId, int | None], Taken]

STEPS: Mapping[str, _Step] = {
    "assign": lambda world, viewer, ticket, version: assign_ticket(
        world.desk,
        viewer=viewer,
        request=AssignTicket(ticket, AgentId("alice"), expected_version=version),
    ),
    "weigh": lambda world, viewer, ticket, version: set_priority(
        world.desk, viewer=viewer, request=SetPriority(ticket, expected_version=version)
    ),
    "wait": lambda world, viewer, ticket, version: wait_for_client(
        world.desk,
        viewer=viewer,
        request=WaitForClient(ticket, "which browser?", expected_version=version),
    ),
    "resume": lambda world, viewer, ticket, version: resume_ticket(
        world.desk, viewer=viewer, request=TicketStepRequest(ticket, version)
    ),
    "deliver": lambda world, viewer, ticket, version: deliver_ticket(
        world.desk, viewer=viewer, request=TicketStepRequest(ticket, version)
    ),
    "resolve": lambda world, viewer, ticket, version: resolve_ticket(
        world.desk, viewer=viewer, request=TicketStepRequest(ticket, version)
    ),
    "close": lambda world, viewer, ticket, version: close_ticket(
        world.desk, viewer=viewer, request=TicketStepRequest(ticket, version)
    ),
    "reopen": lambda world, viewer, ticket, version: reopen_ticket(
        world.desk, viewer=viewer, request=ReasonedStepRequest(ticket, "still silent", version)
    ),
    "cancel": lambda world, viewer, ticket, version: cancel_ticket(
        world.desk, viewer=viewer, request=ReasonedStepRequest(ticket, "no need", version)
    ),
    "spam": lambda world, viewer, ticket, version: mark_spam(
        world.desk, viewer=viewer, request=TicketStepRequest(ticket, version)
    ),
}
OTHERS: Mapping[str, _Step] = {
    "reply": lambda world, viewer, ticket, _: reply_to_ticket(
        world.desk, viewer=viewer, request=ReplyToTicket(ticket, "Hello")
    ),
    "note": lambda world, viewer, ticket, _: add_internal_note(
        world.desk, viewer=viewer, request=AddInternalNote(ticket, "psst")
    ),
    "merge from": lambda world, viewer, ticket, _: merge_tickets(
        world.desk, viewer=viewer, request=MergeTickets(ticket, ticket)
    ),
    "link": lambda world, viewer, ticket, _: link_tickets(
        world.desk, viewer=viewer, request=LinkTickets(ticket, ticket)
    ),
    "unlink": lambda world, viewer, ticket, _: unlink_tickets(
        world.desk, viewer=viewer, request=UnlinkTickets(ticket, ticket)
    ),
}
EVERY_STEP = STEPS | OTHERS
AGENCYS_OWN = sorted(EVERY_STEP.keys() - {"reply", "reopen"})
BEFORE = {"resume": ["wait"], "close": ["resolve"], "reopen": ["resolve"]}


async def take(
    world: World, name: str, ticket: Ticket, *, by: Viewer | None = None, version: int | None = None
) -> Ticket:
    """Take a step, Alice's unless said, and return the ticket as it is kept."""
    await EVERY_STEP[name](world, by or world.alice, ticket.id, version)
    return await world.kept(ticket.id)


async def ready_for(world: World, name: str) -> Ticket:
    """Return a ticket of Bruno's on which the step is possible."""
    ticket = await world.ticket()
    for earlier in BEFORE.get(name, []):
        ticket = await take(world, earlier, ticket)
    return ticket


async def test_each_step_returns_the_ticket_as_it_is_kept(world: World) -> None:
    for name, step in STEPS.items():
        ticket = await ready_for(world, name)

        after = await step(world, world.alice, ticket.id, ticket.version)

        assert after == await world.kept(ticket.id)
        assert after == replace(await world.kept(ticket.id), version=ticket.version + 1)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("assign", TicketStatus.OPEN),
        ("weigh", TicketStatus.NEW),
        ("wait", TicketStatus.WAITING),
        ("resume", TicketStatus.IN_PROGRESS),
        ("deliver", TicketStatus.DELIVERED),
        ("resolve", TicketStatus.RESOLVED),
        ("close", TicketStatus.CLOSED),
        ("reopen", TicketStatus.IN_PROGRESS),
        ("cancel", TicketStatus.CANCELLED),
        ("spam", TicketStatus.SPAM),
    ],
)
async def test_a_step_leads_to_its_status(world: World, name: str, status: TicketStatus) -> None:
    ticket = await ready_for(world, name)

    assert (await take(world, name, ticket)).status is status


@pytest.mark.parametrize("name", sorted(STEPS))
async def test_a_step_on_an_earlier_version_is_refused(world: World, name: str) -> None:
    ticket = await ready_for(world, name)

    async with world.refused(TicketChangedMeanwhile) as refusal:
        await take(world, name, ticket, version=ticket.version - 1)

    assert refusal.value.path == ("expectedVersion",)


@pytest.mark.parametrize("name", ["resume", "close", "reopen"])
async def test_a_step_that_the_status_does_not_allow_is_refused(world: World, name: str) -> None:
    ticket = await world.ticket()

    async with world.refused(TransitionRefused):
        await take(world, name, ticket)


# Whose ticket it is.


@pytest.mark.parametrize("name", sorted(EVERY_STEP))
@pytest.mark.parametrize("stranger", ["chloe", "zoe"])
async def test_a_strangers_ticket_does_not_exist(world: World, name: str, stranger: str) -> None:
    ticket = await ready_for(world, name)

    async with world.refused(NotFound) as refusal:
        await take(world, name, ticket, by=getattr(world, stranger))

    assert refusal.value.path == ("ticketId",)


@pytest.mark.parametrize("name", AGENCYS_OWN)
async def test_what_belongs_to_the_agency_is_refused_to_the_client(world: World, name: str) -> None:
    ticket = await ready_for(world, name)

    async with world.refused(AgencyOnly):
        await take(world, name, ticket, by=world.bruno)


@pytest.mark.parametrize("name", sorted(EVERY_STEP))
async def test_a_reader_takes_no_step(world: World, name: str) -> None:
    ticket = await ready_for(world, name)
    reader = replace(world.alice, scopes=frozenset({Scope.TICKETS_READ}))

    async with world.refused(ScopeMissing):
        await take(world, name, ticket, by=reader)


async def test_a_ticket_that_is_not_there_is_not_found(world: World) -> None:
    for step in STEPS.values():
        async with world.refused(NotFound):
            await step(world, world.alice, TicketId("nothing"), None)


# What is particular to some of them.


async def test_a_ticket_is_given_to_a_person_and_a_team_then_to_nobody(world: World) -> None:
    ticket = await world.ticket()
    given = AssignTicket(ticket.id, AgentId("alice"), TeamId("team-of-alice"))

    after = await assign_ticket(world.desk, viewer=world.alice, request=given)
    back = await assign_ticket(world.desk, viewer=world.alice, request=AssignTicket(ticket.id))

    assert (after.assignee_id, after.team_id) == ("alice", "team-of-alice")
    assert (back.assignee_id, back.team_id, back.status) == (None, None, TicketStatus.OPEN)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ({"agent_id": AgentId("nobody")}, "agentId"),
        ({"agent_id": AgentId("zoe")}, "agentId"),
        ({"team_id": TeamId("team-of-zoe")}, "teamId"),
    ],
)
async def test_a_ticket_is_given_to_nobody_of_another_agency(
    world: World, who: dict[str, str], path: str
) -> None:
    ticket = await world.ticket()
    request = replace(AssignTicket(ticket.id), **who)  # type: ignore[arg-type] # two ids

    async with world.refused(NotFound) as refusal:
        await assign_ticket(world.desk, viewer=world.alice, request=request)

    assert refusal.value.path == (path,)


async def test_a_wait_without_a_reason_is_refused(world: World) -> None:
    ticket = await world.ticket()

    async with world.refused(StepReasonRequired):
        await wait_for_client(world.desk, viewer=world.alice, request=WaitForClient(ticket.id, " "))


async def test_a_cancellation_without_a_reason_is_refused(world: World) -> None:
    ticket = await world.ticket()

    async with world.refused(StepReasonRequired):
        await cancel_ticket(
            world.desk, viewer=world.alice, request=ReasonedStepRequest(ticket.id, "")
        )


async def test_a_wait_says_whom_for(world: World) -> None:
    ticket = await world.ticket()
    request = WaitForClient(ticket.id, "the host looks into it", WaitingOn.THIRD_PARTY)

    after = await wait_for_client(world.desk, viewer=world.alice, request=request)

    assert after.waiting_on is WaitingOn.THIRD_PARTY
    assert (await world.clocks(ticket.id))["DELIVERY", 1]["paused_since"] is None
    assert (await world.history(ticket.id))[-1].reason == "the host looks into it"


async def test_a_wait_stops_the_delivery_clock_until_it_ends(world: World) -> None:
    ticket = await world.ticket()
    world.now.advance(hours=1)
    await take(world, "wait", ticket)

    paused = (await world.clocks(ticket.id))["DELIVERY", 1]
    world.now.advance(hours=2)
    await take(world, "resume", ticket)

    running = (await world.clocks(ticket.id))["DELIVERY", 1]
    assert (paused["paused_since"], paused["deadline_at"]) == (at("07-06 10:00"), None)
    assert paused["counted_seconds"] == running["counted_seconds"] == 3600
    assert running["deadline_at"] == at("07-13 11:00")


async def test_a_delivery_stops_its_clock_alone(world: World) -> None:
    ticket = await world.ticket()

    after = await take(world, "deliver", ticket)

    clocks = await world.clocks(ticket.id)
    assert after.delivered_at == clocks["DELIVERY", 1]["stopped_at"] == at("07-06 09:00")
    assert clocks["FIRST_RESPONSE", 1]["stopped_at"] is None


@pytest.mark.parametrize("name", ["cancel", "spam"])
async def test_a_ticket_given_up_has_no_promise_left(world: World, name: str) -> None:
    ticket = await world.ticket()
    world.now.advance(hours=1)

    await take(world, name, ticket)

    clocks = await world.clocks(ticket.id)
    assert {clock["cancelled_at"] for clock in clocks.values()} == {at("07-06 10:00")}
    assert {clock["deadline_at"] for clock in clocks.values()} == {None}


@pytest.mark.parametrize("name", ["deliver", "resolve", "cancel", "spam"])
async def test_the_client_may_reopen_too(world: World, name: str) -> None:
    ticket = await take(world, name, await world.ticket())

    after = await take(world, "reopen", ticket, by=world.bruno)

    assert after.status is TicketStatus.IN_PROGRESS
    assert (await world.history(ticket.id))[-1].actor == world.bruno.actor
