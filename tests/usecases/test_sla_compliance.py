"""How promises were kept: which clock counts where, as the databases have it."""

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.domain.compliance import ComplianceFigures, OpenClocks, SlaDimension
from helpdesk.domain.ids import AgentId
from helpdesk.domain.month import Month, Months
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla import ClockResult, SlaMetric
from helpdesk.domain.ticket import TicketStatus
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.sla_compliance import (
    ComplianceGroup,
    SlaComplianceQuestion,
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

JULY = Months(Month(2026, 7), Month(2026, 7))
SPRING = Months(Month(2026, 3), Month(2026, 5))
ALICE = AgentId("alice")


async def test_an_answer_in_time_is_a_promise_that_was_kept(both_worlds: World) -> None:
    world = both_worlds
    ticket = await world.ticket()
    world.now.advance(hours=1)
    await reply_to_ticket(
        world.desk, viewer=world.alice, request=ReplyToTicket(ticket.id, "We are on it.")
    )

    answer = await asked(world, world.alice, SlaComplianceQuestion(JULY))

    [first] = [row for row in answer.rows if row.group.metric is SlaMetric.FIRST_RESPONSE]
    assert first.figures == ComplianceFigures(
        met=1,
        missed=0,
        measured=1,
        median_seconds=3600,
        ninetieth_seconds=3600,
        open_clocks=OpenClocks(),
    )
    assert (answer.zone, answer.at, answer.months) == ("Europe/Paris", world.now(), JULY)


async def test_nothing_gives_no_row_and_an_empty_total(both_worlds: World) -> None:
    answer = await asked(both_worlds, both_worlds.alice, SlaComplianceQuestion(SPRING))

    assert answer.rows == ()
    assert answer.total.figures == ComplianceFigures(0, 0, 0, None, None, None)


async def test_a_result_counts_in_the_local_month_and_its_measure_where_the_clock_stopped(
    both_worlds: World,
) -> None:
    world = both_worlds
    late = await put_ticket(world, world.bruno)
    await put_clock(
        world,
        world.bruno,
        late,
        seconds=9000,
        breached_at=at("03-31 23:59"),
        stopped_at=at("04-01 00:00"),
    )

    answer = await asked(world, world.alice, SlaComplianceQuestion(SPRING, (SlaDimension.MONTH,)))

    march, april = answer.rows
    assert (march.group.month, april.group.month) == (Month(2026, 3), Month(2026, 4))
    assert march.figures == ComplianceFigures(0, 1, 0, None, None, None)
    assert april.figures == ComplianceFigures(0, 0, 1, 9000, 9000, None)


async def test_a_reopened_clock_keeps_what_it_gave_to_a_month_that_is_over(
    both_worlds: World,
) -> None:
    world = both_worlds
    reopened = await put_ticket(world, world.bruno, updated_at=at("04-03 10:00"))
    await put_clock(
        world,
        world.bruno,
        reopened,
        earlier=(ClockResult(at("03-10 10:00"), 1800, is_met=True),),
        breached_at=at("05-04 10:00"),
    )

    assert await counted(world, SlaDimension.MONTH, months=SPRING) == {
        ComplianceGroup(month=Month(2026, 3)): (1, 0),
        ComplianceGroup(month=Month(2026, 5)): (0, 1),
    }


async def test_a_clock_found_by_two_stops_of_one_month_counts_once(both_worlds: World) -> None:
    world = both_worlds
    reopened = await put_ticket(world, world.bruno, updated_at=at("03-12 10:00"))
    await put_clock(
        world,
        world.bruno,
        reopened,
        seconds=5400,
        earlier=(ClockResult(at("03-10 10:00"), 1800, is_met=True),),
        stopped_at=at("03-12 10:00"),
    )

    answer = await asked(world, world.alice, SlaComplianceQuestion(SPRING))

    assert answer.total.figures == ComplianceFigures(1, 0, 1, 1800, 1800, None)


async def test_each_answer_cycle_counts(both_worlds: World) -> None:
    world = both_worlds
    ticket_id = await put_ticket(world, world.bruno)
    for cycle in (1, 2, 3):
        await put_clock(
            world,
            world.bruno,
            ticket_id,
            SlaMetric.NEXT_RESPONSE,
            cycle=cycle,
            stopped_at=at("03-10 10:00"),
        )

    group = ComplianceGroup(metric=SlaMetric.NEXT_RESPONSE)
    assert await counted(world, SlaDimension.METRIC, months=SPRING) == {group: (3, 0)}


@pytest.mark.parametrize("status", ["MERGED", "SPAM", "CANCELLED"])
async def test_a_ticket_that_was_none_counts_nowhere(both_worlds: World, status: str) -> None:
    world = both_worlds
    ticket_id = await put_ticket(world, world.bruno, status=TicketStatus(status))
    await put_clock(
        world,
        world.bruno,
        ticket_id,
        breached_at=at("03-10 10:00"),
        cancelled_at=at("03-11 10:00"),
    )

    assert await counted(world, SlaDimension.METRIC, months=SPRING) == {}


async def test_lowering_a_priority_takes_no_breach_from_the_higher_one(both_worlds: World) -> None:
    world = both_worlds
    ticket_id = await put_ticket(world, world.bruno, priority=Priority.P3)
    await put_clock(world, world.bruno, ticket_id, breached_at=at("03-10 10:00"))
    await put_change(world, world.bruno, ticket_id, at("03-12 10:00"), priority="P1")
    question = SlaComplianceQuestion(SPRING, (SlaDimension.PRIORITY,), priorities=(Priority.P1,))

    [row] = (await asked(world, world.alice, question)).rows

    assert (row.group.priority, row.figures.missed) == (Priority.P1, 1)
    lower = replace(question, priorities=(Priority.P3,))
    assert (await asked(world, world.alice, lower)).rows == ()


async def test_a_result_belongs_to_who_took_care_of_the_ticket_then(both_worlds: World) -> None:
    world = both_worlds
    ticket_id = await put_ticket(world, world.bruno, agent_id=ALICE)
    await put_clock(world, world.bruno, ticket_id, stopped_at=at("03-10 10:00"))
    await put_clock(
        world, world.bruno, ticket_id, SlaMetric.RESOLUTION, stopped_at=at("03-12 10:00")
    )
    await put_change(world, world.bruno, ticket_id, at("03-11 10:00"), assignee_id=None)

    assert await counted(world, SlaDimension.AGENT, SlaDimension.METRIC, months=SPRING) == {
        ComplianceGroup(agent_id=ALICE, metric=SlaMetric.RESOLUTION): (1, 0),
        ComplianceGroup(agent_id=None, metric=SlaMetric.FIRST_RESPONSE): (1, 0),
    }
    question = SlaComplianceQuestion(SPRING, agent_ids=(ALICE,))
    total = (await asked(world, world.alice, question)).total.figures
    assert (total.met, total.measured) == (1, 1)


async def test_clients_and_metrics_are_chosen(both_worlds: World) -> None:
    world = both_worlds
    for owner in (world.bruno, world.chloe):
        ticket_id = await put_ticket(world, owner)
        for metric in (SlaMetric.FIRST_RESPONSE, SlaMetric.DELIVERY):
            await put_clock(world, owner, ticket_id, metric, stopped_at=at("03-10 10:00"))
    question = SlaComplianceQuestion(SPRING, (SlaDimension.CLIENT, SlaDimension.METRIC))
    assert world.chloe.client_id is not None

    of_one = replace(question, client_ids=(world.chloe.client_id,), metrics=(SlaMetric.DELIVERY,))
    of_none = replace(question, client_ids=())

    [row] = (await asked(world, world.alice, of_one)).rows
    assert (row.group.client_id, row.group.metric) == (world.chloe.client_id, SlaMetric.DELIVERY)
    assert (await asked(world, world.alice, of_none)).rows == ()


async def test_what_is_open_is_told_with_the_month_of_now_alone(both_worlds: World) -> None:
    world = both_worlds
    now = world.now()
    ticket_id = await put_ticket(world, world.bruno)
    stands: list[dict[str, Any]] = [  # Any: columns of a clock
        {"breached_at": at("07-06 12:00"), "at_risk_at": at("07-06 10:00")},
        {"breached_at": at("07-06 12:00"), "at_risk_at": now},
        {"breached_at": now, "at_risk_at": at("07-05 10:00")},
        {"breached_at": at("07-05 12:00"), "paused_since": now},
        {"at_risk_at": at("07-05 10:00"), "paused_since": now},
        {"cancelled_at": now},
        {"stopped_at": at("02-01 10:00")},
    ]
    for cycle, instants in enumerate(stands, 1):
        await put_clock(
            world, world.bruno, ticket_id, SlaMetric.NEXT_RESPONSE, cycle=cycle, **instants
        )
    await put_stopped_clock(world, world.bruno, "06-10 10:00")
    months = Months(Month(2026, 6), Month(2026, 7))

    answer = await asked(world, world.alice, SlaComplianceQuestion(months, (SlaDimension.MONTH,)))
    past = await asked(world, world.alice, SlaComplianceQuestion(SPRING))

    june, july = answer.rows
    assert june.figures.open_clocks is None
    assert july.figures.open_clocks == OpenClocks(running=5, at_risk=1, breached=2)
    assert answer.total.figures.open_clocks == OpenClocks(running=5, at_risk=1, breached=2)
    assert past.total.figures.open_clocks is None


async def test_a_month_to_come_counts_nothing(both_worlds: World) -> None:
    world = both_worlds
    ticket_id = await put_ticket(world, world.bruno)
    await put_clock(world, world.bruno, ticket_id, breached_at=at("09-10 10:00"))

    answer = await asked(world, world.alice, SlaComplianceQuestion(YEAR, (SlaDimension.MONTH,)))

    [july] = answer.rows
    assert (july.group.month, july.figures.missed) == (Month(2026, 7), 0)
