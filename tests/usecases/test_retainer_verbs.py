"""What fills a forfait: allowances, packs, gestures, adjustments; who may, and what is refused."""

from collections.abc import Awaitable, Callable

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing, Viewer
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.retainer import EntryInClosedPeriod, KeyReused, QuantityNotPositive
from helpdesk.domain.retainer_entry import Entry, EntryKind, LotNumber, LotSource
from helpdesk.domain.retainer_lots import AdjustmentWithoutReason, LotUnknown
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.retainer_use import InsufficientAllowance
from helpdesk.usecases.adjust_allowance import AdjustAllowance, adjust_allowance
from helpdesk.usecases.close_period import ClosePeriod, close_period
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.give_gesture import GiveGesture, give_gesture
from helpdesk.usecases.grant_allowance import GrantAllowance, grant_allowance
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.open_retainer import OpenRetainer, open_retainer
from helpdesk.usecases.purchase_pack import PurchasePack, ValidityNotPositive, purchase_pack
from helpdesk.usecases.require_manager import ManagersOnly
from helpdesk.usecases.retainer_step import RetainerMissing
from tests.factories import a_viewer, at
from tests.usecases.retainers import (
    CONTRACT,
    PACK,
    RUN,
    TICKETS,
    balance,
    entries,
    grant,
    opened,
    proved,
    some_clauses,
)
from tests.usecases.world import World

Verb = Callable[[World, Viewer, ContractId], Awaitable[object]]


async def sold(world: World, quantity: int = 600, **more: object) -> tuple[Entry, ...]:
    request = PurchasePack(CONTRACT, quantity, **more)  # type: ignore[arg-type]  # its own fields
    return await purchase_pack(world.desk, viewer=world.alice, request=request)


async def offered(world: World, quantity: int = 30, reason: str = "Sorry") -> tuple[Entry, ...]:
    request = GiveGesture(CONTRACT, RUN, quantity, reason)
    return await give_gesture(world.desk, viewer=world.alice, request=request)


async def adjusted(world: World, quantity: int, *, lot: int = 1, reason: str = "Typo") -> None:
    request = AdjustAllowance(CONTRACT, RUN, LotNumber(lot), quantity, reason)
    await adjust_allowance(world.desk, viewer=world.alice, request=request)


async def test_an_allowance_can_be_used_until_its_period_ends(both_worlds: World) -> None:
    await opened(both_worlds, RUN)

    [entry] = await grant(both_worlds, RUN, 120)

    terms = entry.move.opens
    assert terms is not None
    assert terms.source is LotSource.PLAN
    assert (terms.effective_at, terms.expires_at) == (at("07-01 00:00"), at("08-01 00:00"))
    assert await entries(both_worlds, RUN) == (entry,)
    shown = await balance(both_worlds, RUN)
    assert (shown.granted, shown.left, shown.percent) == (120, 120, 0)
    assert shown.expires_at == at("08-01 00:00")
    await proved(both_worlds, RUN)


async def test_an_allowance_is_granted_once_and_what_an_upgrade_adds_beside_it(
    world: World,
) -> None:
    await opened(world, RUN)
    first = await grant(world, RUN, 120)
    more = GrantAllowance(CONTRACT, RUN, 60, name="upgrade")

    assert await grant(world, RUN, 120) == first
    await grant_allowance(world.desk, viewer=world.alice, request=more)
    async with world.refused(KeyReused):
        await grant(world, RUN, 121)

    assert (await balance(world, RUN)).granted == 180


async def test_a_closed_period_gets_no_allowance(world: World) -> None:
    await opened(world, RUN)
    request = GrantAllowance(CONTRACT, RUN, 60, period_of=at("06-15 12:00"))

    async with world.refused(EntryInClosedPeriod):
        await grant_allowance(world.desk, viewer=world.alice, request=request)


async def test_a_pack_lasts_a_year_on_the_sites_it_was_bought_for(both_worlds: World) -> None:
    await opened(both_worlds, PACK)
    site = frozenset({SiteId("bruno.example")})

    [entry] = await sold(both_worlds, site_ids=site, reference="order 12")

    terms = entry.move.opens
    assert terms is not None
    assert terms.expires_at is not None
    assert terms.expires_at.isoformat() == "2027-07-05T22:00:00+00:00"
    assert (terms.scope, entry.posting.reason) == (site, "order 12")
    assert await entries(both_worlds, PACK) == (entry,)
    await proved(both_worlds, PACK)


async def test_a_sale_that_is_asked_for_again_is_answered_and_not_sold_again(
    both_worlds: World,
) -> None:
    world = both_worlds
    await opened(world, PACK)
    first = await sold(world, idempotency_key="order-12")
    world.now.advance(minutes=5)

    assert await sold(world, idempotency_key="order-12") == first
    async with world.refused(IdempotencyKeyReused):
        await sold(world, 300, idempotency_key="order-12")

    assert (await balance(world, PACK)).granted == 600


async def test_a_gesture_says_why_and_ends_with_the_period(world: World) -> None:
    await opened(world, RUN)

    [entry] = await offered(world, reason=" Late in June ")
    async with world.refused(TextRequired):
        await offered(world, reason=" ")

    assert entry.move.opens is not None
    assert entry.move.opens.expires_at == at("08-01 00:00")
    assert entry.posting.reason == "Late in June"


async def test_an_adjustment_takes_no_more_than_is_free(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)

    await adjusted(world, -20)
    await adjusted(world, 60)
    async with world.refused(InsufficientAllowance):
        await adjusted(world, -161)

    shown = await balance(world, RUN)
    assert (shown.granted, shown.left, shown.consumed) == (160, 160, 0)
    assert [one.move.approved_by for one in await entries(world, RUN)][1:] == [
        world.alice.actor,
        world.alice.actor,
    ]
    await proved(world, RUN)


async def test_an_empty_lot_can_be_filled_again(world: World) -> None:
    await opened(world, RUN, 120)
    await adjusted(world, -120)

    await adjusted(world, 30)

    assert (await balance(world, RUN)).left == 30
    await proved(world, RUN)


async def test_what_makes_no_sense_is_refused_and_changes_nothing(world: World) -> None:
    await opened(world, RUN, 120)
    await opened(world, PACK)

    async with world.refused(QuantityNotPositive):
        await sold(world, 0)
    async with world.refused(ValidityNotPositive):
        await sold(world, 60, months=0)
    for site in ("none", "chloe.example"):
        async with world.refused(NotFound):
            await sold(world, 60, site_ids=frozenset({SiteId(site)}))
    async with world.refused(QuantityNotPositive):
        await offered(world, -1)
    async with world.refused(AdjustmentWithoutReason):
        await adjusted(world, 1, reason=" ")
    async with world.refused(LotUnknown):
        await adjusted(world, 1, lot=7)
    async with world.refused(RetainerMissing):
        request = GiveGesture(CONTRACT, TICKETS, 1, "Sorry")
        await give_gesture(world.desk, viewer=world.alice, request=request)


async def open_(world: World, viewer: Viewer, contract_id: ContractId) -> object:
    request = OpenRetainer(contract_id, some_clauses(RetainerUnit.RUN_MINUTES))
    return await open_retainer(world.desk, viewer=viewer, request=request)


async def grant_(world: World, viewer: Viewer, contract_id: ContractId) -> object:
    request = GrantAllowance(contract_id, PACK, 5)
    return await grant_allowance(world.desk, viewer=viewer, request=request)


async def sell(world: World, viewer: Viewer, contract_id: ContractId) -> object:
    request = PurchasePack(contract_id, 60)
    return await purchase_pack(world.desk, viewer=viewer, request=request)


async def offer(world: World, viewer: Viewer, contract_id: ContractId) -> object:
    request = GiveGesture(contract_id, PACK, 5, "Sorry")
    return await give_gesture(world.desk, viewer=viewer, request=request)


async def adjust(world: World, viewer: Viewer, contract_id: ContractId) -> object:
    request = AdjustAllowance(contract_id, PACK, LotNumber(1), 5, "Typo")
    return await adjust_allowance(world.desk, viewer=viewer, request=request)


async def close(world: World, viewer: Viewer, contract_id: ContractId) -> object:
    request = ClosePeriod(contract_id, at("07-06 09:00"))
    return await close_period(world.desk, viewer=viewer, request=request)


@pytest.mark.parametrize("verb", [open_, grant_, sell, offer, adjust, close])
async def test_the_agency_alone_moves_a_forfait_of_its_own(world: World, verb: Verb) -> None:
    await opened(world, PACK, 60)
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
        (a_viewer(scopes=frozenset()), ScopeMissing),
    ):
        async with world.refused(refusal):
            await verb(world, viewer, CONTRACT)
    async with world.refused(NotFound):
        await verb(world, world.alice, ContractId("none"))


@pytest.mark.parametrize("verb", [open_, grant_, adjust, close])
async def test_managers_alone_change_what_was_agreed(world: World, verb: Verb) -> None:
    await opened(world, PACK, 60)
    asked = CreateAgent("Ada", "ada@alice.example", AgentRole.AGENT)
    agent = await create_agent(world.desk, viewer=world.alice, request=asked)

    async with world.refused(ManagersOnly):
        await verb(world, a_viewer(name="Ada", agent_id=agent.id), CONTRACT)


async def test_any_agent_sells_and_offers(world: World) -> None:
    await opened(world, PACK)
    asked = CreateAgent("Ada", "ada@alice.example", AgentRole.AGENT)
    agent = await create_agent(world.desk, viewer=world.alice, request=asked)
    ada = a_viewer(name="Ada", agent_id=agent.id)

    await sell(world, ada, CONTRACT)
    await offer(world, ada, CONTRACT)

    assert [one.kind for one in await entries(world, PACK)] == [
        EntryKind.PURCHASE,
        EntryKind.GESTURE,
    ]
