"""A mailbox of ten thousand mails is read over IMAP from Dovecot, with a stop half way.

The mails are put into the mailbox as files, oldest first; they are stored in SQLite on the disk.
What is measured is a second on the wall, and what the process takes of the memory at its most.
"""

import asyncio
import os
import resource
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from helpdesk.mail.imap import ImapSecurity, ImapSettings
from helpdesk.mail.imap_door import ImapDoor
from helpdesk.storage.database import open_database
from helpdesk.storage.schema_upgrade import upgrade
from helpdesk.storage.tables.mail import INBOUND_MAIL
from helpdesk.usecases.read_mailbox import MailboxShelf
from tests.killing.relay import letter
from tests.mail.dovecot import PASSWORD, USER, Dovecot, is_installed
from tests.usecases.world import MAILBOX, World, build_world

MAILS = 10_000


def run(mails: int = MAILS) -> Iterator[str]:
    """Return the lines of the report."""
    if not is_installed():
        yield "a mailbox over IMAP: Dovecot is not installed"
        return
    folder = Path(tempfile.mkdtemp(prefix="mailbox-"))
    folder.chmod(0o755)  # the server reads it as a user of its own
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = Dovecot(folder, free.getsockname()[1])
    server.start()
    try:
        _fill(folder / "mail", mails)
        yield from asyncio.run(_measured(folder, server.port, mails))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _fill(maildir: Path, count: int) -> None:
    owner = maildir.stat()
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(exist_ok=True)
        os.chown(maildir / name, owner.st_uid, owner.st_gid)
    for number in range(count):
        path = maildir / "cur" / f"{1_700_000_000 + number}.M{number}.bench:2,"
        path.write_bytes(letter(number, f"m{number}").content)
        os.chown(path, owner.st_uid, owner.st_gid)


async def _measured(folder: Path, port: int, mails: int) -> list[str]:
    url = f"sqlite:///{folder}/benchmark.db"
    upgrade(url)
    database = await open_database(url)
    try:
        world = await build_world(database)
        account = ImapSettings(
            host="127.0.0.1",
            port=port,
            username=USER,
            password=PASSWORD,
            security=ImapSecurity.NONE,
        )
        before, began = _memory(), perf_counter()
        await _read(world, account, until=mails // 2)
        middle = _memory()
        await _read(world, account, until=mails)
        took = perf_counter() - began
        ids = [row["received_at"] for row in await world.rows(INBOUND_MAIL)]
        assert len(ids) == mails
        return [
            f"a mailbox of {mails:,} mails over IMAP, stopped once: {mails / took:,.0f} mails/s, "
            f"load {os.getloadavg()[0]:.1f}",
            f"memory: {before} MB before, {middle} MB half way, {_memory()} MB at the end",
        ]
    finally:
        await database.close()


async def _read(world: World, account: ImapSettings, *, until: int) -> None:
    shelf = MailboxShelf(world.desk, MAILBOX)
    door = ImapDoor(account, shelf)
    reading = asyncio.create_task(door.run())
    while True:
        kept = await shelf.position(account.name)
        if kept is not None and kept.last_uid >= until:
            break
        assert kept is None or kept.last_error is None, kept
        await asyncio.sleep(0.05)
    door.close()
    await reading


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    for line in run(*(int(argument) for argument in sys.argv[1:2])):
        print(line, flush=True)
