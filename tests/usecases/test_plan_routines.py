"""The routines of contracts become tickets, once a month each, and cost no quota."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.domain.ticket import Channel, TicketKind
from helpdesk.storage.tables.classification import CLASSIFICATION
from helpdesk.storage.tables.diagnostics import ROUTINE_RUN
from helpdesk.storage.tables.retainer import RETAINER_ENTRY
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.create_site import CreateSite, create_site
from helpdesk.usecases.plan_routines import plan_routines, worked_under
from helpdesk.usecases.suspend_contract import SuspendContract, suspend_contract
from tests.factories import AGENCY_ID, at
from tests.usecases.contracts import BRUNO, SITE, active, drafted
from tests.usecases.world import World


async def plan(world: World) -> int:
    return await plan_routines(world.desk, AGENCY_ID)


async def runs(world: World) -> list[tuple[Any, ...]]:
    return [
        (row["month"], row["kind"], row["opens_on"].day, row["due_on"].day)
        for row in await world.rows(ROUTINE_RUN)
    ]


async def test_a_routine_opens_on_the_first_working_day_of_its_weeks(both_worlds: World) -> None:
    world = both_worlds
    contract = await active(world)

    assert await plan(world) == 3
    assert await runs(world) == [
        ("2026-07", "BACKUPS", 6, 13),
        ("2026-07", "SECURITY_UPDATES", 6, 13),
        ("2026-07", "UPDATES", 6, 13),
    ]
    world.now.set(at("07-22 09:00"))
    assert await plan(world) == 1
    assert ("2026-07", "REPORT", 22, 28) in await runs(world)
    tickets = {row["id"]: row for row in await world.rows(TICKET)}
    for row in await world.rows(ROUTINE_RUN):
        ticket = tickets[row["ticket_id"]]
        assert (ticket["contract_id"], ticket["site_id"]) == (contract.id, "bruno.example")
        assert (ticket["kind"], ticket["channel"]) == (TicketKind.PREVENTIVE, Channel.MONITORING)
        assert (ticket["priority"], ticket["requester_id"]) == ("P3", None)


async def test_planning_again_opens_nothing(both_worlds: World) -> None:
    world = both_worlds
    await active(world)
    await plan(world)
    before = await world.everything()

    assert await plan(world) == 0
    assert await world.everything() == before


async def test_two_workers_at_once_open_each_routine_once(both_worlds: World) -> None:
    world = both_worlds
    await active(world)

    opened = await asyncio.gather(plan(world), plan(world))

    assert sum(opened) == 3
    assert len(await world.rows(TICKET)) == 3


async def test_the_ticket_says_what_is_done_and_until_when(world: World) -> None:
    await active(world)
    await plan(world)

    subjects = {row["subject"]: row["description"] for row in await world.rows(TICKET)}
    assert set(subjects) == {
        "Mises à jour préventives : juillet 2026",
        "Mises à jour de sécurité du mois : juillet 2026",
        "Sauvegardes vérifiées : juillet 2026",
    }
    assert subjects["Sauvegardes vérifiées : juillet 2026"] == (
        "Travail préventif prévu au contrat TMA-2, du 2026-07-06 au 2026-07-13.\n\n"
        "- Contrôler les sauvegardes\n- Tester une restauration\n- Noter le résultat"
    )


async def test_a_routine_runs_no_clock_and_takes_nothing_of_the_forfait(both_worlds: World) -> None:
    world = both_worlds
    await active(world)
    before = await world.rows(RETAINER_ENTRY)

    await plan(world)

    assert {row["next_deadline_at"] for row in await world.rows(TICKET)} == {None}
    assert await world.rows(RETAINER_ENTRY) == before
    classified = await world.rows(CLASSIFICATION)
    assert {(row["coverage"], row["funding"], row["is_decided"]) for row in classified} == {
        ("INCLUDED", "NONE", True)
    }
    assert sorted(row["nature"] for row in classified) == ["MONITORING", "SECURITY", "UPDATE"]


async def test_quarterly_updates_come_every_third_month(world: World) -> None:
    await active(world)
    found = []
    for day in ("07-15", "08-15", "09-15", "10-15"):
        world.now.set(at(f"{day} 09:00"))
        await plan(world)
        found = [month for month, kind, *_ in await runs(world) if kind == "UPDATES"]

    assert found == ["2026-07", "2026-10"]


@pytest.mark.parametrize("is_resting", [True, False])
async def test_a_contract_that_is_not_at_work_has_no_routine(
    world: World, *, is_resting: bool
) -> None:
    if is_resting:
        contract = await active(world)
        request = SuspendContract(contract.id, "He renovates his shop.")
        await suspend_contract(world.desk, viewer=world.alice, request=request)
    else:
        await drafted(world)

    assert await plan(world) == 0
    assert await runs(world) == []


async def test_only_the_days_of_the_contract_are_worked(world: World) -> None:
    contract = replace(await active(world), ends_on=date(2026, 7, 20))

    is_worked = worked_under(contract, ())

    assert [is_worked(date(2026, 7, day)) for day in (5, 6, 19, 20)] == [False, True, True, False]


async def test_a_contract_older_than_such_clauses_has_no_routine(world: World) -> None:
    assert await plan(world) == 0


async def test_several_sites_make_one_ticket_that_names_none(world: World) -> None:
    blog = CreateSite(BRUNO, "blog.bruno.example", "https://blog.bruno.example")
    second = await create_site(world.desk, viewer=world.alice, request=blog)
    await active(world, site_ids=frozenset({SITE, second.id}))

    assert await plan(world) == 3
    assert {row["site_id"] for row in await world.rows(TICKET)} == {None}
