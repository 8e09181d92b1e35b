"""A consumer who was not told of a renewal in time leaves when he likes, for nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.domain.consumer_notice import ClientKind
from helpdesk.domain.contract import Contract, ContractStatus
from helpdesk.domain.contract_facts import ContractFact, ContractFactKind
from helpdesk.domain.money import Money
from helpdesk.domain.plan import BillingInterval, PlanPrice, TaxBasis
from helpdesk.usecases.give_notice import GiveNotice, give_notice
from helpdesk.usecases.suspend_contract import SuspendContract, suspend_contract
from helpdesk.usecases.turn_periods import contracts_to_turn
from helpdesk.usecases.update_client import UpdateClient, update_client
from tests.domain.business_calendars import paris
from tests.usecases.contracts import BRUNO, SETTLED, active, facts, kept, tended
from tests.usecases.retainers import RUN, TICKETS
from tests.usecases.upkeep import proved
from tests.usecases.world import World

# A contract of the 15th of January 2026 over a year, renewed on the 15th of January 2027.
IN_THE_WINDOW, RENEWED, LEFT = "2026-08-01 09:00", "2027-01-15 00:00", "2027-03-01 14:00"
BY_THE_YEAR = replace(
    SETTLED, price=PlanPrice(Money(30_00), TaxBasis.HT), billing=BillingInterval.YEARLY
)
BY_THE_MONTH = replace(BY_THE_YEAR, billing=BillingInterval.MONTHLY)


async def since_january(world: World, kind: ClientKind, **changes: Any) -> Contract:
    """Return a contract of Bruno that began in January, paid by the year. Any: what is asked."""
    request = UpdateClient(BRUNO, kind=kind)
    await update_client(world.desk, viewer=world.alice, request=request)
    asked = {"starts_on": date(2026, 1, 15), "terms": BY_THE_YEAR, **changes}
    return await active(world, **asked)


async def left(world: World, contract: Contract, on: str = LEFT) -> Contract:
    """Return the contract after notice of a day."""
    world.now.instant = paris(on)
    request = GiveNotice(contract.id, "A letter of Bruno.")
    return await give_notice(world.desk, viewer=world.alice, request=request)


async def refunds(world: World, contract: Contract) -> list[ContractFact]:
    found = await facts(world, contract.id)
    return [one for one in found if one.kind is ContractFactKind.PREPAYMENT_REFUNDED]


@pytest.mark.parametrize("kind", [ClientKind.CONSUMER, ClientKind.NON_PROFESSIONAL])
async def test_who_was_not_told_leaves_on_the_day_he_asks(
    both_worlds: World, kind: ClientKind
) -> None:
    world = both_worlds
    contract = await since_january(world, kind, terms=BY_THE_MONTH)

    over = await left(world, contract)

    assert over == await kept(world, contract.id)
    assert (over.status, over.ends_on) == (ContractStatus.ENDED, date(2027, 3, 1))
    told = await facts(world, contract.id)
    assert [one.kind for one in told[1:4]] == [
        ContractFactKind.RENEWED,
        ContractFactKind.NOTICE_GIVEN,
        ContractFactKind.ENDED,
    ]
    assert (told[2].day, told[2].until) == (date(2027, 3, 1), date(2027, 3, 1))
    assert await refunds(world, contract) == []  # nothing was paid ahead
    for unit in (RUN, TICKETS):
        await proved(world, contract.id, unit)


async def test_the_rest_of_a_year_that_was_paid_ahead_is_paid_back_within_thirty_days(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await since_january(world, ClientKind.CONSUMER)

    await left(world, contract)

    [fact] = await refunds(world, contract)
    assert (fact.day, fact.until) == (date(2027, 3, 1), date(2027, 3, 31))
    assert fact.amount == Money(315_62)  # 320 of 365 days of 360.00
    assert fact.reason == "L. 215-1"


async def test_who_leaves_as_the_year_begins_gets_all_of_it_back(world: World) -> None:
    contract = await since_january(world, ClientKind.CONSUMER)

    await left(world, contract, RENEWED)

    assert [one.amount for one in await refunds(world, contract)] == [Money(360_00)]


async def test_a_contract_without_a_price_has_nothing_to_pay_back(world: World) -> None:
    terms = replace(BY_THE_YEAR, price=None)
    contract = await since_january(world, ClientKind.CONSUMER, terms=terms)

    assert (await left(world, contract)).status is ContractStatus.ENDED
    assert await refunds(world, contract) == []


async def test_who_rests_leaves_as_well(world: World) -> None:
    contract = await since_january(world, ClientKind.CONSUMER)
    world.now.instant = paris(LEFT)
    request = SuspendContract(contract.id, "Unpaid.")
    await suspend_contract(world.desk, viewer=world.alice, request=request)

    over = await left(world, contract)

    assert (over.status, over.ends_on) == (ContractStatus.ENDED, date(2027, 3, 1))
    assert await contracts_to_turn(world.desk) == ()


@pytest.mark.parametrize("why", ["professional", "told", "before the renewal"])
async def test_everybody_else_stays_until_a_term_ends(world: World, why: str) -> None:
    kind = ClientKind.PROFESSIONAL if why == "professional" else ClientKind.CONSUMER
    contract = await since_january(world, kind)
    if why == "told":
        world.now.instant = paris(IN_THE_WINDOW)
        await tended(world)
    on = "2027-01-14 23:59" if why == "before the renewal" else LEFT

    ending = await left(world, contract, on)

    assert (ending.status, ending.ends_on) == (ContractStatus.ENDING, date(2028, 1, 15))
    assert await refunds(world, contract) == []


async def test_to_be_told_of_one_renewal_says_nothing_of_the_next(world: World) -> None:
    contract = await since_january(world, ClientKind.CONSUMER)
    world.now.instant = paris(IN_THE_WINDOW)
    await tended(world)

    over = await left(world, contract, "2028-02-01 09:00")

    assert (over.status, over.ends_on) == (ContractStatus.ENDED, date(2028, 2, 1))
