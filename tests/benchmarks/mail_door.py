"""The mail door on both databases: mails stored, understood and sent, however many are kept.

Mails are handed over by LMTP from another process; a mail server is told 250 after each commit, so
SQLite and PostgreSQL are on the disk here, and wait for it. Then one worker makes tickets of them,
and sends what it promised. All this is repeated beside more and more mails that were understood
long ago. Give the largest number: `python -m tests.benchmarks.mail_door 1000000`.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, process_time

from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.outgoing_mail import OutgoingMail
from helpdesk.mail.listener import Door, MailListener
from helpdesk.mail.parser_process import MailParser
from helpdesk.storage.database import open_database
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from helpdesk.worker.inbox import InboxReader
from helpdesk.worker.outbox import send_due
from tests import databases
from tests.filling import fill_mails
from tests.killing.starter import ROOT
from tests.usecases.world import World, build_world

KEPT = (1_000, 100_000, 1_000_000)
MAILS = 1_000
CONNECTIONS = 4
LOOKS = 200
_LASTING = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=512MB")


def run(largest: int = KEPT[1]) -> Iterator[str]:
    """Return the lines of the report."""
    sizes = [size for size in KEPT if size < largest] + [largest]
    for name, place in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with place() as url:
            yield from asyncio.run(_measured(name, url, sizes))


async def _measured(name: str, url: str, sizes: list[int]) -> list[str]:
    database = await open_database(url)
    parser = MailParser()
    try:
        world = await build_world(database)
        world.desk = replace(world.desk, parse_email=parser)
        bench = _Bench(name, url, world)
        return [line async for line in bench.lines(sizes)]
    finally:
        parser.close()
        await database.close()


@dataclass
class _Bench:
    name: str
    url: str
    world: World
    kept: int = 0
    written: int = 0

    async def lines(self, sizes: list[int]) -> AsyncIterator[str]:
        reader = InboxReader(self.world.desk)
        await self._stored(10)
        await _until_none(reader.understand_due)
        (model, *_) = [row["ticket_id"] for row in await self.world.rows(INBOUND_MAIL)]
        for size in sizes:
            await fill_mails(self.url, model, self.kept, size - self.kept)
            self.kept = size
            yield await self._line(reader)

    async def _line(self, reader: InboxReader) -> str:
        look = await _each(reader.understand_due, LOOKS)
        stored, storing = await self._stored(MAILS), process_time()
        understood = await _rate(MAILS, lambda: _until_none(reader.understand_due))
        understanding = (process_time() - storing) / MAILS
        nowhere = _Nowhere()
        began = perf_counter()
        await _until_none(lambda: send_due(self.world.desk, nowhere))
        sent = nowhere.sent / (perf_counter() - began)
        return (
            f"{self.name}: {self.kept:>9,} kept: {stored:5.0f}/s stored, {understood:5.0f}/s "
            f"understood ({understanding * 1e3:.1f} ms of the processor each), {sent:5.0f}/s sent, "
            f"a look {look * 1e3:5.2f} ms, "
            f"load {os.getloadavg()[0]:.1f}"
        )

    async def _stored(self, count: int) -> float:
        """Return how many mails a second were taken from a mail server."""
        listener = MailListener(_door(self.world.desk), transport=Transport.LMTP)
        await listener.start()
        numbers = [listener.port, self.written, count, CONNECTIONS]
        command = [sys.executable, "-m", "tests.killing.relay", *map(str, numbers)]
        before, self.written = self.written, self.written + count
        relay = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=subprocess.DEVNULL)
        while not listener.is_storing:  # noqa: ASYNC110 - its start is not measured
            await asyncio.sleep(0.001)
        began = perf_counter()
        await relay.wait()
        took = perf_counter() - began
        await listener.close()
        assert relay.returncode == 0
        assert self.written == before + count
        return count / took


def _door(desk: Desk) -> Door:
    async def store(received: ReceivedMail) -> None:
        await store_inbound_mail(desk, received)

    async def accepts(address: str) -> bool:
        return await desk.store.agency_of_mailbox(address) is not None

    return Door(store=store, accepts=accepts, now=desk.now)


class _Nowhere:
    """A relay that takes everything."""

    sent = 0

    async def send(self, _mail: OutgoingMail) -> None:
        self.sent += 1


async def _until_none(work: Callable[[], Awaitable[int]]) -> None:
    while await work():
        pass


async def _rate(count: int, work: Callable[[], Awaitable[None]]) -> float:
    began = perf_counter()
    await work()
    return count / (perf_counter() - began)


async def _each(work: Callable[[], Awaitable[int]], times: int) -> float:
    began = perf_counter()
    for _ in range(times):
        await work()
    return (perf_counter() - began) / times


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/benchmark.db"
        upgrade(url)
        yield url


@contextmanager
def _postgres() -> Iterator[str]:
    """Give a server on the disk that waits for it, which the one of the tests does not."""
    usual, memory = databases._SETTINGS, databases._MEMORY  # noqa: SLF001 - see above
    databases._SETTINGS = (*_LASTING, "listen_addresses=")  # noqa: SLF001 - likewise
    databases._MEMORY = Path("/nowhere")  # noqa: SLF001 - likewise
    reaper = databases.ServerReaper()
    try:
        with databases.PostgresServer().database() as url:
            yield url
    finally:
        reaper.reap()
        databases._SETTINGS, databases._MEMORY = usual, memory  # noqa: SLF001 - likewise


if __name__ == "__main__":
    for line in run(*(int(argument) for argument in sys.argv[1:2])):
        print(line, flush=True)
