"""`helpdesk-pipe` as a mail server starts it: its exit code says what becomes of the mail."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from helpdesk.bootstrap import utc_now
from helpdesk.commands.pipe import NEVER, STORED, TRY_AGAIN, UNKNOWN, main
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.mail.listener import Door, MailListener
from helpdesk.usecases.store_inbound_mail import PartlyStored
from tests.killing.starter import ROOT

SUPPORT, URGENT = "support@agence.example", "urgence@agence.example"
MAIL = b"Subject: panne\n\n.le site\r\nest lent\n"


class Shelf:
    """Keeps what the door is given, or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.mails: list[ReceivedMail] = []
        self.failure = failure

    async def store(self, mail: ReceivedMail) -> None:
        if self.failure:
            raise self.failure
        self.mails.append(mail)


async def accepts(address: str) -> bool:
    return address.endswith("@agence.example")


@asynccontextmanager
async def a_door(
    shelf: Shelf, transport: Transport = Transport.LMTP
) -> AsyncIterator[MailListener]:
    door = Door(store=shelf.store, accepts=accepts, now=utc_now, max_mail_bytes=10_000)
    listener = MailListener(door, transport=transport)
    await listener.start()
    yield listener
    await listener.close()


class Pipe:
    """Starts the program in a thread, as far as it can tell with a mail on its input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    async def __call__(
        self, door: MailListener, *arguments: str, mail: bytes = MAIL
    ) -> tuple[int, str]:
        """Return the exit code and what was said."""
        self._monkeypatch.setenv("HELPDESK_MAIL_LISTEN_PORT", str(door.port))
        self._monkeypatch.setenv("HELPDESK_MAIL_LISTEN_PROTOCOL", door.transport.value)
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail)))
        code = await asyncio.to_thread(_exit_code, arguments)
        return code, self._capsys.readouterr().err


def _exit_code(arguments: Sequence[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pipe:
    return Pipe(monkeypatch, capsys)


@pytest.mark.parametrize("transport", [Transport.LMTP, Transport.SMTP])
async def test_a_mail_that_is_kept_ends_well(piped: Pipe, transport: Transport) -> None:
    shelf = Shelf()

    async with a_door(shelf, transport) as door:
        code, _ = await piped(door, "--sender", "b@client.example", "--", SUPPORT, URGENT)

    assert code == STORED
    assert shelf.mails[0].envelope_from == "b@client.example"
    assert shelf.mails[0].recipients == (SUPPORT, URGENT)
    assert shelf.mails[0].raw.endswith(b"Subject: panne\r\n\r\n.le site\r\nest lent\r\n")


@pytest.mark.parametrize("sender", ["", "<>", "MAILER-DAEMON"])
async def test_the_null_sender_has_three_names(piped: Pipe, sender: str) -> None:
    shelf = Shelf()

    async with a_door(shelf) as door:
        code, _ = await piped(door, "--sender", sender, "--", SUPPORT)

    assert code == STORED
    assert shelf.mails[0].envelope_from == ""


async def test_addresses_in_any_script_are_handed_on(piped: Pipe) -> None:
    shelf = Shelf()

    async with a_door(shelf) as door:
        code, _ = await piped(door, "--sender", "zoé@client.example", "--", "équipe@agence.example")

    assert code == STORED
    assert shelf.mails[0].envelope_from == "zoé@client.example"
    assert shelf.mails[0].recipients == ("équipe@agence.example",)


async def test_where_nobody_listens_the_mail_comes_again(piped: Pipe) -> None:
    async with a_door(Shelf()) as door:
        pass

    assert (await piped(door, SUPPORT))[0] == TRY_AGAIN


@pytest.mark.parametrize(
    ("failure", "recipients"),
    [
        (RuntimeError("password=hunter2"), (SUPPORT,)),
        (PartlyStored(frozenset({SUPPORT})), (SUPPORT, URGENT)),
        (RuntimeError("password=hunter2"), ("nobody@elsewhere.example", SUPPORT)),
    ],
)
async def test_a_door_in_trouble_is_tried_again_for_all(
    piped: Pipe, failure: Exception, recipients: tuple[str, ...]
) -> None:
    async with a_door(Shelf(failure)) as door:
        code, said = await piped(door, *recipients)

    assert code == TRY_AGAIN
    assert "451 4.3.0 try again later" in said
    assert "hunter2" not in said


async def test_a_mailbox_that_nobody_reads_is_unknown(piped: Pipe) -> None:
    async with a_door(Shelf()) as door:
        code, said = await piped(door, "nobody@elsewhere.example")

    assert code == UNKNOWN
    assert "550 5.1.1 no such mailbox here" in said


async def test_a_mail_that_is_too_large_is_never_taken(piped: Pipe) -> None:
    async with a_door(Shelf()) as door:
        code, said = await piped(door, SUPPORT, mail=b"x" * 20_000)

    assert code == NEVER
    assert "552" in said


@pytest.mark.parametrize("arguments", [(), ("--wrong", SUPPORT)])
async def test_arguments_that_are_wrong_lose_no_mail(
    piped: Pipe, arguments: tuple[str, ...]
) -> None:
    async with a_door(Shelf()) as door:
        code, _ = await piped(door, *arguments)

    assert code == TRY_AGAIN


async def test_settings_that_are_wrong_lose_no_mail(
    piped: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELPDESK_PORTT", "1")

    async with a_door(Shelf()) as door:
        code, said = await piped(door, SUPPORT)

    assert code == TRY_AGAIN
    assert "PORTT" in said.upper()


def test_as_a_program_it_ends_with_that_code() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "helpdesk.commands.pipe", SUPPORT],
        input=MAIL,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "HELPDESK_MAIL_LISTEN_PORT": "1"},
        check=False,
    )

    assert ended.returncode == TRY_AGAIN
    assert b"refused" in ended.stderr
