"""The worker has the credits of every agency follow what happened and what was corrected."""

from dataclasses import dataclass, replace

from helpdesk.domain.access import system_viewer
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.settle_agency import settle_agency

LOOK_SECONDS = 6 * 3600.0
"""A breach is seen at once; what it is worth may take until the next look."""


@dataclass
class CreditWatch:
    """Settles the present month and the one before, of every agency."""

    desk: Desk

    async def settle(self) -> int:
        """Settle what is to be settled; it is all done then, so 0 is returned."""
        now = await self.desk.store.queue().deadlines.now()
        desk = replace(self.desk, now=lambda: now)
        for agency in await desk.store.agencies():
            await settle_agency(desk, viewer=system_viewer(agency.id, agency.locale))
        return 0


async def look_pause() -> float:
    """Return how long to wait before looking again."""
    return LOOK_SECONDS
