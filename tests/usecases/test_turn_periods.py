"""Periods end and begin by themselves, whenever somebody looks."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from helpdesk.domain.access import AgencyOnly
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.usecases.close_period import ClosePeriod, close_period
from helpdesk.usecases.contract_terms_wanted import WantedUnit
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.grant_allowance import GrantAllowance, grant_allowance
from helpdesk.usecases.purchase_pack import PurchasePack, purchase_pack
from helpdesk.usecases.turn_periods import contracts_to_turn
from tests.factories import AGENCY_ID, CHLOES_CLIENT
from tests.usecases.contracts import drafted, kept
from tests.usecases.retainers import CONTRACT, PACK, RUN, TICKETS, opened
from tests.usecases.upkeep import (
    CARRIED,
    book_of,
    carried,
    day,
    proved,
    resumed,
    suspended,
    timeless,
    told,
    turned,
    used,
    written,
)
from tests.usecases.world import World

GRANT, EXPIRE = EntryKind.GRANT, EntryKind.EXPIRE


async def of_chloe(world: World) -> Contract:
    """Return a contract of Chloé with the same clauses as Bruno's."""
    sites = frozenset({SiteId("chloe.example")})
    return await carried(world, client_id=CHLOES_CLIENT, site_ids=sites, reference="TMA-3")


async def bought(world: World, contract: Contract, months: int = 1) -> None:
    request = PurchasePack(contract.id, 300, RUN, months=months)
    await purchase_pack(world.desk, viewer=world.alice, request=request)


async def test_a_period_that_is_over_is_closed_and_the_next_one_granted(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world)
    await used(world, contract, 40, "work:1")
    world.now.instant = day("2026-08-01", 0) - timedelta(seconds=1)
    await turned(world, contract)
    assert told(await written(world, contract.id)) == [
        ("grant", 120, "2026-07-01"),
        ("consume", 40, "2026-07-06"),
    ]
    world.now.instant = day("2026-08-01", 0)

    await turned(world, contract)

    entries = await written(world, contract.id)
    assert told(entries[2:]) == [
        ("rollover_out", 60, "2026-08-01"),
        ("expire", 20, "2026-08-01"),
        ("rollover_in", 60, "2026-08-01"),
        ("grant", 120, "2026-08-01"),
    ]
    assert entries[-1].posting.key == "plan:2026-07-31T22:00:00+00:00"
    book = await proved(world, contract.id)
    assert book.open_from == day("2026-08-01", 0)
    assert told(await written(world, contract.id, TICKETS), GRANT)[1:] == [
        ("grant", 5, "2026-08-01")
    ]


async def test_a_year_day_by_day_closes_every_month_and_a_second_year_run_adds_nothing(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world)
    world.now.instant = day("2026-07-06")
    await bought(world, contract, months=5)
    for number in range(1, 366):
        world.now.instant = day("2026-07-06") + timedelta(days=number)
        await turned(world, contract)
        if number % 3 == 0:
            await used(world, contract, 17, f"work:{number}")
        if number % 50 == 0:
            request = GiveGesture(contract.id, RUN, 15, "Sorry.")
            await give_gesture(world.desk, viewer=world.alice, request=request)

    for unit in (RUN, TICKETS, PACK):
        await proved(world, contract.id, unit)
    entries = await written(world, contract.id)
    grants = told(entries, GRANT)
    assert [on for _, _, on in grants] == [
        *(f"2026-{month:02}-01" for month in range(7, 13)),
        *(f"2027-{month:02}-01" for month in range(1, 8)),
    ]
    assert {quantity for _, quantity, _ in grants} == {120}
    before = await world.everything()

    for number in range(0, 366, 7):
        world.now.instant = day("2026-07-06") + timedelta(days=number)
        await turned(world, contract)

    assert await world.everything() == before


async def test_who_was_away_for_three_months_catches_up_with_the_same_entries(
    both_worlds: World,
) -> None:
    world = both_worlds
    daily, late = await carried(world), await of_chloe(world)
    for contract in (daily, late):
        await bought(world, contract)  # expires on 6 August, within a period
        await used(world, contract, 40, "work:1")
    for number in range(1, 100):
        world.now.instant = day("2026-07-06") + timedelta(days=number)
        await turned(world, daily)

    await turned(world, late)

    for unit in (RUN, TICKETS):
        entries = await written(world, daily.id, unit)
        assert timeless(await written(world, late.id, unit)) == timeless(entries)
        await proved(world, late.id, unit)
    assert told(await written(world, late.id), EXPIRE)[:2] == [
        ("expire", 20, "2026-08-01"),
        ("expire", 300, "2026-08-06"),
    ]


async def test_two_workers_at_once_turn_each_period_once(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    world.now.instant = day("2026-10-02")

    await asyncio.gather(*(turned(world, contract) for _ in range(4)))

    await proved(world, contract.id)
    granted = told(await written(world, contract.id), GRANT)
    assert [on for _, _, on in granted] == ["2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01"]


async def test_work_that_is_counted_while_its_period_is_turned_harms_no_book(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world)
    world.now.instant = day("2026-09-01", 0)

    await asyncio.gather(
        *(turned(world, contract) for _ in range(3)),
        *(used(world, contract, 10, f"work:{number}") for number in range(8)),
    )

    await proved(world, contract.id)
    entries = await written(world, contract.id)
    assert [on for _, _, on in told(entries, GRANT)] == ["2026-07-01", "2026-08-01", "2026-09-01"]
    taken = told(entries, EntryKind.CONSUME, EntryKind.OVERAGE)
    assert sum(quantity for _, quantity, _ in taken) == 80


async def test_nothing_is_due_until_something_ends(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    await turned(world, contract)
    assert await contracts_to_turn(world.desk) == ()
    await bought(world, contract)
    world.now.instant = day("2026-08-01", 0)
    assert await contracts_to_turn(world.desk) == ((AGENCY_ID, contract.id),)
    await turned(world, contract)
    assert await contracts_to_turn(world.desk) == ()
    world.now.instant = day("2026-08-06", 0)  # the pack expires

    assert await contracts_to_turn(world.desk) == ((AGENCY_ID, contract.id),)

    await turned(world, contract)
    assert await contracts_to_turn(world.desk) == ()
    assert told(await written(world, contract.id), EXPIRE)[-1] == ("expire", 300, "2026-08-06")


async def test_a_book_that_never_said_when_to_look_is_looked_at_once(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        kept_book = await records.retainer.whole_book(contract.id, RUN)
        assert kept_book is not None
        await records.retainer.turn_next(kept_book, at=kept_book.book.open_from)
    assert await contracts_to_turn(world.desk) == ((AGENCY_ID, contract.id),)
    before = await written(world, contract.id)

    await turned(world, contract)

    assert await contracts_to_turn(world.desk) == ()
    assert await written(world, contract.id) == before


async def test_periods_follow_the_anniversary_and_keep_its_day(world: World) -> None:
    contract = await carried(world, replace(CARRIED, anchor_day=31))
    world.now.instant = day("2027-04-01")

    await turned(world, contract)

    granted = told(await written(world, contract.id), GRANT)
    assert [on for _, _, on in granted] == [
        "2026-06-30",
        "2026-07-31",
        "2026-08-31",
        "2026-09-30",
        "2026-10-31",
        "2026-11-30",
        "2026-12-31",
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
    ]
    await proved(world, contract.id)


async def test_a_period_that_begins_in_a_rest_gets_nothing(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    world.now.instant = day("2026-07-20")
    await suspended(world, contract)
    world.now.instant = day("2026-09-10")
    await turned(world, contract)
    await resumed(world, contract)

    world.now.instant = day("2026-10-02")
    await turned(world, contract)

    granted = told(await written(world, contract.id), GRANT)
    assert [on for _, _, on in granted] == ["2026-07-01", "2026-10-01"]
    await proved(world, contract.id)


async def test_the_allowance_of_the_first_period_is_its_share_alone(world: World) -> None:
    terms = replace(CARRIED, units=(WantedUnit(RUN, allowance=1),))
    contract = await carried(world, terms, starts_on=date(2026, 7, 31))
    world.now.instant = day("2026-07-31")

    await turned(world, contract)

    assert await written(world, contract.id) == ()  # a day of one minute a month is none
    world.now.instant = day("2026-08-01")
    await turned(world, contract)
    assert told(await written(world, contract.id)) == [("grant", 1, "2026-08-01")]


async def test_an_unlimited_unit_is_granted_nothing_and_its_periods_close(world: World) -> None:
    units = (WantedUnit(RUN, is_unlimited=True),)
    contract = await carried(world, replace(CARRIED, units=units))
    await used(world, contract, 40, "work:1")
    world.now.instant = day("2026-09-02")

    await turned(world, contract)

    assert told(await written(world, contract.id)) == [("consume", 40, "2026-07-06")]
    assert (await proved(world, contract.id)).open_from == day("2026-09-01", 0)


async def test_what_was_granted_by_hand_for_a_period_is_not_granted_again(world: World) -> None:
    contract = await carried(world)
    request = GrantAllowance(contract.id, RUN, 500, period_of=day("2026-08-15"))
    await grant_allowance(world.desk, viewer=world.alice, request=request)
    world.now.instant = day("2026-08-02")

    await turned(world, contract)

    assert told(await written(world, contract.id), GRANT) == [
        ("grant", 120, "2026-07-01"),
        ("grant", 500, "2026-08-01"),
    ]


async def test_a_book_without_a_plan_closes_its_periods_and_is_granted_nothing(
    world: World,
) -> None:
    await opened(world, RUN, granted=60)
    world.now.instant = day("2026-09-02")

    await turned(world, await kept(world, CONTRACT))

    assert told(await written(world, CONTRACT)) == [
        ("grant", 60, "2026-07-01"),
        ("expire", 60, "2026-08-01"),
    ]
    await proved(world, CONTRACT)


async def test_who_closes_a_period_by_hand_begins_the_next_one(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    world.now.instant = day("2026-08-01", 1)
    request = ClosePeriod(contract.id, day("2026-07-15"), RUN)
    async with world.refused(AgencyOnly):
        await close_period(world.desk, viewer=world.bruno, request=request)

    await close_period(world.desk, viewer=world.alice, request=request)

    assert told(await written(world, contract.id))[-1] == ("grant", 120, "2026-08-01")
    assert (await book_of(world, contract.id)).book.open_from == day("2026-08-01", 0)


async def test_a_draft_and_what_does_not_exist_are_left_alone(world: World) -> None:
    contract = await drafted(world)
    world.now.instant = day("2027-08-01")
    before = await world.everything()

    await turned(world, contract)
    await turned(world, replace(contract, id=ContractId("nobody")))

    assert await world.everything() == before
