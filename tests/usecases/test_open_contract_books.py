"""A contract that comes into force has its books, with its share of the first period."""

from datetime import date

from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.ids import ContractId
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.purchase_pack import PurchasePack, purchase_pack
from helpdesk.usecases.retainer_ports import KeptBalance
from tests.factories import AGENCY_ID, at
from tests.usecases.contracts import active
from tests.usecases.retainers import PACK, RUN, TICKETS
from tests.usecases.world import World


async def balances(world: World, contract_id: ContractId) -> dict[RetainerUnit, KeptBalance]:
    async with world.desk.store.reading(AGENCY_ID) as records:
        found = await records.retainer.balances([contract_id], at=world.now())
    return {one.unit: one for one in found}


async def test_who_joins_within_a_period_gets_his_share_of_it(both_worlds: World) -> None:
    contract = await active(both_worlds)

    shown = await balances(both_worlds, contract.id)

    # 26 of the 31 days of July: of 120 minutes half-up, of 5 tickets rounded up.
    assert shown[RUN].left == 101
    assert shown[TICKETS].left == 5
    assert shown[RUN].expires_at == at("08-01 00:00")


async def test_a_contract_that_begins_later_is_granted_from_its_first_day(world: World) -> None:
    contract = await active(world, starts_on=date(2026, 9, 1))

    before = await balances(world, contract.id)
    world.now.set(at("09-01 00:00"))
    after = await balances(world, contract.id)

    assert (before[RUN].left, after[RUN].left) == (0, 120)


async def test_a_contract_that_began_before_gets_the_whole_period_of_today(world: World) -> None:
    contract = await active(world, starts_on=date(2026, 3, 15))

    assert (await balances(world, contract.id))[RUN].left == 120


async def test_a_plan_without_minutes_opens_a_book_without_movement(world: World) -> None:
    contract = await active(
        world, plan_code="guide.essentiel", models=frozenset({EngagementModel.MONTHLY_PLAN})
    )

    shown = await balances(world, contract.id)

    assert (shown[RUN].granted, shown[RUN].percent) == (0, None)
    assert PACK not in shown


async def test_a_contract_with_prepaid_time_can_be_sold_packs(world: World) -> None:
    contract = await active(world)

    request = PurchasePack(contract.id, 600)
    await purchase_pack(world.desk, viewer=world.alice, request=request)

    assert (await balances(world, contract.id))[PACK].left == 600
