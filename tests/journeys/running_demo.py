"""The real program, started as a person starts it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STARTING_SECONDS = 90


@dataclass(frozen=True)
class RunningDemo:
    """A demo that listens, and how to come in."""

    url: str
    token: str
    mail_port: int
    folder: Path
    welcome: str

    def ask(self, query: str, **variables: object) -> Any:  # whatever the query selects
        """Return the data of a GraphQL request."""
        answer = self.post({"query": query, "variables": variables})
        assert "errors" not in answer, answer
        return answer["data"]

    def post(self, body: dict[str, object], *, token: str | None = None) -> Any:
        """Return the whole answer to a request."""
        request = urllib.request.Request(  # noqa: S310 - the address is ours
            self.url,
            data=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {token or self.token}",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return json.loads(response.read())

    def helpdesk(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on the demo's database."""
        return subprocess.run(
            [sys.executable, "-m", "helpdesk", *words],
            cwd=self.folder,
            env=_environment() | {"HELPDESK_DATABASE_URL": "sqlite:///var/demo/helpdesk.sqlite3"},
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def running_demo(folder: Path) -> Iterator[RunningDemo]:
    """Start the demo in a folder and stop it at the end, as Ctrl-C does."""
    port, mail_port = _free_port(), _free_port()
    log = folder / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "helpdesk", "serve", "--demo"),
                *(f"--port={port}", f"--mail-port={mail_port}"),
            ],
            cwd=folder,
            env=_environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            welcome = _wait_for_welcome(process, log)
            token = re.search(r"^Authorization: Bearer (\S+)$", welcome, re.MULTILINE)
            assert token, welcome
            url = f"http://127.0.0.1:{port}/graphql"
            yield RunningDemo(url, token[1], mail_port, folder, welcome)
        finally:
            process.send_signal(signal.SIGINT)
            exit_code = process.wait(30)
    assert exit_code == 0, log.read_text("utf-8")


def _wait_for_welcome(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        text = log.read_text("utf-8")
        if "Stop with Ctrl-C" in text:
            return text
        assert process.poll() is None, text
        time.sleep(0.1)
    raise TimeoutError(log.read_text("utf-8"))


def _environment() -> dict[str, str]:
    root = Path(__file__).parents[2]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_")}
    return kept | {"PYTHONPATH": str(root)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
