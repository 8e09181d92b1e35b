"""The IMAP door against Dovecot: stored first, put away after, nothing lost, nothing twice."""

import asyncio
import base64
import imaplib
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import MailboxPosition
from helpdesk.mail import imap, imap_door
from helpdesk.mail.imap import ImapConnection, ImapSecurity, ImapSettings, ImapTrouble
from helpdesk.mail.imap_door import ImapDoor
from helpdesk.testing import FrozenNow
from tests.mail.dovecot import PASSWORD, USER, Dovecot, is_installed
from tests.mail.mails import a_mail

pytestmark = pytest.mark.skipif(
    not is_installed() and "CI" not in os.environ, reason="Dovecot is not installed"
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ARRIVED = datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)
PATIENCE = 30.0


class Shelf:
    """Keeps what the door hands over, or fails as a database would."""

    def __init__(self) -> None:
        self.mails: list[ReceivedMail] = []
        self.kept: MailboxPosition | None = None
        self.failures = 0
        self.now = FrozenNow(NOON)

    async def store(self, mail: ReceivedMail) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        self.mails.append(mail)

    async def recipient(self) -> str:
        return USER

    async def position(self, _account: str) -> MailboxPosition | None:
        return self.kept

    async def remember(self, position: MailboxPosition) -> None:
        self.kept = position

    @property
    def subjects(self) -> list[bytes]:
        """Return the subjects in the order of arrival."""
        lines = (line for mail in self.mails for line in mail.raw.splitlines())
        return [line.partition(b": ")[2] for line in lines if line.startswith(b"Subject:")]


def mail_about(subject: str) -> bytes:
    head = f"From: bruno@client.example\nSubject: {subject}\nMessage-ID: <{subject}@c>\n"
    return a_mail(head=head).replace(b"\n", b"\r\n")


def a_mail_with_a_file(file: bytes) -> bytes:
    return (
        b"From: bruno@client.example\r\nSubject: capture\r\nMessage-ID: <file@c>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=limit\r\n\r\n--limit\r\n"
        b"Content-Type: text/html; charset=iso-8859-1\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<p>Voici la capture, =E7a d=E9borde.</p>\r\n--limit\r\n"
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + file
        + b"\r\n--limit--\r\n"
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    assert is_installed(), "CI installs Dovecot"
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)  # the server reads it as a user of its own
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dovecot = Dovecot(folder, port)
    dovecot.start()
    yield dovecot
    dovecot.stop()


@pytest.fixture
def settings(server: Dovecot, request: pytest.FixtureRequest) -> ImapSettings:
    """Return a folder of its own for each test."""
    folder = f"INBOX.{request.node.name[:60]}"
    account = ImapSettings(
        host="127.0.0.1",
        port=server.port,
        username=USER,
        password=PASSWORD,
        security=ImapSecurity.NONE,
        folder=folder,
        timeout_seconds=3,
    )
    with by_hand(account) as box:
        box.create(folder)
    return account


class by_hand:  # noqa: N801 - reads as a word where it is used
    """What somebody with the standard library sees of the mailbox."""

    def __init__(self, account: ImapSettings) -> None:
        self.account = account

    def __enter__(self) -> imaplib.IMAP4:
        self.box = imaplib.IMAP4(self.account.host, self.account.port)
        secret = f"\0{USER}\0{PASSWORD}".encode()
        self.box.authenticate("PLAIN", lambda _: secret)
        return self.box

    def __exit__(self, *_: object) -> None:
        self.box.logout()


def put(account: ImapSettings, *mails: bytes) -> None:
    with by_hand(account) as box:
        for mail in mails:
            status, _ = box.append(account.folder, "", imaplib.Time2Internaldate(ARRIVED), mail)
            assert status == "OK"


def count_in(account: ImapSettings, what: str = "ALL") -> int:
    """Return how many messages of the folder there are, or how many of them are so."""
    with by_hand(account) as box:
        box.select(account.folder, readonly=True)
        _, [found] = box.search(None, what)
    return len(found.split())


@asynccontextmanager
async def reading(account: ImapSettings, shelf: Shelf) -> AsyncIterator[ImapDoor]:
    door = ImapDoor(account, shelf)
    task = asyncio.create_task(door.run())
    yield door
    door.close()
    await asyncio.wait_for(task, PATIENCE)


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what is going to happen."""

    ends_at = asyncio.get_running_loop().time() + PATIENCE
    while not happened():
        assert asyncio.get_running_loop().time() < ends_at
        await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_door, "FIRST_REST", 0.05)
    monkeypatch.setattr(imap, "POLL_SECONDS", 0.1)


async def test_what_is_there_is_stored_oldest_first_and_stays_unread(
    settings: ImapSettings,
) -> None:
    put(settings, mail_about("one"), mail_about("two"), mail_about("three"))
    shelf = Shelf()

    async with reading(settings, shelf):
        await until(lambda: len(shelf.mails) == 3 and shelf.kept is not None)

    assert shelf.subjects == [b"one", b"two", b"three"]
    assert shelf.mails[0].raw == mail_about("one")
    assert {mail.transport for mail in shelf.mails} == {Transport.IMAP}
    assert shelf.mails[0].recipients == (USER,)
    assert shelf.mails[0].envelope_from == "bruno@client.example"
    assert count_in(settings, "UNSEEN") == 3


async def test_a_mail_came_in_when_the_server_took_it(settings: ImapSettings) -> None:
    put(settings, mail_about("early"))
    shelf = Shelf()

    async with reading(settings, shelf):
        await until(lambda: len(shelf.mails) == 1)

    assert shelf.mails[0].received_at == ARRIVED


async def test_a_server_whose_clock_is_ahead_dates_nothing_into_the_future(
    settings: ImapSettings,
) -> None:
    put(settings, mail_about("early"))
    shelf = Shelf()
    shelf.now = FrozenNow(ARRIVED - timedelta(hours=1))

    async with reading(settings, shelf):
        await until(lambda: len(shelf.mails) == 1)

    assert shelf.mails[0].received_at == ARRIVED - timedelta(hours=1)


async def test_a_mail_that_comes_later_is_heard_of_at_once(settings: ImapSettings) -> None:
    shelf = Shelf()

    async with reading(settings, shelf):
        await until(lambda: shelf.kept is not None)
        put(settings, mail_about("later"))
        # Without being told, the door would look again after two minutes only.
        await until(lambda: shelf.subjects == [b"later"])


async def test_what_was_stored_is_put_away(settings: ImapSettings) -> None:
    account = replace(settings, done_folder=f"{settings.folder}.Traités")
    put(account, mail_about("one"), mail_about("two"))
    shelf = Shelf()

    async with reading(account, shelf):
        await until(lambda: shelf.kept is not None and shelf.kept.last_uid == 2)

    assert shelf.subjects == [b"one", b"two"]
    assert count_in(account) == 0
    done = "".join(["INBOX.", settings.folder.removeprefix("INBOX."), ".Trait&AOk-s"])
    assert count_in(replace(account, folder=done)) == 2


async def test_a_door_that_opens_again_goes_on_where_it_was(settings: ImapSettings) -> None:
    put(settings, mail_about("one"))
    shelf = Shelf()
    async with reading(settings, shelf):
        await until(lambda: shelf.kept is not None and shelf.kept.last_uid == 1)
    put(settings, mail_about("two"))

    async with reading(settings, shelf):
        await until(lambda: len(shelf.mails) >= 2)

    assert shelf.subjects == [b"one", b"two"]


async def test_numbers_that_mean_something_else_now_are_read_from_the_first(
    settings: ImapSettings,
) -> None:
    put(settings, mail_about("one"), mail_about("two"))
    shelf = Shelf()
    shelf.kept = MailboxPosition(settings.name, uid_validity=1, last_uid=99, looked_at=NOON)

    async with reading(settings, shelf):
        await until(lambda: len(shelf.mails) == 2)

    assert shelf.kept.uid_validity != 1
    assert shelf.kept.last_uid == 2


async def test_what_cannot_be_stored_is_read_again(settings: ImapSettings) -> None:
    put(settings, mail_about("one"), mail_about("two"))
    shelf = Shelf()
    shelf.failures = 2

    async with reading(settings, shelf):
        await until(lambda: len(shelf.mails) == 2)

    assert shelf.subjects == [b"one", b"two"]


async def test_a_server_that_goes_down_is_waited_for(
    settings: ImapSettings, server: Dovecot
) -> None:
    shelf = Shelf()

    async with reading(settings, shelf):
        await until(lambda: shelf.kept is not None)
        server.stop()
        await until(lambda: shelf.kept is not None and shelf.kept.last_error is not None)
        server.start()
        put(settings, mail_about("after"))
        await until(lambda: shelf.subjects == [b"after"])
        await until(lambda: shelf.kept is not None and shelf.kept.last_error is None)


async def test_a_mail_beyond_the_limit_is_a_notice_and_stays(
    settings: ImapSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "MAX_MAIL_BYTES", 400)
    account = replace(settings, done_folder=f"{settings.folder}.Done")
    put(account, mail_about("huge").replace(b"lent", b"lent" * 200), mail_about("small"))
    shelf = Shelf()

    async with reading(account, shelf):
        await until(lambda: len(shelf.mails) == 2)
        await until(lambda: shelf.kept is not None and shelf.kept.last_uid == 2)

    assert shelf.subjects == [b"huge", b"small"]
    notice = shelf.mails[0].raw
    assert notice.count(b"Content-Type:") == 1
    assert "est resté dans la boîte".encode() in notice
    assert b"Bonjour, le site est lent" in notice
    assert count_in(account) == 1


async def test_of_a_mail_beyond_the_limit_only_the_start_is_read(
    settings: ImapSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "MAX_MAIL_BYTES", 1_000_000)
    file = b"\r\n".join([b"QUJD" * 19] * 30_000)
    mail = a_mail_with_a_file(file)
    put(settings, mail)
    shelf = Shelf()

    async with reading(settings, shelf):
        await until(lambda: len(shelf.mails) == 1)

    notice = shelf.mails[0].raw
    assert str(len(mail)).encode() in notice
    assert "Voici la capture, ça déborde.".encode() in notice
    assert len(notice) < 2_000


async def test_a_message_that_is_never_handed_over_blocks_no_other(
    settings: ImapSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, mail_about("one"), mail_about("two"))
    real, asked = ImapConnection.fetch, []

    def fetch(connection: ImapConnection, uid: int) -> imap.FetchedMail | None:
        asked.append(uid)
        if uid == 1:
            raise ImapTrouble("the server answered NO")
        return real(connection, uid)

    monkeypatch.setattr(ImapConnection, "fetch", fetch)
    shelf = Shelf()

    async with reading(settings, shelf):
        await until(lambda: len(shelf.mails) == 2)

    assert asked.count(1) == imap_door.TRIES
    assert b"message 1" in shelf.subjects[0]
    assert shelf.subjects[1] == b"two"
    assert b"From:" not in shelf.mails[0].raw


async def test_a_wrong_password_is_told_and_ends_nothing(settings: ImapSettings) -> None:
    shelf = Shelf()

    async with reading(replace(settings, password="nope"), shelf):
        await until(lambda: shelf.kept is not None and shelf.kept.last_error is not None)

    assert shelf.kept is not None
    assert "nope" not in str(shelf.kept.last_error)
    assert shelf.mails == []


async def test_a_message_that_somebody_took_away_is_none(settings: ImapSettings) -> None:
    connection = await asyncio.to_thread(imap.connected, settings)

    assert await asyncio.to_thread(connection.fetch, 7) is None

    connection.close()


async def test_a_port_where_nobody_listens_is_trouble() -> None:
    account = ImapSettings(host="127.0.0.1", port=1, username=USER, security=ImapSecurity.NONE)

    with pytest.raises(ImapTrouble):
        await asyncio.to_thread(imap.connected, account)


class TokenServer:
    """Answers as an IMAP server that takes one token at a time; the mailbox is empty."""

    def __init__(self) -> None:
        self.valid = "old"
        self.shown: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        token = None
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, command = line.decode().strip().partition(" ")
            if command.startswith("AUTHENTICATE XOAUTH2"):
                writer.write(b"+ \r\n")
                said = base64.b64decode(await reader.readline()).decode()
                token = said.split("auth=Bearer ")[1].rstrip("\1")
                self.shown.append(token)
                if token != self.valid:
                    writer.write(f"{tag} NO AUTHENTICATE expired\r\n".encode())
                    break
            writer.write(_ANSWERS.get(command.split(" ")[0], "").encode())
            writer.write(f"{tag} OK done\r\n".encode())
            await writer.drain()
            # who came in by a token that expired since is sent away
            if command == "LOGOUT" or (token is not None and token != self.valid):
                break
        writer.close()


_ANSWERS = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n",
    "SELECT": "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n",
    "UID": "* SEARCH\r\n",
    "LOGOUT": "* BYE\r\n",
}


async def test_a_token_that_expired_is_told_and_the_next_one_is_read_from_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_door, "LOOK_SECONDS", 0.1)
    imap_server = TokenServer()
    server = await asyncio.start_server(imap_server.serve, "127.0.0.1", 0)
    file = tmp_path / "token"
    file.write_text("old\n")
    account = ImapSettings(
        host="127.0.0.1",
        port=server.sockets[0].getsockname()[1],
        username=USER,
        security=ImapSecurity.NONE,
        token_file=file,
        timeout_seconds=3,
    )
    shelf = Shelf()

    async with reading(account, shelf):
        await until(lambda: shelf.kept is not None and shelf.kept.looked_at is not None)
        imap_server.valid = "new"
        await until(lambda: shelf.kept is not None and "expired" in str(shelf.kept.last_error))
        file.write_text("new\n")
        await until(lambda: shelf.kept is not None and shelf.kept.last_error is None)

    assert imap_server.shown[0] == "old"
    assert imap_server.shown[-1] == "new"
    assert "old" not in str(shelf.kept)
    server.close()
    await server.wait_closed()
