"""A mailbox on an IMAP server, as one connection sees it; everything here blocks.

The library speaks IMAP over a socket of its own, so it is used from a thread. Every wait has a
limit: a server that says nothing any more costs a timeout and not the door.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from threading import Event
from time import monotonic

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from helpdesk.mail.parse import MAX_MAIL_BYTES, parse_email

IDLE_SECONDS = 9 * 60
"""How long one IDLE lasts: a NAT forgets a silent connection sooner than a server does."""

POLL_SECONDS = 1.0
"""How soon a door that is told to close looks up from its IDLE."""

_NEWS = "EXISTS"
START_BYTES = 256 * 1024
"""How much is read of a message that is too large: its headers, and most often all its text."""

_ITEMS = "(RFC822.SIZE INTERNALDATE)"
_WHOLE = "(BODY.PEEK[])"
_START = f"(BODY.PEEK[]<0.{START_BYTES}>)"
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]{1,40})"')
_CONTENT_FIELD = re.compile(
    rb"(?im)^(?:content-[a-z-]+|mime-version):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n"
)
_NOTICE = (
    "Ce message de {size} octets dépasse la taille que nous acceptons : il est resté dans la boîte "
    "aux lettres, où vous pouvez le lire.\r\n\r\n"
    "This message of {size} bytes is larger than we take: it stayed in the mailbox, where you can "
    "read it.\r\n"
)


class ImapSecurity(StrEnum):
    """How the connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class ImapTrouble(Exception):
    """The server is away, refuses us or answers nonsense; `str` says what, for the operator."""


@dataclass(frozen=True, kw_only=True)
class ImapSettings:
    """Which folder of whose mailbox, and how to come in: by a password or by an OAuth2 token.

    The token is read from `token_file` at each login, so whoever renews it there is followed. What
    was stored is moved to `done_folder`; without one it stays where it is, and is not read again.
    """

    host: str
    port: int
    username: str
    security: ImapSecurity = ImapSecurity.TLS
    password: str = field(default="", repr=False)
    token_file: Path | None = None
    folder: str = "INBOX"
    done_folder: str = ""
    timeout_seconds: float = 30.0

    @property
    def name(self) -> str:
        """Return what the mailbox is called in logs and in the database."""
        return f"{self.username}@{self.host}/{self.folder}"


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """A message of the server: its number, its bytes, and when the server took it (UTC).

    A message beyond our limit is its headers, a notice and the text that its first part holds:
    `is_whole` is False, and it stays.
    """

    uid: int
    raw: bytes
    arrived_at: datetime | None
    is_whole: bool


class ImapConnection:
    """One login. Numbers of messages hold while `uid_validity` stays the same."""

    def __init__(self, box: BaseMailBox, settings: ImapSettings, uid_validity: int) -> None:
        self._box = box
        self._settings = settings
        self.uid_validity = uid_validity

    def uids_after(self, uid: int) -> list[int]:
        """Return the numbers of messages that came after one, oldest first."""
        with _as_trouble():
            self._box.client.response(_NEWS)  # what was told before is in what is found now
            status, found = self._box.client.uid("SEARCH", f"UID {uid + 1}:*")
            _require_ok(status, found)
        numbers = sorted(int(number) for number in b" ".join(filter(None, found)).split())
        # "n:*" names the last message even when its number is smaller
        return [number for number in numbers if number > uid]

    def fetch(self, uid: int) -> FetchedMail | None:
        """Return a message, which stays unread for people; None when it is gone meanwhile."""
        with _as_trouble():
            described = self._described(uid)
            size, arrived_at = _size_in(described), _arrival_in(described)
            is_whole = size <= MAX_MAIL_BYTES
            content = self._content(uid, _WHOLE if is_whole else _START)
        if content is None:
            return None
        raw = content if is_whole else _shortened(content, size)
        return FetchedMail(uid, raw, arrived_at, is_whole=is_whole)

    def put_away(self, uid: int) -> None:
        """Move a stored message to the folder of what is done, if there is one."""
        if not self._settings.done_folder:
            return
        with _as_trouble():
            if not self._box.folder.exists(self._settings.done_folder):
                self._box.folder.create(self._settings.done_folder)
            self._box.move(str(uid), self._settings.done_folder)

    def wait(self, seconds: float, told_to_stop: Event) -> None:
        """Return when something came to the server, after so many seconds, or when told to."""
        if _NEWS in self._box.client.untagged_responses:
            return  # it came during the last command, so no IDLE will tell of it
        if "IDLE" not in self._box.client.capabilities:
            told_to_stop.wait(seconds)
            return
        with _as_trouble():
            self._box.idle.start()  # type: ignore[no-untyped-call] # as the library has it
            try:
                self._listen(monotonic() + min(seconds, IDLE_SECONDS), told_to_stop)
            finally:
                self._box.idle.stop()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Say goodbye; a server that does not answer is left alone."""
        with suppress(Exception):
            self._box.logout()
        with suppress(Exception):
            self._box.client.shutdown()

    def _listen(self, ends_at: float, told_to_stop: Event) -> None:
        while not told_to_stop.is_set() and monotonic() < ends_at:
            began = monotonic()
            heard = self._box.idle.poll(POLL_SECONDS)
            # Silence that comes too soon is a line that was cut: ending the IDLE says so.
            if heard or monotonic() - began < POLL_SECONDS / 2:
                return

    def _described(self, uid: int) -> bytes:
        status, parts = self._box.client.uid("FETCH", str(uid), _ITEMS)
        _require_ok(status, parts)
        return b" ".join(part for part in parts if isinstance(part, bytes))

    def _content(self, uid: int, items: str) -> bytes | None:
        status, parts = self._box.client.uid("FETCH", str(uid), items)
        _require_ok(status, parts)
        literals = (bytes(part[1]) for part in parts if isinstance(part, tuple))
        return next(literals, None)


def connected(settings: ImapSettings) -> ImapConnection:
    """Return a connection that is logged in and has the folder open. Raises ImapTrouble."""
    with _as_trouble():
        box = _box(settings)
        try:
            _log_in(box, settings)
            box.folder.set(settings.folder)
            _, answer = box.client.response("UIDVALIDITY")
            uid_validity = int(answer[0]) if answer and answer[0] else 0
        except BaseException:
            with suppress(Exception):
                box.client.shutdown()
            raise
    return ImapConnection(box, settings, uid_validity)


def unreadable(uid: int, account: str, trouble: str) -> FetchedMail:
    """Return what stands for a message that the server does not hand over.

    It names no sender, so that it is set aside where people see it; the message stays there.
    """
    text = f"Message {uid}, {account}: {trouble}"
    head = f"Subject: {account}: message {uid}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return FetchedMail(uid, (head + text).encode("utf-8", "replace"), None, is_whole=False)


def _box(settings: ImapSettings) -> BaseMailBox:
    host, port, timeout = settings.host, settings.port, settings.timeout_seconds
    if settings.security is ImapSecurity.NONE:
        return MailBoxUnencrypted(host, port, timeout)
    context = ssl.create_default_context()
    if settings.security is ImapSecurity.STARTTLS:
        return MailBoxStartTls(host, port, timeout, ssl_context=context)
    return MailBox(host, port, timeout, ssl_context=context)


def _log_in(box: BaseMailBox, settings: ImapSettings) -> None:
    if settings.token_file is not None:
        token = settings.token_file.read_text("utf-8").strip()
        box.xoauth2(settings.username, token, initial_folder=None)
    elif (settings.username + settings.password).isascii():
        box.login(settings.username, settings.password, initial_folder=None)
    else:
        box.login_utf8(settings.username, settings.password, initial_folder=None)


def _size_in(described: bytes) -> int:
    found = _SIZE.search(described)
    return int(found[1]) if found else 0


def _arrival_in(described: bytes) -> datetime | None:
    """Return when the server took the message; None when it does not say so."""
    found = _ARRIVED.search(described)
    if found is None:
        return None
    try:
        # "17-Jul-2026 02:44:25 -0700" is a date of a mail but for its dashes
        arrived_at = parsedate_to_datetime(found[1].decode("ascii").strip().replace("-", " ", 2))
    except (ValueError, TypeError):
        return None
    return arrived_at.astimezone(UTC)


def _shortened(start: bytes, size: int) -> bytes:
    """Return a message of the same sender and subject: where the long one is, and what it says."""
    headers = _END_OF_HEADERS.split(start, maxsplit=1)[0]
    kept = _CONTENT_FIELD.sub(b"", headers.rstrip(b"\r\n") + b"\r\n")
    content = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    encoding = b"Content-Transfer-Encoding: 8bit\r\n\r\n"
    words = _NOTICE.format(size=size) + "\r\n" + parse_email(start).text
    return kept + content + encoding + words.encode("utf-8", "replace")


def _require_ok(status: str, answer: object) -> None:
    if status != "OK":
        raise ImapTrouble(f"the server answered {status}: {answer!r}")


@contextmanager
def _as_trouble() -> Iterator[None]:
    """Turn what the libraries raise into one kind of trouble, here and nowhere else."""
    try:
        yield
    except (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError) as error:
        raise ImapTrouble(f"{type(error).__name__}: {error}") from error
