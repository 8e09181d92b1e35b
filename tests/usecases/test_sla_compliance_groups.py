"""Groups of figures: they add up, keep to the viewer, and have an end."""

from dataclasses import replace
from datetime import datetime
from itertools import chain, combinations
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.access import Scope, ScopeMissing
from helpdesk.domain.compliance import ClockLife, OpenClocks, SlaDimension, results_of
from helpdesk.domain.ids import AgentId
from helpdesk.domain.month import Month, Months
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockResult, SlaMetric
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.usecases.sla_compliance import (
    AgentsAreTheAgencys,
    ComplianceGroup,
    SlaComplianceQuestion,
    TooManyGroups,
    TooManyMonths,
)
from tests.factories import at
from tests.usecases.clocks import (
    YEAR,
    asked,
    counted,
    put_change,
    put_clock,
    put_stopped_clock,
    put_ticket,
)
from tests.usecases.world import World

PARIS = ZoneInfo("Europe/Paris")
EVERY_GROUPING = list(
    chain.from_iterable(combinations(SlaDimension, size) for size in range(len(SlaDimension) + 1))
)
ALICE = AgentId("alice")


async def a_busy_half_year(world: World) -> None:
    """Put clocks of every kind there, of two clients, several priorities, metrics and agents."""
    number = 0
    for owner in (world.bruno, world.chloe):
        for priority in (Priority.P1, Priority.P2):
            for agent_id in (ALICE, None):
                ticket_id = await put_ticket(
                    world, owner, priority=priority, agent_id=agent_id, updated_at=at("06-01 10:00")
                )
                for metric in SlaMetric:
                    number += 1
                    stopped = at(f"0{number % 6 + 1}-{number % 28 + 1:02} 10:00")
                    instants = {"stopped_at": stopped} if number % 5 else {}
                    if number % 3 == 0:
                        instants["breached_at"] = at(f"0{number % 6 + 1}-01 10:00")
                    earlier = (ClockResult(at("01-15 10:00"), 60, is_met=True),)
                    await put_clock(
                        world,
                        owner,
                        ticket_id,
                        metric,
                        seconds=number * 600,
                        earlier=earlier if number % 7 == 0 else (),
                        **instants,
                    )
                await put_change(world, owner, ticket_id, at("04-01 10:00"), priority="P3")


async def test_the_sum_over_any_grouping_is_the_total(both_worlds: World) -> None:
    await a_busy_half_year(both_worlds)

    totals = set()
    for grouping in EVERY_GROUPING:
        answer = await asked(both_worlds, both_worlds.alice, SlaComplianceQuestion(YEAR, grouping))
        rows, total = [row.figures for row in answer.rows], answer.total.figures
        totals.add((total.met, total.missed, total.median_seconds, total.ninetieth_seconds))

        assert sum(row.met for row in rows) == total.met
        assert sum(row.missed for row in rows) == total.missed
        assert sum(row.measured for row in rows) == total.measured
        added = sum((row.open_clocks or OpenClocks() for row in rows), OpenClocks())
        assert added == total.open_clocks
        assert len({row.group for row in answer.rows}) == len(rows)

    [(met, missed, median, ninetieth)] = totals
    assert met > 10
    assert missed > 5
    assert median is not None
    assert ninetieth is not None


async def test_months_add_up_to_the_whole_period(both_worlds: World) -> None:
    await a_busy_half_year(both_worlds)

    whole = (await asked(both_worlds, both_worlds.alice, SlaComplianceQuestion(YEAR))).total
    months = [
        await asked(both_worlds, both_worlds.alice, SlaComplianceQuestion(Months(month, month)))
        for month in YEAR
    ]

    assert sum(one.total.figures.met for one in months) == whole.figures.met
    assert sum(one.total.figures.missed for one in months) == whole.figures.missed


async def test_months_hold_what_the_rule_gives_for_every_clock_there_is(
    both_worlds: World,
) -> None:
    world = both_worlds
    await a_busy_half_year(world)
    expected: dict[ComplianceGroup, list[int]] = {}

    for row in await world.rows(SLA_CLOCK):
        stops = [
            ClockResult(datetime.fromisoformat(stopped_at), seconds, is_met)
            for stopped_at, seconds, is_met in row["earlier_results"]
        ]
        if row["stopped_at"] is not None:
            is_met = row["breached_at"] is None
            stops.append(ClockResult(row["stopped_at"], row["counted_seconds"], is_met))
        life = ClockLife(tuple(stops), row["breached_at"], row["cancelled_at"], is_void=False)
        for result in results_of(life, at=world.now(), zone=PARIS):
            group = ComplianceGroup(Month.of(result.at, PARIS), metric=SlaMetric(row["metric"]))
            expected.setdefault(group, [0, 0])[not result.is_met] += 1

    found = await counted(world, SlaDimension.MONTH, SlaDimension.METRIC)
    assert {group: list(both) for group, both in found.items() if any(both)} == expected
    assert len(expected) > 12


async def test_rows_stand_in_the_order_of_the_dimensions(both_worlds: World) -> None:
    await a_busy_half_year(both_worlds)
    grouping = (SlaDimension.AGENT, SlaDimension.METRIC)

    answer = await asked(both_worlds, both_worlds.alice, SlaComplianceQuestion(YEAR, grouping))

    agents = [ALICE] * len(SlaMetric) + [None] * len(SlaMetric)
    assert [row.group.agent_id for row in answer.rows] == agents
    assert [row.group.metric for row in answer.rows] == [*SlaMetric, *SlaMetric]


async def test_a_client_counts_his_own_clocks_only(both_worlds: World) -> None:
    world = both_worlds
    await put_stopped_clock(world, world.bruno, "03-10 10:00")
    await put_stopped_clock(world, world.chloe, "03-10 10:00")
    await put_stopped_clock(world, world.chloe, "03-11 10:00")

    bruno = await counted(world, SlaDimension.CLIENT, viewer=world.bruno)
    chloe = await counted(world, SlaDimension.CLIENT, viewer=world.chloe)
    alice = await counted(world, SlaDimension.CLIENT)
    zoe = await counted(world, SlaDimension.CLIENT, viewer=world.zoe)

    assert bruno == {ComplianceGroup(client_id=world.bruno.client_id): (1, 0)}
    assert chloe == {ComplianceGroup(client_id=world.chloe.client_id): (2, 0)}
    assert alice == {**bruno, **chloe}
    assert zoe == {}


async def test_a_client_who_names_another_finds_nothing(both_worlds: World) -> None:
    world = both_worlds
    await a_busy_half_year(world)
    assert world.chloe.client_id is not None

    question = SlaComplianceQuestion(YEAR, client_ids=(world.chloe.client_id,))
    total = (await asked(world, world.bruno, question)).total.figures

    assert (total.met, total.missed, total.open_clocks) == (0, 0, OpenClocks())


async def test_who_of_the_agency_did_how_well_is_not_told_to_a_client(world: World) -> None:
    for question in (
        SlaComplianceQuestion(YEAR, (SlaDimension.METRIC, SlaDimension.AGENT)),
        SlaComplianceQuestion(YEAR, agent_ids=(ALICE,)),
    ):
        async with world.refused(AgentsAreTheAgencys):
            await asked(world, world.bruno, question)


async def test_figures_take_the_scope_of_tickets(world: World) -> None:
    narrow = replace(world.alice, scopes=frozenset(Scope) - {Scope.TICKETS_READ})

    async with world.refused(ScopeMissing):
        await asked(world, narrow, SlaComplianceQuestion(YEAR))


async def test_more_than_36_months_are_refused() -> None:
    three_years = Months(Month(2024, 1), Month(2026, 12))
    assert SlaComplianceQuestion(three_years).months == three_years

    with pytest.raises(TooManyMonths) as refusal:
        SlaComplianceQuestion(Months(Month(2023, 12), Month(2026, 12)))

    assert refusal.value.values == {"count": 37, "limit": 36}


async def test_more_rows_than_allowed_are_refused(world: World) -> None:
    await a_busy_half_year(world)
    question = SlaComplianceQuestion(YEAR, (SlaDimension.METRIC,), most_rows=len(SlaMetric) - 1)

    async with world.refused(TooManyGroups):
        await asked(world, world.alice, question)
