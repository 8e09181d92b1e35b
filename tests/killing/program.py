"""The program, started anew within milliseconds: its parent has read everything, and forks.

Each line of its input, `part stage nth url port folder`, starts one; the line of output is the
number of its process.
"""

import logging
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import uvloop

from helpdesk.config import Settings
from helpdesk.mail import parser_process
from helpdesk.mail.outbound import FolderCatcher
from helpdesk.service import Part, serve
from helpdesk.storage import sending
from tests.killing.stages import Stage, arm

LEASE = timedelta(seconds=1)
SENT = "sent.log"


def main() -> None:
    """Start what is asked for until there is nothing more to read."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(*line.split())
        print(child, flush=True)


def _live(part: str, stage: str, nth: str, url: str, port: str, caught: str) -> NoReturn:
    try:
        logging.basicConfig(level="ERROR")
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # What a dead worker held is free again soon: nobody waits five minutes for this test.
        vars(sending)["LEASE"] = LEASE
        # A parser of its own would take longer to start than this process may live.
        vars(parser_process)["MailParser"]._process = lambda _: None  # noqa: SLF001 - where none can be had
        _write_down(Path(caught))
        arm(Stage(stage), int(nth))
        settings = Settings(
            database_url=url,
            mail_listen_port=int(port),
            mail_listen_protocol="lmtp",
            caught_mail_folder=caught,
        )
        uvloop.run(serve(settings, frozenset({Part(part)})))
    finally:
        os._exit(1)


def _write_down(caught: Path) -> None:
    """Note each sending in a file, as a relay would see it."""
    send = FolderCatcher.send

    async def noted(catcher: FolderCatcher, mail: Any) -> None:  # Any: what is sent
        await send(catcher, mail)
        with (caught / SENT).open("a") as file:
            file.write(mail.message_id + "\n")

    vars(sys.modules[FolderCatcher.__module__])["FolderCatcher"].send = noted


if __name__ == "__main__":
    main()
