"""Work out of hours and on holidays: what the contract says it counts for, and what it takes."""

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.access import NotFound
from helpdesk.domain.billed_time import RateImpossible, RateTerms, RoundingMode, RoundingTerms
from helpdesk.domain.business_time import BeyondHorizon
from helpdesk.domain.commercial_terms import CommercialTerms, RateClause
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import CalendarId, TicketId
from helpdesk.domain.plan import Origin, Sourced
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.usecases.contract_terms_wanted import WantedRates, WantedUnit
from helpdesk.usecases.log_work import LogWork, log_work
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from helpdesk.usecases.revise_contract import ReviseContract, revise_contract
from tests.factories import AGENCY_ID, OFFICE, at
from tests.usecases.contracts import SETTLED, SITE, active, drafted, kept
from tests.usecases.world import World

RATES = WantedRates(RateTerms(after_hours=150, holiday=200), "ouvre5")
EXACT = RoundingTerms(increment=1, mode=RoundingMode.NONE)
RATED = replace(
    SETTLED,
    rates=RATES,
    rounding=EXACT,
    units=(WantedUnit(RetainerUnit.RUN_MINUTES, 600),),
)

LONG = LogWork(TicketId(""), 20 * 365 * 24 * 60, at("07-15 10:00"), unit=RetainerUnit.RUN_MINUTES)


def clause(contract: Contract) -> CommercialTerms:
    commercial = contract.counting_terms()[-1].commercial
    assert commercial is not None
    return commercial


async def taken(world: World, contract: Contract, *work: tuple[str, int]) -> int:
    """Return what work on one ticket takes of the allowance."""
    request = OpenTicket("It is broken", "Quite.", site_id=SITE)
    ticket = await open_ticket(world.desk, viewer=world.bruno, request=request)
    assert ticket.contract_id == contract.id
    for started_at, minutes in work:
        logged = LogWork(ticket.id, minutes, at(started_at), unit=RetainerUnit.RUN_MINUTES)
        await log_work(world.desk, viewer=world.alice, request=logged)
    async with world.desk.store.reading(AGENCY_ID) as records:
        balances = await records.retainer.balances([contract.id], at=world.now())
    return next(one.consumed for one in balances if one.unit is RetainerUnit.RUN_MINUTES)


async def test_the_clause_is_kept_with_its_origin(both_worlds: World) -> None:
    world = both_worlds
    contract = await drafted(world, terms=RATED)

    agreed = RateClause(RATES.rates, CalendarId(OFFICE), "ouvre5")
    source = Sourced(agreed, Origin.AGREED, "contract TMA-2")
    assert clause(contract).rates == source
    assert clause(await kept(world, contract.id)).rates == source


async def test_a_revision_keeps_the_rates_that_it_does_not_name(world: World) -> None:
    contract = await drafted(world, terms=RATED)
    changed = replace(SETTLED, rates=None)

    revised = await revise_contract(
        world.desk, viewer=world.alice, request=ReviseContract(contract.id, changed)
    )

    assert clause(revised).rates == clause(contract).rates


@pytest.mark.parametrize(
    ("work", "minutes"),
    [
        ([("07-15 10:00", 60)], 60),  # in office hours
        ([("07-15 17:30", 60)], 75),  # half an hour of it after closing time
        ([("07-14 10:00", 60)], 120),  # a holiday
        ([("07-15 17:30", 60), ("07-15 10:00", 60)], 135),
        ([("07-13 23:30", 60)], 105),  # from a night into a holiday
    ],
)
async def test_the_highest_rate_counts_for_each_part(
    both_worlds: World, work: list[tuple[str, int]], minutes: int
) -> None:
    contract = await active(both_worlds, terms=RATED)
    both_worlds.now.instant = at("07-16 09:00")

    assert await taken(both_worlds, contract, *work) == minutes


async def test_work_before_the_calendar_begins_counts_all_the_same(world: World) -> None:
    contract = await active(world, terms=replace(RATED, rates=None))
    world.now.instant = at("07-16 09:00")

    assert await taken(world, contract, ("07-15 17:30", 60)) == 60


async def test_work_that_lasts_for_years_is_refused(world: World) -> None:
    contract = await active(world, terms=RATED)
    world.now.instant = at("07-16 09:00")
    await taken(world, contract)
    request = OpenTicket("It is broken", "Quite.", site_id=SITE)
    ticket = await open_ticket(world.desk, viewer=world.bruno, request=request)

    async with world.refused(BeyondHorizon):
        logged = replace(LONG, ticket_id=ticket.id)
        await log_work(world.desk, viewer=world.alice, request=logged)


@pytest.mark.parametrize("rates", [{"after_hours": 0}, {"holiday": -50}, {"holiday": 1001}])
def test_a_rate_that_is_none_is_refused(rates: dict[str, Any]) -> None:
    with pytest.raises(RateImpossible):
        RateTerms(**rates)


async def test_a_calendar_that_the_agency_lacks_is_refused(world: World) -> None:
    unknown = replace(RATES, calendar_code="ouvre9")
    async with world.refused(NotFound) as refused:
        await drafted(world, terms=replace(RATED, rates=unknown))
    assert refused.value.path == ("rates", "calendarCode")
