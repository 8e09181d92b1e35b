"""What the monthly report tells of the movements of a forfait."""

from helpdesk.usecases.log_work import LogWork, log_work
from tests.factories import at
from tests.usecases.reports import READY, preview, worked
from tests.usecases.retainers import RUN, opened
from tests.usecases.world import World


async def test_the_movements_of_the_forfait_are_told_by_their_day(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    ticket = await world.ticket("Slow pages")
    await worked(world, ticket, 30, at("07-08 12:30"))
    forgotten = LogWork(ticket.id, 60, started_at=at("07-07 09:00"), unit=RUN)
    await log_work(world.desk, viewer=world.alice, request=forgotten)
    world.now.set(READY)

    (run,) = (one for one in (await preview(world)).lines.consumption if one.unit is RUN)

    told = [(entry.quantity, entry.at.day) for entry in run.entries[1:]]
    assert told == [(60, 7), (30, 8)]
