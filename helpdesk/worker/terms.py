"""The worker sees terms take over that were agreed before, and has the clocks follow."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from helpdesk.usecases.desk import Desk
from helpdesk.usecases.follow_terms import contracts_taken_over, follow_terms

LOOK_SECONDS = 5.0


@dataclass
class TermsWatch:
    """Looks for versions that took over since it last looked; at first, for all there ever were."""

    desk: Desk
    _seen_until: datetime | None = field(default=None, init=False)

    async def follow(self) -> int:
        """Have the open tickets of such contracts follow; it is soon done, so 0 is returned."""
        now = await self.desk.store.queue().deadlines.now()
        desk = replace(self.desk, now=lambda: now)
        for taken_over in await contracts_taken_over(desk, after=self._seen_until, until=now):
            await follow_terms(desk, taken_over)
        self._seen_until = now
        return 0


async def look_pause() -> float:
    """Return how long to wait before looking again."""
    return LOOK_SECONDS
