"""A contract rests: its tickets wait, their clocks pause, and go on as they were."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.access import NotFound
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_facts import ContractFactKind, recorded_suspensions
from helpdesk.domain.contract_life import ContractStepRefused
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockStart, SlaMetric, TargetUnit
from helpdesk.domain.suspension import SuspensionReasonRequired
from helpdesk.domain.ticket import Ticket, TicketStatus
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.policy_change import PolicyChange, WantedTarget
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.resume_contract import resume_contract
from helpdesk.usecases.resume_ticket import resume_ticket
from helpdesk.usecases.suspend_contract import SuspendContract, suspend_contract
from helpdesk.usecases.ticket_step import TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import at
from tests.usecases.contracts import SETTLED, active, drafted, facts, kept
from tests.usecases.world import World

SITE = SiteId("bruno.example")
UNPAID = "The fee of June is unpaid."
RESOLVED_SOON = PolicyChange(
    targets=tuple(
        WantedTarget(
            priority,
            SlaMetric.RESOLUTION,
            240,
            TargetUnit.BUSINESS_MINUTES,
            ClockStart.OPENING,
            is_strict=True,
            calendar_code="ouvre5",
        )
        for priority in Priority
    ),
    ladders=(),
)


async def suspended(world: World, contract: Contract) -> Contract:
    request = SuspendContract(contract.id, UNPAID)
    return await suspend_contract(world.desk, viewer=world.alice, request=request)


async def resumed(world: World, contract: Contract) -> Contract:
    return await resume_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def standing(world: World, ticket: Ticket) -> tuple[TicketStatus, WaitingOn | None]:
    found = await world.kept(ticket.id)
    return found.status, found.waiting_on


async def test_a_suspension_pauses_the_clocks_and_its_end_lets_them_run(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await active(world, terms=replace(SETTLED, policy=RESOLVED_SOON))
    ticket = await world.ticket(site_id=SITE)
    due = (await world.clocks(ticket.id))["RESOLUTION", 1]["deadline_at"]
    world.now.instant = at("07-06 10:00")

    rested = await suspended(world, contract)

    assert rested == await kept(world, contract.id)
    assert rested.status is ContractStatus.SUSPENDED
    assert await standing(world, ticket) == (
        TicketStatus.WAITING,
        WaitingOn.CONTRACT_SUSPENDED,
    )
    paused = (await world.clocks(ticket.id))["RESOLUTION", 1]
    assert paused["deadline_at"] is None
    assert (await world.history(ticket.id))[-1].reason == UNPAID

    world.now.instant = at("07-06 12:00")
    back = await resumed(world, contract)

    assert back.status is ContractStatus.ACTIVE
    assert await standing(world, ticket) == (TicketStatus.IN_PROGRESS, None)
    clock = (await world.clocks(ticket.id))["RESOLUTION", 1]
    assert due == at("07-06 13:00")
    assert clock["deadline_at"] == at("07-06 16:00")  # two hours later, and an hour of lunch


async def test_a_rest_is_told_by_facts_with_its_days_and_its_reason(world: World) -> None:
    contract = await active(world)
    world.now.instant = at("07-08 10:00")
    await suspended(world, contract)
    told = await facts(world, contract.id)
    [open_rest] = recorded_suspensions(told)
    assert (open_rest.days.first, open_rest.days.end) == (date(2026, 7, 8), None)
    world.now.instant = at("07-10 10:00")

    await resumed(world, contract)

    told = await facts(world, contract.id)
    assert [one.sequence for one in told] == [1, 2, 3]
    [rest] = recorded_suspensions(told)
    assert (rest.days.first, rest.days.end) == (date(2026, 7, 8), date(2026, 7, 10))
    assert (rest.reason, rest.decided_by.name) == (UNPAID, "Alice")
    assert told[-1].kind is ContractFactKind.RESUMED


async def test_a_rest_within_one_day_withholds_nothing_and_may_come_again(world: World) -> None:
    contract = await active(world)
    for _ in range(2):
        await suspended(world, contract)
        await resumed(world, contract)

    assert recorded_suspensions(await facts(world, contract.id)) == ()


async def test_a_ticket_that_waited_waits_again_for_the_same(both_worlds: World) -> None:
    world = both_worlds
    contract = await active(world)
    ticket = await world.ticket(site_id=SITE)
    step = WaitForClient(ticket.id, "The host is asked.", WaitingOn.THIRD_PARTY)
    await wait_for_client(world.desk, viewer=world.alice, request=step)

    await suspended(world, contract)
    assert await standing(world, ticket) == (
        TicketStatus.WAITING,
        WaitingOn.CONTRACT_SUSPENDED,
    )
    await resumed(world, contract)

    assert await standing(world, ticket) == (TicketStatus.WAITING, WaitingOn.THIRD_PARTY)
    assert (await world.history(ticket.id))[-1].reason == "The host is asked."


@pytest.mark.parametrize(
    ("writes", "after"),
    [
        (True, (TicketStatus.IN_PROGRESS, None)),
        (False, (TicketStatus.WAITING, WaitingOn.CLIENT)),
    ],
)
async def test_who_wrote_during_the_rest_is_not_waited_for(
    world: World, *, writes: bool, after: tuple[TicketStatus, WaitingOn | None]
) -> None:
    contract = await active(world)
    ticket = await world.ticket(site_id=SITE)
    step = WaitForClient(ticket.id, "Which browser?")
    await wait_for_client(world.desk, viewer=world.alice, request=step)
    await suspended(world, contract)
    if writes:
        reply = ReplyToTicket(ticket.id, "Firefox.")
        await reply_to_ticket(world.desk, viewer=world.bruno, request=reply)

    await resumed(world, contract)

    assert await standing(world, ticket) == after


async def test_a_wait_that_was_over_before_the_rest_does_not_come_back(world: World) -> None:
    contract = await active(world)
    ticket = await world.ticket(site_id=SITE)
    step = WaitForClient(ticket.id, "Which browser?")
    await wait_for_client(world.desk, viewer=world.alice, request=step)
    reply = ReplyToTicket(ticket.id, "Firefox.")
    await reply_to_ticket(world.desk, viewer=world.bruno, request=reply)
    world.now.instant = at("07-06 10:00")
    await suspended(world, contract)

    await resumed(world, contract)

    assert await standing(world, ticket) == (TicketStatus.IN_PROGRESS, None)


async def test_finished_tickets_and_those_of_other_contracts_stay_as_they_are(
    world: World,
) -> None:
    contract = await active(world)
    done = await world.ticket(site_id=SITE)
    await resolve_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(done.id))
    other = await world.ticket()
    before = await standing(world, other)

    await suspended(world, contract)
    assert await standing(world, done) == (TicketStatus.RESOLVED, None)
    assert await standing(world, other) == before
    reply = WaitForClient(other.id, "Which one?")
    await wait_for_client(world.desk, viewer=world.alice, request=reply)
    await resumed(world, contract)

    assert await standing(world, other) == (TicketStatus.WAITING, WaitingOn.CLIENT)


async def test_a_ticket_that_was_taken_up_during_the_rest_stays_in_work(world: World) -> None:
    contract = await active(world)
    ticket = await world.ticket(site_id=SITE)
    await suspended(world, contract)
    await resume_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(ticket.id))

    await resumed(world, contract)

    assert await standing(world, ticket) == (TicketStatus.IN_PROGRESS, None)
    assert len(await world.history(ticket.id)) == 3


async def test_no_request_falls_under_a_contract_that_rests(world: World) -> None:
    contract = await active(world)
    await suspended(world, contract)

    ticket = await world.ticket(site_id=SITE)

    assert ticket.contract_id == "contract-of-bruno"


async def test_a_suspension_is_refused_without_a_reason_and_out_of_turn(world: World) -> None:
    draft = await drafted(world, reference="TMA-3", site_ids=frozenset())
    contract = await active(world)
    await world.ticket(site_id=SITE)
    async with world.refused(SuspensionReasonRequired):
        request = SuspendContract(contract.id, "  ")
        await suspend_contract(world.desk, viewer=world.alice, request=request)
    async with world.refused(ContractStepRefused):
        await suspended(world, draft)
    async with world.refused(ContractStepRefused):
        await resumed(world, contract)
    await suspended(world, contract)
    async with world.refused(ContractStepRefused):
        await suspended(world, contract)
    async with world.refused(NotFound):
        request = SuspendContract(ContractId("none"), UNPAID)
        await suspend_contract(world.desk, viewer=world.alice, request=request)
