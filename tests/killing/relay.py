"""A mail server in front of ours: it keeps each mail until we said that we have it."""

import asyncio
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

MAILBOX = "support@alice.example"
PAUSE = 0.05
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in its envelope."""

    sender: str
    recipient: str
    content: bytes


def letter(author: int, name: str, more: str = "") -> Letter:
    """Return a mail of an author of his own: who writes much is not answered for ever."""
    sender = f"author{author}@client.example"
    content = (
        f"From: Author {author} <{sender}>\r\nTo: {MAILBOX}\r\nSubject: Site {author} is slow\r\n"
        f"Message-ID: <{name}@client.example>\r\nDate: Mon, 06 Jul 2026 09:00:00 +0200\r\n{more}"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nWords of {name}.\r\n.\r\n"
    )
    return Letter(sender, MAILBOX, content.encode())


class Refused(AssertionError):
    """A mail server sends a mail back after such an answer."""


class NotNow(Exception):
    """The mail stays in the queue."""


@dataclass
class Relay:
    """Delivers by LMTP to one port; whatever goes wrong, it tries again."""

    port: int
    tries: int = 0
    taken: int = 0
    _queue: deque[Letter] = field(default_factory=deque)

    async def deliver(self, letters: Sequence[Letter], *, connections: int = 4) -> None:
        """Return when every mail was taken. Raises Refused when one is sent back for ever."""
        self._queue.extend(letters)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(connections):
                tasks.create_task(self._work())

    async def _work(self) -> None:
        while self._queue:
            try:
                await self._session()
            except (NotNow, OSError, EOFError, TimeoutError):
                await asyncio.sleep(PAUSE)

    async def _session(self) -> None:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        line = _Line(reader, writer)
        try:
            await line.answer(220)
            await line.say(b"LHLO relay.example", 250)
            while self._queue:
                await self._hand_over(line)
        finally:
            writer.close()

    async def _hand_over(self, line: "_Line") -> None:
        letter = self._queue.popleft()
        self.tries += 1
        try:
            await line.say(f"MAIL FROM:<{letter.sender}>".encode(), 250)
            await line.say(f"RCPT TO:<{letter.recipient}>".encode(), 250)
            await line.say(b"DATA", 354)
            stuffed = letter.content.replace(b"\n.", b"\n..")
            await line.say(stuffed.removesuffix(b"\r\n") + b"\r\n.", 250)
        except BaseException:
            self._queue.appendleft(letter)
            raise
        self.taken += 1


class _Line:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def say(self, words: bytes, wanted: int) -> None:
        self._writer.write(words + b"\r\n")
        await self._writer.drain()
        await self.answer(wanted)

    async def answer(self, wanted: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                line = await self._reader.readuntil(b"\r\n")
                if line[3:4] == b" ":
                    break
        code = int(line[:3])
        if code >= 500:
            raise Refused(line)
        if code != wanted:
            raise NotNow(line)


def main(port: int, first: int, count: int, connections: int) -> None:
    """Deliver so many letters, as a process of its own."""
    letters = [letter(number, f"m{number}") for number in range(first, first + count)]
    asyncio.run(Relay(port).deliver(letters, connections=connections))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
