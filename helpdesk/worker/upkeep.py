"""Contracts live on by themselves: terms are renewed, periods end and begin, quotes lapse."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from helpdesk.domain.agency import Agency
from helpdesk.domain.ids import AgencyId, ContractId
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.expire_quotes import expire_quote, lapsed_quotes
from helpdesk.usecases.tell_retainer_alerts import tell_retainer_alerts
from helpdesk.usecases.tend_contracts import contracts_to_tend, tend_contract
from helpdesk.usecases.turn_periods import contracts_to_turn, turn_periods
from helpdesk.worker.one_by_one import is_done

LOOK_SECONDS = 60.0


@dataclass
class ContractUpkeep:
    """Looks after the contracts of every agency, each in a transaction of its own.

    Terms, ends and reminders go by the local day, so contracts are tended when it is another one,
    and when the worker starts. What has trouble is logged, delays no other, and is tried again at
    the next look. Several workers at once do nothing twice.
    """

    desk: Desk
    _tended_on: dict[AgencyId, date] = field(default_factory=dict, init=False)
    _troubled: dict[AgencyId, tuple[ContractId, ...]] = field(default_factory=dict, init=False)

    async def look(self, is_stopping: Callable[[], bool]) -> int:
        """Do what is due by the clock that all workers share; return how many quotes lapsed.

        Told to stop, it ends after the contract in hand.
        """
        now = await self.desk.store.queue().deadlines.now()
        desk, lapsed = replace(self.desk, now=lambda: now), 0
        agencies = await desk.store.agencies()
        for agency in agencies:
            await self._tend(desk, agency, is_stopping)
            lapsed += await _expire_quotes(desk, agency.id, is_stopping)
        for agency_id, contract_id in await contracts_to_turn(desk):
            if not is_stopping():
                await is_done(turn_periods(desk, agency_id, contract_id), contract_id)
        for agency in agencies:
            if not is_stopping():
                await is_done(tell_retainer_alerts(desk, agency.id), agency.id)
        return lapsed

    async def pause(self) -> float:
        """Return how long to wait before looking again: a new period does not wait a minute."""
        queue = self.desk.store.queue()
        now = await queue.deadlines.now()
        turns_at = await queue.next_turn(after=now)
        if turns_at is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, (turns_at - now).total_seconds())

    async def _tend(self, desk: Desk, agency: Agency, is_stopping: Callable[[], bool]) -> None:
        today = desk.now().astimezone(ZoneInfo(agency.zone)).date()
        contracts = self._troubled.pop(agency.id, ())
        if self._tended_on.get(agency.id) != today:
            contracts = await contracts_to_tend(desk, agency.id)
        troubled = tuple(
            [
                contract_id
                for contract_id in contracts
                if is_stopping()
                or not await is_done(tend_contract(desk, agency.id, contract_id), contract_id)
            ]
        )
        self._tended_on[agency.id] = today
        if troubled:
            self._troubled[agency.id] = troubled


async def _expire_quotes(desk: Desk, agency_id: AgencyId, is_stopping: Callable[[], bool]) -> int:
    lapsed = 0
    for quote_id in await lapsed_quotes(desk, agency_id):
        if not is_stopping():
            lapsed += await is_done(expire_quote(desk, agency_id, quote_id), quote_id)
    return lapsed
