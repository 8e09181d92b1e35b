"""Signals go up and down by the data and by people, and three of them call for an audit once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from helpdesk.domain.access import SYSTEM, AgencyOnly, NotFound
from helpdesk.domain.contract import ContractStatus
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ids import ContractId, SiteId
from helpdesk.domain.message import TextRequired
from helpdesk.domain.secret_text import SecretRefused
from helpdesk.domain.signal import Signal, SignalDown, SignalStands, SignalUp
from helpdesk.domain.site_record import Environment, RestoreTest, Update
from helpdesk.domain.ticket import Channel, TicketKind
from helpdesk.storage.tables.diagnostics import AUDIT_CALL, WARNING_SIGNAL
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.derive_signals import derive_signals
from helpdesk.usecases.raise_signal import MoveSignal, clear_signal, raise_signal
from tests.factories import AGENCY_ID
from tests.usecases.contracts import active
from tests.usecases.diagnostics import CHLOES_SITE, SITE, described, recorded, signals_of
from tests.usecases.world import World

UPDATE = Update("WordPress", "6.7", "6.8", Environment.PRODUCTION)
RESTORE = RestoreTest(has_succeeded=True)
TODAY = date(2026, 7, 6)


async def derive(world: World) -> int:
    return await derive_signals(world.desk, AGENCY_ID)


async def stands(world: World, status: ContractStatus) -> None:
    """Let the contract of Bruno stand so."""
    async with world.desk.store.transaction(AGENCY_ID) as records:
        contract = await records.contracts.contract_to_change(ContractId("contract-of-bruno"))
        assert contract is not None
        await records.contracts.save_contract(replace(contract, status=status))


def asked(signal: Signal, evidence: str = "Bruno told me", site: SiteId = SITE) -> MoveSignal:
    return MoveSignal(site, signal, evidence)


async def test_the_data_raise_what_they_show_and_say_nothing_of_the_rest(
    both_worlds: World,
) -> None:
    world = both_worlds
    await described(world, has_staging=True, has_monitoring=False, documented_on=TODAY)
    await world.ticket(channel=Channel.MAIL)

    moved = await derive(world)

    up = await signals_of(world)
    assert set(up) == {
        Signal.EMAIL_ONLY,
        Signal.UPDATES_NEVER_DONE,
        Signal.BACKUP_UNTESTED,
        Signal.NO_UPTIME_MONITORING,
        Signal.NO_REPORT,
        Signal.NO_EMERGENCY_PROCEDURE,
    }
    assert moved == len(up) + len(await signals_of(world, CHLOES_SITE))
    raised = up[Signal.NO_UPTIME_MONITORING].raised
    assert (raised.on, raised.by, raised.evidence) == (TODAY, SYSTEM, "sans surveillance uptime")
    assert all(one.is_derived for one in up.values())


async def test_deriving_again_moves_nothing(both_worlds: World) -> None:
    world = both_worlds
    await described(world, has_staging=False)
    await derive(world)
    before = await world.everything()

    assert await derive(world) == 0
    assert await world.everything() == before


async def test_what_was_put_right_clears_its_signal_with_what_shows_it(
    both_worlds: World,
) -> None:
    world = both_worlds
    await described(world, has_staging=False)
    await derive(world)
    world.now.advance(days=1)
    await described(world, has_staging=True)
    await recorded(world, UPDATE, days_ago=1)

    assert await derive(world) == 2

    assert not {Signal.NO_STAGING, Signal.UPDATES_NEVER_DONE} & set(await signals_of(world))
    rows = {
        row["signal"]: row for row in await world.rows(WARNING_SIGNAL) if row["site_id"] == SITE
    }
    cleared = rows["UPDATES_NEVER_DONE"]
    assert cleared["raised_on"] == TODAY
    assert (cleared["cleared_on"], cleared["cleared_evidence"]) == (
        date(2026, 7, 7),
        "dernière mise à jour le 2026-07-06",
    )


async def test_what_is_old_counts_however_old_it_is(world: World) -> None:
    await recorded(world, UPDATE, days_ago=800)
    await recorded(world, RESTORE, days_ago=800)

    await derive(world)

    up = await signals_of(world)
    assert "2024" in up[Signal.UPDATES_NEVER_DONE].raised.evidence
    assert "2024" in up[Signal.BACKUP_UNTESTED].raised.evidence


async def test_a_contract_with_all_its_clauses_clears_what_they_settle(world: World) -> None:
    await active(world)

    await derive(world)

    assert Signal.NO_SLA not in await signals_of(world)


async def test_a_contract_that_rests_is_still_written(world: World) -> None:
    await stands(world, ContractStatus.SUSPENDED)

    await derive(world)

    assert Signal.NO_SLA not in await signals_of(world)


async def test_a_site_whose_contracts_are_over_is_left_alone(world: World) -> None:
    await stands(world, ContractStatus.ENDED)

    await derive(world)

    assert await signals_of(world) == {}


async def test_a_signal_may_be_raised_by_a_person_and_cleared_by_the_data(world: World) -> None:
    episode = await raise_signal(world.desk, viewer=world.alice, request=asked(Signal.NO_STAGING))
    assert (episode.is_derived, episode.is_against_data) == (False, False)
    assert (await signals_of(world))[Signal.NO_STAGING] == episode

    await described(world, has_staging=True)
    await derive(world)

    assert Signal.NO_STAGING not in await signals_of(world)


async def test_a_person_who_knows_better_than_the_data_is_not_overruled_by_them(
    both_worlds: World,
) -> None:
    world = both_worlds
    await world.ticket()
    request = asked(Signal.EMAIL_ONLY, "He writes to our developers")

    episode = await raise_signal(world.desk, viewer=world.alice, request=request)
    await derive(world)

    assert episode.is_against_data
    assert Signal.EMAIL_ONLY in await signals_of(world)
    done = asked(Signal.EMAIL_ONLY, "He was briefed")
    cleared = await clear_signal(world.desk, viewer=world.alice, request=done)
    assert cleared.cleared is not None
    assert (cleared.cleared.evidence, cleared.cleared.by.name) == ("He was briefed", "Alice")
    assert Signal.EMAIL_ONLY not in await signals_of(world)


async def test_a_signal_that_the_data_still_show_is_not_cleared_by_words(world: World) -> None:
    await described(world, has_staging=False)
    await derive(world)

    async with world.refused(SignalStands) as refused:
        await clear_signal(world.desk, viewer=world.alice, request=asked(Signal.NO_STAGING))

    assert refused.value.values["evidence"] == "sans environnement de staging"


async def test_three_criticals_together_open_one_audit_task_for_each_episode(
    both_worlds: World,
) -> None:
    world = both_worlds
    await derive(world)
    assert await world.rows(AUDIT_CALL) == []
    await described(world, has_staging=False)

    await derive(world)
    await derive(world)

    (call,) = await world.rows(AUDIT_CALL)
    (task,) = await world.rows(TICKET)
    assert (call["site_id"], call["began_on"], call["ended_on"]) == (SITE, TODAY, None)
    assert call["ticket_id"] == task["id"]
    assert task["subject"] == "Déclencher un audit immédiatement — bruno.example"
    assert "- Aucune sauvegarde testée" in task["description"]
    assert (task["priority"], task["kind"]) == ("P1", TicketKind.PREVENTIVE)
    assert (task["contract_id"], task["requester_id"]) == (None, None)
    assert await world.rows(SLA_CLOCK) == []

    await recorded(world, RESTORE)
    await derive(world)
    (ended,) = await world.rows(AUDIT_CALL)
    assert ended["ended_on"] == TODAY
    world.now.advance(days=100)
    await derive(world)
    assert [row["ended_on"] is None for row in await world.rows(AUDIT_CALL)] == [False, True]
    assert len(await world.rows(TICKET)) == 2


async def test_two_workers_at_once_open_one_task(both_worlds: World) -> None:
    world = both_worlds
    await described(world, has_staging=False)

    await asyncio.gather(derive(world), derive(world))

    assert len(await world.rows(AUDIT_CALL)) == 1
    assert len(await world.rows(TICKET)) == 1


async def test_people_who_raise_the_third_critical_open_the_task_too(world: World) -> None:
    await derive(world)

    await raise_signal(world.desk, viewer=world.alice, request=asked(Signal.NO_STAGING))
    (call,) = await world.rows(AUDIT_CALL)
    await clear_signal(world.desk, viewer=world.alice, request=asked(Signal.NO_STAGING))

    (ended,) = await world.rows(AUDIT_CALL)
    assert (call["ended_on"], ended["ended_on"]) == (None, TODAY)


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (asked(Signal.NO_STAGING, " "), TextRequired),
        (asked(Signal.NO_STAGING, "root, mdp: Soleil42"), SecretRefused),
        (asked(Signal.NO_STAGING, site=SiteId("nowhere")), NotFound),
        (asked(Signal.UPDATES_NEVER_DONE), SignalUp),
    ],
)
async def test_a_signal_that_cannot_be_raised_changes_nothing(
    world: World, request_: MoveSignal, refusal: type[HelpdeskError]
) -> None:
    await derive(world)

    async with world.refused(refusal):
        await raise_signal(world.desk, viewer=world.alice, request=request_)


async def test_a_signal_that_is_not_up_is_not_cleared(world: World) -> None:
    async with world.refused(SignalDown):
        await clear_signal(world.desk, viewer=world.alice, request=asked(Signal.NO_SLA))


@pytest.mark.parametrize("verb", [raise_signal, clear_signal])
async def test_only_the_agency_of_the_site_moves_its_signals(
    world: World, verb: Callable[..., Awaitable[object]]
) -> None:
    for viewer, refusal in ((world.bruno, AgencyOnly), (world.zoe, NotFound)):
        async with world.refused(refusal):
            await verb(world.desk, viewer=viewer, request=asked(Signal.NO_STAGING))


async def test_the_signals_of_another_agency_are_its_own(world: World) -> None:
    await derive(world)

    assert {row["agency_id"] for row in await world.rows(WARNING_SIGNAL)} == {AGENCY_ID}
