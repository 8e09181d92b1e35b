"""A price that nobody can be asked for is refused wherever it is given, and nothing changes."""

from dataclasses import replace

import pytest

from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.money import CurrencyUnknown, Money, PriceNotPositive
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.retainer_terms import OveragePolicy, OverageTerms
from helpdesk.usecases.change_plan import ChangePlan, change_plan
from helpdesk.usecases.contract_terms_wanted import WantedUnit
from helpdesk.usecases.open_retainer import OpenRetainer, open_retainer
from helpdesk.usecases.revise_contract import ReviseContract, revise_contract
from tests.usecases.contracts import SETTLED, active
from tests.usecases.contracts import drafted as drafted_contract
from tests.usecases.quotes import DISCOUNT, PAGE
from tests.usecases.quotes import drafted as drafted_quote
from tests.usecases.retainers import CONTRACT, RUN, some_clauses
from tests.usecases.world import World

NO_PRICES = [
    (Money(0), PriceNotPositive),
    (Money(-1), PriceNotPositive),
    (Money(199_00, "XYZ"), CurrencyUnknown),
    (Money(199_00, "eur"), CurrencyUnknown),
]
each_of_them = pytest.mark.parametrize(("price", "refusal"), NO_PRICES)


@each_of_them
async def test_no_contract_costs_nothing(
    world: World, price: Money, refusal: type[HelpdeskError]
) -> None:
    wanted = replace(SETTLED, price=PlanPrice(price, TaxBasis.HT))
    async with world.refused(refusal) as refused:
        await drafted_contract(world, terms=wanted)
    assert refused.value.path == ("price", "amount")
    draft = await drafted_contract(world)
    async with world.refused(refusal):
        await revise_contract(
            world.desk, viewer=world.alice, request=ReviseContract(draft.id, wanted)
        )


@each_of_them
async def test_no_plan_is_changed_for_nothing(
    world: World, price: Money, refusal: type[HelpdeskError]
) -> None:
    contract = await active(world)
    request = ChangePlan(contract.id, "guide.critique", price=PlanPrice(price, TaxBasis.HT))

    async with world.refused(refusal):
        await change_plan(world.desk, viewer=world.alice, request=request)


@each_of_them
async def test_what_is_over_the_allowance_is_not_billed_at_nothing(
    world: World, price: Money, refusal: type[HelpdeskError]
) -> None:
    overage = OverageTerms(OveragePolicy.BILL, price)
    unit = WantedUnit(RUN, 120, overage=overage)

    async with world.refused(refusal) as refused:
        await drafted_contract(world, terms=replace(SETTLED, units=(unit,)))
    assert refused.value.path == ("allowances", "overage", "price")
    async with world.refused(refusal):
        request = OpenRetainer(CONTRACT, some_clauses(RUN, overage=overage))
        await open_retainer(world.desk, viewer=world.alice, request=request)


async def test_a_quote_says_what_every_line_costs(world: World) -> None:
    async with world.refused(PriceNotPositive):
        await drafted_quote(world, lines=(PAGE, replace(PAGE, unit_price=Money(0))))


@pytest.mark.parametrize("lines", [(DISCOUNT,), (PAGE, replace(DISCOUNT, quantity=9))])
async def test_discounts_leave_something_to_pay(world: World, lines: tuple[object, ...]) -> None:
    async with world.refused(PriceNotPositive):
        await drafted_quote(world, lines=lines)
