"""A worker that a message can kill: `python -m tests.worker.poisoned DATABASE_URL`.

It reads the inbox until nothing waits. A message with the word POISON ends the process at once, as
the system does when memory runs out.
"""

import asyncio
import os
import signal
import sys
from dataclasses import replace

from helpdesk.bootstrap import open_engine
from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.usecases.desk import Desk
from helpdesk.worker.inbox import InboxReader


def with_poison(desk: Desk) -> Desk:
    """Return a desk at which a message with the word POISON kills who reads it."""

    def parse(raw: bytes) -> InboundEmail:
        if b"POISON" in raw:
            os.kill(os.getpid(), signal.SIGKILL)
        return desk.parse_email(raw)

    return replace(desk, parse_email=parse)


async def main(url: str) -> None:
    """Read the inbox until nothing waits."""
    async with open_engine(url) as engine:
        reader = InboxReader(with_poison(engine.desk))
        while await reader.understand_due():
            pass


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
