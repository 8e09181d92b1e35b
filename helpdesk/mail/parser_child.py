"""The program that parses one mail after another, from its input to its output.

Each message is eight bytes of length, then the bytes; each answer is the same, a pickled
InboundEmail. The first answer is empty: it says that the program is ready.
"""

import gc
import os
import pickle
import resource
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from helpdesk.mail.parse import parse_email

MAX_MEMORY = 1024 * 1024 * 1024
LENGTH_BYTES = 8
# the parent ends a slow child long before; this is for a child whose parent is gone
LAST_RESORT_SECONDS = 60


def main() -> int:
    """Parse until the input ends; return the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ValueError, OSError):  # where the system knows no such limit, time bounds it
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    try:
        _answer(target, b"")
        while (raw := _message(source)) is not None:
            signal.alarm(LAST_RESORT_SECONDS)
            answer = pickle.dumps(parse_email(raw), protocol=pickle.HIGHEST_PROTOCOL)
            signal.alarm(0)
            _answer(target, answer)
            del raw, answer
            gc.collect(0)
    except BrokenPipeError:  # whoever asked is gone: what is left of the answer goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), target.fileno())
    return 0


def _message(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    length = int.from_bytes(head, "big")
    raw = source.read(length)
    return raw if len(raw) == length else None


def _answer(target: BinaryIO, content: bytes) -> None:
    target.write(len(content).to_bytes(LENGTH_BYTES, "big"))
    target.write(content)
    target.flush()


if __name__ == "__main__":
    sys.exit(main())
