"""The steps of a ticket's life: what each one keeps, whose clocks move, and when it is refused."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from helpdesk.domain.access import Viewer
from helpdesk.domain.priority import Impact
from helpdesk.domain.ticket import (
    StepReasonRequired,
    Ticket,
    TicketEvent,
    TicketEventKind,
    TicketStatus,
    TransitionRefused,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.cancel_ticket import cancel_ticket
from helpdesk.usecases.reopen_ticket import reopen_ticket
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.ticket_step import ReasonedStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import ALICE, BRUNO, at
from tests.usecases.ticket_verbs import EVERY, WHY
from tests.usecases.world import World

TEN = "2026-07-06T08:00:00+00:00"


async def _done(world: World, ticket: Ticket, *names: str, viewer: Viewer | None = None) -> Ticket:
    """Return the ticket after these steps, which Alice takes unless said."""
    for name in names:
        await EVERY[name](world.desk, viewer or world.alice, ticket.id, None)
    return await world.kept(ticket.id)


@dataclass(frozen=True)
class Step:
    """A step at ten o'clock: what came before it, and what becomes of the ticket."""

    verb: str
    kind: TicketEventKind
    becomes: dict[str, Any]  # Any: the ticket's own fields
    earlier: tuple[str, ...] = ()
    before: dict[str, str | None] | None = None
    after: dict[str, str | None] | None = None
    reason: str | None = None


STEPS = (
    Step(
        "waitForClient",
        TicketEventKind.WAITING,
        {"status": TicketStatus.WAITING, "waiting_on": WaitingOn.CLIENT},
        before={"status": "NEW", "waiting_on": None},
        after={"status": "WAITING", "waiting_on": "CLIENT"},
        reason=WHY,
    ),
    Step(
        "resumeTicket",
        TicketEventKind.RESUMED,
        {"status": TicketStatus.IN_PROGRESS, "waiting_on": None},
        ("waitForClient",),
        before={"status": "WAITING", "waiting_on": "CLIENT"},
        after={"status": "IN_PROGRESS", "waiting_on": None},
    ),
    Step(
        "deliverTicket",
        TicketEventKind.DELIVERED,
        {"status": TicketStatus.DELIVERED, "delivered_at": at("07-06 10:00")},
        before={"status": "NEW", "delivered_at": None},
        after={"status": "DELIVERED", "delivered_at": TEN},
    ),
    Step(
        "resolveTicket",
        TicketEventKind.RESOLVED,
        {"status": TicketStatus.RESOLVED, "resolved_at": at("07-06 10:00")},
        before={"status": "NEW", "resolved_at": None},
        after={"status": "RESOLVED", "resolved_at": TEN},
    ),
    Step(
        "closeTicket",
        TicketEventKind.CLOSED,
        {"status": TicketStatus.CLOSED, "closed_at": at("07-06 10:00")},
        ("resolveTicket",),
        before={"status": "RESOLVED", "closed_at": None},
        after={"status": "CLOSED", "closed_at": TEN},
    ),
    Step(
        "reopenTicket",
        TicketEventKind.REOPENED,
        {"status": TicketStatus.IN_PROGRESS, "delivered_at": at("07-06 09:00")},
        ("deliverTicket",),
        before={"status": "DELIVERED"},
        after={"status": "IN_PROGRESS"},
        reason=WHY,
    ),
    Step(
        "cancelTicket",
        TicketEventKind.CANCELLED,
        {"status": TicketStatus.CANCELLED},
        before={"status": "NEW"},
        after={"status": "CANCELLED"},
        reason=WHY,
    ),
    Step(
        "markSpam",
        TicketEventKind.MARKED_SPAM,
        {"status": TicketStatus.SPAM},
        before={"status": "NEW"},
        after={"status": "SPAM"},
    ),
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.verb)
async def test_a_step_is_kept_with_who_what_and_when(world: World, step: Step) -> None:
    ticket = await _done(world, await world.ticket(), *step.earlier)
    world.now.set(at("07-06 10:00"))

    after = await EVERY[step.verb](world.desk, world.alice, ticket.id, ticket.version)

    assert after == replace(ticket, version=ticket.version + 1, **step.becomes)
    assert await world.kept(ticket.id) == after
    assert (await world.history(ticket.id))[-1] == TicketEvent(
        ticket_id=ticket.id,
        sequence=ticket.version + 1,
        at=at("07-06 10:00"),
        kind=step.kind,
        actor=ALICE,
        before=step.before or {},
        after=step.after or {},
        reason=step.reason,
    )
    assert await world.outbox() == ()


@pytest.mark.parametrize(
    ("verb", "earlier"),
    [
        ("waitForClient", ("resolveTicket",)),
        ("resumeTicket", ()),
        ("deliverTicket", ("deliverTicket",)),
        ("resolveTicket", ("resolveTicket",)),
        ("closeTicket", ()),
        ("reopenTicket", ()),
        ("cancelTicket", ("cancelTicket",)),
        ("markSpam", ("resolveTicket",)),
    ],
)
async def test_a_step_that_makes_no_sense_is_refused(
    world: World, verb: str, earlier: tuple[str, ...]
) -> None:
    ticket = await _done(world, await world.ticket(), *earlier)

    async with world.refused(TransitionRefused) as refusal:
        await EVERY[verb](world.desk, world.alice, ticket.id, None)

    assert refusal.value.values["step"] == verb
    assert refusal.value.values["status"] == ticket.status


@pytest.mark.parametrize("reason", ["", " \n"])
async def test_a_wait_or_a_cancellation_without_a_reason_is_refused(
    world: World, reason: str
) -> None:
    ticket = await world.ticket()

    async with world.refused(StepReasonRequired) as of_wait:
        await wait_for_client(
            world.desk, viewer=world.alice, request=WaitForClient(ticket.id, reason)
        )
    async with world.refused(StepReasonRequired) as of_cancellation:
        await cancel_ticket(
            world.desk, viewer=world.alice, request=ReasonedStepRequest(ticket.id, reason)
        )

    assert of_wait.value.path == of_cancellation.value.path == ("reason",)


async def test_a_reason_that_no_database_keeps_is_made_one_that_it_keeps(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket()
    odd, kept = "a\x00b\ud800", "a\ufffdb\ufffd"
    override = SetPriority(ticket.id, Impact.CRITICAL, priority=None, reason=odd)
    step = ReasonedStepRequest(ticket.id, odd)

    await set_priority(world.desk, viewer=world.alice, request=override)
    await wait_for_client(world.desk, viewer=world.alice, request=WaitForClient(ticket.id, odd))
    await cancel_ticket(world.desk, viewer=world.alice, request=step)
    await reopen_ticket(world.desk, viewer=world.alice, request=step)

    reasons = [event.reason for event in await world.history(ticket.id)]
    assert reasons == [None, None, kept, kept, kept]


# The clocks.


async def test_a_wait_for_the_client_stops_the_resolution_and_never_the_answer(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket(impact=Impact.CRITICAL)
    await _done(world, ticket, "replyToTicket")
    world.now.set(at("07-06 10:00"))
    answer = ReplyToTicket(ticket.id, "And?")
    await reply_to_ticket(world.desk, viewer=world.bruno, request=answer)

    await _done(world, ticket, "waitForClient")
    paused = await world.clocks(ticket.id)
    world.now.set(at("07-06 15:00"))
    await _done(world, ticket, "resumeTicket")
    going_on = await world.clocks(ticket.id)

    resolution = paused["RESOLUTION", 1]
    assert (resolution["paused_since"], resolution["deadline_at"]) == (at("07-06 10:00"), None)
    assert paused["NEXT_RESPONSE", 1]["deadline_at"] == at("07-06 15:00")
    resolution = going_on["RESOLUTION", 1]
    assert (resolution["paused_since"], resolution["counted_seconds"]) == (None, 3600)
    assert resolution["running_since"] == at("07-06 15:00")
    assert resolution["deadline_at"] == at("07-07 13:00")


async def test_a_wait_for_a_third_party_stops_no_clock(world: World) -> None:
    ticket = await world.ticket()
    clocks = await world.clocks(ticket.id)
    request = WaitForClient(ticket.id, "The host is down", WaitingOn.THIRD_PARTY)

    waiting = await wait_for_client(world.desk, viewer=world.alice, request=request)

    assert waiting.waiting_on is WaitingOn.THIRD_PARTY
    assert await world.clocks(ticket.id) == clocks


async def test_a_delivery_stops_its_own_clock_alone(world: World) -> None:
    ticket = await world.ticket()
    world.now.set(at("07-07 09:00"))

    await _done(world, ticket, "deliverTicket")

    clocks = await world.clocks(ticket.id)
    assert clocks["DELIVERY", 1]["stopped_at"] == at("07-07 09:00")
    assert clocks["DELIVERY", 1]["counted_seconds"] == 8 * 3600
    assert clocks["FIRST_RESPONSE", 1]["stopped_at"] is None


async def test_a_resolution_stops_every_clock(world: World) -> None:
    ticket = await world.ticket(impact=Impact.CRITICAL)
    await _done(world, ticket, "replyToTicket")
    world.now.set(at("07-06 12:00"))

    await _done(world, ticket, "resolveTicket")

    clocks = await world.clocks(ticket.id)
    assert clocks["FIRST_RESPONSE", 1]["stopped_at"] == at("07-06 09:00")
    resolution = clocks["RESOLUTION", 1]
    assert (resolution["stopped_at"], resolution["counted_seconds"]) == (at("07-06 12:00"), 10800)
    assert resolution["breached_at"] is None


@pytest.mark.parametrize("verb", ["cancelTicket", "markSpam"])
async def test_a_ticket_given_up_has_no_promise_left(world: World, verb: str) -> None:
    ticket = await world.ticket()
    world.now.set(at("07-06 10:00"))

    await _done(world, ticket, verb)

    clocks = await world.clocks(ticket.id)
    assert sorted(clocks) == [("DELIVERY", 1), ("FIRST_RESPONSE", 1)]
    for clock in clocks.values():
        assert (clock["cancelled_at"], clock["deadline_at"]) == (at("07-06 10:00"), None)
        assert clock["breached_at"] is None


async def test_the_time_a_ticket_was_resolved_never_counts(world: World) -> None:
    ticket = await world.ticket(impact=Impact.CRITICAL)
    await _done(world, ticket, "replyToTicket")
    world.now.set(at("07-06 12:00"))
    await _done(world, ticket, "resolveTicket", "closeTicket")
    world.now.set(at("07-08 09:00"))

    reopened = await _done(world, ticket, "reopenTicket")

    assert (reopened.resolved_at, reopened.closed_at) == (None, None)
    resolution = (await world.clocks(ticket.id))["RESOLUTION", 1]
    assert (resolution["stopped_at"], resolution["counted_seconds"]) == (None, 10800)
    assert resolution["running_since"] == at("07-08 09:00")
    assert resolution["deadline_at"] == at("07-08 15:00")


# The client.


@pytest.mark.parametrize("verb", ["deliverTicket", "resolveTicket", "cancelTicket"])
async def test_the_client_reopens_too_and_need_not_say_why(world: World, verb: str) -> None:
    ticket = await _done(world, await world.ticket(), verb)
    request = ReasonedStepRequest(ticket.id, " ", ticket.version)

    reopened = await reopen_ticket(world.desk, viewer=world.bruno, request=request)

    assert reopened.status is TicketStatus.IN_PROGRESS
    event = (await world.history(ticket.id))[-1]
    assert (event.kind, event.actor, event.reason) == (TicketEventKind.REOPENED, BRUNO, None)
