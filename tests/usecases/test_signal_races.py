"""Many calls about one outage at once: one incident, one ticket, and nothing lost."""

import asyncio

from helpdesk.domain.monitoring import MonitoringTool, SignalState
from helpdesk.storage.tables.availability import INCIDENT, PROBE_WATCH
from helpdesk.storage.tables.monitoring import MONITORING_SIGNAL
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.record_incident import RecordIncident, record_incident
from tests.factories import at
from tests.usecases.monitoring import BRUNOS_SITE, a_hook, an_event, called, robot_says
from tests.usecases.world import World

AT_ONCE = 12


async def test_one_outage_told_by_many_calls_at_once_is_one_ticket(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world, site_id=None)

    signals = await asyncio.gather(
        *(
            called(world, hook, an_event(site="bruno.example", detail=str(number)))
            for number in range(AT_ONCE)
        )
    )

    assert {signal.state for signal in signals} == {SignalState.DONE}
    assert len(await world.rows(MONITORING_SIGNAL)) == AT_ONCE
    assert len(await world.rows(INCIDENT)) == 1
    assert len(await world.rows(TICKET)) == 1
    assert len(await world.rows(PROBE_WATCH)) == 1


async def test_the_same_call_many_times_at_once_is_one_call(both_worlds: World) -> None:
    world = both_worlds
    hook = await a_hook(world, MonitoringTool.UPTIMEROBOT)
    event = robot_says("1", world.now())

    await asyncio.gather(*(called(world, hook, event) for _ in range(AT_ONCE)))

    assert len(await world.rows(MONITORING_SIGNAL)) == 1
    assert len(await world.rows(TICKET)) == 1


async def test_of_overlapping_words_at_once_one_is_kept(both_worlds: World) -> None:
    world = both_worlds
    request = RecordIncident(BRUNOS_SITE, at("07-06 08:00"), "Down", at("07-06 08:30"))

    results = await asyncio.gather(
        *(record_incident(world.desk, viewer=world.alice, request=request) for _ in range(AT_ONCE)),
        return_exceptions=True,
    )

    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert len(await world.rows(INCIDENT)) == 1
