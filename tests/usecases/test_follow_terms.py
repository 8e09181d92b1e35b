"""Terms that were agreed to come take over at their instant, once."""

from datetime import datetime

from helpdesk.domain.ids import ContractId
from helpdesk.domain.ticket import Ticket
from helpdesk.usecases.follow_terms import TakenOver, contracts_taken_over, follow_terms
from helpdesk.worker.terms import TermsWatch, look_pause
from tests.factories import AGENCY_ID, at
from tests.usecases.test_amend_contract import CONTRACT, amended
from tests.usecases.world import World

SINCE = at("07-06 10:00")
BRUNOS = TakenOver(AGENCY_ID, CONTRACT)


async def quick(world: World, ticket: Ticket) -> bool:
    """Return whether a ticket's first response is promised as the amended terms say."""
    clock = (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]
    return bool(clock["terms_version"] == 2)


async def taken_over(world: World, after: datetime | None, until: datetime) -> tuple[object, ...]:
    return await contracts_taken_over(world.desk, after=after, until=until)


async def test_a_contract_takes_over_once(both_worlds: World) -> None:
    world = both_worlds
    await amended(world, SINCE)

    assert await taken_over(world, None, at("07-06 09:59")) == ()
    assert await taken_over(world, None, SINCE) == (BRUNOS,)
    assert await taken_over(world, at("07-06 09:59"), SINCE) == (BRUNOS,)
    assert await taken_over(world, SINCE, at("07-07 09:00")) == ()


async def test_open_tickets_follow(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    await amended(world, SINCE)
    world.now.set(SINCE)

    assert await follow_terms(world.desk, BRUNOS) == (ticket.id,)
    assert await quick(world, ticket)
    assert await follow_terms(world.desk, BRUNOS) == ()


async def test_a_contract_that_is_gone_moves_nothing(world: World) -> None:
    assert await follow_terms(world.desk, TakenOver(AGENCY_ID, ContractId("none"))) == ()


async def test_the_worker_sees_them_take_over(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    await amended(world, SINCE)
    watch = TermsWatch(world.desk)

    assert await watch.follow() == 0
    assert not await quick(world, ticket)
    world.now.set(SINCE)
    assert await watch.follow() == 0
    assert await quick(world, ticket)
    assert await look_pause() > 0
