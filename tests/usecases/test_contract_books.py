"""What happens to a contract reaches its forfait: a rest and its end."""

from dataclasses import replace
from datetime import date

from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.ids import SiteId
from helpdesk.domain.money import Money
from helpdesk.domain.pack_clause import PackClause
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.retainer_entry import EntryKind, LotNumber
from helpdesk.usecases.contract_terms_wanted import TermLength
from helpdesk.usecases.end_contract import end_contract
from helpdesk.usecases.give_notice import GiveNotice, give_notice
from helpdesk.usecases.purchase_pack import PurchasePack, purchase_pack
from helpdesk.usecases.ticket_retainer import TicketUse, hold_for_ticket, release_for_ticket
from helpdesk.usecases.turn_periods import contracts_to_turn
from tests.factories import AGENCY_ID, ALICE
from tests.usecases.contracts import facts, kept, tended
from tests.usecases.retainers import PACK, RUN, TICKETS
from tests.usecases.test_amend_contract import QUICKLY
from tests.usecases.upkeep import (
    CARRIED,
    book_of,
    carried,
    day,
    last,
    proved,
    resumed,
    suspended,
    told,
    turned,
    used,
    written,
)
from tests.usecases.world import World

GRANT, EXTEND, EXPIRE, ADJUST = (
    EntryKind.GRANT,
    EntryKind.EXTEND,
    EntryKind.EXPIRE,
    EntryKind.ADJUST,
)
LESS, MORE = PlanPrice(Money(99_00), TaxBasis.HT), PlanPrice(Money(449_00), TaxBasis.HT)
SMALL = replace(CARRIED, units=(), price=LESS)
REFUNDED = replace(CARRIED, packs=PackClause(refunds={PACK: Money(80_00)}))
NOT_PROLONGED = replace(CARRIED, packs=PackClause(is_prolonged_by_rests=False))


async def bought(world: World, contract: Contract, months: int = 12) -> None:
    request = PurchasePack(contract.id, 600, PACK, months=months)
    await purchase_pack(world.desk, viewer=world.alice, request=request)


async def ended(world: World, contract: Contract) -> Contract:
    """Return a contract that ends on 1 July 2027, once that day has come."""
    await give_notice(world.desk, viewer=world.alice, request=GiveNotice(contract.id))
    world.now.instant = day("2027-07-01", 1)
    return await end_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def pack_expiry(world: World, contract: Contract) -> str:
    book = (await book_of(world, contract.id, PACK)).book
    expires_at = book.lots[LotNumber(1)].terms.expires_at
    assert expires_at is not None
    return expires_at.astimezone(book.terms.periods.zone).isoformat()


async def test_a_pack_lasts_as_much_longer_as_the_contract_rested(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world)
    await bought(world, contract, months=1)  # until 6 August
    world.now.instant = day("2026-07-20")
    await suspended(world, contract)
    world.now.instant = day("2026-08-20")
    await turned(world, contract)
    assert await contracts_to_turn(world.desk) == ()  # what waits is not looked at again
    assert told(await written(world, contract.id, PACK), EXPIRE) == []

    await resumed(world, contract)

    assert await pack_expiry(world, contract) == "2026-09-06T00:00:00+02:00"
    world.now.instant = day("2026-09-07")
    await turned(world, contract)
    assert told(await written(world, contract.id, PACK), EXPIRE) == [("expire", 600, "2026-09-06")]
    await proved(world, contract.id, PACK)


async def test_a_rest_of_which_nobody_looked_prolongs_all_the_same(world: World) -> None:
    contract = await carried(world)
    await bought(world, contract, months=1)
    world.now.instant = day("2026-07-20")
    await suspended(world, contract)
    world.now.instant = day("2026-08-20")

    await resumed(world, contract)
    await turned(world, contract)

    assert await pack_expiry(world, contract) == "2026-09-06T00:00:00+02:00"
    await suspended(world, contract)  # and goes on the same day
    await resumed(world, contract)
    assert len(told(await written(world, contract.id, PACK), EXTEND)) == 1
    await proved(world, contract.id, PACK)


async def test_a_contract_may_say_that_packs_do_not_wait(world: World) -> None:
    contract = await carried(world, NOT_PROLONGED)
    await bought(world, contract, months=1)
    world.now.instant = day("2026-07-20")
    await suspended(world, contract)
    world.now.instant = day("2026-08-20")

    await resumed(world, contract)
    await turned(world, contract)

    assert told(await written(world, contract.id, PACK)) == [
        ("purchase", 600, "2026-07-06"),
        ("expire", 600, "2026-08-06"),
    ]


async def test_a_forfait_that_is_used_up_leaves_nothing_to_lose(world: World) -> None:
    free = replace(SMALL, policy=QUICKLY)
    contract = await carried(world, free, plan_code=None, length=TermLength(12))

    await ended(world, contract)

    kinds = {one.kind for one in await facts(world, contract.id)}
    assert ContractFactKind.BALANCE_LOST not in kinds


async def test_the_end_of_a_contract_ends_its_lots_and_nothing_is_carried_over(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world, length=TermLength(12))
    await used(world, contract, 20, "work:1")
    world.now.instant = day("2027-06-02")
    await turned(world, contract)

    await ended(world, contract)

    fact = await last(world, contract, ContractFactKind.BALANCE_LOST)
    assert fact.quantities == {RUN: 180, TICKETS: 5}  # of June, and what May left of minutes
    assert told(await written(world, contract.id))[-2:] == [
        ("expire", 60, "2027-07-01"),
        ("expire", 120, "2027-07-01"),
    ]
    for unit in (RUN, TICKETS):
        book = await proved(world, contract.id, unit)
        assert book.open_from == day("2027-07-01", 0)
    world.now.instant = day("2027-12-01")
    assert await contracts_to_turn(world.desk) == ()


async def test_what_nobody_looked_at_for_long_ends_the_same_way(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world, length=TermLength(12))
    world.now.instant = day("2027-09-10")

    await tended(world)

    granted = told(await written(world, contract.id), GRANT)
    assert (len(granted), granted[-1]) == (12, ("grant", 120, "2027-06-01"))
    assert (await last(world, contract, ContractFactKind.BALANCE_LOST)).day == date(2027, 7, 1)
    await proved(world, contract.id)
    assert await contracts_to_turn(world.desk) == ()


async def test_packs_are_paid_back_where_the_contract_says_so(both_worlds: World) -> None:
    world = both_worlds
    contract = await carried(world, REFUNDED)
    world.now.instant = day("2027-01-15")
    await bought(world, contract)

    await ended(world, contract)

    fact = await last(world, contract, ContractFactKind.PACKS_REFUNDED)
    assert (fact.amount, fact.quantities) == (Money(800_00), {PACK: 600})
    [_, refund] = await written(world, contract.id, PACK)
    assert (refund.kind, refund.quantity) == (ADJUST, -600)
    assert refund.move.approved_by == ALICE
    await proved(world, contract.id, PACK)


async def test_packs_are_lost_where_the_contract_says_nothing(world: World) -> None:
    contract = await carried(world)
    world.now.instant = day("2027-01-15")
    await bought(world, contract)

    await ended(world, contract)

    fact = await last(world, contract, ContractFactKind.BALANCE_LOST)
    assert fact.quantities[PACK] == 600


async def test_what_an_open_ticket_holds_stays_its_own_and_ends_with_it(
    both_worlds: World,
) -> None:
    world = both_worlds
    contract = await carried(world, length=TermLength(12))
    world.now.instant = day("2027-06-20")
    await turned(world, contract)
    ticket = await world.ticket(site_id=SiteId("bruno.example"))
    use = TicketUse(ticket, ALICE)
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await hold_for_ticket(world.desk, records, use)

    await ended(world, contract)

    assert (await last(world, contract, ContractFactKind.BALANCE_LOST)).quantities[TICKETS] == 4
    [held] = (await book_of(world, contract.id, TICKETS)).book.holds.values()
    assert held.quantity == 1
    world.now.instant = day("2027-07-20")
    async with world.desk.store.transaction(AGENCY_ID) as records:
        await release_for_ticket(world.desk, records, use)
    assert told(await written(world, contract.id, TICKETS))[-1][:2] == ("expire", 1)
    world.now.instant = day("2027-09-20")
    assert await contracts_to_turn(world.desk) == ((AGENCY_ID, contract.id),)
    await turned(world, contract)
    assert await contracts_to_turn(world.desk) == ()
    await proved(world, contract.id, TICKETS)


async def test_what_was_agreed_about_packs_is_kept(both_worlds: World) -> None:
    contract = await carried(both_worlds, REFUNDED)

    sold = (await kept(both_worlds, contract.id)).terms[-1].commercial

    assert sold is not None
    assert sold.packs == REFUNDED.packs
