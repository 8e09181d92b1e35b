"""Steps of clocks are recorded when they come, then what they set off is done, one by one."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.usecases.carry_out_firing import carry_out_firing, record_firing_trouble
from helpdesk.usecases.deadline_ports import FiringKey
from helpdesk.usecases.desk import Desk

LANES = 3
"""How many batches are recorded at once when many wait: one is decided while others are written."""
ACTS = 50

_log = logging.getLogger(__name__)


@dataclass
class FiredSteps:
    """How many steps a worker recorded since it started."""

    count: int = 0


async def fire_due(desk: Desk, tally: FiredSteps, is_stopping: Callable[[], bool]) -> int:
    """Record every step that came, and return how many clocks were looked at.

    Told to stop, it ends after the batch in hand.
    """
    at = await desk.store.queue().deadlines.now()
    first = await _fire(desk, tally, at)
    if first == 0:
        return 0

    async def lane() -> int:
        looked_at = 0
        while not is_stopping() and (batch := await _fire(desk, tally, at)):
            looked_at += batch
        return looked_at

    async with asyncio.TaskGroup() as lanes:
        tasks = [lanes.create_task(lane()) for _ in range(LANES)]
    return first + sum(task.result() for task in tasks)


async def _fire(desk: Desk, tally: FiredSteps, at: datetime) -> int:
    fired = await desk.store.queue().deadlines.fire(at=at)
    tally.count += fired.steps
    return fired.clocks


async def act_due(desk: Desk) -> int:
    """Do what recorded steps set off, a batch at most, and return how many were done or failed.

    Each is a transaction of its own by the clock that all workers share; one that fails is written
    down and tried again later, and never blocks the next.
    """
    deadlines = desk.store.queue().deadlines
    keys = await deadlines.to_act(at=await deadlines.now(), limit=ACTS)
    done = 0
    for key in keys:
        done += await _act(_desk_at(desk, await deadlines.now()), key)
    return done


async def _act(desk: Desk, key: FiringKey) -> bool:
    try:
        return await carry_out_firing(desk, key)
    except HelpdeskError as refusal:
        error = refusal.message(Locale.EN)
        _log.warning("firing_refused key=%s code=%s", key, refusal.code)
    except Exception as bug:  # one bad firing never blocks the next
        error = f"{type(bug).__name__}: {bug}"
        _log.exception("firing_failed key=%s", key)
    await record_firing_trouble(desk, key, error)
    return True


def _desk_at(desk: Desk, instant: datetime) -> Desk:
    """Return the desk with the shared clock on its wall: a process may think it is later."""
    return replace(desk, now=lambda: instant)
