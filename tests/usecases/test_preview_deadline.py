"""What would be promised if a request came in at an instant."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from helpdesk.domain.access import NotFound, Scope, ScopeMissing
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import CalendarId, ContractId
from helpdesk.domain.priority import Impact, Priority
from helpdesk.domain.sla import ClockReading, ClockStart, SlaMetric, SlaState, TargetUnit
from helpdesk.domain.supposition import SupposedWait, Supposition, SuppositionOutOfOrder
from helpdesk.domain.waiting import WaitingOn
from helpdesk.usecases.clock_views import ClockView
from helpdesk.usecases.preview_deadline import NOTHING_MORE, PreviewTooFar, preview_deadline
from tests.factories import AGENCY_ID, a_policy, a_target, at
from tests.usecases.world import World

CONTRACT = ContractId("contract-of-bruno")


async def _previewed(
    world: World, priority: Priority, instant: datetime, supposed: Supposition = NOTHING_MORE
) -> dict[SlaMetric, ClockView]:
    views = await preview_deadline(
        world.desk,
        viewer=world.bruno,
        contract_id=CONTRACT,
        priority=priority,
        at=instant,
        supposed=supposed,
    )
    return {view.clock.metric: view for view in views}


async def test_a_preview_says_what_would_be_due_and_keeps_nothing(both_worlds: World) -> None:
    world = both_worlds
    before = await world.everything()

    views = await _previewed(world, Priority.P0, at("07-10 17:00"))

    assert sorted(views) == [SlaMetric.FIRST_RESPONSE, SlaMetric.RESOLUTION, SlaMetric.UPDATE]
    first = views[SlaMetric.FIRST_RESPONSE]
    assert first.clock.deadline_at == at("07-13 12:00")
    assert first.reading == ClockReading(SlaState.RUNNING, 0, 14400, 0)
    assert first.segments == ()
    assert (first.terms_version, first.calendar_version) == (1, 1)
    resolution = views[SlaMetric.RESOLUTION]
    assert resolution.reading.state is SlaState.PENDING
    assert resolution.clock.deadline_at is None
    assert await world.everything() == before


async def test_days_off_are_not_promised(world: World) -> None:
    views = await _previewed(world, Priority.P2, at("07-13 09:30"))

    deadlines = {metric: view.clock.deadline_at for metric, view in views.items()}
    assert deadlines == {
        SlaMetric.FIRST_RESPONSE: at("07-17 09:30"),
        SlaMetric.DELIVERY: at("07-21 09:30"),
    }


async def test_a_promise_that_waits_for_its_batch_is_pending(world: World) -> None:
    views = await _previewed(world, Priority.P3, at("07-06 09:00"))

    states = {metric: view.reading.state for metric, view in views.items()}
    assert states == {SlaMetric.DELIVERY: SlaState.PENDING}


@pytest.mark.parametrize("priority", [Priority.P0, Priority.P1, Priority.P2])
async def test_what_was_previewed_is_what_a_ticket_gets(world: World, priority: Priority) -> None:
    impact = {Priority.P0: Impact.CRITICAL, Priority.P1: Impact.MAJOR, Priority.P2: Impact.MINOR}
    world.now.set(at("07-09 16:20"))
    previewed = await _previewed(world, priority, world.now())

    ticket = await world.ticket(impact=impact[priority])

    kept = {
        SlaMetric(metric): (clock["deadline_at"], clock["allowance_seconds"])
        for (metric, _), clock in (await world.clocks(ticket.id)).items()
    }
    assert ticket.priority is priority
    assert kept == {
        metric: (view.clock.deadline_at, view.clock.allowance_seconds)
        for metric, view in previewed.items()
    }


async def test_a_preview_counts_on_the_terms_in_force_then(world: World) -> None:
    always = a_target(
        hours=24,
        unit=TargetUnit.CALENDAR_MINUTES,
        calendar_id=None,
        starts_on=ClockStart.OPENING,
    )
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract(CONTRACT)
        assert contract is not None
        later = replace(
            contract.terms[0],
            version=2,
            effective_from=at("08-01 00:00"),
            calendar_ids=frozenset[CalendarId](),
            sla=a_policy(always),
        )
        await records.contracts.add_terms(CONTRACT, later)

    now = await _previewed(
        world,
        Priority.P0,
        at("07-31 10:00"),
        supposed=Supposition(first_response_at=at("07-31 11:00")),
    )
    then = await _previewed(world, Priority.P0, at("08-01 00:00"))

    assert now[SlaMetric.FIRST_RESPONSE].terms_version == 1
    (view,) = then.values()
    assert (view.terms_version, view.calendar_version) == (2, None)
    assert view.clock.deadline_at == at("08-02 00:00")


async def test_an_answer_and_a_wait_that_are_supposed_move_the_deadlines(
    both_worlds: World,
) -> None:
    world = both_worlds
    before = await world.everything()
    wait = SupposedWait(at("07-06 11:00"), at("07-07 09:00"), WaitingOn.CLIENT)
    supposed = Supposition(first_response_at=at("07-06 10:00"), waits=(wait,))

    views = await _previewed(world, Priority.P0, at("07-06 09:00"), supposed)

    first, resolution = views[SlaMetric.FIRST_RESPONSE], views[SlaMetric.RESOLUTION]
    assert first.reading.state is SlaState.MET
    assert resolution.reading == ClockReading(SlaState.RUNNING, 3600, 25_200, 0)
    assert resolution.clock.deadline_at == at("07-07 17:00")
    assert [one.kind for one in resolution.segments] == ["BEFORE_START", "COUNTED", "PAUSED"]
    assert resolution.at == at("07-07 09:00")
    assert "en attente de votre réponse" in " ".join(resolution.sentences(Locale.FR))
    assert await world.everything() == before


async def test_a_preview_is_read_when_one_looks(world: World) -> None:
    supposed = Supposition(read_at=at("07-06 12:00"))

    views = await _previewed(world, Priority.P0, at("07-06 09:00"), supposed)

    assert views[SlaMetric.FIRST_RESPONSE].reading == ClockReading(SlaState.RUNNING, 10800, 3600, 0)


async def test_a_life_that_runs_backwards_is_refused(world: World) -> None:
    async with world.refused(SuppositionOutOfOrder):
        await _previewed(
            world,
            Priority.P0,
            at("07-06 09:00"),
            Supposition(first_response_at=at("07-06 08:59")),
        )


@pytest.mark.parametrize(
    "instant",
    [datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)],
)
async def test_nothing_is_promised_beyond_the_calendars(world: World, instant: datetime) -> None:
    async with world.refused(PreviewTooFar) as refusal:
        await _previewed(world, Priority.P0, instant)

    assert refusal.value.path == ("at",)
    assert refusal.value.values == {"at": instant, "first": 2000, "last": 2100}
    assert str(refusal.value).endswith("preview an instant between 2000 and 2100.")
    assert "2000 et 2100" in refusal.value.message(Locale.FR)


@pytest.mark.parametrize(
    "instant",
    [datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)],
)
async def test_the_calendars_reach_from_2000_to_2100(world: World, instant: datetime) -> None:
    views = await _previewed(world, Priority.P0, instant)

    deadline = views[SlaMetric.FIRST_RESPONSE].clock.deadline_at
    assert deadline is not None
    assert deadline > instant


async def test_a_contract_of_others_does_not_exist(world: World) -> None:
    for stranger, contract_id in (
        (world.chloe, CONTRACT),
        (world.zoe, CONTRACT),
        (world.alice, ContractId("no-contract")),
    ):
        async with world.refused(NotFound) as refusal:
            await preview_deadline(
                world.desk,
                viewer=stranger,
                contract_id=contract_id,
                priority=Priority.P0,
                at=world.now(),
            )
        assert refusal.value.path == ("contractId",)
        assert refusal.value.values == {"what": "Contract", "id": contract_id}


async def test_who_may_not_read_contracts_previews_nothing(world: World) -> None:
    blind = replace(world.alice, scopes=frozenset(Scope) - {Scope.CONTRACTS_READ})

    async with world.refused(ScopeMissing):
        await preview_deadline(
            world.desk,
            viewer=blind,
            contract_id=CONTRACT,
            priority=Priority.P0,
            at=world.now(),
        )
