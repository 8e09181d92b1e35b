"""A contract is drafted, completed and put in force; everything that is missing is refused."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.billed_time import RoundingMode, RoundingScope, RoundingTerms
from helpdesk.domain.commercial_terms import AllowanceNegative, CompensationClause
from helpdesk.domain.contract import ContractStatus, ContractWithoutTargets
from helpdesk.domain.contract_facts import ContractFactKind
from helpdesk.domain.contract_life import (
    CalendarNotDefined,
    CompensationNature,
    CompensationNatureNotChosen,
    ContractStepRefused,
    MatrixNotAccepted,
    NoticeNotAgreed,
    PerimeterNotListed,
    SiteAlreadyCovered,
    TaxBasisNotStated,
)
from helpdesk.domain.contract_term import TermInvalid
from helpdesk.domain.engagement import EngagementMissing, EngagementModel, EngagementOpen
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.money import Money
from helpdesk.domain.period import AnchorDayImpossible
from helpdesk.domain.plan import (
    BillingInterval,
    Cover,
    Origin,
    PlanPrice,
    Sourced,
    TmaDimension,
)
from helpdesk.domain.priority import Priority
from helpdesk.domain.retainer_terms import (
    OveragePolicy,
    OverageTerms,
    OverageWithoutPrice,
    RetainerUnit,
    RolloverMode,
    RolloverTerms,
)
from helpdesk.presets.catalogue import PresetUnknown
from helpdesk.usecases.activate_contract import activate_contract
from helpdesk.usecases.contract_step import ContractNeverSold
from helpdesk.usecases.contract_terms_wanted import TermLength, WantedTerms, WantedUnit
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.create_contract import FREE_TERMS, ReferenceTaken, create_contract
from helpdesk.usecases.require_manager import ManagersOnly
from helpdesk.usecases.revise_contract import ContractNotDraft, ReviseContract, revise_contract
from tests.factories import OFFICE, a_viewer
from tests.usecases.contracts import BRUNO, DRAFT, PRICE, SETTLED, active, drafted, facts, kept
from tests.usecases.test_amend_contract import QUICKLY
from tests.usecases.world import World


async def test_a_draft_is_a_copy_of_its_plan_with_what_was_settled(both_worlds: World) -> None:
    world = both_worlds
    plan = world.desk.plans.plan("guide.business")

    contract = await drafted(world)

    assert contract == await kept(world, contract.id)
    assert (contract.status, contract.ends_on) == (ContractStatus.DRAFT, None)
    assert contract.internal_note == "He pays late."
    [terms] = contract.terms
    commercial = terms.commercial
    assert commercial is not None
    assert commercial.price == Sourced(PRICE, Origin.AGREED, "contract TMA-2")
    assert {unit: one.allowance for unit, one in commercial.units.items()} == plan.allowances
    assert (commercial.services, commercial.dimensions) == (plan.services, plan.dimensions)
    assert commercial.contents == plan.contents
    assert commercial.plan_version == plan.version


async def test_no_request_falls_under_a_draft(world: World) -> None:
    await drafted(world)

    ticket = await world.ticket(site_id=SiteId("bruno.example"))

    assert ticket.contract_id == "contract-of-bruno"


async def test_every_clause_can_be_settled_and_is_kept(both_worlds: World) -> None:
    world = both_worlds
    billed = OverageTerms(OveragePolicy.BILL, Money(90_00))
    half = RolloverTerms(RolloverMode.CAPPED, cap_percent=50)
    wanted = replace(
        SETTLED,
        models=frozenset(EngagementModel),
        length=TermLength(6),
        billing=BillingInterval.YEARLY,
        units=(
            WantedUnit(RetainerUnit.RUN_MINUTES, overage=billed, rollover=half),
            WantedUnit(RetainerUnit.CORRECTIVE_TICKETS, is_unlimited=True),
            WantedUnit(RetainerUnit.PACK_MINUTES, allowance=60),
        ),
        rounding=RoundingTerms(5, RoundingMode.NEAREST, RoundingScope.TICKET, 10),
        anchor_day=15,
        compensation=CompensationClause("One day a breach", CompensationNature.PENALTY),
        dimensions={TmaDimension.EVOLUTION: Cover.TIME_CREDIT},
        policy=QUICKLY,
    )

    contract = await drafted(world, terms=wanted)

    assert contract == await kept(world, contract.id)
    terms = contract.terms[0]
    commercial = terms.commercial
    assert commercial is not None
    run = commercial.units[RetainerUnit.RUN_MINUTES]
    assert (run.allowance.value, run.overage, run.rollover) == (120, billed, half)
    assert commercial.units[RetainerUnit.CORRECTIVE_TICKETS].allowance.value is None
    assert commercial.units[RetainerUnit.PACK_MINUTES].allowance.value == 60
    assert commercial.rounding == wanted.rounding
    assert commercial.anchor_day == 15
    assert commercial.compensation == wanted.compensation
    assert commercial.dimensions[TmaDimension.EVOLUTION].value is Cover.TIME_CREDIT
    assert commercial.billing is not None
    assert commercial.billing.value is BillingInterval.YEARLY
    assert (commercial.term.months, commercial.term.renewal_months) == (6, None)
    assert set(terms.sla.targets) == set(Priority)


@pytest.mark.parametrize("is_sold", [True, False])
async def test_the_hosting_is_settled_beside_the_services_of_the_plan(
    both_worlds: World,
    is_sold: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    world = both_worlds
    plan = world.desk.plans.plan("guide.business")
    draft = await drafted(world, terms=replace(SETTLED, is_hosting_sold=is_sold))

    revision = ReviseContract(draft.id, replace(SETTLED, tells_client=False))
    revised = await revise_contract(world.desk, viewer=world.alice, request=revision)

    agreed = Sourced(is_sold, Origin.AGREED, "contract TMA-2")
    for contract in (draft, revised, await kept(world, draft.id)):
        commercial = contract.terms[-1].commercial
        assert commercial is not None
        assert commercial.services == replace(plan.services, hosting=agreed)


async def test_free_terms_follow_no_plan(world: World) -> None:
    contract = await drafted(world, plan_code=None, terms=replace(SETTLED, policy=QUICKLY))

    terms = contract.terms[0]
    assert terms.plan_code == FREE_TERMS
    assert terms.commercial is not None
    assert terms.commercial.units == {}


async def test_a_plan_may_count_on_a_calendar_of_another_name(world: World) -> None:
    contract = await drafted(world, calendars={"ouvre5": "ouvre5"})

    assert contract.calendar_ids() == {OFFICE}
    async with world.refused(NotFound):
        await drafted(world, reference="TMA-3", calendars={"ouvre5": "alsace"})


_REFUSED: Mapping[str, tuple[Mapping[str, Any], type[HelpdeskError]]] = {
    "a client of nobody": ({"client_id": "nobody"}, NotFound),
    "a site of another client": ({"site_ids": frozenset({SiteId("chloe.example")})}, NotFound),
    "a site of nobody": ({"site_ids": frozenset({SiteId("none")})}, NotFound),
    "a reference that is taken": ({"reference": " TMA-BRUNO "}, ReferenceTaken),
    "no reference": ({"reference": " "}, TextRequired),
    "no name": ({"name": " "}, TextRequired),
    "a plan that nobody sells": ({"plan_code": "guide.gold"}, PresetUnknown),
    "no engagement": ({"models": frozenset()}, EngagementOpen),
    "an engagement that cannot pay": (
        {"models": frozenset({EngagementModel.SLA})},
        EngagementMissing,
    ),
    "a term without length": ({"length": TermLength(0)}, TermInvalid),
    "free terms without a promise": ({"plan_code": None}, ContractWithoutTargets),
    "a day that no month has": ({"terms": WantedTerms(anchor_day=32)}, AnchorDayImpossible),
    "less than nothing": (
        {"terms": WantedTerms(units=(WantedUnit(RetainerUnit.RUN_MINUTES, allowance=-1),))},
        AllowanceNegative,
    ),
    "an overage without a price": (
        {
            "terms": WantedTerms(
                units=(
                    WantedUnit(RetainerUnit.RUN_MINUTES, overage=OverageTerms(OveragePolicy.BILL)),
                )
            )
        },
        OverageWithoutPrice,
    ),
}


@pytest.mark.parametrize("case", _REFUSED)
async def test_an_impossible_draft_is_refused(world: World, case: str) -> None:
    changes, refusal = _REFUSED[case]

    async with world.refused(refusal):
        await drafted(world, **changes)


async def test_of_two_contracts_of_one_reference_one_is_refused(both_worlds: World) -> None:
    outcomes = await asyncio.gather(
        drafted(both_worlds), drafted(both_worlds), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Contract", "ReferenceTaken"]


async def test_managers_write_contracts(world: World) -> None:
    ada = await create_agent(
        world.desk,
        viewer=world.alice,
        request=CreateAgent("Ada", "ada@alice.example", AgentRole.AGENT),
    )
    for viewer, refusal in (
        (a_viewer(name="Ada", agent_id=ada.id), ManagersOnly),
        (world.bruno, AgencyOnly),
        (world.zoe, NotFound),
        (a_viewer(scopes=frozenset()), ScopeMissing),
    ):
        async with world.refused(refusal):
            await create_contract(world.desk, viewer=viewer, request=DRAFT)


async def test_an_activated_contract_is_in_force_and_its_first_term_is_recorded(
    both_worlds: World,
) -> None:
    world = both_worlds

    contract = await active(world)

    assert contract == await kept(world, contract.id)
    assert (contract.status, contract.ends_on) == (ContractStatus.ACTIVE, None)
    [fact] = await facts(world, contract.id)
    assert (fact.kind, fact.day, fact.until, fact.actor.name) == (
        ContractFactKind.ACTIVATED,
        date(2026, 7, 6),
        date(2027, 7, 6),
        "Alice",
    )
    ticket = await world.ticket(site_id=SiteId("bruno.example"))
    assert ticket.contract_id == contract.id


async def test_a_contract_that_is_not_renewed_has_its_end(world: World) -> None:
    contract = await active(world, length=TermLength(12))

    assert contract.ends_on == date(2027, 7, 6)


_MISSING: Mapping[str, tuple[Mapping[str, Any], type[HelpdeskError]]] = {
    "no notice": ({"notice": None}, NoticeNotAgreed),
    "no calendar definition": ({"calendar_definitions": None}, CalendarNotDefined),
    "no acceptance": ({"acceptance": None}, MatrixNotAccepted),
    "no perimeter": ({"perimeter": None}, PerimeterNotListed),
    "no nature": ({"compensation": CompensationClause("x")}, CompensationNatureNotChosen),
    "no tax basis": ({"price": PlanPrice(Money(1), None)}, TaxBasisNotStated),
}


@pytest.mark.parametrize("case", _MISSING)
async def test_an_unsettled_contract_is_not_activated_until_it_is_completed(
    world: World, case: str
) -> None:
    changes, refusal = _MISSING[case]
    contract = await drafted(world, terms=replace(SETTLED, **changes))

    async with world.refused(refusal):
        await activate_contract(world.desk, viewer=world.alice, contract_id=contract.id)

    completed = replace(
        SETTLED, compensation=CompensationClause("x", CompensationNature.PRICE_REDUCTION)
    )
    request = ReviseContract(contract.id, completed)
    revised = await revise_contract(world.desk, viewer=world.alice, request=request)
    assert [(one.version, one.corrects) for one in revised.terms] == [(1, None), (2, 1)]
    assert revised == await kept(world, contract.id)
    done = await activate_contract(world.desk, viewer=world.alice, contract_id=contract.id)
    assert done.status is ContractStatus.ACTIVE
    async with world.refused(ContractNotDraft):
        await revise_contract(world.desk, viewer=world.alice, request=request)


async def test_a_contract_is_activated_once(world: World) -> None:
    contract = await active(world)

    async with world.refused(ContractStepRefused):
        await activate_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def test_one_site_is_under_one_contract(both_worlds: World) -> None:
    world = both_worlds
    one = await drafted(world)
    two = await drafted(world, reference="TMA-3")

    outcomes = await asyncio.gather(
        *(
            activate_contract(world.desk, viewer=world.alice, contract_id=contract.id)
            for contract in (one, two)
        ),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Contract", "SiteAlreadyCovered"]
    statuses = sorted([(await kept(world, each.id)).status for each in (one, two)])
    assert statuses == [ContractStatus.ACTIVE, ContractStatus.DRAFT]


async def test_two_contracts_for_every_site_overlap(world: World) -> None:
    contract = await drafted(world, site_ids=frozenset())

    async with world.refused(SiteAlreadyCovered):
        await activate_contract(world.desk, viewer=world.alice, contract_id=contract.id)


async def test_a_contract_older_than_these_clauses_is_made_anew(world: World) -> None:
    old = await kept(world, ContractId("contract-of-bruno"))
    draft = replace(old, id=ContractId("old"), reference="OLD", status=ContractStatus.DRAFT)
    async with world.desk.store.transaction(old.agency_id) as records:
        await records.contracts.add_contract(draft)

    async with world.refused(ContractNeverSold):
        await activate_contract(world.desk, viewer=world.alice, contract_id=draft.id)
    request = ReviseContract(draft.id, SETTLED)
    revised = await revise_contract(world.desk, viewer=world.alice, request=request)
    assert revised.terms[-1].commercial is None


async def test_what_is_no_contract_here_is_not_activated(world: World) -> None:
    contract = await drafted(world)
    for viewer, contract_id in (
        (world.alice, ContractId("none")),
        (world.chloe, contract.id),
        (world.zoe, contract.id),
    ):
        async with world.refused(NotFound):
            await activate_contract(world.desk, viewer=viewer, contract_id=contract_id)
    async with world.refused(AgencyOnly):
        await activate_contract(world.desk, viewer=world.bruno, contract_id=contract.id)
    assert contract.client_id == BRUNO
