"""Postfix in front of us, by LMTP and by pipe: nothing is lost, and nothing comes twice."""

import asyncio
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import typing_extensions

from helpdesk.bootstrap import utc_now
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.mail.listener import Door, MailListener
from helpdesk.service import Part
from helpdesk.storage.database import open_database
from helpdesk.storage.tables.mail import INBOUND_MAIL
from tests.killing.stages import Stage
from tests.killing.starter import ROOT, Place, Starter, lives
from tests.mail.postfix import Postfix, is_installed
from tests.usecases.mails import ZOES_MAILBOX, a_mail
from tests.usecases.world import MAILBOX, RowOf, World, build_world

pytestmark = pytest.mark.skipif(
    not is_installed() and "CI" not in os.environ,
    reason="Postfix is not installed, or we are not root, which it insists on",
)

PATIENCE = 30.0
BY_LMTP, BY_PIPE = MAILBOX, ZOES_MAILBOX
_PYTHONS = (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def piped(folder: Path, door: int) -> str:
    """Return the command of `helpdesk-pipe` as somebody who is not root may run it."""
    library = folder / "library"
    shutil.copytree(ROOT / "helpdesk", library / "helpdesk")
    shutil.copy(typing_extensions.__file__, library)
    for python in _PYTHONS:
        tried = [python, "-c", "import tomllib"]
        try:
            subprocess.run(tried, user="nobody", check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        settings = f"HELPDESK_MAIL_LISTEN_PORT={door} HELPDESK_MAIL_LISTEN_PROTOCOL=lmtp"
        command = f"{python} -m helpdesk.commands.pipe --sender ${{sender}} -- ${{recipient}}"
        return f"/usr/bin/env PYTHONPATH={library} {settings} {command}"
    pytest.skip("no Python that somebody but root may run")


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def postfix(port: int) -> Iterator[Postfix]:
    assert is_installed(), "CI installs Postfix"
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    ways = f"{{ {{alice.example = lmtp:inet:127.0.0.1:{port}}}, {{zoe.example = helpdesk:}} }}"
    server = Postfix(folder, free_port(), f"inline:{ways}", piped(folder, port))
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def nothing_waits(postfix: Postfix) -> Iterator[None]:
    """What one test leaves in the queue is not delivered in the next."""
    yield
    postfix.forget()


@pytest.fixture(scope="module")
def starter() -> Iterator[Starter]:
    with Starter() as program:
        yield program


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    database = await open_database(sqlite_url)
    yield await build_world(database)
    await database.close()


@pytest.fixture
def place(sqlite_url: str, port: int, tmp_path: Path, starter: Starter) -> Iterator[Place]:
    yield Place(sqlite_url, port, tmp_path / "caught")
    starter.kill_all()


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110 - another program makes it happen
            await asyncio.sleep(0.05)


async def inbox(world: World, count: int) -> list[RowOf]:
    """Return the inbox once so many mails are in it."""
    async with asyncio.timeout(PATIENCE):
        while len(rows := await world.rows(INBOUND_MAIL)) < count:  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.05)
    return rows


def some_mail(name: str) -> bytes:
    mail = bytes(a_mail(f".dots\n{name}\né", message_id=f"{name}@bruno.example"))
    return mail.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("mailbox", [BY_LMTP, BY_PIPE])
async def test_a_mail_arrives_with_its_envelope(
    world: World, place: Place, starter: Starter, postfix: Postfix, mailbox: str
) -> None:
    starter.start(place, Part.MAIL)
    plus = mailbox.replace("@", "+t.abc@")

    postfix.send(some_mail("one"), plus)
    [row] = await inbox(world, 1)
    await until(lambda: postfix.waiting() == 0)

    assert row["envelope_from"] == "bruno@bruno.example"
    assert row["envelope_to"] == [plus]
    assert row["mailbox"] == mailbox


@pytest.mark.parametrize("mailbox", [BY_LMTP, BY_PIPE])
async def test_what_bounces_has_no_sender(
    world: World, place: Place, starter: Starter, postfix: Postfix, mailbox: str
) -> None:
    starter.start(place, Part.MAIL)

    postfix.send(some_mail("one"), mailbox, sender="")
    [row] = await inbox(world, 1)

    assert row["envelope_from"] == ""


async def test_one_mail_to_two_agencies_is_one_for_each(
    world: World, place: Place, starter: Starter, postfix: Postfix
) -> None:
    starter.start(place, Part.MAIL)

    postfix.send(some_mail("one"), MAILBOX, "support+t.x@alice.example", ZOES_MAILBOX)
    await until(lambda: postfix.waiting() == 0)

    rows = await world.rows(INBOUND_MAIL)
    assert sorted(row["mailbox"] for row in rows) == [MAILBOX, ZOES_MAILBOX]


@pytest.mark.parametrize("mailbox", [BY_LMTP, BY_PIPE])
async def test_while_the_door_is_closed_postfix_keeps_the_mails(
    world: World, place: Place, starter: Starter, postfix: Postfix, mailbox: str
) -> None:
    for name in ("one", "two", "three"):
        postfix.send(some_mail(name), mailbox)
    await until(lambda: postfix.log.count(f"to=<{mailbox}>") >= 3)
    kept = postfix.waiting()

    starter.start(place, Part.MAIL)
    rows = await inbox(world, 3)
    await until(lambda: postfix.waiting() == 0)

    assert kept == 3
    assert len({row["content_hash"] for row in rows}) == 3


@pytest.mark.parametrize(
    ("mailbox", "stage"),
    [(BY_LMTP, Stage.STORED_BEFORE_ANSWER), (BY_PIPE, Stage.STORING_BEFORE_COMMIT)],
)
async def test_a_door_that_dies_over_a_mail_has_it_once_in_the_end(
    world: World, place: Place, starter: Starter, postfix: Postfix, mailbox: str, stage: Stage
) -> None:
    dying = starter.start(place, Part.MAIL, stage)

    postfix.send(some_mail("one"), mailbox)
    await until(lambda: not lives(dying))
    starter.start(place, Part.MAIL)
    await until(lambda: postfix.waiting() == 0)

    assert len(await world.rows(INBOUND_MAIL)) == 1


@pytest.mark.parametrize("mailbox", [BY_LMTP, BY_PIPE])
async def test_a_door_in_trouble_is_tried_again_and_nobody_is_told_why(
    port: int, postfix: Postfix, mailbox: str
) -> None:
    kept: list[ReceivedMail] = []
    troubles = [RuntimeError("password=hunter2"), OSError("the disk is full")]

    async def store(mail: ReceivedMail) -> None:
        if troubles:
            raise troubles.pop()
        kept.append(mail)

    async def accepts(_: str) -> bool:
        return True

    listener = MailListener(
        Door(store=store, accepts=accepts, now=utc_now), transport=Transport.LMTP, port=port
    )
    await listener.start()

    try:
        await asyncio.to_thread(postfix.send, some_mail("one"), mailbox)
        await until(lambda: postfix.waiting() == 0)
    finally:
        await listener.close()

    assert [mail.recipients for mail in kept] == [(mailbox,)]
    assert kept[0].raw.endswith(some_mail("one").partition(b"\r\n\r\n")[2])
    assert "451 4.3.0 try again later" in postfix.log
    assert "hunter2" not in postfix.log


async def test_a_mailbox_that_nobody_reads_is_refused_before_the_mail_is_taken(
    world: World, place: Place, starter: Starter, postfix: Postfix
) -> None:
    starter.start(place, Part.MAIL)
    await until(lambda: _listens(place.port))

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        postfix.send(some_mail("one"), "nobody@alice.example")

    assert b"550 5.1.1 no such mailbox here" in refusal.value.recipients["nobody@alice.example"][1]
    assert await world.rows(INBOUND_MAIL) == []


async def test_a_pipe_that_finds_no_mailbox_sends_the_mail_back(
    world: World, place: Place, starter: Starter, postfix: Postfix
) -> None:
    starter.start(place, Part.MAIL)
    await until(lambda: _listens(place.port))

    postfix.send(some_mail("one"), "nobody@zoe.example")
    await until(lambda: "to=<nobody@zoe.example>" in postfix.log and "bounced" in postfix.log)

    assert await world.rows(INBOUND_MAIL) == []


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
