"""Kept values are compared with the facts: what differs is named, and mended with an event."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from helpdesk.domain.access import ScopeMissing
from helpdesk.domain.ids import TicketId
from helpdesk.domain.priority import Impact
from helpdesk.domain.ticket import TicketEventKind
from helpdesk.storage.query import Query
from helpdesk.storage.tables.base import METADATA
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import TICKET
from helpdesk.usecases.doctor import Examination, Finding, examine
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from helpdesk.usecases.wait_for_client import WaitForClient, wait_for_client
from tests.factories import a_viewer, at
from tests.usecases.world import World

SPOIL = "a test spoils what is kept"


async def examined(world: World, *, repair: bool = False) -> tuple[list[Finding], Examination]:
    """Return what the doctor finds in Alice's agency, and how much he looked at."""
    done = Examination()
    found = [one async for one in examine(world.desk, viewer=world.alice, repair=repair, done=done)]
    return found, done


async def spoil(world: World, query: Query) -> None:
    """Write something that no fact says."""
    async with world.database.writing() as connection:
        await connection.execute(query)


async def a_life(world: World) -> None:
    """Let three tickets live a little: answered, waiting, resolved."""
    answered = await world.ticket("Answered", impact=Impact.CRITICAL)
    waiting = await world.ticket("Waiting")
    resolved = await world.ticket("Resolved", impact=Impact.MAJOR)
    world.now.set(at("07-06 10:30"))
    reply = ReplyToTicket(answered.id, "We look at it.")
    await reply_to_ticket(world.desk, viewer=world.alice, request=reply)
    await wait_for_client(
        world.desk, viewer=world.alice, request=WaitForClient(waiting.id, "Which page?")
    )
    world.now.set(at("07-07 11:00"))
    await resolve_ticket(world.desk, viewer=world.alice, request=TicketStepRequest(resolved.id))


async def test_what_the_verbs_keep_is_what_the_facts_say(both_worlds: World) -> None:
    await a_life(both_worlds)

    found, done = await examined(both_worlds)

    assert found == []
    assert done.tickets == 3
    assert done.clocks > 3


def _set(table: str, **values: object) -> Query:
    target = SLA_CLOCK if table == "clock" else TICKET
    return Query.across_agencies(update(target).values(**values), reason=SPOIL)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        (_set("clock", counted_seconds=7), ".counted_seconds"),
        (_set("clock", deadline_at=at("12-24 12:00")), ".deadline_at"),
        (_set("clock", calendar_version=8), ".calendar_version"),
        (_set("clock", terms_version=8), ".terms_version"),
        (_set("clock", steps=[]), ".pending"),
        (_set("ticket", status="CLOSED"), "status"),
        (_set("ticket", priority="P3"), "priority"),
        (_set("ticket", version=9), "version"),
        (_set("ticket", next_deadline_at=None), "next_deadline_at"),
        (_set("ticket", breached_at=at("07-01 12:00")), "breached_at"),
        (_set("ticket", resolved_at=at("07-01 12:00")), "resolved_at"),
    ],
)
async def test_every_difference_is_named_then_mended(
    both_worlds: World, query: Query, named: str
) -> None:
    ticket = await both_worlds.ticket(impact=Impact.CRITICAL)
    before = await both_worlds.kept(ticket.id), await both_worlds.clocks(ticket.id)
    await spoil(both_worlds, query)

    (finding,), _ = await examined(both_worlds)
    (mended,), _ = await examined(both_worlds, repair=True)

    assert not finding.is_mended
    assert mended.is_mended
    assert mended.differences == finding.differences
    assert any(one.what.endswith(named) for one in finding.differences)
    assert (await examined(both_worlds))[0] == []
    after = await both_worlds.kept(ticket.id)
    assert after.status is before[0].status
    assert await both_worlds.clocks(ticket.id) == before[1]
    last = (await both_worlds.history(ticket.id))[-1]
    assert last.kind is TicketEventKind.REPAIRED
    assert set(last.after) == {one.what for one in finding.differences}


async def test_looking_changes_nothing(both_worlds: World) -> None:
    await both_worlds.ticket()
    await spoil(both_worlds, _set("clock", counted_seconds=7))
    before = await both_worlds.everything()

    await examined(both_worlds)

    assert await both_worlds.everything() == before


async def test_a_clock_that_nobody_kept_is_written_again(both_worlds: World) -> None:
    ticket = await both_worlds.ticket()
    before = await both_worlds.clocks(ticket.id)
    drop = Query.across_agencies(SLA_CLOCK.delete(), reason=SPOIL)
    await spoil(both_worlds, drop)

    (finding,), _ = await examined(both_worlds, repair=True)

    assert ("FIRST_RESPONSE#1", None, "there") in {
        (one.what, one.kept, one.told) for one in finding.differences
    }
    assert await both_worlds.clocks(ticket.id) == before


async def test_every_page_of_tickets_is_examined(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.usecases.doctor.BATCH", 2)
    for number in range(5):
        await world.ticket(f"Number {number}")
    await spoil(world, _set("clock", counted_seconds=7))

    found, done = await examined(world)

    assert (len(found), done.tickets, done.findings) == (5, 5, 5)


async def test_what_was_put_right_meanwhile_is_no_finding(both_worlds: World) -> None:
    world = both_worlds
    for number in range(3):
        await world.ticket(f"Number {number}")
    await spoil(world, _set("clock", counted_seconds=7))
    done = Examination()
    examination = examine(world.desk, viewer=world.alice, repair=True, done=done)
    await anext(examination)

    by_another, _ = await examined(world, repair=True)
    before = await world.everything()

    assert len(by_another) == 2
    assert [one async for one in examination] == []
    assert (done.tickets, done.findings) == (3, 1)
    assert await world.everything() == before


async def test_a_ticket_that_somebody_removed_meanwhile_is_no_finding(both_worlds: World) -> None:
    world = both_worlds
    ids = sorted([(await world.ticket(f"Number {number}")).id for number in range(3)])
    await spoil(world, _set("clock", counted_seconds=7))
    done = Examination()
    examination = examine(world.desk, viewer=world.alice, repair=True, done=done)
    first = await anext(examination)

    await _removed(world, ids[1])

    assert [one.ticket_id for one in (first, *[one async for one in examination])] == [
        ids[0],
        ids[2],
    ]
    assert (done.tickets, done.findings) == (3, 2)


async def _removed(world: World, ticket_id: TicketId) -> None:
    """Remove a ticket and all that hangs on it, as no verb does."""
    for table in reversed(METADATA.sorted_tables):
        column = table.c.id if table is TICKET else table.c.get("ticket_id")
        if column is not None:
            gone = delete(table).where(column == ticket_id)
            await spoil(world, Query.across_agencies(gone, reason=SPOIL))


async def test_another_agencys_tickets_are_not_examined(both_worlds: World) -> None:
    await both_worlds.ticket()
    done = Examination()

    found = [
        one
        async for one in examine(both_worlds.desk, viewer=both_worlds.zoe, repair=False, done=done)
    ]

    assert (found, done.tickets) == ([], 0)


async def test_mending_takes_the_right_to_write(world: World) -> None:
    reader = a_viewer(scopes=frozenset())

    with pytest.raises(ScopeMissing):
        await anext(examine(world.desk, viewer=reader, repair=True, done=Examination()))


async def test_a_clock_goes_on_after_a_repair(world: World) -> None:
    ticket = await world.ticket(impact=Impact.CRITICAL)
    await spoil(world, _set("clock", counted_seconds=7))
    await examined(world, repair=True)
    world.now.set(world.now() + timedelta(minutes=30))

    reply = ReplyToTicket(ticket.id, "We look at it.")
    await reply_to_ticket(world.desk, viewer=world.alice, request=reply)

    assert (await world.clocks(ticket.id))["FIRST_RESPONSE", 1]["counted_seconds"] == 1800
