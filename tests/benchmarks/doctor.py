"""`helpdesk doctor`: tickets recomputed from their facts, beside reading the same rows alone.

One ticket lives through the verbs (answered, waiting, answered by the client, delivered, resolved),
then it is copied in the database with all that is kept of it. The doctor runs as from the command
line, on SQLite; what the database alone takes is the same reading without recomputing.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from helpdesk.domain.ids import TicketId
from helpdesk.domain.priority import Impact
from helpdesk.storage.database import open_database
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.storage.tables.sla_clock import SLA_CLOCK
from helpdesk.storage.tables.ticket import TICKET, TICKET_EVENT
from helpdesk.usecases.deliver_ticket import deliver_ticket
from helpdesk.usecases.doctor import BATCH, Examination, examine
from helpdesk.usecases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from helpdesk.usecases.resolve_ticket import resolve_ticket
from helpdesk.usecases.ticket_step import TicketStepRequest
from tests.factories import at
from tests.usecases.world import World, build_world

COPIES = 20_000


def run() -> Iterator[str]:
    """Return the lines of the report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.db"
        upgrade(f"sqlite:///{path}")
        read, examined, done = asyncio.run(_measured(path))
    yield f"doctor on SQLite, {done.tickets:,} tickets with {done.clocks:,} clocks"
    yield f"{'rows read alone, tickets a second':40}{done.tickets / read:12,.0f}"
    yield f"{'examined, tickets a second':40}{done.tickets / examined:12,.0f}"
    yield f"{'examining over reading':40}{examined / read:12.1f}"


async def _measured(path: Path) -> tuple[float, float, Examination]:
    database = await open_database(f"sqlite:///{path}")
    try:
        world = await build_world(database)
        model = await _lived(world)
        _copy(path, model)
        begin = perf_counter()
        await _read(world)
        read = perf_counter() - begin
        done = Examination()
        begin = perf_counter()
        async for finding in examine(world.desk, viewer=world.alice, repair=False, done=done):
            raise AssertionError(finding)
        return read, perf_counter() - begin, done
    finally:
        await database.close()


async def _lived(world: World) -> TicketId:
    """Return a ticket with an ordinary life behind it."""
    ticket = await world.ticket(impact=Impact.CRITICAL)
    desk, alice = world.desk, world.alice
    world.now.set(at("07-06 10:00"))
    question = ReplyToTicket(ticket.id, "Which page?", wait_for_client=True)
    await reply_to_ticket(desk, viewer=alice, request=question)
    world.now.set(at("07-06 15:00"))
    await reply_to_ticket(desk, viewer=world.bruno, request=ReplyToTicket(ticket.id, "All."))
    world.now.set(at("07-06 16:00"))
    await reply_to_ticket(desk, viewer=alice, request=ReplyToTicket(ticket.id, "We see."))
    world.now.set(at("07-07 10:00"))
    await deliver_ticket(desk, viewer=alice, request=TicketStepRequest(ticket.id))
    world.now.set(at("07-07 11:00"))
    await resolve_ticket(desk, viewer=alice, request=TicketStepRequest(ticket.id))
    return ticket.id


async def _read(world: World) -> None:
    """Read every ticket with its facts and what is kept of it."""
    after: TicketId | None = None
    async with world.desk.store.reading(world.alice.agency_id) as records:
        while True:
            kept = await records.upkeep.kept_tickets(after=after, limit=BATCH)
            if len(kept) < BATCH:
                return
            after = kept[-1].ticket.id


def _copy(path: Path, model: TicketId) -> None:
    """Copy a ticket with its events and clocks so often."""
    named = {"id": "'copy-' || i", "number": "'copy-' || i", "ticket_id": "'copy-' || i"}
    numbers = (
        "WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers"  # noqa: S608
        f" WHERE i < {COPIES})"
    )
    connection = sqlite3.connect(path)
    with connection:
        for table, key in ((TICKET, "id"), (TICKET_EVENT, "ticket_id"), (SLA_CLOCK, "ticket_id")):
            columns = [column.name for column in table.c]
            values = ", ".join(named.get(column, f'"{column}"') for column in columns)
            into = ", ".join(f'"{column}"' for column in columns)
            connection.execute(
                f"INSERT INTO {table.name} ({into}) {numbers} "  # noqa: S608 - our names
                f"SELECT {values} FROM {table.name}, numbers WHERE {key} = ?",
                (model,),
            )
    connection.close()
