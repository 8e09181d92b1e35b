"""A contract gets another plan: what its forfait gets with it, at once or with a period."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_term import PriceChangeTooLate, RenewalNotAgreed
from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.money import Money
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.usecases.change_plan import ChangePlan, PlanChanged, change_plan
from helpdesk.usecases.contract_terms_wanted import TermLength, WantedUnit
from helpdesk.usecases.follow_terms import TakenOver, follow_terms
from tests.factories import AGENCY_ID
from tests.usecases.retainers import RUN, TICKETS
from tests.usecases.test_amend_contract import QUICKLY
from tests.usecases.upkeep import (
    CARRIED,
    book_of,
    carried,
    day,
    last,
    proved,
    suspended,
    told,
    turned,
    written,
)
from tests.usecases.world import World

GRANT = EntryKind.GRANT
LESS, MORE = PlanPrice(Money(99_00), TaxBasis.HT), PlanPrice(Money(449_00), TaxBasis.HT)
SMALL = replace(CARRIED, units=(), price=LESS)
SMALL_TIME = replace(SMALL, units=(WantedUnit(RUN, 30),))


async def changed(
    world: World, contract: Contract, plan: str, price: PlanPrice, on: date | None = None
) -> PlanChanged:
    request = ChangePlan(contract.id, plan, on, price, {"continuous": "ouvre5"})
    return await change_plan(world.desk, viewer=world.alice, request=request)


async def small(world: World) -> Contract:
    """Return a contract of two tickets a month, without minutes."""
    return await carried(world, SMALL, plan_code="guide.essentiel")


async def test_an_upgrade_at_the_first_instant_of_a_granted_period_brings_the_difference(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await small(world)
    world.now.instant = day("2026-08-01", 0)
    await turned(world, contract)

    done = await changed(world, contract, "guide.business", MORE)

    # Tickets were granted by the old plan, minutes were not: all of them come with the period.
    assert (done.change.extra_minutes, done.change.extra_tickets) == (0, 3)
    assert done.change.charge == Money(0)
    for _ in range(2):
        await turned(world, contract)
        await follow_terms(world.desk, TakenOver(AGENCY_ID, contract.id))
    assert told(await written(world, contract.id, TICKETS), GRANT)[-2:] == [
        ("grant", 2, "2026-08-01"),
        ("grant", 3, "2026-08-01"),
    ]
    assert told(await written(world, contract.id), GRANT) == [("grant", 120, "2026-08-01")]
    for unit in (RUN, TICKETS):
        await proved(world, contract.id, unit)


async def test_an_upgrade_at_the_first_instant_of_a_period_that_nobody_granted_brings_all_of_it(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world, SMALL_TIME, plan_code="guide.essentiel")
    world.now.instant = day("2026-08-01", 0)

    done = await changed(world, contract, "guide.business", MORE)

    assert (done.change.extra_minutes, done.change.extra_tickets) == (0, 0)
    assert told(await written(world, contract.id), GRANT)[-1] == ("grant", 120, "2026-08-01")
    assert told(await written(world, contract.id, TICKETS), GRANT)[-1][1] == 5


async def test_minutes_that_were_granted_at_the_first_instant_get_the_difference(
    world: World,
) -> None:
    contract = await carried(world, SMALL_TIME, plan_code="guide.essentiel")
    world.now.instant = day("2026-08-01", 0)
    await turned(world, contract)

    done = await changed(world, contract, "guide.business", MORE)

    assert done.change.extra_minutes == 90
    assert told(await written(world, contract.id), GRANT)[-2:] == [
        ("grant", 30, "2026-08-01"),
        ("grant", 90, "2026-08-01"),
    ]


async def test_an_upgrade_grants_its_difference_once_and_keeps_what_it_costs(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await small(world)

    done = await changed(world, contract, "guide.business", CARRIED.price or LESS)

    # 26 of the 31 days of July are left.
    assert (done.change.extra_minutes, done.change.extra_tickets) == (101, 3)
    fact = await last(world, contract, ContractFactKind.PLAN_CHANGED)
    assert fact.amount == done.change.charge == Money(83_87)
    assert fact.quantities == {RUN: 101, TICKETS: 3}
    for _ in range(2):
        await turned(world, contract)
        await follow_terms(world.desk, TakenOver(AGENCY_ID, contract.id))
    assert told(await written(world, contract.id, TICKETS)) == [
        ("grant", 2, "2026-07-01"),
        ("grant", 3, "2026-07-06"),
    ]
    assert told(await written(world, contract.id)) == [("grant", 101, "2026-07-06")]
    world.now.instant = day("2026-08-01")
    await turned(world, contract)
    assert told(await written(world, contract.id), GRANT)[-1] == ("grant", 120, "2026-08-01")
    assert told(await written(world, contract.id, TICKETS), GRANT)[-1][1] == 5
    for unit in (RUN, TICKETS):
        await proved(world, contract.id, unit)


async def test_an_upgrade_to_come_is_granted_for_its_day_and_a_new_unit_gets_its_book(
    world: World,
) -> None:
    models = frozenset({EngagementModel.MONTHLY_PLAN})
    contract = await carried(world, SMALL, plan_code="guide.essentiel", models=models)

    await changed(world, contract, "guide.business", MORE, on=date(2026, 9, 16))

    assert told(await written(world, contract.id), GRANT) == [("grant", 60, "2026-09-16")]
    world.now.instant = day("2026-10-01")
    await turned(world, contract)
    assert told(await written(world, contract.id), GRANT) == [
        ("grant", 60, "2026-09-16"),
        ("grant", 120, "2026-10-01"),
    ]
    await proved(world, contract.id)


@pytest.mark.parametrize(
    ("on", "granted"),
    [  # 26 and 16 of the 31 days of July are left
        (None, ("grant", 101, "2026-07-06")),
        (date(2026, 7, 16), ("grant", 62, "2026-07-16")),
    ],
)
async def test_a_plan_that_counts_something_new_brings_its_books(
    world: World, on: date | None, granted: tuple[str, int, str]
) -> None:
    free = replace(SMALL, policy=QUICKLY)
    contract = await carried(world, free, plan_code=None)

    await changed(world, contract, "guide.business", MORE, on=on)

    assert told(await written(world, contract.id)) == [granted]
    world.now.instant = day("2026-08-01")
    await turned(world, contract)
    assert told(await written(world, contract.id), GRANT)[-1] == ("grant", 120, "2026-08-01")
    await proved(world, contract.id)


async def test_an_upgrade_with_a_period_is_paid_and_granted_with_the_period(world: World) -> None:
    contract = await small(world)

    done = await changed(world, contract, "guide.business", MORE, on=date(2026, 8, 1))

    assert (done.change.charge, done.change.extra_minutes, done.change.extra_tickets) == (
        Money(0),
        0,
        0,
    )
    world.now.instant = day("2026-08-01")
    await turned(world, contract)
    assert told(await written(world, contract.id), GRANT) == [("grant", 120, "2026-08-01")]


async def test_an_upgrade_in_a_rest_grants_nothing_yet(world: World) -> None:
    contract = await small(world)
    world.now.instant = day("2026-07-10")
    await suspended(world, contract)

    done = await changed(world, contract, "guide.business", MORE)

    assert (done.change.extra_minutes, done.change.extra_tickets) == (0, 0)
    assert await written(world, contract.id) == ()


async def test_what_becomes_unlimited_is_so_at_once(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)

    done = await changed(world, contract, "guide.critique", MORE)

    assert done.change.extra_tickets is None
    fact = await last(world, contract, ContractFactKind.PLAN_CHANGED)
    assert fact.quantities[TICKETS] is None
    assert (await book_of(world, contract.id, TICKETS)).book.terms.is_unlimited


async def test_a_downgrade_counts_from_the_next_grant_and_closes_by_the_old_clauses(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world)
    before = await written(world, contract.id, TICKETS)

    await changed(world, contract, "guide.essentiel", LESS)

    assert await written(world, contract.id, TICKETS) == before
    assert (await last(world, contract, ContractFactKind.PLAN_CHANGED)).quantities == {}
    world.now.instant = day("2026-08-01", 1)
    await turned(world, contract)
    assert told(await written(world, contract.id, TICKETS), GRANT)[-1] == (
        "grant",
        2,
        "2026-08-01",
    )
    # Half of the minutes of July is carried over, as the contract said then.
    assert ("rollover_in", 60, "2026-08-01") in told(await written(world, contract.id))


async def test_the_clauses_of_a_book_follow_when_terms_take_over(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    await changed(world, contract, "guide.critique", MORE, on=date(2026, 7, 20))
    assert not (await book_of(world, contract.id, TICKETS)).book.terms.is_unlimited
    world.now.instant = day("2026-07-20")

    await follow_terms(world.desk, TakenOver(AGENCY_ID, contract.id))

    assert (await book_of(world, contract.id, TICKETS)).book.terms.is_unlimited


async def test_the_same_plan_costs_more_from_the_next_term_on(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)

    done = await changed(world, contract, "guide.business", MORE)

    assert done.change.effective_on == date(2027, 7, 1)
    assert (done.change.charge, done.change.extra_minutes) == (Money(0), 0)
    assert done.contract.terms[-1].effective_from == day("2027-07-01", 0)


@pytest.mark.parametrize(
    ("on", "length", "refusal"),
    [
        ("2027-03-31", TermLength(12, 12), PriceChangeTooLate),
        ("2026-07-06", TermLength(12), RenewalNotAgreed),
    ],
)
async def test_a_price_that_the_client_cannot_flee_is_refused(
    world: World, on: str, length: TermLength, refusal: type[PriceChangeTooLate]
) -> None:
    contract = await carried(world, length=length)
    world.now.instant = day(on)

    async with world.refused(refusal):
        await changed(world, contract, "guide.business", MORE)
