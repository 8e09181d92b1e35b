"""Mails parsed in processes apart, which are ended when a mail takes them too long."""

import logging
import os
import pickle
import select
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.mail.parse import headers_alone, parse_email

SECONDS = 10.0
"""How long one mail may take; then its headers are told and the whole of it is attached."""

START_SECONDS = 30.0
REST_SECONDS = 60.0
"""How long none is started after one could not be."""

PROCESSES = 2
PIECE = 1024 * 1024
LENGTH_BYTES = 8

_log = logging.getLogger(__name__)


class _Lost(Exception):
    """The process ended."""


class _TooLong(Exception):
    """The process did not answer in time."""


@dataclass
class MailParser:
    """Parses mails as `parse_email` does, within a time and a memory that no mail can exceed.

    It may be called from any thread; a process is started with the first mail and kept. While none
    can be started, mails are parsed here.
    """

    seconds: float = SECONDS
    rest_seconds: float = REST_SECONDS
    command: tuple[str, ...] = (sys.executable, "-m", "helpdesk.mail.parser_child")
    idle: list["subprocess.Popen[bytes]"] = field(default_factory=list, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _places: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(PROCESSES), init=False
    )
    _rests_until: float = field(default=0.0, init=False)

    def __call__(self, raw: bytes) -> InboundEmail:
        """Return the mail; of one that takes too long, its headers, itself attached."""
        with self._places:
            try:
                return self._parsed(raw)
            except _TooLong:
                _log.warning("mail_takes_too_long bytes=%s", len(raw))
            except _Lost:
                _log.warning("mail_ends_its_parser bytes=%s", len(raw))
        return headers_alone(raw)

    def close(self) -> None:
        """End the processes; a call after this starts one anew."""
        with self._lock:
            idle, self.idle = self.idle, []
        for process in idle:
            _end(process)

    def _parsed(self, raw: bytes) -> InboundEmail:
        """Return what a process answers; a second one is asked when the first was gone already."""
        try:
            return self._asked(raw)
        except _Lost:
            return self._asked(raw)

    def _asked(self, raw: bytes) -> InboundEmail:
        process = self._process()
        if process is None:
            return parse_email(raw)
        try:
            answer = _exchange(process, raw, until=time.monotonic() + self.seconds)
        except (_Lost, _TooLong):
            _end(process)
            raise
        with self._lock:
            self.idle.append(process)
        email: InboundEmail = pickle.loads(answer)  # noqa: S301 - our own program wrote it
        return email

    def _process(self) -> "subprocess.Popen[bytes] | None":
        """Return a process that waits for work, None where none can be had."""
        with self._lock:
            while self.idle:
                process = self.idle.pop()
                if process.poll() is None:
                    return process
                _end(process)
        return None if time.monotonic() < self._rests_until else self._started()

    def _started(self) -> "subprocess.Popen[bytes] | None":
        process = None
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                # it finds the code where this process found it
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            _answer_of(process, until=time.monotonic() + START_SECONDS)
        except (OSError, _Lost, _TooLong):
            _log.exception("mail_parser_cannot_start command=%s", self.command)
            self._rests_until = time.monotonic() + self.rest_seconds
            if process is not None:
                _end(process)
            return None
        return process


def _exchange(process: "subprocess.Popen[bytes]", raw: bytes, *, until: float) -> bytes:
    """Return the answer to one message."""
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    target = process.stdin.fileno()
    os.set_blocking(target, False)
    rest = memoryview(len(raw).to_bytes(LENGTH_BYTES, "big") + raw)
    while rest:
        _wait(target, select.POLLOUT, until=until)
        try:
            rest = rest[os.write(target, rest[:PIECE]) :]
        except BlockingIOError:
            continue
        except OSError as trouble:
            raise _Lost from trouble
    return _answer_of(process, until=until)


def _answer_of(process: "subprocess.Popen[bytes]", *, until: float) -> bytes:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    source = process.stdout.fileno()
    length = int.from_bytes(_read(source, LENGTH_BYTES, until=until), "big")
    return _read(source, length, until=until)


def _read(source: int, length: int, *, until: float) -> bytes:
    content = bytearray()
    while len(content) < length:
        _wait(source, select.POLLIN, until=until)
        piece = os.read(source, min(PIECE, length - len(content)))
        if not piece:
            raise _Lost
        content += piece
    return bytes(content)


def _wait(descriptor: int, event: int, *, until: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
        raise _TooLong


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
