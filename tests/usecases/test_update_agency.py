"""Rules that a manager marked as automatic need no person; an exclusion always does."""

from dataclasses import replace

import pytest

from helpdesk.domain.access import AgencyOnly, Scope, ScopeMissing
from helpdesk.domain.agency import AgentRole
from helpdesk.domain.classification import ClassificationRule, RequestNature
from helpdesk.domain.classification_life import ClassificationState
from helpdesk.domain.errors import Locale
from helpdesk.domain.retainer_terms import OveragePolicy, OverageTerms
from helpdesk.domain.ticket import TicketEventKind
from helpdesk.storage.tables.classification import AUTOMATIC_RULES
from helpdesk.usecases.classification_ports import AutomaticRules
from helpdesk.usecases.create_agent import CreateAgent, create_agent
from helpdesk.usecases.require_manager import ManagersOnly
from helpdesk.usecases.update_agency import ExclusionNeverAutomatic, UpdateAgency, update_agency
from tests.factories import AGENCY_ID, MONDAY
from tests.usecases.classifications import classify, confirm, contest, exclude, steps
from tests.usecases.funded_tickets import shown
from tests.usecases.retainers import opened
from tests.usecases.world import ZOES_AGENCY, World

BUGS = frozenset({ClassificationRule.BUG, ClassificationRule.QUESTION})
PROPOSED, CONFIRMED = ClassificationState.PROPOSED, ClassificationState.CONFIRMED


async def mark(world: World, rules: frozenset[ClassificationRule] | None = BUGS) -> None:
    await update_agency(world.desk, viewer=world.alice, request=UpdateAgency(rules))


async def test_what_an_agency_says_is_kept_with_who_and_when(both_worlds: World) -> None:
    world = both_worlds
    await mark(world)
    world.now.advance(hours=1)
    await mark(world)
    await mark(world, None)
    await mark(world, frozenset())

    said = [(row["rules"], row["set_by"]["name"]) for row in await world.rows(AUTOMATIC_RULES)]
    assert said == [(["BUG", "QUESTION"], "Alice"), ([], "Alice")]
    async with world.desk.store.reading(AGENCY_ID) as records:
        known = await records.classifications.automatic_rules()
    assert known == AutomaticRules(frozenset(), world.alice.actor, world.now())
    assert world.now() != MONDAY
    async with world.desk.store.reading(ZOES_AGENCY) as records:
        assert await records.classifications.automatic_rules() is None


async def test_managers_alone_say_it_and_never_for_an_exclusion(world: World) -> None:
    request = UpdateAgency(BUGS)
    marc = CreateAgent("Marc", "marc@alice.example", AgentRole.AGENT, Locale.FR)
    agent = await create_agent(world.desk, viewer=world.alice, request=marc)
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (replace(world.alice, scopes=frozenset({Scope.TICKETS_READ})), ScopeMissing),
        (replace(world.alice, agent_id=agent.id), ManagersOnly),
    ):
        async with world.refused(refusal):
            await update_agency(world.desk, viewer=viewer, request=request)
    async with world.refused(ExclusionNeverAutomatic):
        await mark(world, BUGS | {ClassificationRule.EXCLUSION})


async def test_an_automatic_rule_is_final_and_holds_at_once(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    await mark(world)
    ticket = await world.ticket()

    step = await classify(world, ticket)

    assert step.classification.state is CONFIRMED
    assert step.classification.decision is not None
    assert step.classification.decision.by is None
    assert await shown(world) == (0, 1, 0)
    last = (await world.history(ticket.id))[-1]
    assert last.kind is TicketEventKind.CLASSIFICATION_CONFIRMED
    assert last.after["classification"] == "CONFIRMED"


async def test_other_rules_wait_for_a_person(world: World) -> None:
    await mark(world)
    step = await classify(world, await world.ticket(), RequestNature.REDESIGN)
    assert step.classification.state is PROPOSED


@pytest.mark.parametrize("policy", [OveragePolicy.QUOTE, OveragePolicy.BLOCK])
async def test_a_person_decides_what_the_forfait_does_not_give(
    both_worlds: World, policy: OveragePolicy
) -> None:
    world = both_worlds
    await opened(world, overage=OverageTerms(policy))
    await mark(world)

    step = await classify(world, await world.ticket())

    assert step.classification.state is PROPOSED
    assert await shown(world) == (0, 0, 0)


async def test_no_rule_answers_the_client(world: World) -> None:
    await mark(world)
    ticket = await world.ticket()
    await classify(world, ticket)
    await contest(world, ticket)

    step = await classify(world, ticket, RequestNature.QUESTION)

    assert step.classification.state is ClassificationState.DISPUTED
    assert step.classification.decision is None


async def test_an_exclusion_takes_a_person_whatever_is_marked(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, granted=1)
    await mark(world)
    ticket = await world.ticket()
    await classify(world, ticket)

    await exclude(world, ticket)

    states = [one.classification.state for one in await steps(world, ticket)]
    assert states == [CONFIRMED, PROPOSED]
    assert await shown(world) == (0, 1, 0)
    await confirm(world, ticket)
    assert await shown(world) == (1, 0, 0)
