"""The SMTP and LMTP door: a mail is stored first, acknowledged after."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from typing_extensions import override

from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.mail.handover import Handover, received_line
from helpdesk.usecases.store_inbound_mail import PartlyStored

MAX_MAIL_BYTES = 35 * 1024 * 1024
MAX_HELD_BYTES = 4 * MAX_MAIL_BYTES
MAX_CONNECTIONS = 50
MAX_RECIPIENTS = 100
DATA_SECONDS = 600.0
"""How long a sender may take for the text of a mail: RFC 5321 gives a client as long to wait."""

CLOSING_SECONDS = 10.0

TRY_AGAIN_LATER = "451 4.3.0 try again later"
NO_ROOM = "452 4.3.1 too many mails at once, try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 too many recipients, send the rest in another mail"
TOO_BUSY = b"421 4.3.2 too many connections, try again later\r\n"
UNKNOWN_RECIPIENT = "550 5.1.1 no such mailbox here"
STORED = "250 2.0.0 stored"

_END = b".\r\n"
_COMMANDS = {"NOOP": 100, "HELP": 100, "VRFY": 100, "*": 1_000_000}
"""How often one connection may say what moves no mail."""

Store = Callable[[ReceivedMail], Awaitable[None]]
Accepts = Callable[[str], Awaitable[bool]]
Now = Callable[[], datetime]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Door:
    """What the listener asks of the engine, and how much it takes.

    `store` keeps a mail, and raises PartlyStored when it does for some of the recipients only;
    `accepts` knows the mailboxes, `now` tells the time. `max_held_bytes` is the size of all mails
    that are in hand at once.
    """

    store: Store
    accepts: Accepts
    now: Now
    max_mail_bytes: int = MAX_MAIL_BYTES
    max_held_bytes: int = MAX_HELD_BYTES
    max_connections: int = MAX_CONNECTIONS
    max_recipients: int = MAX_RECIPIENTS
    data_seconds: float = DATA_SECONDS

    @property
    def too_large(self) -> str:
        """Return the refusal of a mail beyond the limit."""
        return f"552 5.3.4 message too large, at most {self.max_mail_bytes} bytes"


class MailListener:
    """Listens on one port in the running event loop; `port` 0 takes a free one.

    `store` is awaited before the sender hears 250. When it fails, the sender hears 451 and keeps
    the mail: nothing is lost, and nothing of the failure is told.
    """

    def __init__(
        self,
        door: Door,
        *,
        transport: Transport = Transport.SMTP,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._door = door
        self._transport = transport
        self._host = host
        self._asked_port = port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.BaseTransport] = set()
        self._storing: set[asyncio.Task[None]] = set()
        self._room = _Room(door.max_held_bytes)

    @property
    def transport(self) -> Transport:
        """Return the protocol that is spoken."""
        return self._transport

    @property
    def port(self) -> int:
        """Return the port that is really listened on, once started."""
        if self._server is None:
            return self._asked_port
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def is_storing(self) -> bool:
        """Return whether a mail is being stored at this moment."""
        return bool(self._storing)

    async def start(self) -> None:
        """Open the door."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, self._host, self._asked_port)

    async def close(self) -> None:
        """Take no new connection, let running stores end, then hang up."""
        if self._server is None:
            return
        self._server.close()
        if self._storing:
            await asyncio.wait(self._storing, timeout=CLOSING_SECONDS)
        for connection in tuple(self._connections):
            connection.close()
        await self._server.wait_closed()
        self._server = None

    def _protocol(self) -> asyncio.BaseProtocol:
        if len(self._connections) >= self._door.max_connections:
            return _Busy()
        session = _LmtpSession if self._transport is Transport.LMTP else _SmtpSession
        protocol: asyncio.BaseProtocol = session(
            _Envelopes(self._door, transport=self._transport, storing=self._storing),
            data_size_limit=self._door.max_mail_bytes,
            enable_SMTPUTF8=True,
            hostname="helpdesk",
            ident="helpdesk",
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            command_call_limit=_COMMANDS,
            loop=asyncio.get_running_loop(),
        )
        protocol.connections = self._connections  # type: ignore[attr-defined] # ours, below
        protocol.room, protocol.data_seconds = self._room, self._door.data_seconds  # type: ignore[attr-defined] # likewise
        return protocol


@dataclass
class _Room:
    """What the mails in hand may still take of the memory."""

    left: int


class _Envelopes:
    """Answers the commands: which recipients are ours, and whether a mail is kept."""

    def __init__(
        self, door: Door, *, transport: Transport, storing: set[asyncio.Task[None]]
    ) -> None:
        self._door = door
        self._transport = transport
        self._storing = storing

    async def handle_EHLO(  # noqa: N802 - the name and shape aiosmtpd calls
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Say that commands may come together: they are read one by one anyway."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(  # noqa: N802 - the name and shape aiosmtpd calls
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= self._door.max_recipients:
            return TOO_MANY_RECIPIENTS
        if not await self._door.accepts(address):
            return UNKNOWN_RECIPIENT
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Return 250 once the mail is kept, else 451: for each recipient in LMTP (RFC 2033)."""
        kept = await self._kept(session, envelope)
        replies = [STORED if one in kept else TRY_AGAIN_LATER for one in envelope.rcpt_tos]
        if self._transport is Transport.LMTP:
            return "\r\n".join(replies)
        # the sender of SMTP hears one word for all: what is kept already is known when it returns
        return max(replies)

    def refused(self, envelope: Envelope, *, has_room: bool) -> str:
        """Return the refusal of a mail that is too large, or that there is no room for now."""
        reply = self._door.too_large if has_room else NO_ROOM
        count = len(envelope.rcpt_tos) if self._transport is Transport.LMTP else 1
        return "\r\n".join([reply] * count)

    async def handle_exception(self, error: Exception) -> str:
        """Answer a bug with a temporary refusal: a 5xx would bounce the mail and leak the text."""
        _log.error("mail_session_failed", exc_info=error)
        return TRY_AGAIN_LATER

    async def _kept(self, session: Session, envelope: Envelope) -> frozenset[str]:
        """Return the recipients for whom the mail is safe."""
        sender = envelope.mail_from or ""
        content, at, peer = _content_of(envelope), self._door.now(), _peer_of(session)
        handed = Handover(self._transport, peer, session.host_name, is_tls=bool(session.ssl))
        mail = ReceivedMail(
            transport=self._transport,
            # aiosmtpd reports the null sender as the two characters "<>"
            envelope_from="" if sender == "<>" else sender,
            recipients=tuple(envelope.rcpt_tos),
            raw=received_line(handed, content, at=at) + content,
            received_at=at,
            peer=peer if self._transport is Transport.SMTP else None,
        )
        try:
            await self._stored_to_the_end(mail)
        except PartlyStored as error:
            _log.error("mail_partly_stored", exc_info=error)
            return error.kept
        except Exception as error:
            _log.error("mail_not_stored", exc_info=error)
            return frozenset()
        return frozenset(mail.recipients)

    async def _stored_to_the_end(self, mail: ReceivedMail) -> None:
        """Store in a task of its own: a sender who hangs up cancels the session, not the store."""
        task = asyncio.ensure_future(self._run_store(mail))
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        await asyncio.shield(task)

    async def _run_store(self, mail: ReceivedMail) -> None:
        await self._door.store(mail)


class _SmtpSession(SMTP):
    """An SMTP session that reads DATA as one block: any line length, memory bounded by the cap."""

    line_length_limit = 64 * 1024
    connections: set[asyncio.BaseTransport]
    room: _Room
    data_seconds: float
    _counted: asyncio.BaseTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._counted = transport
        self.connections.add(transport)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        self._forget()
        super().connection_lost(error)

    def _forget(self) -> None:
        if self._counted is not None:
            self.connections.discard(self._counted)

    @syntax("DATA")
    @override
    async def smtp_DATA(self, arg: str | None) -> None:
        if await self.check_helo_needed():
            return
        refusal = self._data_refusal(arg)
        if refusal:
            await self.push(refusal)
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        taken = _Taken(self.room)
        try:
            content = await self._content_in_time(taken)
            await self.push(await self._reply_to(content, has_room=taken.has_room))
        finally:
            taken.give_back()
        self.envelope = self._create_envelope()

    def _data_refusal(self, arg: str | None) -> str | None:
        if self.envelope is None or not self.envelope.rcpt_tos:
            return "503 Error: need RCPT command"
        return "501 Syntax: DATA" if arg else None

    async def _reply_to(self, content: bytes | None, *, has_room: bool) -> str:
        if content is None or self.envelope is None:
            return str(self.event_handler.refused(self.envelope, has_room=has_room))
        self.envelope.content = content
        return str(await self._call_handler_hook("DATA"))

    async def _content_in_time(self, taken: "_Taken") -> bytes | None:
        try:
            async with asyncio.timeout(self.data_seconds):
                return await self._read_content(taken)
        except TimeoutError:
            # what the library treats as a lost connection: it closes it and says nothing
            raise asyncio.CancelledError from None

    async def _read_content(self, taken: "_Taken") -> bytes | None:
        """Return the mail without its dot stuffing, or None when it is too large for us now.

        Only CRLF.CRLF ends it, so a bare line feed smuggles no second mail. A sender that goes
        on after twice the cap is not worth a reply.
        """
        limit = self.data_size_limit or MAX_MAIL_BYTES
        content, size, tail = bytearray(), 0, b"\r\n"
        while tail != b"\r\n.\r\n":
            piece = await self._next_piece()
            size += len(piece)
            tail = (tail + piece[-5:])[-5:]
            if size > 2 * limit:
                raise asyncio.CancelledError  # as above
            if size <= limit and taken.takes(len(piece)):
                content += piece
            else:
                content.clear()
        return None if size > limit or not taken.has_room else _without_dots(content)

    async def _next_piece(self) -> bytes:
        self._reset_timeout()
        try:
            piece: bytes = await self._reader.readuntil(_END)
        except asyncio.LimitOverrunError as overrun:
            piece = await self._reader.readexactly(overrun.consumed)
        return piece


class _Taken:
    """What one mail takes of the room, until it is stored or refused."""

    def __init__(self, room: _Room) -> None:
        self._room = room
        self._bytes = 0
        self.has_room = True

    def takes(self, size: int) -> bool:
        """Take more and return True; when it is not there, never again."""
        self.has_room = self.has_room and size <= self._room.left
        if self.has_room:
            self._room.left -= size
            self._bytes += size
        return self.has_room

    def give_back(self) -> None:
        """Leave the room to others."""
        self._room.left += self._bytes
        self._bytes = 0


class _LmtpSession(_SmtpSession, LMTP):
    """The same session for a local mail server, which expects one reply per recipient."""


class _Busy(asyncio.Protocol):
    """Sends one connection too many away, to come back later."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports write without being subclasses of the standard ones
        stream = cast(asyncio.WriteTransport, transport)
        stream.write(TOO_BUSY)
        stream.close()


def _content_of(envelope: Envelope) -> bytes:
    return envelope.content if isinstance(envelope.content, bytes) else b""


def _peer_of(session: Session) -> str | None:
    # the library declares a text and gives what the socket gives
    peer: object = session.peer
    return str(peer[0]) if isinstance(peer, tuple) and peer else None


def _without_dots(content: bytearray) -> bytes:
    """Return the mail as it was before transport: RFC 5321 section 4.5.2."""
    end = len(content) - len(_END)
    start = 1 if content.startswith(b".") and end > 0 else 0
    return bytes(content[start:end]).replace(b"\r\n.", b"\r\n")
