"""A worker gives signs of life: who it is, how far behind it is, when it stopped."""

import os
import socket
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.usecases.deadline_ports import WorkerSign
from helpdesk.usecases.desk import Desk
from helpdesk.worker.deadlines import FiredSteps

BEAT_SECONDS = 10.0


@dataclass
class Heartbeat:
    """The signs of life of one worker, by the clock that all workers share."""

    desk: Desk
    tally: FiredSteps
    _id: str = field(init=False)
    _started_at: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._id = self.desk.new_id()

    async def beat(self) -> int:
        """Write a sign of life; it is no work, so 0 is returned."""
        await self._write(is_stopped=False)
        return 0

    async def stop(self) -> None:
        """Write that the worker stopped, if it ever started."""
        if self._started_at is not None:
            await self._write(is_stopped=True)

    async def _write(self, *, is_stopped: bool) -> None:
        queue = self.desk.store.queue()
        at = await queue.deadlines.now()
        self._started_at = self._started_at or at
        next_at = await queue.deadlines.next_instant()
        lag = 0 if next_at is None else max(0, int((at - next_at).total_seconds()))
        sign = WorkerSign(
            id=self._id,
            name=f"{socket.gethostname()}:{os.getpid()}",
            started_at=self._started_at,
            beat_at=at,
            lag_seconds=lag,
            fired=self.tally.count,
            stopped_at=at if is_stopped else None,
        )
        await queue.workers.beat(sign)
