"""What an exclusion needs of the contract, and what of it stands in the ticket's history."""

from dataclasses import replace
from datetime import date

import pytest
from typing_extensions import override

from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract_term import TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.exclusion import HostingSold
from helpdesk.domain.plan import Origin, Plan, PlanServices, Sourced
from helpdesk.presets.commercial import commercial_plan
from helpdesk.presets.for_sale import PresetPlans
from helpdesk.usecases.exclude_ticket import LiftExclusion, lift_exclusion
from tests.factories import AGENCY_ID, at
from tests.usecases.classifications import classify, confirm, contest, exclude
from tests.usecases.world import World


class _OnePlan(PresetPlans):
    """A catalogue of one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @override
    def plans(self) -> tuple[Plan, ...]:
        return (self._plan,)


async def _hosting(world: World, *, is_sold: bool, agreed: bool | None) -> None:
    """Let the plan of Bruno's contract sell the hosting or not, and its parties agree on it."""
    plan = commercial_plan("guide.business")
    hosting = Sourced(is_sold, Origin.PROPOSAL, "ours")
    plan = replace(plan, services=replace(plan.services, hosting=hosting))
    world.desk = replace(world.desk, plans=_OnePlan(plan))
    async with world.desk.store.transaction(AGENCY_ID) as records:
        assert world.bruno.client_id is not None
        [contract] = await records.contracts.contracts_of(world.bruno.client_id)
        said = None if agreed is None else Sourced(agreed, Origin.AGREED, "contract")
        commercial = CommercialTerms(
            Engagement(frozenset({EngagementModel.MONTHLY_PLAN})),
            TermClause(date(2026, 1, 1), 12, None),
            services=PlanServices(hosting=said),
        )
        since = at("07-05 00:00")
        terms = replace(contract.terms[-1], version=2, effective_from=since, commercial=commercial)
        await records.contracts.add_terms(contract.id, terms)


@pytest.mark.parametrize(
    ("is_sold", "agreed", "is_refused"),
    [(True, None, True), (False, None, False), (False, True, True), (True, False, False)],
)
async def test_who_sells_the_hosting_answers_for_it(
    both_worlds: World,
    is_sold: bool,  # noqa: FBT001 - a parameter of the test
    agreed: bool | None,  # noqa: FBT001 - likewise
    is_refused: bool,  # noqa: FBT001 - likewise
) -> None:
    world = both_worlds
    await _hosting(world, is_sold=is_sold, agreed=agreed)
    ticket = await world.ticket()
    if is_refused:
        async with world.refused(HostingSold):
            await exclude(world, ticket)
    else:
        assert (await exclude(world, ticket)).exclusion.is_standing


async def test_what_is_excluded_and_lifted_stands_in_the_history(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    clocks = await world.clocks(ticket.id)
    await classify(world, ticket)
    await confirm(world, ticket)
    await contest(world, ticket)
    excluded = await exclude(world, ticket)
    await lift_exclusion(
        world.desk, viewer=world.alice, request=LiftExclusion(excluded.id, "A gesture")
    )

    told = (await world.history(ticket.id))[1:]

    assert [(one.kind.value, one.actor.name, one.reason) for one in told] == [
        ("CLASSIFIED", "Alice", None),
        ("CLASSIFICATION_CONFIRMED", "Alice", None),
        ("CLASSIFICATION_CONTESTED", "Bruno", "It worked"),
        ("EXCLUDED", "Alice", "The server was down."),
        ("CLASSIFIED", "Alice", None),
        ("EXCLUSION_LIFTED", "Alice", "A gesture"),
        ("CLASSIFIED", "Alice", None),
    ]
    assert told[0].after == {
        "classification": "PROPOSED",
        "nature": "BUG",
        "coverage": "INCLUDED",
        "funding": "TICKET_QUOTA",
    }
    assert (told[1].before, told[1].after) == (
        {"classification": "PROPOSED"},
        {"classification": "CONFIRMED"},
    )
    assert (told[3].before, told[3].after) == (
        {"exclusion": None},
        {"exclusion": "HOSTING_FAILURE"},
    )
    assert told[5].after == {"exclusion": None}
    assert [one.is_visible_to_client for one in told].count(False) == 3
    assert await world.clocks(ticket.id) == clocks
