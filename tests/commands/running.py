"""Commands that run in this process: the database they work on, and how to stop them."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest

from helpdesk.storage.database import Database, open_database

T = TypeVar("T")
Capture: TypeAlias = pytest.CaptureFixture[str]


def on(path: Path, work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Return what the work returns on a database. Any: as coroutines are typed."""

    async def run() -> T:
        database = await open_database(f"sqlite:///{path}")
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


@contextmanager
def told_to_stop() -> Iterator[None]:
    """Tell this process to stop, again and again until what runs inside has stopped."""
    is_over = threading.Event()

    def insist() -> None:
        while not is_over.wait(0.2):
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, lambda *_: None)
    thread = threading.Thread(target=insist)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        signal.signal(signal.SIGTERM, before)
