"""The worker does what calls of monitoring tools asked for that a crash left behind."""

LOOK_SECONDS = 60.0
"""Calls are understood as they come in, so there is rarely anything to find."""


async def look_pause() -> float:
    """Return how long to wait before looking again."""
    return LOOK_SECONDS
