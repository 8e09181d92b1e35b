"""What comes of itself in the demo's contracts: months end and begin, and somebody is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.demo.cast import Cast
from helpdesk.demo.script import Beat
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import AgencyId, ContractId
from helpdesk.domain.period import midnight, months_later
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.tell_retainer_alerts import tell_retainer_alerts
from helpdesk.usecases.tend_contracts import tend_contract
from helpdesk.usecases.turn_periods import turn_periods

_A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Months:
    """The months of the contracts of a cast, up to an instant."""

    cast: Cast
    now: datetime

    def beats(self) -> Iterator[Beat]:
        """Return what a worker does: at each new month, and once a week for alerts."""
        zone = ZoneInfo(self.cast.agency.zone)
        first_day = min(contract.starts_on for contract in self._contracts())
        for at in _midnights(first_day, zone, self.now):
            yield Beat(at, self._turned)
        at = midnight(first_day, zone) + _A_WEEK
        while at <= self.now:
            yield Beat(at, self._alerted)
            at += _A_WEEK

    async def _turned(self, desk: Desk) -> None:
        for contract in self._contracts():
            await _lived_on(desk, contract.agency_id, contract.id)

    async def _alerted(self, desk: Desk) -> None:
        await tell_retainer_alerts(desk, self.cast.agency.id)

    def _contracts(self) -> list[Contract]:
        return [one.contract for one in self.cast.houses.values() if one.contract is not None]


async def _lived_on(desk: Desk, agency_id: AgencyId, contract_id: ContractId) -> None:
    await tend_contract(desk, agency_id, contract_id)
    await turn_periods(desk, agency_id, contract_id)


def _midnights(first_day: date, zone: ZoneInfo, until: datetime) -> Iterator[datetime]:
    """Return when each month begins after the first one, up to an instant."""
    months = 1
    while (at := midnight(months_later(first_day, months), zone)) <= until:
        yield at
        months += 1
