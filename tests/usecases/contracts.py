"""Contracts that the tests of their life start from."""

from dataclasses import replace
from datetime import date
from typing import Any

from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFact
from helpdesk.domain.contract_life import Perimeter
from helpdesk.domain.contract_term import Notice
from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.money import Money
from helpdesk.domain.plan import PlanPrice, TaxBasis
from helpdesk.domain.priority import MatrixAcceptance
from helpdesk.usecases.activate_contract import activate_contract
from helpdesk.usecases.contract_terms_wanted import TermLength, WantedTerms
from helpdesk.usecases.create_contract import CreateContract, create_contract
from helpdesk.usecases.tend_contracts import contracts_to_tend, tend_contract
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, at
from tests.usecases.world import World

BRUNO = BRUNOS_CLIENT
SITE = SiteId("bruno.example")
A_YEAR = TermLength(12, 12)
PRICE = PlanPrice(Money(199_00), TaxBasis.HT)
SETTLED = WantedTerms(
    notice=Notice(months=3),
    price=PRICE,
    perimeter=Perimeter(("The shop",), ("New features",)),
    calendar_definitions=("Monday to Friday, 9 to 13 and 14 to 18",),
    acceptance=MatrixAcceptance("Bruno", at("07-06 09:00")),
)
DRAFT = CreateContract(
    client_id=BRUNO,
    reference="TMA-2",
    name="Maintenance of the shop",
    starts_on=date(2026, 7, 6),
    models=frozenset(EngagementModel),
    length=A_YEAR,
    site_ids=frozenset({SITE}),
    plan_code="guide.business",
    terms=SETTLED,
    internal_note="He pays late.",
)


async def drafted(world: World, **changes: Any) -> Contract:  # Any: the fields of the request
    """Return a draft of Bruno for his site, with everything settled unless the changes say less."""
    return await create_contract(world.desk, viewer=world.alice, request=replace(DRAFT, **changes))


async def active(world: World, **changes: Any) -> Contract:  # Any: the fields of the request
    """Return a contract of Bruno that is in force."""
    contract = await drafted(world, **changes)
    return await activate_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def kept(world: World, contract_id: ContractId) -> Contract:
    """Return a contract as the database has it."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        contract = await records.contracts.contract(contract_id)
    assert contract is not None
    return contract


async def facts(world: World, contract_id: ContractId) -> tuple[ContractFact, ...]:
    """Return what happened to a contract."""
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.contracts.facts(contract_id)


async def tended(world: World) -> None:
    """Let what is due of itself today happen to the contracts of Alice's agency."""
    for contract_id in await contracts_to_tend(world.desk, AGENCY_ID):
        await tend_contract(world.desk, AGENCY_ID, contract_id)
