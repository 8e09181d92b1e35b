"""The rules propose, a person confirms, the client contests; every step is kept."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.classification import Coverage, Funding, RequestNature, WhyCovered
from helpdesk.domain.classification_decision import FUNDINGS, FundingImpossible
from helpdesk.domain.classification_life import (
    ClassificationNeedsPerson,
    ClassificationReasonRequired,
    ClassificationState,
    DisputeClientOnly,
    DisputeReasonRequired,
    NothingToDispute,
)
from helpdesk.domain.commercial_terms import CommercialTerms
from helpdesk.domain.contract_term import TermClause
from helpdesk.domain.engagement import Engagement, EngagementModel
from helpdesk.domain.ids import TicketId
from helpdesk.domain.ticket import Ticket
from helpdesk.presets.commercial import commercial_plan
from helpdesk.usecases.classify_ticket import (
    LONGEST_ESTIMATE,
    ClassifyTicket,
    EstimateImpossible,
    classify_ticket,
)
from helpdesk.usecases.confirm_classification import (
    ConfirmClassification,
    TicketUnclassified,
    confirm_classification,
)
from helpdesk.usecases.contest_classification import (
    ContestClassification,
    contest_classification,
)
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.open_ticket import OpenTicket, open_ticket
from tests.factories import AGENCY_ID, MONDAY, at
from tests.usecases.classifications import classify, confirm, contest, latest, steps
from tests.usecases.world import World


async def test_the_rules_propose_with_their_reason(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    clocks = await world.clocks(ticket.id)

    step = await classify(world, ticket)

    verdict = step.classification.verdict
    assert (verdict.coverage, verdict.funding, verdict.why) == (
        Coverage.INCLUDED,
        Funding.TICKET_QUOTA,
        WhyCovered.IN_PLAN,
    )
    assert (step.sequence, step.plan_code) == (1, "guide.business")
    assert step.classification.state is ClassificationState.PROPOSED
    assert step.classification.proposed_at == MONDAY
    assert await latest(world, ticket) == step
    assert await steps(world, ticket) == (step,)
    assert await world.kept(ticket.id) == replace(ticket, version=2)
    assert await world.clocks(ticket.id) == clocks


async def test_every_step_is_kept_and_the_last_one_holds(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()

    facts = {"estimate_minutes": 90, "client_agrees_run": True}
    taken = [
        await classify(world, ticket, RequestNature.NEW_PAGE, **facts),
        await confirm(world, ticket),
        await contest(world, ticket),
        await confirm(world, ticket, coverage=Coverage.QUOTE, reason="It is a new page"),
    ]

    assert await steps(world, ticket) == tuple(taken)
    assert [one.sequence for one in taken] == [1, 2, 3, 4]
    assert [one.classification.state.value for one in taken] == [
        "PROPOSED",
        "CONFIRMED",
        "DISPUTED",
        "CONFIRMED",
    ]
    last = taken[-1].classification
    assert (last.verdict.coverage, last.verdict.funding) == (Coverage.QUOTE, Funding.QUOTE)
    assert last.rules_say == taken[0].classification.verdict
    assert last.decision is not None
    assert (last.decision.by, last.decision.reason) == (world.alice.actor, "It is a new page")


async def test_a_new_proposal_leaves_the_dispute_open_until_it_is_answered(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket()
    await classify(world, ticket)
    await confirm(world, ticket)
    await contest(world, ticket)

    again = await classify(world, ticket, RequestNature.QUESTION)

    assert again.classification.state is ClassificationState.DISPUTED
    async with world.refused(ClassificationReasonRequired):
        await confirm(world, ticket)


async def test_a_decision_that_departs_from_the_rules_says_why(world: World) -> None:
    ticket = await world.ticket()
    await classify(world, ticket)

    async with world.refused(ClassificationReasonRequired):
        await confirm(world, ticket, funding=Funding.NONE)
    step = await confirm(world, ticket, funding=Funding.NONE, reason="A gesture")

    assert step.classification.verdict.funding is Funding.NONE


@pytest.mark.parametrize("coverage", Coverage)
async def test_who_pays_agrees_with_where_the_request_stands(
    world: World, coverage: Coverage
) -> None:
    ticket = await world.ticket()
    await classify(world, ticket)
    for funding in set(Funding) - set(FUNDINGS[coverage]):
        async with world.refused(FundingImpossible):
            await confirm(world, ticket, coverage=coverage, funding=funding, reason="r")

    step = await confirm(world, ticket, coverage=coverage, reason="r")
    assert step.classification.verdict.funding in FUNDINGS[coverage]


async def test_a_person_confirms_and_the_client_contests(world: World) -> None:
    ticket = await world.ticket()
    request = ConfirmClassification(ticket.id)
    contesting = ContestClassification(ticket.id, "No")
    for viewer in (world.alice, world.bruno):
        async with world.refused(TicketUnclassified):
            await contest_classification(world.desk, viewer=viewer, request=contesting)
    async with world.refused(TicketUnclassified):
        await confirm(world, ticket)
    await classify(world, ticket)
    async with world.refused(ClassificationNeedsPerson):
        await confirm_classification(world.desk, viewer=world.robot, request=request)
    async with world.refused(NothingToDispute):
        await contest(world, ticket)
    await confirm(world, ticket)
    async with world.refused(DisputeReasonRequired):
        await contest(world, ticket, " ")
    for viewer in (world.alice, world.brunos_robot):
        async with world.refused(DisputeClientOnly):
            await contest_classification(world.desk, viewer=viewer, request=contesting)


async def test_classifying_is_the_agencys_and_strangers_have_no_such_ticket(world: World) -> None:
    ticket = await world.ticket()
    await classify(world, ticket)
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.TICKETS_WRITE})
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (reader, ScopeMissing),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
    ):
        async with world.refused(refusal):
            request = ClassifyTicket(ticket.id, RequestNature.BUG)
            await classify_ticket(world.desk, viewer=viewer, request=request)
        async with world.refused(refusal):
            await confirm_classification(
                world.desk, viewer=viewer, request=ConfirmClassification(ticket.id)
            )
    asked = ContestClassification(ticket.id, "No")
    for stranger in (world.chloe, world.zoe):
        async with world.refused(NotFound):
            await contest_classification(world.desk, viewer=stranger, request=asked)
    silent = replace(world.bruno, scopes=frozenset({Scope.TICKETS_READ}))
    async with world.refused(ScopeMissing):
        await contest_classification(world.desk, viewer=silent, request=asked)
    async with world.refused(NotFound):
        await classify(world, replace(ticket, id=TicketId("made-up")))


@pytest.mark.parametrize("minutes", [-1, LONGEST_ESTIMATE + 1])
async def test_an_estimate_is_an_amount_of_work(world: World, minutes: int) -> None:
    ticket = await world.ticket()
    async with world.refused(EstimateImpossible):
        await classify(world, ticket, estimate_minutes=minutes)


async def test_without_a_contract_nothing_is_covered(world: World) -> None:
    client = await create_client(world.desk, viewer=world.alice, request=CreateClient("Dora"))
    asked = OpenTicket("The form", "Is silent.", client_id=client.id)
    ticket = await open_ticket(world.desk, viewer=world.alice, request=asked)

    step = await classify(world, ticket)

    assert step.plan_code is None
    assert step.classification.verdict.coverage is Coverage.QUOTE


async def _on_terms(world: World, plan_code: str, *, copies: str | None = None) -> Ticket:
    """Return a ticket under terms from 7 July on, which name a plan and copied another."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        assert world.bruno.client_id is not None
        [contract] = await records.contracts.contracts_of(world.bruno.client_id)
        commercial = CommercialTerms(
            Engagement(frozenset({EngagementModel.MONTHLY_PLAN})),
            TermClause(date(2026, 1, 1), 12, None),
        )
        if copies is not None:
            commercial = commercial.on_plan(commercial_plan(copies))
        terms = replace(
            contract.terms[-1],
            version=2,
            plan_code=plan_code,
            effective_from=at("07-07 00:00"),
            commercial=commercial,
        )
        await records.contracts.add_terms(contract.id, terms)
    world.now.set(at("07-07 09:00"))
    return await world.ticket()


async def test_the_terms_of_the_contract_win_over_the_plan_they_were_copied_from(
    world: World,
) -> None:
    ticket = await _on_terms(world, "guide.business", copies="guide.essentiel")

    step = await classify(world, ticket, RequestNature.SMALL_UX)

    assert step.plan_code == "contract.TMA-BRUNO"
    assert step.classification.verdict.why is WhyCovered.NO_RUN_IN_PLAN


async def test_terms_that_copied_nothing_go_by_the_plan_they_name_if_there_is_one(
    world: World,
) -> None:
    ticket = await _on_terms(world, "guide.business")
    assert (await classify(world, ticket)).plan_code == "guide.business"


async def test_a_plan_that_nobody_knows_covers_nothing(world: World) -> None:
    ticket = await _on_terms(world, "tailor.made")
    assert (await classify(world, ticket)).plan_code is None
