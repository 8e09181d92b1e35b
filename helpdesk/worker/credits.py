"""The worker has the credits of every agency follow what happened and what was corrected."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from helpdesk.domain.access import system_viewer
from helpdesk.domain.agency import Agency
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.settle_agency import contracts_to_settle, settle_contract
from helpdesk.worker.one_by_one import is_done

LOOK_SECONDS = 6 * 3600.0
"""A breach is seen at once; what it is worth may take until the next look."""


@dataclass
class CreditWatch:
    """Settles the present month and the one before, contract by contract."""

    desk: Desk

    async def settle(self, is_stopping: Callable[[], bool]) -> int:
        """Settle what is to be settled; it is all done then, so 0 is returned.

        Told to stop, it ends after the contract in hand.
        """
        now = await self.desk.store.queue().deadlines.now()
        desk = replace(self.desk, now=lambda: now)
        for agency in await desk.store.agencies():
            await is_done(_settle(desk, agency, is_stopping), agency.id)
        return 0


async def _settle(desk: Desk, agency: Agency, is_stopping: Callable[[], bool]) -> None:
    engine = system_viewer(agency.id, agency.locale)
    due = await contracts_to_settle(desk, viewer=engine)
    for one in due.contract_ids:
        if not is_stopping():
            work = settle_contract(desk, due.months, viewer=engine, contract_id=one)
            await is_done(work, one)


async def look_pause() -> float:
    """Return how long to wait before looking again."""
    return LOOK_SECONDS
