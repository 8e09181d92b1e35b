"""Steps are recorded when they come, once, by the clock of the database, whoever looks."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.domain.escalation import BREACH
from helpdesk.domain.ids import TicketId
from helpdesk.storage.database import Database
from helpdesk.storage.deadline_queue import FIRED_AT_ONCE
from helpdesk.storage.tables.sla_clock import SLA_CLOCK, SLA_FIRING
from helpdesk.testing import FrozenNow
from helpdesk.usecases.carry_out_firing import ENDED
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.worker.deadlines import FiredSteps, act_due, fire_due
from tests.factories import AGENCY_ID, at
from tests.filling import fill_clocks
from tests.usecases.escalations import agree, fire, firings, mails, work
from tests.usecases.world import World

MANY = 2_000


async def test_a_step_is_recorded_with_its_true_instant_and_what_is_left(world: World) -> None:
    await agree(world)
    ticket = await world.ticket()
    world.now.set(at("07-06 11:07"))

    assert await fire(world.desk) == 1

    (row,) = await world.rows(SLA_FIRING)
    assert (row["step"], row["level"], row["is_superseded"]) == ("50%", 1, False)
    assert (row["due_at"], row["fired_at"]) == (at("07-06 11:00"), at("07-06 11:07"))
    assert (row["act_at"], row["acted_at"], row["attempts"]) == (at("07-06 11:07"), None, 0)
    clock = (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]
    assert [step for step, *_ in clock["steps"]] == ["100%", BREACH, "+60min"]
    assert clock["next_at"] == at("07-06 13:00")


async def test_steps_missed_during_two_days_of_downtime_are_coalesced(world: World) -> None:
    await agree(world)
    ticket = await world.ticket()

    await work(world, "07-08 10:00")

    recorded = await firings(world)
    assert {name: row["is_superseded"] for name, row in recorded.items()} == {
        "50%": True,
        "100%": True,
        BREACH: False,
        "+60min": False,
    }
    assert {row["fired_at"] for row in recorded.values()} == {at("07-08 10:00")}
    assert recorded[BREACH]["due_at"] == at("07-06 13:00")
    assert [to for to, _ in await mails(world)] == ["bruno@bruno.example"]
    assert (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["next_at"] is None


async def test_the_steps_that_follow_a_downtime_come_as_they_should(world: World) -> None:
    await agree(world)
    ticket = await world.ticket()
    await work(world, "07-06 13:30")

    clock = (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]
    assert [step for step, *_ in clock["steps"]] == ["+60min"]
    await work(world, "07-06 15:00")
    assert (await firings(world))["+60min"]["due_at"] == at("07-06 15:00")


async def test_looking_again_changes_nothing(world: World) -> None:
    await agree(world)
    await world.ticket()
    await work(world, "07-06 15:30")
    before = await world.everything()

    await work(world)

    assert await world.everything() == before


async def test_a_change_after_a_step_does_not_bring_it_back(world: World) -> None:
    await agree(world)
    ticket = await world.ticket()
    await work(world, "07-06 11:00")

    await _answer(world.desk, world, ticket.id)

    clock = (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]
    assert (clock["steps"], clock["next_at"]) == ([], None)
    assert set(await firings(world)) == {"50%"}


async def test_a_step_that_came_before_the_answer_is_recorded_after_a_downtime(
    world: World,
) -> None:
    await agree(world)
    ticket = await world.ticket()
    world.now.set(at("07-06 11:30"))
    await _answer(world.desk, world, ticket.id)

    await work(world, "07-07 09:00")

    recorded = await firings(world)
    assert {name: row["due_at"] for name, row in recorded.items()} == {"50%": at("07-06 11:00")}
    assert recorded["50%"]["outcome"] == [ENDED]
    assert await mails(world) == []
    assert (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["next_at"] is None


async def test_two_workers_at_once_record_each_step_once(
    world: World, second_desk: Desk, database_url: str
) -> None:
    await agree(world)
    model = await world.ticket()
    due = world.now()
    steps = [("50%", 1, due), ("100%", 2, due + timedelta(hours=9))]
    await fill_clocks(database_url, model.id, MANY, steps, "racing")
    tallies = FiredSteps(), FiredSteps()
    desks = world.desk, second_desk

    await asyncio.gather(
        *(
            fire_due(desk, tally, lambda: False)
            for desk, tally in zip(desks, tallies, strict=True)
            for _ in range(2)
        )
    )

    rows = await world.rows(SLA_FIRING)
    assert len({row["ticket_id"] for row in rows}) == len(rows) == MANY
    assert sum(tally.count for tally in tallies) == MANY


async def test_a_ticket_that_is_being_changed_is_left_for_the_next_round(
    world: World, second_desk: Desk
) -> None:
    await agree(world)
    ticket = await world.ticket()
    world.now.set(at("07-06 11:00"))
    if world.database.dialect_name == "sqlite":
        pytest.skip("SQLite has one writer: a round waits for the change")

    async with world.desk.store.transaction(AGENCY_ID) as records:
        assert await records.tickets.ticket(ticket.id) is not None
        assert await fire(second_desk) == 0
    assert await fire(second_desk) == 1

    async with world.desk.store.transaction(AGENCY_ID) as records:
        assert await records.tickets.ticket(ticket.id) is not None
        assert await act_due(second_desk) == 0
    assert await act_due(second_desk) == 1


async def test_an_answer_that_is_committed_while_the_step_comes_wins_or_loses_as_a_whole(
    world: World, second_desk: Desk
) -> None:
    await agree(world)
    tickets = [await world.ticket(f"Number {number}") for number in range(20)]
    world.now.set(at("07-06 11:00"))

    async def answers() -> None:
        for ticket in tickets:
            await _answer(world.desk, world, ticket.id)

    async def rounds() -> None:
        for _ in range(30):
            await fire(second_desk)
            await act_due(second_desk)

    await asyncio.gather(answers(), rounds())
    await work(world, "07-06 18:00")

    clocks = [row for row in await world.rows(SLA_CLOCK) if row["metric"] == "FIRST_RESPONSE"]
    assert {(row["next_at"], row["stopped_at"]) for row in clocks} == {(None, at("07-06 11:00"))}
    told = {row["ticket_id"] for row in await world.rows(SLA_FIRING) if row["outcome"]}
    done = [row for row in await world.rows(SLA_FIRING) if "NOTIFY" in row["outcome"][0]]
    assert len(await mails(world)) == len(done) <= len(told)


async def test_a_worker_whose_own_clock_is_wrong_fires_nothing_early(world: World) -> None:
    await agree(world)
    await world.ticket()
    hours_ahead = replace(world.desk, now=FrozenNow(at("07-06 20:00")))

    assert await fire(hours_ahead) == 0
    world.now.set(at("07-06 11:00"))
    assert await fire(hours_ahead) == 1
    await act_due(hours_ahead)

    assert (await firings(world))["50%"]["acted_at"] == at("07-06 11:00")
    assert {mail.created_at for mail in await world.outbox()} == {at("07-06 11:00")}


async def test_the_clock_that_decides_is_that_of_the_database(database: Database) -> None:
    deadlines = desk_on(database).store.queue().deadlines

    shown = await deadlines.now()

    assert shown.tzinfo is not None
    assert abs(shown - await database.now()) < timedelta(minutes=1)


async def test_told_to_stop_it_ends_after_the_batch_in_hand(
    world: World, database_url: str
) -> None:
    await agree(world)
    model = await world.ticket()
    steps = [("50%", 1, world.now())]
    await fill_clocks(database_url, model.id, MANY, steps, "stopping")

    looked_at = await fire_due(world.desk, FiredSteps(), lambda: True)

    assert looked_at == FIRED_AT_ONCE


async def test_the_next_instant_is_the_earliest_of_all_agencies(world: World) -> None:
    await agree(world)
    deadlines = world.desk.store.queue().deadlines
    assert await deadlines.next_instant() is None
    assert await deadlines.next_act() is None
    await world.ticket()

    assert await deadlines.next_instant() == at("07-06 11:00")
    world.now.set(at("07-06 11:00"))
    await fire(world.desk)
    assert await deadlines.next_act() == at("07-06 11:00")


async def _answer(desk: Desk, world: World, ticket_id: TicketId) -> None:
    request = ReplyToTicket(ticket_id, "We are looking into it.")
    await reply_to_ticket(desk, viewer=world.alice, request=request)
