"""Worked time: written down, corrected, measured; and what the forfait makes of it."""

import asyncio

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound, ScopeMissing
from helpdesk.domain.billed_time import RoundingScope, RoundingTerms
from helpdesk.domain.ids import TicketId
from helpdesk.domain.retainer_entry import EntryKind
from helpdesk.domain.retainer_terms import RetainerUnit
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.work_log import (
    MinutesNotPositive,
    TimerRunsAlready,
    WorkCorrectionWithoutReason,
    WorkNumber,
    WorkUnknown,
)
from helpdesk.usecases.correct_work_log import CorrectWorkLog, correct_work_log
from helpdesk.usecases.idempotency import IdempotencyKeyReused
from helpdesk.usecases.log_work import LogWork, WorkInTheFuture, log_work
from helpdesk.usecases.work_log_ports import LoggedWork
from helpdesk.usecases.work_timer import (
    StartTimer,
    StopTimer,
    TimerNotRunning,
    TimerOfPeopleOnly,
    start_timer,
    stop_timer,
)
from tests.factories import AGENCY_ID, a_viewer, at
from tests.usecases.retainers import RUN, balance, entries, opened, proved
from tests.usecases.test_ticket_retainer import closed
from tests.usecases.world import World


async def worked(world: World, ticket: Ticket, minutes: int, **more: object) -> LoggedWork:
    given = {"unit": RUN, **more}
    request = LogWork(ticket.id, minutes, **given)  # type: ignore[arg-type]  # its own fields
    return await log_work(world.desk, viewer=world.alice, request=request)


async def corrected(
    world: World, ticket: Ticket, number: int, minutes: int, **more: object
) -> LoggedWork:
    given = {"reason": "Mistyped", **more}
    request = CorrectWorkLog(ticket.id, WorkNumber(number), minutes, **given)  # type: ignore[arg-type]  # likewise
    return await correct_work_log(world.desk, viewer=world.alice, request=request)


async def kept(world: World, ticket: Ticket) -> tuple[LoggedWork, ...]:
    async with world.desk.store.reading(AGENCY_ID) as records:
        return await records.work_logs.work_of(ticket.id)


async def test_time_is_kept_as_it_was_worked_and_charged_as_agreed(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 120)
    ticket = await world.ticket()

    logged = [await worked(world, ticket, 8, note=f"Part {part}") for part in range(3)]

    assert await kept(world, ticket) == tuple(logged)
    assert [one.quantity for one in await entries(world, RUN)][1:] == [15, 15]
    shown = await balance(world, RUN)
    assert (shown.consumed, shown.left) == (30, 90)
    await proved(world, RUN)


async def test_work_is_written_whatever_is_left(both_worlds: World) -> None:
    await opened(both_worlds, RUN, 30)

    await worked(both_worlds, await both_worlds.ticket(), 60)

    assert [one.kind for one in await entries(both_worlds, RUN)] == [
        EntryKind.GRANT,
        EntryKind.CONSUME,
        EntryKind.OVERAGE,
    ]
    assert (await balance(both_worlds, RUN)).over == 30
    await proved(both_worlds, RUN)


@pytest.mark.parametrize("unit", [None, RetainerUnit.PACK_MINUTES])
async def test_free_time_and_time_that_no_book_counts_take_nothing(
    world: World, unit: RetainerUnit | None
) -> None:
    await opened(world, RUN, 30)
    ticket = await world.ticket()

    work = await worked(world, ticket, 60, unit=unit)

    assert await kept(world, ticket) == (work,)
    assert len(await entries(world, RUN)) == 1


async def test_a_corrected_time_gives_back_the_overage_first(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 30)
    ticket = await world.ticket()
    first = await worked(world, ticket, 60)

    second = await corrected(world, ticket, 1, 15)

    assert await kept(world, ticket) == (first, second)
    assert second.charged_to is RUN
    shown = await balance(world, RUN)
    assert (shown.over, shown.consumed, shown.left) == (0, 15, 15)
    await proved(world, RUN)

    await corrected(world, ticket, 2, 45, note="All of it", started_at=at("07-06 08:00"))
    assert (await balance(world, RUN)).consumed == 45
    await corrected(world, ticket, 3, 0)
    assert (await balance(world, RUN)).consumed == 0
    await proved(world, RUN)


async def test_a_correction_that_changes_no_billed_minute_moves_nothing(world: World) -> None:
    await opened(world, RUN, 30)
    ticket = await world.ticket()
    await worked(world, ticket, 8)

    await corrected(world, ticket, 1, 9)

    assert len(await entries(world, RUN)) == 2


async def test_time_of_a_closed_period_is_put_right_in_the_open_one(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, rounding=RoundingTerms(scope=RoundingScope.ENTRY))
    ticket = await world.ticket()
    await worked(world, ticket, 60)
    world.now.set(at("08-03 09:00"))
    await closed(world)

    await worked(world, ticket, 15, started_at=at("07-31 12:00"))
    await corrected(world, ticket, 1, 30)

    late = (await entries(world, RUN))[1:]
    assert [one.kind for one in late] == [EntryKind.OVERAGE, EntryKind.REVERSE]
    for one in late:
        assert one.posting.corrects is not None
        assert one.posting.corrects.start == at("07-01 00:00")
        assert one.period.start == at("08-01 00:00")
    await proved(world, RUN)


async def test_work_at_once_is_charged_once_for_each(both_worlds: World) -> None:
    await opened(both_worlds, RUN, 600)
    ticket = await both_worlds.ticket()

    await asyncio.gather(*(worked(both_worlds, ticket, 8) for _ in range(8)))

    assert [one.entry.number for one in await kept(both_worlds, ticket)] == list(range(1, 9))
    assert (await balance(both_worlds, RUN)).consumed == 75
    await proved(both_worlds, RUN)


async def test_the_same_key_is_the_same_time(world: World) -> None:
    await opened(world, RUN, 600)
    ticket = await world.ticket()
    first = await worked(world, ticket, 15, idempotency_key="a")
    assert await worked(world, ticket, 15, idempotency_key="a") == first
    second = await corrected(world, ticket, 1, 30, idempotency_key="b")
    assert await corrected(world, ticket, 1, 30, idempotency_key="b") == second

    async with world.refused(IdempotencyKeyReused):
        await worked(world, ticket, 30, idempotency_key="a")

    assert (await balance(world, RUN)).consumed == 30


async def test_what_was_not_worked_is_refused_and_changes_nothing(world: World) -> None:
    await opened(world, RUN, 600)
    ticket = await world.ticket()
    await worked(world, ticket, 15)
    async with world.refused(MinutesNotPositive):
        await worked(world, ticket, 0)
    async with world.refused(WorkInTheFuture):
        await worked(world, ticket, 15, started_at=at("07-06 09:01"))
    async with world.refused(WorkInTheFuture):
        await corrected(world, ticket, 1, 15, started_at=at("07-06 09:01"))
    async with world.refused(WorkUnknown):
        await corrected(world, ticket, 2, 15)
    async with world.refused(WorkCorrectionWithoutReason):
        await corrected(world, ticket, 1, 15, reason=" ")


async def test_a_timer_logs_what_it_measured(both_worlds: World) -> None:
    world = both_worlds
    await opened(world, RUN, 60)
    ticket = await world.ticket()
    timer = await start_timer(world.desk, viewer=world.alice, request=StartTimer(ticket.id))
    world.now.advance(minutes=22)

    work = await stop_timer(world.desk, viewer=world.alice, request=StopTimer("Cache", RUN))

    assert (work.entry.minutes, work.entry.started_at) == (22, timer.started_at)
    assert await kept(world, ticket) == (work,)
    assert (await balance(world, RUN)).consumed == 30
    async with world.refused(TimerNotRunning):
        await stop_timer(world.desk, viewer=world.alice, request=StopTimer())


async def test_nobody_works_twice_at_once(both_worlds: World) -> None:
    world = both_worlds
    request = StartTimer((await world.ticket()).id)

    outcomes = await asyncio.gather(
        *(start_timer(world.desk, viewer=world.alice, request=request) for _ in range(2)),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Timer", "TimerRunsAlready"]
    async with world.refused(TimerRunsAlready):
        await start_timer(world.desk, viewer=world.alice, request=request)


async def test_a_timer_measures_people(world: World) -> None:
    ticket = await world.ticket()
    async with world.refused(TimerOfPeopleOnly):
        await start_timer(world.desk, viewer=world.robot, request=StartTimer(ticket.id))
    async with world.refused(AgencyOnly):
        await start_timer(world.desk, viewer=world.bruno, request=StartTimer(ticket.id))
    async with world.refused(AgencyOnly):
        await stop_timer(world.desk, viewer=world.bruno, request=StopTimer())
    async with world.refused(NotFound):
        await start_timer(world.desk, viewer=world.alice, request=StartTimer(TicketId("none")))


async def test_the_agency_alone_logs_time(world: World) -> None:
    ticket = await world.ticket()
    await worked(world, ticket, 15)
    log = LogWork(ticket.id, 15)
    correct = CorrectWorkLog(ticket.id, WorkNumber(1), 30, "Mistyped")
    for viewer, refusal in (
        (world.bruno, AgencyOnly),
        (world.chloe, NotFound),
        (world.zoe, NotFound),
        (a_viewer(scopes=frozenset()), ScopeMissing),
    ):
        async with world.refused(refusal):
            await log_work(world.desk, viewer=viewer, request=log)
        async with world.refused(refusal):
            await correct_work_log(world.desk, viewer=viewer, request=correct)
