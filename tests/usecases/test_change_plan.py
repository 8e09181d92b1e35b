"""A contract gets another plan: a larger one now, a smaller one with the next period."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from helpdesk.domain.access import AgencyOnly
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_life import TaxBasisNotStated
from helpdesk.domain.engagement import EngagementMissing, EngagementModel
from helpdesk.domain.ids import SiteId
from helpdesk.domain.money import CurrenciesDiffer, Money
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.presets.catalogue import PresetUnknown
from helpdesk.usecases.amend_contract import TermsNotLater
from helpdesk.usecases.change_plan import (
    ChangePlan,
    ContractNotInForce,
    PlanChanged,
    PlanWithoutPrice,
    change_plan,
)
from helpdesk.usecases.version_to_come import VersionInPast
from tests.domain.business_calendars import paris
from tests.factories import at
from tests.usecases.contracts import BRUNO, PRICE, SETTLED, active, drafted, facts, kept
from tests.usecases.test_amend_contract import QUICKLY
from tests.usecases.world import World

LESS = PlanPrice(Money(99_00), TaxBasis.HT)
MORE = PlanPrice(Money(449_00), TaxBasis.HT)


async def changed(
    world: World,
    plan: str,
    price: PlanPrice | None = MORE,
    *,
    on: date | None = None,
) -> PlanChanged:
    """Return the one contract that the tests made after a change of its plan."""
    async with world.desk.store.reading(world.alice.agency_id) as records:
        contracts = await records.contracts.contracts_of(BRUNO)
    [contract] = [one for one in contracts if one.reference == "TMA-2"]
    request = ChangePlan(contract.id, plan, on, price, {"continuous": "ouvre5"})
    return await change_plan(world.desk, viewer=world.alice, request=request)


async def test_an_upgrade_holds_at_once_and_moves_the_deadlines(both_worlds: World) -> None:
    world = both_worlds
    before = replace(SETTLED, price=LESS, policy=QUICKLY)
    contract = await active(world, plan_code="guide.essentiel", terms=before)
    ticket = await world.ticket(site_id=SiteId("bruno.example"))
    usual = await world.ticket()  # under the contract for every site, on guide.business
    due = (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["deadline_at"]
    assert due == at("07-06 09:30")

    done = await changed(world, "guide.business", PRICE)

    assert done.contract == await kept(world, contract.id)
    old, new = done.contract.terms
    assert (new.version, new.effective_from) == (2, at("07-06 09:00"))
    assert (new.plan_code, new.matrix) == ("guide.business", old.matrix)
    assert new.commercial is not None
    assert new.commercial.units[RetainerUnit.RUN_MINUTES].allowance.value == 120
    assert new.commercial.notice == SETTLED.notice
    # 26 of the 31 days of July are left.
    assert done.change.effective_on == date(2026, 7, 6)
    assert done.change.charge == Money(83_87)
    assert (done.change.extra_minutes, done.change.extra_tickets) == (101, 3)
    due = (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["deadline_at"]
    assert due == (await world.clocks(usual.id))["FIRST_RESPONSE", 1]["deadline_at"]
    fact = (await facts(world, contract.id))[-1]
    assert (fact.kind, fact.reason) == (
        ContractFactKind.PLAN_CHANGED,
        "guide.essentiel -> guide.business",
    )


@pytest.mark.parametrize(
    ("on", "effective"),
    [
        (None, paris("2026-08-01 00:00")),
        (date(2026, 7, 20), paris("2026-08-01 00:00")),
        (date(2026, 9, 1), paris("2026-09-01 00:00")),
    ],
)
async def test_a_downgrade_waits_for_the_next_period(
    both_worlds: World, on: date | None, effective: datetime
) -> None:
    world = both_worlds
    contract = await active(world)
    ticket = await world.ticket(site_id=SiteId("bruno.example"))
    before = await world.clocks(ticket.id)

    done = await changed(world, "guide.essentiel", LESS, on=on)

    assert done.contract == await kept(world, contract.id)
    assert done.contract.terms[-1].effective_from == effective
    assert done.contract.terms_at(at("07-06 09:00")).plan_code == "guide.business"
    assert (done.change.charge, done.change.extra_minutes) == (Money(0), 0)
    assert done.change.effective_on == effective.astimezone(paris("2026-08-01 00:00").tzinfo).date()
    assert await world.clocks(ticket.id) == before


async def test_an_upgrade_may_be_put_off(world: World) -> None:
    await active(world)

    done = await changed(world, "guide.critique", on=date(2026, 7, 20))

    assert done.contract.terms[-1].effective_from == paris("2026-07-20 00:00")
    assert done.change.extra_tickets is None


async def test_a_change_of_the_past_is_refused(world: World) -> None:
    await active(world)

    async with world.refused(VersionInPast):
        await changed(world, "guide.critique", on=date(2026, 7, 5))


async def test_a_change_before_one_that_was_agreed_is_refused(world: World) -> None:
    await active(world)
    await changed(world, "guide.essentiel", LESS)

    async with world.refused(TermsNotLater):
        await changed(world, "guide.critique")


async def test_an_impossible_change_is_refused(world: World) -> None:
    await active(world)
    for plan, price, refusal in (
        ("guide.gold", MORE, PresetUnknown),
        ("guide.critique", None, PlanWithoutPrice),
        ("guide.critique", PlanPrice(Money(1), None), TaxBasisNotStated),
        ("guide.critique", PlanPrice(Money(999_00, "USD"), TaxBasis.HT), CurrenciesDiffer),
    ):
        async with world.refused(refusal):
            await changed(world, plan, price)


async def test_what_the_engagement_cannot_pay_is_refused(world: World) -> None:
    models = frozenset({EngagementModel.SLA})
    await active(world, plan_code=None, models=models, terms=replace(SETTLED, policy=QUICKLY))

    async with world.refused(EngagementMissing):
        await changed(world, "guide.critique")


async def test_a_contract_without_a_price_may_get_a_plan_without_one(world: World) -> None:
    await active(world, terms=replace(SETTLED, price=None))

    done = await changed(world, "guide.critique", None)

    assert done.contract.terms[-1].plan_code == "guide.critique"
    assert done.change.charge == Money(0)


async def test_the_plan_of_a_draft_is_not_changed_nor_by_a_client(world: World) -> None:
    contract = await drafted(world)
    async with world.refused(ContractNotInForce):
        await changed(world, "guide.critique")
    async with world.refused(AgencyOnly):
        request = ChangePlan(contract.id, "guide.critique")
        await change_plan(world.desk, viewer=world.bruno, request=request)
