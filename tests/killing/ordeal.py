"""Mails come in while door and worker are killed over and over; then everything is counted."""

import asyncio
import random
import socket
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from helpdesk.bootstrap import desk_on
from helpdesk.domain.access import system_viewer
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbox import InboundMailState
from helpdesk.service import Part
from helpdesk.storage.database import Database, open_database
from helpdesk.storage.tables.mail import INBOUND_MAIL, OUTBOX_MAIL
from helpdesk.storage.tables.ticket import MESSAGE, TICKET
from helpdesk.usecases.doctor import Examination, examine
from helpdesk.usecases.requeue_inbound_message import (
    RequeueInboundMessage,
    requeue_inbound_message,
)
from tests.factories import AGENCY_ID
from tests.killing.program import SENT
from tests.killing.relay import Letter, Relay, letter
from tests.killing.stages import OF_DOOR, OF_WORKER, Stage
from tests.killing.starter import Place, Starter, kill, lives
from tests.usecases.world import RowOf, World, build_world

LONGEST_LIFE = 1.5
"""Seconds after which a program that did not come to its stage is killed anyway."""
PATIENCE = 300.0
NTH = 12


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many tickets are opened by mail, how many mails answer them, what chance depends on.

    Door and worker are killed as long as mails come in, and `kills` times at least.
    """

    opening: int
    answers: int
    kills: int
    seed: int = 1
    connections: int = 4


@dataclass
class Outcome:
    """What happened, and what the database and the relay behind us say afterwards."""

    tries: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    sent_again: int = 0


async def ordeal(url: str, folder: Path, plan: Plan) -> Outcome:
    """Return what is left after mails came in and the program was killed all the while."""
    database = await open_database(url)
    outcome, caught, began = Outcome(), folder / "caught", monotonic()
    try:
        world = await build_world(database)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        with Starter() as starter:
            place = Place(url, port, caught)
            await _suffered(world, place, starter, plan, outcome)
        outcome.wrong += await _wrong(world, plan)
        outcome.wrong += _wrong_in(caught, await world.rows(OUTBOX_MAIL), outcome)
        outcome.wrong += await _findings(database)
    finally:
        await database.close()
    outcome.seconds = monotonic() - began
    return outcome


async def _suffered(
    world: World, place: Place, starter: Starter, plan: Plan, outcome: Outcome
) -> None:
    """Let the mails come in two waves: those that open tickets, then those that answer."""
    relay, chance = Relay(place.port), random.Random(plan.seed)  # noqa: S311 - to be repeated
    for number, wave in enumerate((_opening(plan), _answering(plan)), 1):
        is_calm = asyncio.Event()
        killer = _Killer(place, starter, is_calm, chance, outcome)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(killer.kill(Part.MAIL, OF_DOOR, number * plan.kills // 4))
            tasks.create_task(killer.kill(Part.WORKER, OF_WORKER, number * plan.kills // 4))
            await relay.deliver(wave, connections=plan.connections)
            is_calm.set()
        # Who answers has seen the ticket.
        await _all_read(world)
        await _all_sent(world)
        starter.kill_all()
    outcome.tries = relay.tries


@dataclass(frozen=True)
class _Killer:
    place: Place
    starter: Starter
    is_calm: asyncio.Event
    chance: random.Random
    outcome: Outcome

    async def kill(self, part: Part, stages: tuple[Stage, ...], times: int) -> None:
        """Kill while mails come in, so often in all; then let it live."""
        deaths = self.outcome.deaths
        while not self.is_calm.is_set() or _of(part, deaths) < times:
            stage = self.chance.choice(stages)
            child = self.starter.start(self.place, part, stage, self.chance.randint(1, NTH))
            came = await _dead(child, within=self.chance.uniform(0.1, LONGEST_LIFE))
            deaths[f"{part} {stage if came else Stage.ANY_INSTANT}"] += 1
        self.starter.start(self.place, part)


def _of(part: Part, deaths: Counter[str]) -> int:
    return sum(count for name, count in deaths.items() if name.startswith(part))


async def _dead(child: int, *, within: float) -> bool:
    """Return, when the process is gone, whether it came to its stage; else it died by our hand."""
    ends_at = monotonic() + within
    while lives(child):
        await asyncio.sleep(0.01)
        if monotonic() > ends_at:
            kill(child)
    return monotonic() <= ends_at


async def _all_read(world: World) -> None:
    """Return when no mail waits; those that ended four readers are put back, as a person does."""
    async with asyncio.timeout(PATIENCE):
        while waiting := [row for row in await world.rows(INBOUND_MAIL) if _waits(row)]:
            for row in waiting:
                if row["state"] == InboundMailState.QUARANTINED:
                    again = RequeueInboundMessage(InboundMailId(row["id"]))
                    await requeue_inbound_message(world.desk, viewer=world.alice, request=again)
            await asyncio.sleep(0.2)


def _waits(mail: RowOf) -> bool:
    return bool(mail["state"] != InboundMailState.DONE)


async def _all_sent(world: World) -> None:
    async with asyncio.timeout(PATIENCE):
        while any(row["state"] != "SENT" for row in await world.rows(OUTBOX_MAIL)):  # noqa: ASYNC110 - the program makes it so
            await asyncio.sleep(0.2)


def _opening(plan: Plan) -> list[Letter]:
    return [letter(i, f"m{i}", "") for i in range(plan.opening)]


def _answering(plan: Plan) -> list[Letter]:
    return [
        letter(i % plan.opening, f"a{i}", f"In-Reply-To: <m{i % plan.opening}@client.example>\r\n")
        for i in range(plan.answers)
    ]


async def _wrong(world: World, plan: Plan) -> list[str]:
    """Return what is not exactly one message of exactly one ticket for each mail."""
    mails, tickets = await world.rows(INBOUND_MAIL), await world.rows(TICKET)
    messages = await world.rows(MESSAGE)
    expected = plan.opening + plan.answers
    found = {
        f"rows of the inbox: {len(mails)}": len(mails) == expected,
        f"tickets: {len(tickets)}": len(tickets) == plan.opening,
        f"states: {Counter(row['state'] for row in mails)}": {row["state"] for row in mails}
        == {"DONE"},
        f"mails without a ticket: {expected}": all(row["ticket_id"] for row in mails),
    }
    said = Counter(_words_of(row) for row in messages)
    wanted = {f"m{i}" for i in range(plan.opening)} | {f"a{i}" for i in range(plan.answers)}
    at = {row["id"]: row["subject"] for row in tickets}
    wrong = [what for what, holds in found.items() if not holds]
    wrong += [f"{name}: {said[name]} messages" for name in sorted(wanted) if said[name] != 1]
    return wrong + [
        f"{_words_of(row)} is on {at[row['ticket_id']]}"
        for row in messages
        if not _is_at_home(_words_of(row), at[row["ticket_id"]], plan)
    ]


def _words_of(message: RowOf) -> str:
    return str(message["body"]).partition("Words of ")[2].partition(".")[0]


def _is_at_home(name: str, subject: str, plan: Plan) -> bool:
    return name == "" or subject == f"Site {int(name[1:]) % plan.opening} is slow"


def _wrong_in(caught: Path, promised: list[RowOf], outcome: Outcome) -> list[str]:
    """Return what left without having been promised, or did not leave.

    Who dies between sending and writing it down sends the same mail again, under the same
    Message-ID: that is counted, and no fault.
    """
    sent = Counter((caught / SENT).read_text().split())
    outcome.sent_again = sent.total() - len(sent)
    keys = Counter(row["idempotency_key"] for row in promised)
    wrong = [f"promised twice: {key}" for key, count in keys.items() if count > 1]
    if len(sent) != len(promised):
        wrong.append(f"{len(promised)} mails promised, {len(sent)} different ones sent")
    return wrong


async def _findings(database: Database) -> list[str]:
    viewer, done = system_viewer(AGENCY_ID, Locale.EN), Examination()
    examination = examine(desk_on(database), viewer=viewer, repair=False, done=done)
    return [str(finding) async for finding in examination]
