"""What the monthly report tells of the forfait: gauges and movements."""

from datetime import date

from helpdesk.domain.gauge import GaugeState
from helpdesk.usecases.log_work import LogWork, log_work
from tests.factories import at
from tests.usecases.reports import (
    JULY,
    READY,
    july,
    preview,
    worked,
)
from tests.usecases.retainers import PACK, RUN, TICKETS, opened
from tests.usecases.world import World


async def test_each_unit_of_the_forfait_has_its_gauge(both_worlds: World) -> None:
    await july(both_worlds)

    units = {one.unit: one for one in (await preview(both_worlds)).lines.consumption}

    assert list(units) == [TICKETS, RUN, PACK]
    run = units[RUN].gauge
    assert (run.granted, run.consumed, run.percent, run.state) == (120, 45, 38, GaugeState.OK)
    assert units[RUN].entries[-1].subject == "The payment fails"
    assert units[PACK].gauge.purchased == 600
    assert (units[RUN].starts_on, units[RUN].ends_on) == (date(2026, 7, 1), date(2026, 8, 1))


async def test_a_pack_bought_earlier_is_what_the_period_begins_with(both_worlds: World) -> None:
    world = both_worlds
    await july(world)
    world.now.set(at("09-01 09:00"))

    august = await preview(world, JULY.following)

    pack = {one.unit: one for one in august.lines.consumption}[PACK].gauge
    assert (pack.opening, pack.purchased, pack.total, pack.percent) == (600, 0, 600, 0)


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
