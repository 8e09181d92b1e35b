"""Sites are looked after by themselves: warning signals follow the data, routines are opened."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from helpdesk.domain.ids import AgencyId
from helpdesk.usecases.derive_signals import derive_site_signals, sites_to_derive
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.plan_routines import plan_contract_routines
from helpdesk.usecases.tend_contracts import contracts_to_tend
from helpdesk.worker.one_by_one import is_done

LOOK_SECONDS = 3600.0
"""Both go by the local day: an hour late is soon enough."""


@dataclass
class SiteCare:
    """Looks after the sites and contracts of every agency, each in a transaction of its own.

    What has trouble is logged, delays no other, and is tried again at the next look. Several
    workers at once do nothing twice.
    """

    desk: Desk

    async def look(self, is_stopping: Callable[[], bool]) -> int:
        """Do what is due by the clock that all workers share; it is all done then, so return 0.

        Told to stop, it ends after the site or the contract in hand.
        """
        now = await self.desk.store.queue().deadlines.now()
        desk = replace(self.desk, now=lambda: now)
        for agency in await desk.store.agencies():
            await is_done(_derive(desk, agency.id, is_stopping), agency.id)
            await is_done(_plan(desk, agency.id, is_stopping), agency.id)
        return 0


async def _derive(desk: Desk, agency_id: AgencyId, is_stopping: Callable[[], bool]) -> None:
    for site_id in await sites_to_derive(desk, agency_id):
        if not is_stopping():
            await is_done(derive_site_signals(desk, agency_id, site_id), site_id)


async def _plan(desk: Desk, agency_id: AgencyId, is_stopping: Callable[[], bool]) -> None:
    for contract_id in await contracts_to_tend(desk, agency_id):
        if not is_stopping():
            await is_done(plan_contract_routines(desk, agency_id, contract_id), contract_id)


async def look_pause() -> float:
    """Return how long to wait before looking again."""
    return LOOK_SECONDS
