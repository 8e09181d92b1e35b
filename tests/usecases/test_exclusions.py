"""A cause outside maintenance is shown, changes who pays, and can be lifted as a gesture."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, Scope, ScopeMissing
from helpdesk.domain.classification import Coverage
from helpdesk.domain.exclusion import (
    CausalLinkMissing,
    EvidenceKind,
    EvidenceMissing,
    ExclusionAgencyOnly,
    ExclusionCause,
    ExclusionLiftReason,
    InterventionAuthor,
    InterventionLater,
    InterventionValidated,
    ProblemNotOlder,
    RegressionNotExcluded,
)
from helpdesk.domain.ids import ClientId, ExclusionId, InterventionId, SiteId
from helpdesk.domain.message import TextRequired
from helpdesk.usecases.classification_ports import SiteIntervention, TicketExclusion
from helpdesk.usecases.create_client import CreateClient, create_client
from helpdesk.usecases.declare_intervention import DeclareIntervention, declare_intervention
from helpdesk.usecases.exclude_ticket import (
    ExcludeTicket,
    InterventionByOther,
    InterventionUnnamed,
    LiftExclusion,
    NothingToExclude,
    exclude_ticket,
    lift_exclusion,
)
from helpdesk.usecases.open_ticket import ClientRequired, OpenTicket, open_ticket
from helpdesk.usecases.validate_intervention import (
    InterventionDone,
    ValidateIntervention,
    ValidationNeedsPerson,
    validate_intervention,
)
from tests.factories import AGENCY_ID, CHLOES_CLIENT, MONDAY, at
from tests.usecases.classifications import (
    FRIDAY,
    LOG,
    classify,
    confirm,
    contest,
    declared,
    exclude,
    latest,
    steps,
)
from tests.usecases.world import World

BY_CLIENT, BY_OTHER = (
    ExclusionCause.CLIENT_INTERVENTION,
    ExclusionCause.THIRD_PARTY_INTERVENTION,
)
OLDER = ExclusionCause.PRE_EXISTING


async def _kept(world: World, exclusion: TicketExclusion) -> TicketExclusion | None:
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.classifications.exclusion(exclusion.id)


async def _validate(world: World, intervention: SiteIntervention) -> SiteIntervention:
    request = ValidateIntervention(intervention.id)
    return await validate_intervention(world.desk, viewer=world.alice, request=request)


async def _lift(world: World, exclusion: TicketExclusion, reason: str) -> TicketExclusion:
    request = LiftExclusion(exclusion.id, reason)
    return await lift_exclusion(world.desk, viewer=world.alice, request=request)


async def test_an_exclusion_is_kept_with_its_evidence_and_changes_who_pays(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket()
    await classify(world, ticket)
    await confirm(world, ticket)
    intervention = await declared(world)

    excluded = await exclude(world, ticket, BY_CLIENT, intervention_id=intervention.id)

    assert await _kept(world, excluded) == excluded
    link = excluded.exclusion.link
    assert (link.recorded_by, link.recorded_at, link.evidence) == (
        world.alice.actor,
        MONDAY,
        (LOG,),
    )
    step = await latest(world, ticket)
    assert step is not None
    assert step.sequence == 3
    assert step.classification.verdict.coverage is Coverage.OUT_OF_CONTRACT
    assert step.classification.verdict.exclusion is BY_CLIENT
    assert step.classification.decision is None
    assert await world.kept(ticket.id) == replace(ticket, version=5)


async def test_a_lifted_exclusion_counts_no_more_and_the_first_gesture_stands(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket()
    excluded = await exclude(world, ticket)
    await classify(world, ticket)

    async with world.refused(ExclusionLiftReason):
        await _lift(world, excluded, " ")
    lifted = await _lift(world, excluded, "A good client")

    assert await _kept(world, excluded) == lifted
    assert not lifted.exclusion.is_standing
    coverages = [one.classification.verdict.coverage.value for one in await steps(world, ticket)]
    assert coverages == ["OUT_OF_CONTRACT", "INCLUDED"]
    before = await world.everything()
    assert await _lift(world, excluded, "Another reason") == lifted
    assert await world.everything() == before


async def test_a_ticket_that_nobody_classified_is_excluded_all_the_same(world: World) -> None:
    ticket = await world.ticket()

    excluded = await exclude(world, ticket, OLDER, seen_on=date(2025, 12, 31))

    assert await _kept(world, excluded) == excluded
    assert await steps(world, ticket) == ()


async def test_an_exclusion_is_shown_or_refused(world: World) -> None:
    ticket = await world.ticket()
    by_friend = await declared(world, by=InterventionAuthor.THIRD_PARTY)
    later = await declared(world, at("07-06 08:00"))
    for refusal, cause, changes in (
        (CausalLinkMissing, ExclusionCause.HOSTING_FAILURE, {"explanation": " "}),
        (EvidenceMissing, ExclusionCause.HOSTING_FAILURE, {"evidence": ()}),
        (ProblemNotOlder, OLDER, {}),
        (ProblemNotOlder, OLDER, {"seen_on": date(2026, 1, 1)}),
        (InterventionUnnamed, BY_CLIENT, {}),
        (NotFound, BY_CLIENT, {"intervention_id": InterventionId("made-up")}),
        (InterventionByOther, BY_CLIENT, {"intervention_id": by_friend.id}),
        (InterventionLater, BY_CLIENT, {"intervention_id": later.id}),
    ):
        async with world.refused(refusal):
            await exclude(world, ticket, cause, **changes)
    async with world.refused(ExclusionAgencyOnly):
        await exclude_ticket(
            world.desk,
            viewer=world.robot,
            request=ExcludeTicket(ticket.id, OLDER, "e", FRIDAY, (LOG,)),
        )


async def test_a_regression_of_the_agency_is_never_excluded(world: World) -> None:
    ticket = await world.ticket()
    await classify(world, ticket, is_regression=True)
    intervention = await declared(world)
    for cause in ExclusionCause:
        async with world.refused(RegressionNotExcluded):
            await exclude(
                world,
                ticket,
                cause,
                intervention_id=intervention.id,
                seen_on=date(2025, 12, 31),
            )


async def test_only_interventions_of_the_client_itself_are_shown(world: World) -> None:
    ticket = await world.ticket()
    request = DeclareIntervention(
        "A plugin", FRIDAY, InterventionAuthor.CLIENT, client_id=CHLOES_CLIENT
    )
    chloes = await declare_intervention(world.desk, viewer=world.alice, request=request)

    async with world.refused(NotFound):
        await exclude(world, ticket, BY_CLIENT, intervention_id=chloes.id)
    kept = await exclude(world, ticket, intervention_id=chloes.id)
    assert kept.intervention_id is None


async def test_nothing_is_excluded_from_no_contract(world: World) -> None:
    client = await create_client(world.desk, viewer=world.alice, request=CreateClient("Dora"))
    asked = OpenTicket("The form", "Is silent.", client_id=client.id)
    ticket = await open_ticket(world.desk, viewer=world.alice, request=asked)

    async with world.refused(NothingToExclude):
        await exclude(world, ticket)


async def test_an_intervention_that_was_validated_beforehand_stays_covered(
    both_worlds: World,
) -> None:
    world = both_worlds
    ticket = await world.ticket()
    to_come = await declared(world, at("07-06 18:00"), site_id=SiteId("bruno.example"))

    validated = await _validate(world, to_come)

    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.classifications.intervention(to_come.id) == validated
    assert (validated.intervention.validated_by, validated.validated_at) == ("Alice", MONDAY)
    world.now.set(at("07-07 09:00"))
    assert await _validate(world, to_come) == validated
    async with world.refused(InterventionValidated):
        await exclude(
            world,
            ticket,
            BY_CLIENT,
            intervention_id=to_come.id,
            began_at=at("07-06 19:00"),
        )


async def test_what_is_done_is_validated_no_more_and_by_no_program(world: World) -> None:
    done, to_come = await declared(world, world.now()), await declared(world, at("07-06 18:00"))
    request = ValidateIntervention(to_come.id)
    async with world.refused(InterventionDone):
        await _validate(world, done)
    async with world.refused(ValidationNeedsPerson):
        await validate_intervention(world.desk, viewer=world.robot, request=request)
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
    ):
        async with world.refused(refusal):
            await validate_intervention(world.desk, viewer=viewer, request=request)


async def test_a_client_declares_what_he_does_himself(both_worlds: World) -> None:
    world = both_worlds
    request = DeclareIntervention(" A theme ", FRIDAY, InterventionAuthor.CLIENT)

    own = await declare_intervention(world.desk, viewer=world.bruno, request=request)

    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.classifications.intervention(own.id) == own
    assert (own.client_id, own.recorded_by) == (world.bruno.client_id, world.bruno.actor)
    assert own.intervention.is_declared is True
    found = replace(request, detected_by=EvidenceKind.ACTIVITY_LOG, site_id=SiteId("bruno.example"))
    seen = await declare_intervention(world.desk, viewer=world.alice, request=found)
    async with world.desk.store.reading(AGENCY_ID) as records:
        assert await records.classifications.intervention(seen.id) == seen
    assert seen.client_id == world.bruno.client_id
    assert seen.intervention.is_declared is False


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, ClientRequired),
        ({"what": " ", "site_id": SiteId("bruno.example")}, TextRequired),
        ({"client_id": ClientId("made-up")}, NotFound),
        ({"site_id": SiteId("made-up")}, NotFound),
        ({"site_id": SiteId("bruno.example"), "client_id": CHLOES_CLIENT}, NotFound),
    ],
)
async def test_an_intervention_is_somebodys(
    world: World, changes: dict[str, object], refusal: type[Exception]
) -> None:
    request = DeclareIntervention("A plugin", FRIDAY, InterventionAuthor.CLIENT)
    async with world.refused(refusal):  # type: ignore[arg-type]  # refusals all
        await declare_intervention(
            world.desk,
            viewer=world.alice,
            request=replace(request, **changes),  # type: ignore[arg-type]  # fields of it
        )


async def test_a_client_declares_for_nobody_else_and_detects_nothing(world: World) -> None:
    request = DeclareIntervention("A plugin", FRIDAY, InterventionAuthor.CLIENT)
    for changed, refusal in (
        (replace(request, client_id=CHLOES_CLIENT), NotFound),
        (replace(request, site_id=SiteId("chloe.example")), NotFound),
        (replace(request, detected_by=EvidenceKind.COMMIT), AgencyOnly),
    ):
        async with world.refused(refusal):
            await declare_intervention(world.desk, viewer=world.bruno, request=changed)


async def test_exclusions_are_the_agencys_and_strangers_have_none(world: World) -> None:
    ticket = await world.ticket()
    excluded = await exclude(world, ticket)
    await classify(world, ticket)
    await confirm(world, ticket)
    await contest(world, ticket)
    reader = replace(world.alice, scopes=frozenset(Scope) - {Scope.TICKETS_WRITE})
    asked = ExcludeTicket(ticket.id, OLDER, "e", FRIDAY, (LOG,), seen_on=date(2025, 12, 31))
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (reader, ScopeMissing),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
    ):
        async with world.refused(refusal):
            await exclude_ticket(world.desk, viewer=viewer, request=asked)
        async with world.refused(refusal):
            request = LiftExclusion(excluded.id, "r")
            await lift_exclusion(world.desk, viewer=viewer, request=request)
    async with world.refused(NotFound):
        await _lift(world, replace(excluded, id=ExclusionId("made-up")), "r")
