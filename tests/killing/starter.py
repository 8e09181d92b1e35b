"""Starts parts of the program that may be killed at any moment."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import Self

from helpdesk.service import Part
from tests.killing.stages import Stage

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Place:
    """Where a program works: its database, the port of its mail door, and what it sends."""

    url: str
    port: int
    caught: Path


class Starter:
    """A process that starts the program within milliseconds, as often as it is asked."""

    def __enter__(self) -> Self:
        """Return once it has read the program."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killing.program"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        self._started: list[int] = []
        if self._answer() != "ready":
            self._process.communicate()
            raise OSError("the program cannot be read")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Kill whatever lives, and end."""
        self.kill_all()
        self._process.communicate()

    def start(
        self, place: Place, part: Part, stage: Stage = Stage.ANY_INSTANT, nth: int = 1
    ) -> int:
        """Return the number of a process that dies when it comes to a stage for the n-th time."""
        assert self._process.stdin is not None
        print(
            part, stage, nth, place.url, place.port, place.caught,
            file=self._process.stdin, flush=True,
        )  # fmt: skip
        self._started.append(int(self._answer()))
        return self._started[-1]

    def kill_all(self) -> None:
        """End whatever was started."""
        for number in self._started:
            kill(number)
        while any(map(lives, self._started)):
            sleep(0.01)
        self._started.clear()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def lives(number: int) -> bool:
    """Return whether the process is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def kill(number: int) -> None:
    """End a process as a power cut does; one that is gone is left in peace."""
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
