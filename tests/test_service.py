"""A running installation: its parts share one engine, and each ends when it is told to."""

import asyncio
import os
import signal
import smtplib
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from urllib.request import urlopen

import pytest

from helpdesk.config import Settings
from helpdesk.mail.outbound import FolderCatcher, SmtpSender
from helpdesk.service import ALL_PARTS, UNSENT_FOLDER, Part, Running, mail_sender, serve
from helpdesk.storage.database import Database
from tests.usecases.mails import ZOES_MAILBOX, Door, a_mail
from tests.usecases.world import MAILBOX, build_world

PATIENCE = 30.0


class Installation:
    """An installation that runs in this loop from the entry of the block to its end."""

    def __init__(self, settings: Settings, *parts: Part) -> None:
        self._settings = settings
        self._parts = frozenset(parts)
        self._is_up = asyncio.Event()
        self.running: Running | None = None

    async def __aenter__(self) -> Running:
        """Return the doors once they are open."""
        self._task = asyncio.create_task(
            serve(self._settings, self._parts, announce=self._announce)
        )
        async with asyncio.timeout(PATIENCE):
            await self._is_up.wait()
        assert self.running is not None
        return self.running

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Tell it to stop, as an operator does, and wait until it did."""
        while not self._task.done():
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait([self._task], timeout=0.2)
        await self._task

    def _announce(self, running: Running) -> None:
        self.running = running
        self._is_up.set()


@pytest.fixture(autouse=True)
def deaf() -> Iterator[None]:
    """The tests themselves do not stop when they are told to."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
async def door(sqlite_database: Database) -> Door:
    return Door(await build_world(sqlite_database))


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    """An installation on ports that nobody else has."""
    return Settings(
        database_url=sqlite_url,
        port=_free_port(),
        mail_listen_port=0,
        caught_mail_folder=str(tmp_path / "caught"),
    )


async def test_a_mail_comes_in_and_its_acknowledgement_leaves(
    door: Door, settings: Settings, tmp_path: Path
) -> None:
    async with Installation(settings, *ALL_PARTS) as running:
        assert running.mail_port is not None
        assert await asyncio.to_thread(_said_by, settings.port, "/healthz") == 200
        assert await asyncio.to_thread(_said_by, settings.port, "/demo/mails") == 200
        await asyncio.to_thread(_send, running.mail_port)
        mail = await asyncio.to_thread(_caught, tmp_path / "caught", "bruno@bruno.example")

    assert "Subject: [#1] The contact form is silent" in mail
    assert "Auto-Submitted: auto-replied" in mail
    assert await door.inbox() == [("DONE", "OPENED_TICKET")]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", settings.port)) != 0
        assert probe.connect_ex(("127.0.0.1", running.mail_port)) != 0


async def test_the_mail_door_alone_keeps_what_it_is_given(door: Door, settings: Settings) -> None:
    async with Installation(settings, Part.MAIL) as running:
        assert running.app is None
        assert running.mail_port is not None
        await asyncio.to_thread(_send, running.mail_port)

    assert await door.inbox() == [("STORED", None)]
    assert await door.tickets() == []


async def test_a_worker_alone_works_off_what_waits(
    door: Door, settings: Settings, tmp_path: Path
) -> None:
    await door.store(a_mail())

    async with Installation(settings, Part.WORKER) as running:
        await asyncio.to_thread(_caught, tmp_path / "caught")

    assert (running.app, running.mail_port) == (None, None)
    assert await door.inbox() == [("DONE", "OPENED_TICKET")]


async def test_the_api_alone_opens_no_other_door(door: Door, settings: Settings) -> None:
    await door.store(a_mail())
    quiet = replace(settings, caught_mail_folder="")

    async with Installation(quiet, Part.API) as running:
        assert running.mail_port is None
        assert await asyncio.to_thread(_said_by, settings.port, "/readyz") == 200

    assert await door.inbox() == [("STORED", None)]


async def test_the_mail_door_knows_its_mailboxes(door: Door, settings: Settings) -> None:
    async with Installation(settings, Part.MAIL) as running:
        assert running.mail_port is not None
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
            await asyncio.to_thread(_send, running.mail_port, to="nobody@alice.example")

    assert refusal.value.recipients == {
        "nobody@alice.example": (550, b"5.1.1 no such mailbox here")
    }
    assert await door.inbox() == []


async def test_the_mail_door_speaks_lmtp_when_asked(door: Door, settings: Settings) -> None:
    lmtp = replace(settings, mail_listen_protocol="lmtp")

    async with Installation(lmtp, Part.MAIL) as running:
        assert running.mail_port is not None
        await asyncio.to_thread(_send, running.mail_port, protocol=smtplib.LMTP, to=ZOES_MAILBOX)

    assert await door.inbox() == [("STORED", None)]


async def test_a_door_that_cannot_be_opened_ends_the_rest(door: Door, settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])

        with pytest.raises(OSError, match="address already in use"):
            await serve(replace(settings, mail_listen_port=port), ALL_PARTS)

    assert await door.inbox() == []


def test_mails_leave_by_the_relay() -> None:
    assert isinstance(mail_sender(Settings(smtp_host="relay.example")), SmtpSender)


def test_a_folder_catches_mails_even_when_there_is_a_relay(tmp_path: Path) -> None:
    sender = mail_sender(Settings(smtp_host="relay.example", caught_mail_folder=str(tmp_path)))

    assert isinstance(sender, FolderCatcher)


def test_without_either_a_warning_says_that_nobody_gets_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert isinstance(mail_sender(Settings()), FolderCatcher)

    assert caplog.messages == [f"mails_are_not_sent folder={UNSENT_FOLDER}: set HELPDESK_SMTP_HOST"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _said_by(port: int, path: str) -> int:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
        return int(answer.status)


def _send(port: int, *, to: str = MAILBOX, protocol: type[smtplib.SMTP] = smtplib.SMTP) -> None:
    with protocol("127.0.0.1", port, local_hostname="client", timeout=PATIENCE) as client:
        client.send_message(a_mail(), "bruno@bruno.example", [to])


def _caught(folder: Path, reader: str = "") -> str:
    """Return the first mail that a folder catches, for this reader if one is named."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for file in folder.glob("*.eml"):
            mail = file.read_text("utf-8")
            if f"<{reader}>" in mail.partition("\n\n")[0] or not reader:
                return mail
        time.sleep(0.05)
    raise TimeoutError(folder)
