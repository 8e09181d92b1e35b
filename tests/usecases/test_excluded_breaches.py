"""A breach of an excluded ticket is missed like any other, and counted apart (R-SLA 6)."""

import pytest

from helpdesk.domain.month import Month, Months
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.exclude_ticket import LiftExclusion, lift_exclusion
from helpdesk.usecases.set_priority import SetPriority, set_priority
from helpdesk.usecases.sla_compliance import SlaComplianceQuestion
from tests.usecases.classifications import exclude
from tests.usecases.clocks import asked
from tests.usecases.world import World

SUMMER = Months(Month(2026, 7), Month(2026, 8))


async def critical(world: World) -> Ticket:
    """Return a request that has to be answered within the day."""
    ticket = await world.ticket()
    weighed = SetPriority(ticket.id, priority=Priority.P0, reason="The shop is down")
    return await set_priority(world.desk, viewer=world.alice, request=weighed)


async def figures(world: World) -> tuple[int, int, int]:
    """Return what was met, missed and excluded."""
    total = (await asked(world, world.alice, SlaComplianceQuestion(SUMMER))).total.figures
    return total.met, total.missed, total.missed_excluded


@pytest.mark.parametrize("days", [10, 40])
async def test_an_excluded_breach_counts_as_missed_and_apart(both_worlds: World, days: int) -> None:
    world = both_worlds
    first, other = await critical(world), await critical(world)
    world.now.advance(days=days)
    met, missed, none = await figures(world)
    assert none == 0

    excluded = await exclude(world, first)
    of_one = (await figures(world))[2]
    assert await figures(world) == (met, missed, of_one)
    assert of_one * 2 == missed
    await exclude(world, other)
    assert await figures(world) == (met, missed, missed)
    lifting = LiftExclusion(excluded.id, "A gesture")
    await lift_exclusion(world.desk, viewer=world.alice, request=lifting)

    assert await figures(world) == (met, missed, of_one)
