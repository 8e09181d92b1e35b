"""No worker came by as a period began: who needs the forfait gets it all the same."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from helpdesk.domain.classification import RequestNature
from helpdesk.domain.ids import SiteId
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import OveragePolicy, OverageTerms
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.contract_terms_wanted import WantedUnit
from helpdesk.usecases.turn_periods import contracts_to_turn
from tests.factories import AGENCY_ID
from tests.usecases.classifications import classify, confirm
from tests.usecases.funded_tickets import step, worked
from tests.usecases.retainers import RUN, TICKETS
from tests.usecases.upkeep import CARRIED, carried, day, proved, told, turned, used, written
from tests.usecases.world import World

GRANT = EntryKind.GRANT
JUST_BEGUN = day("2026-08-01", 0) + timedelta(seconds=30)
BLOCKED = OverageTerms(OveragePolicy.BLOCK)
STRICT = replace(
    CARRIED, units=(WantedUnit(RUN, overage=BLOCKED), WantedUnit(TICKETS, 1, overage=BLOCKED))
)


async def asked(world: World, nature: RequestNature, **facts: object) -> Ticket:
    """Return a ticket about Bruno's site that was classified and not confirmed."""
    ticket = await world.ticket(site_id=SiteId("bruno.example"))
    await classify(world, ticket, nature, **facts)
    return ticket


async def light(world: World) -> Ticket:
    """Return a ticket whose work is charged to the minutes of the forfait."""
    ticket = await asked(world, RequestNature.SMALL_UX)
    await confirm(world, ticket)
    return ticket


async def test_work_of_the_first_half_minute_is_no_overage(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    ticket = await light(world)
    await used(world, contract, 120, "work:1")
    world.now.instant = JUST_BEGUN

    await worked(world, ticket, 30)

    assert told(await written(world, contract.id)) == [
        ("grant", 120, "2026-07-01"),
        ("consume", 120, "2026-07-06"),
        ("grant", 120, "2026-08-01"),
        ("consume", 30, "2026-08-01"),
    ]
    await proved(world, contract.id)
    assert await contracts_to_turn(world.desk) == ()  # the other books were turned with it


async def test_a_request_of_the_first_half_minute_is_not_refused(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world, STRICT)
    await confirm(world, await asked(world, RequestNature.BUG))
    late = await asked(world, RequestNature.BUG)
    async with world.refused(InsufficientAllowance):
        await confirm(world, late)
    world.now.instant = JUST_BEGUN

    await confirm(world, late)
    await confirm(world, await asked(world, RequestNature.SMALL_UX, estimate_minutes=45))

    assert told(await written(world, contract.id, TICKETS), GRANT, EntryKind.HOLD) == [
        ("grant", 1, "2026-07-01"),
        ("hold", 1, "2026-07-06"),
        ("grant", 1, "2026-08-01"),
        ("hold", 1, "2026-08-01"),
    ]
    assert told(await written(world, contract.id), EntryKind.HOLD) == [("hold", 45, "2026-08-01")]
    for unit in (RUN, TICKETS):
        await proved(world, contract.id, unit)


async def test_what_is_resolved_in_the_first_half_minute_takes_what_it_held(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world, STRICT)
    ticket = await asked(world, RequestNature.BUG)
    await confirm(world, ticket)
    world.now.instant = JUST_BEGUN

    await step(world, ticket, "resolveTicket")

    entries = await written(world, contract.id, TICKETS)
    assert told(entries)[2:] == [("grant", 1, "2026-08-01"), ("consume", 1, "2026-07-06")]
    assert entries[-1].period.start == day("2026-08-01", 0)  # as July was reported
    assert entries[-1].move.lot == 1  # of July, which held it
    await proved(world, contract.id, TICKETS)


async def test_months_without_a_worker_are_caught_up_first(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    ticket = await light(world)
    world.now.instant = day("2026-10-05")

    await worked(world, ticket, 30)

    assert [on for _, _, on in told(await written(world, contract.id), GRANT)] == [
        "2026-07-01",
        "2026-08-01",
        "2026-09-01",
        "2026-10-01",
    ]
    await proved(world, contract.id)


async def test_workers_and_requests_at_once_grant_a_period_once(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    tickets = [await light(world) for _ in range(6)]
    await used(world, contract, 120, "work:1")
    world.now.instant = JUST_BEGUN

    await asyncio.gather(
        *(turned(world, contract) for _ in range(3)),
        *(worked(world, ticket, 15) for ticket in tickets),
        *(confirm(world, ticket) for ticket in [await asked(world, RequestNature.BUG)]),
    )

    entries = await written(world, contract.id)
    assert [on for _, _, on in told(entries, GRANT)] == ["2026-07-01", "2026-08-01"]
    assert told(entries, EntryKind.OVERAGE) == []
    assert told(entries, EntryKind.CONSUME)[1:] == [("consume", 15, "2026-08-01")] * 6
    granted = told(await written(world, contract.id, TICKETS), GRANT)
    assert [on for _, _, on in granted] == ["2026-07-01", "2026-08-01"]
    for unit in (RUN, TICKETS):
        await proved(world, contract.id, unit)


async def test_work_under_no_contract_turns_nothing(world: World) -> None:
    contract = await carried(world)
    world.now.instant = JUST_BEGUN
    request = await world.ticket()

    await worked(world, request, 15)

    assert await contracts_to_turn(world.desk) == ((AGENCY_ID, contract.id),)
