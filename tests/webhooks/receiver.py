"""A receiver on this machine: it remembers what it was told, and answers as it is asked to."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeAlias

from helpdesk.domain.ids import WebhookDeliveryId, WebhookId
from helpdesk.domain.webhook import Webhook, WebhookDelivery, message, secret_of
from helpdesk.usecases.webhook_ports import WebhookCall
from tests.factories import AGENCY_ID

NOW = datetime(2026, 7, 6, 7, 0, tzinfo=UTC)
SECRET = secret_of("drawn by lot")


@dataclass(frozen=True)
class Heard:
    """A request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes


Answer: TypeAlias = Callable[[Heard, asyncio.StreamWriter], Awaitable[None]]


def answer(status: int = 200, body: str = "", **headers: str) -> Answer:
    """Return the way to answer with a status and a text."""

    async def write(_: Heard, writer: asyncio.StreamWriter) -> None:
        content = body.encode()
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"Content-Length: {len(content)}",
        ]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        await writer.drain()

    return write


async def hang(_: Heard, __: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.Event().wait()


async def drip(_: Heard, writer: asyncio.StreamWriter) -> None:
    """Answer a byte at a time, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.01)


async def break_off(_: Heard, writer: asyncio.StreamWriter) -> None:
    """Hang up without a word."""
    writer.close()


async def pour(_: Heard, writer: asyncio.StreamWriter) -> None:
    """Answer with more than anybody reads."""
    writer.write(b"HTTP/1.1 500 Oops\r\nContent-Length: 1000000000000\r\n\r\n")
    while True:
        writer.write(b"\xff\x00<script>" * 1000)
        await writer.drain()


async def babble(_: Heard, writer: asyncio.StreamWriter) -> None:
    """Answer with what is no HTTP."""
    writer.write(b"220 mail.example ESMTP\r\n\r\n")
    await writer.drain()


@dataclass
class Receiver:
    """A server on a port of its own; the `answers` are given in turn, then 200."""

    answers: list[Answer] = field(default_factory=list)
    always: Answer = field(default_factory=answer)
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    scheme: str = "http"

    def url(self, path: str = "/hooks", host: str = "127.0.0.1") -> str:
        """Return the address of the receiver."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    @asynccontextmanager
    async def open(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Receiver"]:
        """Listen until the end of the block."""
        tasks: set[asyncio.Task[None]] = set()

        def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._serve(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        self.scheme = "http" if tls is None else "https"
        try:
            yield self
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.sleep(0)  # the connections that were aborted close now

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while not writer.is_closing():
                heard = await _read(reader)
                self.heard.append(heard)
                given = self.answers.pop(0) if self.answers else self.always
                await given(heard, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the caller hung up
        finally:
            writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    line, *rest = head.strip().split("\r\n")
    headers = dict(one.split(": ", 1) for one in rest)
    headers = {name.lower(): value for name, value in headers.items()}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard(line, headers, body)


def a_call(url: str, number: int = 1, *, webhook: str = "crm") -> WebhookCall:
    """Return a call that is to be made."""
    webhook_id = WebhookId(webhook)
    return WebhookCall(
        Webhook(webhook_id, AGENCY_ID, webhook, url, SECRET, NOW),
        WebhookDelivery(
            id=WebhookDeliveryId(f"delivery{number}"),
            agency_id=AGENCY_ID,
            webhook_id=webhook_id,
            idempotency_key=f"{webhook}:{number}",
            kind="ticket.opened",
            body=message("ticket.opened", {"number": number, "title": "é"}, at=NOW),
            created_at=NOW,
            send_after=NOW,
        ),
    )
